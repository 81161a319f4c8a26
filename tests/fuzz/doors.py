"""What can be given to the doors of figures and choices, and what comes of it: the right figure, or a refusal."""

from __future__ import annotations

import csv
import io
import math
import random
import re
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analyse import parameters, scenario, store
from analyse.cli import export
from analyse.compare import choices
from analyse.monitor import inputs
from analyse.reading import digits
from analyse.scenario import definitions
from analyse.sources import snapshot
from analyse.sources.cbs import catalogue
from analyse.sources.declarations import rules
from analyse.sources.declarations.demo import settings as demo

KINDS = {
    "costs": (["municipality", "year", "taakveld", "amount_eur"], "costs", "cost_eur"),
    "budget": (["municipality", "year", "taakveld", "amount_eur"], "costs", "cost_eur"),
    "usage": (["municipality", "year", "care_form", "youths"], "usage", "count"),
    "population": (["municipality", "year", "age_group", "inhabitants"], "population", "count"),
}
READERS = {
    "breaks.yaml": parameters.breaks,
    "publications.yaml": parameters.publications,
    "assumptions.yaml": parameters.assumptions,
    "levers.yaml": definitions.levers,
    "care_forms.yaml": definitions.care_forms,
    "comparability.yaml": choices.flags,
    "vision/indicators.yaml": choices.visions,
    "vision/rijnmond.yaml": choices.visions,
    "regional_rules.yaml": choices.rules,
    "groups.yaml": lambda: choices.groups(parameters.Run()),
    "open_data.yaml": catalogue.load,
    "integrity_rules.yaml": rules.load,
    "monitor.yaml": inputs.norms,
    "demo_declarations.yaml": demo.load,
    "run.yaml": lambda: parameters.load("parameters/run.yaml"),
}
"""The files of ``parameters``, and who reads each."""


def own_file(rng: random.Random, home: Path, cases: Any, independent: Any) -> Any:
    """``analyse import``: rows of the figures in use, a few per cent changed."""
    kind = rng.choice(list(KINDS))
    head, table, value = KINDS[kind]
    known = pd.read_csv(home / f"data/open/{table}.csv", dtype={"taakveld": str})
    known = known.loc[known[value].notna() & (known[value].abs() > 100)]
    if table == "costs":
        known = known.loc[known["report"].eq("budget" if kind == "budget" else "accounts")]
    if kind == "usage":
        known = known.loc[known["breakdown"].eq("total") & known["measure"].eq("youths")].assign(
            care_form="total"
        )
    known = known.sample(rng.randrange(2, 7), random_state=rng.randrange(2**31))
    rows = [
        [row["municipality_code"], int(row["year"]), row[head[2]], round(row[value] * rng.uniform(0.9, 1.1))]
        for _, row in known.iterrows()
    ]
    made, note = cases.rows_with_figures(rng, head, rows)
    content, extension, form = cases.table_file(rng, made)
    content, bytes_note = cases.spoil_bytes(rng, content)

    def judge(home: Path, work: Path) -> str:
        grid = independent.grid(content, extension)
        if grid is None:
            return "taken in, and no other reader can read it"
        start = next(
            (place for place, row in enumerate(grid) if set(head) <= {_text(cell) for cell in row}), None
        )
        if start is None:
            return "taken in without its columns"
        names = [_text(cell) for cell in grid[start]]
        dataset = (home / "data/latest").read_text().strip()
        stored = pd.read_csv(home / f"data/{dataset}/{table}.csv", dtype={"taakveld": str})
        rows = [dict(zip(names, row, strict=False)) for row in grid[start + 1 :]]
        column = [cells.get(head[3]) for cells in rows]
        decimals = 2 if kind in ("costs", "budget") else 0
        semicolons = extension == ".csv" and independent.semicolons(content)
        locales = independent.locales(column, most_decimals=decimals, semicolons=semicolons)
        for cells, figure in zip(rows, column, strict=True):
            wrong = _compare(cells, stored, kind, independent.readings(figure, locales))
            if wrong:
                return wrong
        return ""

    return cases.Case(
        f"import {kind}: {form}; {note}; {bytes_note}",
        ["import", f"own{extension}", "--as", kind],
        {f"own{extension}": content},
        judge=judge,
    )


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _compare(cells: dict[str, Any], stored: pd.DataFrame, kind: str, meant: set[float | None]) -> str:
    """What is stored of a row against what another reader makes of it."""
    _, _, value = KINDS[kind]
    year = _text(cells["year"])[:4]
    if not year.isdigit():
        return f"taken in with the year {cells['year']!r}"
    rows = stored.loc[
        stored["year"].eq(int(year)) & stored["municipality_code"].isin(_codes(cells["municipality"]))
    ]
    if kind in ("costs", "budget"):
        rows = rows.loc[rows["report"].eq("budget" if kind == "budget" else "accounts")]
        rows = rows.loc[rows["taakveld"].eq(_text(cells["taakveld"]))]
    elif kind == "usage":
        rows = rows.loc[rows["breakdown"].eq("total") & rows["measure"].eq("youths")]
    else:
        rows = rows.loc[rows["age_group"].eq(_text(cells["age_group"]))]
    if len(rows) != 1:
        return f"{cells}: {len(rows)} rows stored"
    figure = rows[value].iloc[0]
    right = (
        (None in meant)
        if math.isnan(figure)
        else any(one is not None and abs(one - figure) < 0.006 for one in meant)
    )
    return "" if right else f"{cells}: stored as {figure}, another reader makes {meant} of it"


