"""How near any completion of a municipality could come that knows all that municipalities have in common.

It is told what will still be declared of all municipalities of a world together, by care form (and by provider), and
only divides that by what each municipality declared in the last year. What it misses then is chance of few lines.

``python benchmarks/completion/floor.py CACHE`` prints it for the worlds that ``tasks.py`` made, as the median absolute
error of the last twelve months in per cent, at the cut-offs of ``run.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from run import CUT_OFFS

AMOUNT, MUNICIPALITY = "amount_cents", "municipality_code"
COMMON = {"by form": ["care_form"], "by form and provider": ["care_form", "provider"]}
"""Of what the sum that is still to come is known."""


def told(cells: pd.DataFrame, keys: list[str], cut_off: int) -> pd.Series:
    """Error in per cent of the last twelve months of each municipality at a cut-off (months since year 0).

    Parameters
    ----------
    cells : DataFrame
        municipality_code, ``keys``, amount_cents, and ``care`` and ``known``: months since year 0.
    keys : list of str
    cut_off : int
    """
    year = cells[(cells["care"] > cut_off - 12) & (cells["care"] <= cut_off)]
    known = year["known"] <= cut_off
    declared = year[known].groupby(MUNICIPALITY)[AMOUNT].sum()
    parts = year[known].groupby([*keys, MUNICIPALITY])[AMOUNT].sum().unstack(fill_value=0)
    coming = year[~known].groupby(keys)[AMOUNT].sum()
    shares = parts.div(parts.sum(axis=1), axis=0).reindex(coming.index).fillna(1 / parts.shape[1])
    actual = year.groupby(MUNICIPALITY)[AMOUNT].sum()
    return ((declared + shares.mul(coming, axis=0).sum()) / actual - 1).abs() * 100


if __name__ == "__main__":
    for path in sorted(Path(sys.argv[1]).glob("*-cells.csv.gz")):
        table = pd.read_csv(path, parse_dates=["product_month"], dtype={"provider": str})
        care = table["product_month"].dt.year * 12 + table["product_month"].dt.month - 1
        table = table.assign(care=care, known=care + table["development_month"])
        cuts = [cut.year * 12 + cut.month - 1 for cut in CUT_OFFS]
        for name, keys in COMMON.items():
            error = pd.concat([told(table, keys, cut) for cut in cuts]).median()
            print(f"{path.name.replace('-cells.csv.gz', '')}, {name}: {error:.2f}", flush=True)
