"""The hand-out as PowerPoint: a chart that PowerPoint itself draws, the answers, and what can be done; own template.

Needs the extra ``office`` (python-pptx).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyse.errors import OutputError
from analyse.present.exhibits import style
from analyse.reading import digits
from analyse.report import own_template, workbook
from analyse.report.handout import Sheet
from analyse.report.word import LANGUAGES

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

WIDE = (12_192_000, 6_858_000)
"""Width and height of a slide of 16:9, in EMU."""
TITLE_PT, TEXT_PT, SMALL_PT = 30, 20, 12
TITLES = (1, 3)
"""Kinds of placeholders that hold a title (``PP_PLACEHOLDER``): title, and centred title."""
EDGE = 0.05
"""Part of a slide that stays empty along each edge."""
MILLION = 1e6


def handout(said: Sheet, *, created: str, template: Path | None = None) -> bytes:
    """Three slides: the chart, the answers, and what can be done.

    Parameters
    ----------
    said : Sheet
        What the hand-out says.
    created : str
        ISO date of the data, which the file bears.
    template : Path, optional
        A municipality's own template; slides that stand in it are left out.

    Raises
    ------
    OutputError
        If python-pptx is not installed, or the template cannot be read.
    """
    show, own = _presentation(template), template is not None
    show.core_properties.title, show.core_properties.author = said.title, "jeugdhulp-analyse"
    show.core_properties.language = LANGUAGES[said.language]
    *told, (question, answer) = said.answers
    first, second, third = (_slide(show, one, own=own) for one in (said.title, said.title, question))
    _chart(first, _room(show, first), said)
    _text(second, _room(show, second), told)
    _text(third, _room(show, third), [("", part) for part in (*answer.split("\n"), said.foot)])
    stream = io.BytesIO()
    show.save(stream)
    return workbook.fixed(stream.getvalue(), created)


def _presentation(template: Path | None) -> Presentation:
    """An empty 16:9 presentation, or one with the masters of a template."""
    own_template.check_packages()
    import pptx

    if template is None:
        show = pptx.Presentation()
        show.slide_width, show.slide_height = WIDE
        return show
    try:
        show = pptx.Presentation(own_template.opened(template))
    except (KeyError, ValueError) as error:
        raise OutputError(f"template {template}: not a PowerPoint file; open and save it again") from error
    listed = show.slides._sldIdLst
    for one in list(listed):
        show.part.drop_rel(one.rId)
        listed.remove(one)
    return show


def _slide(show: Presentation, title: str, *, own: bool) -> Slide:
    """A slide with a title, in the layout with the fewest other places; ``own``: a template places it."""
    kinds = [
        (TITLES.index(place.placeholder_format.type), len(list(layout.placeholders)), number)
        for number, layout in enumerate(show.slide_layouts)
        for place in layout.placeholders
        if place.placeholder_format.type in TITLES
    ]
    if not kinds:
        raise OutputError("template: no layout with a title; add one to its slide master")
    slide = show.slides.add_slide(show.slide_layouts[min(kinds)[2]])
    for place in list(slide.placeholders):
        if place.placeholder_format.type not in TITLES:
            place._element.getparent().remove(place._element)
    heading = slide.shapes.title
    heading.text = title
    if not own:
        across, down = show.slide_width, show.slide_height
        heading.left, heading.top = round(EDGE * across), round(EDGE * down)
        heading.width, heading.height = round((1 - 2 * EDGE) * across), round(0.13 * down)
        _looks(heading.text_frame.paragraphs[0], TITLE_PT, bold=True)
    return slide


def _room(show: Presentation, slide: Slide) -> tuple[int, int, int, int]:
    """Left, top, width and height of what is free below the title."""
    heading, across, down = slide.shapes.title, show.slide_width, show.slide_height
    top = min(heading.top + heading.height, round(0.4 * down))
    return round(EDGE * across), top, round((1 - 2 * EDGE) * across), round((1 - EDGE) * down) - top


def _chart(slide: Slide, room: tuple[int, int, int, int], said: Sheet) -> None:
    """Accounts, and the forecast between the ends of its interval, in millions of euros; told in words as well."""
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    words = said.words
    accounts = {int(year): value for year, value in said.series["accounts"] if value is not None}
    ahead = {int(year): values for year, *values in said.series["forecast"]}
    years = sorted({*accounts, *ahead})
    data = CategoryChartData(number_format="0.0")
    data.categories = [str(year) for year in years]
    lines = {
        words.gettext("accounts"): (accounts, "ink", MSO_LINE.SOLID),
        words.gettext("forecast, middle"): (
            {year: row[0] for year, row in ahead.items()},
            "accent",
            MSO_LINE.DASH,
        ),
        words.gettext("80% interval from"): (
            {year: row[1] for year, row in ahead.items()},
            "muted",
            MSO_LINE.ROUND_DOT,
        ),
        words.gettext("80% interval to"): (
            {year: row[2] for year, row in ahead.items()},
            "muted",
            MSO_LINE.ROUND_DOT,
        ),
    }
    for name, (values, _, _) in lines.items():
        data.add_series(
            name, [digits.known(values[year] / MILLION) if year in values else None for year in years]
        )
    left, top, width, height = room
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, left, top, width, round(0.88 * height), data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", said.told)
    chart = frame.chart
    chart.has_title, chart.has_legend = False, True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.font.size = Pt(SMALL_PT)
    chart.value_axis.minimum_scale = 0
    chart.value_axis.tick_labels.number_format = "0"
    chart.value_axis.tick_labels.number_format_is_linked = False
    for drawn, (_, token, dash) in zip(chart.plots[0].series, lines.values(), strict=True):
        colour = RGBColor.from_string(style.TOKENS[token].removeprefix("#").upper())
        drawn.smooth = False
        drawn.format.line.color.rgb, drawn.format.line.width, drawn.format.line.dash_style = (
            colour,
            Pt(2.25),
            dash,
        )
        for part in (drawn.marker.format.fill, drawn.marker.format.line.fill):
            part.solid()
            part.fore_color.rgb = colour
    below = (left, top + round(0.88 * height), width, round(0.12 * height))
    _text(slide, below, [("", said.caption)], size=SMALL_PT)


def _text(
    slide: Slide, room: tuple[int, int, int, int], pairs: Sequence[tuple[str, str]], *, size: int = TEXT_PT
) -> None:
    """Pairs of a question, in bold, and its answer; a pair without a question is a paragraph."""
    frame = slide.shapes.add_textbox(*room).text_frame
    frame.word_wrap = True
    lines = [(text, bold) for pair in pairs for text, bold in zip(pair, (True, False), strict=True) if text]
    for number, (text, bold) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = text
        _looks(paragraph, size, bold=bold)


def _looks(paragraph: Any, size: int, *, bold: bool) -> None:
    """The size and weight of a paragraph; typeface and colour are those of the template."""
    from pptx.util import Pt

    paragraph.font.size, paragraph.font.bold = Pt(size), bold
    paragraph.space_after = Pt(size / 3)
