"""Facts that stand in several places of a written page: read from the HTML as a reader does, and laid side by side.

The page is one file by now, whatever it was made of: the finding, the cards of the budgets, the tables behind the
charts, the forecast without measures, and the row of the index. A fact has one number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

from analyse.present.text.formats import NBSP

AMOUNT = re.compile(r"[−-]?€ ?(\d[\d.,]*)(?: (miljoen|miljard|million|billion))?")
CHANCE = re.compile(
    r"((?:meer dan |minder dan |more than |less than )?\d[\d–]* ?%(?: (?:tot|to) [a-z ]*\d+ ?%)?)"
)
YEAR = re.compile(r"\b(20\d\d)\b")
SCALES = {"miljoen": 1e6, "million": 1e6, "miljard": 1e9, "billion": 1e9}
Told = dict[str, dict[str, str]]


class _Reader(HTMLParser):
    """The tables of a page as rows of texts, and the texts of its elements by their class."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.classes: dict[str, list[str]] = defaultdict(list)
        self._open: list[tuple[str, str]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "meta", "link", "input", "img"):
            return
        name = next((value or "" for key, value in attrs if key == "class"), "")
        self._open.append((tag, name.split(" ")[0]))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = []
        if name:
            self.classes[name.split(" ")[0]].append("")
        if tag == "li" and any(one == "options" for _, one in self._open):
            self.classes["option"].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None and self.tables and self.tables[-1]:
            self.tables[-1][-1].append(_plain("".join(self._cell)))
            self._cell = None
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if any(tag in ("script", "style") for tag, _ in self._open):
            return
        if self._cell is not None:
            self._cell.append(data)
        for name in {one for _, one in self._open if one}:
            self.classes[name][-1] += data
        if any(one == "options" for _, one in self._open) and self.classes["option"]:
            self.classes["option"][-1] += data


def differing(page: Path) -> Told:
    """Every fact of a page that has another number in another place: fact -> place -> what stands there.

    Parameters
    ----------
    page : Path
        The HTML file of a municipality or region.
    """
    found = facts(page.read_text(encoding="utf-8"))
    return {fact: places for fact, places in found.items() if len(set(places.values())) > 1}


def facts(text: str) -> Told:
    """Every fact of a page that is read, with each place it stands in."""
    reader, told = _Reader(), defaultdict(dict)
    reader.feed(text)
    for place, fact, value in _found(reader):
        told[fact][place] = value
    return {fact: dict(places) for fact, places in told.items()}


def _found(reader: _Reader) -> Iterator[tuple[str, str, str]]:
    """Triples of place, fact and value."""
    for said in reader.classes["finding"][:1]:
        target = YEAR.findall(said)[-1] if len(YEAR.findall(said)) > 1 else ""
        amounts = _amounts(said)
        if target and len(amounts) >= 3:
            yield from _three("finding", target, amounts[-3:])
    for card in reader.classes["option"]:
        yield from _card(_plain(card))
        yield from _measure_card(_plain(card))
    for card in reader.classes["card"]:
        if risk := TILE.search(_plain(card)):
            yield "tile", f"chance of {risk[1]}", risk[2]
    for base in reader.classes["base"]:
        said = _plain(base)
        if found := re.search(r"(?:jeugdhulp in (20\d\d) ongeveer|about .+? in (20\d\d)) .+?\)", said):
            yield from _three("sentence of the panel", found[1] or found[2], _amounts(found[0])[:3])
    yield from _titles(reader)
    for number, rows in enumerate(reader.tables):
        yield from _table(number, rows)
        yield from _vision(rows)
        yield from _measures(number, rows)


def _titles(reader: _Reader) -> Iterator[tuple[str, str, str]]:
    for title in reader.classes["charted"]:
        if share := GP_TITLE.search(_plain(title)):
            yield "title of the chart", "share of the GP", share[1]


def _vision(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str, str]]:
    """The share of periods of care that GPs began, among the indicators of a vision; a half rounds either way."""
    for row in rows:
        share = re.search(r"\d+[.,]\d(?= ?%)", " ".join(row[1:]))
        if row and share and row[0] == "Trajecten op verwijzing van de huisarts" and share[0][-1] != "5":
            yield "vision", "share of the GP", f"{float(share[0].replace(',', '.')):.0f}"


def _measure_card(card: str) -> Iterator[tuple[str, str, str]]:
    """A card of a measure: the chance that it pays back, and what it brings in all."""
    paid = PAID_BACK.search(card)
    if paid:
        name = re.split(r" (?:In|in) 20\d\d ", card)[0]
        yield "card of a measure", f"{name}: pays back", paid[1]
        yield "card of a measure", f"{name}: worth", SIGNED.findall(card[: paid.start()])[-1]


def _measures(number: int, rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str, str]]:
    """A table of measures: what each costs, what it is worth, and the chance that it pays back."""
    if len(rows) < 2 or rows[0][0] not in ("Maatregel", "Measure taken"):
        return
    for row in rows[1:]:
        for head, value in zip(rows[0], row, strict=True):
            fact = next((name for name, heading in OF_MEASURES.items() if re.fullmatch(heading, head)), None)
            chance = re.search(r"(?:^|; )([^;]+?) (?:kans|chance) (?:vóór|before)", value)
            if fact:
                yield f"table {number + 1}", f"{row[0]}: {fact}", chance[1] if chance else value


