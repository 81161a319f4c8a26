"""A notebook to begin an own question with: parameters, figures, a forecast and its chart, and room for more."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analyse import store
from analyse.errors import OutputError, ParameterError

PARAMETERS = """\
municipality = "GM0503"  # CBS code, see `analyse list`
horizon = 4  # years ahead of the last accounts, 1 to 10
samples = 300  # joint futures; 1000 or more for figures that leave the room
assumptions = {}  # such as {"price_growth_percent": 3}; see parameters/run.yaml
language = "nl"  # nl or en"""
CELLS = (
    """\
import analyse
from analyse import parameters, shared
from analyse.present import figures

run = parameters.from_notebook(globals())
tables = analyse.load_tables()
history = analyse.history_by_area(analyse.build_history(tables), "municipality")
own = history[history["area_code"].eq(run.municipality)]
analyse.measures(own).tail(5)""",
    """\
learned = shared.pool(run)  # every forecast learns from the whole country
futures = analyse.simulate(
    learned.history,
    learned.tables,
    only=[run.municipality],
    horizon=run.horizon,
    samples=run.samples,
    rng=run.rng("forecast"),
    assumptions=run.assumptions,
)
expected = analyse.quantiles(analyse.futures_by_area(futures, "municipality"))
expected = expected[expected["area_code"].eq(run.municipality)]
figures.fan(own, expected, breaks=analyse.breaks(), language=run.language)""",
    """\
shown = figures.fan(own, expected, language=run.language)
shown.figure.update_layout(title_text="My own title").add_hline(y=40)
shown""",
)
NEXT = """\
## And now

- What does another growth of prices do? Set `assumptions = {"price_growth_percent": 5}` above and run all cells.
- How do two municipalities differ? `docs/recipes.md` has that, and more.
- Which functions are there? `help(analyse.simulate)`, or `docs/api.md`."""


def write(name: str, folder: Path) -> Path:
    """Write ``NAME.ipynb`` into a folder.

    Raises
    ------
    ParameterError
        If the name cannot be that of a file.
    OutputError
        If there is such a notebook already, or it cannot be written.
    """
    stem = name.removesuffix(".ipynb")
    if not re.fullmatch(r"[A-Za-z0-9][\w-]*", stem):
        raise ParameterError(
            f"new notebook {name!r}: letters, digits, - and _ only, such as delft-and-leiden"
        )
    path = folder / f"{stem}.ipynb"
    if path.exists():
        raise OutputError(f"{path}: is there already; choose another name")
    first = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    title = new_markdown_cell(f"# {stem}\n\nOne question, and where its figures come from.")
    cells = [title, first, *map(new_code_cell, CELLS), new_markdown_cell(NEXT)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return store.write_text(path, nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": kernel})))
