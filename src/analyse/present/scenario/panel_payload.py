"""The numbers and texts of the scenario panel of one area: a few hundred joint futures, rounded, in few bytes."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analyse import scenario, small_cells
from analyse.errors import ParameterError
from analyse.forecast import budgets
from analyse.present.figures import common
from analyse.present.scenario import packing, panel_words, timetable_table
from analyse.present.text import formats
from analyse.present.text.language import translator
from analyse.scenario import Lever, Scenario, Setting, business_case, subset
from analyse.scenario.model import Inputs
from analyse.schema import QUANTILES

SAMPLES = 321
"""Joint futures in a panel, where the run has as many: one more than a multiple of 40, see ``subset.of``."""
SAMPLES_BY_YEAR = 201
"""The same where shares differ by year, as in a region: each year of each form is carried then."""
PATHS = ("youths", "clients", "price", "cost_eur", "shares", "client_weights", "months", "waiting")
COARSE = ("client_weights", "months", "waiting")
"""What is carried in one byte a sample: these parts, durations and queues are known far less well than that."""
STARTS = ("youths", "clients", "cost_eur")
DRAWS = {
    "draws": "draws",
    "found": "found",
    "ratio": "ratios",
    "cost_draws": "cost_draws",
    "capacity": "capacity",
}
"""Name of a lever's draws in the script -> that of ``Inputs``."""
NEUTRAL = {"draws": 0.0, "found": 0.0, "ratio": 1.0, "cost_draws": 1.0, "capacity": np.inf}
"""A row that holds nothing else is not carried."""
LEVER_TEXTS = ("title", "text", "opponent", "action_line", "source")
LEVER_FIELDS = (
    "id",
    "group",
    "mechanism",
    "unit",
    "exposure",
    "evidence",
    "overlaps",
    "shares_effect_with",
    "minimum",
    "maximum",
    "step",
    "delay_months",
    "per_year",
    "percent_of_one",
)


class TooFew(ValueError):
    """The panel would carry a count of youths that may not be shown."""


def payload(
    inputs: Inputs, history: pd.DataFrame, *, data_date: str, language: str = "nl", simulated: bool = False
) -> dict[str, Any]:
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
    simulated : bool
        Whether the inputs rest on simulated declarations.

    Returns
    -------
    dict
        A part of the futures with their numbers packed; ``base``: the forecast itself, of all futures; texts in one
        language, the known figures, the ready scenarios and the passport.

    Raises
    ------
    TooFew
        If a count of youths is so small that nothing may be shown of it.
    """
    words, most = translator(language), SAMPLES if _same_shares(inputs) else SAMPLES_BY_YEAR
    samples = min(most, inputs.samples)
    shipped = _shipped(inputs)
    fewer = subset.of(inputs, samples, plans=[one.settings for one in shipped])
    if small_cells.small(min(np.min(fewer.clients), np.min(fewer.start["clients"])), zero=True):
        raise TooFew(
            f"scenario panel of {inputs.area_code}: fewer than {small_cells.SMALLEST} youths with care"
        )
    about = {**inputs.passport, "until": inputs.years[-1], "simulated": simulated}
    budget_year = max(inputs.budgets, default=inputs.years[0])
    return {
        **inputs.passport,
        "area_code": inputs.area_code,
        "base_year": inputs.base_year,
        "years": list(inputs.years),
        "samples": samples,
        **{
            name: packing.pack(values, width=1 if name in COARSE else 2)
            for name, values in _carried(fewer).items()
        },
        "start": {name: packing.pack(fewer.start[name]) for name in STARTS},
        "levers": _once([_lever(fewer, lever, language) for lever in inputs.levers]),
        "forms": [
            {"id": form.id, "title": getattr(form.title, language)} for form in scenario.care_forms().forms
        ],
        "base": base(inputs, history),
        "rates": business_case.rates()._asdict(),
        "budgets": {str(year): amount for year, amount in inputs.budgets.items()},
        "wider": {
            str(year): largest / amount for year, (amount, largest) in held_to(inputs, history).items()
        },
        "budget_year": budget_year,
        "rise": rise(inputs, budget_year),
        "area": words.gettext(inputs.area),
        "language": language,
        "known": known(history),
        "ready": [_ready(one, inputs, language) for one in shipped],
        "timetable": timetable_table.marks(inputs.years[-1], language),
        "texts": panel_words.texts(language),
        "passport": panel_words.passport(about, data_date=data_date, samples=samples, language=language),
    }


def _same_shares(inputs: Inputs) -> bool:
    """Whether the costs divide over the forms of care in the same way each year."""
    return bool((inputs.shares == inputs.shares[:, :1]).all())


def _carried(inputs: Inputs) -> dict[str, np.ndarray]:
    """The arrays by sample, as they are packed: shares by year only where they change, weights of the first year."""
    arrays = {name: getattr(inputs, name) for name in PATHS}
    if _same_shares(inputs):
        arrays["shares"] = inputs.shares[:, 0]
    if inputs.client_weights.ndim == 3:  # of a region: they hardly move from year to year
        arrays["client_weights"] = inputs.client_weights[:, 0]
    return arrays


def held_to(inputs: Inputs, history: pd.DataFrame) -> dict[int, tuple[float, float]]:
    """Year -> its whole budget and the largest budget that can be meant, in EUR."""
    largest = history.set_index("period").get("budget_with_policy_eur", pd.Series(dtype=float)).dropna()
    return {year: (amount, float(largest.get(year, amount))) for year, amount in inputs.budgets.items()}


def base(inputs: Inputs, history: pd.DataFrame) -> list[dict[str, Any]]:
    """The forecast by year, of all futures, as it stands on the page.

    Quantiles of costs and youths, and the chance of more than the budget of the year (or the last one, raised with
    prices): against the largest budget that can be meant, and against the smallest.
    """
    known = held_to(inputs, history)
    held = budgets.of_years(inputs.years, inputs.cost_eur, inputs.price, known=known)
    return [
        {
            "cost": np.quantile(cost, QUANTILES).tolist(),
            "clients": np.quantile(clients, QUANTILES).tolist(),
            "budget": row.budget_eur if known else None,
            "above": row.probability if known else None,
            "above_low": row.probability_low if known else None,
        }
        for row, cost, clients in zip(held.itertuples(), inputs.cost_eur, inputs.clients, strict=True)
    ]


def rise(inputs: Inputs, budget_year: int) -> dict[str, float]:
    """How much prices rise from the year of a budget to each year of the forecast, in the middle."""
    return {str(year): inputs.price_rise(budget_year, year) for year in inputs.years}


def _lever(inputs: Inputs, lever: Lever, language: str) -> dict[str, Any]:
    index, last, realised = inputs.lever_index(lever.id), inputs.years[-1], lever.comes_true()
    default = lever.default.model_dump(exclude={"works_as_set"})
    arrays = {name: getattr(inputs, array)[index] for name, array in DRAWS.items()}
    reasons = [
        getattr(text, language)
        for text in (lever.law and lever.law.status, lever.waterbed and lever.waterbed.why)
        if text is not None
    ]
    return {
        **{name: getattr(lever, name) for name in LEVER_FIELDS},
        **{name: getattr(getattr(lever, name), language) for name in LEVER_TEXTS},
        **{
            name: None if (values == NEUTRAL[name]).all() else packing.pack(values)
            for name, values in arrays.items()
        },
        # Where care moves the price of the new place counts, also when it is certain.
        "ratio": None if lever.to is None else packing.pack(arrays["ratio"], width=1),
        "cost_draws": packing.pack(arrays["cost_draws"], width=1),
        "default": {**default, "start": min(default["start"], last)},
        "forms": [inputs.forms.index(form) for form in lever.forms],
        "to": None if lever.to is None else inputs.forms.index(lever.to),
        "age_parts": inputs.age_parts.get(lever.id),
        "furthest": 1.0 if realised is None else max(1.0, realised.highest),
        "scale": None if (inputs.scales[index] == 1).all() else inputs.scales[index].tolist(),
        "checked": formats.date(lever.checked.isoformat(), language),
        "payers": [payer.model_dump(include={"who", "part"}) for payer in lever.payers],
        "taken_from_fund": lever.taken_from_fund,
        "found_between": None if lever.found is None else sorted([lever.found.low, lever.found.high]),
        "promised": None if lever.promised is None else lever.promised.model_dump(),
        "known": {
            "found": None if lever.found is None else lever.found.model_dump(),
            "promised": None if lever.promised is None else lever.promised.model_dump(),
            "words": [f"{reason[0].upper()}{reason[1:]}." for reason in reasons],
        },
    }


def _once(levers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Levers of which equal draws stand with the first one; a later one names that lever instead."""
    first: dict[tuple[str, str], str] = {}
    for lever in levers:
        for name in DRAWS:
            if lever[name] is None or not lever[name]["data"]:
                continue
            own = first.setdefault((name, json.dumps(lever[name])), lever["id"])
            lever[name] = lever[name] if own == lever["id"] else own
    return levers


