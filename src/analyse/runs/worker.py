"""One worker: executes notebooks one after another with papermill, each in a kernel of its own, and makes the pages."""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import multiprocessing
import os
import re
import signal
import tempfile
import threading
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import nbformat

from analyse import shared, store
from analyse.errors import OutputError
from analyse.parameters import Run
from analyse.runs import manifest, provisioner, staleness
from analyse.runs.plan import Job

SOCKETS = "ANALYSE_SOCKETS"
"""Environment variable with a folder for what lives no longer than the run."""
CLIENT = "analyse.runs.kernel_client.PromptClient"
LOG = "workers.log"
"""File beside the folder of a run with what workers and kernels print; it is no part of the set."""
HIGHLIGHTS = "application/vnd.analyse.highlights+json"
CANNOT_WRITE = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO),  # full
    *(errno.EROFS, errno.EACCES, errno.EPERM),  # read-only
    *(errno.ENOENT, errno.ENOTDIR),  # taken away under our feet
}


def serve(jobs: Connection, place: Path, language: str) -> None:
    """Work until the other side closes: receive a job, send back its entry or the error that ends the run.

    Parameters
    ----------
    jobs : Connection
        Jobs come in, entries go out.
    place : Path
        Folder of the run.
    language : {"nl", "en"}
        Language of the pages.
    """
    _follow_parent()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    log = os.open(place.with_name(LOG), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        while True:
            job = jobs.recv()
            try:
                jobs.send(_work(job, place, language))
            except OSError as error:
                if error.errno not in CANNOT_WRITE:
                    raise
                jobs.send(
                    OutputError(f"cannot write {error.filename or place}: {error.strerror}; free space")
                )
            except OutputError as error:
                jobs.send(error)
    except (EOFError, BrokenPipeError):
        return


def prepare(run: Run, names: Sequence[str]) -> None:
    """Compute shared results beside the workers; when that fails, whoever needs them says why."""
    _follow_parent()
    with contextlib.suppress(Exception):
        shared.prepare(run, names)


def _follow_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the run itself is gone: nobody may write where a next run works."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _work(job: Job, place: Path, language: str) -> dict[str, Any]:
    """Execute one notebook and write its page; a failing notebook gives a page that says so.

    Returns
    -------
    dict
        The entry of the manifest.
    """
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="reads-", dir=os.environ.get(SOCKETS)) as folder:
        os.environ[store.READS] = f"{folder}/reads"
        try:
            entry = _make(job, place, language)
        finally:
            os.environ.pop(store.READS)
        entry["reads"] = staleness.reads(Path(folder) / "reads")
    entry["outputs"] = staleness.outputs(place, job)
    entry["seconds"] = round(time.monotonic() - started, 1)
    return entry


def _make(job: Job, place: Path, language: str) -> dict[str, Any]:
    reason, cell = _execute(job, place / job.executed)
    entry = manifest.entry(job, reason=reason, cell=cell)
    try:
        entry["highlights"] = finish(job, place, language, entry)
    except (OSError, OutputError):
        raise
    except Exception as error:
        entry = manifest.entry(job, reason=f"the page could not be made ({_sentence(error)})")
        finish(job, place, language, entry, executed=job.source)
    return entry


def finish(
    job: Job, place: Path, language: str, entry: dict[str, Any], *, executed: Path | None = None
) -> dict[str, Any]:
    """Clean the executed notebook, write its page and return its highlights.

    The parent uses it too, for a notebook whose worker died or took too long.

    Parameters
    ----------
    job : Job
        What was executed.
    place : Path
        Folder of the set that is being made.
    language : {"nl", "en"}
        Language of the page.
    entry : dict
        What the manifest says of the notebook so far.
    executed : Path, optional
        Another notebook to make the page from.
    """
    from analyse.report import exporter

    node = clean(read(executed or place / job.executed, job.source), job)
    if entry["status"] == "failed":
        mark(node, entry)
    write(node, place / job.executed)
    (place / job.executed).with_name(f".{job.name}.cell").unlink(missing_ok=True)
    with store.unsettled():
        exporter.export(node, place / job.html, language=language, beside=job.beside, around=job.around)
    return highlights(node)


