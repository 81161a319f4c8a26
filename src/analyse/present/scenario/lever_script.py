"""The script of the panel of levers: one module, put together from the files in ``javascript``.

Together they are one module: later files use the names that earlier ones declare. Nothing is built beforehand, so
what stands in the files is what a browser runs.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
PARTS = (
    "model",
    "shown",
    "exchange",
    "questions",
    "words",
    "charts",
    "tables",
    "kept",
    "controls",
    "panel",
    "places",
)
"""The files in the order of the way from numbers to what is seen."""


@cache
def module() -> str:
    """The whole module, as JupyterLab loads it."""
    return "".join((HERE / "javascript" / f"{part}.js").read_text(encoding="utf-8") for part in PARTS)


@cache
def for_page() -> str:
    """The module as a page includes it: it starts on its own."""
    return f"{module()}\nstart();\n"


@cache
def shared() -> str:
    """The script as one that pages can share: from ``file://`` a browser loads no module."""
    alone = re.sub(r"^export (?:default .*\n)?", "", for_page(), flags=re.MULTILINE)
    return f'(() => {{\n"use strict";\n{alone}}})();\n'


@cache
def styles() -> str:
    """The style sheet of the panel."""
    return (HERE / "lever_panel.css").read_text(encoding="utf-8")
