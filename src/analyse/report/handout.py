"""A hand-out of one A4 page per area: five questions with their answers, and one chart.

Its numbers are the highlights that the page of the area left in the manifest, so both say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analyse import store
from analyse.present.exhibits import picture, style
from analyse.present.exhibits.tables import EXPECTED
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
SIZE = (round(picture.WIDE), 300)
"""Width and height of the chart, in pixels."""


@dataclass(frozen=True)
class Sheet:
    """What a hand-out says, in whatever form it is written."""

    language: str
    title: str
    answers: tuple[tuple[str, str], ...]
    """Question and answer; the last one says what can be done, a measure on each line."""
    series: Mapping[str, Any]
    """accounts (year, EUR) and forecast (year, middle, low, high)."""
    told: str
    """The chart in words."""
    caption: str
    """Of the chart."""
    foot: str
    """The last line."""

    @property
    def words(self) -> Words:
        """The texts of its language."""
        return translator(self.language)

    @property
    def chart(self) -> Markup:
        """The chart as SVG."""
        return _chart(self.series, self.words)


def sheet(
    entry: Mapping[str, Any], measures: Sequence[tuple[str, str]] = (), *, created: str, language: str = "nl"
) -> Sheet:
    """The hand-out of one area.

    Parameters
    ----------
    entry : mapping
        Of a page in the manifest: title and highlights (``present.text.facts.highlights``).
    measures : sequence of (str, str)
        What can be done, as the page says it: a measure, and what it changes.
    created : str
        ISO date of the data.
    language : {"nl", "en"}
        Of the page.
    """
    words, found, title = translator(language), entry["highlights"], str(entry["title"])
    name = words.gettext(title)
    told = [
        (year, formats.euro(value, language))
        for year, value in found["series"]["accounts"]
        if value is not None
    ]
    for year, middle, *_ in found["series"]["forecast"]:
        told.append((year, words.gettext("about {value}", value=formats.euro(middle, language, digits=2))))
    return Sheet(
        language,
        words.gettext("Youth care in {area}", area=name),
        tuple(answers(found, measures, words)),
        found["series"],
        "; ".join(f"{year}: {value}" for year, value in told),
        words.gettext(
            "Costs of youth care in millions of euros: accounts, and the forecast with its 80% interval"
        ),
        words.gettext(
            "Figures of CBS to {date}; the forecast assumes that policy stays as it is. More on the page of {area}.",
            date=formats.date(created, language),
            area=name,
        ),
    )


def html(said: Sheet) -> str:
    """The hand-out as a page that needs no other file."""
    parts = Markup("").join(
        Markup("<h2>{}</h2>").format(question)
        + Markup("").join(Markup("<p>{}</p>").format(line) for line in answer.split("\n"))
        for question, answer in said.answers
    )
    look = Markup(style.BASIC_STYLE + PAPER)  # noqa: S704 - our own style
    # A PDF leaves out what has no text, and so the alternative of a picture, unless something points at it.
    chart = Markup('<div id="chart" role="img" aria-label="{}">{}</div>').format(said.told, said.chart)
    return Markup(
        '<!DOCTYPE html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title><style>{}</style></head>'
        '<body><main><h1>{}</h1>{}<figure aria-describedby="chart">{}<figcaption>{}</figcaption></figure></main>'
        "<footer><p>{}</p></footer></body></html>\n"
    ).format(said.language, said.title, look, said.title, parts, chart, said.caption, said.foot)


def chart_page(said: Sheet) -> str:
    """The chart by itself as a page, to make a picture of."""
    look = Markup(style.BASIC_STYLE + "body{margin:0}svg{display:block}")  # noqa: S704 - our own style
    return Markup("<!DOCTYPE html>\n<html><head><style>{}</style></head><body>{}</body></html>\n").format(
        look, said.chart
    )


def write(said: Sheet, target: Path) -> Path:
    """Write the hand-out of one area; see ``html``."""
    return store.write_text(target, html(said))


def answers(
    found: Mapping[str, Any], measures: Sequence[tuple[str, str]], words: Words
) -> Iterator[tuple[str, str]]:
    """The five questions and what the figures answer; what is not known is said to be so.

    Parameters
    ----------
    found : mapping
        The highlights of a page.
    measures : sequence of (str, str)
        As for ``sheet``.
    """
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
        words.gettext("What will {year} cost, and which budget is enough?", year=coming),
        " ".join(
            (
                _between(ahead[coming], words),
                words.gettext(
                    "With {high} the chance of a shortage is 10%, with {middle} it is 50%.",
                    high=formats.euro(ahead[coming][2], language, digits=EXPECTED),
                    middle=formats.euro(ahead[coming][0], language, digits=EXPECTED),
                ),
            )
        )
        if coming in ahead
        else unknown,
    )
    yield (
        words.gettext("And further ahead, in {year}?", year=furthest),
        f"{_between(ahead[furthest], words)} {smaller}",
    )
    said = "\n".join(f"{measure}. {change}" for measure, change in measures)
    yield words.gettext("What can we do?"), said or unknown


def _between(row: list[float], words: Words) -> str:
    middle, low, high = row
    return words.gettext(
        "Probably about {middle}; with 80% chance between {between}.",
        middle=formats.euro(middle, words.language, digits=EXPECTED),
        between=formats.euro_between(low, high, words.language),
    )


def _chart(series: Mapping[str, Any], words: Words) -> Markup:
    """Accounts as a line, the forecast as a dashed line in its band, in millions."""
    accounts = [(year, value) for year, value in series["accounts"] if value is not None]
    ahead = series["forecast"]
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
    whole = picture.prepare.whole({"data": data, "layout": layout})
    return picture.svg(whole, *map(float, SIZE), kind="wide")
