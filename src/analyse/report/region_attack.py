"""Every attack on the pages of one region together, or on those of municipalities whose region is not in the set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analyse import small_cells
from analyse.monitor.inputs import Inputs
from analyse.report import attack, period_rows, read_back, secrets, worst_case
from analyse.report.written import Table, Text


@dataclass(frozen=True)
class Region:
    """The areas whose pages are attacked together, and what the store knows of them.

    Attributes
    ----------
    known : Inputs
        The declarations as the pages had them.
    inside : mapping of str to sequence of str
        Code of each area, with a page or without -> its municipalities.
    called : mapping of str to str
        Name of each of these areas -> its code.
    pages : mapping of str to str
        Name of a page -> code of its area.
    code : str
        That of the region; empty for municipalities alone.
    language : str
        Language of the pages.
    """

    known: Inputs
    inside: Mapping[str, Sequence[str]]
    called: Mapping[str, str]
    pages: Mapping[str, str]
    code: str
    language: str

    @property
    def around(self) -> str:
        """Code of the area that pages of single providers are about."""
        return self.code or next(iter(self.inside))


@dataclass(frozen=True)
class Told:
    """What can be told of the pages of a region.

    Attributes
    ----------
    amounts, counts : int
        How many of fewer than ten were attacked.
    areas : int
        How many areas have a page.
    given, worst : DataFrame
        Amounts that can be told: from what is shown, and if each amount beside a category told its own.
    named : DataFrame
        Amounts that stand beside the name of their category in a text.
    small : DataFrame
        Counts that can be told to be below ten.
    periods : DataFrame
        Amounts of all care of a period that can be told.
    parts : DataFrame
        Percentages that tell of fewer than ten.
    columns : DataFrame
        How much of each column of CSV files was attacked (``period_rows.counted``).
    """

    amounts: int
    counts: int
    areas: int
    given: pd.DataFrame
    worst: pd.DataFrame
    named: pd.DataFrame
    small: pd.DataFrame
    periods: pd.DataFrame
    parts: pd.DataFrame
    columns: pd.DataFrame

    @property
    def found(self) -> tuple[pd.DataFrame, ...]:
        """All that can be told, kind by kind."""
        return self.given, self.worst, self.named, self.small, self.periods, self.parts

    @property
    def total(self) -> int:
        """How much that is; what is told without the worst case counts once."""
        rest = (self.named, self.small, self.periods, self.parts)
        return max(len(self.given), len(self.worst)) + sum(len(one) for one in rest)


def attacked(region: Region, read: Sequence[Table | Text]) -> Told:
    """Attack the pages of a region.

    Parameters
    ----------
    region : Region
        Whose pages.
    read : sequence of Table and Text
        What the files of the set say, from ``written.read``.
    """
    known, inside, pages, language = region.known, region.inside, region.pages, region.language
    amounts = secrets.amounts(known, inside, language=language)
    counts = [
        secrets.counts(known, inside, language=language),
        secrets.mirrored(known, region.around, inside[region.around], language=language),
    ]
    counted = pd.concat(counts, ignore_index=True)
    tables = [one for one in read if isinstance(one, Table)]
    found, few = (
        attack.told(read_back.read(tables, truth, pages), truth, region=region.code)
        for truth in (amounts, counted)
    )
    every = [
        *read_back.read(tables, amounts, pages),
        *worst_case.rows(tables, amounts, pages, region.called),
    ]
    return Told(
        amounts=len(found),
        counts=len(few),
        areas=len(set(pages.values())),
        given=attack.within_p(found),
        worst=attack.within_p(attack.told(every, amounts, region=region.code)),
        named=attack.named_beside(_texts(read, region), amounts, pages),
        small=attack.below_ten(few),
        periods=_periods(region, read),
        parts=read_back.few_parts(tables, pages),
        columns=period_rows.counted(read_back.by_column(tables, [amounts, counted], pages)),
    )


def shown_beside(hides: Region, read: Sequence[Table | Text]) -> tuple[pd.DataFrame, int]:
    """What another set shows of the amounts that the pages of a region hide, and how many of these there are.

    Parameters
    ----------
    hides : Region
        Known as the set had the declarations that hides; ``pages`` and ``language`` are those of the other set.
    read : sequence of Table and Text
        What the files of the other set say.
    """
    truth = secrets.amounts(hides.known, hides.inside, language=hides.language)
    tables = (one for one in read if isinstance(one, Table))
    shown = attack.shown_near(read_back.read(tables, truth, hides.pages), truth)
    few = small_cells.small(truth["youths"]) & (truth["value"] > 0) & truth["area"].isin(hides.pages.values())
    return shown, int(few.sum())


def _periods(region: Region, read: Sequence[Table | Text]) -> pd.DataFrame:
    """The amounts of all care of a period that can be told."""
    truth = secrets.periods(region.known, region.inside)
    months = truth.loc[truth["measure"].eq(period_rows.MONTH), "category"]
    settled = region.known.settled_year(region.inside[region.around])
    calendar = period_rows.Calendar(tuple(sorted(set(months) | {region.known.cut_off})), settled)
    rows = period_rows.read(read, region.pages, calendar)
    return attack.within_p(attack.told(rows, truth, region=region.code))


def _texts(read: Sequence[Table | Text], region: Region) -> Iterator[Text]:
    """The texts of pages; those of files without a page, such as the index, as if of the page of who they name."""
    page_of = {code: page for page, code in region.pages.items()}
    for one in read:
        if not isinstance(one, Text):
            continue
        if one.page in region.pages:
            yield one
        else:
            named = (code for name, code in region.called.items() if name in one.text and code in page_of)
            yield from (replace(one, page=page_of[code]) for code in named)
