"""How long reports take, and what they cost: a loop of commands against ``analyse report``, on the same municipalities.

Every way makes the same notebooks and pages with the same packages; the ratios say more than the seconds do.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import measuring
import pandas as pd
from measuring import Measured

from analyse import store
from analyse.history import areas
from analyse.parameters import COUNTRY
from analyse.runs.plan import WHOLE
from analyse.sources import snapshot

RESULTS = Path(__file__).with_name("results.csv")
FIELDS = (
    *("name", "reports", "made", "wall_seconds", "cpu_seconds", "peak_mb", "early_mb", "late_mb"),
    *("wall_ratio", "cpu_ratio"),
)
BIN = Path(sys.executable).parent
HOME = ("data/open", "data/corrections.yaml", "parameters", "notebooks", "requirements.lock")
"""What a folder of one's own has to make reports of."""
FEW = 8
"""Municipalities of the run that shows what starting costs."""
OWN = ("usage_indicators", "value_percent", 0.1)
"""Table, column and step of a figure that only the pages of a municipality and of those it is compared with show."""

Way = tuple[int, Callable[[Path], int]]


def loop(codes: Sequence[str], folder: Path) -> int:
    """The commands that anybody would type, one after another."""
    notebook = store.notebooks("nl") / "municipality.ipynb"
    for code in codes:
        executed = folder / f"{code}.ipynb"
        _run(BIN / "papermill", notebook, executed, "-p", "municipality", code, "--no-progress-bar")
        _run(BIN / "jupyter", "nbconvert", "--to", "html", executed)
    return len(codes)


def report(codes: Sequence[str], folder: Path, *, workers: int, home: Path | None = None) -> int:
    """The command of this project; a second time in the same folder it finds everything as it was."""
    chosen = [argument for code in codes for argument in ("--municipality", code)]
    return _report(*chosen, "--workers", workers, "--output", folder, home=home)


def changed(codes: Sequence[str], folder: Path, *, home: Path) -> int:
    """The same after one figure of the first municipality is another one; the pages that show it are made again."""
    _change(home / "data" / "open", codes[0])
    return report(codes, folder, workers=2, home=home)


def country(folder: Path, *, workers: int) -> int:
    """Every municipality and youth region of the country, and the comparison; the index must stay small."""
    made = _report("--country", "--workers", workers, "--output", folder)
    print(f"index of the country: {(folder / 'index.html').stat().st_size / 1000:.0f} kB")
    return made


def fresh(folder: Path) -> int:
    """From nothing but the repository and what the installer has in its cache to an index that can be opened."""
    clone = folder / "clone"
    _run("git", "clone", "--quiet", store.root(), clone)
    away = ("ANALYSE_", "VIRTUAL_ENV", "PYTHON")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(away)}
    printed = _run("make", "--directory", clone, "report", "REPORT=--all --quiet", environment=environment)
    if not (clone / "reports" / "index.html").is_file():
        sys.exit("fresh: there is no index")
    return _made(printed)


def main() -> None:
    """Measure each way once, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--municipalities", type=int, metavar="N", help="by default all")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this way; may be repeated")
    arguments = parser.parse_args()
    measuring.adopt()
    tables = snapshot.load()
    codes = areas.members(tables, areas.ALL)
    with tempfile.TemporaryDirectory() as kept:
        ways = _ways(codes[: arguments.municipalities], Path(kept))
        everywhere = snapshot.load(regions=COUNTRY)
        ways["fresh"] = (_pages(tables), fresh)
        ways["country"] = (_pages(everywhere), partial(country, workers=2))
        measured = [measuring.measure(name, *ways[name]) for name in arguments.only or ways]
    rows = [_row(one, measured[0]) for one in measured]
    with RESULTS.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    print("  ".join(FIELDS))
    for row in rows:
        print("  ".join(str(row[field]).rjust(len(field)) for field in FIELDS))


def _pages(tables: Mapping[str, pd.DataFrame]) -> int:
    """How many pages a whole set has."""
    return len(areas.members(tables, areas.ALL)) + len(areas.regions(tables)) + len(WHOLE)


def _ways(codes: Sequence[str], kept: Path) -> dict[str, Way]:
    """Those that make the same pages; the later ones go on from what the earlier ones left in ``kept``."""
    count, few, home = len(codes), codes[:FEW], kept / "home"
    _copy(home)
    return {
        "loop": (count, lambda folder: loop(codes, folder)),
        "factory-1": (count, lambda folder: report(codes, folder, workers=1)),
        "factory-2-few": (len(few), lambda folder: report(few, folder, workers=2)),
        "factory-2": (count, lambda folder: report(codes, kept / "reports", workers=2, home=home)),
        "unchanged": (count, lambda folder: report(codes, kept / "reports", workers=2, home=home)),
        "one-changed": (count, lambda folder: changed(codes, kept / "reports", home=home)),
    }


def _copy(home: Path) -> None:
    """A folder of figures and choices that can be changed."""
    for name in HOME:
        source, target = store.root() / name, home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)


def _change(folder: Path, code: str) -> None:
    """Another figure for one municipality, in the table and in the description with its checksum."""
    name, column, step = OWN
    table = pd.read_csv(folder / f"{name}.csv", dtype="str", keep_default_na=False)
    place = table.index[(table["municipality_code"] == code) & (table[column] != "")][0]
    table.loc[place, column] = f"{float(table.loc[place, column]) + step:.1f}"
    content = table.to_csv(index=False, lineterminator="\n").encode()
    (folder / f"{name}.csv").write_bytes(content)
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    resource = next(one for one in package["resources"] if one["name"] == name)
    resource |= {"hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "bytes": len(content)}
    path.write_text(json.dumps(package), encoding="utf-8")


def _row(one: Measured, base: Measured) -> dict[str, object]:
    share = one.reports / base.reports
    return {
        "name": one.name,
        "reports": one.reports,
        "made": one.made,
        "wall_seconds": round(one.wall_seconds, 1),
        "cpu_seconds": round(one.cpu_seconds, 1),
        "peak_mb": round(one.peak_mb),
        "early_mb": round(one.between(0.25, 0.5)),
        "late_mb": round(one.between(0.75, 1.0)),
        "wall_ratio": round(base.wall_seconds * share / max(one.wall_seconds, 0.01), 1),
        "cpu_ratio": round(base.cpu_seconds * share / max(one.cpu_seconds, 0.01), 1),
    }


def _report(*arguments: object, home: Path | None = None) -> int:
    """``analyse report``, and how many pages it says that it made."""
    own = {"ANALYSE_HOME": str(home)} if home else {}
    printed = _run(BIN / "analyse", "report", *arguments, "--quiet", environment={**os.environ, **own})
    return _made(printed)


def _made(printed: str) -> int:
    return int(re.search(r"(\d+) made", printed).group(1))


def _run(*command: object, environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, env=environment and dict(environment)
    )
    if done.returncode:
        sys.exit(f"{command[0]} failed: {done.stdout.strip()} {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    main()
