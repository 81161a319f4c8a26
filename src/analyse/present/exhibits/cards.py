"""The head and first screen of a report: the finding, five figures, and how sure they are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.text import facts, formats, freshness, sentences
from analyse.present.text.facts import NAN, Evidence, KeyFigure
from analyse.present.text.language import N_, Words, translator

DATES = {"accounts": N_("last accounts {year}"), "use": N_("use {year}"), "budget": N_("budget {year}")}
DIFFERENT = 20
"""Percentage points that the chances of two areas must differ by to be explained."""


def head(
    area: str,
    *,
    region: str = "",
    data_date: str = "",
    figures: Mapping[str, int] | None = None,
    composition: tuple[str, int] | None = None,
    banner: str = "",
    language: str = "nl",
) -> Exhibit:
    """The head of a report: the area, the subject and the date of the data.

    Parameters
    ----------
    area, region : str
        Name of the municipality, region or comparison, and of the region that a municipality belongs to.
    data_date : str
        ISO date on which the data were stated, for example ``package()["created"]``.
    figures : mapping of str to int, optional
        The years of the figures: ``facts.dates``.
    composition : tuple of str and int, optional
        The boundaries that the figures follow: ``run.composition`` and ``run.composition_year``.
    banner : str
        A sentence when figures are provisional, simulated or incomplete.
    """
    text = translator(language)
    rows = [(text.gettext("Region"), region)] if region else []
    if figures:
        years = " · ".join(text.gettext(DATES[name], year=year) for name, year in figures.items())
        rows.append((text.gettext("Figures"), years))
    if data_date:
        day, warning = freshness.expected(data_date, language=language)
        rows.append((text.gettext("Data as of"), formats.date(data_date, language)))
        rows.append((text.gettext("New figures expected"), day))
        banner = sentences.paragraph(banner, warning)
    if composition is not None:
        rows.append((text.gettext("Boundaries"), _boundaries(*composition, text)))
    content = {
        "subject": text.gettext("Youth care: costs and use"),
        "facts": [{"label": label, "value": value} for label, value in rows],
        "banner": banner,
    }
    return Exhibit("head", text.gettext(area), content=content, language=language)


def _boundaries(composition: str, year: int, text: Words) -> str:
    """Whether figures use today's boundaries or those of each year."""
    if composition == "of-the-time":
        return text.gettext("of each year itself")
    return text.gettext("those of {year}", year=year)


def first_screen(
    evidence: Evidence, area_code: str, *, reference_code: str = "", language: str = "nl"
) -> Exhibit:
    """The five key figures of an area, each beside a reference area; the title is the finding.

    The content also carries ``highlights``, the numbers of the area's row in the index.

    Parameters
    ----------
    evidence : Evidence
        The tables behind the figures, with rows of both areas.
    area_code, reference_code : str
        Codes such as ``GM0503`` and ``JZ24``; without a reference nothing is compared.
    """
    found = [
        _cost_card(facts.cost_per_youth(evidence, area_code, reference_code), language),
        _clients_card(facts.clients_per_100(evidence, area_code, reference_code), language),
        _change_card(facts.expected_change(evidence, area_code, reference_code), language),
        _risk_card(evidence, area_code, reference_code, language),
        _residential_card(facts.residential_share(evidence, area_code, reference_code), language),
    ]
    content = {"cards": found, "highlights": facts.highlights(evidence, area_code)}
    title = sentences.finding(facts.cost(evidence, area_code), language)
    return Exhibit("cards", title, content=content, language=language)


def finding(evidence: Evidence, area_code: str, *, language: str = "nl") -> Exhibit:
    """What an area spent and what it is expected to spend, as the sentence that a report begins with.

    Parameters
    ----------
    evidence : Evidence
        The tables behind the figures.
    area_code : str
        Code of the area.
    """
    said = sentences.finding(facts.cost(evidence, area_code), language)
    return text([said], title=said, role="finding", language=language)


def certainty(score: pd.DataFrame, *, whose: str, horizon: int = 3, language: str = "nl") -> Exhibit:
    """How sure it is: the median error of forecasts and budgets, as many years ahead as the finding looks.

    A few years of one area say nothing about that area, so it is the error over all areas of its size.

    Parameters
    ----------
    score : DataFrame
        ``backtest.score`` of areas of this size: method, horizon, n, median_absolute_percentage_error (per cent).
    whose : str
        Key of ``sentences.WHOSE``: small, middle, large, region or all.
    horizon : int
        Years ahead.
    """
    words = translator(language)
    rows = score[score["horizon"].eq(horizon)].set_index("method")
    errors = rows["median_absolute_percentage_error"]
    checked = int(rows["n"].get("forecast", 0))
    said = sentences.certainty(
        errors.get("forecast", NAN),
        errors.get("budget", NAN),
        words.gettext(sentences.WHOSE[whose]),
        horizon=horizon,
        checked=checked,
        language=language,
    )
    return text([said], title=words.gettext("How sure is this"), role="certainty", language=language)


def text(paragraphs: list[str], *, title: str, role: str = "text", language: str = "nl") -> Exhibit:
    """Sentences made from numbers, as paragraphs.

    Parameters
    ----------
    paragraphs : list of str
        The texts, in ``language``.
    title : str
        Title of the exhibit, in ``language``.
    role : str
        What the text is for on the page: ``text``, ``certainty`` and so on.
    language : {"nl", "en"}
        Language of the texts.
    """
    return Exhibit("text", title, content={"paragraphs": paragraphs, "role": role}, language=language)


