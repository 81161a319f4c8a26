"""The columns of the history: what every figure and its status are called, in which unit."""

from __future__ import annotations

from analyse.schema import STATUSES, Column, Table
from analyse.schema.downloaded import CARE_FORMS

VALUES = {
    "youths": "youths_status",
    "youths_0_22": "youths_0_22_status",
    "clients": "clients_status",
    "cost_eur": "status",
    "budget_eur": "budget_status",
    "budget_with_policy_eur": "budget_with_policy_status",
}
"""Every figure of the history and the column with its status."""


def _figure(name: str, unit: str, description: str, minimum: float | None = None) -> Column:
    return Column(name, "number", description, unit=unit, required=False, minimum=minimum)


def _status(name: str) -> Column:
    return Column(name, "text", "what kind of figure it is", allowed=tuple(STATUSES))


def _columns(*area: Column) -> tuple[Column, ...]:
    return (
        *area,
        Column("care_form", "text", "form of youth care; total for all", allowed=CARE_FORMS),
        Column("period", "integer", "calendar year", unit="year", minimum=2017),
        _figure("cost_eur", "EUR", "spending on youth care in the accounts, personal budgets included"),
        _status("status"),
        _figure(
            "budget_eur", "EUR", "spending on youth care in the original budget, personal budgets included"
        ),
        _status("budget_status"),
        _figure(
            "budget_with_policy_eur",
            "EUR",
            "the budget with policy and coordination (6.92), apart from 2025 on",
        ),
        _status("budget_with_policy_status"),
        _figure("youths", "youths", "inhabitants of 0 to 17 on 1 January", minimum=0),
        _status("youths_status"),
        _figure("youths_0_22", "youths", "inhabitants of 0 to 22 on 1 January", minimum=0),
        _status("youths_0_22_status"),
        _figure("clients", "youths", "youths of 0 to 22 with youth care in kind during the year", minimum=0),
        _status("clients_status"),
        Column("source", "text", "publications the figures of this row were taken from", required=False),
    )


def _history(name: str, unit: str, **area: str) -> Table:
    """A history with a row per ``unit``, care form and year; ``area``: its columns and their meaning, first the key."""
    title = f"Youths, clients, costs and budget by {unit} and year"
    columns = _columns(*(Column(column, "text", meaning) for column, meaning in area.items()))
    return Table(name, title, (next(iter(area)), "care_form", "period"), columns)


HISTORY = _history(
    "history",
    "municipality",
    municipality_code="CBS municipality code",
    municipality="name of the municipality",
    region_code="code of the youth region of the composition",
    region="name of that region",
)
AREA_HISTORY = _history(
    "history by area",
    "area",
    area_code="municipality code, region code or ALL",
    area="name of the area",
)
