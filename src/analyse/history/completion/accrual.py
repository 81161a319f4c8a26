"""Work in progress: products that are billed once, at their end, spread over the months in which the care is given.

While such a product runs nothing is declared for it, so declarations say nothing about the newest months, and
the bill falls in one month of care that is given in many. Here each trajectory counts for its part of every month:
one that has ended for its days in the month over its whole duration, one that runs for what is likely, given that it
has lasted so long already (Kaplan and Meier, Journal of the American Statistical Association 53, 1958: running ones
count). What was known at the end of every month is computed for every month, so the outcome is a triangle like any
other: how far such estimates are off is learned from the past like the rest.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.history.completion.triangle import AMOUNT, LAG, LAGS, MONTH, month_number

ACCRUED = "accrued"
"""Stands for the provider in cells that are accrued: they are a speed class of their own."""
SETTLED = 15
"""Months after which the bill of what has ended is in."""
LONGEST = 120
"""Months: what lasts longer counts as this long."""
DAYS = 30.4375
FEW = 0.3
"""Bills a month of care, below which a product is billed at its end and not by the month."""
BELIEF = 20
"""Bills of a year that count for as much as the price of the year before."""
ONE = (0.7, 1.3)
"""Bills for each trajectory that ended, of such a product."""


def billed_at_end(cells: pd.DataFrame, trajectories: pd.DataFrame, cut_off: str | pd.Timestamp) -> list[str]:
    """Find the care forms of which a trajectory brings one bill, from the figures of months that are settled.

    Parameters
    ----------
    cells : DataFrame
        care_form, product_month and lines, the number of bills.
    trajectories : DataFrame
        care_form, start_date and stop_date.
    cut_off : str or Timestamp
        Last month of which the declarations are known.
    """
    last = _number(cut_off) - SETTLED
    known = cells[(month_number(cells[MONTH]) <= last) & (month_number(cells[MONTH]) > last - 24)]
    bills = known.groupby("care_form")["lines"].sum()
    start, stop = _ends(trajectories)
    ended = ((stop <= last) & (stop > last - 24)).astype(float)
    running = (np.minimum(stop, last) - np.maximum(start, last - 23) + 1).clip(min=0)
    told = pd.DataFrame({"form": trajectories["care_form"].to_numpy(), "ended": ended, "months": running})
    told = told.groupby("form").sum().reindex(bills.index).fillna(0)
    once = (bills / told["ended"].where(told["ended"] > 0)).between(*ONE)
    return sorted(bills.index[once & (bills < FEW * told["months"])])


def accrued(
    cells: pd.DataFrame,
    trajectories: pd.DataFrame,
    cut_off: str | pd.Timestamp,
    *,
    forms: list[str] | None = None,
) -> pd.DataFrame:
    """The cells with those of products billed at their end replaced by what they cost by month of care.

    Parameters
    ----------
    cells : DataFrame
        municipality_code, care_form, provider, product_month, development_month, amount_cents, volume, lines.
    trajectories : DataFrame
        municipality_code, care_form, start_date, stop_date (missing where it runs; later than the cut-off is not used).
    cut_off : last month of which declarations and messages are known
    forms : care forms billed at their end; by default as ``billed_at_end`` finds them

    Returns
    -------
    DataFrame
        The same columns, volume and lines left out. Of the forms provider is ``ACCRUED``, and amount_cents is what the
        estimate of a month of care changed by in a later month: negative where it came down.

    Raises
    ------
    DataError
        A column is missing.
    """
    absent = [name for name in ("volume", "lines") if name not in cells]
    absent += [name for name in ("care_form", "start_date", "stop_date") if name not in trajectories]
    if absent:
        raise DataError(
            f"accrual: no column {', '.join(absent)}; give cells with volume and lines, and trajectories"
        )
    forms = billed_at_end(cells, trajectories, cut_off) if forms is None else forms
    columns = ["municipality_code", "care_form", "provider", MONTH, LAG, AMOUNT]
    parts = [cells.loc[~cells["care_form"].isin(forms), columns]]
    for form in forms:
        own = trajectories[(trajectories["care_form"] == form) & trajectories["start_date"].notna()]
        bills = cells[cells["care_form"] == form]
        if len(own) and len(bills):
            parts.append(
                _form(bills, own, _number(cut_off)).assign(care_form=form, provider=ACCRUED)[columns]
            )
    return pd.concat(parts, ignore_index=True)


def _form(bills: pd.DataFrame, own: pd.DataFrame, last: int) -> pd.DataFrame:
    """Cells of one form: what was thought of each month of care, at the end of each month."""
    first = int(month_number(bills[MONTH]).min())
    months = np.arange(first, last + 1)
    codes, names = pd.factorize(own["municipality_code"], sort=True)
    member = np.equal.outer(np.arange(len(names)), codes).astype(float)
    thought = np.zeros((len(names), len(months), len(months)))
    for place, month in enumerate(months):
        thought[:, : place + 1, place] = member @ _as_known(bills, own, first, int(month))
    rows = []
    for place in range(len(months)):
        lags = np.diff(thought[:, place, place:], axis=1, prepend=0.0)
        kept = np.minimum(np.arange(lags.shape[1]), LAGS)
        rows.append(
            pd.DataFrame(
                {
                    "municipality_code": np.repeat(np.asarray(names), lags.shape[1]),
                    "month": months[place],
                    LAG: np.tile(kept, len(names)),
                    AMOUNT: lags.ravel() * 100,
                }
            )
        )
    table = pd.concat(rows).groupby(["municipality_code", "month", LAG], as_index=False)[AMOUNT].sum()
    dates = pd.to_datetime({"year": table["month"] // 12, "month": table["month"] % 12 + 1, "day": 1})
    return table.assign(**{MONTH: dates, AMOUNT: table[AMOUNT].round()})[table[AMOUNT].round() != 0]


def _as_known(bills: pd.DataFrame, own: pd.DataFrame, first: int, month: int) -> np.ndarray:
    """EUR of each trajectory in each month of care from ``first`` on, as known at the end of ``month``."""
    start, stop = own["start_date"].to_numpy("datetime64[D]"), own["stop_date"].to_numpy("datetime64[D]")
    begin = (np.arange(first, month + 2) - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    end = begin[-1]
    ended = ~np.isnat(stop) & (stop < end)
    until = np.where(ended, stop + 1, end)
    days = (
        (np.minimum(until[:, None], begin[1:]) - np.maximum(start[:, None], begin[:-1]))
        .astype(float)
        .clip(min=0)
    )
    length = (until - start).astype(float).clip(min=1)
    begun = start < end
    part = np.where(ended, 1 / length, _running(length, ended, begun))
    price = _price(bills, month) * _bills_each(bills, own, month)
    stopped = np.where(ended, _number_of(until - 1), month)
    return (
        np.where(
            begun,
            part * price[np.minimum(stopped, month).clip(min=_price_start(bills)) - _price_start(bills)],
            0,
        )[:, None]
        * days
    )


def _running(length: np.ndarray, ended: np.ndarray, begun: np.ndarray) -> np.ndarray:
    """Part of the product in a day of a trajectory that has lasted so long: mean of one over the whole duration."""
    age = np.minimum(length / DAYS, LONGEST - 1).astype(int)
    stops = np.bincount(age[ended & begun], minlength=LONGEST).astype(float)
    at_risk = np.bincount(age[begun], minlength=LONGEST)[::-1].cumsum()[::-1]
    hazard = np.divide(stops, at_risk, out=np.zeros(LONGEST), where=at_risk > 0)
    hazard[-1] = 1.0
    left = np.concatenate([[1.0], np.cumprod(1 - hazard)[:-1]])
    inverse = left * hazard / ((np.arange(LONGEST) + 0.5) * DAYS)
    onward = inverse[::-1].cumsum()[::-1]
    mean = np.divide(onward, left, out=1 / ((np.arange(LONGEST) + 0.5) * DAYS), where=left > 0)
    return np.minimum(mean[age], 1 / length)


def _price_start(bills: pd.DataFrame) -> int:
    """First month with a price: January of the year before the first bill."""
    return int(month_number(bills[MONTH]).min()) // 12 * 12 - LONGEST


def _price(bills: pd.DataFrame, month: int) -> np.ndarray:
    """EUR of one product by month of its end, from the bills known at the end of a month; tariffs go by the year."""
    care = month_number(bills[MONTH])
    known = bills[care + bills[LAG].to_numpy() <= month]
    years = np.arange(_price_start(bills) // 12, month // 12 + 1)
    summed = (
        known.groupby(month_number(known[MONTH]) // 12)[[AMOUNT, "volume"]].sum().reindex(years, fill_value=0)
    )
    price = float(known[AMOUNT].sum() / max(known["volume"].sum(), 1))
    found = []
    for amount, volume in summed.itertuples(index=False):
        price = float((amount + BELIEF * price) / (max(volume, 0) + BELIEF))
        found.append(price / 100)
    return np.repeat(found, 12)


def _bills_each(bills: pd.DataFrame, own: pd.DataFrame, month: int) -> float:
    """Products billed for each trajectory that ended, in two settled years; one where there are none yet."""
    settled = month - SETTLED
    care = month_number(bills[MONTH])
    inside = (care <= settled) & (care > settled - 24) & (care + bills[LAG].to_numpy() <= month)
    begin = max(settled - 24, int(care.min()) - 1)
    _, stop = _ends(own)
    ended = int(((stop <= settled) & (stop > begin)).sum())
    return float(bills["volume"].to_numpy()[inside].sum() / ended) if ended and inside.any() else 1.0


def _ends(trajectories: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """First and last month of each trajectory, as months since year 0; far away where it runs or never began."""
    start, stop = (
        _number_of(trajectories[name].to_numpy("datetime64[D]")) for name in ("start_date", "stop_date")
    )
    return start, stop


def _number_of(days: np.ndarray) -> np.ndarray:
    never = np.isnat(days)
    return np.where(
        never,
        10**6,
        np.where(never, np.datetime64(0, "D"), days).astype("datetime64[M]").astype(int) + 1970 * 12,
    )


def _number(date: str | pd.Timestamp) -> int:
    return int(month_number(pd.Series([pd.Timestamp(date)]))[0])
