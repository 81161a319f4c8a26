"""Simulated terms of contracts: names of providers, an agreed framework, a calendar and proposed tariffs."""

from __future__ import annotations

import pandas as pd

from analyse.sources.declarations.demo.simulation import Simulation

NAME = "Gesimuleerde aanbieder {number}"
NOTICE_DAYS, RENEWAL_MONTHS = 180, 12
STEP_MONTHS = 3
"""Agreed durations are whole quarters."""
PROPOSED = (3.0, 5.0, 4.5)
"""What the providers with most euros propose to add to their tariffs, in per cent; the last one for one form."""
SOONEST, STAGGER = 6, 6
"""Months after the last year in which the first contracts end, and between one group of providers and the next."""


def tables(made: Simulation) -> dict[str, pd.DataFrame]:
    """The tables of ``data/contracts`` that say more than amounts and tariffs.

    Parameters
    ----------
    made : Simulation
        From ``simulate``.

    Returns
    -------
    dict of DataFrame
        providers, framework, calendar and proposals, as ``contracts.read`` takes them.
    """
    providers = sorted(made.tariffs["provider"].unique())
    first, last = (int(one) for one in made.budgets["year"].agg(["min", "max"]))
    return {
        "providers": pd.DataFrame(
            {"provider": providers, "name": [NAME.format(number=n) for n, _ in enumerate(providers, start=1)]}
        ),
        "framework": _framework(made.trajectories),
        "calendar": _calendar(providers, first, last),
        "proposals": _proposals(made.agreements, last),
    }


def _framework(trajectories: pd.DataFrame) -> pd.DataFrame:
    """An agreed duration of each form: the median of what really happens, in whole quarters."""
    start, stop = (pd.to_datetime(trajectories[name]) for name in ("start_date", "stop_date"))
    months = ((stop - start).dt.days / 30.44).groupby(trajectories["care_form"]).median().dropna()
    agreed = (months / STEP_MONTHS).round().clip(lower=1) * STEP_MONTHS
    return pd.DataFrame(
        {"care_form": agreed.index, "product_code": "", "agreed_months": agreed.astype(int).to_numpy()}
    )


def _calendar(providers: list[str], first: int, last: int) -> pd.DataFrame:
    """Contracts from the first year on, that end in turn."""
    ends = [
        (pd.Period(f"{last}-12") + SOONEST + STAGGER * (number % 3)).end_time
        for number in range(len(providers))
    ]
    return pd.DataFrame(
        {
            "provider": providers,
            "starts_on": f"{first}-01-01",
            "ends_on": [one.strftime("%Y-%m-%d") for one in ends],
            "notice_days": NOTICE_DAYS,
            "renewal_months": RENEWAL_MONTHS,
        }
    )


def _proposals(agreements: pd.DataFrame, last: int) -> pd.DataFrame:
    """Higher tariffs of the providers with which most was agreed."""
    largest = agreements.groupby("provider")["agreed_cents"].sum().nlargest(len(PROPOSED)).index
    own = agreements[agreements["provider"].eq(largest[-1])]
    form = own.groupby("care_form")["agreed_cents"].sum().idxmax()
    return pd.DataFrame(
        {
            "provider": largest,
            "care_form": ["" if number + 1 < len(largest) else form for number in range(len(largest))],
            "starts_on": f"{last + 1}-01-01",
            "change_percent": PROPOSED[: len(largest)],
        }
    )
