"""The command that compares the completion with the chain ladder at past cut-offs."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analyse import cli
from analyse.cli import declaration_compare
from analyse.sources import declarations

MAPPING = """
title: Steady providers
separator: ","
decimal: "."
thousands: ""
date_format: "%Y-%m-%d"
columns: {bsn: bsn, municipality: municipality, provider: provider, reference: reference, period_start: start,
  period_end: end, volume: volume, unit: unit, tariff: tariff, amount: amount, declared_on: declared_on,
  product_code: product_code}
"""
MONTHS = 48


@pytest.fixture
def steady(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four years of six providers in Delft that declare each month after one or two months, a bit more each year."""
    rows = [
        {
            "bsn": "999900006",
            "municipality": "GM0503",
            "provider": f"9990000{provider}",
            "reference": f"R{provider}-{month}",
            "start": month.start_time.date(),
            "end": month.end_time.date(),
            "volume": 10 + number % 5,
            "unit": "04",
            "tariff": "100.00",
            "amount": f"{100 * (10 + number % 5):.2f}",
            "declared_on": (month + 1 + (number + provider) % 2).start_time.date() + pd.Timedelta(days=14),
            "product_code": "45A03",
        }
        for provider in range(1, 7)
        for number, month in enumerate(pd.period_range("2021-01", periods=MONTHS, freq="M"))
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "lines.csv", index=False)
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    monkeypatch.setenv("ANALYSE_DECLARATIONS_KEY", str(tmp_path / "secret" / "key"))
    declarations.read([tmp_path / "lines.csv"], tmp_path / "store", mapping=tmp_path / "mapping.yaml")
    return tmp_path / "store"


def test_on_a_store_each_way_stands_in_a_row_with_its_error_and_what_its_interval_held(steady, tmp_path):
    output = tmp_path / "compared.csv"

    found = CliRunner().invoke(
        cli.app, ["declarations", "compare", str(steady), "--back", "3", "--output", str(output)]
    )

    assert found.exception is None, found.output
    assert "this method" in found.output and "chain ladder, Mack" in found.output
    table = pd.read_csv(output)
    own = table[table["method"].eq("this method")]
    assert len(own) == 3 and own["actual_eur"].between(6 * 12 * 1000, 6 * 12 * 1400).all()
    assert (own["cost_eur"] / own["actual_eur"] - 1).abs().max() < 0.05
    installed = importlib.util.find_spec("chainladder") is not None
    assert ("chainladder package" in table["method"].to_list()) == installed
    assert ("is not installed" in found.output) != installed


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
