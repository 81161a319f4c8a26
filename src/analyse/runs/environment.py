"""The environment of the processes of a run: variables, and a temporary folder that a later process clears."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from multiprocessing import util
from pathlib import Path

from analyse import store

LOCK = ".lock"
AFTER_MULTIPROCESSING = -200
"""Priority at exit: its own temporary folder, which lies in ours, is removed first."""


def folder() -> Path:
    """The folder for sockets and temporary files of this process and what it starts; short, as sockets need."""
    return _of_process(os.getpid())


@contextlib.contextmanager
def variables(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the length of a block; processes started in it inherit them."""
    earlier = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in earlier.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextlib.contextmanager
def temporary(prefix: str) -> Iterator[str]:
    """A new folder in that of this process, for the length of a block."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder(), ignore_cleanup_errors=True) as made:
        yield made


@contextlib.contextmanager
def own_temporary_folder() -> Iterator[None]:
    """Let ``tempfile`` use the folder of this process for the length of a block, for libraries that take no folder."""
    earlier, tempfile.tempdir = tempfile.tempdir, str(folder())
    try:
        yield
    finally:
        tempfile.tempdir = earlier


@cache
def _of_process(number: int) -> Path:
    parent = _parent()
    with store.alone(parent / LOCK):
        _clear(parent)
        made = Path(tempfile.mkdtemp(prefix=f"{number}-", dir=parent))
        _held(made / LOCK)
    util.Finalize(None, shutil.rmtree, args=(made, True), exitpriority=AFTER_MULTIPROCESSING)
    return made


def _parent() -> Path:
    """One folder for all processes of this user, which no other user can have made or can read."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    path = Path(tempfile.gettempdir()) / f"analyse-{owner}"
    with contextlib.suppress(OSError):
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
        if path.is_dir() and not path.is_symlink() and found.st_uid == owner and not found.st_mode & 0o077:
            return path
    return Path(tempfile.mkdtemp(prefix="analyse-"))


def _clear(parent: Path) -> None:
    """Remove the folders of processes that have ended, whose locks are free."""
    for left in parent.iterdir():
        with contextlib.suppress(OSError):
            if _held(left / LOCK, release=True):
                shutil.rmtree(left, ignore_errors=True)


def _held(path: Path, *, release: bool = False) -> bool:
    """Take a lock for the life of this process, or only check that it is free."""
    try:
        import fcntl
    except ImportError:  # no such locks on Windows: what was killed there stays
        return False
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return False
    if release:
        os.close(handle)
    return True
