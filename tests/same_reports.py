"""Whether the reports of this working tree are the same, byte for byte, as those of an earlier revision.

``make same BASE=main`` makes two sets of reports: with the code and notebooks of the revision, and with those that
stand here. Both hold every published page and the pages on simulated declarations of Haaglanden. Every file of the two
is compared, and each that differs is named with the first passage that differs. A set that was kept
(``--keep FOLDER``) can be compared again with ``--against FOLDER``, which takes half the time.

Compared in full are pages, tables, workbooks (their parts), scripts and the index. Of an executed notebook only the
outputs count, since its code may be written otherwise. Of the manifest the hashes of code, the commit and times do not.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEY = "5a" * 32
"""The same pseudonyms on both sides; a key for simulated youths only."""
CHANGING = ("commit", "seconds", "packages", "python")
CHANGING_OF_NOTEBOOK = ("seconds", "inputs", "reads", "outputs")
"""What a manifest says about the making and not about what was made."""
VERSION = "version.txt"
"""File of a set with the version of the package, which every page names."""
AROUND = 60
"""Characters shown before and after the first difference."""


def main() -> int:
    """Make what is asked for, compare, and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("base", nargs="?", help="revision to compare with")
    parser.add_argument("--against", type=Path, help="a set that --keep left, instead of a revision")
    parser.add_argument("--keep", type=Path, help="folder in which the set of the revision stays")
    parser.add_argument("--expect", action="append", default=[], help="part of a name that may differ")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes to make reports with")
    asked = parser.parse_args()
    if (asked.base is None) == (asked.against is None):
        parser.error("name a revision, or a set that was kept with --against")
    with tempfile.TemporaryDirectory(prefix="same-") as folder:
        before = asked.against or asked.keep or Path(folder) / "before"
        if asked.base:
            with revision(asked.base, Path(folder)) as (home, python):
                make(before, home, python, asked.workers)
        after = Path(folder) / "after"
        make(after, ROOT, Path(sys.executable), asked.workers)
        found = differences(before, after)
    expected = {name for name in found if any(part in name for part in asked.expect)}
    for name, passage in found.items():
        print(f"{name}{' (expected)' if name in expected else ''}\n{passage}")
    print(f"{len(found) - len(expected)} files differ, {len(expected)} of which that was expected")
    return int(len(found) > len(expected))


@contextlib.contextmanager
def revision(name: str, folder: Path) -> Iterator[tuple[Path, Path]]:
    """The files of a revision, and a Python that runs its package with the packages of this environment."""
    home, environment = folder / "home", folder / "environment"
    _run(["git", "-C", str(ROOT), "worktree", "add", "--quiet", "--detach", str(home), name])
    try:
        venv.create(environment, symlinks=True)
        python = environment / "bin" / "python"
        packages = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
        (packages / "packages.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
        install = ["pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-build-isolation"]
        _run([sys.executable, "-m", *install, "--ignore-installed", "--editable", str(home)])
        yield home, python
    finally:
        _run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(home)])


def make(folder: Path, home: Path, python: Path, workers: int) -> None:
    """All reports, with pages on simulated declarations, and the tables of the command line."""
    folder.mkdir(parents=True, exist_ok=True)
    demo, store, key = folder / "demo", folder.parent / f"{folder.name}-store", folder / "pseudonyms.key"
    key.write_text(KEY, encoding="ascii")
    key.chmod(0o600)
    asked = [
        f"demo-declarations --region Haaglanden --years 2022-2024 --lines 12000 --output {demo}",
        f"declarations read {demo / 'plat'} --output {store} --key {key}",
        f"history --by region --output {folder / 'history.csv'}",
        f"forecast --by municipality --output {folder / 'forecast.csv'}",
        f"report --all --quiet --fresh --name set --output {folder / 'reports'} --workers {workers}"
        f" --declarations {store} --contracts {demo / 'contracts'}",
    ]
    for command in asked:
        _run([str(python), "-m", "analyse", *command.split()], cwd=home)
    version = _run([str(python), "-c", "import analyse; print(analyse.__version__)"], cwd=home)
    (folder / VERSION).write_text(version, encoding="utf-8")


def differences(before: Path, after: Path) -> dict[str, str]:
    """The files that are not the same, or are on one side only, each with the first passage that differs."""
    sides = [{str(path.relative_to(one)): path for path in compared(one)} for one in (before, after)]
    found = {}
    for name in sorted(sides[0].keys() | sides[1].keys()):
        if name not in sides[0] or name not in sides[1]:
            found[name] = f"  only {'before' if name in sides[0] else 'after'}"
        elif passage := first_difference(
            *(side_text(side[name], folder) for side, folder in zip(sides, (before, after), strict=True))
        ):
            found[name] = passage
    return found


def compared(folder: Path) -> list[Path]:
    """Every file of a set, hidden ones too, but for what the runs share and locks."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and ".shared" not in path.parts
        and path.suffix not in (".lock", ".log", ".key")
        and path.name not in (".lock", VERSION)
    ]


def side_text(path: Path, folder: Path) -> str:
    """What of a file is compared, without the folder that the set stands in and the version it was made with."""
    version = folder / VERSION
    text = content(path).replace(str(folder), "SET")
    return text.replace(version.read_text(encoding="utf-8").strip(), "VERSION") if version.is_file() else text


def content(path: Path) -> str:
    """What of a file is compared, as text."""
    if path.suffix == ".xlsx":
        return workbook(path.read_bytes())
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    if path.suffix == ".ipynb":
        return "\n".join(outputs(json.loads(text)))
    if path.name == "manifest.json":
        return manifest(json.loads(text))
    return text


def workbook(packed: bytes) -> str:
    """The parts of a workbook one after another."""
    with zipfile.ZipFile(io.BytesIO(packed)) as parts:
        return "\n".join(f"{name}: {parts.read(name).decode('utf-8')}" for name in sorted(parts.namelist()))


def outputs(notebook: dict) -> list[str]:
    """The outputs of the code cells of a notebook, and its texts."""
    found = []
    for cell in notebook["cells"]:
        shown = cell["outputs"] if cell["cell_type"] == "code" else "".join(cell["source"])
        found.append(json.dumps(shown, sort_keys=True, ensure_ascii=False))
    return found


def manifest(made: dict) -> str:
    """A manifest without what says how it was made."""
    notebooks = [
        {name: value for name, value in one.items() if name not in CHANGING_OF_NOTEBOOK}
        for one in made["notebooks"]
    ]
    rest = {name: value for name, value in made.items() if name not in CHANGING}
    return json.dumps({**rest, "notebooks": notebooks}, indent=1, sort_keys=True, ensure_ascii=False)


def first_difference(before: str, after: str) -> str:
    """The passage around the first difference, on both sides; empty when the texts are the same.

    Examples
    --------
    >>> print(first_difference("costs 12 euro", "costs 13 euro"))
      character 7
      before: 'costs 12 euro'
      after:  'costs 13 euro'
    """
    if before == after:
        return ""
    pairs = enumerate(zip(before, after, strict=False))
    place = next((number for number, (one, other) in pairs if one != other), min(len(before), len(after)))
    start = max(0, place - AROUND)
    shown = [repr(text[start : place + AROUND]) for text in (before, after)]
    return f"  character {place}\n  before: {shown[0]}\n  after:  {shown[1]}"


def _run(command: list[str], cwd: Path = ROOT) -> str:
    """Run a command in silence, and give what it printed; stop with that when it fails."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "ANALYSE_HOME")
    }
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
