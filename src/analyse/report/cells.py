"""The pieces of a page: prose, figures, tables and errors as HTML, and the downloads that belong to them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import nbformat
from markupsafe import Markup, escape
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from analyse.present.exhibits import exhibit, markup, picture, style
from analyse.present.scenario import lever_panel
from analyse.present.text import formats
from analyse.present.text.language import translator
from analyse.report import assets, downloads, page_context
from analyse.report.workbook import About

SINGLE_LINE = re.compile(r"<text([^>]*)><tspan( x=\"[^\"]*\" y=\"[^\"]*\")>([^<]*)</tspan></text>")
LONG = 24
"""A table of more rows is folded."""
INK = re.compile(r'(<text[^>]*) fill="var\(--c-ink\)"')
AREA = re.compile(r'<a aria-label="([^"]*)">')
APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


class Pieces:
    """Makes the pieces of one page in order, numbers its tables, and keeps what can be downloaded.

    Parameters
    ----------
    language : str
        ``nl`` or ``en``.
    address : callable
        Gives the address of a file with this name and content, seen from the page.
    areas : mapping, optional
        Names of areas with the address of their page, which areas on a map link to.
    """

    def __init__(
        self, language: str, address: Callable[[str, bytes], str], areas: Mapping[str, str] | None = None
    ) -> None:
        """Start with an empty page."""
        self.words, self.address, self.files = translator(language), address, {}
        self.areas = areas or {}
        self.sheets: list[downloads.Sheet] = []
        self.headed = False
        """Whether a heading of the second level came before: then titles of charts are of the third."""

    def output(self, output: nbformat.NotebookNode, *, first: bool = False) -> Markup | None:
        """One output of a cell; empty for anything but an exhibit, prose or an error.

        ``first``: whether it is on the first screen, where charts are lower.
        """
        if output.output_type == "error":
            reason = Markup('<span lang="en">{}: {}</span>').format(output.ename, output.evalue)
            said = self.words.gettext("This part could not be made, nor could what comes after it: {reason}")
            return Markup('<p class="banner">{}</p>').format(escape(said).format(reason=reason))
        data = output.get("data", {})
        if exhibit.MIME in data:
            return self.exhibit(data[exhibit.MIME], data.get(exhibit.PLOTLY), first=first)
        if lever_panel.MIME in data:
            return self.panel(**data[lever_panel.MIME])
        return prose(data["text/markdown"]) if "text/markdown" in data else None

    def exhibit(self, data: dict[str, Any], figure: dict[str, Any] | None, *, first: bool = False) -> Markup:
        """A figure with its caption, alternative, table and downloads; or a table; or text.

        Parameters
        ----------
        data : dict
            The exhibit as JSON.
        figure : dict, optional
            Its plotly figure.
        first : bool
            Whether it is on the first screen.
        """
        if data["kind"] == "head":
            return markup.head(data)
        if data["kind"] in ("cards", "text"):
            return markup.exhibit(data)
        sheet = downloads.sheet(len(self.sheets) + 1, data)
        self.sheets.append(sheet)
        number, words = sheet.number, self.words
        label = words.gettext("Table {number}: {caption}", number=number, caption=sheet.caption)
        place = f"flag-{number}"
        shown = markup.table(data["table"], place=place, language=data["language"])
        table = markup.scrolling(shown, label) + markup.legend(data["table"], place=place)
        if data["kind"] == "choices":
            return Markup(
                '<section class="cycle"><h{0} class="charted">{1}</h{0}>{2}{3}{4}</section>'
            ).format(
                3 if self.headed else 2,
                data["title"],
                markup.choices(data),
                markup.credits(data),
                self._below(data, table, sheet, chart=False),
            )
        if data["kind"] == "table" or figure is None:
            if len(data["table"]["cells"]) > LONG:
                table = self._folded(sheet.caption, table, len(data["table"]["cells"]))
            return Markup('<div class="table">{}{}{}</div>').format(
                table, markup.credits(data), self._actions(sheet, chart=False)
            )
        level = 3 if self.headed else 2
        title = Markup('<figcaption id="figure-{0}"><h{2} class="charted">{1}</h{2}></figcaption>').format(
            number, data["title"], level
        )
        below = self._below(data, table, sheet, chart=True)
        told = Markup('<div class="credits">{}</div>').format(markup.credits(data))
        return Markup('<figure class="chart" aria-labelledby="figure-{}">{}{}{}{}</figure>').format(
            number, title, _plot(data, figure, number, first=first, areas=self.areas), told, below
        )

    def _folded(self, caption: str, table: Markup, rows: int) -> Markup:
        """A long table, folded behind its caption."""
        said = self.words.ngettext(
            "{caption} ({n} row)", "{caption} ({n} rows)", rows, caption=caption, n=rows
        )
        return Markup("<details><summary>{}</summary>{}</details>").format(said, table)

    def _below(self, data: dict[str, Any], table: Markup, sheet: downloads.Sheet, *, chart: bool) -> Markup:
        """What is folded below an exhibit: its table, and what can be saved of it."""
        label = self.words.gettext("Data as a table")
        folded = Markup('<details><summary>{}<span class="unseen">: {}</span></summary>{}</details>')
        return Markup('<div class="below">{}{}</div>').format(
            folded.format(label, data["title"], table), self._actions(sheet, chart=chart)
        )

    def panel(self, payload: dict[str, Any], base: dict[str, Any]) -> Markup:
        """A scenario panel: the forecast without measures in words and numbers, above which its script puts it."""
        number, summary = len(self.sheets) + 1, self.words.gettext("The forecast without measures")
        shown = self.exhibit(base, None)
        return Markup(
            '<div class="scenario"><a class="skip" href="#below-{0}">{5}</a><div id="scenario-{0}" hidden></div>'
            '<details class="base" open><summary>{1}</summary><p>{2}</p>{3}</details>'
            '<script type="application/json" data-scenario="scenario-{0}">{4}</script></div>'
            '<div id="below-{0}" tabindex="-1"></div>'
        ).format(
            number,
            summary,
            base["title"],
            shown,
            page_context.embedded(payload),
            self.words.gettext("Skip the measures"),
        )

    def downloads(self, name: str, about: About) -> Markup:
        """The workbook at the end of a page and the addresses of the other files, which it makes as well."""
        self.files = downloads.files(self.sheets, name, about=about)
        if not self.sheets:
            return Markup("")
        words = self.words
        whole = words.gettext(
            "All tables in one workbook, with sources (XLSX, {size})",
            size=_size(self.files[f"{name}.xlsx"], words.language),
        )
        explained = words.gettext(
            "Below each table is a link to the same table as CSV, with values that are not rounded, "
            "commas between columns and points for decimals."
        )
        return Markup('<section class="downloads" id="{}"><h2>{}</h2><p>{}</p><p>{}</p></section>').format(
            downloads.PLACE, words.gettext("Downloads"), self._link(f"{name}.xlsx", whole), explained
        )

    def _link(self, name: str, label: str) -> Markup:
        return Markup('<a href="{}" download="{}">{}</a>').format(
            self.address(name, self.files[name]), name, label
        )

    def _actions(self, sheet: downloads.Sheet, *, chart: bool) -> Markup:
        """What can be saved of one exhibit: the table always, the chart when it has been drawn."""
        words, number = self.words, sheet.number
        label = words.gettext("Download table {number} as {format}", number=number, format="CSV")
        name, content = f"{sheet.stem}.csv", downloads.as_csv(sheet)
        parts = [Markup('<a href="{}" download="{}">{}</a>').format(self.address(name, content), name, label)]
        for kind in ("png", "svg") if chart else ():
            label = words.gettext("Download figure {number} as {format}", number=number, format=kind.upper())
            button = Markup('<button type="button" data-plot="plot-{}" data-format="{}" hidden>{}</button>')
            parts.append(button.format(number, kind, label))
        return Markup('<p class="actions">{}</p>').format(Markup("").join(parts))


def prose(source: str) -> Markup:
    """Markdown as HTML; raw HTML in it is shown as text, and headings begin at the second level.

    An apostrophe is written as in texts made in code: regio’s.
    """
    source = APOSTROPHE.sub("’", source)
    renderer = IPythonRenderer(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
    return Markup(MarkdownWithMath(renderer=renderer).render(page_context.below_title(source)))  # noqa: S704 - escaped above


def _plot(
    data: dict[str, Any], figure: dict[str, Any], number: int, *, first: bool, areas: Mapping[str, str]
) -> Markup:
    """The chart as a picture, with its alternative and what plotly needs to draw its own.

    A map (``meta: {"links": true}``) stays a picture, of which each area leads to its page, by keyboard too.

    What has no picture (see ``picture.prepare.drawable``) shows its alternative until plotly has drawn it. A map
    (``meta: {"scroll": true}``) keeps its size on a narrow screen and scrolls, by keyboard too.
    """
    plain = exhibit.plotly_json(figure)
    plain["layout"].pop("title", None)
    drawn = picture.both(plain, flat=first)
    meta = plain["layout"].get("meta") or {}
    if meta.get("links") and drawn:
        return _map(data, compact(drawn.svg), number, areas)
    plain["layout"] = (
        _live(plain["layout"], data["language"], drawn=False)
        if drawn is None
        else _live(drawn.layout, data["language"], drawn=True)
    )
    kinds = [
        "plot",
        *(name for name in ("tall", "scroll") if meta.get(name)),
        *(["waiting"] if drawn is None else []),
    ]
    reach = Markup(' tabindex="0"') if meta.get("scroll") else ""
    shown = Markup("<p>{}</p>").format(data["alt"]) if drawn is None else compact(drawn.svg)
    return Markup(
        '<div class="{3}" id="plot-{0}" role="img" aria-label="{1}"{5}>{4}</div>'
        '<script type="application/json" data-for="plot-{0}">{2}</script>'
    ).format(number, data["alt"], page_context.embedded(plain), " ".join(kinds), shown, reach)


def _map(data: dict[str, Any], svg: str, number: int, areas: Mapping[str, str]) -> Markup:
    """A picture of which each area leads to its page; where none does, the keyboard scrolls it."""
    leading = AREA.sub(lambda found: _leading(found, areas), svg.replace(' aria-hidden="true"', ""))
    reach, skip = Markup(' tabindex="0"'), Markup("")
    if "<a href" in leading:
        reach = ""
        said = translator(data["language"]).gettext("Skip the map")
        skip = Markup('<a class="skip" href="#after-{0}">{1}</a>').format(number, said)
    return Markup(
        '{4}<div class="plot tall scroll map" id="plot-{0}" role="group" aria-label="{1}"{3}>{2}</div>'
        '<div id="after-{0}" tabindex="-1"></div>'
    ).format(number, data["alt"], Markup(leading), reach, skip)  # noqa: S704 - made of escaped parts


def _leading(found: re.Match[str], areas: Mapping[str, str]) -> str:
    """The opening tag of an area on a map, a link where it has a page."""
    name = html.unescape(found[1]).rpartition(": ")[0]
    return f'<a href="{areas[name]}" aria-label="{found[1]}">' if name in areas else '<a aria-hidden="true">'


def _live(layout: dict[str, Any], language: str, *, drawn: bool) -> dict[str, Any]:
    """A layout as plotly needs it in a page, without what all charts share; beside a picture without legend too."""
    kept = {name: value for name, value in layout.items() if name != "meta"}
    if drawn:
        shared = shared_layout(language)
        kept = {name: value for name, value in kept.items() if name != "legend" and shared.get(name) != value}
        for name in ("xaxis", "yaxis"):
            kept[name] = {
                key: value for key, value in layout[name].items() if shared[name].get(key, ...) != value
            }
    return exhibit.plotly_json({"data": [], "layout": kept})["layout"]


@cache
def shared_layout(language: str) -> dict[str, Any]:
    """What the layouts of all charts with a picture share; a page holds it once.

    Examples
    --------
    >>> shared_layout("nl")["xaxis"]["tickmode"]
    'array'
    """
    whole = style.layout(language)
    letters = {"tickfont": {"color": style.TOKENS["muted"], "size": picture.SIZES["wide"] - 1}}
    axis = {**style.axis(), **picture.framing.SETTLED, **letters}
    del axis["showgrid"], axis["showline"]
    kept = {name: value for name, value in whole.items() if name not in ("template", "margin", "legend")}
    return {**kept, "xaxis": axis, "yaxis": axis}


def compact(drawn: str) -> Markup:
    """A picture in fewer bytes that looks the same: short names of colours (``--c-ink``), no span around a single line.

    The usual size and colour of letters stand in the style sheet.

    Examples
    --------
    >>> compact(Markup('<text font-size="12" fill="var(--jeugdhulp-color-ink)"><tspan x="1" y="2">2024</tspan></text>'))
    Markup('<text x="1" y="2">2024</text>')
    """
    named = str(drawn).replace(f"var({style.PREFIX}", f"var({assets.SHORT}")
    for usual in (' font-size="12"', ' text-anchor="start"'):
        named = named.replace(usual, "")
    named = INK.sub(r"\1", named)
    return Markup(SINGLE_LINE.sub(r"<text\2\1>\3</text>", named))  # noqa: S704 - made of escaped parts


def _size(content: bytes, language: str) -> str:
    return f"{formats.number(max(len(content) / 1000, 1), language)}{formats.NBSP}kB"
