"""The fair measures of ``compare`` in words: what each is called, how it is written, and its unit on an axis."""

from __future__ import annotations

from dataclasses import dataclass

from analyse.present import formats, tables
from analyse.present.language import N_, Words


@dataclass(frozen=True)
class Measured:
    """One measure: its name, the kind of ``tables``, the factor from value to shown value, unit and source."""

    name: str
    kind: str
    factor: float
    unit: str
    source: str


CBS_IV3 = N_("CBS and Ministry of BZK: Iv3 accounts and budgets; CBS: youths")
CBS_USAGE = N_("CBS: youths with youth care in kind, and inhabitants by age")
BZK = N_("Ministry of BZK: circulars of the municipal fund; CBS and BZK: Iv3 accounts and budgets")
MEASURES = {
    "cost_per_youth_eur": Measured(
        N_("costs per youth"), "euro", 1, N_("euros per youth of 0 to 17"), CBS_IV3
    ),
    "budget_per_youth_eur": Measured(
        N_("budget per youth"), "euro", 1, N_("euros per youth of 0 to 17"), CBS_IV3
    ),
    "clients_per_100_youths": Measured(
        N_("youths with care per 100 youths"), "decimal", 1, N_("per 100 youths of 0 to 22"), CBS_USAGE
    ),
    "cost_per_client_eur": Measured(
        N_("costs per youth with care"), "euro", 1, N_("euros per youth with care"), CBS_IV3
    ),
    "cost_growth_fraction": Measured(N_("growth of costs"), "percent1", 100, N_("per cent"), CBS_IV3),
    "overspend_fraction": Measured(N_("accounts above budget"), "percent1", 100, N_("per cent"), CBS_IV3),
    "residential_share_percent": Measured(
        N_("share with residential care"), "percent1", 1, N_("per cent of youths with youth help"), CBS_USAGE
    ),
    "protection_percent": Measured(
        N_("share with child protection"), "percent1", 1, N_("per cent of youths under 18"), CBS_USAGE
    ),
    "probation_percent": Measured(
        N_("share with youth probation"), "percent1", 1, N_("per cent of youths of 12 to 22"), CBS_USAGE
    ),
    "fund_per_cost_fraction": Measured(
        N_("municipal fund against accounts"), "percent", 100, N_("per cent of the accounts"), BZK
    ),
    "fund_per_budget_fraction": Measured(
        N_("municipal fund against budget"), "percent", 100, N_("per cent of the budget"), BZK
    ),
}


def name(measure: str, words: Words) -> str:
    """What a measure is called in a sentence."""
    return words.gettext(MEASURES[measure].name)


def unit(measure: str, words: Words) -> str:
    """The unit of a measure, for an axis."""
    return words.gettext(MEASURES[measure].unit)


def source(measure: str, words: Words) -> str:
    """Who published what a measure is made from."""
    return words.gettext(MEASURES[measure].source)


def scaled(value: float, measure: str) -> float:
    """A value of ``side_by_side`` as it is shown: fractions in per cent."""
    return float(value) * MEASURES[measure].factor


def written(value: float | None, measure: str, words: Words) -> str:
    """A value of ``side_by_side`` as text with its unit."""
    one = MEASURES[measure]
    known = formats.known(value)
    return tables.written(scaled(value, measure) if known else None, one.kind, words.language)  # type: ignore[arg-type]
