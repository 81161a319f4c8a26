"""What a reader can choose: a name, a label, and the values it may have."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analyse.errors import ParameterError
from analyse.history import areas
from analyse.present.text.language import N_, translator

LISTED = 6
"""Largest number of options that an error lists."""


@dataclass(frozen=True)
class Choice:
    """One thing to choose."""

    name: str
    """As in ``Explorer.choose(name=...)``."""
    label: str
    """What stands beside the control, in English; the catalogue has the other languages."""
    options: tuple[tuple[str, Any], ...]
    """What is shown, in English or a name, and the value it stands for."""
    value: Any
    """The value at first: one of the options."""

    def shown(self, language: str) -> list[tuple[str, Any]]:
        """The options in a language."""
        words = translator(language)
        return [(words.gettext(text), value) for text, value in self.options]

    def accept(self, wanted: Any, language: str = "nl") -> Any:
        """The value of the option that a value or a text (in any case) refers to.

        Raises
        ------
        ParameterError
            If it is none of them, with the nearest.

        Examples
        --------
        >>> area = Choice("area", "Area", (("Delft", "GM0503"), ("Leiden", "GM0546")), "GM0503")
        >>> area.accept("leiden"), area.accept("GM0503")
        ('GM0546', 'GM0503')
        """
        texts = self.shown(language)
        known = {
            str(key).casefold(): value for text, value in [*texts, *self.options] for key in (value, text)
        }
        found = known.get(str(wanted).casefold(), self)
        if found is not self:
            return found
        near = difflib.get_close_matches(str(wanted).casefold(), known, n=1)
        if near:
            text = next(text for text, value in texts if value == known[near[0]])
            raise ParameterError(f"{self.name}: got {wanted!r}; did you mean {text!r}?")
        first = ", ".join(repr(text) for text, _ in texts[:LISTED])
        more = f" and {len(texts) - LISTED} more" if len(texts) > LISTED else ""
        raise ParameterError(f"{self.name}: got {wanted!r}; choose one of {first}{more}")


def of_area(
    tables: Mapping[str, pd.DataFrame], value: str, *, first: Iterable[tuple[str, str]] = ()
) -> Choice:
    """The choice of area: a present-day municipality, a region, or the three regions together.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``municipalities``.
    value : str
        The code at first.
    first : iterable of (str, str)
        Options before these.
    """
    codes = areas.members(tables, areas.ALL)
    named = sorted((areas.name(tables, code), code) for code in codes)
    regions = [(name, code) for code, name in areas.regions(tables).items()]
    options = (*first, (areas.name(tables, areas.ALL), areas.ALL), *regions, *named)
    return Choice("area", N_("Municipality or region"), options, value)


def of_years(first: int, last: int) -> tuple[Choice, Choice]:
    """A first and a last year to show."""
    options = tuple((str(year), year) for year in range(first, last + 1))
    return (
        Choice("from_year", N_("From year"), options, first),
        Choice("to_year", N_("To year"), options, last),
    )


def of_composition(value: str) -> Choice:
    """The choice of boundaries: fixed, or those of each year."""
    options = (
        (N_("fixed: one set of boundaries for all years"), "fixed"),
        (N_("of the time: the boundaries of each year"), "of-the-time"),
    )
    return Choice("composition", N_("Boundaries"), options, value)


def of_language(value: str) -> Choice:
    """The language of labels, figures and tables."""
    return Choice("language", N_("Language"), (("Nederlands", "nl"), ("English", "en")), value)


def in_years(frame: pd.DataFrame, from_year: int, to_year: int) -> pd.DataFrame:
    """The rows of a span of years.

    Parameters
    ----------
    frame : DataFrame
        With ``period``.
    from_year, to_year : int
        First and last year, both included.

    Raises
    ------
    ParameterError
        If the first year is after the last one.
    """
    if from_year > to_year:
        raise ParameterError(f"from_year: got {from_year}, after to_year {to_year}; choose an earlier one")
    return frame[frame["period"].between(from_year, to_year)]
