"""The `chainladder` package on the same triangles and the same cut-offs; runs in the environment of the rivals.

``python benchmarks/completion/rivals.py CACHE`` writes ``<world>-rivals.csv``. Triangles are by municipality, by
municipality and care form (added up), and of the region as a whole. A month that a method leaves NaN counts as what was
declared of it. The package has no notion of months to come, so there is no year end.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import chainladder as cl
import numpy as np
import pandas as pd

CUT_OFFS = pd.period_range("2023-01", "2024-08", freq="M")
REGION = "region"
Z80 = 1.2816
"""Half the width of an 80 % interval in standard errors, as Mack's is meant: normal."""
DECAY = 0.75


def triangle(cells: pd.DataFrame, index: list[str]) -> cl.Triangle:
    """All that was ever declared, to be cut later."""
    declared = cells["product_month"].dt.to_period("M") + cells["development_month"]
    table = cells.assign(declared=declared.dt.to_timestamp(), eur=cells["amount_cents"] / 100)
    made = cl.Triangle(
        table, origin="product_month", development="declared", columns=["eur"], index=index, cumulative=False
    )
    return made.incr_to_cum()


def ultimates(known: cl.Triangle) -> dict[str, np.ndarray]:
    """Completed amounts by method, (series, month); NaN where a method gives none."""
    developed = cl.Development(average="volume").fit_transform(known)
    ladder = cl.Chainladder().fit(developed)
    plain = _values(ladder.ultimate_)
    unit = known.latest_diagonal * 0 + 1
    year_before = np.nan_to_num(plain[:, -24:-12]).mean(axis=1)
    exposure = unit.copy()
    exposure.values = np.broadcast_to(year_before[:, None, None, None], exposure.shape).copy()
    return {
        "chain ladder": plain,
        "Bornhuetter-Ferguson": _values(
            cl.BornhuetterFerguson().fit(developed, sample_weight=exposure).ultimate_
        ),
        "Cape Cod": _values(cl.CapeCod().fit(developed, sample_weight=unit).ultimate_),
        "Cape Cod, decay 0.75": _values(cl.CapeCod(decay=DECAY).fit(developed, sample_weight=unit).ultimate_),
    }


def _values(found: cl.Triangle) -> np.ndarray:
    values = found.set_backend("numpy").values  # noqa: PD011 - a triangle of the package, not a table
    return np.asarray(values)[:, 0, :, 0]


def rows(known: cl.Triangle, codes: pd.Series, level: str) -> pd.DataFrame:
    """Last twelve months and the newest one, by municipality and method."""
    latest = np.nan_to_num(_values(known.latest_diagonal))
    found = {"declared": latest} if level != "municipality x form" else {}
    if (
        level == "municipality"
    ):  # one by one: given several with a weight, the package may return them in another order
        each = [ultimates(known.iloc[place]) for place in range(len(codes))]
        found |= {method: np.concatenate([one[method] for one in each]) for method in each[0]}
    else:
        found["chain ladder"] = _values(cl.Chainladder().fit(cl.Development().fit_transform(known)).ultimate_)
    parts = []
    for method, values in found.items():
        values = np.where(np.isfinite(values) & (np.abs(values) < 1e12), values, latest)
        for what, months in (("12 months", slice(-12, None)), ("newest month", slice(-1, None))):
            summed = pd.Series(values[:, months].sum(axis=1)).groupby(codes.to_numpy()).sum()
            parts.append(
                pd.DataFrame(
                    {
                        "municipality_code": summed.index,
                        "what": what,
                        "level": level,
                        "method": method,
                        "cost_eur": summed.to_numpy(),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def mack(known: cl.Triangle, codes: pd.Series) -> pd.DataFrame:
    """Mack's interval of the twelve months (that of all months together: older ones are in) and of the newest."""
    fitted = cl.MackChainladder().fit(cl.Development(average="volume").fit_transform(known))
    ultimate = np.nan_to_num(_values(fitted.ultimate_))
    total = fitted.total_mack_std_err_.to_numpy().ravel()
    newest = np.asarray(fitted.mack_std_err_.values)[:, 0, -1, -1]
    parts = []
    for what, months, error in (
        ("12 months", slice(-12, None), total),
        ("newest month", slice(-1, None), newest),
    ):
        cost = ultimate[:, months].sum(axis=1)
        parts.append(
            pd.DataFrame(
                {
                    "municipality_code": codes.to_numpy(),
                    "what": what,
                    "level": "municipality",
                    "method": "Mack",
                    "cost_eur": cost,
                    "low": cost - Z80 * error,
                    "high": cost + Z80 * error,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def world(cells: pd.DataFrame) -> pd.DataFrame:
    """All cut-offs of one world."""
    whole = cells.assign(municipality_code=REGION)
    both = pd.concat([cells, whole])
    levels = {
        "municipality": triangle(both, ["municipality_code"]),
        "municipality x form": triangle(cells, ["municipality_code", "care_form"]),
    }
    parts = []
    for cut in CUT_OFFS:
        for level, made in levels.items():
            known = made[made.valuation <= cut.end_time]
            known = known[known.origin <= cut]
            codes = known.index["municipality_code"]
            parts.append(rows(known, codes, level).assign(cut_off=str(cut)))
            if level == "municipality":
                parts.append(mack(known, codes).assign(cut_off=str(cut)))
    return pd.concat(parts, ignore_index=True)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    cache = Path(sys.argv[1])
    for path in sorted(cache.glob("*-cells.csv.gz")):
        target = path.with_name(path.name.replace("-cells.csv.gz", "-rivals.csv"))
        if not target.exists():
            world(pd.read_csv(path, parse_dates=["product_month"])).to_csv(target, index=False)
            print(f"{target.stem}: done", flush=True)
