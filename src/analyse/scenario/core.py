"""The arithmetic of a scenario: monthly stocks of trajectories, and what levers do to them, sample by sample.

Every care form has a stock of running trajectories, 1 in the base: ``stock(t+1) = stock(t) + inflow(t) - outflow(t)``.
With a mean duration of D months, 1/D of a stock ends each month (a geometric distribution of durations). Levers act
on inflow, duration, intensity and price, or move part of a stock elsewhere; what comes out is a factor per care form
and year, applied within every sample to the forecast. docs/scenarios.md gives the formulas; the panel in the browser
does the same arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from analyse.scenario.definitions import STOCK, Lever, Setting
from analyse.scenario.model import LOCAL, MONTHS, Inputs, Outcome

PERCENT = 100


@dataclass(frozen=True)
class _Used:
    """A lever that a scenario uses: its effect (sample,) and its course (month,)."""

    lever: Lever
    setting: Setting
    effect: np.ndarray
    ratio: np.ndarray
    cost: np.ndarray
    capacity: np.ndarray
    ramp: np.ndarray
    years_on: np.ndarray

    def factor(self) -> np.ndarray:
        """What it multiplies by, (month, sample)."""
        if self.lever.per_year:
            return np.repeat(self.growth(), MONTHS, axis=0)
        return 1 + self.ramp[:, None] * self.effect

    def growth(self) -> np.ndarray:
        """What a yearly change multiplies by, (year, sample)."""
        return (1 + self.effect) ** self.years_on[:, None]


@dataclass(frozen=True)
class _Grown:
    """Factors of other numbers of youths, (year, sample): the youths, the youths with care, the costs."""

    youths: np.ndarray
    clients: np.ndarray
    cost: np.ndarray


@dataclass(frozen=True)
class _Form:
    """What happens to one care form, (month, sample): its stock, and the parts of it that move elsewhere."""

    stock: np.ndarray
    volume: np.ndarray
    moves: list[tuple[_Used, np.ndarray]]
    clients: np.ndarray | None
    """Relative number of youths with this care, (year, sample); None where nothing changes."""


def run(inputs: Inputs, settings: Mapping[str, Setting]) -> Outcome:
    """Work out one scenario.

    Parameters
    ----------
    inputs : Inputs
        One area.
    settings : mapping of Setting
        The levers that are used, by id; as checked by ``files.check``.

    Returns
    -------
    Outcome
        Without any lever exactly the inputs, to the bit.
    """
    active = _active(inputs, settings)
    base = inputs.form_cost
    if not active:
        nothing = np.zeros_like(inputs.cost_eur)
        return Outcome(inputs.youths, inputs.clients, inputs.price, inputs.cost_eur, base, nothing)
    population = _population(inputs, active)
    stocks: dict[tuple, tuple[np.ndarray, np.ndarray | None]] = {}
    touched = {
        form: _form(inputs, active, index, stocks)
        for index, form in enumerate(inputs.forms[:-1])
        if any(_acts_on(used, form) for used in active)
    }
    change = _care(inputs, base, touched, active)
    if population is not None:
        change = (base + change) * population.cost - base
    own_cost = _programme(inputs, active, population)
    change[-1] += own_cost
    return Outcome(
        youths=inputs.youths * (1.0 if population is None else population.youths),
        clients=inputs.clients
        * (1.0 if population is None else population.clients)
        * _clients(inputs, touched),
        price=inputs.price * _price(inputs, active),
        cost_eur=inputs.cost_eur + change.sum(axis=0),
        form_cost=base + change,
        programme_eur=own_cost,
    )


def programme(inputs: Inputs, settings: Mapping[str, Setting]) -> np.ndarray:
    """What the measures themselves cost in a scenario, (year, sample) in EUR; the ``programme_eur`` of ``run``."""
    active = _active(inputs, settings)
    return _programme(inputs, active, _population(inputs, active))


def _active(inputs: Inputs, settings: Mapping[str, Setting]) -> list[_Used]:
    return [_activate(inputs, settings, lever) for lever in inputs.levers if lever.id in settings]


def _activate(inputs: Inputs, settings: Mapping[str, Setting], lever: Lever) -> _Used:
    setting, index, years = settings[lever.id], inputs.lever_index(lever.id), np.asarray(inputs.years)
    first = MONTHS * (setting.start - years[0])
    since = np.arange(MONTHS * len(years)) - first + 1
    ramp = np.clip(since / max(1, setting.ramp_months), 0, 1)
    return _Used(
        lever=lever,
        setting=setting,
        effect=effect(inputs, settings, lever),
        ratio=(setting.cost_ratio or 0.0) * inputs.ratios[index],
        cost=inputs.cost_draws[index],
        capacity=inputs.capacity[index],
        ramp=ramp * np.repeat(inputs.scales[index], MONTHS),
        years_on=np.maximum(0, years - setting.start + 1),
    )


def effect(inputs: Inputs, settings: Mapping[str, Setting], lever: Lever) -> np.ndarray:
    """What a lever does on its own, (sample,), as a fraction of what it acts on, before ramp and scale.

    What was found counts, plus the part of the size that comes true; a size of 0 is not tried and does nothing. Levers
    that share one effect divide it. Taken to work as set, it is the size.

    Parameters
    ----------
    inputs : Inputs
        One area, with the draws.
    settings : mapping of Setting
        The levers that are used, by id.
    lever : Lever
        One of them.
    """
    setting, index = settings[lever.id], inputs.lever_index(lever.id)
    if setting.size == 0:
        return np.zeros(inputs.samples)
    if setting.works_as_set:
        return np.full(inputs.samples, setting.size / PERCENT * lever.exposure)
    realised = inputs.found[index] + setting.size * inputs.draws[index]
    return realised / PERCENT * lever.exposure / _sharing(inputs, settings, lever)


def _sharing(inputs: Inputs, settings: Mapping[str, Setting], lever: Lever) -> int:
    """How many levers share one effect with this one, itself included."""
    others = [
        other.id
        for other in inputs.levers
        if other.id in lever.shares_effect_with or lever.id in other.shares_effect_with
    ]
    return 1 + sum(name in settings and settings[name].size != 0 for name in others)


def _acts_on(used: _Used, form: str) -> bool:
    return used.lever.mechanism != "population" and (form in used.lever.forms or form == used.lever.to)


def _population(inputs: Inputs, active: Iterable[_Used]) -> _Grown | None:
    """The effect of other numbers of youths: all ages alike, or only through the ages that grow."""
    rows = []
    for used in active:
        if used.lever.mechanism == "population":
            growth, parts = used.growth(), inputs.age_parts.get(used.lever.id)
            rows.append([growth] * 3 if parts is None else [1 + part * (growth - 1) for part in parts])
    return _Grown(*(np.prod(column, axis=0) for column in zip(*rows, strict=True))) if rows else None


def _product(
    active: Iterable[_Used], form: str, *mechanisms: str, new_only: bool = False
) -> np.ndarray | None:
    factors = [
        used.factor()
        for used in active
        if used.lever.mechanism in mechanisms
        and form in used.lever.forms
        and used.setting.new_only == new_only
    ]
    return np.prod(factors, axis=0) if factors else None


def _form(inputs: Inputs, active: list[_Used], index: int, stocks: dict) -> _Form:
    """Stock and moves of one care form; forms with the same levers and durations share one stock."""
    form, shape = inputs.forms[index], (MONTHS * len(inputs.years), inputs.samples)
    volume = _product(active, form, "intensity", "price")
    acting = tuple(
        used.lever.id for used in active if used.lever.mechanism in STOCK and form in used.lever.forms
    )
    key = (acting, inputs.months[index].tobytes(), inputs.waiting[index].tobytes())
    if key not in stocks:
        stocks[key] = _stock(inputs, active, index) if acting else (np.ones(shape), None)
    stock, relative = stocks[key]
    moves = _moves(active, form, stock)
    gone = [_yearly(part) for used, part in moves if used.lever.to is None]
    if gone:
        relative = (1.0 if relative is None else relative) * (1 - sum(gone))
    return _Form(stock, np.ones(shape) if volume is None else volume, moves, relative)


def _stock(inputs: Inputs, active: list[_Used], index: int) -> tuple[np.ndarray, np.ndarray]:
    form, ones = inputs.forms[index], np.ones((MONTHS * len(inputs.years), inputs.samples))
    inflow, duration = _product(active, form, "inflow"), _product(active, form, "duration")
    acting = [used for used in active if used.lever.mechanism in STOCK and form in used.lever.forms]
    # What studies found is use of care itself, so who waited is in it; and what is to work as set, does.
    settled = all(used.lever.evidence == "A" or used.setting.works_as_set for used in acting)
    return flow(
        inputs.months[index],
        ones if inflow is None else inflow,
        ones if duration is None else duration,
        new=_product(active, form, "duration", new_only=True),
        waiting=None if settled else inputs.waiting[index],
    )


def flow(
    months: np.ndarray,
    inflow: np.ndarray,
    duration: np.ndarray,
    *,
    new: np.ndarray | None = None,
    waiting: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Follow a stock of trajectories month by month; 1 in the base.

    Parameters
    ----------
    months : ndarray (sample,)
        Mean duration in months, at least 1.
    inflow, duration : ndarray (month, sample)
        Factors on inflow, and on the duration of everybody in care, above zero.
    new : ndarray (month, sample), optional
        Factor on the duration of those who come in that month, which they keep; above zero.
    waiting : ndarray (sample,), optional
        Youths who wait, as a part of the stock: they fill the room that comes free until nobody waits.

    Returns
    -------
    stock : ndarray (month, sample)
        Mean of the stock at the start and at the end of the month.
    clients : ndarray (year, sample)
        Youths with care in the year (stock at the start plus inflow), relative to the base.

    Examples
    --------
    With a mean duration of 10 months, a tenth leaves each month; when nobody comes in, 0.9 is left:

    >>> nobody, usual = np.zeros((12, 1)), np.ones((12, 1))
    >>> stock, clients = flow(np.array([10.0]), nobody, usual)
    >>> stock[:2, 0].round(3).tolist()
    [0.95, 0.855]

    With 15 % waiting, the first month's room goes to them and the second month's in part:

    >>> flow(np.array([10.0]), nobody, usual, waiting=np.array([0.15]))[0][:2, 0].round(3).tolist()
    [1.0, 0.975]
    """
    usual = 1 / months
    stock, left = np.ones_like(months), np.zeros_like(months) if waiting is None else waiting
    first = len(inflow) if new is None else int(np.argmax((new != 1).any(axis=1)))
    # Who comes in from then on, with the new duration and with the usual one: equal to the bit where nothing works.
    cohorts = np.zeros((2, *inflow.shape)) if new is not None else None
    means, opening, started = np.empty_like(inflow), np.empty_like(inflow), inflow * usual
    before = stock
    for month in range(len(inflow)):
        lasting = months * duration[month]
        ends = np.minimum(1.0, 1 / lasting)
        stock = stock + (started[month] - stock * ends)
        total = stock
        if cohorts is not None and month >= first:
            own = np.minimum(1.0, 1 / (lasting * new[first:month]))
            cohorts[0, first:month] -= cohorts[0, first:month] * own
            cohorts[1, first:month] -= cohorts[1, first:month] * ends
            cohorts[:, month] = started[month]
            total = stock + (cohorts[0, first:month] - cohorts[1, first:month]).sum(axis=0)
        # Who waited comes in as the others do, with the usual duration.
        filled = np.minimum(left, np.maximum(0.0, 1 - total))
        left, stock, total = left - filled, stock + filled, total + filled
        started[month] += filled
        means[month], opening[month], before = (before + total) / 2, before, total
    # The base is summed as the scenario is: a sum of twelve twelfths is not exactly one.
    base = _in_year(np.broadcast_to(usual, inflow.shape))
    return means, (opening[::MONTHS] + _in_year(started)) / (1 + base)


