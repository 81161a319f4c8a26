"""The fair measures of ``compare``: the name, format and axis unit of each."""

from __future__ import annotations

from dataclasses import dataclass

from analyse.present.exhibits import tables
from analyse.present.text import formats
from analyse.present.text.language import N_, Words


@dataclass(frozen=True)
class Measured:
    """One measure: its name, the kind of ``tables``, its unit, what it is taken over, and its source."""

    name: str
    kind: str
    unit: str
    over: str
    sources: tuple[str, str]
    factor: int = 1

    @property
    def source(self) -> str:
        """Who published it."""
        return self.sources[1]


IV3 = ("CBS/BZK Iv3", N_("CBS and Ministry of BZK: Iv3 accounts and budgets; CBS: youths"))
"""A source in short for a cell, and in full."""
USAGE = ("CBS 85335NED", N_("CBS: youths with youth care in kind, and inhabitants by age"))
SHARES = ("CBS 85098NED", USAGE[1])
FUND = (
    "BZK, Iv3",
    N_("Ministry of BZK: circulars of the municipal fund; CBS and Ministry of BZK: Iv3 accounts and budgets"),
)
PER_YOUTH = N_("euros per youth of 0 to 17")
PER_100 = N_("per 100 youths of 0 to 22")
YOUNG, UNDER_23 = N_("youths of 0 to 17"), N_("youths of 0 to 22")
WITH_CARE = N_("youths with care")
ACCOUNTS, BUDGET = N_("the accounts"), N_("the budget")
MEASURES = {
    name: Measured(*facts)
    for name, facts in {
        "cost_per_youth_eur": (N_("costs per youth"), "euro", PER_YOUTH, YOUNG, IV3),
        "budget_per_youth_eur": (N_("budget per youth"), "euro", PER_YOUTH, YOUNG, IV3),
        "clients_per_100_youths": (N_("youths with care per 100 youths"), "decimal", PER_100, UNDER_23, USAGE),
        "clients_direct_per_100": (
            N_("youths with care per 100, equal ages (direct)"), "decimal", PER_100, UNDER_23, USAGE),
        "clients_indirect_per_100": (
            N_("youths with care per 100, equal ages (indirect)"), "decimal", PER_100, UNDER_23, USAGE),
        "use_against_expected_percent": (
            N_("use against what is expected"), "percent", N_("per cent of what is expected"), UNDER_23, USAGE),
        "cost_per_client_eur": (
            N_("costs per youth with care"), "euro", N_("euros per youth with care"), WITH_CARE, IV3),
        "cost_growth_fraction": (
            N_("growth of costs"), "percent1", N_("per cent"), N_("the accounts of the year before"), IV3, 100),
        "overspend_fraction": (N_("accounts above budget"), "percent1", N_("per cent"), BUDGET, IV3, 100),
        "residential_share_percent": (
            N_("share with residential care"), "percent1", N_("per cent of youths with youth help"), WITH_CARE, SHARES),
        "protection_percent": (
            N_("share with child protection"), "percent1", N_("per cent of youths under 18"), YOUNG, SHARES),
        "probation_percent": (
            N_("share with youth probation"), "percent1", N_("per cent of youths of 12 to 22"),
            N_("youths of 12 to 22"), SHARES),
        "fund_per_cost_fraction": (
            N_("municipal fund against accounts"), "percent", N_("per cent of the accounts"), ACCOUNTS, FUND, 100),
        "fund_per_budget_fraction": (
            N_("municipal fund against budget"), "percent", N_("per cent of the budget"), BUDGET, FUND, 100),
    }.items()
}  # fmt: skip
"""In the order in which a page lists them."""


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
    """A value of ``compare.overview`` as text with its unit.

    Parameters
    ----------
    value : float or None
        In the unit of the measure.
    measure : str
        Key of ``MEASURES``.
    words : Words
        Texts in the language of the page.
    """
    one = MEASURES[measure]
    known = formats.known(value)
    return tables.written(scaled(value, measure) if known else None, one.kind, words.language)  # type: ignore[arg-type]