def read(executed: Path, source: Path) -> nbformat.NotebookNode:
    """The executed notebook as far as it got, or the source when there is nothing readable."""
    try:
        return nbformat.read(executed, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError):
        return nbformat.read(source, as_version=4)


def write(node: nbformat.NotebookNode, executed: Path) -> None:
    """Write a notebook as nbformat does, but without its indents: half the bytes, and a tenth of the time."""
    text = json.dumps(node, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    executed.write_text(f"{text}\n", encoding="utf-8")


def clean(node: nbformat.NotebookNode, job: Job) -> nbformat.NotebookNode:
    """Take out what differs from run to run: times, random identifiers, paths of this machine."""
    node.cells = [
        cell for cell in node.cells if "papermill-error-cell-tag" not in cell.metadata.get("tags", [])
    ]
    node.metadata["papermill"] = {"parameters": dict(job.parameters), "input_path": f"{job.notebook}.ipynb"}
    for cell in node.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
    return node


def mark(node: nbformat.NotebookNode, entry: dict[str, Any]) -> None:
    """Make a notebook show why it failed, where its process could not: an error output at the cell that ran."""
    code = [cell for cell in node.cells if cell.cell_type == "code"]
    if any(output.output_type == "error" for cell in code for output in cell.outputs):
        return
    cell = code[min(entry["cell"] or 1, len(code)) - 1]
    cell.outputs.append(
        nbformat.v4.new_output("error", ename="Stopped", evalue=entry["reason"], traceback=[])
    )


def highlights(node: nbformat.NotebookNode) -> dict[str, Any]:
    """What the notebook hands to the index: every output of the highlights type, later ones on top."""
    found: dict[str, Any] = {}
    for cell in node.cells:
        for output in cell.get("outputs", []):
            found |= output.get("data", {}).get(HIGHLIGHTS, {})
    return found


def _execute(job: Job, executed: Path) -> tuple[str, int | None]:
    """Run papermill; reason and number of the cell when it failed."""
    import papermill
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    from analyse.runs import papermill_engine

    with tempfile.TemporaryDirectory(prefix="k-", dir=os.environ.get(SOCKETS)) as sockets:
        # Sockets in a folder of our own: two workers that start at once cannot take each other's port.
        kernels = {"transport": "ipc", "ip": f"{sockets}/k", "client_factory": CLIENT}
        try:
            papermill.execute_notebook(
                job.source,
                None,
                dict(job.parameters),
                kernel_name=provisioner.kernel_name(),
                engine_name=papermill_engine.NAME,
                progress_bar=False,
                autosave_cell_every=0,
                shutdown_kernel="immediate",  # it has nothing to say goodbye for
                config=Config({"KernelManager": kernels}),
                executed=executed,
            )
        except PapermillExecutionError as error:
            return _sentence(error), error.exec_count
        except CellExecutionError as error:
            return _sentence(error), running_cell(executed)
        except DeadKernelError:
            return "the notebook's process died (out of memory, or a crash in native code)", running_cell(
                executed
            )
        except (RuntimeError, TimeoutError) as error:
            return f"the notebook's process did not start ({_plain(str(error))})", None
    return "", None


def running_cell(executed: Path) -> int | None:
    """Number of the last code cell that was begun, as far as is known of a notebook that was stopped."""
    try:
        return int(executed.with_name(f".{executed.stem}.cell").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _sentence(error: Exception) -> str:
    """Kind and message, of the error in the notebook where there is one."""
    name, text = getattr(error, "ename", type(error).__name__), _plain(getattr(error, "evalue", str(error)))
    return f"{name}: {text}" if text else name


def _plain(text: str) -> str:
    """One line without colour codes, cut at a readable length."""
    line = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())
    return line if len(line) <= 400 else f"{line[:397]}..."
