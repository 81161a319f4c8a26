"""The norms of the monitor, from ``parameters/monitor.yaml``."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from analyse import store
from analyse.errors import ParameterError
from analyse.parameters import Assumption


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
    try:
        return TypeAdapter(dict[str, Assumption]).validate_python(store.read_yaml(path))
    except ValidationError as error:
        raise ParameterError(
            f"{path.name}: {error.errors()[0]['msg']} at {error.errors()[0]['loc']}"
        ) from error
