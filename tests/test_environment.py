"""pyproject.toml, environment.yml, the lock and what is installed say the same."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rattler import BuildString, MatchSpec, PackageRecord

ROOT = Path(__file__).resolve().parents[1]
CONDA_NAMES = {"python-build": "build", "python-duckdb": "duckdb"}
"""Packages that conda calls otherwise than the Python index."""


def _declared(extras: tuple[str, ...] = ()) -> dict[str, Requirement]:
    """Every requirement of pyproject.toml by name, with those of some extras, or of all."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for name in extras or optional for line in optional[name])]
    found = [Requirement(line) for line in lines]
    assert len({one.name for one in found}) == len(found), "a package is named twice"
    return {canonicalize_name(one.name): one for one in found}


FOR_REPORTS = ("build",)
"""Extras that making reports needs: what installs this project itself."""


def _environment(name: str = "environment-dev.yml") -> tuple[dict[str, str], dict[str, Requirement]]:
    """The specifications for conda by name, and the requirements for pip by name."""
    lines = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))["dependencies"]
    conda = {line.split()[0]: line for line in lines if isinstance(line, str)}
    by_pip = [one for line in lines if isinstance(line, dict) for one in line["pip"]]
    requirements = [Requirement(line) for line in by_pip if not line.startswith("-")]
    return conda, {canonicalize_name(one.name): one for one in requirements}


def _locked(name: str = "requirements-dev.lock") -> dict[str, dict[str, str]]:
    """Version by marker, by name: a package may have one version for each Python."""
    found: dict[str, dict[str, str]] = {}
    pattern = r"^([a-zA-Z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$"
    for package, version, marker in re.findall(pattern, (ROOT / name).read_text(), re.MULTILINE):
        found.setdefault(canonicalize_name(package), {})[marker] = version
    return found


def test_conda_and_pyproject_name_the_same_packages_with_the_same_bounds():
    conda, by_pip = _environment()
    of_conda = {
        canonicalize_name(CONDA_NAMES.get(name, name)): line.partition(" ")[2]
        for name, line in conda.items()
        if name not in ("python", "pip")
    }
    bounds = {name: _bounds(text) for name, text in of_conda.items()}
    bounds |= {name: _bounds(str(one.specifier)) for name, one in by_pip.items()}

    assert bounds == {name: _bounds(str(one.specifier)) for name, one in _declared().items()}


def test_conda_and_pyproject_ask_for_the_same_python():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert _bounds(_environment()[0]["python"].partition(" ")[2]) == _bounds(project["requires-python"])


@pytest.mark.parametrize("line", sorted(_environment()[0].values()))
def test_conda_understands_each_line_and_the_locked_version_fits_it(line: str):
    specification = MatchSpec(line, strict=True)
    name = specification.name.normalized
    if name in ("python", "pip"):
        return
    for version in _locked()[canonicalize_name(CONDA_NAMES.get(name, name))].values():
        record = PackageRecord(
            name=name, version=version, build=BuildString("0"), build_number=0, subdir="noarch"
        )
        assert specification.matches(record), f"{line} does not allow the locked {version}"


def test_the_lock_has_what_pyproject_declares_in_a_version_it_allows():
    locked = _locked()
    for name, requirement in _declared().items():
        for version in locked[name].values():
            assert requirement.specifier.contains(version), (
                f"{requirement} does not allow the locked {version}"
            )


def test_the_lock_of_reports_has_what_they_need_in_the_same_versions_and_no_test_packages():
    reports, all_of_them = _locked("requirements.lock"), _locked()

    assert set(_declared(FOR_REPORTS)) <= set(reports)
    for name, versions in reports.items():
        assert set(versions.values()) <= set(all_of_them[name].values()), name
    assert {"pytest", "playwright", "py-rattler", "hypothesis", "jupyterlab", "ruff"}.isdisjoint(reports)


def test_conda_for_reports_names_what_they_need_and_conda_for_developing_everything():
    reports, developing = _environment("environment.yml"), _environment()

    assert {canonicalize_name(CONDA_NAMES.get(name, name)) for name in reports[0]} == {
        *_declared(FOR_REPORTS),
        "python",
        "pip",
    }
    assert reports[0].items() <= developing[0].items()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes_and_no_line_names_an_index(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-zA-Z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))

    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in text
    assert "--index" not in text.replace("--no-emit-index-url", "")


def test_what_is_installed_is_what_the_lock_says():
    locked = _locked()
    for name in _declared():
        assert importlib.metadata.version(name) in locked[name].values(), f"{name}: run make setup"


@pytest.mark.parametrize(
    ("overrides", "lock"),
    [
        ("lock-overrides.txt", "requirements-dev.lock"),
        ("lock-overrides.txt", "requirements.lock"),
        ("lock-overrides-reports.txt", "requirements.lock"),
    ],
)
def test_an_overridden_package_stays_out_of_the_lock(overrides: str, lock: str):
    listed = [Requirement(line) for line in (ROOT / overrides).read_text(encoding="utf-8").splitlines()]
    assert f"--override {overrides}" in (ROOT / lock).read_text(encoding="utf-8").splitlines()[1]

    assert listed and all(not one.marker.evaluate() for one in listed)
    assert {canonicalize_name(one.name) for one in listed}.isdisjoint(_locked(lock))


def test_the_licence_is_the_eupl():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["license"] == "EUPL-1.2"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")


def _bounds(text: str) -> frozenset[str]:
    return frozenset(re.sub(r"\s+", "", text).split(","))
