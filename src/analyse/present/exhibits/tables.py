"""The table behind a figure: formatted cells beside their raw values, never NaN, always a caption."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from string import ascii_lowercase
from typing import Any

import pandas as pd

from analyse import small_cells
from analyse.present.text import formats
from analyse.present.text.language import N_, translator

NUMERIC = (
    "year",
    "integer",
    "persons",
    "about",
    "euro",
    "euro_exact",
    "percent",
    "percent1",
    "decimal",
    "probability",
    "likelihood",
)
"""Kinds of columns that hold a number."""
KINDS = ("text", *NUMERIC)

STATUS_WORDS = {
    "final": N_("final"),
    "provisional": N_("provisional"),
    "estimated": N_("estimated"),
    "incomplete": N_("at least: a part is not known"),
    "suppressed": N_("hidden: the number is small"),
    "faulty": N_("error in the source"),
    "missing": N_("not published"),
}
NOT_APPLICABLE = "not applicable"
"""A status of shown cells only: there is nothing to know, such as a forecast for a year gone by."""


KNOWN, EXPECTED = 3, 2
"""Significant digits of a rounded number: of what is known, and of an estimate, which is written in the same way in the
sentence, the chart and the table of a page."""


@dataclass(frozen=True)
class Column:
    """One column of a shown table: its heading, in English, and how its values are written (one of ``KINDS``).

    ``values`` fill in what stands between braces in the heading, such as a year; ``of`` gives them.
    ``language`` is that of its texts where it is not that of the table, as of titles of Dutch sources. With ``blank``
    an empty cell without a status says that there is nothing to know, such as a forecast for a year gone by. Values
    of a column with ``terms`` are keys of English texts, or such texts themselves, and are translated. ``digits``
    holds for kinds that round; those of one row stand in ``<name>_digits``.
    """

    label: str
    kind: str = "text"
    language: str = ""
    blank: bool = False
    digits: int = KNOWN
    terms: Mapping[str, str] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def of(self, **values: Any) -> Column:
        """The same column with what stands between braces in its heading.

        Examples
        --------
        >>> budget = Column("Budget {year}", "euro").of(year=2025)
        >>> build([(1_000_000,)], {"budget_eur": budget}, "Begroting").columns[0].label
        'Begroting 2025'
        """
        return replace(self, values=values)


@dataclass(frozen=True)
class Table:
    """A table ready to show.

    Parameters
    ----------
    cells, values : tuple of tuple
        The rows as texts, and the same cells as numbers or texts.
    marks : tuple of tuple of str
        Per cell the letters of the flags on it, such as "ab"; empty without flags.
    legend : tuple of (str, str, str)
        Letter, title and reason of each flag.
    """

    caption: str
    columns: tuple[Column, ...]
    cells: tuple[tuple[str, ...], ...]
    values: tuple[tuple[Any, ...], ...]
    marks: tuple[tuple[str, ...], ...] = ()
    legend: tuple[tuple[str, str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The table as it travels in a notebook."""
        return {
            "caption": self.caption,
            "columns": [
                {"label": one.label, "kind": one.kind} | ({"language": one.language} if one.language else {})
                for one in self.columns
            ],
            "cells": [list(row) for row in self.cells],
            "values": [list(row) for row in self.values],
            **(
                {"marks": [list(row) for row in self.marks], "legend": [list(one) for one in self.legend]}
                if self.legend
                else {}
            ),
        }


def intervals(kind: str, *coverages: int, blank: bool = False, digits: int = EXPECTED) -> dict[str, Column]:
    """The columns of intervals of what is expected, by the names of their quantiles.

    Parameters
    ----------
    kind, blank, digits
        As for ``Column``.
    *coverages : int
        In per cent: 80 or 95.

    Examples
    --------
    >>> {name: column.label for name, column in intervals("euro", 80).items()}
    {'q0.1': '80% interval from', 'q0.9': '80% interval to'}
    """
    ends = {
        80: (("q0.1", N_("80% interval from")), ("q0.9", N_("80% interval to"))),
        95: (("q0.025", N_("95% interval from")), ("q0.975", N_("95% interval to"))),
    }
    return {
        name: Column(label, kind, blank=blank, digits=digits)
        for coverage in coverages
        for name, label in ends[coverage]
    }


def expected_in(year: int, kind: str) -> dict[str, Column]:
    """The columns of what is expected in a year, with its 80 % interval, by the names of their quantiles.

    Examples
    --------
    >>> [column.values["year"] for column in expected_in(2027, "euro").values()]
    [2027, 2027, 2027]
    """
    columns = {
        "q0.5": Column("Expected in {year}", kind, digits=EXPECTED),
        "q0.1": Column("80% interval in {year}: from", kind, digits=EXPECTED),
        "q0.9": Column("80% interval in {year}: to", kind, digits=EXPECTED),
    }
    return {name: column.of(year=year) for name, column in columns.items()}


