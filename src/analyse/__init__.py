"""Forecast, compare and explain youth care (jeugdhulp) of Dutch municipalities."""

import importlib

__version__ = "0.2.0"


def __getattr__(name: str):
    """Import ``analyse.forecast`` when it is asked for, so that the command line starts fast."""
    if name == "forecast":
        return importlib.import_module("analyse.forecast")
    if name == "forecast_table":
        return importlib.import_module("analyse.forecast.any_table").forecast_table
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
