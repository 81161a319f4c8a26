"""Every answer as it came, with its address, time and checksum: what a vintage is made of, and made again of."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
from pathlib import Path

from analyse import store
from analyse.errors import DataError

INDEX = "index.jsonl"
DONE = "complete"
FRESH_HOURS = 12.0
"""For this long an update that was broken off is continued; after that it starts again."""


class Raw:
    """A folder with raw answers, below ``data/raw/``; an answer can be read again by its address.

    ``edition`` is what the publisher says about when the table was last changed: an answer of another edition of a
    table is not used again.
    """

    def __init__(self, folder: Path) -> None:
        """Open a folder, or start one."""
        self.folder = folder
        self.edition = ""
        self.answers: dict[str, dict[str, str]] = {}
        index = folder / INDEX
        if index.is_file():
            for line in index.read_text(encoding="utf-8").splitlines():
                entry = _entry(line)
                if entry:
                    self.answers[entry["key"]] = entry

    def key(self, address: str) -> str:
        """What an answer is found by."""
        return hashlib.sha256(f"{self.edition} {address}".encode()).hexdigest()[:24]

    def find(self, address: str) -> bytes | None:
        """The stored answer of an address in this edition, if it exists and is unaltered."""
        entry = self.answers.get(self.key(address))
        if entry is None:
            return None
        path = self.folder / entry["file"]
        content = path.read_bytes() if path.is_file() else b""
        return content if hashlib.sha256(content).hexdigest() == entry["sha256"] else None

    def keep(self, address: str, content: bytes, content_type: str) -> None:
        """Store an answer unchanged, then its line in the index.

        Parameters
        ----------
        address : str
            What was asked.
        content : bytes
            What came back.
        content_type : str
            As the server says.

        Raises
        ------
        OutputError
            If it cannot be written, as on a full disk.
        """
        digest = hashlib.sha256(content).hexdigest()
        entry = {
            "key": self.key(address),
            "address": address,
            "time": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "sha256": digest,
            "file": f"{digest[:32]}.json",
            "content_type": content_type,
            "edition": self.edition,
        }
        store.write_bytes(self.folder / entry["file"], content)
        try:
            with (self.folder / INDEX).open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(entry) + "\n")
        except OSError as error:
            raise store.cannot_write(self.folder / INDEX, error) from error
        self.answers[entry["key"]] = entry

    def finish(self) -> None:
        """Mark the download as whole: a later one starts anew."""
        store.write_text(self.folder / DONE, "")

    @property
    def finished(self) -> bool:
        """Whether everything was downloaded."""
        return (self.folder / DONE).is_file()


def root() -> Path:
    """Folder with all raw answers."""
    return store.own_root() / "data" / "raw"


def start(*, fresh: bool = False) -> Raw:
    """Go on with a download broken off less than twelve hours ago, or start one; with ``fresh`` always start."""
    now = datetime.datetime.now(datetime.UTC)
    unfinished = [download for download in downloads() if not download.finished]
    if unfinished and not fresh:
        last = unfinished[-1]
        begun = datetime.datetime.strptime(last.folder.name[:15], "%Y%m%dT%H%M%S").replace(
            tzinfo=datetime.UTC
        )
        if (now - begun).total_seconds() < FRESH_HOURS * 3600:
            return last
    for download in unfinished:
        shutil.rmtree(download.folder, ignore_errors=True)
    return Raw(root() / now.strftime("%Y%m%dT%H%M%S%fZ"))


def downloads() -> list[Raw]:
    """All downloads, oldest first."""
    return [Raw(path) for path in sorted(root().glob("20*T*Z")) if path.is_dir()]


def last_whole() -> Raw:
    """The newest download that is whole: what ``--offline`` reads.

    Raises
    ------
    DataError
        If there is none.
    """
    whole = [download for download in downloads() if download.finished]
    if not whole:
        raise DataError(
            "update: nothing was downloaded before, so there is nothing to read offline; run without --offline"
        )
    return whole[-1]


def _entry(line: str) -> dict[str, str] | None:
    """A line of the index; None for one that was cut off when the machine stopped."""
    try:
        return json.loads(line)
    except ValueError:
        return None