def _dated(dated: str, undated: str, figure: KeyFigure, text: Words) -> str:
    """A label with the year of the figure, or the other one where it has none."""
    return text.gettext(dated, year=figure.period) if figure.period else text.gettext(undated)


def card(label: str, value: str, *details: str) -> dict[str, Any]:
    """One key figure: what it is, its value, and sentences about it; empty ones are left out."""
    return {"label": label, "value": value, "details": [one for one in details if one]}


def _about(written: str, figure: KeyFigure, language: str) -> str:
    if not (figure.estimated and formats.known(figure.value)):
        return written
    return translator(language).gettext("about {value}", value=written)


def _beside(figure: KeyFigure, written: str, text: Words) -> str:
    """The reference area's figure, as a separate sentence."""
    name = text.gettext(figure.reference_name) if figure.reference_name else ""
    return text.gettext("{name}: {value}.", name=f"{name[:1].upper()}{name[1:]}", value=written)


def _cost_card(figure: KeyFigure, language: str) -> dict[str, Any]:
    text = translator(language)
    label = _dated(N_("Costs per youth (0 to 17), {year}"), N_("Costs per youth (0 to 17)"), figure, text)
    details = [
        sentences.change(figure, language),
        sentences.place(figure, formats.euro(figure.reference, language), language),
        sentences.comparable(figure, language),
    ]
    return card(label, _about(formats.euro(figure.value, language), figure, language), *details)


def _clients_card(figure: KeyFigure, language: str) -> dict[str, Any]:
    text = translator(language)
    label = _dated(
        N_("Youths with care per 100 youths, {year}"), N_("Youths with care per 100 youths"), figure, text
    )
    reference = formats.number(figure.reference, language, decimals=1)
    age = text.gettext("From 0 to 22 years.")
    details = [
        age,
        sentences.change(figure, language),
        sentences.place(figure, reference, language),
        sentences.for_its_people(figure, language),
        sentences.comparable(figure, language),
    ]
    if figure.broken is not None:
        details[1] = text.gettext(
            "Note: youths have been counted differently since {year} ({what}).",
            year=figure.broken.period,
            what=sentences.lowered(getattr(figure.broken.title, language)),
        )
    return card(label, _about(formats.number(figure.value, language, decimals=1), figure, language), *details)


def _change_card(figure: KeyFigure, language: str) -> dict[str, Any]:
    text = translator(language)
    label = (
        text.gettext(
            "Expected change in costs, {start}–{end}", start=figure.previous_period, end=figure.period
        )
        if figure.previous_period and figure.period
        else text.gettext("Expected change in costs")
    )
    value = formats.percent(figure.value, language, decimals=0, signed=True)
    if not formats.known(figure.value):
        return card(label, value, text.gettext("The last accounts are not complete."))
    sentence = text.gettext(
        "80% chance between {low} and {high}.",
        low=formats.percent(figure.low, language, decimals=0, signed=True),
        high=formats.percent(figure.high, language, decimals=0, signed=True),
    )
    reference = formats.percent(figure.reference, language, decimals=0, signed=True)
    beside = _beside(figure, reference, text)
    return card(label, _about(value, figure, language), sentence, beside if figure.place != "unknown" else "")


def _risk_card(evidence: Evidence, area_code: str, reference_code: str, language: str) -> dict[str, Any]:
    figure = facts.budget_risk(evidence, area_code, reference_code)
    text = translator(language)
    label = _dated(
        N_("Chance that the budget of {year} is exceeded"),
        N_("Chance that the budget is exceeded"),
        figure,
        text,
    )
    if not formats.known(figure.value):
        return card(
            label, formats.unknown(language), text.gettext("There is no whole budget to compare with.")
        )
    value, nearly_sure = (
        formats.chances(figure.low / 100, figure.value / 100, language),
        not 1 <= figure.value <= 99,
    )
    details = []
    what = "" if figure.broken is None else sentences.lowered(getattr(figure.broken.title, language))
    when = 0 if figure.broken is None else figure.broken.period
    if value == formats.likelihood(figure.value / 100, language):
        whole = figure.value if nearly_sure else math.floor(figure.value + 0.5)
        details.append(text.gettext("That is {chance}.", chance=formats.chance(whole / 100, language)))
    elif what:
        details.append(
            text.gettext(
                "Since {what} ({year}) a part of the budget can be for other tasks.", what=what, year=when
            )
        )
    else:
        details.append(text.gettext("A part of the budget can be for other tasks."))
    if figure.place != "unknown":
        chances = formats.chances(figure.reference_low / 100, figure.reference / 100, language)
        details.append(_beside(figure, chances, text))
    if not abs(figure.value - figure.reference) < DIFFERENT:
        own = facts.budget(evidence, area_code, figure.period)
        reference = (
            facts.budget(evidence, reference_code, figure.period) if figure.place != "unknown" else None
        )
        details.append(sentences.beside_the_forecast(own, reference, language))
    return card(label, value if nearly_sure else _about(value, figure, language), *details)


def _residential_card(figure: KeyFigure, language: str) -> dict[str, Any]:
    text = translator(language)
    label = _dated(
        N_("Youths with residential care, {year}"), N_("Youths with residential care"), figure, text
    )
    value = formats.percent(figure.value, language)
    meaning = text.gettext("Of the youths with care; they do not sleep at home.")
    beside = sentences.place(figure, formats.percent(figure.reference, language), language)
    return card(
        label, _about(value, figure, language), meaning, beside, sentences.comparable(figure, language)
    )
