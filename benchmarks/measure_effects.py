"""Measures planted in the real panel, and what ``scenario.measure_effect`` finds of them.

``python benchmarks/measure_effects.py``: each of 200 pairs of a municipality and a first year gets a measure of 0, -5
and -10 % from that year on. Printed for each size: the mean error in percentage points, how many 80 % intervals hold
the truth, and how often the 95 % interval excludes 0: for 0 % that is a false alarm. ``--number 20`` takes fewer. No
constant of the method was chosen on these figures, so municipalities of both halves take part.

Placebos are those of the whole panel without a plant, worked out once for each first year: one municipality among 327
changes the mix of another by far less than chance does (``tests/unit/scenario/test_measure_effect.py`` holds that).
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from analyse import parameters
from analyse.history import panel as histories
from analyse.scenario import measure_effect
from analyse.sources import snapshot

SIZES = (0.0, -0.05, -0.10)
STARTS = (2021, 2022, 2023)
NUMBER = 200
SEED = 22


def planted(history: pd.DataFrame, *, number: int = NUMBER, starts: tuple[int, ...] = STARTS) -> pd.DataFrame:
    """What is found of each planted measure: area_code, start, truth, effect and the ends of its intervals.

    Parameters
    ----------
    history : DataFrame
        Of the whole country, see ``history.panel.HISTORY``.
    number : int
        Pairs of a municipality and a first year.
    starts : tuple of int
        First years to choose from.
    """
    rows = []
    pairs = _pairs(history, starts, number)
    for start in starts:
        whole = measure_effect.panel(
            history, "cost_per_youth", treated=[pairs[0][0]], area_code=pairs[0][0], start=start
        )
        placebos = measure_effect.placebo_effects(whole.logs, start)
        for code in [code for code, when in pairs if when == start]:
            for size in SIZES:
                logs = whole.logs.copy()
                logs.loc[code, [year for year in logs if year >= start]] += np.log1p(size)
                changed = measure_effect.Panel(logs, whole.youths)
                found = measure_effect.with_placebos(changed, code, start, "cost_per_youth", placebos)
                rows.append(
                    {
                        "area_code": code,
                        "start": start,
                        "truth": size,
                        "effect": found.effect,
                        **found.quantiles,
                    }
                )
    return pd.DataFrame(rows)


def scores(found: pd.DataFrame) -> pd.DataFrame:
    """By size: error in percentage points, cover of the 80 % interval, and how often an effect is shown.

    Parameters
    ----------
    found : DataFrame
        From ``planted``.
    """
    error = 100 * (found["effect"] - found["truth"])
    held = found["truth"].between(found["q0.1"], found["q0.9"])
    shown = ~((found["q0.025"] <= 0) & (found["q0.975"] >= 0))
    table = found.assign(
        error=error, middle=error, held=held, shown=shown, width=100 * (found["q0.9"] - found["q0.1"])
    )
    how = {"error": "mean", "middle": "median", "held": "mean", "shown": "mean", "width": "median"}
    return table.groupby("truth", sort=False).agg(
        number=("error", "size"), **{k: (k, v) for k, v in how.items()}
    )


def _pairs(history: pd.DataFrame, starts: tuple[int, ...], number: int) -> list[tuple[str, int]]:
    """Pairs of a municipality with all years, and a first year, drawn without putting back."""
    some = measure_effect.panel(
        history, "cost_per_youth", treated=["GM0603"], area_code="GM0603", start=starts[0]
    )
    every = [(code, start) for code in some.logs.index for start in starts]
    chosen = np.random.default_rng(SEED).permutation(len(every))[:number]
    return [every[place] for place in sorted(chosen)]


def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=NUMBER, help="pairs of a municipality and a first year")
    number = parser.parse_args().number
    history = histories.build(snapshot.load(regions=parameters.COUNTRY))
    print(scores(planted(history, number=number)).round(3).to_string())


if __name__ == "__main__":
    main()
