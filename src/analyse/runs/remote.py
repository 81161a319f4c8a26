"""The process that a worker of a cluster runs beside itself, and that makes reports one at a time.

It reads a job a line from its standard input and answers a line. Files go through ``share``, any place that fsspec
knows: first under another name, so that nobody sees half a file. Everything ends with whoever holds the input.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from pathlib import Path
from typing import Any

import fsspec

from analyse import cache
from analyse.errors import AnalyseError
from analyse.runs import environment, execute, worker
from analyse.runs.plan import Job


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what is printed here is not an answer
    os.environ.setdefault(cache.FOLDER, str(environment.folder() / "shared"))
    for request in _requests():
        print(json.dumps(_answer(request)), file=answers, flush=True)


def _requests():
    """The lines of the input, read by a thread that notices its end even while a notebook runs."""
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            lines.put(line)
        os._exit(0)  # the children see that and end too

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield json.loads(lines.get())


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    """The entry of the manifest and what was printed; an error is returned, so that the scheduler does not retry."""
    try:
        with environment.temporary("job-") as folder:
            return _make(request, Path(folder))
    except (AnalyseError, OSError) as error:
        return {"error": " ".join(str(error).split())}


def _make(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    place = folder / "run"
    (place / "notebooks").mkdir(parents=True)
    source = folder / request["file"]
    source.write_text(request["text"], encoding="utf-8")
    job, effort = (
        Job(source=source, **request["job"]),
        execute.Effort(workers=1, warm=True, **request["effort"]),
    )
    (entry,) = execute.execute([job], place, language=request["language"], effort=effort)
    _send(place, request["share"], entry["outputs"])
    printed = place.with_name(worker.LOG)
    return {"entry": entry, "printed": printed.read_text(encoding="utf-8") if printed.exists() else ""}


def _send(place: Path, share: str, names: dict[str, str]) -> None:
    """Put the files of a job in the share."""
    system, root = fsspec.core.url_to_fs(share)
    for name, digest in names.items():
        target = f"{root}/{name}"
        half = f"{target}.{digest[:12]}-{os.getpid()}"
        system.makedirs(target.rpartition("/")[0], exist_ok=True)
        system.put_file(str(place / name), half)
        system.mv(half, target)


if __name__ == "__main__":
    main()
