"""How a report was made: its sources, known errors, declared breaks, assumptions and method, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from analyse.assumed import Assumed
from analyse.parameters import Break, ListedAssumption
from analyse.present.exhibits import cards
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.present.text import formats, sentences
from analyse.present.text.language import N_, Words, translator

CONTENTS = {
    "municipalities": N_("Municipalities and youth regions by year"),
    "regions": N_("Names of the youth regions"),
    "boundary_changes": N_("Municipal mergers"),
    "boundary_splits": N_("Municipalities divided among others"),
    "outlines": N_("Outlines of municipalities"),
    "municipal_fund_measures": N_("Measures of the municipal fund"),
    "usage_districts": N_("Youths with youth care by district"),
    "district_need": N_("Expected use by district"),
    "care_by_age": N_("Use and costs by year of age"),
    "costs": N_("Accounts and original budgets by task field"),
    "costs_subcode": N_("Accounts and budgets by sub-code"),
    "usage": N_("Youths with youth care, and periods of care"),
    "usage_indicators": N_("Youth-care indicators by municipality"),
    "population": N_("Inhabitants by age group"),
    "population_dynamics": N_("Births, deaths and migration"),
    "municipal_fund": N_("Municipal fund by cluster"),
    "price_index": N_("Yearly change of wages and prices"),
    "national_reference": N_("National and provincial reference figures"),
    "usage_by_form": N_("Youths with youth care by form of care"),
    "usage_flows": N_("Youth help begun and ended, and how long it took"),
    "costs_by_form": N_("Accounts and budgets by form of care"),
    "population_by_age": N_("Inhabitants by year of age"),
    "population_prognosis": N_("Expected inhabitants"),
    "revisions": N_("How much provisional figures were revised"),
}
EFFECTS = {
    "excluded from trend": N_("The growth into this year does not count as trend."),
    "shown only": N_("Shown in the charts; the forecast does not change."),
}
REPORTS = {"accounts": N_("accounts"), "budget": N_("budget")}
ASSUMPTIONS = {
    "price_weight_wages": N_("Weight of wages in the price index"),
    "price_growth_percent": N_("Growth of prices a year, after the last known index"),
    "provisional_revision_percent": N_("Later revision of provisional CBS figures"),
    "discount_rate_percent": N_("Discount rate of a business case for society"),
    "municipal_interest_percent": N_("Interest of a business case for the municipality"),
}
OWN = {
    "price_growth_percent": N_("prices grow by {value} a year"),
    "price_weight_wages": N_("wages weigh {value} in the price index"),
    "provisional_revision_percent": N_("provisional figures on use still rise by {value}"),
    "leave_out_years": N_("the figures of {value} are left out"),
    "budget_signal": N_("budgets do not count in the forecast"),
    "breaks": N_("the growth into {value} is no trend"),
}
POOL = N_(
    "Forecasts learn from all municipalities of the Netherlands, whichever areas these pages show, "
    "because eight years of one municipality are too few."
)
METHOD = (
    N_("Costs are the number of youths, times how many of them get care, times prices, times all else."),
    N_("The number of youths follows from births, moves and the children who live here now."),
    N_("Prices follow the index of the VNG; for coming years we assume a growth with a margin."),
    N_(
        "All else is learned from all municipalities of the Netherlands, also on a page about a few: eight years of "
        "one municipality are too few."
    ),
    N_("A municipality moves a little towards what municipalities with similar need spend."),
    N_("Its own budgets count too, as far as they differ from those of other municipalities."),
    N_("Growth that comes from new booking rules does not count as a trend."),
    N_("We draw {samples} possible futures. In each future the municipalities add up to the region."),
    N_("The inner band holds 4 of 5 of those futures, the outer band 19 of 20."),
    N_("The forecast assumes that policy stays as it is."),
    N_("The same data and settings always give the same numbers."),
)


def own_assumptions(assumed: Assumed, *, language: str = "nl") -> str:
    """What a run assumes instead of the usual, as one sentence; empty when nothing.

    ``assumed`` is ``run.assumptions``.

    Examples
    --------
    >>> own_assumptions(Assumed(price_growth_percent=3, leave_out_years=[2020]), language="en")
    'This page uses assumptions of your own: prices grow by 3% a year and the figures of 2020 are left out.'
    """
    if not assumed:
        return ""
    words = translator(language)
    said = [
        words.gettext(OWN[name], value=_told(name, value, language))
        for name, value in assumed.model_dump().items()
    ]
    return words.gettext(
        "This page uses assumptions of your own: {list}.", list=sentences.listing(said, language)
    )


def _told(name: str, value: Any, language: str) -> str:
    if name.endswith("_percent"):
        return formats.percent(value, language, decimals=0 if value == round(value) else 1)
    if name == "price_weight_wages":
        return formats.percent(100 * value, language, decimals=0)
    years = (
        [one["period"] if isinstance(one, dict) else one for one in value] if isinstance(value, list) else []
    )
    return sentences.listing([str(year) for year in years], language)


def method(samples: int, *, language: str = "nl") -> Exhibit:
    """The method in short sentences; the formulas are in docs/method.md."""
    words = translator(language)
    count = formats.number(samples, language)
    sentences = [words.gettext(sentence, samples=count) for sentence in METHOD]
    paragraphs = [" ".join(sentences[:7]), " ".join(sentences[7:])]
    return cards.text(paragraphs, title=words.gettext("Method"), language=language)


def sources(package: Mapping[str, Any], *, method_beside: bool = False, language: str = "nl") -> Exhibit:
    """Every table of the data package: what it holds, who published it, for which years; and what forecasts learn from.

    Parameters
    ----------
    package : mapping
        ``snapshot.package()``.
    method_beside : bool
        Whether ``method`` stands on the same page, which already says what forecasts learn from.
    """
    words = translator(language)
    shown = {
        "content": Column("Figures", terms=CONTENTS),
        "source": Column("Publisher and table", language="" if language == "nl" else "nl"),
        "years": Column("Years"),
        "rows": Column("Rows", "integer"),
    }
    rows = [
        (
            one["name"],
            "; ".join(source["title"] for source in one["sources"]),
            "–".join(dict.fromkeys(one["temporal"].split("/"))),
            one["rows"],
        )
        for one in package["resources"]
    ]
    note = "" if method_beside else words.gettext(POOL)
    return Exhibit.of_table(rows, shown, words.gettext("Sources"), language, note=note)


def breaks(declared: Iterable[Break], codes: Collection[str], *, language: str = "nl") -> Exhibit:
    """The declared breaks that touch an area, with what the forecast does with each.

    Parameters
    ----------
    declared : iterable of Break
        ``parameters.breaks()``.
    codes : collection of str
        The municipalities of the area.
    """
    shown = {
        "number": Column("Number", "integer"),
        "period": Column("Year", "year"),
        "title": Column("Break"),
        "reason": Column("What happened"),
        "effect": Column("What the forecast does", terms=EFFECTS),
    }
    rows = [
        (one.number, one.period, getattr(one.title, language), getattr(one.reason, language), one.effect)
        for one in declared
        if not one.municipalities or set(one.municipalities) & set(codes)
    ]
    return Exhibit.of_table(rows, shown, translator(language).gettext("Breaks in the figures"), language)


def corrections(declared: Iterable[Any], names: Mapping[str, str], *, language: str = "nl") -> Exhibit:
    """Known errors in the sources: where they are, and how many cells they leave empty.

    Parameters
    ----------
    declared : iterable of Correction
        ``sources.corrections.read``.
    names : mapping of str to str
        Name of each municipality code.
    """
    words = translator(language)
    shown = {
        "municipality": Column("Municipality"),
        "period": Column("Year"),
        "report": Column("Report"),
        "content": Column("Figures", terms=CONTENTS),
        "cells": Column("Cells without a value", "integer"),
    }
    rows = [
        (
            sentences.listing([words.gettext(names[code]) for code in codes if code in names], language),
            sentences.listing([str(year) for year in _several(one.where.get("year"))], language),
            sentences.listing(
                [words.gettext(REPORTS[kind]) for kind in _several(one.where.get("report"))], language
            ),
            one.table,
            one.cells,
        )
        for one in declared
        if set(codes := _several(one.where["municipality_code"])) & set(names)
    ]
    return Exhibit.of_table(rows, shown, words.gettext("Known errors in the sources"), language)


def _several(value: Any) -> list[Any]:
    """What a correction names, one or several; nothing where it names none."""
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def assumptions(named: Mapping[str, ListedAssumption], *, language: str = "nl") -> Exhibit:
    """Assumptions: values that no source gives, with their intervals."""
    words = translator(language)
    shown = {
        "name": Column("Assumption", terms=ASSUMPTIONS),
        "value": Column("Value"),
        "low": Column("Low"),
        "high": Column("High"),
        "coverage": Column("Chance that it lies between", "probability"),
        "source": Column("Source"),
    }
    rows = [
        (
            name,
            *(_with_unit(value, one.unit, words) for value in (one.value, one.low, one.high)),
            one.coverage,
            getattr(one.source, language),
        )
        for name, one in named.items()
    ]
    return Exhibit.of_table(rows, shown, words.gettext("Assumptions"), language)


def _with_unit(value: float, unit: str, words: Words) -> str:
    """A fraction in per cent; other values as they are, with "a year" for rates."""
    if unit == "fraction":
        return formats.percent(100 * value, words.language, decimals=0)
    text = formats.percent(
        value, words.language, decimals=0 if value == round(value) else 1 if round(value, 1) == value else 2
    )
    return words.gettext("{percent} a year", percent=text) if unit == "% a year" else text