def _in_year(monthly: np.ndarray) -> np.ndarray:
    return monthly.reshape(-1, MONTHS, monthly.shape[1]).sum(axis=1)


def _moves(active: list[_Used], form: str, stock: np.ndarray) -> list[tuple[_Used, np.ndarray]]:
    """Part of the stock that each lever moves elsewhere, (month, sample)."""
    moves, total = [], np.zeros_like(stock)
    for used in active:
        if used.lever.mechanism == "substitution" and form in used.lever.forms:
            part = np.minimum(used.ramp[:, None] * used.effect, _capacity(used))
            moves.append((used, part))
            total = total + part
    for used in active:
        # Before it starts, or with size 0, there is no limit: the stock may grow beyond today's places.
        if used.lever.mechanism == "cap" and form in used.lever.forms and used.setting.size != 0:
            places = 1 + used.ramp[:, None] * used.effect
            over = np.maximum(0.0, 1 - total - places / stock)
            moves.append((used, np.where((used.ramp[:, None] > 0) & (used.effect != 0), over, 0.0)))
    return moves


def _capacity(used: _Used) -> np.ndarray:
    """Largest part that can have been taken over by each month, (month, sample); zero where places disappear."""
    since = np.cumsum(used.ramp > 0)[:, None] / MONTHS
    limited = np.isfinite(used.capacity)
    room = np.maximum(0.0, np.where(limited, used.capacity, 0.0) / PERCENT * since)
    return np.where(limited, room, np.inf)


