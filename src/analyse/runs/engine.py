"""papermill's own engine, that does not write the whole notebook before and after each cell.

papermill saves twice a cell, which took more time than the cells. Here a line says which cell is running, and the
notebook itself is saved at the end, and at a cell that begins more than a second after the last save: of a notebook
that hangs or dies the number of the cell is known, and its outputs as far as they took any time.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

NAME = "sparing"
SAVE_SECONDS = 1.0


class SparingEngine(NBClientEngine):
    """Executes as papermill does, and saves sparingly."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any
    ) -> None:
        """Run the cells; papermill itself saves the end result afterwards."""
        saver = _Saver(nb_man)
        nb_man.save = saver.save
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            del nb_man.save


class _Saver:
    def __init__(self, manager: NotebookExecutionManager) -> None:
        self.manager, self.whole, self.last = manager, manager.save, time.monotonic()
        self.code = [cell for cell in manager.nb.cells if cell.cell_type == "code"]

    def save(self, **options: Any) -> None:
        if time.monotonic() - self.last > SAVE_SECONDS:
            self.whole(**options)
            self.last = time.monotonic()
        running = [number for number, cell in enumerate(self.code, start=1) if _begun(cell)]
        if running:
            note(Path(self.manager.output_path)).write_text(str(running[-1]), encoding="utf-8")


def _begun(cell: Any) -> bool:
    return bool(cell.metadata.get("papermill", {}).get("start_time"))


def note(executed: Path) -> Path:
    """The file that says which code cell, counted from 1, was begun last."""
    return executed.with_name(f".{executed.stem}.cell")


papermill_engines.register(NAME, SparingEngine)
