"""Forecast, compare and explain youth care (jeugdhulp) of Dutch municipalities.

The names below are for own questions, and stay as they are between versions; ``docs/api.md`` describes each, and
``docs/recipes.md`` answers questions with them. Everything else is internal. Tables go in, new tables come out:

>>> import analyse
>>> run = analyse.load_run(samples=100)
>>> tables = analyse.load_tables()
>>> history = analyse.build_history(tables)
>>> futures = analyse.simulate(history, tables, horizon=2, samples=run.samples, rng=run.rng("forecast"))
>>> analyse.quantiles(analyse.futures_by_area(futures, "region"))["measure"].unique().tolist()
['cost_eur', 'clients', 'youths']
"""

import importlib

__version__ = "0.2.0"

PUBLIC = {
    "Assumed": "assumed:Assumed",
    "Run": "parameters:Run",
    "area_name": "history.areas:name",
    "assumptions": "parameters:assumptions",
    "breaks": "parameters:breaks",
    "build_history": "history.panel:build",
    "chance_budget_exceeded": "forecast.summary:chance_budget_exceeded",
    "decompose": "forecast.drivers:decompose",
    "find_area": "history.areas:resolve",
    "forecast_table": "forecast.any_table:forecast_table",
    "futures_by_area": "forecast.simulate:by_area",
    "history_by_area": "history.panel:by_area",
    "load_run": "parameters:load",
    "load_scenario": "scenario.files:load",
    "load_tables": "sources.snapshot:load",
    "measures": "compare:measures",
    "members": "compare.table:members",
    "municipalities": "history.areas:municipalities",
    "plotly_template": "present.exhibits.house_template:registered",
    "quantiles": "forecast.summary:quantiles",
    "read_table": "store:read_table",
    "regions": "history.areas:regions",
    "scenario_inputs": "scenario.prepared:of",
    "score": "forecast.backtest:score",
    "simulate": "forecast.simulate:simulate",
    "write_table": "store:write_table",
}
"""Where each public name stands; it is imported when it is asked for, so that the command line starts fast."""
__all__ = sorted(PUBLIC)


def __getattr__(name: str):
    """Import a public name, or ``analyse.forecast``, when it is asked for."""
    if name in PUBLIC:
        module, _, attribute = PUBLIC[name].partition(":")
        return getattr(importlib.import_module(f"analyse.{module}"), attribute)
    if name == "forecast":
        return importlib.import_module("analyse.forecast")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, for completion."""
    return [*__all__, "__version__"]
