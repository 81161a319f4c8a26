"""Did a measure work? An area that took one beside a weighted mix of others: synthetic difference-in-differences.

Arkhangelsky, Athey, Hirshberg, Imbens and Wager (American Economic Review 2021). Costs per youth are taken as
logarithms. Weights of the other municipalities (on a simplex, with ridge penalty) make their mix run parallel to the
area before the measure; weights of the years before do the same in time. The effect is what the area changed by more
than its mix did.

How sure it is comes from placebos: every other municipality is treated as if it had taken the measure. What chance does
depends on size, so their effects are divided by a standard deviation ``sqrt(own + by_size / youths)`` fitted to them,
and the quantiles of what is left, times that of the area itself, make its interval. The effect itself is divided by the
mean of the placebos, so that it is 0 on average where nothing was done (an average of exponents is not).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from analyse.errors import DataError, ParameterError
from analyse.history.breaks import touching
from analyse.parameters import Break, near

MEASURES = {
    "cost_per_youth": ("cost_eur", "status", "youths", "costs"),
    "budget_per_youth": ("budget_eur", "budget_status", "youths", "costs"),
    "use": ("clients", "clients_status", "youths_0_22", "usage"),
}
"""Measure -> numerator of the history, its status, denominator, and what ``breaks`` calls it."""
USABLE = ("final", "provisional")
FEWEST_BEFORE = 3
"""Years before the measure without which nothing is said."""
SHORT_BEFORE = 5
"""Fewer years before it than this are warned of."""
FEWEST_OTHERS = 20
LEVELS = {"q0.025": 0.025, "q0.1": 0.1, "q0.9": 0.9, "q0.975": 0.975}
STEPS = 400
"""Of the projected gradient; more changes an effect by less than 0.01 percentage point."""


@dataclass(frozen=True)
class Effect:
    """What an area changed by more than its mix of others, as a fraction of the measure."""

    area_code: str
    measure: str
    start: int
    effect: float
    quantiles: dict[str, float]
    """Ends of the 80 and 95 % intervals, as fractions."""
    before: tuple[int, ...]
    after: tuple[int, ...]
    others: pd.Series
    """Weight of each other municipality, the largest first; those of no weight left out."""
    gap: pd.Series
    """The area less its mix by year, on the log scale, its mean before the measure (weighted) taken off."""
    placebos: int
    warnings: tuple[str, ...]

    @property
    def shown(self) -> bool:
        """Whether the 95 % interval excludes no effect."""
        return not self.quantiles["q0.025"] <= 0 <= self.quantiles["q0.975"]


@dataclass(frozen=True)
class Panel:
    """Logarithms of a measure by unit and year, and the youths of each unit."""

    logs: pd.DataFrame
    youths: pd.Series


def panel(
    history: pd.DataFrame, measure: str, *, treated: Collection[str], area_code: str, start: int
) -> Panel:
    """The area and every municipality that has the measure in all years, as logarithms.

    Parameters
    ----------
    history : DataFrame
        By municipality, see ``history.panel.HISTORY``; the whole country gives the best mix.
    measure : str
        One of ``MEASURES``.
    treated : collection of str
        The municipalities of the area: they are added up, and are no others.
    area_code : str
        What the area is called.
    start : int
        First year of the measure.

    Raises
    ------
    ParameterError
        If the measure is not known, or the years around ``start`` are too few.
    DataError
        If the area, or too few others, have the measure in all years.
    """
    if measure not in MEASURES:
        raise ParameterError(f"evaluate: measure {measure!r} is not known; {near(measure, MEASURES)}")
    over, status, under, _ = MEASURES[measure]
    rows = history[history[status].isin(USABLE) & history[over].gt(0) & history[under].gt(0)]
    own = rows["municipality_code"].isin(treated)
    sums = rows.assign(unit=rows["municipality_code"].where(~own, area_code))
    added = sums.groupby(["unit", "period"])[[over, under]].agg(["sum", "count"])
    whole = (added[(over, "count")] == len(set(treated))) | (
        added.index.get_level_values("unit") != area_code
    )
    values = np.log(added[(over, "sum")].astype(float) / added[(under, "sum")].astype(float)).where(whole)
    table = values.unstack("period")
    years = [int(year) for year in table if table[year].notna().mean() > 0.5]
    table = table[years]
    before, after = [year for year in years if year < start], [year for year in years if year >= start]
    if len(before) < FEWEST_BEFORE or not after:
        raise ParameterError(
            f"evaluate: {measure} is known for {', '.join(map(str, years))}: {len(before)} years before {start} and "
            f"{len(after)} from then on; at least {FEWEST_BEFORE} before and one after are needed"
        )
    if area_code not in table.index or table.loc[area_code].isna().any():
        raise DataError(
            f"evaluate: {area_code} has no whole {measure} in every year from {years[0]} to {years[-1]}"
        )
    table = table.dropna()
    if len(table) - 1 < FEWEST_OTHERS:
        raise DataError(
            f"evaluate: only {len(table) - 1} other municipalities have {measure} in every year; at least "
            f"{FEWEST_OTHERS} are needed"
        )
    youths = added[(under, "sum")].groupby("unit").mean().reindex(table.index).astype(float)
    return Panel(table, youths)


def estimate(
    history: pd.DataFrame,
    treated: Sequence[str],
    *,
    start: int,
    measure: str = "cost_per_youth",
    area_code: str = "",
    breaks: Sequence[Break] = (),
) -> Effect:
    """What an area changed by more than a weighted mix of others, since the year of a measure.

    Parameters
    ----------
    history : DataFrame
        By municipality, see ``history.panel.HISTORY``; the whole country gives the best mix.
    treated : sequence of str
        The municipalities that took the measure: one, or those of a region, which are added up.
    start : int
        First year of the measure.
    measure : str
        One of ``MEASURES``.
    area_code : str
        What the area is called; the code of the municipality when there is one.
    breaks : sequence of Break
        Declared breaks, to warn of.

    Raises
    ------
    ParameterError, DataError
        See ``panel``.
    """
    code = area_code or treated[0]
    data = panel(history, measure, treated=treated, area_code=code, start=start)
    others = data.logs.drop(index=code)
    effects = placebo_effects(others, start)
    return _effect(data, code, start, measure, effects, _warnings(data, treated, start, measure, breaks))


def with_placebos(data: Panel, code: str, start: int, measure: str, effects: pd.Series) -> Effect:
    """The same from placebos that were worked out before, such as for many areas of one panel.

    Parameters
    ----------
    data : Panel
        Of ``panel``.
    code : str
        The area in it.
    start : int
        First year of the measure.
    measure : str
        What the panel holds.
    effects : Series
        ``placebo_effects`` of the panel; that of the area itself is left out.
    """
    return _effect(data, code, start, measure, effects.drop(index=code, errors="ignore"), ())


def placebo_effects(values: pd.DataFrame, start: int) -> pd.Series:
    """The effect that each unit would seem to have, were it the one that took the measure; on the log scale.

    Parameters
    ----------
    values : DataFrame
        Logarithms, a row for each unit and a column for each year.
    start : int
        First year of the measure.
    """
    units = values.to_numpy()
    before = np.array([int(year) < start for year in values])
    weights = _unit_weights(units[:, before], units[:, before], _ridge(units, before), apart=True)
    found = [
        _difference(
            units[place], np.delete(units, place, axis=0), np.delete(weights[:, place], place), before
        )
        for place in range(len(units))
    ]
    return pd.Series(found, index=values.index)


def _effect(
    data: Panel, code: str, start: int, measure: str, effects: pd.Series, warnings: tuple[str, ...]
) -> Effect:
    own, others = data.logs.loc[code].to_numpy(), data.logs.drop(index=code)
    units = others.to_numpy()
    before = np.array([int(year) < start for year in data.logs])
    weights = _unit_weights(units[:, before], own[None, before], _ridge(units, before))[:, 0]
    times = _time_weights(units, before)
    effect = _difference(own, units, weights, before)
    gap = own - weights @ units
    gap = gap - times @ gap[before]
    size = data.youths.reindex(effects.index)
    fitted = _spread(effects.to_numpy(), size.to_numpy())
    scores = effects.to_numpy() / np.sqrt(fitted[0] + fitted[1] / size.to_numpy())
    deviation = np.sqrt(fitted[0] + fitted[1] / data.youths[code])
    ends = {
        name: float(np.exp(effect - _outer(scores, 1 - level) * deviation) - 1)
        for name, level in LEVELS.items()
    }
    known = pd.Series(weights, index=others.index)
    years = [int(year) for year in data.logs]
    return Effect(
        area_code=code,
        measure=measure,
        start=start,
        effect=float(np.exp(effect) / np.exp(effects).mean() - 1),
        quantiles=ends,
        before=tuple(year for year in years if year < start),
        after=tuple(year for year in years if year >= start),
        others=known[known > 1e-4].sort_values(ascending=False),
        gap=pd.Series(gap, index=years),
        placebos=len(effects),
        warnings=warnings,
    )


def _outer(scores: np.ndarray, level: float) -> float:
    """A quantile of placebos such that one more of them lies beyond it no more often than the level says."""
    rank = level * (len(scores) + 1)
    place = int(np.ceil(rank) if level > 0.5 else np.floor(rank))
    return float(np.sort(scores)[min(max(place, 1), len(scores)) - 1])


def _warnings(
    data: Panel, treated: Sequence[str], start: int, measure: str, breaks: Sequence[Break]
) -> tuple[str, ...]:
    """What a reader must know, in plain words."""
    years = [int(year) for year in data.logs]
    before, after = [year for year in years if year < start], [year for year in years if year >= start]
    said = []
    if len(before) < SHORT_BEFORE:
        said.append(
            f"only {len(before)} years before the measure are known: the mix of others may fit by chance"
        )
    if len(after) == 1:
        said.append("only one year after it is known: a single year may be off for other reasons")
    kind = MEASURES[measure][3]
    for one in touching(breaks, treated, kind, years):
        if start <= one.period:
            said.append(
                f"{one.title.en} in {one.period} changed how figures are counted or booked, here and in the other "  # type: ignore[attr-defined]
                "municipalities in different ways"
            )
    return tuple(said)


def _ridge(units: np.ndarray, before: np.ndarray) -> float:
    """Penalty of the unit weights, for one treated unit: (years after) ** (1/4) times the spread of yearly changes."""
    spread = float(np.diff(units[:, before], axis=1).std(ddof=1))
    return float((~before).sum()) ** 0.25 * spread


def _unit_weights(units: np.ndarray, own: np.ndarray, ridge: float, *, apart: bool = False) -> np.ndarray:
    """Weights on a simplex, (unit, treated), that make the mix run parallel to each treated unit.

    Parameters
    ----------
    units, own : ndarray
        (unit, year before) and (treated, year before).
    ridge : float
        Of ``_ridge``.
    apart : bool
        Whether the treated are the units themselves, so that none is in its own mix.
    """
    others = units - units.mean(axis=1, keepdims=True)
    wanted = own - own.mean(axis=1, keepdims=True)
    penalty = ridge**2 * units.shape[1]
    step = 1 / (np.linalg.norm(others, 2) ** 2 + penalty)
    allowed = ~np.eye(len(units), dtype=bool) if apart else np.ones((len(units), len(own)), dtype=bool)
    weights = allowed / allowed.sum(axis=0)
    ahead, pace = weights, 1.0
    for _ in range(STEPS):
        slope = others @ (others.T @ ahead - wanted.T) + penalty * ahead
        after = _on_simplex(ahead - step * slope, allowed)
        faster = (1 + np.sqrt(1 + 4 * pace**2)) / 2
        ahead, weights, pace = after + (pace - 1) / faster * (after - weights), after, faster
    return weights


def _on_simplex(points: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """The nearest weights that are not below 0 and add up to 1, by column; 0 where not allowed (Duchi et al. 2008)."""
    open_points = np.where(allowed, points, -np.inf)
    ordered = -np.sort(-open_points, axis=0)
    counts = np.arange(1, len(points) + 1)[:, None]
    filled = np.where(np.isfinite(ordered), ordered, 0.0)
    sums = np.cumsum(filled, axis=0) - 1
    last = ((ordered - sums / counts) > 0).sum(axis=0) - 1
    level = sums[last, np.arange(points.shape[1])] / (last + 1)
    return np.where(allowed, np.maximum(points - level, 0.0), 0.0)


def _time_weights(units: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Weights of the years before on a simplex, that make the other units run parallel to their mean afterwards."""
    past = units[:, before] - units[:, before].mean(axis=0)
    later = units[:, ~before].mean(axis=1)
    later = later - later.mean()
    return _simplex_least_squares(past, later)


