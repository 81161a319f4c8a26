"""The numbers and texts of the scenario panel of one area: a few hundred joint futures, rounded, in few bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analyse import scenario, small_cells
from analyse.errors import ParameterError
from analyse.present.figures import common
from analyse.present.scenario import packing, panel_words
from analyse.present.text.language import translator
from analyse.scenario import payload as plain
from analyse.scenario.model import Inputs

SAMPLES = 300
"""Joint futures in a panel, where the run has as many."""
PATHS = ("youths", "clients", "price", "cost_eur", "shares", "client_weights", "months")
STARTS = ("youths", "clients", "cost_eur")
DRAWS = ("draws", "ratio", "cost_draws")
LEVER_TEXTS = ("title", "text", "action_line", "source")


def payload(inputs: Inputs, history: pd.DataFrame, *, data_date: str, language: str = "nl") -> dict[str, Any]:
    """Everything that the script needs, as JSON.

    Parameters
    ----------
    inputs : Inputs
        ``scenario.of`` of one area.
    history : DataFrame
        Rows of the area from ``panel.by_area``: period, cost_eur, status, budget_eur, budget_status, clients,
        clients_status.
    data_date : str
        ISO date of the data.
    language : str
        ``nl`` or ``en``.

    Returns
    -------
    dict
        ``scenario.payload.to_dict`` with its numbers packed, texts in one language, the known figures, the ready
        scenarios and the passport.

    Raises
    ------
    ValueError
        If a count of youths is so small that nothing may be shown of it.
    """
    words, samples = translator(language), min(SAMPLES, inputs.samples)
    values = plain.to_dict(inputs, scenario.care_forms(), samples=samples)
    if small_cells.small(min(np.min(values["clients"]), np.min(values["start"]["clients"])), zero=True):
        raise ValueError(
            f"scenario panel of {inputs.area_code}: fewer than {small_cells.SMALLEST} youths with care"
        )
    about = {**inputs.passport, "until": inputs.years[-1]}
    return {
        **values,
        **{name: packing.pack(values[name]) for name in PATHS},
        "start": {name: packing.pack(values["start"][name]) for name in STARTS},
        "levers": [_lever(lever, language, last=inputs.years[-1]) for lever in values["levers"]],
        "forms": [{"id": form["id"], "title": form["title"][language]} for form in values["forms"]],
        "area": words.gettext(inputs.area),
        "language": language,
        "known": known(history),
        "ready": ready(inputs, language),
        "texts": panel_words.texts(language),
        "passport": panel_words.passport(about, data_date=data_date, samples=samples, language=language),
    }


def _lever(lever: Mapping[str, Any], language: str, *, last: int) -> dict[str, Any]:
    default = {**lever["default"], "start": min(lever["default"]["start"], last)}
    packed = {name: None if lever[name] is None else packing.pack(lever[name]) for name in DRAWS}
    texts = {name: lever[name][language] for name in LEVER_TEXTS}
    return {**lever, "default": default, **texts, **packed}


def rounded(inputs: Inputs, packed: Mapping[str, Any]) -> Inputs:
    """The inputs as the script sees them: unpacked from a payload.

    Returns
    -------
    Inputs
        Of fewer samples; ``scenario.run`` on them gives what the panel shows.
    """
    samples, years = packed["samples"], len(inputs.years)

    def rows(packed_rows: dict[str, Any]) -> np.ndarray:
        return packing.unpack(packed_rows, samples=samples)

    shares = rows(packed["shares"]).reshape(len(inputs.forms) - 1, -1, samples)
    levers = packed["levers"]
    return replace(
        inputs,
        start={name: rows(packed["start"][name])[0] for name in STARTS},
        **{name: rows(packed[name]) for name in PATHS if name != "shares"},
        shares=np.repeat(shares, years // shares.shape[1], axis=1),
        draws=np.concatenate([rows(lever["draws"]) for lever in levers]),
        ratios=np.concatenate(
            [rows(lever["ratio"]) if lever["ratio"] else np.ones((1, samples)) for lever in levers]
        ),
        cost_draws=np.concatenate([rows(lever["cost_draws"]) for lever in levers]),
    )


def known(history: pd.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    """What is known of the costs, the budgets and the youths with care: by year a value, and whether it is a part."""
    columns = {"cost_eur": "status", "budget": "budget_status", "clients": "clients_status"}
    by_measure: dict[str, dict[str, dict[str, Any]]] = {}
    for name, status in columns.items():
        column = "budget_eur" if name == "budget" else name
        rows = common.has_value(history, column, status).sort_values("period")
        by_measure[name] = {
            str(int(year)): {"value": float(value), "partial": state == "incomplete"}
            for year, value, state in zip(rows["period"], rows[column], rows[status], strict=True)
        }
    return by_measure


def ready(inputs: Inputs, language: str) -> list[dict[str, Any]]:
    """The scenarios that come with the suite, each with only what differs from the default of its levers.

    One with a measure that starts after the horizon is left out.
    """
    levers = {lever.id: lever.default.model_dump() for lever in inputs.levers}
    listed = []
    for name in scenario.names():
        try:
            chosen = scenario.load(name, years=inputs.years, known=inputs.levers)
        except ParameterError:
            continue
        if chosen.settings:
            own = {
                lever: {
                    key: value for key, value in setting.model_dump().items() if value != levers[lever][key]
                }
                for lever, setting in chosen.settings.items()
            }
            listed.append({"title": getattr(chosen.title, language), "levers": own})
    return listed
