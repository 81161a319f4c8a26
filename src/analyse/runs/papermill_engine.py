"""An engine for papermill that does not write the whole notebook before and after each cell.

papermill saves twice a cell, which took more time than the cells. Here a line says which cell is running, and the
notebook itself is saved at the end, and at a cell that begins more than a second after the last save: of a notebook
that hangs or dies the number of the cell is known, and its outputs as far as they took any time. papermill gets back
what it looks at, the errors: it would make a text of all outputs that goes nowhere.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

NAME = "sparing"
SAVE_SECONDS = 1.0


class SparingEngine(NBClientEngine):
    """Executes as papermill does but saves less often; papermill itself gets no path to write to."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, executed: Path, **options: Any
    ) -> None:
        """Run the cells and save the notebook in ``executed``, however it ends.

        Parameters
        ----------
        nb_man : NotebookExecutionManager
            The notebook, from papermill.
        kernel_name : str
            Which kernel to start.
        executed : Path
            Where the notebook is saved.
        **options
            Of papermill, for the client.
        """
        saver = _Saver(nb_man, executed)
        nb_man.save = saver.save
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            del nb_man.save
            saver.whole()
            for cell in saver.code:
                cell.outputs = [output for output in cell.outputs if output.output_type == "error"]


class _Saver:
    def __init__(self, manager: NotebookExecutionManager, executed: Path) -> None:
        self.manager, self.executed, self.last = manager, executed, time.monotonic()
        self.code = [cell for cell in manager.nb.cells if cell.cell_type == "code"]
        self.running = 0
        self.whole()

    def whole(self) -> None:
        # Without indents, which take five times as long; the worker writes the notebook that people read.
        self.executed.write_text(json.dumps(self.manager.nb, ensure_ascii=False), encoding="utf-8")
        self.last = time.monotonic()

    def save(self, **options: Any) -> None:
        if time.monotonic() - self.last > SAVE_SECONDS:
            self.whole()
        begun = self.running
        while begun < len(self.code) and _begun(self.code[begun]):
            begun += 1
        if begun > self.running:
            self.running = begun
            note(self.executed).write_text(str(begun), encoding="utf-8")


def _begun(cell: Any) -> bool:
    return bool(cell.metadata.get("papermill", {}).get("start_time"))


def note(executed: Path) -> Path:
    """The file that says which code cell, counted from 1, was begun last."""
    return executed.with_name(f".{executed.stem}.cell")


papermill_engines.register(NAME, SparingEngine)
