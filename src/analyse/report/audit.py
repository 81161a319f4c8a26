"""Look in all tables of a set of reports together for a hidden count of persons that another table gives away.

``scan`` finds a count that is too small where it stands. Here the tables are laid side by side as a reader could:
the same cell shown elsewhere, or a sum of which one part is missing.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from analyse.present.text.language import LANGUAGES, N_, translator
from analyse.report.scan import PERSONS
from analyse.small_cells import sums

TOTAL = N_("total")
TOTALS = frozenset(translator(language).gettext(TOTAL) for language in LANGUAGES)
"""What the total of a column of categories is called."""
AREAS = ("Area", "Municipality", "Region")
AREA_HEADINGS = frozenset(translator(language).gettext(name) for language in LANGUAGES for name in AREAS)
REMARKS = tuple(translator(language).gettext("{column}: remark", column="") for language in LANGUAGES)
"""How the heading of a column that explains another ends."""
CERTAIN = 1e-9

Key = tuple[str, str, frozenset[tuple[str, str]]]
"""What is counted, of which area, and the categories that are no total."""


@dataclass
class Cells:
    """Every count of persons in a set: where it is shown, where it is hidden, and the tables it stands in."""

    shown: dict[Key, set[str]] = field(default_factory=dict)
    hidden: dict[Key, set[str]] = field(default_factory=dict)

    def add(self, key: Key, value: str, where: str) -> None:
        """Note one cell.

        Parameters
        ----------
        key : tuple
            What is counted, the area, and the categories.
        value : str
            The count as shown; empty where it is hidden.
        where : str
            The table it stands in.
        """
        (self.shown if value else self.hidden).setdefault(key, set()).add(where)


def across(
    place: Path | str,
    *,
    nested: Mapping[str, Sequence[str]] | None = None,
    pages: Mapping[str, str] | None = None,
) -> list[str]:
    """Every hidden count that the tables of a set together give away; the count itself is never named.

    Parameters
    ----------
    place : Path
        The folder of a set: its ``manifest.json``, if there, names the areas, and its CSV files hold every table
        that stands in a page, workbook or notebook.
    nested : mapping of str to sequence of str, optional
        Category that is the sum of others -> these others: a region and its municipalities, or wider ages.
    pages : mapping of str to str, optional
        Name of each page whose tables are laid side by side -> name of its area; by default all, and as in the
        manifest.

    Returns
    -------
    list of str
        What is given away, and in which files.
    """
    cells = _read(Path(place), pages)
    found = [
        f"{_named(key)}: hidden in {_listed(where)}, shown in {_listed(cells.shown[key])}"
        for key, where in cells.hidden.items()
        if key in cells.shown
    ]
    closed = [key for key in cells.hidden if key not in cells.shown]
    lines = list(_sums([*cells.shown, *closed], nested or {}))
    return found + [
        f"{_named(key)}: hidden in {_listed(cells.hidden[key])}, follows from sums of other cells"
        for key in _given(closed, lines)
    ]


def _read(place: Path, pages: Mapping[str, str] | None) -> Cells:
    cells, names = Cells(), _names(place) if pages is None else pages
    for path in sorted(place.rglob("*.csv")):
        if pages is not None and path.parent.name not in pages:
            continue
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        own = names.get(path.parent.name, path.parent.name)
        for key, value in _cells(rows, own):
            cells.add(key, value, str(path.relative_to(place)))
    return cells


def _names(place: Path) -> dict[str, str]:
    """Name of a page -> name of its area."""
    manifest = place / "manifest.json"
    listed = json.loads(manifest.read_text(encoding="utf-8"))["notebooks"] if manifest.is_file() else []
    return {one["name"]: one["title"] for one in listed}


def _cells(rows: list[list[str]], own: str) -> Iterator[tuple[Key, str]]:
    """The counts of one table; a column of numbers that are not years holds no categories."""
    if len(rows) < 2:
        return
    heads, *body = rows
    counts = [place for place, head in enumerate(heads) if head.endswith(PERSONS)]
    others = [
        place
        for place, head in enumerate(heads)
        if place not in counts and not head.endswith((")", "…", *REMARKS))
    ]
    categories = [place for place in others if all(_category(row[place]) for row in body)]
    for row in body:
        said = {heads[place]: row[place] for place in categories if row[place] not in TOTALS}
        area = next((said.pop(head) for head in list(said) if head in AREA_HEADINGS), own)
        for place in counts:
            yield (heads[place], area, frozenset(said.items())), row[place]


def _category(text: str) -> bool:
    """Whether a cell is a word or a year."""
    try:
        number = float(text)
    except ValueError:
        return bool(text)
    return number.is_integer() and 1900 <= number <= 2100


def _sums(keys: Iterable[Key], nested: Mapping[str, Sequence[str]]) -> Iterator[list[Key]]:
    """Every sum among the cells: first the whole, then its parts."""
    known = dict.fromkeys(keys)
    groups: dict[tuple[Key, str], dict[str, Key]] = {}
    areas: dict[tuple[str, frozenset[tuple[str, str]]], dict[str, Key]] = {}
    for what, area, said in known:
        areas.setdefault((what, said), {})[area] = (what, area, said)
        for head, category in said:
            whole = (what, area, said - {(head, category)})
            groups.setdefault((whole, head), {})[category] = (what, area, said)
    for (whole, _), parts in groups.items():
        named = {**parts, **({"": whole} if whole in known else {})}
        yield from (
            [total, *inside] for total, inside in sums.of_categories(named, "", nested) if len(parts) > 1
        )
    for found in areas.values():
        yield from ([total, *inside] for total, inside in sums.of_categories(found, "\0", nested))


def _given(closed: Sequence[Key], lines: Sequence[Sequence[Key]]) -> list[Key]:
    """The hidden cells that the sums determine, whatever the counts are."""
    place = {key: number for number, key in enumerate(closed)}
    system = [line for line in lines if any(key in place for key in line)]
    if not system:
        return []
    matrix = np.zeros((len(system), len(closed)))
    for row, (whole, *parts) in enumerate(system):
        for key, sign in ((whole, -1.0), *((part, 1.0) for part in parts)):
            if key in place:
                matrix[row, place[key]] = sign
    free = np.eye(len(closed)) - np.linalg.pinv(matrix) @ matrix
    return [key for key, number in place.items() if free[number, number] < CERTAIN]


def _listed(files: Iterable[str]) -> str:
    return ", ".join(sorted(files))


def _named(key: Key) -> str:
    what, area, said = key
    return ", ".join([area, what, *(f"{head} {category}" for head, category in sorted(said))])