def _id(value: Any) -> str:
    """The lever that draws stand with, where they stand with another one."""
    return value if isinstance(value, str) else ""


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

    def drawn(name: str) -> np.ndarray:
        nothing = np.full((1, samples), NEUTRAL[name])
        of = {lever["id"]: lever for lever in packed["levers"]}
        found = (of.get(value, lever)[name] for lever in packed["levers"] for value in [_id(lever[name])])
        return np.concatenate([rows(one) if one else nothing for one in found])

    shares = rows(packed["shares"]).reshape(len(inputs.forms) - 1, -1, samples)
    return replace(
        inputs,
        start={name: rows(packed["start"][name])[0] for name in STARTS},
        **{name: rows(packed[name]) for name in PATHS if name != "shares"},
        shares=np.repeat(shares, years // shares.shape[1], axis=1),
        **{array: drawn(name) for name, array in DRAWS.items()},
    )


def known(history: pd.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    """The known costs, budgets and youths with care: a value for each year, and whether it is only a part."""
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


def _shipped(inputs: Inputs) -> list[Scenario]:
    """The scenarios that come with the suite and use a lever; one with a measure that starts after the horizon not."""
    listed = []
    for name in scenario.names():
        with contextlib.suppress(ParameterError):
            listed.append(scenario.load(name, years=inputs.years, known=inputs.levers))
    return [one for one in listed if one.settings]


def _ready(chosen: Scenario, inputs: Inputs, language: str) -> dict[str, Any]:
    """A scenario with only what differs from the default of its levers."""
    usual = {lever.id: lever.default for lever in inputs.levers}
    own = {lever: _differing(setting, usual[lever]) for lever, setting in chosen.settings.items()}
    return {"title": getattr(chosen.title, language), "works_as_set": chosen.works_as_set, "levers": own}


def _differing(setting: Setting, usual: Setting) -> dict[str, Any]:
    values = setting.model_dump(exclude={"works_as_set"})
    return {name: value for name, value in values.items() if value != getattr(usual, name)}
