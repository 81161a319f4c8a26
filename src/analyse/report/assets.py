"""The files that the pages of one set share."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from analyse import store

PLOTLY = "plotly.min.js"


def write(folder: Path | str) -> Path:
    """Copy plotly.js from the installed plotly package to ``folder``, once; return its path.

    Parameters
    ----------
    folder : Path
        The ``assets`` folder of a set of reports; made when it is not there.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    content = files("plotly").joinpath("package_data", PLOTLY).read_bytes()
    target = Path(folder) / PLOTLY
    if target.is_file() and target.stat().st_size == len(content) and target.read_bytes() == content:
        return target
    return store.write_bytes(target, content)
