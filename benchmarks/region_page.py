"""Processor seconds of the cells of a page on declarations, in a process in which everything is imported already.

    python benchmarks/region_page.py STORE CONTRACTS AREA [--turns 3]

STORE is a folder that `analyse declarations read` made, CONTRACTS one with budgets and agreements, AREA a code such as
JZ24. Each turn is a process of its own, forked from one that has imported what notebooks need, as the pages of a run
are. The first turn also works out what all pages of a store share; the least of the others is what one more page
takes. Says the load of the machine as well, which makes processor seconds up to twice as long. Asserts nothing.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import tempfile
from pathlib import Path

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "07_declarations.ipynb"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("contracts")
    parser.add_argument("area")
    parser.add_argument("--turns", type=int, default=3)
    chosen = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as shared:
        os.environ["ANALYSE_SHARED"] = shared
        _import()
        asked = {
            "area": chosen.area,
            "declarations": str(Path(chosen.store).absolute()),
            "contracts": str(Path(chosen.contracts).absolute()),
        }
        seconds = [_turn(asked) for _ in range(chosen.turns + 1)]
    print(f"first, with what pages share: {seconds[0]:.2f} processor seconds")
    print(f"least of {chosen.turns} more: {min(seconds[1:]):.2f}; load {os.getloadavg()[0]:.1f}")


def _import() -> None:
    from analyse.runs import declaration_pages

    importlib.import_module("analyse.runs.preloaded")
    for room in declaration_pages.ROOMS:
        importlib.import_module(room)


def _turn(asked: dict[str, str]) -> float:
    """Processor seconds of one page, in a fork."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.write(writing, str(_cells(asked)).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as stream:
        said = stream.read()
    if os.waitpid(child, 0)[1]:
        raise SystemExit(f"the page of {asked['area']} could not be made")
    return float(said)


def _cells(asked: dict[str, str]) -> float:
    """Run the cells of the notebook; what they show is made and thrown away."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.display_pub.publish = lambda *shown, **more: None
    shell.displayhook.write_format_data = lambda *shown, **more: None
    shell.displayhook.write_output_prompt = lambda: None
    cells = [one for one in json.loads(NOTEBOOK.read_text())["cells"] if one["cell_type"] == "code"]
    before = _used()
    for cell in cells:
        shell.run_cell("".join(cell["source"])).raise_error()
        if "parameters" in cell["metadata"].get("tags", []):
            shell.user_ns.update(asked)
    return _used() - before


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
