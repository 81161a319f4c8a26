"""The files that the pages of one set share."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from analyse import store
from analyse.present.exhibits import style
from analyse.present.scenario import lever_script

PLOTLY = "plotly.min.js"
STYLE = "page.css"
HOUSE_STYLE = "house-style.css"
PANEL = "scenario-panel.js"
PAGE = "page.js"
"""Script of every page made from a notebook."""
SHORT = "--c-"
"""Prefix of the short names of colours, for the pictures of a page."""


def write(folder: Path | str) -> Path:
    """Put plotly.js, the scripts and the style sheets in ``folder``.

    Returns the path of plotly.js.

    Parameters
    ----------
    folder : Path
        The ``assets`` folder of a set of reports; made when it is not there.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    _once(Path(folder) / STYLE, styles().encode())
    _once(Path(folder) / HOUSE_STYLE, house_style().encode())
    _once(Path(folder) / PANEL, lever_script.shared().encode())
    _once(Path(folder) / PAGE, f'(() => {{\n"use strict";\n{own_script(PAGE)}}})();\n'.encode())
    return _once(Path(folder) / PLOTLY, plotly().encode())


@cache
def source(name: str) -> str:
    """The text of a style sheet or script beside this file."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


@cache
def own_script(name: str) -> str:
    """The script of a page: the part of every page, then that of this kind of page."""
    return source("every_page.js") + source(name)


@cache
def plotly() -> str:
    """plotly.js from the installed plotly package."""
    return files("plotly").joinpath("package_data", PLOTLY).read_text(encoding="utf-8")


@cache
def styles() -> str:
    """The style of every page, the scenario panel included."""
    return source(STYLE) + lever_script.styles()


@cache
def core() -> str:
    """What a page needs to be readable when it is sent without its folder: light colours, and one of two pictures.

    The colours of the house style have short names too.
    """
    short = ";".join(f"{SHORT}{name}:var({style.PREFIX}{name})" for name in style.TOKENS)
    return f":root{{{short}}}{style.BASIC_STYLE}.picture.narrow{{display:none}}"


def house_style() -> str:
    """The design tokens of the reports: ``parameters/house-style.css`` where there is one, else our own."""
    own = store.root() / "parameters" / HOUSE_STYLE
    return own.read_text(encoding="utf-8") if own.is_file() else style.HOUSE_STYLE


def _once(target: Path, content: bytes) -> Path:
    if target.is_file() and target.stat().st_size == len(content) and target.read_bytes() == content:
        return target
    return store.write_bytes(target, content)
