"""Simulated lines: a trajectory month by month, in volume and money, and when each line is declared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.sources.declarations.demo.settings import Shape

CAPACITY = (0.25, 4.0)


def make(
    found: pd.DataFrame,
    target: pd.DataFrame,
    shape: Shape,
    offered: pd.DataFrame,
    *,
    prices: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Lines of one municipality: one per trajectory and month of care, without faults.

    Parameters
    ----------
    found : DataFrame
        Trajectories, see ``care_given.make``.
    target : DataFrame
        What the costs of each year must come out at, see ``targets.from_history``.
    prices : DataFrame
        Tariffs, see ``providers.tariffs``.
    shape, offered, rng
        As for ``care_given.make``.

    Returns
    -------
    DataFrame
        ``trajectory`` (row of ``found``), ``month`` (months since year 0), ``period_start``, ``period_end``,
        ``volume``, ``unit``, ``tariff_cents``, ``amount_cents``, ``declared_month``, ``declared_on``.
    """
    years = target["year"].to_numpy()
    lines = _months(found, shape, years)
    lines = _priced(lines, found, offered, prices, shape)
    lines["volume"] = _volumes(lines, found, shape, rng)
    lines["volume"] = _calibrated(lines, found, target, shape)
    lines["amount_cents"] = lines["volume"] * lines["tariff_cents"]
    return _declared(lines, found, offered, shape, rng)


