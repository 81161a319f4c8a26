"""How a report was made: its sources, known errors, declared breaks, assumptions and method, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from analyse.parameters import Break, ListedAssumption
from analyse.present.exhibits import cards, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator

CONTENTS = {
    "municipalities": N_("Municipalities and youth regions by year"),
    "regions": N_("Names of the youth regions"),
    "boundary_changes": N_("Municipal mergers"),
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
ASSUMPTIONS = {
    "price_weight_wages": N_("Weight of wages in the price index"),
    "price_growth_percent": N_("Growth of prices a year, after the last known index"),
    "provisional_revision_percent": N_("Later revision of provisional CBS figures"),
    "discount_rate_percent": N_("Discount rate of a business case"),
}
METHOD = (
    N_("Costs are the number of youths, times how many of them get care, times prices, times all else."),
    N_("The number of youths follows from births, moves and the children who live here now."),
    N_("Prices follow the index of the VNG; for coming years we assume a growth with a margin."),
    N_(
        "All else is learned from all municipalities together, because eight years of one municipality are too few."
    ),
    N_("The budget that a municipality made for the coming year counts too, for a small part."),
    N_("Growth that comes from new booking rules does not count as a trend."),
    N_("We draw {samples} possible futures. In each future the municipalities add up to the region."),
    N_("The inner band holds 4 of 5 of those futures, the outer band 19 of 20."),
    N_("The forecast assumes that policy stays as it is."),
    N_("The same data and settings always give the same numbers."),
)


def method(samples: int, *, language: str = "nl") -> Exhibit:
    """The method in short sentences; the formulas are in docs/method.md."""
    words = translator(language)
    count = formats.number(samples, language)
    sentences = [words.gettext(sentence, samples=count) for sentence in METHOD]
    paragraphs = [" ".join(sentences[:6]), " ".join(sentences[6:])]
    return cards.text(paragraphs, title=words.gettext("Method"), language=language)


def sources(package: Mapping[str, Any], *, language: str = "nl") -> Exhibit:
    """Every table of the data package: what it holds, who published it, for which years.

    Parameters
    ----------
    package : mapping
        ``snapshot.package()``.
    """
    words = translator(language)
    rows = pd.DataFrame([
        {
            "content": words.gettext(CONTENTS[one["name"]]),
            "source": "; ".join(source["title"] for source in one["sources"]),
            "years": "–".join(dict.fromkeys(one["temporal"].split("/"))),
            "rows": one["rows"],
        }
        for one in package["resources"]
    ])  # fmt: skip
    shown = {
        "content": tables.Column(words.gettext("Figures")),
        "source": tables.Column(
            words.gettext("Publisher and table"), language="" if language == "nl" else "nl"
        ),
        "years": tables.Column(words.gettext("Years")),
        "rows": tables.Column(words.gettext("Rows"), "integer"),
    }
    return _table(rows, shown, words.gettext("Sources"), language)


def breaks(declared: Iterable[Break], codes: Collection[str], *, language: str = "nl") -> Exhibit:
    """The declared breaks that touch an area, with what the forecast does with each.

    Parameters
    ----------
    declared : iterable of Break
        ``parameters.breaks()``.
    codes : collection of str
        The municipalities of the area.
    """
    words = translator(language)
    touching = [one for one in declared if not one.municipalities or set(one.municipalities) & set(codes)]
    rows = pd.DataFrame([
        {
            "number": one.number,
            "period": one.period,
            "title": getattr(one.title, language),
            "reason": getattr(one.reason, language),
            "effect": words.gettext(EFFECTS[one.effect]),
        }
        for one in touching
    ])  # fmt: skip
    shown = {
        "number": tables.Column(words.gettext("Number"), "integer"),
        "period": tables.Column(words.gettext("Year"), "year"),
        "title": tables.Column(words.gettext("Break")),
        "reason": tables.Column(words.gettext("What happened")),
        "effect": tables.Column(words.gettext("What the forecast does")),
    }
    return _table(rows, shown, words.gettext("Breaks in the figures"), language)


def corrections(declared: Iterable[Any], names: Mapping[str, str], *, language: str = "nl") -> Exhibit:
    """The known errors of the sources: where, and how many cells have no value because of it.

    Parameters
    ----------
    declared : iterable of Correction
        ``sources.corrections.read``.
    names : mapping of str to str
        Name of each municipality code.
    """
    words = translator(language)
    shown_names = {code: words.gettext(name) for code, name in names.items()}
    reports = {"accounts": words.gettext("accounts"), "budget": words.gettext("budget")}
    rows = pd.DataFrame([
        {
            "municipality": shown_names[one.where["municipality_code"]],
            "period": one.where["year"],
            "report": reports[one.where["report"]],
            "content": words.gettext(CONTENTS[one.table]),
            "cells": one.cells,
        }
        for one in declared
    ])  # fmt: skip
    shown = {
        "municipality": tables.Column(words.gettext("Municipality")),
        "period": tables.Column(words.gettext("Year"), "year"),
        "report": tables.Column(words.gettext("Report")),
        "content": tables.Column(words.gettext("Figures")),
        "cells": tables.Column(words.gettext("Cells without a value"), "integer"),
    }
    return _table(rows, shown, words.gettext("Known errors in the sources"), language)


def assumptions(named: Mapping[str, ListedAssumption], *, language: str = "nl") -> Exhibit:
    """The values that the figures do not give, with their interval."""
    words = translator(language)
    rows = pd.DataFrame([
        {
            "name": words.gettext(ASSUMPTIONS[name]),
            "coverage": one.coverage, "source": getattr(one.source, language),
            **{key: _with_unit(getattr(one, key), one.unit, words) for key in ("value", "low", "high")},
        }
        for name, one in named.items()
    ])  # fmt: skip
    shown = {
        "name": tables.Column(words.gettext("Assumption")),
        "value": tables.Column(words.gettext("Value")),
        "low": tables.Column(words.gettext("Low")),
        "high": tables.Column(words.gettext("High")),
        "coverage": tables.Column(words.gettext("Chance that it lies between"), "probability"),
        "source": tables.Column(words.gettext("Source")),
    }
    return _table(rows, shown, words.gettext("Assumptions"), language)


def _with_unit(value: float, unit: str, words: Words) -> str:
    """A share as per cent, and the rest as it stands, with "a year" where it is a rate."""
    if unit == "fraction":
        return formats.percent(100 * value, words.language, decimals=0)
    text = formats.percent(
        value, words.language, decimals=0 if value == round(value) else 1 if round(value, 1) == value else 2
    )
    return words.gettext("{percent} a year", percent=text) if unit == "% a year" else text


def _table(rows: pd.DataFrame, shown: Mapping[str, tables.Column], caption: str, language: str) -> Exhibit:
    return Exhibit("table", caption, table=tables.build(rows, shown, caption, language), language=language)
