"""A country that does not exist: as many municipalities and youth regions as the Netherlands has, made from the known.

    python benchmarks/national.py FOLDER
    ANALYSE_HOME=FOLDER analyse report --all --parameters FOLDER/parameters/run.yaml

Every municipality of it is one of the embedded figures in another size, with some noise, under a code and a name that
nobody can take for real. The choices and notebooks go along, with the codes changed in the same way.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analyse import schema, store
from analyse.errors import OutputError
from analyse.history import areas
from analyse.sources import snapshot

MUNICIPALITIES, REGIONS = 342, 42
"""Of the Netherlands in 2026."""
SIZES = (0.5, 2.0)
NOISE = 0.03
LABEL = "Verzonnen"
COUNTED = {
    "costs": ("cost_eur",),
    "costs_subcode": ("cost_eur", "revenue_eur"),
    "usage": ("count",),
    "population": ("count",),
    "population_dynamics": (
        *("inhabitants_start", "births", "deaths", "immigration", "arrivals", "emigration"),
        *("departures", "net_migration", "inhabitants_end"),
    ),
    "municipal_fund": ("amount_eur",),
}
"""Figures that grow with the size of a municipality, by table."""
UNITS = {"cost_eur": 1000, "revenue_eur": 1000, "usage": 5}
"""What a figure is rounded to, by column or table."""
FEWEST = 10
COPIED = ("parameters", "notebooks")
CHANGED = (".yaml", ".csv", ".ipynb")


@dataclass(frozen=True)
class Made:
    """One municipality that does not exist: which one it is like, its codes by those of the model, and its size."""

    number: int
    model: str
    region: str
    codes: dict[str, str]
    size: float


def write(home: Path, *, municipalities: int = MUNICIPALITIES, regions: int = REGIONS, seed: int = 1) -> Path:
    """Write data, choices and notebooks below ``home``; the same seed gives the same bytes.

    Raises
    ------
    OutputError
        When that is the folder of the figures themselves.
    """
    if home.resolve() == store.root().resolve():
        raise OutputError(f"{home} is the folder that is read (ANALYSE_HOME); choose another one")
    rng = np.random.default_rng(seed)
    tables, package = snapshot.load("open"), snapshot.package("open")
    made = _country(tables, municipalities, regions, rng)
    found = {name: _table(name, frame, made, rng) for name, frame in tables.items()}
    found["regions"] = _regions(regions)
    shutil.rmtree(home, ignore_errors=True)
    _write_data(found, package, home / "data" / "open")
    store.write_text(home / "data" / "corrections.yaml", "[]\n")
    shutil.copy(store.root() / "requirements.lock", home)
    _copy_choices(home, _instead(tables, made))
    tiles = [{"municipality": one.codes[one.model], "row": one.number // 20 + 1, "column": one.number % 20 + 1}
             for one in made]  # fmt: skip
    store.write_text(home / "parameters" / "tiles.yaml", json.dumps(tiles))
    return home


def _country(
    tables: snapshot.Tables, municipalities: int, regions: int, rng: np.random.Generator
) -> list[Made]:
    """Which models, in which regions: each region is like one of the known ones, with some of its municipalities."""
    models = [areas.members(tables, code) for code in areas.regions(tables)]
    changes, made, code = tables["boundary_changes"], [], 5000
    for number in range(municipalities):
        place = number * regions // municipalities
        alike = models[place % len(models)]
        model = alike[number % len(alike)]
        parts = changes.loc[changes["successor_code"] == model, "municipality_code"]
        codes = {}
        for one in (model, *parts):
            code += 1
            codes[one] = f"GM{code}"
        made.append(Made(number, model, f"JZ{50 + place}", codes, float(np.exp(rng.uniform(*np.log(SIZES))))))
    return made


def _table(name: str, frame: pd.DataFrame, made: list[Made], rng: np.random.Generator) -> pd.DataFrame:
    """The rows of the models under the new codes; what is said of the whole country stays."""
    if "municipality_code" not in frame or frame.empty:
        return frame
    parts = [_like(name, frame, one, rng) for one in made]
    return schema.check(pd.concat(parts, ignore_index=True), name)


def _like(name: str, frame: pd.DataFrame, one: Made, rng: np.random.Generator) -> pd.DataFrame:
    rows = frame[frame["municipality_code"].isin(one.codes)]
    rows = rows.assign(municipality_code=rows["municipality_code"].map(one.codes))
    if name == "municipalities":
        rows = rows.assign(
            municipality=[f"{LABEL} gemeente {code[2:]}" for code in rows["municipality_code"]],
            region_code=rows["region_code"].where(rows["region_code"].isna(), one.region),
        )
    if "successor_code" in rows:
        rows = rows.assign(successor_code=rows["successor_code"].map(one.codes))
    columns = COUNTED.get(name, ())
    unit = max([UNITS.get(name, 1), *(UNITS.get(column, 1) for column in columns)])
    noise = _noise(name, rows, rng)
    for column in columns:
        sized = (rows[column].astype(float) * one.size * noise / unit).round() * unit
        rows = rows.assign(**{column: sized})
    return _hidden(rows) if name == "usage" else rows


def _hidden(rows: pd.DataFrame) -> pd.DataFrame:
    """As CBS does: no number below ten."""
    few = rows["count"] < FEWEST
    return rows.assign(count=rows["count"].mask(few), status=rows["status"].mask(few, "suppressed"))


def _noise(name: str, rows: pd.DataFrame, rng: np.random.Generator) -> np.ndarray | float:
    """One chance of its own for each year, the same for the parts of a total; people are only more or fewer."""
    if name not in ("costs", "costs_subcode"):
        return 1.0
    years = rows["year"].to_numpy()
    return np.exp(rng.normal(0, NOISE, years.max() - years.min() + 1))[years - years.min()]


def _regions(count: int) -> pd.DataFrame:
    codes = [f"JZ{50 + number}" for number in range(count)]
    return pd.DataFrame({"region_code": codes, "region": [f"{LABEL} regio {code[2:]}" for code in codes]})


def _write_data(tables: snapshot.Tables, package: dict[str, Any], folder: Path) -> None:
    """The tables as CSV, and their description, which says in every title that they are made up."""
    resources = []
    for resource in package["resources"]:
        content = tables[resource["name"]].to_csv(index=False, lineterminator="\n").encode()
        store.write_bytes(folder / resource["path"], content)
        title = f"{LABEL} gemeenten, gemaakt van: {resource['title']}"
        said = {"title": title, "rows": len(tables[resource["name"]]), "bytes": len(content)}
        resources.append({**resource, **said, "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"})
    title = f"{LABEL} gemeenten"
    label = f"{title}: gemaakt om te meten hoe lang rapporten duren. Geen naam en geen getal hier is echt."
    described = {"name": "jeugdhulp-verzonnen", "title": title, "description": label, "label": label}
    text = json.dumps({**package, **described, "resources": resources}, indent=1, ensure_ascii=False)
    store.write_text(folder / "datapackage.json", text + "\n")


def _instead(tables: snapshot.Tables, made: list[Made]) -> dict[str, str]:
    """The code that stands in the place of each known one: of the first that is like it."""
    found = {code: f"JZ{50 + number}" for number, code in enumerate(areas.regions(tables))}
    for one in made:
        for code, new in one.codes.items():
            found.setdefault(code, new)
    return found


def _copy_choices(home: Path, instead: dict[str, str]) -> None:
    known = re.compile("|".join(sorted(instead)))
    for folder in COPIED:
        source = store.root() / folder
        for path in sorted(one for one in source.rglob("*") if one.is_file() and one.suffix in CHANGED):
            if any(part.startswith(".") for part in path.relative_to(source).parts):
                continue
            text = known.sub(lambda found: instead[found.group()], path.read_text(encoding="utf-8"))
            store.write_text(home / folder / path.relative_to(source), text)


def main() -> None:
    """Write a country to the folder named on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--municipalities", type=int, default=MUNICIPALITIES, metavar="N")
    parser.add_argument("--regions", type=int, default=REGIONS, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    write(chosen.folder, municipalities=chosen.municipalities, regions=chosen.regions, seed=chosen.seed)


if __name__ == "__main__":
    main()