def _months(found: pd.DataFrame, shape: Shape, years: np.ndarray) -> pd.DataFrame:
    """One row per trajectory and month with care; products paid at the end have one row, in their last month."""
    first = _month_number(found["start_date"])
    last = _month_number(found["stop_date"])
    at_end = found["care_form"].isin([name for name, form in shape.forms.items() if form.at_end]).to_numpy()
    first = np.where(at_end, last, first)
    first, last = np.maximum(first, years.min() * 12), np.minimum(last, years.max() * 12 + 11)
    count = np.maximum(last - first + 1, 0)
    trajectory = np.repeat(np.arange(len(found)), count)
    month = np.arange(count.sum()) - np.repeat(count.cumsum() - count, count) + np.repeat(first, count)
    begin = (month - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    end = (month - 1970 * 12 + 1).astype("datetime64[M]").astype("datetime64[D]") - np.timedelta64(1, "D")
    start = found["start_date"].to_numpy().astype("datetime64[D]")[trajectory]
    stop = found["stop_date"].to_numpy().astype("datetime64[D]")[trajectory]
    begin, end = np.maximum(begin, np.minimum(start, end)), np.minimum(end, stop)
    return pd.DataFrame(
        {
            "trajectory": trajectory,
            "month": month,
            "period_start": np.minimum(begin, end),
            "period_end": end,
            "days": (end - begin).astype(int) + 1,
        }
    )


def _month_number(dates: pd.Series) -> np.ndarray:
    return dates.dt.year.to_numpy() * 12 + dates.dt.month.to_numpy() - 1


def _priced(
    lines: pd.DataFrame, found: pd.DataFrame, offered: pd.DataFrame, prices: pd.DataFrame, shape: Shape
) -> pd.DataFrame:
    """Product code, unit and tariff of the year."""
    first, count = int(prices["year"].min()), prices["year"].nunique()
    places = np.array([len(shape.forms[name].codes) for name in offered["care_form"]])
    start = (places * count).cumsum() - places * count
    trajectory = lines["trajectory"].to_numpy()
    offer = found["offer"].to_numpy()[trajectory]
    row = (
        start[offer] + found["place"].to_numpy()[trajectory] * count + lines["month"].to_numpy() // 12 - first
    )
    for name in ("provider", "product_code", "care_form", "unit", "tariff_cents"):
        lines[name] = prices[name].to_numpy()[row]
    return lines


def _volumes(lines: pd.DataFrame, found: pd.DataFrame, shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Units of a month: the days of a stay, one for a product, else hours around those of the trajectory."""
    forms = lines["care_form"].map({name: form.volume for name, form in shape.forms.items()}).to_numpy()
    level = rng.gamma(4.0, 0.25, len(found))[lines["trajectory"].to_numpy()]
    season = np.array(shape.season)[lines["month"].to_numpy() % 12]
    drawn = forms * level * season * rng.gamma(6.0, 1 / 6, len(lines)) * lines["days"].to_numpy() / 30.4375
    once = lines["care_form"].isin([name for name, form in shape.forms.items() if form.at_end]).to_numpy()
    return np.where(_whole_days(lines, shape), lines["days"], np.where(once, 1.0, drawn))


def _whole_days(lines: pd.DataFrame, shape: Shape) -> np.ndarray:
    return lines["care_form"].isin([name for name, form in shape.forms.items() if form.whole_days]).to_numpy()


def _calibrated(lines: pd.DataFrame, found: pd.DataFrame, target: pd.DataFrame, shape: Shape) -> np.ndarray:
    """Whole units, with the hours moved so far that the costs of each year are as published."""
    fixed = _whole_days(lines, shape) | lines["care_form"].isin(
        [name for name, form in shape.forms.items() if form.at_end]
    )
    year = lines["month"].to_numpy() // 12
    euros = lines["volume"].to_numpy() * lines["tariff_cents"].to_numpy() / 100
    factor = np.ones(len(lines))
    for one in target.itertuples():
        inside = year == one.year
        movable = euros[inside & ~fixed].sum()
        if movable > 0:
            wanted = (one.cost_eur - euros[inside & fixed].sum()) / movable
            factor[inside & ~fixed] = np.clip(wanted, *CAPACITY)
    return np.maximum(np.floor(lines["volume"].to_numpy() * factor + _dither(len(lines), fixed)), 1).astype(
        "int64"
    )


def _dither(count: int, fixed: np.ndarray) -> np.ndarray:
    """What is added before rounding down: evenly spread, so that the sum stays as it is."""
    return np.where(fixed, 0.0, (np.arange(count) * 0.618033988749895) % 1)


def _declared(
    lines: pd.DataFrame, found: pd.DataFrame, offered: pd.DataFrame, shape: Shape, rng: np.random.Generator
) -> pd.DataFrame:
    """The month and the day on which each line is declared."""
    offer = found["offer"].to_numpy()[lines["trajectory"].to_numpy()]
    month = lines["month"].to_numpy()
    pace = (
        offered["pace"].to_numpy()[offer] * rng.lognormal(0, 0.15, (len(offered), 4096))[offer, month % 4096]
    )
    drawn = rng.random(len(lines)) ** (1 / pace)
    declared = month.copy()
    for name, speed in shape.speeds.items():
        own = np.flatnonzero(offered["speed"].to_numpy()[offer] == name)
        cumulative = np.cumsum(speed.declared)
        if cumulative[-1] > 0.95:  # every line comes within the months given
            cumulative = cumulative / cumulative[-1]
        delay = np.searchsorted(cumulative, drawn[own])
        year_end = (month[own] // 12 + 1) * 12 + rng.integers(0, 3, len(own))
        late = np.maximum(year_end, month[own] + len(speed.declared))
        declared[own] = np.where(delay < len(speed.declared), month[own] + delay, late)
    skipped = rng.random((len(offered), 4096)) < 0.04  # a month in which a provider sends nothing
    declared += skipped[offer, declared % 4096] & (declared > month)
    day = offered["day"].to_numpy()[offer] + rng.integers(0, 5, (len(offered), 4096))[offer, declared % 4096]
    # What is declared in the month of care comes when the care of that month is done.
    date = np.where(
        declared == month, lines["period_end"].to_numpy().astype("datetime64[D]"), _date(declared, day)
    )
    return lines.assign(declared_month=declared, declared_on=date.astype("datetime64[s]"))


def _date(month: np.ndarray, day: np.ndarray) -> np.ndarray:
    return (month - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]") + (day - 1).astype(
        "timedelta64[D]"
    )
