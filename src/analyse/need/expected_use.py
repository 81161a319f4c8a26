"""The use that one would expect of the people of a municipality, beside the use there is.

Two intervals of 80 %: how surely the model knows the expected level, and between which levels municipalities with such
people usually lie, chance of one year included. What differs may be the people in ways the signals do not hold, the
help there is, how it is registered, or neighbourhood teams that CBS does not count: no judgement follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit

from analyse.compare import funnel, peers
from analyse.errors import ParameterError
from analyse.need.use_model import Fitted
from analyse.schema import REACH_80
from analyse.small_cells import STEP

GROUPS = {
    "ages": (),
    "families": ("single_parent_percent", "recent_divorce_percent", "households_with_children"),
    "health": ("parents_mental_care_percent", "disability_percent"),
    "income": ("income_support_households_percent", "mean_income_eur", "home_value_thousand_eur"),
    "school": ("low_education_percent", "special_primary_percent"),
    "background": ("non_western_percent", "christian_vote_percent"),
    "urbanity": ("address_density",),
}
"""Groups of signals a reader knows, and the signals in them; ages are the offset of the model."""
ALIKE = 5
"""Municipalities that are named as most alike."""
COLUMNS = (
    *("municipality_code", "region_code", "period", "youths", "clients", "clients_status", "use", "expected"),
    *("expected_low", "expected_high", "usual_low", "usual_high"),
    *GROUPS,
)


def municipalities(rows: pd.DataFrame, fitted: Fitted, history: pd.DataFrame) -> pd.DataFrame:
    """Expected use of every municipality and year with a count.

    The districts add up to their municipality; a year after the last one with districts takes the districts of that
    one. The level of each year is such that the whole country is as expected.

    Parameters
    ----------
    rows : DataFrame
        From ``signals.of_districts``.
    fitted : Fitted
        The model.
    history : DataFrame
        By municipality in fixed composition, see ``history.panel.HISTORY``.

    Returns
    -------
    DataFrame
        municipality_code, region_code, period, youths (0-22), clients, clients_status, use, expected, expected_low,
        expected_high, usual_low, usual_high (per 100 youths), then the log odds of each of ``GROUPS`` less those of
        the country.
    """
    counted = history.dropna(subset=["clients"])
    counted = counted[counted["clients_status"].isin(["final", "provisional", "estimated"])]
    parts = [
        _of_year(
            rows[rows["year"] == min(year, rows["year"].max())], fitted, counted[counted["period"] == year]
        )
        for year in sorted(int(year) for year in counted["period"].unique())
        if year >= rows["year"].min()
    ]
    if not parts:
        raise ParameterError(
            "expected: no year has use by municipality and by district; read the whole country"
        )
    return pd.concat(parts, ignore_index=True)


def _of_year(rows: pd.DataFrame, fitted: Fitted, counted: pd.DataFrame) -> pd.DataFrame:
    """Municipalities with a count and with districts in one year."""
    log_odds, size = fitted.log_odds(rows), rows["youths"].to_numpy()
    index, codes = pd.factorize(rows["municipality_code"], sort=True)
    people = np.bincount(index, size)
    counted = counted.set_index("municipality_code").reindex(codes)
    seen = counted["clients"].notna().to_numpy()
    young = counted["youths_0_22"].to_numpy(dtype=float)
    clients = counted["clients"].to_numpy(dtype=float)

    def mean(shift: float) -> np.ndarray:
        return np.bincount(index, size * expit(log_odds + shift)) / people

    shift = brentq(lambda one: float((young * mean(one) - clients)[seen].sum()), -3, 3)
    level = mean(shift)
    chance = expit(log_odds + shift)
    weight = size * chance * (1 - chance)
    design = _by_municipality(fitted.design(rows), weight, index)
    apart = design - design[seen].T @ young[seen] / young[seen].sum()
    offset = _by_municipality(rows[["offset"]].to_numpy(), weight, index)[:, 0]
    model = np.einsum("ij,jk,ik->i", apart, fitted.covariance, apart)
    binomial = young * level * (1 - level)
    chance_alone = model + 1 / binomial + STEP**2 / 12 / binomial**2
    usual = chance_alone + _between(clients / young, level, chance_alone, seen)
    effect = apart * fitted.coefficients
    names = list(fitted.names)
    groups = {
        name: effect[:, [names.index(one) for one in signals if one in names]].sum(axis=1)
        for name, signals in GROUPS.items()
    }
    groups["ages"] = offset - offset[seen] @ young[seen] / young[seen].sum()
    region = rows.drop_duplicates("municipality_code").set_index("municipality_code")["region_code"]
    found = pd.DataFrame(
        {
            "municipality_code": codes,
            "region_code": region.reindex(codes).to_numpy(),
            "period": int(counted["period"].dropna().iloc[0]),
            "youths": young,
            "clients": clients,
            "clients_status": counted["clients_status"].to_numpy(),
            "use": 100 * clients / young,
            "expected": 100 * level,
            **_around("expected", level, model),
            **_around("usual", level, usual),
            **groups,
        }
    )
    return found[seen].reset_index(drop=True)


def _between(use: np.ndarray, level: np.ndarray, variance: np.ndarray, seen: np.ndarray) -> float:
    """How much municipalities with the same people differ, on the log odds, beyond what is not known and chance."""
    apart = logit(np.clip(use[seen], 1e-4, 1 - 1e-4)) - logit(level[seen])
    return funnel.spread(apart, variance[seen])


def _by_municipality(values: np.ndarray, weight: np.ndarray, index: np.ndarray) -> np.ndarray:
    total = np.bincount(index, weight)
    return np.column_stack([np.bincount(index, weight * column) / total for column in values.T])


def _around(name: str, level: np.ndarray, variance: np.ndarray) -> dict[str, np.ndarray]:
    reach = REACH_80 * np.sqrt(variance)
    return {
        f"{name}_low": 100 * expit(logit(level) - reach),
        f"{name}_high": 100 * expit(logit(level) + reach),
    }


def alike(found: pd.DataFrame, features: pd.DataFrame) -> dict[str, list[str]]:
    """The municipalities nearest in looks and need together: those whose costs said most of each other a year later.

    Parameters
    ----------
    found : DataFrame
        From ``municipalities``.
    features : DataFrame
        ``compare.peers.features``: what municipalities look like.

    Returns
    -------
    dict
        Code -> the codes of the nearest, nearest first; the expected use of the last year is one feature more.
    """
    last = found[found["period"] == found["period"].max()].set_index("municipality_code")["expected"]
    both = features.set_index("municipality_code").join(np.log(last), how="inner").dropna()
    return peers.alike(both.rename_axis("municipality_code").reset_index(), number=ALIKE)


def beside_region(found: pd.DataFrame, code: str, *, period: int) -> pd.DataFrame:
    """What the difference in use with the region is made of: the population, group by group, and the rest.

    Parameters
    ----------
    found : DataFrame
        From ``municipalities``, with all municipalities of the region.
    code : str
        The municipality.
    period : int
        Year.

    Returns
    -------
    DataFrame
        part ("use of the region", ``GROUPS``, "rest", "use"), value (youths with care per 100; a part is a difference).
        The parts add up to the use exactly.

    Raises
    ------
    ParameterError
        When no use is expected of the municipality in that year, for lack of figures.

    Examples
    --------
    Two municipalities of equal size; where there are more single parents one youth in a hundred more is expected:

    >>> two = pd.DataFrame({"municipality_code": ["A", "B"], "region_code": "R", "period": 2023, "youths": 100.0,
    ...     "use": [13.0, 9.0], "expected": [11.0, 9.0], **dict.fromkeys(GROUPS, 0.0)})
    >>> two["families"] = [0.1, -0.1]
    >>> parts = beside_region(two, "A", period=2023).set_index("part")["value"]
    >>> {name: float(round(parts[name], 2)) for name in ("use of the region", "families", "rest", "use")}
    {'use of the region': 11.0, 'families': 1.0, 'rest': 1.0, 'use': 13.0}
    """
    year = found[found["period"] == period].dropna(subset=["expected"]).set_index("municipality_code")
    if code not in year.index:
        raise ParameterError(f"expected: {code} has no expected use in {period}")
    own = year.loc[code]
    return _taken_apart(own, year[year["region_code"] == own["region_code"]])


def beside_country(found: pd.DataFrame, code: str, *, period: int) -> pd.DataFrame:
    """What the difference in use of a region with the Netherlands is made of.

    Parameters
    ----------
    found, code, period
        As for ``beside_region``, of the whole country; ``code`` is that of the region.

    Raises
    ------
    ParameterError
        If the region has no expected use in that year.
    """
    year = found[found["period"] == period].dropna(subset=["expected"])
    whole = regions(year).set_index("region_code")
    if code not in whole.index:
        raise ParameterError(f"expected: {code} has no expected use in {period}")
    return _taken_apart(whole.loc[code], year)


def regions(found: pd.DataFrame) -> pd.DataFrame:
    """Use and expected use of whole regions: their municipalities added up.

    Parameters
    ----------
    found : DataFrame
        From ``municipalities``, with all municipalities of the country.

    Returns
    -------
    DataFrame
        region_code, period, youths, use, expected, expected_low, expected_high (as if the model were wrong in the same
        way in all municipalities of a region, which is the widest it can be), usual_low, usual_high (where four of five
        regions with such people lie, by how far the regions of that year are from what is expected of them), and
        ``GROUPS``.
    """
    known = found.dropna(subset=["expected", "region_code"])
    means = ["use", "expected", "expected_low", "expected_high", *GROUPS]
    keys = [known["region_code"], known["period"].astype("int64")]
    size = known["youths"].astype(float)
    whole = known[means].astype(float).mul(size, axis=0).groupby(keys).sum()
    whole = whole.div(size.groupby(keys).sum(), axis=0).assign(youths=size.groupby(keys).sum()).reset_index()
    ratio = (whole["use"] / whole["expected"]).groupby(whole["period"])
    for name, quantile in (("usual_low", 0.1), ("usual_high", 0.9)):
        whole[name] = whole["expected"] * whole["period"].map(ratio.quantile(quantile))
    return whole


def _taken_apart(own: pd.Series, near: pd.DataFrame) -> pd.DataFrame:
    """The use of the areas together, what the people of one of them change, group by group, and the rest."""
    weight = near["youths"] / near["youths"].sum()
    names = list(GROUPS)
    apart = (own[names].astype(float) - weight @ near[names].astype(float)).to_numpy()
    population = float(own["expected"] - weight @ near["expected"])
    points = apart * float(own["expected"]) * (1 - float(own["expected"]) / 100)
    left = population - points.sum()
    share = np.abs(points) / np.abs(points).sum() if np.abs(points).sum() > 0 else np.eye(len(points))[0]
    together = float(weight @ near["use"])
    rest = float(own["use"]) - together - population
    values = [together, *(points + left * share), rest, float(own["use"])]
    return pd.DataFrame({"part": ["use of the region", *names, "rest", "use"], "value": values})


def in_words(fitted: Fitted) -> pd.DataFrame:
    """What each signal does: per cent more or less use where it is one standard deviation higher, all else equal.

    Returns
    -------
    DataFrame
        signal, percent, low, high (80 %), strongest first.
    """
    place: Mapping[str, int] = {name: number for number, name in enumerate(fitted.names)}
    wanted = list(fitted.signals)
    middle = np.array([fitted.coefficients[place[name]] for name in wanted])
    reach = REACH_80 * np.sqrt([fitted.covariance[place[name], place[name]] for name in wanted])
    odds = {"percent": middle, "low": middle - reach, "high": middle + reach}
    table = pd.DataFrame({"signal": wanted, **{name: 100 * np.expm1(value) for name, value in odds.items()}})
    return table.iloc[np.argsort(-np.abs(middle))].reset_index(drop=True)
