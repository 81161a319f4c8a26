"""Missing accounts: what a page says of a year that is known for some municipalities and forecast for others."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analyse import compare
from analyse.present.text import sentences
from analyse.present.text.language import N_, translator

MOST_NAMED = 5
"""Of more municipalities than this only the number is given."""
NONE = N_(
    "No accounts of {area} are known: they were not delivered. So the forecast starts from its own budget, read as "
    "those of other municipalities; without a budget, from what municipalities with similar need spend. The margin is "
    "wider. What youth care cost here so far cannot be said."
)


def by_municipality(own: pd.DataFrame, reference: pd.DataFrame, *, area: str, language: str = "nl") -> str:
    """Say that a municipality has no accounts, or lacks those of a year that others have; empty where it has them.

    Parameters
    ----------
    own, reference : DataFrame
        ``panel.by_area`` of the municipality, and of the region it is compared with: period, cost_eur, status.
    area : str
        Name of the municipality.

    Examples
    --------
    >>> own = pd.DataFrame({"period": [2023, 2024], "cost_eur": [3.0, None], "status": ["final", "missing"]})
    >>> reference = own.assign(cost_eur=[30.0, 29.0], status=["final", "incomplete"])
    >>> by_municipality(own, reference, area="Delft", language="en")
    'The accounts of Delft of 2024 were not delivered, those of others were. The amount of 2024 is a forecast here.'
    """
    words = translator(language)
    accounted = own.loc[own["status"].isin(compare.WHOLE), "period"]
    if accounted.empty:
        return words.gettext(NONE, area=area)
    there = reference.loc[reference["cost_eur"].notna() & reference["period"].gt(accounted.max()), "period"]
    if there.empty:
        return ""
    return words.gettext(
        "The accounts of {area} of {years} were not delivered, those of others were. The amount of {years} is a "
        "forecast here.",
        area=area,
        years=sentences.listing([str(year) for year in sorted(there)], language),
    )


def by_year(local: pd.DataFrame, years: Collection[int], *, language: str = "nl") -> str:
    """Say of each year how many accounts are in a sum of several municipalities; empty where all or none are.

    Parameters
    ----------
    local : DataFrame
        ``panel.by_area`` of each municipality of the area: area, period, status.
    years : collection of int
        Years that are forecast for one municipality at least.

    Examples
    --------
    >>> local = pd.DataFrame({"area": list("abc"), "period": 2025, "status": ["final", "missing", "final"]})
    >>> by_year(local, [2025], language="en")
    'In the amount of 2025 are the accounts of 2 of 3 municipalities. Forecast: b.'
    """
    words, said = translator(language), []
    for year in sorted(years):
        rows = local[local["period"].eq(year)].sort_values("area")
        counted = rows["status"].isin(compare.WHOLE)
        if not counted.any() or counted.all():
            continue
        told = words.gettext(
            "In the amount of {year} are the accounts of {n} of {all} municipalities.",
            year=year,
            n=int(counted.sum()),
            all=len(rows),
        )
        few, names = (
            (N_("Forecast: {names}."), rows.loc[~counted, "area"])
            if (~counted).sum() <= counted.sum()
            else (N_("The others are forecast; counted: {names}."), rows.loc[counted, "area"])
        )
        if len(names) <= MOST_NAMED:
            listed = sentences.listing([words.gettext(one) for one in names], language)
            told = f"{told} {words.gettext(few, names=listed)}"
        said.append(told)
    return " ".join(said)