def build(
    frame: pd.DataFrame | Iterable[tuple[Any, ...]],
    columns: Mapping[str, Column],
    caption: str,
    language: str = "nl",
    *,
    flags: Iterable[Any] = (),
) -> Table:
    """A shown table from a tidy one.

    Parameters
    ----------
    frame : DataFrame or iterable of tuple
        One row per shown row; tuples are in the order of ``columns``. When it has ``<name>_status``, an empty
        ``<name>`` is explained by it.
    columns : mapping of str to Column
        Which columns to show, in order; the first is the heading of its row. Headings are translated here.
    flags : iterable of Flag
        Declared flags (``compare.choices.flags``). When ``frame`` has ``<name>_flags`` with their ids (see
        ``compare.flags.flagged``), each flagged cell gets a letter, and the letters are explained.
    caption : str
        Caption of the table, in ``language``.

    Raises
    ------
    ValueError
        If a column of kind ``persons`` holds a count that ``small_cells`` has not treated.

    Examples
    --------
    >>> frame = pd.DataFrame({"period": [2024], "cost_eur": [float("nan")], "cost_eur_status": ["faulty"]})
    >>> shown = {"period": Column("Jaar", "year"), "cost_eur": Column("Uitgaven", "euro")}
    >>> build(frame, shown, "Uitgaven").cells
    (('2024', 'fout in de bron'),)
    """
    if not isinstance(frame, pd.DataFrame):
        frame = pd.DataFrame(list(frame), columns=list(columns))
    _refuse_small_counts(frame, columns, caption)
    words = translator(language)
    for name, column in columns.items():
        if column.terms is not None:
            texts = [words.gettext(column.terms.get(one, str(one))) for one in frame[name]]
            frame = frame.assign(**{name: texts})
    rows = frame.to_dict("records")
    cells = tuple(
        tuple(_cell(row, name, column, language) for name, column in columns.items()) for row in rows
    )
    values = tuple(tuple(_value(row[name]) for name in columns) for row in rows)
    marks, legend = _marked(rows, columns, {one.id: one for one in flags}, language)
    headed = tuple(
        replace(column, label=words.gettext(column.label, **column.values), values={})
        for column in columns.values()
    )
    return Table(caption, headed, cells, values, marks, legend)


def status_word(status: object, language: str = "nl") -> str:
    """A status of ``schema.STATUSES`` in plain words."""
    if status == NOT_APPLICABLE:
        return "–"
    msgid = STATUS_WORDS.get(str(status))
    return translator(language).gettext(msgid) if msgid else formats.unknown(language)


def written(value: Any, kind: str, language: str = "nl", digits: int = KNOWN) -> str:
    """One value as text, formatted according to its kind.

    Parameters
    ----------
    value : object
        A number, or a text for kind ``text``.
    kind : str
        One of ``KINDS``.
    language : {"nl", "en"}
        Language it is written in.
    digits : int
        Significant digits, for kinds that round.
    """
    if kind == "text":
        return str(value) if value is not None and value == value else formats.unknown(language)
    if kind == "year":
        return str(int(value)) if formats.known(value) else formats.unknown(language)
    if kind == "probability":
        return (
            formats.percent(value * 100, language, decimals=0)
            if formats.known(value)
            else formats.unknown(language)
        )
    write = {
        "likelihood": lambda: formats.likelihood(value, language),
        "integer": lambda: formats.number(value, language),
        "persons": lambda: formats.number(value, language),
        "about": lambda: formats.about(value, language, digits=digits),
        "decimal": lambda: formats.number(value, language, decimals=1),
        "euro": lambda: formats.euro(value, language, digits=digits),
        "euro_exact": lambda: formats.euro_exact(value, language),
        "percent": lambda: formats.percent(value, language, decimals=0),
        "percent1": lambda: formats.percent(value, language),
    }
    return write[kind]()


def _marked(
    rows: list[dict[str, Any]], columns: Mapping[str, Column], flags: Mapping[str, Any], language: str
) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, str, str], ...]]:
    """Letters per cell, in the order in which the flags are first met, and what they mean."""
    letters: dict[str, str] = {}
    marks = []
    for row in rows:
        found = []
        for name in columns:
            ids = [one for one in row.get(f"{name}_flags") or () if one in flags]
            given = [letters.setdefault(one, ascii_lowercase[len(letters)]) for one in ids]
            found.append("".join(sorted(given)))
        marks.append(tuple(found))
    legend = tuple(
        (letter, getattr(flags[one].title, language), getattr(flags[one].reason, language))
        for one, letter in letters.items()
    )
    return (tuple(marks), legend) if legend else ((), ())


def _refuse_small_counts(frame: pd.DataFrame, columns: Mapping[str, Column], caption: str) -> None:
    for name, column in columns.items():
        if column.kind == "persons" and not frame[name].dropna().map(small_cells.treated).all():
            raise ValueError(
                f"table {caption!r}: {name} holds untreated counts of persons; use small_cells.protect"
            )


def _cell(row: dict[str, Any], name: str, column: Column, language: str) -> str:
    value, status = row[name], row.get(f"{name}_status")
    if column.kind != "text" and not formats.known(value):
        untold = status is None or status != status
        if column.blank and (untold or status == "missing"):
            status = NOT_APPLICABLE
        if status is not None:
            return status_word(status, language)
    text = written(value, column.kind, language, int(row.get(f"{name}_digits", column.digits)))
    if status == "incomplete" and formats.known(value):
        return translator(language).gettext("at least {amount}", amount=text)
    return text


def _value(value: Any) -> Any:
    """A plain Python value that JSON can hold; None where there is none."""
    if isinstance(value, str) or value is None:
        return value
    if not formats.known(value):
        return None
    return int(value) if float(value).is_integer() else float(value)
