"""The command that compares the completion with the chain ladder at past cut-offs."""

from __future__ import annotations

import importlib.util

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analyse import cli
from analyse.cli import declaration_compare


def test_a_store_of_too_few_months_is_refused_with_what_it_takes(stored):
    found = CliRunner().invoke(cli.app, ["declarations", "compare", str(stored.store), "--back", "2"])

    assert "31 months" in str(found.exception)


@pytest.mark.skipif(
    importlib.util.find_spec("chainladder") is None, reason="the package is no dependency of the suite"
)
def test_the_package_completes_a_steady_provider():
    months = pd.date_range("2022-01-01", periods=24, freq="MS")
    cells = pd.DataFrame(
        [
            (month, lag, 50_000_00)
            for number, month in enumerate(months)
            for lag in (0, 1)
            if number + lag < 24
        ],
        columns=["product_month", "development_month", "amount_cents"],
    )

    cost, error = declaration_compare.by_package(cells, "2023-12")

    assert cost == pytest.approx(1_200_000) and (error == pytest.approx(0, abs=1) or np.isnan(error))
