"""The year-end forecast in parts: by municipality of a region, or by care form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.history import completion
from analyse.monitor import year_end

YEAR = 12
OTHER = "other"


def by(
    found: completion.Uncertain,
    contracts: Mapping[str, pd.DataFrame],
    column: str,
    *,
    members: Sequence[str],
    samples: int,
    rng: np.random.Generator,
    youths: pd.Series | None = None,
    apart: Collection[str] = (),
) -> pd.DataFrame:
    """The year-end forecast of each part of an area; the parts add up to the whole within every sample.

    Parameters
    ----------
    found, contracts
        As for ``year_end.forecast``.
    column : str
        municipality_code or care_form.
    youths : Series, optional
        Youths with care by part, untreated: those with fewer than ten, and the next in size, become one part.
    apart : collection of str
        Parts that are not shown by themselves for another reason (``category_plans.apart``); they become that part too.
    members, samples, rng
        As for ``year_end.forecast``.

    Returns
    -------
    DataFrame
        ``column``, declared_eur (to date), mean, q0.1 and q0.9 (80 %; NaN with too few months), lump_sum_eur (of the
        mean), budget_eur and probability of spending more (NaN without a budget, and by care form). The part ``OTHER``
        holds the small ones.
    """
    own = found.completed
    year = own.cut_off // YEAR
    inside = own.keys["municipality_code"].isin(list(members)).to_numpy()
    drawn = year_end.year_samples(found, samples, rng, series=inside)
    lump, budgets = (_of_year(contracts[name], year, members) for name in ("lump_sums", "budgets"))
    sums = lump.groupby(column)["amount_eur"].sum()
    given = budgets.groupby(column)["budget_eur"].sum() if column in budgets else pd.Series(dtype=float)
    called = _called({*own.keys.loc[inside, column], *sums.index}, youths, apart)
    names = own.keys[column].map(called).to_numpy()
    sums = sums.groupby(sums.index.map(called)).sum()
    past = (own.months // YEAR == year) & (own.months <= own.cut_off)
    rows = []
    for name in sorted(set(called.values())):
        mine = inside & (names == name)
        lump_sum = float(sums.get(name, 0.0))
        total = drawn[mine[inside]].sum(axis=0) + lump_sum
        budget = float(given.get(name, np.nan))
        rows.append(
            {
                column: name,
                "declared_eur": float(own.declared[mine][:, past].sum()),
                "mean": float(total.mean()),
                "q0.1": float(np.quantile(total, 0.1)),
                "q0.9": float(np.quantile(total, 0.9)),
                "lump_sum_eur": lump_sum,
                "budget_eur": budget,
                "probability": year_end.chance_above(total, budget),
            }
        )
    return pd.DataFrame(rows)


def _called(names: set[str], youths: pd.Series | None, apart: Collection[str]) -> dict[str, str]:
    """The part each name belongs to: itself, or ``OTHER`` where its youths would be too few to show."""
    if youths is None:
        return {name: name for name in names}
    size = {name: float(youths.get(name, 0.0)) for name in names}
    order = sorted(names, key=lambda name: (size[name], name))
    counts = pd.DataFrame({"youths": [size[name] for name in order]})
    closed = np.array([name in apart for name in order])
    hidden = small_cells.hidden_beside_total(counts, order=range(len(order)), also=closed, zero=True)
    return {name: OTHER if merged else name for name, merged in zip(order, hidden, strict=True)}


def _of_year(table: pd.DataFrame, year: int, members: Sequence[str]) -> pd.DataFrame:
    return table[(table["year"] == year) & table["municipality_code"].isin(list(members))]
