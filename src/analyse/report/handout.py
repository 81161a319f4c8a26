"""A hand-out of one A4 page per area: five questions with their answers, and one chart.

Its numbers are the highlights that the page of the area left in the manifest, so both say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analyse import store
from analyse.present.exhibits import picture, style
from analyse.present.figures import marks
from analyse.present.text import formats
from analyse.present.text.language import Words, translator

PAPER = (
    "@page{size:A4;margin:16mm}body{font:11pt/1.4 sans-serif;margin:0 auto;max-width:178mm}"
    "body{color:var(--jeugdhulp-color-ink)}"
    "h1{font-size:20pt;line-height:1.2;margin:0 0 4mm}h2{font-size:12pt;margin:3mm 0 0}p{margin:0}"
    "figure{margin:5mm 0 0}figcaption,footer{font-size:9pt}svg{width:100%;height:auto}footer{margin-top:4mm}"
)
MILLION = 1e6


def html(entry: Mapping[str, Any], *, created: str, language: str = "nl") -> str:
    """The hand-out of one area as a page that needs no other file.

    Parameters
    ----------
    entry : mapping
        Of a page in the manifest: title and highlights (``present.text.facts.highlights``).
    created : str
        ISO date of the data.
    language : {"nl", "en"}
        Of the page.
    """
    words = translator(language)
    found, area = entry["highlights"], entry["title"]
    name = words.gettext(area)
    parts = Markup("").join(
        Markup("<h2>{}</h2><p>{}</p>").format(question, answer) for question, answer in answers(found, words)
    )
    title = words.gettext("Youth care in {area}", area=name)
    look = Markup(style.BASIC_STYLE + PAPER)  # noqa: S704 - our own style
    caption = words.gettext(
        "Costs of youth care in millions of euros: accounts, and the forecast with its 80% interval"
    )
    foot = words.gettext(
        "Figures of CBS to {date}; the forecast assumes that policy stays as it is. More on the page of {area}.",
        date=formats.date(created, language),
        area=name,
    )
    return Markup(
        '<!DOCTYPE html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title><style>{}</style></head>'
        "<body><main><h1>{}</h1>{}<figure>{}<figcaption>{}</figcaption></figure></main><footer>{}</footer></body></html>\n"
    ).format(language, title, look, title, parts, _chart(found, words), caption, foot)


def write(entry: Mapping[str, Any], target: Path, *, created: str, language: str = "nl") -> Path:
    """Write the hand-out of one area; see ``html``.

    Parameters
    ----------
    target : Path
        The file.
    entry, created, language
        As for ``html``.
    """
    return store.write_text(target, html(entry, created=created, language=language))


def answers(found: Mapping[str, Any], words: Words) -> Iterator[tuple[str, str]]:
    """The five questions and what the figures answer; who does not know says so."""
    language, ahead = words.language, {row[0]: row[1:] for row in found["series"]["forecast"]}
    budget_year = int(found.get("budget_period") or min(ahead))
    coming, furthest = budget_year + 1, max(ahead)
    unknown = words.gettext("That is not known.")
    smaller = words.gettext("New accounts make the interval smaller.")
    accounts = [(year, value) for year, value in found["series"]["accounts"] if value is not None]
    question = words.gettext("What did we spend?")
    if accounts:
        (first, then), (last, now) = accounts[0], accounts[-1]
        yield (
            question,
            words.gettext(
                "In {last}: {now}. In {first} it was {then}.",
                **{"last": last, "now": formats.euro(now, language), "first": first},
                then=formats.euro(then, language),
            ),
        )
    else:
        yield question, unknown
    chance = formats.chances(found.get("chance_low"), found.get("chance_budget_exceeded"), language)
    known = formats.known(found.get("chance_budget_exceeded"))
    yield (
        words.gettext("Is the budget of {year} enough?", year=budget_year),
        words.gettext("The chance that more is spent than budgeted is {chance}.", chance=chance)
        if known
        else unknown,
    )
    yield (
        words.gettext("What will {year} cost?", year=coming),
        _between(ahead[coming], words) if coming in ahead else unknown,
    )
    yield (
        words.gettext("Which budget is enough for {year}?", year=coming),
        words.gettext(
            "With {high} the chance of a shortage is 10%, with {middle} it is 50%.",
            high=formats.euro(ahead[coming][2], language),
            middle=formats.euro(ahead[coming][0], language),
        )
        if coming in ahead
        else unknown,
    )
    yield (
        words.gettext("And further ahead, in {year}?", year=furthest),
        f"{_between(ahead[furthest], words)} {smaller}",
    )


def _between(row: list[float], words: Words) -> str:
    middle, low, high = row
    return words.gettext(
        "Probably about {middle}; with 80% chance between {between}.",
        middle=formats.euro(middle, words.language),
        between=formats.euro_between(low, high, words.language),
    )


def _chart(found: Mapping[str, Any], words: Words) -> Markup:
    """Accounts as a line, the forecast as a dashed line in its band, in millions; told in words for who cannot see."""
    accounts = [(year, value) for year, value in found["series"]["accounts"] if value is not None]
    ahead = found["series"]["forecast"]
    years, ink, accent = [row[0] for row in ahead], style.TOKENS["ink"], style.TOKENS["accent"]
    edge = [row[3] / MILLION for row in ahead] + [row[2] / MILLION for row in reversed(ahead)]
    data = [
        marks.scatter(
            "lines",
            x=years + years[::-1],
            y=edge,
            fill="toself",
            fillcolor=style.TOKENS["band80"],
            line={"width": 0},
        ),
        marks.scatter(
            "lines+markers",
            x=[year for year, _ in accounts],
            y=[value / MILLION for _, value in accounts],
            line={"color": ink, "width": 2},
            marker={"color": ink, "size": 6},
        ),
        marks.scatter(
            "lines",
            x=years,
            y=[row[1] / MILLION for row in ahead],
            line={"color": accent, "width": 2, "dash": "dash"},
        ),
    ]
    axes = {"xaxis": style.axis(grid=False, tickformat="d"), "yaxis": style.axis(rangemode="tozero")}
    layout = style.layout(words.language, **axes)
    drawn = picture.svg(
        picture.prepare.whole({"data": data, "layout": layout}), picture.WIDE, 300.0, kind="wide"
    )
    both = [*accounts, *((row[0], row[1]) for row in ahead)]
    told = "; ".join(f"{year}: {formats.euro(value, words.language)}" for year, value in both)
    return Markup('<div role="img" aria-label="{}">{}</div>').format(told, drawn)
