"""The journal of a run: one line for every change of state, so that a run that was broken off can go on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NAME = "journal.jsonl"
WAITING, RUNNING, DONE, FAILED, TIMED_OUT = "waiting", "running", "done", "failed", "timed out"


class Journal:
    """States of the notebooks of one run: waiting, running, done, failed, timed out."""

    def __init__(self, place: Path) -> None:
        """Write to the journal in ``place``, the folder of the run."""
        self.path = place / NAME

    def tell(self, name: str, state: str, entry: dict[str, Any] | None = None) -> None:
        """Add a line; of a file that was cut off, all whole lines can still be read.

        Parameters
        ----------
        name : str
            Name of the notebook.
        state : str
            Its new state.
        entry : dict, optional
            Its entry in the manifest, once it has ended.
        """
        line = {"name": name, "state": state, **({"entry": entry} if entry else {})}
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def state_of(entry: dict[str, Any]) -> str:
    """The state in which a notebook ended."""
    if entry["status"] == "ok":
        return DONE
    return TIMED_OUT if entry["reason"].startswith("took longer") else FAILED


def read(place: Path) -> list[dict[str, Any]]:
    """The lines of a journal in order, without a half-written last one; empty if there is no journal."""
    try:
        lines = (place / NAME).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def finished(place: Path) -> list[dict[str, Any]]:
    """The entries of the notebooks that were done when the run was broken off, even at the very end."""
    last = {line["name"]: line for line in read(place)}
    if last:
        return [line["entry"] for line in last.values() if line["state"] == DONE]
    try:
        found = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [entry for entry in found["notebooks"] if state_of(entry) == DONE]
