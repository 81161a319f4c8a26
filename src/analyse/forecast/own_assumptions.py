"""A run's own assumptions put into a forecast: the history without what is left out, other values, more breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analyse import parameters
from analyse.assumed import VALUES, Assumed, OwnBreak

BUDGETS = ("budget_eur", "budget_with_policy_eur")
LEFT_OUT = {"cost_eur": "status", "clients": "clients_status"}
"""What is not looked at of a year that is left out, besides its budgets, and the status of each."""
OWN = parameters.BothLanguages(nl="eigen keuze bij deze doorrekening", en="own choice for this run")


def values(changed: Assumed) -> dict[str, parameters.ListedAssumption]:
    """The assumptions of ``parameters/``, with those that a run changes in their place.

    ``changed`` is ``run.assumptions``. An interval keeps its width and moves along.

    Examples
    --------
    >>> found = values(Assumed(price_growth_percent=3.0))["price_growth_percent"]
    >>> found.value, round(found.low, 2), round(found.high, 2), found.source.en
    (3.0, 1.0, 5.1, 'own choice for this run')
    """
    found = parameters.assumptions()
    for name in VALUES:
        value = getattr(changed, name)
        if value is not None:
            moved = value - found[name].value
            interval = {"value": value, "low": found[name].low + moved, "high": found[name].high + moved}
            found[name] = found[name].model_copy(update={**interval, "status": "assumption", "source": OWN})
    return found


def history_of(history: pd.DataFrame, changed: Assumed) -> pd.DataFrame:
    """The history as a run looks at it: a year that is left out, or all budgets, as if they were unknown.

    Parameters
    ----------
    history : DataFrame
        From ``history.panel.build``.
    changed : Assumed
        ``run.assumptions``.
    """
    out = history["period"].isin(changed.leave_out_years)
    unknown = dict.fromkeys(LEFT_OUT, out) | dict.fromkeys(BUDGETS, out | (not changed.budget_signal))
    status = {name: LEFT_OUT.get(name, name.replace("_eur", "_status")) for name in unknown}
    there = {name: rows for name, rows in unknown.items() if name in history and rows.any()}
    return history.assign(
        **{name: history[name].mask(rows, np.nan) for name, rows in there.items()},
        **{status[name]: history[status[name]].mask(rows, "missing") for name, rows in there.items()},
    )


def settings(
    assumptions: Assumed | Mapping[str, Any] | None, breaks: Sequence[parameters.Break] | None
) -> tuple[Assumed, dict[str, Any]]:
    """What a run assumes, and the arguments that ``known.as_of`` gets of it.

    Parameters
    ----------
    assumptions : Assumed or mapping, optional
        What differs from ``parameters/assumptions.yaml``.
    breaks : sequence of Break, optional
        Declared breaks in place of those of ``parameters/breaks.yaml``.

    Raises
    ------
    ParameterError
        If an assumption is not known, or its value is impossible.
    """
    changed = (
        assumptions
        if isinstance(assumptions, Assumed)
        else parameters.validated(Assumed, dict(assumptions or {}), "assumptions")
    )
    declared = parameters.breaks() if breaks is None else tuple(breaks)
    own = tuple(_declared(one, len(declared) + place) for place, one in enumerate(changed.breaks, 1))
    return changed, {"assumptions": values(changed), "declared": (*declared, *own)}


def _declared(one: OwnBreak, number: int) -> parameters.Break:
    title = parameters.BothLanguages(nl=f"Eigen breuk in {one.period}", en=f"Own break in {one.period}")
    return parameters.Break(
        id=f"own-{number}",
        number=number,
        period=one.period,
        applies_to=list(one.applies_to),
        municipalities=list(one.municipalities),
        effect="excluded from trend",
        title=title,
        reason=OWN,
        source=OWN.en,
    )
