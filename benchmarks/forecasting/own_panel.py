"""The project's own panel: accounts of 35 municipalities, one to three years ahead, with what was known then.

    python own_panel.py

Printed: median absolute percentage error one year ahead per target year and its mean, beside the rivals
and the municipal budget; and the share of accounts inside the intervals.
"""

from __future__ import annotations

from analyse.forecast import backtest
from analyse.history import panel
from analyse.parameters import Run
from analyse.sources import snapshot


def main() -> None:
    tables = snapshot.load()
    tested = backtest.run(panel.build(tables), tables, rng=Run().rng("backtest"))
    local = tested.query("level == 'municipality' and horizon == 1")
    error = backtest.score(local, ["method", "period"]).pivot(
        index="method", columns="period", values="median_absolute_percentage_error"
    )
    print(error.assign(mean=error.mean(axis=1)).round(2).to_string())
    print(backtest.score(tested.query("method == 'forecast'")).round(2).to_string(index=False))


if __name__ == "__main__":
    main()
