"""Files of ``parameters/``, read and checked once for each content: a page asks for the same file a dozen times."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

from analyse import store
from analyse.parameters.validation import validated

_MADE: dict[Hashable, Any] = {}


def read_declared(kind: Any, name: str) -> Any:
    """What a file of ``parameters/`` holds, as a model, or as a list or mapping of models; not to be changed.

    Parameters
    ----------
    kind : type
        As for ``validated``.
    name : str
        The file, such as ``breaks.yaml``.

    Raises
    ------
    ParameterError
        If the file is not there or does not fit.

    Examples
    --------
    >>> from analyse.parameters import Publication
    >>> read_declared(list[Publication], "publications.yaml") is read_declared(list[Publication], "publications.yaml")
    True
    """
    path = store.root() / "parameters" / name
    return once(str(kind), lambda: validated(kind, store.read_yaml(path), name), path)


def once(what: str, make: Callable[[], Any], *paths: Path) -> Any:
    """What is made of some files, made once in this process for each content of them; all are noted as read.

    Parameters
    ----------
    what : str
        What it is; with the files it names the result.
    make : callable
        Makes it.
    *paths : Path
        The files.
    """
    made_from = (what, *((path, store.note_file(path)) for path in paths))
    if made_from not in _MADE:
        with store.unnoted():
            _MADE[made_from] = make()
    return _MADE[made_from]