def _card(card: str) -> Iterator[tuple[str, str, str]]:
    """A card of a budget: its year, its budget, the chance, and the amount that is enough in half of the futures."""
    chosen = re.search(r"(?:50 ?%) (?:kans op een tekort|chance of a shortage)", card)
    years = YEAR.findall(card)
    if not (chosen and years):
        return
    year, head = years[0], card[: chosen.start()]
    yield "card", f"middle of {year}", _amounts(head)[-1]
    chances = re.search(r"(?:kans op een tekort|chance of a shortage) (.+?)\.", head)
    if chances:
        yield "card", f"chance of {year}", chances[1].strip()
        yield "card", f"budget of {year}", _three_digits(_amounts(head)[0])


def _table(number: int, rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str, str]]:
    """A table with a year in each row and columns that say what they are."""
    if len(rows) < 2:
        return
    heads, place = rows[0], f"table {number + 1}: {rows[0][-1]}"
    columns = {
        name: at for name in COLUMNS for at, head in enumerate(heads) if re.fullmatch(COLUMNS[name], head)
    }
    for row in rows[1:]:
        if not re.fullmatch(r"20\d\d", row[0]) or len(row) != len(heads):
            continue
        for name, at in columns.items():
            value = row[at]
            if value.startswith(INCOMPLETE):
                continue
            if name == "chance" and CHANCE.search(value):
                yield place, f"chance of {row[0]}", value
            elif name != "chance" and "€" in value and _of_the_forecast(heads, columns):
                amount = _amounts(value)[0]
                yield place, f"{name} of {row[0]}", _three_digits(amount) if name == "budget" else amount


INCOMPLETE = ("ten minste", "at least")
"""Words before an amount of which parts are not delivered: the card takes the last whole budget instead."""
COLUMNS = {
    "middle": r"Prognose|Verwacht|Forecast|Zonder maatregelen|Without measures|Begroting met 50 % kans op een tekort"
    r"|Budget with 50% chance of a shortage",
    "low": r"80 % kans: van|80% interval from",
    "high": r"80 % kans: tot|80% interval to",
    "budget": r"Begroting|Begroot|Budget|Budgeted",
    "chance": r"Kans op een tekort|Chance of a shortage|Kans op meer dan begroot|Chance of more than budgeted",
}
"""Fact -> the headings of its columns, in both languages."""
OF_MEASURES = {
    "spent": "Kosten, alle jaren|Cost, all years",
    "worth": "Contante waarde, midden|Present value, middle",
    "pays back": "Terugverdiend in|Paid back in|Kans dat het zich terugverdient|Chance that it pays back",
}
"""Fact of a measure -> the headings of its columns, in both languages."""
GP_TITLE = re.compile(r"(?:verwijzer: huisarts|general practitioner) \((\d+) ?%\)")
SIGNED = re.compile(r"[−-]?€ ?[\d.,]*\d(?: (?:miljoen|miljard|million|billion))?")
PAID_BACK = re.compile(
    r"(?:Terugverdiend:|Paid back:) ?(?:in 20\d\d; )?(.+?) (?:kans|chance) (?:vóór|before)"
)
PAST = re.compile("Te hoog|Too high|Prognose van|Forecast of")
"""Headings of tables of earlier forecasts, which are other facts."""
TILE = re.compile(r"(?:begroting van|budget of) (20\d\d) .*?" + CHANCE.pattern)


def _of_the_forecast(heads: Sequence[str], columns: dict[str, int]) -> bool:
    """Whether a table is of the costs without measures, and of the years to come."""
    return "middle" in columns and not any(PAST.match(head) for head in heads)


def _three(place: str, year: str, amounts: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for name, amount in zip(("middle", "low", "high"), amounts, strict=True):
        yield place, f"{name} of {year}", amount


def _amounts(text: str) -> list[str]:
    """Every amount of a text in euros; of two that share a unit both have it.

    Examples
    --------
    >>> _amounts("ongeveer € 49 miljoen (80 % kans tussen € 40 en € 61 miljoen)")
    ['49000000', '40000000', '61000000']
    """
    found = AMOUNT.findall(_plain(text))
    shared = [unit or next((one for _, one in found[at:] if one), "") for at, (_, unit) in enumerate(found)]
    english = any(unit.endswith("ion") for unit in shared)
    return [
        f"{_number(number, english) * SCALES.get(unit, 1):.0f}"
        for (number, _), unit in zip(found, shared, strict=True)
    ]


def _three_digits(amount: str) -> str:
    """A budget as most places write it; the table of the chart has it to the euro."""
    return f"{float(amount):.3g}"


def _number(written: str, english: bool) -> float:
    return float(written.replace(",", "") if english else written.replace(".", "").replace(",", "."))


def _plain(text: str) -> str:
    return " ".join(text.replace(NBSP, " ").replace("\u2060", "").split())
