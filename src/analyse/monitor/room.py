"""Budget room per provider (bestedingsruimte): used, completed, expected, and the date on which it runs out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from analyse.history import completion
from analyse.monitor import year_end

YEAR = 12
WITHIN = ("provider", "care_form")
NEVER = "later"
LIKELY = 0.5
"""From this chance on, the room of a provider counts as running out."""
COLUMNS = [
    "provider",
    "agreed_eur",
    "declared_eur",
    "completed_eur",
    "expected_eur",
    "q0.1",
    "q0.9",
    "probability",
    "at_risk_eur",
    "exhausted_early",
    "exhausted",
    "exhausted_late",
]


def looked_back(cells: pd.DataFrame, cut_off: str, members: Sequence[str]) -> completion.Uncertain:
    """Completion and forecast per provider of the members' care, completed by care form.

    Parameters
    ----------
    cells : DataFrame
        Declared amounts by municipality, care form, provider, month of care and month of declaration.
    cut_off : str
        Last month of which the declarations are known, "2024-12".
    members : sequence of str
        Municipality codes.
    """
    own = cells[cells["municipality_code"].isin(members)]
    own = own.groupby([*WITHIN, "product_month", "development_month"], observed=True)["amount_cents"].sum()
    return year_end.known(own.reset_index(), cut_off, by=("provider",), within=WITHIN)


def per_provider(
    found: completion.Uncertain,
    agreements: pd.DataFrame,
    *,
    members: Sequence[str],
    samples: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """What is left of each provider's agreed amount.

    Parameters
    ----------
    agreements : DataFrame
        provider, municipality_code, year, agreed_cents.
    found, members, samples, rng
        As for ``year_end.forecast``, ``found`` from ``looked_back``.

    Returns
    -------
    DataFrame
        One row per provider with an agreement in the year of the cut-off: agreed_eur, declared_eur, completed_eur,
        expected_eur (year end), q0.1 and q0.9 (80 %, EUR), probability that it is exceeded, at_risk_eur (mean of
        what goes beyond it), and exhausted, exhausted_early, exhausted_late: the date on which it runs out
        ("2024-10-17"; median, 10 % and 90 % of the samples; care of a month is taken to be spread evenly over its
        days), "later" where that is after the year. With too few months (``year_end.known``) what is completed or
        forecast is missing, the dates too.
    """
    own = found.completed
    year = own.cut_off // YEAR
    agreed = agreements[(agreements["year"] == year) & agreements["municipality_code"].isin(members)]
    agreed = agreed.groupby("provider", observed=True)["agreed_cents"].sum() / 100
    providers = own.keys["provider"]
    known = providers.isin(agreed.index).to_numpy()
    drawn = found.draw(samples, rng, series=known, months=found.months // YEAR == year)
    place = {name: row for row, name in enumerate(providers[known])}
    names = [name for name in agreed.index if name in place]
    rows = [
        _row(found, drawn[place[name]], float(agreed[name]), members=(providers == name).to_numpy())
        for name in names
    ]
    return pd.DataFrame(rows, columns=COLUMNS[1:]).assign(provider=names)[COLUMNS]


def _row(
    found: completion.Uncertain, drawn: np.ndarray, agreed: float, *, members: np.ndarray
) -> dict[str, object]:
    own = found.completed
    this_year = own.months // YEAR == own.cut_off // YEAR
    past = this_year & (own.months <= own.cut_off)
    total = drawn.sum(axis=0)
    low, high = np.quantile(total, [0.1, 0.9])
    beyond = np.maximum(total - agreed, 0)
    days = _day_reached(drawn, agreed, own.cut_off // YEAR)
    known = bool(np.isfinite(total).all())
    reached = np.quantile(days, [0.1, 0.5, 0.9], method="nearest")
    early, middle, late = (_date(own.cut_off // YEAR, day) if known else None for day in reached)
    return {
        "agreed_eur": agreed,
        "declared_eur": float(own.declared[members][:, past].sum()),
        "completed_eur": float(own.cost[members][:, past].sum()),
        "expected_eur": float(total.mean()),
        "q0.1": float(low),
        "q0.9": float(high),
        "probability": year_end.chance_above(total, agreed),
        "at_risk_eur": float(beyond.mean()),
        "exhausted_early": early,
        "exhausted": middle,
        "exhausted_late": late,
    }


def _day_reached(drawn: np.ndarray, agreed: float, year: int) -> np.ndarray:
    """Day of the year (0 is 1 January) on which the months (month, sample) reach an amount; infinite if they do not."""
    sums = drawn.cumsum(axis=0)
    reached = sums > agreed
    month, sample = reached.argmax(axis=0), np.arange(drawn.shape[1])
    spent = drawn[month, sample]
    missing = agreed - (sums[month, sample] - spent)
    part = np.clip(np.divide(missing, spent, out=np.zeros(len(sample)), where=spent > 0), 0, 1)
    starts = _starts(year)
    length = np.diff(starts)[month]
    return np.where(
        reached.any(axis=0), starts[month] + np.minimum(np.floor(part * length), length - 1), np.inf
    )


@cache
def _starts(year: int) -> np.ndarray:
    """Days before each month of a year, and its length."""
    months = np.arange(f"{year}-01", f"{year + 1}-02", dtype="datetime64[M]").astype("datetime64[D]")
    return (months - months[0]).astype(int)


def _date(year: int, day: float) -> str:
    return str((pd.Timestamp(year, 1, 1) + pd.Timedelta(days=day)).date()) if np.isfinite(day) else NEVER


def youths_at_risk(
    room: pd.DataFrame,
    trajectories: pd.DataFrame,
    *,
    members: Sequence[str],
    day: str | pd.Timestamp,
) -> pd.DataFrame:
    """Youths in care on a day with each provider, and those with one whose room more likely than not runs out.

    Parameters
    ----------
    room : DataFrame
        One row per provider: how much of its agreement it is expected to use.
    trajectories : DataFrame
        Start and end of care by youth, provider and municipality.
    members : sequence of str
        Municipality codes.
    day : str or Timestamp
        Youths whose care runs on this day count.

    Returns
    -------
    DataFrame
        ``room`` with the columns youths and youths_at_risk (zero where the room likely lasts): persons, untreated;
        hide small counts before showing.
    """
    day = pd.Timestamp(day)
    running = trajectories[
        trajectories["municipality_code"].isin(members)
        & (pd.to_datetime(trajectories["start_date"]) <= day)
        & ~(pd.to_datetime(trajectories["stop_date"]) <= day)
    ]
    counted = room["provider"].map(running.groupby("provider", observed=True)["client"].nunique())
    youths = counted.fillna(0).astype(float)
    return room.assign(youths=youths, youths_at_risk=youths.where(room["probability"] >= LIKELY, 0.0))
