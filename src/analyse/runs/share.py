"""Where the files of a cluster pass through: a folder that all machines see, or an object store."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyse import store
from analyse.errors import OutputError


@dataclass
class Share:
    """Where the files pass through, and where they must come."""

    url: str
    place: Path

    def fetch(self, entry: Mapping[str, Any]) -> None:
        """Put the files of a job in place, each whole and as its worker wrote it."""
        import fsspec

        system, root = fsspec.core.url_to_fs(self.url)
        for name, digest in entry["outputs"].items():
            content = system.cat_file(f"{root}/{name}")
            if hashlib.sha256(content).hexdigest() != digest:
                raise OutputError(f"{self.url}/{name}: is not what the worker wrote; give another --share")
            store.write_bytes(self.place / name, content)
            system.rm_file(f"{root}/{name}")


@contextlib.contextmanager
def exchange(share: str, place: Path) -> Iterator[str]:
    """A folder of this run in the share; without one, beside the run, for workers that see the same disk."""
    import fsspec

    root = (
        share.rstrip("/") if "://" in share else (Path(share).absolute() if share else place.parent).as_uri()
    )
    url = f"{root}/.{place.name.strip('.')}.exchange-{os.getpid()}"
    try:
        system, path = fsspec.core.url_to_fs(url)
        system.makedirs(path, exist_ok=True)
    except (ImportError, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise OutputError(
            f"--share {share or root}: cannot be written to ({reason}); give another --share"
        ) from error
    try:
        yield url
    finally:
        with contextlib.suppress(OSError):
            system.rm(path, recursive=True)