def _later(part: np.ndarray, months: int) -> np.ndarray:
    """The same, as many months later as the old place is still paid for."""
    if months == 0:
        return part
    delayed = np.zeros_like(part)
    delayed[months:] = part[:-months]
    return delayed


def _yearly(monthly: np.ndarray) -> np.ndarray:
    return monthly.reshape(-1, MONTHS, monthly.shape[1]).mean(axis=1)


def _care(inputs: Inputs, base: np.ndarray, touched: Mapping[str, _Form], active: list[_Used]) -> np.ndarray:
    """Change of the costs of care by form, (care form, year, sample), before a change of the population."""
    change = np.zeros_like(base)
    for index, form in enumerate(inputs.forms[:-1]):
        if form not in touched:
            continue
        own = touched[form]
        left = 1 - sum(_later(part, used.lever.delay_months) for used, part in own.moves)
        change[index] += base[index] * (_yearly(own.stock * left * own.volume) - 1)
        for used, part in own.moves:
            if used.lever.to is not None:
                target = inputs.forms.index(used.lever.to)
                weight = _target_volume(touched, active, used.lever.to)
                change[target] += base[index] * _yearly(own.stock * part * weight) * used.ratio
    return change


def _target_volume(touched: Mapping[str, _Form], active: list[_Used], form: str) -> np.ndarray | float:
    if form in touched:
        return touched[form].volume
    volume = _product(active, form, "intensity", "price")
    return 1.0 if volume is None else volume


