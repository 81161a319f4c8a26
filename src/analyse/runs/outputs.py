"""Where a run is written: first beside the earlier one, and in its place once it is finished."""

from __future__ import annotations

import contextlib
import html
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from analyse import store
from analyse.errors import OutputError, ParameterError
from analyse.runs import journal, worker

MEGABYTE = 1_000_000
PLANS = "plans"
"""Folder with pages of plans, beside the runs."""
PER_PAGE = MEGABYTE
"""Room that a page with its executed notebook takes, generously."""


def check_name(name: str) -> str:
    """Return ``name`` when it can be the name of a folder inside the reports folder.

    Raises
    ------
    ParameterError
        If it cannot.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name):
        raise ParameterError(
            f"name {name!r}: use letters, digits, dots and dashes, beginning with a letter or digit"
        )
    return name


@contextlib.contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """Lock the reports folder: a second run in it is refused while this one is going on.

    The system releases the lock with the process, however that ends.

    Raises
    ------
    OutputError
        If another process holds it, or the folder cannot be written.
    """
    import fcntl

    path = folder / ".lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise store.cannot_write(folder, error) from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            stream.seek(0)
            other = stream.read().strip() or "another process"
            raise OutputError(
                f"{folder}: {other} is making reports here; wait for it, or choose another folder with --output"
            ) from error
        stream.truncate(0)
        stream.write(f"process {os.getpid()} (run {name})")
        stream.flush()
        yield


@contextlib.contextmanager
def workspace(folder: Path, name: str, *, whole: bool, pages: int) -> Iterator[Path]:
    """A new folder beside the run's own; removed again when the run does not reach ``publish``.

    Parameters
    ----------
    folder : Path
        The reports folder.
    name : str
        Name of the run.
    whole : bool
        Whether it holds every area.
    pages : int
        How many pages will be written, to check the free space.

    Raises
    ------
    OutputError
        If the place is taken by something else, is full or read-only.
    """
    target = folder / check_name(name)
    _check_place(target, whole)
    _check_room(folder, pages)
    place, interrupted = partial(folder, name), broken_off(folder, name)
    try:
        shutil.rmtree(place, ignore_errors=True)
        place.with_name(worker.LOG).unlink(missing_ok=True)
        (place / "notebooks").mkdir(parents=True)
    except OSError as error:
        raise store.cannot_write(place, error) from error
    try:
        yield place
    except BaseException as error:
        with contextlib.suppress(OSError):
            return_later(folder, name)
        if isinstance(error, OSError):
            raise store.cannot_write(place, error) from error
        raise
    finally:
        shutil.rmtree(place, ignore_errors=True)
    shutil.rmtree(interrupted, ignore_errors=True)


def partial(folder: Path, name: str) -> Path:
    """Where a run is being written."""
    return folder / f".{name}.partial"


def broken_off(folder: Path, name: str) -> Path:
    """Where the finished notebooks of a run that was broken off wait for ``--resume``."""
    return folder / f".{name}.interrupted"


def return_later(folder: Path, name: str) -> None:
    """Set aside what a broken-off run finished, unless more was set aside before."""
    place, aside = partial(folder, name), broken_off(folder, name)
    if len(journal.finished(place)) > len(journal.finished(aside)):
        shutil.rmtree(aside, ignore_errors=True)
        place.rename(aside)


def publish(place: Path, target: Path) -> None:
    """Put a finished run in the place of the earlier one.

    Two renames, once the disk has every file; after a crash between them the next start restores the earlier run.

    Raises
    ------
    OutputError
        If it cannot be put there; the earlier run is then left as it was.
    """
    previous = target.parent / f".{target.name}.previous"
    store.settle()
    try:
        shutil.rmtree(previous, ignore_errors=True)
        if target.exists():
            target.rename(previous)
        try:
            place.rename(target)
        except OSError:
            if previous.exists():
                previous.rename(target)
            raise
    except OSError as error:
        raise store.cannot_write(target, error) from error
    shutil.rmtree(previous, ignore_errors=True)


def manifest_of(folder: Path) -> dict | None:
    """The manifest of a published run; None when the folder holds none."""
    try:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "notebooks" in found else None


def plans(folder: Path) -> list[dict[str, str]]:
    """The pages of plans (``analyse plan report``) in a reports folder: title, and html as seen from there."""
    found = []
    for path in sorted((folder / PLANS).glob("*.html")):
        title = re.search(r"<title>([^<]+)</title>", path.read_text(encoding="utf-8"))
        if title:
            name = html.unescape(title[1]).rpartition(" – ")[0]
            found.append({"title": name, "html": f"{PLANS}/{path.name}"})
    return found


def has_whole_run(folder: Path) -> bool:
    """Whether a whole run stands in the reports folder, whose index a partial run leaves alone."""
    found = (manifest_of(path.parent) for path in folder.glob("[!.]*/manifest.json"))
    return (folder / "index.html").is_file() and any(one and one.get("whole") for one in found)


def recover(folder: Path, name: str) -> None:
    """Put the earlier run back where the machine stopped between the two renames of ``publish``."""
    previous, target = folder / f".{name}.previous", folder / name
    if previous.is_dir() and not target.exists():
        previous.rename(target)


def _check_place(target: Path, whole: bool) -> None:
    """Refuse to replace what is not a run, or a whole run by a part of one."""
    if not target.exists():
        return
    earlier = manifest_of(target)
    if earlier is None and (not target.is_dir() or any(target.iterdir())):
        raise OutputError(f"{target}: exists and is not a set of reports; choose another --name or --output")
    if earlier and earlier.get("whole") and not whole:
        raise OutputError(
            f"{target}: holds the reports of all areas; choose another --name for a part of them"
        )


def _check_room(folder: Path, pages: int) -> None:
    free, needed = shutil.disk_usage(folder).free, 10 * MEGABYTE + pages * PER_PAGE
    if free < needed:
        raise OutputError(
            f"{folder}: {free // MEGABYTE} MB free, {pages} reports take up to {needed // MEGABYTE} MB; "
            "free space or choose another folder with --output"
        )
