"""Use by district on who lives there: a binomial model with extra variation, and effects of municipality and region.

Log odds of use = those of the ages + year + signals + municipality + region. Counts vary more than binomially
between districts (Williams, "Extra-binomial variation in logistic linear models", Applied Statistics 31, 1982), and
are rounded to five: both are variance, ``1 + (n - 1) phi + 25 / (12 n p q)`` times the binomial one. A count below ten
is hidden: it stands for its expected value given that it is below ten (an EM step). Coefficients and effects are solved
together, effects drawn to zero by how much areas differ (penalised quasi-likelihood: Breslow and Clayton, "Approximate
inference in generalized linear mixed models", Journal of the American Statistical Association 88, 1993), and how much
that is follows from the effects and their errors (EM). Statsmodels' mixed GLM takes no counts of many; without effects
and extra variation the result is that of its GLM, and a test holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import expit, logit, pdtr

from analyse.compare import funnel
from analyse.small_cells import SMALLEST, STEP

ROUNDS = 20
"""Turns of coefficients, effects, hidden counts and variances."""
SETTLED = 6
"""Turns after which the extra variation stays."""
START = 0.02
"""Variance of effects to begin with."""
ROUNDING = STEP**2 / 12
"""Variance of rounding."""


@dataclass(frozen=True)
class Fitted:
    """A fitted model of use.

    Attributes
    ----------
    names : tuple of str
        The constant, the years after the first, the signals.
    centre, scale : ndarray (signal,)
        Mean and standard deviation of each signal: a coefficient is what one standard deviation does.
    coefficients : ndarray (name,)
    covariance : ndarray (name, name)
    phi : float
        Correlation of youths within a district: what districts differ beyond the binomial.
    municipality, region : Series
        Effects on the log odds, drawn to zero.
    error : Series
        Variance of the effects of a municipality and its region together.
    between_municipalities, between_regions : float
        Variance of these effects.
    """

    names: tuple[str, ...]
    signals: tuple[str, ...]
    years: tuple[int, ...]
    centre: np.ndarray
    scale: np.ndarray
    coefficients: np.ndarray
    covariance: np.ndarray
    phi: float
    municipality: pd.Series
    region: pd.Series
    error: pd.Series
    between_municipalities: float
    between_regions: float

    def design(self, rows: pd.DataFrame) -> np.ndarray:
        """The columns of ``names`` for districts (district, name)."""
        signals = (rows[list(self.signals)].to_numpy(dtype=float) - self.centre) / self.scale
        years = [(rows["year"] == year).to_numpy(dtype=float) for year in self.years[1:]]
        return np.column_stack([np.ones(len(rows)), *years, signals])

    def log_odds(self, rows: pd.DataFrame, *, region: bool = False, municipality: bool = False) -> np.ndarray:
        """Log odds of use (district,): for the people who live there, or also as their region or municipality uses.

        Parameters
        ----------
        rows : DataFrame
            With ``offset`` (log odds of the ages), year, the signals, and region_code or municipality_code.
        region, municipality : bool
            Whether their effects count; one that is not known is zero.
        """
        found = rows["offset"].to_numpy() + self.design(rows) @ self.coefficients
        if region:
            found = found + rows["region_code"].map(self.region).fillna(0.0).to_numpy()
        if municipality:
            found = found + rows["municipality_code"].map(self.municipality).fillna(0.0).to_numpy()
        return found


def fit(rows: pd.DataFrame, signals: Sequence[str], *, effects: bool = True, extra: bool = True) -> Fitted:
    """Fit the model.

    Parameters
    ----------
    rows : DataFrame
        One row per district and year: year, municipality_code, region_code, youths, with_care (NaN where hidden),
        offset (log odds of the ages), and the signals.
    signals : sequence of str
        Columns.
    effects, extra : bool
        Whether municipalities and regions differ, and districts more than binomially.

    Returns
    -------
    Fitted
    """
    years = tuple(sorted(int(year) for year in rows["year"].unique()))
    values = rows[list(signals)].to_numpy(dtype=float)
    spread = values.std(axis=0)
    empty = pd.Series(dtype=float)
    frame = Fitted(
        names=("constant", *(str(year) for year in years[1:]), *signals),
        signals=tuple(signals),
        years=years,
        centre=values.mean(axis=0),
        scale=np.where(spread > 0, spread, 1.0),
        coefficients=np.zeros(0),
        covariance=np.zeros((0, 0)),
        phi=0.0,
        municipality=empty,
        region=empty,
        error=empty,
        between_municipalities=0.0,
        between_regions=0.0,
    )
    return _turns(rows, frame, effects=effects, extra=extra)


def _turns(rows: pd.DataFrame, frame: Fitted, *, effects: bool, extra: bool) -> Fitted:
    size, counts = rows["youths"].to_numpy(), rows["with_care"].to_numpy(dtype=float)
    hidden, design, offset = np.isnan(counts), frame.design(rows), rows["offset"].to_numpy()
    system = _System(design, rows["municipality_code"], rows["region_code"])
    phi, variance = 0.0, np.full(2, START if effects else 1e-9)
    log_odds = np.full(len(rows), _log_odds_of_all(counts, size))
    taken = np.zeros(len(rows))
    for turn in range(ROUNDS):
        chance = expit(log_odds)
        binomial = size * chance * (1 - chance)
        filled = np.where(hidden, _below_ten(size * chance, size), counts)
        if extra and turn < SETTLED:
            phi = _extra(filled, size, chance, ~hidden, taken)
        weight = binomial / (1 + (size - 1) * phi + (ROUNDING / binomial if extra else 0.0))
        target = log_odds - offset + (filled - size * chance) / binomial
        solved, covariance = system.solve(weight, target, variance)
        log_odds = offset + system.values(solved)
        taken = weight * system.errors(covariance)
        if effects:
            variance = system.variances(solved, covariance)
    own, region = system.effects(solved)
    width = design.shape[1]
    return replace(
        frame,
        coefficients=solved[:width],
        covariance=covariance[:width, :width],
        phi=phi,
        municipality=own,
        region=region,
        error=pd.Series(system.errors(covariance), rows["municipality_code"].to_numpy())
        .groupby(level=0)
        .first(),
        between_municipalities=float(variance[0]) if effects else 0.0,
        between_regions=float(variance[1]) if effects else 0.0,
    )


def _log_odds_of_all(counts: np.ndarray, size: np.ndarray) -> float:
    shown = ~np.isnan(counts)
    return float(logit(counts[shown].sum() / size[shown].sum()))


class _System:
    """Henderson's equations of coefficients and effects: indicators are never written out, only summed over."""

    def __init__(self, design: np.ndarray, municipality: pd.Series, region: pd.Series) -> None:
        self.design, self.width = design, design.shape[1]
        own, self.municipalities = pd.factorize(municipality, sort=True)
        above, self.regions = pd.factorize(region, sort=True)
        self.own, self.above = own, above
        self.parts = (len(self.municipalities), len(self.regions))

    def solve(
        self, weight: np.ndarray, target: np.ndarray, variance: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Coefficients, then effects of municipalities and of regions; and their joint covariance."""
        weighted = self.design * weight[:, None]
        width, (many, few) = self.width, self.parts
        left = np.zeros((width + many + few,) * 2)
        left[:width, :width] = self.design.T @ weighted
        right = np.zeros(len(left))
        right[:width] = weighted.T @ target
        first = width
        for index, count, share in ((self.own, many, variance[0]), (self.above, few, variance[1])):
            here = slice(first, first + count)
            left[:width, here] = [np.bincount(index, column, count) for column in weighted.T]
            left[here, :width] = left[:width, here].T
            left[here, here] = np.diag(np.bincount(index, weight, count) + 1 / share)
            right[here] = np.bincount(index, weight * target, count)
            first += count
        cross = np.zeros((many, few))
        np.add.at(cross, (self.own, self.above), weight)
        left[width : width + many, width + many :] = cross
        left[width + many :, width : width + many] = cross.T
        covariance = np.linalg.inv(left)
        return covariance @ right, covariance

    def values(self, solved: np.ndarray) -> np.ndarray:
        """Coefficients and effects put together, for every row."""
        own, above = solved[self.width :][: self.parts[0]], solved[self.width + self.parts[0] :]
        return self.design @ solved[: self.width] + own[self.own] + above[self.above]

    def variances(self, solved: np.ndarray, covariance: np.ndarray) -> np.ndarray:
        """How much municipalities and regions differ: mean square of the effects and of their errors."""
        first, found = self.width, []
        for count in self.parts:
            here = slice(first, first + count)
            found.append((solved[here] @ solved[here] + np.trace(covariance[here, here])) / count)
            first += count
        return np.maximum(found, 1e-9)

    def errors(self, covariance: np.ndarray) -> np.ndarray:
        """Variance of the effects of each row's municipality and region together."""
        own = self.width + self.own
        above = self.width + self.parts[0] + self.above
        return covariance[own, own] + covariance[above, above] + 2 * covariance[own, above]

    def effects(self, solved: np.ndarray) -> tuple[pd.Series, pd.Series]:
        """Effects by code of municipality and of region."""
        first = self.width + self.parts[0]
        return pd.Series(solved[self.width : first], self.municipalities), pd.Series(
            solved[first:], self.regions
        )


def _below_ten(mean: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Expected count given that it is below ten (Poisson), at most nearly all youths.

    Examples
    --------
    >>> _below_ten(np.array([3.0, 30.0]), np.array([100.0, 100.0])).round(1).tolist()
    [3.0, 8.6]
    """
    within = mean * pdtr(SMALLEST - 2, mean) / np.maximum(pdtr(SMALLEST - 1, mean), 1e-300)
    return np.minimum(within, 0.9 * size)


def _extra(
    counts: np.ndarray, size: np.ndarray, chance: np.ndarray, shown: np.ndarray, taken: np.ndarray
) -> float:
    """phi by moments on winsorised scores, so that one wild district hardly moves it.

    ``taken`` is the part of its own variance that a row's effects have taken up.
    """
    binomial = size * chance * (1 - chance)
    share = (counts - size * chance)[shown] / binomial[shown]
    share = share / np.sqrt(1 - np.clip(taken[shown], 0.0, 0.9))
    between = funnel.spread(share, 1 / binomial[shown] + ROUNDING / binomial[shown] ** 2)
    return between * float(np.median(chance[shown] * (1 - chance[shown])))
