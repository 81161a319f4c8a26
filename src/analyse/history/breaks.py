"""Which declared breaks touch an area, and which growth a trend must leave out because of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from analyse.errors import ParameterError
from analyse.parameters import Break

MEASURES = {
    "cost_eur": "costs",
    "budget_eur": "costs",
    "clients": "usage",
    "costs": "costs",
    "usage": "usage",
}
"""Column of the history -> what ``parameters/breaks.yaml`` calls it."""
EXCLUDED = "excluded from trend"


def touching(
    declared: Iterable[Break], municipality_codes: Collection[str], measure: str, periods: Collection[int]
) -> list[Break]:
    """Return the breaks that touch an area, in order of period.

    Parameters
    ----------
    declared : iterable of Break
        The declared breaks; one without municipalities touches all.
    municipality_codes : collection of str
        The municipalities of the area (one, or the members of a region).
    measure : str
        A column of the history (``cost_eur``, ``budget_eur``, ``clients``), or ``costs`` or ``usage``.
    periods : collection of int
        The years shown.

    Raises
    ------
    ParameterError
        When ``measure`` is not known.
    """
    if measure not in MEASURES:
        raise ParameterError(f"breaks: measure {measure!r} is not known; choose one of {', '.join(MEASURES)}")
    touched = [
        rule
        for rule in declared
        if MEASURES[measure] in rule.applies_to
        and rule.period in periods
        and (not rule.municipalities or set(rule.municipalities) & set(municipality_codes))
    ]
    return sorted(touched, key=lambda rule: rule.period)


def usable_growth(
    declared: Iterable[Break],
    municipality_codes: Collection[str],
    measure: str,
    periods: Sequence[int],
) -> pd.Series:
    """Return, by period, whether the growth into that year says something about the trend.

    Parameters
    ----------
    declared, municipality_codes, measure
        As for ``touching``.
    periods : sequence of int
        The years of the series, in order.

    Returns
    -------
    Series of bool
        Index period. False where a break with effect ``excluded from trend`` lies in that year.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rules = SimpleNamespace(period=2023, applies_to=["costs"], municipalities=[], effect=EXCLUDED)
    >>> usable_growth([rules], ["GM0503"], "cost_eur", [2022, 2023, 2024]).tolist()
    [True, False, True]
    """
    touched = touching(declared, municipality_codes, measure, periods)
    excluded = {rule.period for rule in touched if rule.effect == EXCLUDED}
    index = pd.Index([int(period) for period in periods], name="period")
    return pd.Series([period not in excluded for period in index], index=index, name="usable")
