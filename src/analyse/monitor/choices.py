"""The norms of the monitor, from ``parameters/monitor.yaml``."""

from __future__ import annotations

from analyse import store
from analyse.parameters import Assumption, validated


def norms() -> dict[str, Assumption]:
    """The norms by name, each with its unit, date and source.

    Raises
    ------
    ParameterError
        The file is not as it should be.

    Examples
    --------
    >>> norms()["waiting_weeks"].value
    10.0
    """
    path = store.root() / "parameters" / "monitor.yaml"
    return validated(dict[str, Assumption], store.read_yaml(path), path.name)
