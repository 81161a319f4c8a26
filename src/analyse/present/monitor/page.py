"""What all parts of a page on declarations share: its area, language and label, and how tables and charts are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from babel.dates import format_date

from analyse.history.completion import short
from analyse.monitor import few_in_period
from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import MARK, SIMULATED, Exhibit
from analyse.present.figures import marks
from analyse.present.text.language import N_, Words, translator

SOURCE = N_("Declarations of providers, completed for what is still to come; calculation: this analysis")
SOURCE_SHORT = N_("Declarations of providers, as far as they have come in; calculation: this analysis")
PROVIDERS = ("provider", "who")
"""Columns that hold codes of providers, perhaps among other words."""
MONTHS = N_(
    "Without messages on allocation, start and stop (JW301, JW305 and JW307) this part cannot be shown."
)


@dataclass(frozen=True)
class Page:
    """A page on declarations."""

    area: str
    """Name of the municipality or region."""
    simulated: bool
    """Whether the declarations are: then every chart, table and download says so."""
    language: str = "nl"
    """``nl`` or ``en``."""
    months: int = short.NEEDED
    """How many months of care have declarations, which is stated where they are too few."""
    apart: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Column -> the categories that are not shown by themselves, because other pages of the set would then tell what is
    hidden (``monitor.category_plans.apart``)."""
    providers: Mapping[str, str] = field(default_factory=dict)
    """AGB code -> name of a provider (``providers.csv``), to stand beside the code."""

    def called(self, providers: Iterable[str]) -> list[str]:
        """Providers as they are shown: their name with the AGB code, or the code where no name is known.

        Examples
        --------
        >>> Page("Delft", False, providers={"01010101": "De Horizon"}).called(["01010101", "02020202"])
        ['De Horizon (01010101)', '02020202']
        """
        return [f"{self.providers[one]} ({one})" if one in self.providers else one for one in providers]

    def closed(self, codes: pd.Series) -> pd.Series:
        """Which values are not shown by themselves; the name of the series says of which column they are."""
        return codes.isin(self.apart.get(str(codes.name), ()))

    def few(self, *periods: object) -> bool:
        """Whether an amount of all care of one of these periods would tell what fewer than ten youths cost.

        Examples
        --------
        >>> page = Page("Delft", False, apart={"period": frozenset({"now", "2024"})})
        >>> page.few(2024), page.few("before")
        (True, False)
        """
        closed = self.apart.get(few_in_period.PERIOD, frozenset())
        return not closed.isdisjoint(str(one) for one in periods)

    @property
    def words(self) -> Words:
        """The texts of its language, in which ``{area}`` is its area."""
        return replace(translator(self.language), area=self.area)

    def table(
        self,
        frame: pd.DataFrame,
        columns: Mapping[str, tables.Column],
        title: str,
        *,
        note: str,
        most: int = 0,
        whole: pd.DataFrame | None = None,
    ) -> Exhibit:
        """A table as an exhibit; without a row its title and note as sentences.

        Parameters
        ----------
        frame : DataFrame
            What is shown, counts of persons already treated.
        columns : mapping of str to Column
            Which columns, in order.
        title, note : str
            In the language of the page.
        most : int
            How many rows the page shows; the files to download have them all. 0: all.
        whole : DataFrame, optional
            What the files have in place of ``frame``, where the page takes rows together to stay short.
        """
        if frame.empty:
            return self.text([f"{title}. {note}"], title)
        shown = frame.head(most) if most else frame
        whole = frame if whole is None else whole
        if len(whole) > len(shown):
            said = self.words.gettext("The workbook has all {n} rows.", n=len(whole))
            note = f"{note} {said}"
        return Exhibit(
            "table",
            title,
            table=self._built(shown, columns, title),
            whole=self._built(whole, columns, title) if len(whole) > len(shown) else None,
            source=self._source(),
            note=note,
            language=self.language,
        )

    def figure(
        self,
        title: str,
        figure: Mapping[str, Any],
        behind: tuple[pd.DataFrame, Mapping[str, tables.Column]],
        *,
        alt: str,
        note: str,
    ) -> Exhibit:
        """A chart as an exhibit, with the table behind it and the label inside it.

        Parameters
        ----------
        title, alt, note : str
            In the language of the page; ``alt`` says in words what the chart shows.
        figure : mapping
            ``data`` and ``layout`` of plotly.
        behind : tuple of DataFrame and mapping
            The table behind it: rows and columns, as for ``table``.
        """
        layout = figure["layout"]
        layout["annotations"] = [*layout.get("annotations", []), *self._mark()]
        return Exhibit(
            "figure",
            title,
            alt=alt,
            drawing=dict(figure),
            table=self._built(*behind, title),
            source=self._source(),
            note=note,
            language=self.language,
        )

    def text(self, paragraphs: Sequence[str], title: str) -> Exhibit:
        """Sentences as an exhibit."""
        content = {"paragraphs": list(paragraphs), "role": "text"}
        return Exhibit("text", title, content=content, language=self.language)

    def without_messages(self, title: str) -> Exhibit:
        """What replaces a part that needs allocations, starts and stops; said once in a section."""
        return self.text([f"{title}. {self.words.gettext(MONTHS)}"], title)

    def too_short(self, part: str) -> Exhibit:
        """What replaces a part that needs more months of declarations than there are."""
        needs = self.words.gettext("to tell what is still to come, {needed} are needed", needed=short.NEEDED)
        return self._instead(needs, part)

    def not_shown(self, part: str) -> str:
        """The sentence on a part that would tell what fewer than ten youths cost."""
        return self.words.gettext(
            "Not shown: {part}. It would tell what fewer than ten youths cost.", part=part
        )

    def of_few(self, part: str) -> Exhibit:
        """What replaces a part that would tell what fewer than ten youths cost."""
        return self.text([self.not_shown(part)], part[:1].upper() + part[1:])

    def no_year(self, part: str) -> Exhibit:
        """What replaces a part that needs a year of which declarations are missing."""
        return self._instead(self.words.gettext("this part needs every month of the year before"), part)

    def _instead(self, needs: str, part: str) -> Exhibit:
        """What replaces a part: how many months there are, and what the part needs."""
        said = self.words.ngettext(
            "There are declarations of {n} month; {needs}. So this is not shown: {part}.",
            "There are declarations of {n} months; {needs}. So this is not shown: {part}.",
            self.months,
            needs=needs,
            part=part,
        )
        return self.text([said], part[:1].upper() + part[1:])

    def month(self, text: str, *, short: bool = False) -> str:
        """A month in words.

        Examples
        --------
        >>> Page("Delft", False).month("2024-09"), Page("Delft", False, "en").month("2024-09", short=True)
        ('september 2024', 'Sep 2024')
        """
        day = pd.Timestamp(f"{text}-01").date()
        return format_date(day, "MMM y" if short else "MMMM y", locale=self.language).replace(".", "")

    def and_left_out(self, note: str) -> str:
        """A note, ended with the sentence on what ``enough`` leaves out."""
        said = self.words.gettext("What has fewer than ten is left out.")
        return f"{note} {said}"

    def and_left_empty(self, note: str) -> str:
        """The same, where a percentage tells of so few too, of those that it counts or of the others."""
        said = self.words.gettext("A percentage that tells of fewer than ten is left empty.")
        return f"{self.and_left_out(note)} {said}"

    def counting(self, text: str, counted: pd.Series, **values: Any) -> str:
        """A sentence with how many values of a series are true, ``{n}``, out of how many, ``{all}``.

        Examples
        --------
        >>> Page("Delft", False, "en").counting("{area}: {n} of {all}", pd.Series([True, False, True]))
        'Delft: 2 of 3'
        """
        return self.words.gettext(text, n=int(counted.sum()), all=len(counted), **values)

    def _built(self, frame: pd.DataFrame, columns: Mapping[str, tables.Column], title: str) -> tables.Table:
        named = {one: self.called(frame[one]) for one in PROVIDERS if one in columns}
        caption = f"{title} ({self.words.gettext(MARK).lower()})" if self.simulated else title
        return tables.build(frame.assign(**named), columns, caption, self.language)

    def _source(self) -> str:
        known = SOURCE if self.months >= short.NEEDED else SOURCE_SHORT
        return self.words.gettext(SIMULATED if self.simulated else known)

    def _mark(self) -> list[dict[str, Any]]:
        """The words that stay on the chart when it is copied out of the page."""
        if not self.simulated:
            return []
        return [
            {
                "text": self.words.gettext(MARK),
                "xref": "paper",
                "yref": "paper",
                "x": 1,
                "y": 1,
                "xanchor": "right",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 13, "color": style.TOKENS["alert"]},
            }
        ]


