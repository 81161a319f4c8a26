"""The rules of a region as small calculators: who pays what, and who has how many votes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analyse.errors import DataError, ParameterError
from analyse.history import areas


def inhabitants(
    tables: Mapping[str, pd.DataFrame], codes: Collection[str], *, year: int, years_back: int = 1
) -> pd.Series:
    """Inhabitants on 1 January, ``years_back`` years before the year a rule is for.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``population``.
    codes : collection of str
        Municipality codes of that time.
    year : int
        The year the costs or votes are for.
    years_back : int
        1 for the preceding year, as the joint arrangement of Haaglanden has it.

    Returns
    -------
    Series
        Persons, index municipality_code, in the order of ``codes``.

    Raises
    ------
    DataError
        When the table has no number of inhabitants for one of the municipalities in that year.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> int(inhabitants(snapshot.load(), ["GM0603"], year=2021)["GM0603"])
    54450
    """
    rows = tables["population"]
    rows = rows[(rows["age_group"] == "total") & (rows["year"] == year - years_back)]
    found = rows.set_index("municipality_code")["count"].astype("float64").reindex(list(codes))
    if found.isna().any() or found.empty:
        unknown = ", ".join(found.index[found.isna()]) or "no municipality"
        raise DataError(
            f"calculators: no inhabitants of {unknown} on 1 January {year - years_back}; choose another year"
        )
    return found.rename("inhabitants")


def shared(amount_eur: float, people: pd.Series) -> pd.DataFrame:
    """Share an amount in proportion to inhabitants, to the cent: the parts add up to the whole exactly.

    Cents left over by rounding down go to the largest remainders.

    Parameters
    ----------
    amount_eur : float
        What is to be shared, EUR.
    people : Series
        From ``inhabitants``.

    Returns
    -------
    DataFrame
        municipality_code, inhabitants, fraction, amount_eur.

    Raises
    ------
    ParameterError
        When the amount is negative or not finite, or a municipality has no inhabitants.

    Examples
    --------
    >>> shared(100.0, pd.Series({"A": 1, "B": 1, "C": 1}))["amount_eur"].tolist()
    [33.34, 33.33, 33.33]
    """
    if not amount_eur >= 0 or not np.isfinite(amount_eur):
        raise ParameterError(f"calculators: amount EUR {amount_eur}; give an amount of zero or more")
    if people.empty or not (people > 0).all():
        raise ParameterError("calculators: every municipality needs inhabitants above zero")
    cents = round(amount_eur * 100)
    fraction = people.astype("float64") / people.sum()
    exact = fraction.to_numpy() * cents
    parts = np.floor(exact).astype(np.int64)
    order = np.argsort(parts - exact, kind="stable")
    parts[order[: cents - int(parts.sum())]] += 1
    return pd.DataFrame(
        {
            "municipality_code": list(people.index),
            "inhabitants": people.to_numpy(),
            "fraction": fraction.to_numpy(),
            "amount_eur": parts / 100,
        }
    )


def key(
    tables: Mapping[str, pd.DataFrame], rule: Any, *, amount_eur: float, year: int, leaves: str = ""
) -> pd.DataFrame:
    """Share an amount of a year over the municipalities that take part in the region then, by its rule.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``population`` and ``municipalities``.
    rule : choices.Rule
        One of ``choices.rules``.
    amount_eur : float
        What is to be shared, EUR.
    year : int
        The year that the amount is for.
    leaves : str
        Code of a municipality that takes no part any more; its part falls to the others by the same key.

    Returns
    -------
    DataFrame
        Rows of ``shared``.

    Raises
    ------
    ParameterError
        If the year is before the rule, or the municipality that leaves takes no part.
    DataError
        If inhabitants are not known.

    Examples
    --------
    >>> from analyse.compare import choices
    >>> from analyse.sources import snapshot
    >>> found = key(snapshot.load(), choices.rules()[0], amount_eur=1e6, year=2021)
    >>> len(found), float(found.set_index("municipality_code")["amount_eur"]["GM0603"])
    (10, 47653.35)
    """
    if year < rule.first:
        raise ParameterError(f"rules: the key of {rule.id} holds from {rule.first}; choose a later year")
    codes = areas.members(tables, rule.region, year)
    if leaves and leaves not in codes:
        raise ParameterError(f"rules: {leaves} takes no part in {year}; those who do are {', '.join(codes)}")
    people = inhabitants(tables, codes, year=year, years_back=rule.inhabitants_years_back)
    return shared(amount_eur, people.drop(leaves) if leaves else people)


def last_year(tables: Mapping[str, pd.DataFrame], rule: Any) -> int:
    """The last year for which a rule can be worked out: its regions and inhabitants are known.

    Examples
    --------
    >>> from analyse.compare import choices
    >>> from analyse.sources import snapshot
    >>> last_year(snapshot.load(), choices.rules()[0])
    2026
    """
    people = tables["population"]
    counted = int(people.loc[people["age_group"].eq("total"), "year"].max())
    return min(counted + rule.inhabitants_years_back, int(tables["municipalities"]["year"].max()))


def leavers(tables: Mapping[str, pd.DataFrame], region: str, years: Collection[int]) -> dict[str, int]:
    """Municipalities that left a region for another, with the first year without them.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``municipalities``.
    region : str
        Code of the region.
    years : collection of int
        Years to look at, of which all but the first can be the answer.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> leavers(snapshot.load(), "JZ24", range(2021, 2027))
    {'GM0626': 2024}
    """
    inside = {year: set(areas.members(tables, region, year)) for year in years}
    there = {year: set(areas.municipalities(tables, year)) for year in years}
    return {
        code: year
        for year in sorted(inside)
        if year - 1 in inside
        for code in sorted((inside[year - 1] - inside[year]) & there[year])
    }


def majority(people: pd.Series, *, needed_fraction: float = 0.5) -> dict[str, Any]:
    """What a majority takes when every municipality weighs as much as its inhabitants.

    Parameters
    ----------
    people : Series
        From ``inhabitants``.
    needed_fraction : float
        More than this part of the votes is needed.

    Returns
    -------
    dict
        largest (code) and its largest_fraction, alone (whether it passes a proposal by itself), with_any (whether it
        does with any one other), without (whether all others together do without it), and fewest: the smallest number
        of municipalities that do.

    Examples
    --------
    >>> found = majority(pd.Series({"A": 48, "B": 30, "C": 22}))
    >>> found["alone"], found["with_any"], found["without"], found["fewest"]
    (False, True, True, 2)
    """
    ordered = people.sort_values(ascending=False)
    largest, others = str(ordered.index[0]), list(ordered.index[1:])

    def passes(in_favour: Collection[str]) -> bool:
        return bool(votes(people, in_favour, needed_fraction=needed_fraction)["passed"])

    return {
        "largest": largest,
        "largest_fraction": float(ordered.iloc[0] / people.sum()),
        "alone": passes([largest]),
        "with_any": all(passes([largest, other]) for other in others),
        "without": passes(others),
        "fewest": next(n for n in range(1, len(ordered) + 1) if passes(list(ordered.index[:n]))),
    }


def votes(
    people: pd.Series, in_favour: Collection[str], *, needed_fraction: float = 0.5
) -> dict[str, float | bool]:
    """A vote in which every municipality weighs as much as its inhabitants.

    Parameters
    ----------
    people : Series
        From ``inhabitants``: those on 1 January of the preceding year.
    in_favour : collection of str
        Municipalities that vote for.
    needed_fraction : float
        More than this part of the votes is needed.

    Returns
    -------
    dict
        in_favour_fraction, against_fraction, passed, municipalities_in_favour (number).

    Raises
    ------
    ParameterError
        If a municipality has no vote, or the needed fraction is impossible.

    Examples
    --------
    >>> votes(pd.Series({"A": 60, "B": 30, "C": 10}), ["B", "C"])["passed"]
    False
    """
    strangers = sorted(set(in_favour) - set(people.index))
    if strangers:
        raise ParameterError(
            f"votes: {', '.join(strangers)} have no vote; those who have are {', '.join(people.index)}"
        )
    if not 0 < needed_fraction < 1:
        raise ParameterError(
            f"votes: needed_fraction {needed_fraction} must lie between 0 and 1, for example 0.5"
        )
    favour = float(people[people.index.isin(list(in_favour))].sum() / people.sum())
    return {
        "in_favour_fraction": favour,
        "against_fraction": 1 - favour,
        "passed": favour > needed_fraction,
        "municipalities_in_favour": len(set(in_favour)),
    }


def by_group(parts: pd.DataFrame, groups: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Add the parts of ``shared`` up by group of municipalities, for example H1, H4 and H5.

    Parameters
    ----------
    parts : DataFrame
        From ``shared``.
    groups : mapping of str to collection of str
        Municipality codes by group; one that takes no part (any more) is left out.

    Returns
    -------
    DataFrame
        group, municipalities (number), inhabitants, fraction, amount_eur.

    Raises
    ------
    ParameterError
        If a municipality is in no group, or in two.

    Examples
    --------
    >>> parts = shared(100.0, pd.Series({"A": 50, "B": 30, "C": 20}))
    >>> by_group(parts, {"one": ["A"], "rest": ["B", "C", "D"]})["amount_eur"].tolist()
    [50.0, 50.0]
    """
    where = [(code, group) for group, codes in groups.items() for code in codes]
    of = dict(where)
    lost = [code for code in parts["municipality_code"] if code not in of]
    if lost or len(of) != len(where):
        raise ParameterError(
            f"by_group: each municipality must be in one group; check {', '.join(lost) or 'doubles'}"
        )
    grouped = parts.assign(group=parts["municipality_code"].map(of)).groupby("group")
    found = grouped.agg(
        municipalities=("municipality_code", "size"),
        inhabitants=("inhabitants", "sum"),
        fraction=("fraction", "sum"),
        amount_eur=("amount_eur", "sum"),
    )
    found = found.assign(amount_eur=found["amount_eur"].round(2)).reindex(
        [name for name in groups if name in found.index]
    )
    return found.reset_index()
