"""The package works outside the repository: a wheel in an environment of its own, in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
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
    """The folder of programs of an environment with this wheel, and the locked packages of this one."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    (packages / "locked.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    python = environment / "bin" / "python"
    install = ["--python", str(python), "install", "--quiet", "--no-index", "--no-deps", "--ignore-installed"]
    subprocess.run([sys.executable, "-m", "pip", *install, str(wheel)], check=True, capture_output=True)
    return environment / "bin"


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
