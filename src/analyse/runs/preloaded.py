"""Importing this imports what every run needs: the server that workers and the zygote are forked from does so once."""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from analyse.runs import declaration_pages

ROOMS_OF_NOTEBOOKS = (
    *("schema", "parameters", "store", "cache", "sources", "shared", "history", "forecast"),
    *("scenario", "compare", "present"),
)
LIBRARIES = (
    *("numpy", "pandas", "pyarrow", "plotly.graph_objects", "plotly.io", "scipy.optimize"),
    *("IPython.core.completer", "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell"),
    # What a kernel imports when it begins; the debugger alone takes a quarter of a second.
    *("ipykernel.debugger", "IPython.core.oinspect", "IPython.core.debugger", "IPython.core.completerlib"),
    *("IPython.extensions.storemagic", "IPython.core.logger", "sqlite3", "tornado.platform.asyncio"),
    # What pandas and pyarrow import at the first table that is read, turned or written out.
    *("pyarrow.pandas_compat", "pandas.core.arrays.arrow._arrow_utils", "pandas.core.methods.to_dict"),
    *("pandas.core.reshape.reshape", "pandas.io.formats.string"),
    *("babel.numbers", "babel.dates", "babel.messages.pofile"),
    *("papermill", "nbclient", "nbformat", "analyse.report.exporter", "analyse.runs.papermill_engine"),
)


def preload() -> None:
    """Import what notebooks on published figures import."""
    import analyse

    for name in LIBRARIES:
        _import_quietly(name)
    top = Path(analyse.__file__).parent
    rooms = [f"analyse.{room}" for room in ROOMS_OF_NOTEBOOKS]
    for path in sorted(top.rglob("*.py")):
        name = ".".join(path.relative_to(top.parent).with_suffix("").parts).removesuffix(".__init__")
        if _within(name, rooms) and not _within(name, declaration_pages.ROOMS):
            _import_quietly(name)


def _within(name: str, rooms: Iterable[str]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def warm_up() -> None:
    """Load once what every first figure and text loads: templates, validators, catalogues of messages."""
    import pandas as pd
    import plotly.graph_objects as go

    from analyse.present.text import formats, language

    # A page takes many parts of small tables: of those, text as Python has it is quicker than as Arrow does.
    pd.options.mode.string_storage = "python"
    for one in language.LANGUAGES:
        language.translator(one)
        formats.number(1234.5, one)
    traces = [go.Scatter(x=[1, 2], y=[1, 2], line={"dash": "dot"}, fill="tozeroy"), go.Bar(x=[1], y=[1])]
    figure = go.Figure(traces).update_layout(template="none", xaxis={"title": "x"}, shapes=[{"type": "line"}])
    figure.to_json()
    _read_ahead()


def _read_ahead() -> None:
    """Read and check the files of ``parameters/`` that every page asks for, and hash the code of shared results.

    A page that is made from other contents by then reads them itself; an error in a file is reported by what needs it.
    """
    from analyse import cache, parameters
    from analyse.compare import choices
    from analyse.errors import AnalyseError
    from analyse.scenario import capacity, definitions, files, local_shift, society, timetable
    from analyse.shared import results
    from analyse.sources import snapshot

    for module in (results, snapshot):
        cache.code(module.__name__)
    for read in (
        *(parameters.breaks, parameters.assumptions, parameters.questions, parameters.forecast_constants),
        *(choices.flags, choices.visions, choices.rules, choices.body_budgets),
        *(definitions.levers, definitions.evidence, definitions.care_forms, society.outside),
        *(timetable.planned, capacity.supply, local_shift.staff, parameters.publications, parameters.bridge),
        *(partial(files.shipped, name) for name in files.names()),
    ):
        with contextlib.suppress(AnalyseError):
            read()


def _import_quietly(name: str) -> None:
    """Import a module; a notebook that needs a broken one will say so itself."""
    try:
        importlib.import_module(name)
    except Exception as error:
        print(f"server: {name} is not imported ahead ({error})", file=sys.stderr, flush=True)


# Nothing that is imported goes away: looking for what does took a tenth of the time here, and a third of a second, with
# memory of its own for what it touched, in each process that is forked from this one.
gc.disable()
preload()
warm_up()
gc.freeze()
gc.enable()
# At the end it counts again: duckdb complains on stderr of every object of its own that is still there.
atexit.register(gc.unfreeze)