def _simplex_least_squares(matrix: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Least squares with weights on a simplex, for few columns: non-negative least squares with a heavy sum row."""
    heavy = 1e4 * np.linalg.norm(matrix)
    rows = np.vstack([matrix, np.full(matrix.shape[1], heavy)])
    found = nnls(rows, np.append(wanted, heavy))[0]
    return found / found.sum()


def _difference(own: np.ndarray, units: np.ndarray, weights: np.ndarray, before: np.ndarray) -> float:
    """The double difference: after less before (weighted), of the area less its mix."""
    times = _time_weights(units, before)
    change = own[~before].mean() - times @ own[before]
    return float(change - weights @ (units[:, ~before].mean(axis=1) - units[:, before] @ times))


def _spread(effects: np.ndarray, youths: np.ndarray) -> tuple[float, float]:
    """Variance of placebo effects by size, ``own + by_size / youths``, neither below 0; the widest few drawn in."""
    squares = np.minimum(effects**2, np.quantile(effects**2, 0.98))
    parts = np.column_stack([np.ones(len(youths)), 1 / youths])
    weight = 1 / (squares.mean() * parts[:, 1] / parts[:, 1].mean())
    own, by_size = nnls(parts * weight[:, None], squares * weight)[0]
    return max(float(own), 1e-8), float(by_size)
