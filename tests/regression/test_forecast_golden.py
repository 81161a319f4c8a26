"""The forecast of a few areas, to six digits: a change of method or data shows here as a diff.

``python tests/regression/test_forecast_golden.py`` writes the table anew; say why in the commit.
"""

import re
from pathlib import Path

import pandas as pd
import pytest

from analyse import forecast, shared, store
from analyse.parameters import Run
from analyse.schema import quantile_names

GOLDEN = Path(__file__).with_name("forecast.csv")
AREAS = ["ALL", "JZ18", "JZ24", "JZ29", "GM0503", "GM0518", "GM0599", "GM0638"]
"""All, the three regions, and Delft, 's-Gravenhage, Rotterdam and Zoeterwoude: middling, large, broken, small."""

NUMBERS = {"n": 0, "median_absolute_percentage_error": 0.051, "bias_percent": 0.051,
           "coverage_80": 0.0051, "coverage_95": 0.0051}  # fmt: skip
"""Columns of the tables in the method text, and how far rounding may put them off."""


def table() -> pd.DataFrame:
    """Quantiles of costs, clients and youths for ``AREAS``, with the settings of a plain run."""
    run = Run()
    learned = shared.pool(run)
    paths = forecast.simulate(learned.history, learned.tables, horizon=run.horizon, samples=run.samples,
                              rng=run.rng("forecast"), only=learned.codes)  # fmt: skip
    levels = ("all", "region", "municipality")
    found = pd.concat([forecast.quantiles(forecast.by_area(paths, level)) for level in levels])
    chosen = found.loc[found["area_code"].isin(AREAS) & (found["stage"] == "forecast")]
    values = ["mean", *quantile_names()]
    rounded = chosen[values].map(lambda value: float(f"{value:.6g}"))
    return chosen.assign(**rounded).drop(columns="stage").reset_index(drop=True)


@pytest.fixture(scope="module")
def found():
    return table()


@pytest.mark.parametrize("measure", ["cost_eur", "clients", "youths"])
def test_the_forecast_is_what_it_was(measure, found):
    expected = pd.read_csv(GOLDEN).query("measure == @measure").reset_index(drop=True)
    found = found.query("measure == @measure").reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=2e-5)


def _page_tables() -> list[pd.DataFrame]:
    """The two tables of errors in docs/method.md, in the words of ``backtest.score``."""
    page = (store.root() / "docs" / "method.md").read_text(encoding="utf-8")
    names = ["level", "method", "horizon", *NUMBERS]
    tables = []
    for block in page.split("| level | method | years ahead |")[1:]:
        rows = [line.strip("|").split("|") for line in block.split("\n\n")[0].splitlines()[2:]]
        table = pd.DataFrame([[cell.strip() for cell in row] for row in rows], columns=names)
        tables.append(table.assign(**{name: pd.to_numeric(table[name]) for name in ["horizon", *NUMBERS]}))
    return tables


def test_the_errors_in_the_method_text_are_those_its_own_code_gives():
    page = (store.root() / "docs" / "method.md").read_text(encoding="utf-8")
    done: dict[str, pd.DataFrame] = {}
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(block, done)
    for written, name in zip(_page_tables(), ("scores", "unbroken"), strict=True):
        keys = ["level", "method", "horizon"]
        both = written.merge(done[name], on=keys, suffixes=("", "_now"), validate="1:1")
        assert len(both) == len(written) > 0
        for column, rounding in NUMBERS.items():
            off = (both[column] - both[f"{column}_now"]).abs().dropna()
            assert (off <= rounding).all(), both.loc[off.idxmax()]
    assert _written(page, "| level | years ahead | error |") == _said(done["nearer"])
    rows = [
        [str(row.origin), str(row.period), f"{row.median_absolute_percentage_error:.1f} %",
         f"{row.coverage_80:.2f}", f"{row.coverage_95:.2f}"] for row in done["youths"].itertuples()
    ]  # fmt: skip
    assert _written(page, "| origin | for |") == rows


def _written(page: str, head: str) -> list[list[str]]:
    """The rows of the table that begins so, as they stand in the text."""
    block = page.split(head)[1].split("\n\n")[0]
    return sorted([cell.strip() for cell in row.strip("|").split("|")] for row in block.splitlines()[2:])


def _said(nearer: pd.DataFrame) -> list[list[str]]:
    """What the code says of the table that lays the forecast beside last year's growth."""
    return sorted(
        [row.level, str(row.horizon), row.summary, str(row.n), f"{row.nearer:.2f}", f"{row.difference_points:.1f}",
         f"{row.low:.1f} to {row.high:.1f}"]
        for row in nearer.itertuples()
    )  # fmt: skip


if __name__ == "__main__":
    table().to_csv(GOLDEN, index=False, lineterminator="\n")
