"""Assumptions on the command line: they reach the forecast, and a wrong one is said."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from analyse.cli import app
from analyse.cli.export import assumptions
from analyse.errors import ParameterError

RUNNER = CliRunner()


def _mean(*options: str) -> float:
    asked = ["forecast", "--by", "region", "--samples", "100", "--horizon", "2", "--json", *options]
    answer = RUNNER.invoke(app, asked, catch_exceptions=False)
    return json.loads(answer.stdout)[-1]["mean_eur"]


def test_an_assumption_on_the_command_line_reaches_the_forecast(tmp_path):
    (tmp_path / "run.yaml").write_text("assumptions: {price_growth_percent: 10}\n")

    high = _mean("--assume", "price_growth_percent=10")

    assert high > _mean("--assume", "price_growth_percent=0")
    assert high == _mean("--parameters", str(tmp_path / "run.yaml"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["price_growth_percent"], "has no value; write such as price_growth_percent=3"),
        (["breaks=2022", "breaks=2023"], "breaks is there twice"),
        (["breaks=[2022"], "is no value"),
    ],
)
def test_what_is_no_assumption_is_said(given, said):
    with pytest.raises(ParameterError, match=said):
        assumptions(given)


def test_a_table_of_ones_own_has_no_assumptions(tmp_path):
    asked = ["forecast", "--input", str(tmp_path / "a.csv"), "--assume", "breaks=2022", "--json"]

    with pytest.raises(ParameterError, match="--assume goes with --by"):
        RUNNER.invoke(app, asked, catch_exceptions=False)