def _codes(written: Any) -> list[str]:
    names = {"delft": "GM0503", "gemeente delft": "GM0503", "den haag": "GM0518", "brielle": "GM0501",
             "'s-gravenhage (gemeente)": "GM0518"}  # fmt: skip
    text = _text(written).casefold()
    digits = text.removeprefix("gm").split(".")[0].lstrip("0")
    return [names[text]] if text in names else [f"GM{int(digits):04d}"] if digits.isdigit() else []


def long_table(rng: random.Random, home: Path, cases: Any, independent: Any) -> Any:
    """``analyse forecast --input``: steady series, so that a figure read wrongly shows in its forecast."""
    years, base = range(2015, 2025), {key: rng.choice([120, 900, 1100, 25_000, 1_500_000]) for key in "abc"}
    head = ["key", "year", "value"]
    rows = [
        [key, year, round(level * rng.uniform(0.97, 1.03))] for key, level in base.items() for year in years
    ]
    made, note = cases.rows_with_figures(rng, head, rows)
    content, extension, form = cases.table_file(rng, made)
    content, bytes_note = cases.spoil_bytes(rng, content)

    def judge(home: Path, work: Path) -> str:
        grid = independent.grid(content, extension)
        semicolons = extension == ".csv" and independent.semicolons(content)
        out = pd.read_csv(work / "out.csv", dtype={"key": str}, keep_default_na=False)
        series = _series(grid, head)
        if isinstance(series, str):
            return series
        figures = series.pop("value")
        for locale in independent.locales(figures, most_decimals=None, semicolons=semicolons):
            read = [independent.readings(cell, (locale,)) for cell in figures]
            if all(read):
                plain = work / f"{locale}.parquet"
                series.assign(value=[float("nan") if None in one else min(one) for one in read]).to_parquet(
                    plain
                )
                meant = export.forecast_of_table(plain, key=["key"], period="year", value="value", horizon=1)
                if _same(out, digits.of_table(meant)):
                    return ""
        return f"forecast otherwise than the series that another reader sees: {out.to_dict('list')}"

    return cases.Case(
        f"forecast: {form}; {note}; {bytes_note}",
        ["forecast", "--input", f"own{extension}", "--key", "key", "--period", "year", "--value", "value", "--horizon",
         "1", "--output", "out.csv"],
        {f"own{extension}": content},
        judge=judge,
    )  # fmt: skip


def _series(grid: Any, head: list[str]) -> pd.DataFrame | str:
    """The series as another reader sees them, with their figures as they stand; or what is wrong."""
    start = next(
        (place for place, row in enumerate(grid or ()) if set(head) <= {_text(cell) for cell in row}), None
    )
    if start is None:
        return "forecast, and no other reader can read it"
    names = [_text(cell) for cell in grid[start]]
    rows = [dict(zip(names, row, strict=False)) for row in grid[start + 1 :]]
    for cells in rows:
        if not re.match(r"[12][0-9]{3}(?![0-9])", _text(cells["year"])):
            return f"{cells}: forecast, and another reader sees no year"
    return pd.DataFrame(
        {
            "key": [_text(cells["key"]) for cells in rows],
            "year": [int(_text(cells["year"])[:4]) for cells in rows],
            "value": pd.Series([cells.get("value") for cells in rows], dtype=object),
        }
    )


def _same(out: pd.DataFrame, meant: pd.DataFrame) -> bool:
    """Whether the same series have the same forecast, digit for digit; an apostrophe before a key aside."""
    both = []
    for frame in (out, meant):
        keys = frame["key"].astype(str).str.removeprefix("'")
        both.append(frame.assign(key=keys).sort_values("key", ignore_index=True))
    return (
        list(both[0]) == list(both[1])
        and both[0].drop(columns="key").astype(float).equals(both[1].drop(columns="key").astype(float))
        and both[0]["key"].equals(both[1]["key"].astype(both[0]["key"].dtype))
    )


def scenario_file(rng: random.Random, home: Path, cases: Any, independent: Any) -> Any:
    """A scenario of the user's own, read as ``analyse scenario run`` reads it."""
    path = rng.choice(sorted((home / "parameters/scenarios").glob("*.yaml")))
    text, note, impossible = cases.spoilt_yaml(rng, path.read_text("utf-8"))

    def call(work: Path) -> None:
        scenario.load(work / "own.yaml", years=range(2025, 2031))

    return cases.Case(
        f"scenario {path.name}: {note}",
        files={"own.yaml": text.encode("utf-8")},
        impossible=impossible,
        call=call,
    )