def lying(words: Words, label: str, *, first_on_top: bool = False, **changes: Any) -> dict[str, Any]:
    """The layout of a chart with horizontal bars.

    Parameters
    ----------
    words : Words
        Texts in the language of the page.
    label : str
        What goes along the axis, in that language.
    first_on_top : bool
        Whether the first bar is the top one; plotly begins at the bottom.
    **changes
        Other properties of the layout.
    """
    order = {"autorange": "reversed"} if first_on_top else {}
    title = {"text": label, "font": {"size": 12}}
    return style.layout(
        words.language,
        margin={"l": 16, "r": 24, "t": 44, "b": 56},
        xaxis=style.axis(title=title, rangemode="tozero"),
        yaxis=style.axis(grid=False, type="category", automargin=True, **order),
        **changes,
    )


def intervals(
    places: Sequence[Any], low: Iterable[float], high: Iterable[float], *, upright: bool = True
) -> dict[str, Any]:
    """Thin lines from the low to the high end of each interval.

    Parameters
    ----------
    places : sequence
        Positions on the other axis.
    low, high : iterable of float
        The ends, in units of the axis.
    upright : bool
        Whether the lines are vertical, as over vertical bars.
    """
    ends = [value for pair in zip(low, high, strict=True) for value in (*map(float, pair), None)]
    along = [one for place in places for one in (place, place, None)]
    x, y = (along, ends) if upright else (ends, along)
    return marks.scatter(
        "lines",
        x=x,
        y=y,
        hoverinfo="skip",
        showlegend=False,
        line={"color": style.TOKENS["ink"], "width": 1.8},
    )
