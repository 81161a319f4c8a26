"""``analyse forecast --input``: the forecast of a table that somebody brings along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analyse import store
from analyse.cli.export import check_extension
from analyse.errors import ParameterError

HORIZON = 6


def meant(by: Any, table: Path | None, parameters: Path | None, columns: Mapping[str, Any]) -> bool:
    """Whether the forecast is of a table of one's own; what does not go together is refused."""
    if (by is None) == (table is None):
        raise ParameterError(
            "forecast: give either --by municipality, --by region, or --input with a table of your own"
        )
    if table is not None and parameters is not None:
        raise ParameterError("forecast: --parameters goes with --by; give the settings of --input as options")
    given = [f"--{name}" for name, value in columns.items() if value is not None]
    if by is not None and given:
        raise ParameterError(f"forecast: {given[0]} goes with --input, not with --by")
    return table is not None


def write_forecast(
    table: Path, output: Path, *, key: Sequence[str] | None, horizon: int | None, **settings: Any
) -> int:
    """Write the forecast of every series and return the number of rows.

    Columns: the key, the period, mean, and the quantiles 0.025, 0.1, 0.5, 0.9 and 0.975 in the unit of the value.
    """
    from analyse import forecast_table

    check_extension(output)
    given = {name: value for name, value in settings.items() if value is not None}
    if "frequency" in given:
        given["frequency"] = given["frequency"].value
    if key:
        given["key"] = [column for one in key for column in one.split(",")]
    found = forecast_table(store.read_table(table), horizon=HORIZON if horizon is None else horizon, **given)
    store.write_table(found, output)
    return len(found)
