"""The tables of contracts: every cell that is read against what another reader makes of the file."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from analyse.schema import Table
from analyse.sources.declarations import contracts

FORMS = ("ggz", "ambulant", "pleegzorg", "dagbehandeling")
HEADS = {
    "tariffs": ["provider", "year", "product_code", "unit", "tariff_cents"],
    "budgets": ["municipality_code", "year", "budget_eur"],
    "agreements": [
        "municipality_code",
        "year",
        "provider",
        "care_form",
        "unit",
        "agreed_volume",
        "agreed_cents",
    ],
    "lump_sums": ["municipality_code", "year", "provider", "care_form", "amount_eur"],
    "providers": ["name", "provider"],
    "framework": ["care_form", "product_code", "unit", "agreed_per_week", "agreed_months"],
    "calendar": ["provider", "starts_on", "ends_on", "renewal_months", "notice_days"],
    "proposals": ["provider", "care_form", "starts_on", "change_percent"],
}
"""The columns of each table as they are written, the figure that is dressed up last."""
WRITTEN = {
    "municipality_code": ("GM0503", "0518", "599", "gm1992", "Den Haag", "GM0501"),
    "year": (2023, 2024, 2025),
    "provider": (65656055, "01020304", "1020304"),
    "product_code": ("45A03", "54001"),
    "care_form": FORMS,
    "unit": ("04", "4", "16"),
    "name": ("Aanbieder A", "B&C", "Zoë"),
    "starts_on": ("2026-01-01", "01-07-2026"),
    "ends_on": ("2027-12-31", "31-12-2028"),
    "agreed_volume": ("12", "2,5", ""),
    "agreed_per_week": ("1", "2,5", ""),
    "renewal_months": ("12", ""),
    "notice_days": (90, 1180),
    "agreed_months": (9, 12, 1100),
    "change_percent": (3, 7, 12),
}
FIGURES = (980, 1_250_000, 33_400, 15_000_000)


def contract_file(rng: random.Random, home: Path, cases: Any, independent: Any) -> Any:
    """A table of contracts as ``contracts.read`` reads it."""
    name = rng.choice(list(HEADS))
    head, table = HEADS[name], contracts.TABLES[name]
    rows: list[list[Any]] = []
    for _ in range(rng.randrange(2, 5)):
        rows.append([rng.choice(WRITTEN.get(column, FIGURES)) for column in head])
    if name == "providers":
        rows = [[label, int(provider)] for label, provider in rows]
    made, note = cases.rows_with_figures(rng, head, rows)
    content, extension, form = cases.table_file(rng, made)
    while extension != ".csv":
        content, extension, form = cases.table_file(rng, made)
    content, bytes_note = cases.spoil_bytes(rng, content)

    def call(work: Path) -> None:
        contracts.read(work)[name].to_parquet(work / "out.parquet")

    def judge(home: Path, work: Path) -> str:
        grid = independent.grid(content, extension)
        start = next(
            (
                at
                for at, row in enumerate(grid or ())
                if len(set(head) & {independent.text(one) for one in row}) > 1
            ),
            None,
        )
        if start is None:
            return "read, and no other reader sees its columns"
        names = [independent.text(cell) for cell in grid[start]]
        cells = [dict(zip(names, row, strict=False)) for row in grid[start + 1 :]]
        read = _rows(pd.read_parquet(work / "out.parquet"), table)
        semicolons = independent.semicolons(content)
        meant = None
        for meant in _meanings(cells, table, independent, semicolons=semicolons):
            if meant == read:
                return ""
        return f"read as {read}, another reader makes {meant} of it"

    return cases.Case(
        f"contracts {name}: {form}; {note}; {bytes_note}",
        files={f"{name}.csv": content},
        call=call,
        judge=judge,
    )


def _rows(frame: pd.DataFrame, table: Table) -> list[tuple]:
    """The rows of a table in an order of their own, nothing for what is not known."""
    columns = [one for one in table.column_names if one != "label"]
    rows = frame[columns].astype(object).where(frame[columns].notna(), None)
    return sorted(
        (
            tuple(round(float(one), 4) if isinstance(one, int | float) else one for one in row)
            for row in rows.itertuples(index=False, name=None)
        ),
        key=repr,
    )


def _meanings(
    cells: list[dict[str, Any]], table: Table, independent: Any, *, semicolons: bool
) -> Iterator[list[tuple]]:
    """The tables that the cells can mean: one for each notation of numbers that fits each column."""
    columns = [one for one in table.columns if one.name != "label"]
    choices = []
    for column in columns:
        own = [one.get(column.name) for one in cells]
        if column.name == "year":
            choices.append([[_number(independent.text(one)[:4]) for one in own]])
        elif column.kind == "text":
            choices.append([[_text(one, column.name, independent) for one in own]])
        else:
            most = 0 if column.kind == "integer" else 2 if column.name.endswith("_eur") else None
            fitting = independent.locales(own, most_decimals=most, semicolons=semicolons)
            choices.append(
                [
                    [min(independent.readings(one, (locale,)), default="?") for one in own]
                    for locale in fitting
                ]
            )
    for chosen in itertools.product(*choices):
        frame = pd.DataFrame(dict(zip([one.name for one in columns], chosen, strict=True)), dtype=object)
        yield _rows(_together(frame, table), table)


def _together(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """What merged municipalities agreed, added up."""
    if "municipality_code" not in frame or not frame.duplicated(list(table.key)).any():
        return frame
    rows: dict[tuple, dict[str, Any]] = {}
    for row in frame.to_dict("records"):
        key = tuple(row[name] for name in table.key)
        before = rows.get(key)
        if before is None:
            rows[key] = row
            continue
        for name in set(row) - set(table.key):
            both = (before[name], row[name])
            before[name] = None if None in both else sum(both)
    return pd.DataFrame(rows.values(), dtype=object)


def _number(text: str) -> float | str:
    return float(text) if text.isdigit() else text


def _text(cell: Any, name: str, independent: Any) -> Any:
    text = independent.text(cell)
    if name == "municipality_code":
        return independent.place(cell)
    if name in ("starts_on", "ends_on"):
        found = independent.day(cell)
        return found.isoformat() if found else text
    lengths = {"provider": (7, 8), "unit": (1, 2)}.get(name)
    if lengths and text.isascii() and text.isdigit() and lengths[0] <= len(text):
        return text.zfill(lengths[1])
    return text or None


DOORS = {contract_file: 6}
"""The door of this file, and how many cases in a hundred go to it."""
