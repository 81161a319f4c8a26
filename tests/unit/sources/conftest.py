"""A home of its own for every test, and a server that answers as CBS does."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from analyse.sources import update, vintages
from analyse.sources.cbs import catalogue

ROOT = Path(__file__).resolve().parents[3]
FEW = (
    "GM0503",
    "GM0518",
    "GM0546",
    "GM0638",
    "GM0599",
    "GM1992",
    "GM0501",
    "GM0530",
    "GM0614",
    "GM0575",
    "GM0576",
)
QUICK = {
    "timeout_seconds": 0.5,
    "attempts": 3,
    "first_wait_seconds": 0.001,
    "longest_wait_seconds": 0.01,
    "pause_seconds": 0.0,
    "largest_response_mb": 2,
    "most_pages": 40,
    "environment": False,
}


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def cbs() -> ModuleType:
    """The server, see ``tests/cbs_server.py``."""
    return _module("cbs_server")


@pytest.fixture(scope="session")
def figures(cbs, tables):
    """Makes the tables of the server, see ``tests/cbs_figures.py``."""
    module = _module("cbs_figures")
    return lambda tables=tables, **changes: module.make(cbs, tables, **changes)


@pytest.fixture(scope="session")
def few(tables):
    """The real figures of a few municipalities: two of each region, and two that merged."""
    kept = {}
    for name, frame in tables.items():
        own = "municipality_code" in frame
        kept[name] = frame[frame["municipality_code"].isin(FEW)].reset_index(drop=True) if own else frame
    return kept


@pytest.fixture(scope="session")
def few_home(few, tmp_path_factory) -> Path:
    """A repository with the figures of a few municipalities as its embedded dataset."""
    folder = _whole_home(tmp_path_factory.mktemp("few"))
    (folder / "data/corrections.yaml").write_text("[]")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSE_HOME", str(folder))
        name = vintages.write(few, base="open", description="few", changed=dict.fromkeys(few, ()))
    shutil.rmtree(folder / "data/open")
    (folder / "data" / name).rename(folder / "data/open")
    (folder / "data/latest").unlink()
    return folder


def _whole_home(parent: Path) -> Path:
    folder = parent / "home"
    (folder / "data").mkdir(parents=True)
    shutil.copytree(ROOT / "data/open", folder / "data/open")
    shutil.copy(ROOT / "data/corrections.yaml", folder / "data")
    shutil.copytree(ROOT / "parameters", folder / "parameters")
    return folder


@pytest.fixture(scope="session")
def made(cbs, figures, few):
    """The tables of the server for the few, made once."""
    return figures(tables=few)


@pytest.fixture
def server(cbs, made):
    with cbs.Server(dict(made)) as running:
        yield running


@pytest.fixture
def home(few_home, tmp_path, monkeypatch) -> Path:
    """A repository of our own with the figures of a few municipalities."""
    folder = tmp_path / "home"
    shutil.copytree(few_home, folder)
    monkeypatch.setenv("ANALYSE_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def declared():
    return catalogue.load(ROOT / "parameters/open_data.yaml")


@pytest.fixture
def settings(home, server, declared):
    """The settings of the project, with the test server, short waits and small limits."""
    network = declared.network.model_copy(update={**QUICK, "test_server": server.address})
    return declared.model_copy(update={"network": network})


@pytest.fixture
def written(home, server) -> Path:
    """The same settings in the file that the command reads."""
    path = home / "parameters/open_data.yaml"
    text = path.read_text(encoding="utf-8")
    for name, value in {**QUICK, "test_server": server.address}.items():
        text = re.sub(rf"(?m)^  {name}: \S+", f"  {name}: {json.dumps(value)}", text)
    path.write_text(text, encoding="utf-8")
    return home


@pytest.fixture(scope="session")
def downloaded(few_home, cbs, made, declared, tmp_path_factory):
    """A repository after an update with all tables: its folder, and what the update did."""
    folder = tmp_path_factory.mktemp("downloaded") / "home"
    shutil.copytree(few_home, folder)
    with pytest.MonkeyPatch.context() as patch, cbs.Server(dict(made), page=4000) as running:
        patch.setenv("ANALYSE_HOME", str(folder))
        network = declared.network.model_copy(
            update={**QUICK, "test_server": running.address, "timeout_seconds": 30.0}
        )
        outcome = update.run(declared.model_copy(update={"network": network}))
        (folder / "asked.txt").write_text("\n".join(running.asked), encoding="utf-8")
    return folder, outcome
