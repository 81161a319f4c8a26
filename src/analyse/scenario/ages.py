"""What part of youths, of those with care and of the costs has certain ages: for levers that say which ages grow.

Use and costs by single year of age follow the profile of the Netherlands, in each band of ages as high as the use of
the municipality itself there (``need.single_years``). The parts are those of the last accounts and stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from analyse import compare
from analyse.history import boundaries
from analyse.need import single_years
from analyse.scenario.definitions import Lever

ADULT = 18
"""Youths are counted up to this age, youths with care and costs also beyond."""
MEASURES = ("youths", "use", "cost_eur")


def parts(
    levers: Iterable[Lever], ages: pd.DataFrame, tables: Mapping[str, pd.DataFrame], *, base_year: int
) -> dict[str, tuple[float, ...]]:
    """The parts of one area; those of a region are of its municipalities together.

    Parameters
    ----------
    levers : iterable of Lever
        Only those with ``ages`` get parts.
    ages : DataFrame
        ``shared.read("ages", ...)`` of the municipalities: inhabitants by age, and the profile of the Netherlands.
    tables : mapping of DataFrame
        For the use by band of ages.
    base_year : int
        Year of the last accounts.

    Returns
    -------
    dict
        Id of the lever -> part of the youths (0-17), of the youths with care and of the costs (0-22), 0 to 1.
    """
    codes = [str(code) for code in ages["municipality_code"].unique()]
    inside = {"usage": _usage(tables, codes), "boundary_changes": tables["boundary_changes"]}
    whole = pd.concat(
        [
            _by_age(rows, compare.mix(inside, [str(code)], breakdown="age"), base_year)
            for code, rows in ages.groupby("municipality_code")
        ]
    )
    together = whole.groupby(level="age").sum()
    found = {}
    for lever in levers:
        if lever.ages is not None:
            share = together.loc[lever.ages[0] : lever.ages[1]].sum() / together.sum()
            found[lever.id] = tuple(float(share[name]) for name in MEASURES)
    return found


def _usage(tables: Mapping[str, pd.DataFrame], codes: Sequence[str]) -> pd.DataFrame:
    """The use by age of some municipalities, with that of all ages."""
    usage = tables["usage"]
    usage = usage[usage["breakdown"].isin(["age", "total"])]
    return usage[boundaries.current_codes(usage["municipality_code"], tables).isin(codes)]


def _by_age(counts: pd.DataFrame, bands: pd.DataFrame, year: int) -> pd.DataFrame:
    """Youths, youths with care and costs of one municipality by age."""
    own = single_years.own_profile(counts, bands).set_index("age")
    people = counts[counts["period"] == year].set_index("age")["count"].reindex(own.index)
    rates = own.assign(youths=(own.index < ADULT).astype(float))[list(MEASURES)]
    return rates.mul(people, axis=0)
