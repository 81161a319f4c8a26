"""What drives the change: population, use, price and the rest, from the last accounts to a later year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analyse.present import formats, style, tables
from analyse.present.exhibit import Exhibit
from analyse.present.figures import common
from analyse.present.language import N_, Words, translator

DRIVERS = {
    "population": N_("number of youths"),
    "usage": N_("use of care"),
    "price": N_("wages and prices"),
    "rest": N_("all else"),
}
LARGEST = {
    "population": N_("the number of youths"),
    "usage": N_("how many youths use care"),
    "price": N_("wages and prices"),
    "rest": N_("other causes, such as heavier or longer care"),
}


@dataclass(frozen=True)
class _Step:
    """One bar: from where to where it runs (EUR), the ends of its interval, and what is written beside it."""

    label: str
    begin: float
    end: float
    low: float
    high: float
    text: str
    short: str
    total: bool = False


def waterfall(drivers: pd.DataFrame, *, area: str, language: str = "nl") -> Exhibit:
    """How the costs go from the start to the end year, step by step, each with its 80 % interval.

    Parameters
    ----------
    drivers : DataFrame
        Rows of one area from ``forecast.drivers``: driver, effect_eur, q0.1, q0.9, start_eur, end_eur (EUR),
        with the years as from_period and to_period. The effects and start_eur add up to end_eur.
    area : str
        Name of the area.
    """
    words = translator(language)
    area = words.gettext(area)
    rows = drivers.set_index("driver").reindex(list(DRIVERS)).reset_index()
    years = {"start": int(rows["from_period"].iloc[0]), "end": int(rows["to_period"].iloc[0])}
    steps = _steps(rows, years, words)
    largest = str(rows.loc[rows["effect_eur"].abs().idxmax(), "driver"])
    note = words.gettext(
        "Thin lines: 4 in 5 chance that the effect lies between the ends. The steps are averages, so that they "
        "add up exactly; an average can differ a little from the middle outcome in the first chart."
    )
    return Exhibit(
        kind="figure",
        title=words.gettext(
            "{area}: from {start} to {end} costs change most through {driver}",
            area=area,
            driver=words.gettext(LARGEST[largest]),
            **years,
        ),
        alt=_alternative(steps, years, words),
        source=words.gettext(common.SOURCE_COSTS),
        note=note,
        figure={"data": [_bars(steps), _texts(steps)], "layout": _layout(steps, words)},
        table=_table(rows, years, area, words),
        language=language,
    )


def _steps(rows: pd.DataFrame, years: dict[str, int], words: Words) -> list[_Step]:
    level = start = float(rows["start_eur"].iloc[0])
    end = float(rows["end_eur"].iloc[0])
    first = formats.euro(start, words.language)
    about = words.gettext("about {value}", value=formats.euro(end, words.language))
    steps = [_Step(str(years["start"]), 0.0, start, start, start, first, _millions(start, words), total=True)]
    for row in rows.to_dict("records"):
        driver, effect = row["driver"], float(row["effect_eur"])
        sign = "+" if effect > 0 else ""
        text = sign + formats.euro(effect, words.language, digits=2)
        short = sign + _millions(effect, words)
        low, high = level + row["q0.1"], level + row["q0.9"]
        label = words.gettext(DRIVERS[driver])
        steps.append(_Step(label, level, level + effect, low, high, text, short))
        level += effect
    return [*steps, _Step(str(years["end"]), 0.0, end, end, end, about, _millions(end, words), total=True)]


def _bars(steps: list[_Step]) -> dict[str, Any]:
    """Bars lie on their side: the names stay readable on a narrow screen, and amounts start from zero."""
    up = [step.end >= step.begin for step in steps]
    colors = [
        style.TOKENS["muted"] if step.total else style.TOKENS["band80"] if rise else style.TOKENS["paper"]
        for step, rise in zip(steps, up, strict=True)
    ]
    return {
        "type": "bar",
        "orientation": "h",
        "y": [step.label for step in steps],
        "base": [step.begin / common.MILLION for step in steps],
        "x": [(step.end - step.begin) / common.MILLION for step in steps],
        "width": 0.6,
        "marker": {
            "color": colors,
            "line": {"color": style.TOKENS["ink"], "width": 1},
            "pattern": {"shape": ["" if rise else "/" for rise in up], "fgcolor": style.TOKENS["brown"]},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "color": style.TOKENS["ink"],
            "thickness": 1.4,
            "width": 4,
            "array": [max(step.high - step.end, 0) / common.MILLION for step in steps],
            "arrayminus": [max(step.end - step.low, 0) / common.MILLION for step in steps],
        },
        "customdata": [f"{style.plain(step.label)}: {step.text}" for step in steps],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _texts(steps: list[_Step]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "y": [step.label for step in steps],
        "x": [max(step.begin, step.end, step.high) / common.MILLION for step in steps],
        "text": [f" {step.text}" for step in steps],
        "meta": {"narrow": [f" {step.short}" for step in steps]},
        "textposition": "middle right",
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _millions(amount: float, words: Words) -> str:
    """An amount as the axis counts it, for where there is little room."""
    text = formats.number(abs(amount) / common.MILLION, words.language, decimals=1)
    return f"\u2212{text}" if amount < 0 and text.strip("0,.") else text


def _layout(steps: list[_Step], words: Words) -> dict[str, Any]:
    widest = max(max(step.begin, step.end, step.high) for step in steps) / common.MILLION
    lowest = min(min(step.begin, step.end, step.low) for step in steps) / common.MILLION
    return style.layout(
        words.language,
        margin={"l": 16, "r": 16, "t": 16, "b": 48},
        xaxis=style.axis(
            range=[min(lowest, 0), widest * 1.32],
            title={"text": words.gettext("million euros"), "font": {"size": 12}, "standoff": 8},
        ),
        yaxis=style.axis(grid=False, type="category", automargin=True, autorange="reversed"),
    )


def _alternative(steps: list[_Step], years: dict[str, int], words: Words) -> str:
    parts = "; ".join(f"{step.label} {step.text}" for step in steps[1:-1])
    first, last = steps[0].text, steps[-1].text
    return words.gettext(
        "Step chart from {first} in {start} to {last} in {end}: {parts}.",
        parts=parts,
        first=first,
        last=last,
        **years,
    )


def _table(rows: pd.DataFrame, years: dict[str, int], area: str, words: Words) -> tables.Table:
    steps = rows.assign(step=[words.gettext(DRIVERS[driver]) for driver in rows["driver"]], status="final")
    nothing = {"q0.1": float("nan"), "q0.9": float("nan"), "status": tables.NOT_APPLICABLE}
    first = {"step": str(years["start"]), "effect_eur": rows["start_eur"].iloc[0], **nothing}
    last = {"step": str(years["end"]), "effect_eur": rows["end_eur"].iloc[0], **nothing}
    frame = pd.concat([pd.DataFrame([first]), steps[list(first)], pd.DataFrame([last])])
    frame = frame.assign(**{"q0.1_status": frame["status"], "q0.9_status": frame["status"]})
    columns = {
        "step": tables.Column(words.gettext("Step")),
        "effect_eur": tables.Column(words.gettext("Amount"), "euro"),
        "q0.1": tables.Column(words.gettext("80% interval from"), "euro"),
        "q0.9": tables.Column(words.gettext("80% interval to"), "euro"),
    }
    caption = words.gettext("{area}: what drives the change in costs, {start} to {end}", area=area, **years)
    return tables.build(frame, columns, caption, words.language)
