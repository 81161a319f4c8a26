"""Everything that is measured about forecasting, and one table of it: measure, target, measured.

    python run.py CACHE

Needs what ``tasks.py`` and ``rivals.py`` left in the cache; ``make bench-forecast`` does all three. Times of
rivals are of the run that filled the cache: remove it to measure them again.
"""

from __future__ import annotations

import sys
from pathlib import Path

import compare
import own_panel
import pandas as pd
import simulated
import speed

COLUMNS = ["measure", "target", "measured"]


def public(kinds: dict[str, pd.DataFrame]) -> list[tuple]:
    """Measures on M1, M3 and Tourism."""
    yearly, half, month = (compare.ratios(kinds[kind]) for kind in ("yearly", "half", "month"))
    ours = kinds["yearly"].query("method == 'engine'").set_index("task")
    cut, full = ours.loc["m3_yearly_10"], ours.loc["m3_yearly_full"]
    tens = compare.ratios(kinds["yearly"][kinds["yearly"]["task"].str.endswith("_10")])
    return [
        ("yearly MASE / AutoETS", 0.93, yearly.loc["AutoETS", "MASE"]),
        ("yearly MASE / DynamicOptimizedTheta", 0.98, yearly.loc["DynamicOptimizedTheta", "MASE"]),
        ("yearly MASE / simple-Holt-damped", 0.93, yearly.loc["SimpleHoltDamped", "MASE"]),
        ("yearly sMAPE / AutoETS", 0.95, yearly.loc["AutoETS", "sMAPE"]),
        ("M3 yearly, last 10 points: MASE", 2.69, cut["MASE"]),
        ("M3 yearly, last 10 points: sMAPE", 16.3, cut["sMAPE"]),
        ("M3 yearly, full length: MASE", 2.57, full["MASE"]),
        ("M3 yearly, full length: sMAPE", 15.65, full["sMAPE"]),
        ("yearly MSIS 95 % / AutoETS", 0.72, yearly.loc["AutoETS", "MSIS 95"]),
        ("yearly scaled quantile loss / AutoETS", 0.85, yearly.loc["AutoETS", "quantile loss"]),
        ("mean absolute coverage error, 80 %", 0.03, compare.coverage_error(kinds["yearly"], 80)),
        ("mean absolute coverage error, 95 %", 0.02, compare.coverage_error(kinds["yearly"], 95)),
        ("half-years: MASE / AutoETS", 0.92, half.loc["AutoETS", "MASE"]),
        ("months: MASE / AutoETS", 1.0, month.loc["AutoETS", "MASE"]),
        ("months: MSIS 95 % / AutoETS", 1.0, month.loc["AutoETS", "MSIS 95"]),
        ("time / AutoETS, series of 10 points", 1 / 15, tens.loc["AutoETS", "s"]),
    ]


def own() -> list[tuple]:
    """Measures on the municipal accounts."""
    mean = own_panel.main()["mean"]
    return [
        ("own panel, one year ahead: median error in %", 6.0, mean["forecast"]),
        ("own panel: error / that of the municipal budget", 0.5, mean["forecast"] / mean["budget"]),
        ("hierarchy: incoherence, relative", 1e-9, own_panel.incoherence()),
    ]


def fast() -> list[tuple]:
    """Time in seconds of the processor, and memory."""
    found = speed.main([1000, 10_000])
    return [
        ("1,000 series: forecast, s", 0.2, found[1000][0]),
        ("1,000 series: with 5 past origins, s", 0.5, found[1000][1]),
        ("10,000 series: forecast, s", 2.0, found[10_000][0]),
        ("10,000 series: with 5 past origins, s", 6.0, found[10_000][1]),
        ("10,000 series: peak memory, GB", 1.0, found[10_000][2]),
    ]


def main(folder: Path) -> None:
    """Measure all, and print the table last; every measure is to be at most its target."""
    quick = fast()  # first: a new process counts the memory of the one that starts it
    rows = public(compare.main(folder, []))
    print()
    rows += own()
    print("\ncoverage on simulated panels, whose shared shocks are known")
    simulated.main()
    table = pd.DataFrame(rows + quick, columns=COLUMNS)
    table["reached"] = (table["measured"] <= table["target"]).map({True: "yes", False: "no"})
    print("\n" + table.to_string(index=False, float_format=lambda value: f"{value:.3g}"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
