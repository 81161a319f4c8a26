"""The business case for society: what measures do outside the youth budget, and what must be true to pay back.

A saving of the municipality is none for society where somebody else pays more. What is known of that stands in
``parameters/outside_benefits.yaml`` per euro saved, with the kind of evidence; where nothing was found it is 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from analyse.parameters import BothLanguages, Strict, read_declared
from analyse.scenario import business_case
from analyse.scenario.definitions import Setting
from analyse.scenario.model import Inputs


class Outside(Strict):
    """What a measure does outside the youth budget, per euro saved in it."""

    id: str
    title: BothLanguages
    who: BothLanguages
    levers: list[str]
    """The measures it is about; none named is all."""
    per_euro: float
    low: float
    high: float
    evidence: Literal["A", "B", "C", "D", "none"]
    source: BothLanguages

    @model_validator(mode="after")
    def _in_order(self) -> Outside:
        if not self.low <= self.per_euro <= self.high:
            raise ValueError(f"{self.id}: low, per_euro and high must be in that order")
        if self.evidence == "none" and (self.low, self.high) != (0.0, 0.0):
            raise ValueError(f"{self.id}: where nothing was found, per_euro, low and high are 0")
        return self


def outside() -> tuple[Outside, ...]:
    """What is known about benefits outside the youth budget.

    Examples
    --------
    >>> [one.id for one in outside() if one.evidence != "none"]
    ['long-term-care', 'acute-care']
    """
    return tuple(read_declared(Annotated[list[Outside], Field(min_length=1)], "outside_benefits.yaml"))


def table(
    inputs: Inputs,
    settings: Mapping[str, Setting],
    *,
    rates: business_case.Rates,
    worked_out: Mapping[str, business_case.Case] | None = None,
) -> pd.DataFrame:
    """The business case of each measure alone and of all together, with what must be true for it to pay back.

    Parameters
    ----------
    inputs, settings, rates
        As for ``business_case.work_out``.
    worked_out : mapping of Case, optional
        ``business_case.cases`` of these, where they were worked out before.

    Returns
    -------
    DataFrame
        Rows of ``business_case.table`` with yearly_room_eur: what may be spent more in each year from the start on
        before the middle present value is 0 (below 0: what it must cost less, or save more), EUR of the base year.
    """
    found = business_case.table(inputs, settings, rates=rates, worked_out=worked_out)
    starts = {name: setting.start for name, setting in settings.items()}
    starts[business_case.WHOLE] = min(starts.values())
    years = np.asarray(inputs.years)
    factors = {
        name: float(((1 + rates.interest) ** -np.maximum(0, years - first))[years >= first].sum())
        for name, first in starts.items()
    }
    room = [
        row.present / factors[row.lever] for row in found.rename(columns={"q0.5": "present"}).itertuples()
    ]
    return found.assign(yearly_room_eur=room)


def beyond(
    inputs: Inputs,
    settings: Mapping[str, Setting],
    known: Sequence[Outside],
    *,
    rates: business_case.Rates,
    worked_out: Mapping[str, business_case.Case] | None = None,
) -> pd.DataFrame:
    """What the measures do outside the youth budget: one row for each entry of ``outside``.

    Parameters
    ----------
    inputs, settings, rates, worked_out
        As for ``table``.
    known : sequence of Outside
        ``outside()``.

    Returns
    -------
    DataFrame
        id, mean_eur, low_eur and high_eur: present values at the social rate, in EUR of the base year, of the mean
        saving of the measures that it is about; 0 where nothing was found or none of them is used.
    """
    saved: dict[str, float] = {}
    rows = []
    for one in known:
        names = [name for name in settings if not one.levers or name in one.levers]
        total = 0.0
        for name in names if one.evidence != "none" else ():
            if name not in saved:
                case = (worked_out or {}).get(name) or business_case.work_out(
                    inputs, {name: settings[name]}, rates=rates
                )
                since = np.maximum(0, np.asarray(inputs.years) - settings[name].start)[:, None]
                worth = case.amounts["saving_eur"] / inputs.price / (1 + rates.social) ** since
                saved[name] = float(worth.sum(axis=0).mean())
            total += saved[name]
        ends = sorted((one.low * total, one.high * total))
        rows.append({"id": one.id, "mean_eur": one.per_euro * total, "low_eur": ends[0], "high_eur": ends[1]})
    return pd.DataFrame(rows)
