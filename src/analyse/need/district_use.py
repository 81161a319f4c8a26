"""Use of districts, drawn to what is expected of their people, and their part of a municipality's futures.

Empirical Bayes: before its own count a district has the use that its people, its municipality and its region lead one
to expect, worth as many youths as districts resemble that (a beta distribution of mean ``m`` and strength
``1 / (phi + m (1 - m) s2) - 1``, where ``s2`` is the variance of the municipality's estimated level); its own count is
added. A small district keeps close to what is expected, a large one to its count. From one year to the next
municipalities and districts move; ``moved`` measures by how much.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import betaincinv, expit, stdtrit

from analyse.compare import funnel
from analyse.errors import ParameterError
from analyse.need.use_model import ROUNDING, Fitted
from analyse.small_cells import SMALLEST, STEP, hidden_beside_total

LOW, HIGH = 0.1, 0.9
TAILS = 3
"""Degrees of freedom of a municipality's movement: likeliest of 2, 3, 4, 6 and 30 in half 0."""


def drawn(rows: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
    """Use of every district and year as its count and its expectation together say.

    Parameters
    ----------
    rows : DataFrame
        From ``signals.of_districts``; a district without a count has its expectation only.
    fitted : Fitted
        The model.

    Returns
    -------
    DataFrame
        The rows with expected (of the people alone), before (with municipality and region), middle, low, high (80 %),
        all youths with care per 100, and alpha, beta of the distribution.
    """
    before = expit(fitted.log_odds(rows, region=True, municipality=True))
    error = rows["municipality_code"].map(fitted.error).fillna(fitted.between_municipalities).to_numpy()
    strength = 1 / (max(fitted.phi, 1e-6) + before * (1 - before) * error) - 1
    counted = rows["with_care"].notna().to_numpy()
    size = np.where(counted, rows["youths"], 0.0)
    count = rows["with_care"].fillna(0.0).to_numpy()
    alpha = strength * before + count
    beta = strength * (1 - before) + np.maximum(size - count, 0.0)
    return rows.assign(
        expected=100 * expit(fitted.log_odds(rows)),
        before=100 * before,
        middle=100 * betaincinv(alpha, beta, 0.5),
        low=100 * betaincinv(alpha, beta, LOW),
        high=100 * betaincinv(alpha, beta, HIGH),
        alpha=alpha,
        beta=beta,
    )


def shown(rows: pd.DataFrame, fitted: Fitted, usage: pd.DataFrame) -> pd.DataFrame:
    """Use of every district and year as a page may show it.

    Parameters
    ----------
    rows, fitted
        As for ``expected_use.municipalities``.
    usage : DataFrame
        The table ``usage``, for the totals of the municipalities.

    Returns
    -------
    DataFrame
        ``drawn`` of ``without_hidden``, without the signals: what is hidden has its expectation only. ``moves`` is how
        much a district moves in a year beside its municipality.
    """
    totals = usage[(usage["measure"] == "youths") & (usage["breakdown"] == "total")]
    by_year = {
        code: part.set_index("year")["count"].astype(float)
        for code, part in totals.groupby("municipality_code")
    }
    parts = [
        without_hidden(part, by_year.get(code, pd.Series(dtype=float)))
        for code, part in rows.groupby("municipality_code", sort=True)
    ]
    _, own = moved(rows, fitted)
    found = drawn(pd.concat(parts, ignore_index=True), fitted).drop(columns=list(fitted.signals))
    return found.assign(moves=own)


def without_hidden(rows: pd.DataFrame, totals: pd.Series) -> pd.DataFrame:
    """Districts as a page may show them beside the total of their municipality: who is small, and who hides them.

    CBS shows no count below ten. Where a single hidden district would follow from the municipality's total, the
    smallest of the others is hidden with it, until one of the hidden ones has ten or more or nothing is left to hide.

    Parameters
    ----------
    rows : DataFrame
        One municipality and year: youths, with_care (NaN where CBS hides it).
    totals : Series
        Youths with care of the municipality, by year.

    Returns
    -------
    DataFrame
        The rows with with_care empty where it is hidden, and status "suppressed" there.
    """
    parts = []
    for year, part in rows.groupby("year", sort=False):
        known = part["with_care"].notna().to_numpy()
        rest = max(float(totals.get(year, np.nan)) - float(part["with_care"].sum()), 0.0)
        even = np.nan_to_num(rest / max((~known).sum(), 1), nan=0.0)
        counts = part["with_care"].fillna(min(max(even, 1.0), SMALLEST - 1.0)).to_numpy()
        hide = hidden_beside_total(
            pd.DataFrame({"with_care": counts}), order=part["youths"].tolist(), also=~known
        )
        parts.append(
            part.assign(
                with_care=part["with_care"].mask(hide),
                status=part["status"].astype(object).mask(hide, "suppressed"),
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else rows


def moved(rows: pd.DataFrame, fitted: Fitted) -> tuple[float, float]:
    """How much municipalities and districts move from the first year to the next, on the log of use.

    Most municipalities hardly move, a few change much (another way of registering, another provider), so their
    movement is Student's t with ``TAILS`` degrees of freedom; its scale is such that 80 % lie in its middle 80 %.

    Returns
    -------
    municipal, own : float
        Scale of a municipality's movement, and standard deviation of a district's beside its municipality.
    """
    pairs = _pairs(rows, fitted).dropna(subset=["with_care_then", "with_care"])
    post = pairs["alpha"] / (pairs["alpha"] + pairs["beta"])
    error = (1 - post) / (post * (pairs["alpha"] + pairs["beta"])) + (1 - post) / (post * pairs["youths"])
    error = error + ROUNDING / (post * pairs["youths"]) ** 2
    change = np.log(pairs["with_care"] / pairs["youths"]) - np.log(post)
    keyed = pairs.assign(change=change, weight=1 / error, total=change / error)
    sums = keyed.groupby("municipality_code")[["weight", "total"]].sum()
    mean = sums["total"] / sums["weight"]
    many = keyed.groupby("municipality_code")["weight"].transform("size") > 1
    inside = (change - keyed["municipality_code"].map(mean))[many]
    own = funnel.spread(inside.to_numpy(), error[many].to_numpy())
    size = keyed.groupby("municipality_code").size()
    return _scale(mean.to_numpy(), (1 / sums["weight"] + own / size).to_numpy()), float(np.sqrt(own))


def _scale(changes: np.ndarray, variance: np.ndarray) -> float:
    """Scale of Student's t whose middle 80 % holds 80 % of changes that are known to within a variance."""

    def outside(scale: float) -> float:
        reach = stdtrit(TAILS, HIGH) * np.sqrt(scale**2 + variance)
        return float(np.quantile(np.abs(changes) / reach, HIGH - LOW)) - 1

    return float(brentq(outside, 0.0, 10.0)) if outside(0.0) > 0 else 0.0


def _pairs(rows: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
    """Districts of the last year with what was drawn of them the year before."""
    first, last = sorted(rows["year"].unique())[-2:]
    then = drawn(rows[rows["year"] == first], fitted)[["district_code", "with_care", "alpha", "beta"]]
    now = rows[rows["year"] == last].drop(columns=["alpha", "beta"], errors="ignore")
    return now.merge(then.rename(columns={"with_care": "with_care_then"}), on="district_code", validate="1:1")


def next_year(
    rows: pd.DataFrame, fitted: Fitted, scales: tuple[float, float], *, samples: int, rng: np.random.Generator
) -> pd.DataFrame:
    """How often 80 % intervals for the next year hold what was counted then, district by district.

    Parameters
    ----------
    rows : DataFrame
        Districts of two years.
    fitted : Fitted
        The model, which should know the first year only.
    scales : tuple of float
        From ``moved``, of other municipalities.
    samples : int
        Draws of each district.
    rng : Generator

    Returns
    -------
    DataFrame
        district_code, municipality_code, youths, with_care, and place: where the count lies among the draws, 0 to 1,
        drawn evenly among ties, so that it is uniform if the intervals are right (Czado, Gneiting and Held,
        "Predictive model assessment for count data", Biometrics 65, 2009). A hidden count lies below ten.
    """
    pairs = _pairs(rows, fitted)
    chance = rng.beta(
        pairs["alpha"].to_numpy()[:, None], pairs["beta"].to_numpy()[:, None], (len(pairs), samples)
    )
    index, codes = pd.factorize(pairs["municipality_code"])
    shock = scales[0] * rng.standard_t(TAILS, (len(codes), samples))[index]
    shock = shock + scales[1] * rng.standard_normal(chance.shape)
    chance = np.clip(chance * np.exp(shock), 0, 0.95)
    counts = rng.binomial(pairs["youths"].round().astype(int).to_numpy()[:, None], chance)
    shown = np.where(counts < SMALLEST, 0, STEP * np.floor(counts / STEP + 0.5))
    actual = pairs["with_care"].fillna(0.0).to_numpy()[:, None]
    below, same = (shown < actual).mean(axis=1), (shown == actual).mean(axis=1)
    place = below + same * rng.uniform(size=len(pairs))
    return pairs[["district_code", "municipality_code", "youths", "with_care"]].assign(place=place)


def held(places: pd.Series) -> float:
    """Part of the places inside the middle 80 %.

    Examples
    --------
    >>> held(pd.Series([0.05, 0.3, 0.5, 0.8, 0.95]))
    0.6
    """
    return float(places.between(LOW, HIGH).mean())


def futures(
    rows: pd.DataFrame, totals: np.ndarray, sd: float, *, rng: np.random.Generator, ahead: Sequence[int]
) -> np.ndarray:
    """The districts' parts of a municipality's futures; they add up to it in every sample and year.

    Parameters
    ----------
    rows : DataFrame
        Districts of one municipality in the last year, with youths, alpha and beta from ``drawn``.
    totals : ndarray (year, sample)
        Futures of the municipality: youths with care, or costs. Costs go with youths with care: what one of them costs
        is published for no district.
    sd : float
        How much a district moves in a year beside its municipality, from ``moved``.
    rng : Generator
    ahead : sequence of int (year,)
        Years after the last count of each year of ``totals``.

    Returns
    -------
    ndarray (district, year, sample)

    Raises
    ------
    ParameterError
        If years and totals do not fit.
    """
    if len(ahead) != len(totals):
        raise ParameterError(f"districts: {len(totals)} years of futures and {len(ahead)} years ahead")
    samples = totals.shape[1]
    chance = rng.beta(
        rows["alpha"].to_numpy()[:, None], rows["beta"].to_numpy()[:, None], (len(rows), samples)
    )
    steps = np.diff([0, *ahead]).clip(min=0)
    moves = rng.standard_normal((len(rows), len(ahead), samples)) * sd * np.sqrt(steps)[:, None]
    weight = rows["youths"].to_numpy()[:, None, None] * chance[:, None] * np.exp(np.cumsum(moves, axis=1))
    return weight / weight.sum(axis=0) * totals