def _programme(inputs: Inputs, active: list[_Used], population: _Grown | None) -> np.ndarray:
    """Cost of the measures themselves, (year, sample)."""
    years, total = np.asarray(inputs.years), np.zeros_like(inputs.cost_eur)
    youths = inputs.youths if population is None else inputs.youths * population.youths
    for used in active:
        amount = np.where(years == used.setting.start, used.setting.one_off_eur_per_youth, 0.0)
        amount = amount + np.where(years >= used.setting.start, used.setting.running_eur_per_youth, 0.0)
        total = total + youths * inputs.price * used.cost * amount[:, None]
    return total


def _clients(inputs: Inputs, touched: Mapping[str, _Form]) -> np.ndarray | float:
    relative: np.ndarray | float = 1.0
    for index, form in enumerate(inputs.forms[:-1]):
        if form in touched and touched[form].clients is not None:
            relative = relative + inputs.client_weights[index] * (touched[form].clients - 1)
    return relative


def _price(inputs: Inputs, active: list[_Used]) -> np.ndarray | float:
    relative: np.ndarray | float = 1.0
    for index, form in enumerate(inputs.forms):
        factor = _product(active, form, "price")
        if factor is not None and form != LOCAL:
            relative = relative + inputs.shares[index] * (_yearly(factor) - 1)
    return relative
