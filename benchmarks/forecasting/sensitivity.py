"""How much the backtest moves with the constants of the forecast: what docs/method.md says of it.

    python sensitivity.py

Printed: median absolute percentage error of municipalities one year ahead, 2020-2024 together, for some values of
each constant; the others stay as they are.
"""

from __future__ import annotations

import pandas as pd

from analyse.forecast import backtest, growth
from analyse.history import panel
from analyse.parameters import Run
from analyse.sources import snapshot

TRIED = {
    "LEVEL_WEIGHT": (0.6, 0.7, 0.8, 0.9, 1.0),
    "DAMPING": (0.7, 0.8, 0.85, 0.9, 1.0),
    "BUDGET_WEIGHT": (0.0, 0.2, 0.3, 0.4),
}
"""Constant of ``forecast.growth`` -> values."""


def error(history: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> float:
    """The error with the constants as they are now, in per cent."""
    found = backtest.run(history, tables, rng=Run().rng("backtest"), rivals=[])
    ahead = found.query("level == 'municipality' and horizon == 1 and method == 'forecast'")
    return float(backtest.score(ahead, ["level"])["median_absolute_percentage_error"].iloc[0])


def main() -> pd.DataFrame:
    """Print the errors and return them: constant, value, error_percent."""
    tables = snapshot.load()
    history, rows = panel.build(tables), []
    for name, values in TRIED.items():
        usual = getattr(growth, name)
        for value in values:
            setattr(growth, name, value)
            rows.append((name, value, error(history, tables)))
        setattr(growth, name, usual)
    table = pd.DataFrame(rows, columns=["constant", "value", "error_percent"])
    print(table.round(2).to_string(index=False))
    return table


if __name__ == "__main__":
    main()
