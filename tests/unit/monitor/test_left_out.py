"""A page is made whatever is missing: any message type, in part or wholly, any optional column, any contract file."""

from __future__ import annotations

import datetime
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analyse import shared
from analyse.sources import declarations
from analyse.sources.declarations import contracts, layouts
from analyse.sources.declarations.demo import message_files, settings, simulation
from tests import declaration_page

UNTIL = datetime.date(2024, 6, 30)
KINDS = ("JW301", "JW305", "JW307", "JW315")
OPTIONAL = sorted(set(layouts.OURS) - set(layouts.NEEDED))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two dozen youths of Delft, eighteen months, as messages and as flat files; the contracts, and a lump sum."""
    folder = tmp_path_factory.mktemp("left_out")
    targets = pd.DataFrame({"municipality_code": "GM0503", "year": [2023, 2024], "clients": 24.0, "cost_eur": 2.4e5,
                            "budget_eur": 2.4e5, "residential_share": 0.07})  # fmt: skip
    made = simulation.simulate(targets, settings.load(), seed=4)
    message_files.write(made, folder, until=UNTIL, formats=("xml", "csv"))
    lump = "municipality_code,provider,care_form,year,amount_eur\nGM0503,99900001,crisis,2024,30000\n"
    (folder / "contracts" / "lump_sums.csv").write_text(lump)
    return folder


@pytest.fixture(autouse=True)
def published_once(monkeypatch: pytest.MonkeyPatch, known: dict[object, pd.DataFrame]) -> None:
    """The published figures beside the declarations are the same in every page."""

    def read(what, run, codes=None):
        key = (what, tuple(codes or ()))
        if key not in known:
            known[key] = unpatched(what, run, codes)
        return known[key]

    unpatched = shared.read
    monkeypatch.setattr(shared, "read", read)


@pytest.fixture(scope="module")
def known() -> dict[object, pd.DataFrame]:
    """What was read of the published figures."""
    return {}


def made(paths: list[Path], contracts: Path, folder: Path) -> list[str]:
    """The titles of the page on what is in some files."""
    declarations.read(paths, folder / "store", key=folder / "secret" / "key")
    shown = declaration_page.of(folder / "store", contracts)
    texts = [text for one in shown if one.table for row in one.table.cells for text in row]
    assert not any("nan" in text.lower().split() or text == "None" for text in texts)
    return [one.title for one in shown]


def messages(demo: Path, folder: Path, keep: Callable[[str, int], bool]) -> list[Path]:
    """The messages of which ``keep`` says so, of its kind and place among those of its kind."""
    counted: Counter[str] = Counter()
    for path in sorted((demo / "berichten").glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                content = archive.read(name)
                kind = next(one for one in (*KINDS, "JW323") if one in name.upper())
                counted[kind] += 1
                if keep(kind, counted[kind]):
                    (folder / f"{path.stem}-{Path(name).name}").write_bytes(content)
    assert set(counted) == {*KINDS, "JW323"}
    return [folder]


@pytest.mark.parametrize(
    ("kind", "part"), [*((kind, "all") for kind in KINDS), ("JW301", "half"), ("JW315", "half")]
)
def test_without_a_message_type_the_page_is_made(demo, tmp_path, kind, part):
    (tmp_path / "messages").mkdir()

    def keep(own, place):
        return own != kind or (part == "half" and place % 2 == 0)

    titles = made(messages(demo, tmp_path / "messages", keep), demo / "contracts", tmp_path)

    assert len(titles) >= 20


@pytest.mark.parametrize("column", layouts.NEEDED)
def test_a_file_without_a_column_that_is_needed_is_refused_by_its_name(demo, tmp_path, column):
    path = next((demo / "plat").glob("*.csv"))
    table = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)
    table.drop(columns=message_files.FLAT[column]).to_csv(tmp_path / "one.csv", sep=";", index=False)

    read = declarations.read([tmp_path / "one.csv"], tmp_path / "store", key=tmp_path / "secret" / "key")

    assert read.files["status"].tolist() == ["refused"]
    assert f"misses {message_files.FLAT[column]}" in read.files["reason"].item()


@pytest.mark.parametrize("column", OPTIONAL)
def test_without_an_optional_column_the_page_is_made(demo, tmp_path, column):
    name = message_files.FLAT[column]
    (tmp_path / "flat").mkdir()
    for path in (demo / "plat").glob("*.csv"):
        table = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)
        table.drop(columns=name).to_csv(tmp_path / "flat" / path.name, sep=";", index=False)

    titles = made([tmp_path / "flat"], demo / "contracts", tmp_path)

    assert len(titles) >= 15


@pytest.mark.parametrize("name", [*contracts.TABLES, "every one"])
def test_without_a_contract_file_the_page_is_made(demo, tmp_path, name):
    kept = shutil.copytree(demo / "contracts", tmp_path / "contracts")
    for table in contracts.TABLES if name == "every one" else [name]:
        (kept / f"{table}.csv").unlink(missing_ok=True)

    assert len(made([demo / "plat"], kept, tmp_path)) >= 15


def test_without_the_optional_columns_of_contracts_the_page_is_made(demo, tmp_path):
    kept = shutil.copytree(demo / "contracts", tmp_path / "contracts")
    for table in contracts.TABLES.values():
        path = kept / f"{table.name}.csv"
        dropped = [column.name for column in table.columns if not column.required]
        frame = pd.read_csv(path, dtype=str) if path.is_file() else pd.DataFrame(columns=table.column_names)
        frame.drop(columns=dropped, errors="ignore").to_csv(path, index=False)

    assert len(made([demo / "plat"], kept, tmp_path)) >= 15