def parameter_file(rng: random.Random, home: Path, cases: Any, independent: Any) -> Any:
    """A file of ``parameters`` with a line changed, read by its reader."""
    name = rng.choice(list(READERS))
    text, note, impossible = cases.spoilt_yaml(rng, (home / "parameters" / name).read_text("utf-8"))

    def call(work: Path) -> None:
        READERS[name]()
        yaml.safe_load(text)

    return cases.Case(
        f"{name}: {note}", edits={f"parameters/{name}": text.encode()}, impossible=impossible, call=call
    )


def open_data(rng: random.Random, home: Path, cases: Any, independent: Any) -> Any:
    """A table of ``data/open`` with a cell, a row or its names changed, and its checksum made right again."""
    table = rng.choice(sorted(path.stem for path in (home / "data/open").glob("*.csv")))
    lines = list(csv.reader(io.StringIO((home / f"data/open/{table}.csv").read_text("utf-8"))))
    row, column, way, impossible = (
        rng.randrange(1, len(lines)),
        rng.randrange(len(lines[0])),
        rng.randrange(7),
        "",
    )
    name = lines[0][column]
    if way == 0:
        lines.append(lines[row])
        impossible = "a row is there twice"
    elif way == 1:
        lines[0][column] = name + "x"
        impossible = "a column has another name"
    elif way == 2 and "municipality_code" in lines[0] and table not in ("municipalities", "boundary_changes"):
        lines[row][lines[0].index("municipality_code")] = rng.choice(["GM9999", "503", "", "gm0503"])
        impossible = "no such municipality"
    elif way == 3:
        lines[row] = lines[row][:-1]
        impossible = "" if lines[0][-1] in ("source", "region_code") else "a cell is gone"
    else:
        lines[row][column] = rng.choice(cases.STRANGE)
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(lines)
    content = stream.getvalue().encode("utf-8", errors="replace")

    def judge(home: Path, work: Path) -> str:
        """A figure that was taken is the one that stands there."""
        read = snapshot.as_published("open")[table]
        plain = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
        for name in read.select_dtypes("number"):
            given = pd.to_numeric(plain[name].where(plain[name].ne("")), errors="coerce")
            if not given.astype(float).fillna(-1).eq(read[name].astype(float).fillna(-1)).all():
                return f"{table}.{name} is not what stands in the file"
        return ""

    return cases.Case(
        f"open {table}: way {way}, row {row + 1}, {name}: {lines[row][min(column, len(lines[row]) - 1)][:20]!r}",
        ["history", "--by", "municipality", "--output", "out.csv"],
        edits=cases.reworked_package(home, table, content, len(lines) - 1),
        impossible=impossible,
        judge=judge,
    )


def package(rng: random.Random, home: Path, cases: Any, independent: Any) -> Any:
    """The description of ``data/open``, changed."""
    text = (home / "data/open/datapackage.json").read_text("utf-8")
    content, note = cases.spoil_bytes(rng, text.encode())
    if not note:
        way = rng.choice(['"resources"', '"path"', '"hash"', '"rows"', '"version"', '"name"', '"created"'])
        content, note = text.replace(way, '"other"', rng.choice([1, -1])).encode(), f"{way} renamed"
    return cases.Case(f"datapackage.json: {note}", ["list"], edits={"data/open/datapackage.json": content})


def settings_file(rng: random.Random, home: Path, cases: Any, independent: Any) -> Any:
    """A file for ``--parameters``, with a line changed."""
    text, note, impossible = cases.spoilt_yaml(rng, (home / "parameters/run.yaml").read_text("utf-8"))

    def call(work: Path) -> None:
        parameters.load(work / "own.yaml")
        store.read_yaml(work / "own.yaml")

    return cases.Case(
        f"own run.yaml: {note}", files={"own.yaml": text.encode()}, impossible=impossible, call=call
    )


def declarations(rng: random.Random, home: Path, cases: Any, independent: Any) -> Any:
    """Files of declarations, spoilt as bytes and packed: refused or read, never in a library's words."""
    source = rng.choice(sorted(path for path in (home / "declared").rglob("*") if path.is_file()))
    content, note = cases.spoil_bytes(rng, source.read_bytes())
    name, content = cases.packed(rng, source.name, content)
    return cases.Case(
        f"declarations {name}: {note}", ["declarations", "read", name, "--output", "store"], {name: content}
    )


DOORS = {
    own_file: 27,
    long_table: 26,
    open_data: 12,
    parameter_file: 8,
    scenario_file: 5,
    settings_file: 2,
    package: 2,
    declarations: 2,
}
"""The doors of this file, and how many cases in a hundred go to each; ``declared`` has the rest."""
