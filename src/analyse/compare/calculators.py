"""The rules of a region as small calculators: who pays what, and who has how many votes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from analyse.errors import DataError, ParameterError


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
        If they are not known for one of the municipalities.

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
        If the amount or a number of inhabitants is impossible.

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
