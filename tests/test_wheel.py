"""The package works outside the repository: a wheel in an environment of its own, in an empty folder."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = os.environ.get("ANALYSE_PYTHONS", "").split()
REFUSED = """import sys
from importlib.machinery import PathFinder
class Locked(PathFinder):
    refused = {names!r}
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in cls.refused else super().find_spec(name, path, target)
sys.meta_path[sys.meta_path.index(PathFinder)] = Locked
"""
"""Module that keeps Python from importing what is installed for developing only."""
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment with this wheel, and the packages of the lock for reports."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    (packages / "locked.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    (packages / "refused.py").write_text(REFUSED.format(names=_for_developing()), encoding="utf-8")
    (packages / "refused.pth").write_text("import refused\n", encoding="utf-8")
    python = environment / "bin" / "python"
    install = ["--python", str(python), "install", "--quiet", "--no-index", "--no-deps", "--ignore-installed"]
    subprocess.run([sys.executable, "-m", "pip", *install, str(wheel)], check=True, capture_output=True)
    return environment / "bin"


def _for_developing() -> set[str]:
    """What can be imported here and comes from a package that the lock for reports lacks."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
    locked |= {"pip", "jeugdhulp-analyse"}
    brought = importlib.metadata.packages_distributions()
    return {name for name, by in brought.items() if not {canonicalize_name(one) for one in by} & locked}


def run(installed: Path, command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ANALYSE", "PYTHON"))}
    program, *arguments = command.split()
    return subprocess.run(
        [installed / program, *arguments], cwd=folder, env=own | environment, capture_output=True, text=True
    )


def test_the_wheel_is_small_and_brings_data_parameters_and_notebooks(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())

    assert wheel.stat().st_size < 8 * MEGABYTE
    for name in (
        "data/open/datapackage.json",
        "data/corrections.yaml",
        "parameters/run.yaml",
        "notebooks/municipality.ipynb",
    ):
        assert f"analyse/shipped/{name}" in names
    assert not [name for name in names if "declarations/store" in name or name.endswith(".pyc")]


def test_a_report_of_delft_is_made_in_an_empty_folder(installed: Path, tmp_path: Path):
    ended = run(installed, "analyse report --municipality Delft --quiet", tmp_path)

    assert ended.returncode == 0, ended.stderr
    (page,) = tmp_path.glob("reports/*/municipality-GM0503.html")
    assert "Delft" in page.read_text(encoding="utf-8")
    assert not (installed.parent / "reports").exists()
    refused = subprocess.run([installed / "python", "-c", "import jedi"], capture_output=True)
    assert refused.returncode == 1, "what is for developing cannot be imported in this test"


@pytest.mark.skipif(not PYTHONS, reason="NOT TRIED: clean environments of several Pythons; `make wheel` does")
@pytest.mark.parametrize("python", PYTHONS)
def test_wheel_and_lock_make_a_report_in_a_clean_environment_of(python: str, wheel: Path, tmp_path: Path):
    uv, environment, empty = (
        Path(sys.executable).with_name("uv"),
        tmp_path / "environment",
        tmp_path / "empty",
    )
    empty.mkdir()
    version = subprocess.run(
        [python, "--version"], check=True, capture_output=True, text=True
    ).stdout.split()[1]
    subprocess.run([uv, "venv", "--quiet", "--python", python, environment], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", environment / "bin" / "python", "--no-deps"]
    subprocess.run([*install, "--require-hashes", "-r", ROOT / "requirements.lock"], check=True)
    subprocess.run([*install, wheel], check=True)

    ended = run(environment / "bin", "analyse report --municipality Delft --quiet", empty)

    assert ended.returncode == 0, ended.stderr
    (page,) = empty.glob("reports/*/municipality-GM0503.html")
    assert "Delft" in page.read_text(encoding="utf-8")
    manifest = json.loads(page.with_name("manifest.json").read_text(encoding="utf-8"))
    assert manifest["python"].startswith(version)


def test_a_dataset_of_your_own_needs_a_folder_of_your_own(installed: Path, tmp_path: Path):
    home, figures = tmp_path / "home", tmp_path / "budget.csv"
    ended = run(installed, "analyse template budget --output budget.csv", tmp_path)
    assert ended.returncode == 0, ended.stderr

    refused = run(installed, f"analyse import {figures} --as budget", tmp_path)
    made = run(installed, f"analyse init {home}", tmp_path)
    again = run(installed, f"analyse init {home}", tmp_path)
    taken = run(installed, f"analyse import {figures} --as budget", home)

    assert refused.returncode == 3 and "analyse init FOLDER" in refused.stderr
    assert made.returncode == 0 and f"ANALYSE_HOME={home}" in made.stdout
    assert again.returncode == 4 and "not an empty folder" in again.stderr
    assert "analyse init FOLDER" not in taken.stderr


def test_python_uses_the_folder_that_is_named(installed: Path, tmp_path: Path):
    home = tmp_path / "home"
    run(installed, f"analyse init {home}", tmp_path)
    code = "from analyse.sources import snapshot; from analyse import store; print(store.root(), len(snapshot.load()))"

    ended = subprocess.run(
        [installed / "python", "-c", code],
        env={"PATH": os.environ["PATH"], "ANALYSE_HOME": str(home)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split()[0] == str(home)
