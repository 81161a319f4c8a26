"""Where a figure is not comparable: which declared flags touch an area, a measure and the years shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Annotated, Literal

import pandas as pd
from pydantic import AfterValidator, Field

from analyse.compare.table import MEASURES
from analyse.parameters import BothLanguages, Strict, near

EVERY = "all"
"""In a flag's measures: every measure."""

GROWTH = "cost_growth_fraction"
"""The measure that looks at the year before as well."""

ALIKE = dict.fromkeys(("clients_direct_per_100", "clients_indirect_per_100"), "clients_per_100_youths")
"""Measures that have the flags of another."""


Municipality = Annotated[str, Field(pattern=r"^GM\d{4}$")]


def measure(name: str) -> str:
    """A measure that can be compared, or ``EVERY``.

    Raises
    ------
    ValueError
        When it is neither; the error names the nearest one.
    """
    if name not in (*MEASURES, EVERY):
        raise ValueError(f"no measure; {near(name, MEASURES)}")
    return name


class Flag(Strict):
    """A reason why a figure is not, or only with care, comparable; see ``parameters/comparability.yaml``."""

    id: str
    kind: Literal["not comparable", "with care"]
    measures: Annotated[list[Annotated[str, AfterValidator(measure)]], Field(min_length=1)]
    municipalities: list[Municipality]
    first: int
    last: int | None
    between_years: bool
    title: BothLanguages
    reason: BothLanguages
    source: str


def touching(
    declared: Iterable[Flag], municipality_codes: Collection[str], measure: str, periods: Collection[int]
) -> list[Flag]:
    """Return the flags that touch a figure, in their own order.

    Parameters
    ----------
    declared, municipality_codes
        As for ``history.breaks.touching``; a region is flagged for each of its members.
    measure : str
        One of ``table.MEASURES``.
    periods : collection of int
        The years shown side by side. A flag between years plays only when they lie on both sides of its
        first year; growth looks at the year before as well.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rules = SimpleNamespace(measures=["cost_per_youth_eur"], municipalities=[], first=2023, last=None,
    ...                         between_years=True)
    >>> [len(touching([rules], ["GM0503"], "cost_per_youth_eur", years)) for years in ([2023, 2024], [2022, 2023])]
    [0, 1]

    New booking rules in 2023 matter when 2023 is beside 2022, not when it is beside 2024.
    """
    measure = ALIKE.get(measure, measure)
    years = set(periods) | ({year - 1 for year in periods} if measure == GROWTH else set())
    return [
        flag
        for flag in declared
        if (measure in flag.measures or EVERY in flag.measures)
        and (not flag.municipalities or set(flag.municipalities) & set(municipality_codes))
        and _plays(flag, years)
    ]


def flagged(fair: pd.DataFrame, declared: Iterable[Flag], members: dict[str, list[str]]) -> pd.DataFrame:
    """Put the flags of each single figure beside it.

    Parameters
    ----------
    fair : DataFrame
        From ``side_by_side``.
    declared : iterable of Flag
        See ``choices.flags``.
    members : dict
        The municipality codes of each area, see ``members``.

    Returns
    -------
    DataFrame
        The same rows with a column flags: tuple of the ids of the flags, empty if there is none.
    """
    declared = list(declared)
    found = [
        tuple(flag.id for flag in touching(declared, members[row.area_code], row.measure, [row.period]))
        for row in fair[["area_code", "measure", "period"]].itertuples(index=False)
    ]
    return fair.assign(flags=pd.Series(found, index=fair.index, dtype="object"))


def _plays(flag: Flag, years: Collection[int]) -> bool:
    if flag.between_years:
        return min(years) < flag.first <= max(years)
    return any(flag.first <= year and (flag.last is None or year <= flag.last) for year in years)
