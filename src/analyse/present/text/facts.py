"""The few numbers that the first screen of a report says in words; no words here."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import pandas as pd

from analyse import compare
from analyse.history import areas
from analyse.history.areas import ALL
from analyse.history.breaks import EXCLUDED, touching
from analyse.parameters import Break
from analyse.present.text import formats
from analyse.present.text.evidence import NAN, Budget, Cost, Evidence, KeyFigure
from analyse.present.text.language import N_

Found = TypeVar("Found")

TOGETHER = {
    areas.ALL_NAME: N_("the three regions together"),
    areas.ALL_COUNTRY: N_("the Netherlands"),
    areas.ALL_OTHERS: N_("all regions together"),
}
"""Name of all regions -> how a sentence calls them."""
YEARS_AHEAD = 3
"""From the last accounts to the forecast that is stated first."""
DECIDED = 3
"""So many years after the last accounts is the last budget that a council has decided on: in November the next one."""
EQUAL_AGES = "clients_direct_per_100"
"""The measure of use at equal ages: directly standardised, so that two areas can be laid side by side."""


def dates(history: pd.DataFrame, area_code: str) -> dict[str, int]:
    """The last year of an area with accounts, with use and with a whole budget; what is unknown is left out.

    Parameters
    ----------
    history : DataFrame
        From ``panel.by_area``.
    area_code : str
        Code of the area.

    Examples
    --------
    >>> rows = pd.DataFrame({"area_code": "GM0599", "period": [2022, 2024, 2025, 2026],
    ...                      "cost_eur": [290.0, 320.0, NAN, NAN], "clients": [12685.0, NAN, NAN, NAN],
    ...                      "budget_eur": [250.0, 260.0, 320.0, 90.0],
    ...                      "budget_status": ["final", "final", "final", "incomplete"]})
    >>> dates(rows, "GM0599")
    {'accounts': 2024, 'use': 2022, 'budget': 2025}
    """
    rows = _area(history, area_code)
    rows = rows.assign(budget_eur=rows["budget_eur"].where(rows["budget_status"].isin(compare.WHOLE)))
    columns = {"accounts": "cost_eur", "use": "clients", "budget": "budget_eur"}
    last = {name: rows.loc[rows[column].notna(), "period"].max() for name, column in columns.items()}
    return {name: int(period) for name, period in last.items() if pd.notna(period)}


def worked_out_once(fact: Callable[..., Found]) -> Callable[..., Found]:
    """Keep a fact of some areas with the evidence that it follows from, for whoever asks again."""

    @functools.wraps(fact)
    def kept(evidence: Evidence, *area_codes: str) -> Found:
        asked = (fact.__name__, *area_codes)
        if asked not in evidence.found:
            evidence.found[asked] = fact(evidence, *area_codes)
        return evidence.found[asked]

    return kept


@worked_out_once
def cost(evidence: Evidence, area_code: str) -> Cost:
    """The last known accounts of an area and the forecast of ``YEARS_AHEAD`` later."""
    rows, forecast = _area(evidence.areas, area_code), forecasts(evidence.summary, area_code, "cost_eur")
    accounted = rows[rows["period"].lt(_first(forecast["period"], int(rows["period"].max()) + 1))]
    last = accounted.sort_values("period").tail(1)
    period = int(last["period"].iloc[0]) if len(last) else None
    value = float(last["cost_eur"].iloc[0]) if len(last) else NAN
    status = str(last["status"].iloc[0]) if len(last) else "missing"
    wanted = forecast[forecast["period"].le((period or 0) + YEARS_AHEAD)].tail(1)
    found = Cost(str(rows["area"].iloc[0]), period, value, status, together=area_code == ALL)
    if wanted.empty:
        return found
    row = wanted.iloc[0]
    return replace(
        found, target=int(row["period"]), middle_eur=row["q0.5"], low_eur=row["q0.1"], high_eur=row["q0.9"]
    )


def forecasts(summary: pd.DataFrame, area_code: str, measure: str) -> pd.DataFrame:
    """The forecast rows of one area and measure by year, without cost years that have accounts.

    Parameters
    ----------
    summary : DataFrame
        ``forecast.summary.quantiles``.
    area_code : str
        Which area.
    measure : str
        ``cost_eur`` or ``clients``.
    """
    rows = summary[summary["area_code"].eq(area_code) & summary["measure"].eq(measure)]
    if measure == "cost_eur" and "stage" in rows:
        rows = rows[rows["stage"].ne("observed")]
    return rows.sort_values("period")


@worked_out_once
def cost_per_youth(evidence: Evidence, area_code: str, reference_code: str) -> KeyFigure:
    """Accounts in EUR per inhabitant of 0 to 17, in the last year that has them.

    Parameters
    ----------
    evidence : Evidence
        The tables behind the first screen.
    area_code, reference_code : str
        The area, and the one it is compared with.
    """
    return _rate(evidence, area_code, reference_code, "cost_per_youth_eur", "youths_status")


@worked_out_once
def clients_per_100(evidence: Evidence, area_code: str, reference_code: str) -> KeyFigure:
    """Youths with youth care per 100 inhabitants of 0 to 22, in the last year that has them.

    Parameters
    ----------
    evidence, area_code, reference_code
        As for ``cost_per_youth``.
    """
    plain = _rate(evidence, area_code, reference_code, "clients_per_100_youths", "youths_0_22_status")
    if evidence.usual is not None:
        rows = _area(evidence.usual, area_code)
        ends = rows.loc[rows["period"].eq(plain.period), ["usual_low", "usual_high"]]
        plain = replace(plain, **({} if ends.empty else ends.iloc[0].astype(float).to_dict()))
    if evidence.equal_ages is None or plain.period is None:
        return plain
    rows = evidence.equal_ages
    rows = rows[rows["measure"].eq(EQUAL_AGES) & rows["period"].le(plain.period)].dropna(subset="value")
    both = rows.pivot(index="period", columns="area_code", values="value").reindex(
        columns=[area_code, reference_code]
    )
    known = both.dropna().index
    if known.empty:
        return plain
    rows = rows[rows["period"].eq(known.max())].set_index("area_code")
    own, other = rows.loc[area_code], rows.loc[reference_code]
    equal = KeyFigure(
        own["value"],
        int(known.max()),
        True,
        reference=other["value"],
        low=own["low"],
        high=own["high"],
        reference_name=plain.reference_name,
    )
    return replace(plain, equal_ages=equal)


@worked_out_once
def expected_change(evidence: Evidence, area_code: str, reference_code: str) -> KeyFigure:
    """Change of the costs in per cent, from the last accounts to three years later, with its 80 % interval.

    Parameters
    ----------
    evidence, area_code, reference_code
        As for ``cost_per_youth``.
    """
    own, other = cost(evidence, area_code), _try_cost(evidence, reference_code)
    if own.status not in compare.WHOLE:
        return KeyFigure(period=own.target)
    low, middle, high = (
        100 * (amount / own.cost_eur - 1) for amount in (own.low_eur, own.middle_eur, own.high_eur)
    )
    reference = (
        100 * (other.middle_eur / other.cost_eur - 1) if other and other.status in compare.WHOLE else NAN
    )
    return KeyFigure(
        middle,
        own.target,
        True,
        reference=reference,
        low=low,
        high=high,
        previous_period=own.period,
        reference_name=_name(evidence, area_code, reference_code),
    )


@worked_out_once
def budget_risk(evidence: Evidence, area_code: str, reference_code: str) -> KeyFigure:
    """Chance in per cent that the costs exceed the last known budget; one further ahead is a multi-year one.

    ``low`` is the chance against the largest budget that can be meant, where bookkeeping leaves that open.

    Parameters
    ----------
    evidence, area_code, reference_code
        As for ``cost_per_youth``.
    """
    accounts = cost(evidence, area_code).period
    decided = (
        evidence.risk if accounts is None else evidence.risk[evidence.risk["period"].le(accounts + DECIDED)]
    )
    last = _last(decided, area_code, "probability", by="period")
    if last is None:
        return KeyFigure()
    there = _area(evidence.risk, reference_code).set_index("period")
    other, lowest = there["probability"], there.get("probability_low", there["probability"])
    return KeyFigure(
        100 * last["probability"],
        int(last["period"]),
        True,
        low=100 * last.get("probability_low", last["probability"]),
        reference=100 * other.get(last["period"], NAN),
        reference_low=100 * lowest.get(last["period"], NAN),
        broken=_break_before(evidence, area_code, last),
        reference_name=_name(evidence, area_code, reference_code),
    )


def budget(evidence: Evidence, area_code: str, period: int) -> Budget:
    """The budget of a year beside that of the year before and beside the middle of the forecast.

    Parameters
    ----------
    evidence, area_code
        As for ``cost``.
    period : int
        Year of the budget.
    """
    rows = _area(evidence.areas, area_code)
    whole = rows[rows["budget_status"].isin(compare.WHOLE)].set_index("period")["budget_eur"]
    ahead = forecasts(evidence.summary, area_code, "cost_eur").set_index("period")["q0.5"]
    amount = whole.get(period, NAN)
    name = str(rows["area"].iloc[0]) if len(rows) else ""
    growth, gap = amount / whole.get(period - 1, NAN), amount / ahead.get(period, NAN)
    return Budget(name, period, 100 * (growth - 1), 100 * (gap - 1))


def _break_before(evidence: Evidence, area_code: str, risk: pd.Series) -> Break | None:
    """The first declared change of bookkeeping between the last accounts and the year of the budget."""
    accounts = cost(evidence, area_code).period or int(risk["period"])
    return _first_break(evidence, [], "costs", range(accounts + 1, int(risk["period"]) + 1))


@worked_out_once
def residential_share(evidence: Evidence, area_code: str, reference_code: str) -> KeyFigure:
    """Share of youths with youth help in residential care, in per cent; estimated for a region.

    Parameters
    ----------
    evidence, area_code, reference_code
        As for ``cost_per_youth``.
    """
    last = _last(evidence.residential, area_code, "share_percent", by="year")
    if last is None:
        return KeyFigure()
    other = _area(evidence.residential, reference_code).set_index("year")["share_percent"]
    marks = evidence.marks(area_code, reference_code, "residential_share_percent", int(last["year"]))
    return KeyFigure(
        float(last["share_percent"]),
        int(last["year"]),
        not area_code.startswith("GM"),
        reference=other.get(last["year"], NAN),
        flags=marks,
        reference_name=_name(evidence, area_code, reference_code),
    )


def highlights(evidence: Evidence, area_code: str) -> dict[str, Any]:
    """The numbers of one row of the index: amounts in EUR, change in per cent, chance 0 to 1; None if unknown.

    ``series`` holds accounts (year, amount) and forecast (year, middle, low and high of the 80 % interval).
    """
    figures, change = cost(evidence, area_code), expected_change(evidence, area_code, "")
    risk = budget_risk(evidence, area_code, "")
    values = {
        "cost_eur": figures.cost_eur,
        "period": figures.period,
        "target": figures.target,
        "expected_change_percent": change.value,
        "low": change.low,
        "high": change.high,
        "expected_eur": figures.middle_eur,
        "low_eur": figures.low_eur,
        "high_eur": figures.high_eur,
        "chance_budget_exceeded": risk.value / 100,
        "chance_low": risk.low / 100,
        "budget_period": risk.period,
    }
    numbers = {key: _short(value) for key, value in values.items()}
    return numbers | {"cost_status": figures.status, "series": _series(evidence, area_code, figures.period)}


def _series(evidence: Evidence, area_code: str, last: int | None) -> dict[str, list[list[Any]]]:
    """Whole accounts up to the last year, and the forecast."""
    rows = _area(evidence.areas, area_code).sort_values("period")
    rows = rows[rows["period"].le(last or 0)]
    whole = rows["cost_eur"].where(rows["status"].isin(compare.WHOLE))
    ahead = forecasts(evidence.summary, area_code, "cost_eur")
    names = ["q0.5", "q0.1", "q0.9"]
    return {
        "accounts": [[int(year), _short(value)] for year, value in zip(rows["period"], whole, strict=True)],
        "forecast": [
            [int(row["period"]), *(_short(row[name]) for name in names)] for row in ahead.to_dict("records")
        ],
    }


def _short(value: float | None) -> float | None:
    """Six digits of a number, None if unknown."""
    return float(f"{value:.6g}") if value is not None and formats.known(value) else None


def _rate(
    evidence: Evidence, area_code: str, reference_code: str, column: str, youths_status: str
) -> KeyFigure:
    codes = [area_code, reference_code]
    areas = evidence.areas[evidence.areas["area_code"].isin(codes)].reset_index(drop=True)
    rates = compare.measures(areas).assign(status=areas[youths_status])
    own = _area(rates, area_code).dropna(subset=column).sort_values("period")
    if own.empty:
        return KeyFigure()
    last, before = own.iloc[-1], own.iloc[-2] if len(own) > 1 else None
    broken = _first_break(evidence, [area_code], column, [int(last["period"])])
    if broken is not None:
        before = None  # what changed is how it is counted: no growth
    other = _area(rates, reference_code).set_index("period")[column]
    return KeyFigure(
        float(last[column]),
        int(last["period"]),
        last["status"] == "estimated",
        previous=float(before[column]) if before is not None else NAN,
        previous_period=int(before["period"]) if before is not None else None,
        reference=other.get(last["period"], NAN),
        reference_name=_name(evidence, area_code, reference_code),
        broken=broken,
        flags=evidence.marks(area_code, reference_code, column, int(last["period"])),
    )


def _first_break(
    evidence: Evidence, codes: Sequence[str], column: str, periods: Sequence[int]
) -> Break | None:
    """The first declared break that a trend in costs or usage may not cross."""
    measure = "usage" if column.startswith("clients") else "costs"
    found = [one for one in touching(evidence.breaks, codes, measure, periods) if one.effect == EXCLUDED]
    return found[0] if found else None


def _area(frame: pd.DataFrame, area_code: str) -> pd.DataFrame:
    return frame[frame["area_code"].eq(area_code)]


def _last(frame: pd.DataFrame, area_code: str, column: str, *, by: str) -> pd.Series | None:
    """The last row of an area in which a column is known; None without one."""
    rows = _area(frame, area_code).dropna(subset=column).sort_values(by)
    return None if rows.empty else rows.iloc[-1]


def _first(values: pd.Series, otherwise: int) -> int:
    return int(values.iloc[0]) if len(values) else otherwise


def _try_cost(evidence: Evidence, area_code: str) -> Cost | None:
    return cost(evidence, area_code) if len(_area(evidence.areas, area_code)) else None


def _name(evidence: Evidence, area_code: str, reference_code: str) -> str:
    if reference_code == ALL != area_code:
        rows = _area(evidence.areas, ALL)
        return TOGETHER.get(str(rows["area"].iloc[0]) if len(rows) else "", TOGETHER[areas.ALL_OTHERS])
    rows = _area(evidence.areas, reference_code)
    return str(rows["area"].iloc[0]) if len(rows) and reference_code != area_code else ""
