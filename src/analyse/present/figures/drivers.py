"""What drives the change: population, use, price and the rest, from the last accounts to a later year."""

from __future__ import annotations

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


def waterfall(drivers: pd.DataFrame, *, area: str, language: str = "nl") -> Exhibit:
    """How the costs go from the start to the end year, step by step, each with its 80 % interval.

    Parameters
    ----------
    drivers : DataFrame
        Rows of one area from ``forecast.drivers``: from_period, to_period, driver, effect_eur,
        q0.1, q0.9, start_eur, end_eur (EUR). The effects and start_eur add up to end_eur.
    area : str
        Name of the area.
    """
    words = translator(language)
    area = words.gettext(area)
    rows = drivers.set_index("driver").reindex(list(DRIVERS)).reset_index()
    first = rows.iloc[0]
    start, end = float(first["start_eur"]), float(first["end_eur"])
    years = {"start": int(first["from_period"]), "end": int(first["to_period"])}
    largest = str(rows.loc[rows["effect_eur"].abs().idxmax(), "driver"])
    return Exhibit(
        kind="figure",
        title=words.gettext("{area}: from {start} to {end} costs change most through {driver}", area=area,
                            driver=words.gettext(LARGEST[largest]), **years),
        alt=_alternative(rows, start, end, years, words),
        source=words.gettext(common.SOURCE_COSTS),
        note=words.gettext("Thin lines: 4 in 5 chance that the effect lies between the ends. "
                           "Averages of the forecast, so that the steps add up exactly."),
        figure={"data": _bars(rows, start, end, years, words), "layout": _layout(words)},
        table=_table(rows, start, end, years, area, words),
        language=language,
    )  # fmt: skip


def _bars(rows: pd.DataFrame, start: float, end: float, years: dict[str, int], words: Words) -> list[dict[str, Any]]:
    labels = [str(years["start"]), *(words.gettext(DRIVERS[driver]) for driver in rows["driver"]), str(years["end"])]
    effects = rows["effect_eur"].tolist()
    begins = [start + sum(effects[:place]) for place in range(len(effects))]
    up = [effect >= 0 for effect in effects]
    colors = [style.TOKENS["ink"], *(style.TOKENS["accent"] if rise else style.TOKENS["brown"] for rise in up),
              style.TOKENS["ink"]]  # fmt: skip
    amounts = [formats.euro(start, words.language), *(_signed(effect, words) for effect in effects),
               words.gettext("about {value}", value=formats.euro(end, words.language, digits=2))]  # fmt: skip
    tops = [start, *(max(begin, begin + effect) for begin, effect in zip(begins, effects, strict=True)), end]
    highs = [0.0, *((rows["q0.9"] - rows["effect_eur"]).clip(lower=0)), 0.0]
    lows = [0.0, *((rows["effect_eur"] - rows["q0.1"]).clip(lower=0)), 0.0]
    bars = {
        "type": "bar", "x": labels, "base": [0.0, *(begin / common.MILLION for begin in begins), 0.0],
        "y": [amount / common.MILLION for amount in [start, *effects, end]],
        "marker": {"color": colors, "line": {"color": style.TOKENS["ink"], "width": 1},
                   "pattern": {"shape": ["", *("" if rise else "/" for rise in up), ""], "fgcolor": style.TOKENS["paper"]}},
        "customdata": [f"{style.plain(label)}: {amount}" for label, amount in zip(labels, amounts, strict=True)],
        "hovertemplate": "%{customdata}<extra></extra>", "width": 0.62,
        "error_y": {"type": "data", "symmetric": False, "color": style.TOKENS["muted"], "thickness": 1.2, "width": 4,
                    "array": [value / common.MILLION for value in highs],
                    "arrayminus": [value / common.MILLION for value in lows]},
    }  # fmt: skip
    above = [top + high if effect >= 0 else top + max(high + effect, 0) for top, high, effect in
             zip(tops, highs, [start, *effects, end], strict=True)]  # fmt: skip
    texts = {"type": "scatter", "mode": "text", "x": labels, "y": [value / common.MILLION for value in above],
             "text": amounts, "textposition": "top center", "hoverinfo": "skip", "cliponaxis": False}  # fmt: skip
    return [bars, texts]


def _signed(effect: float, words: Words) -> str:
    text = formats.euro(effect, words.language, digits=2)
    return f"+{text}" if effect > 0 else text


def _layout(words: Words) -> dict[str, Any]:
    return style.layout(
        words.language,
        margin={"l": 48, "r": 16, "t": 48, "b": 40},
        xaxis=style.axis(grid=False, type="category", automargin=True),
        yaxis=style.axis(rangemode="tozero"),
        annotations=[style.note_on_axis(words.gettext("million euros"))],
    )


def _alternative(rows: pd.DataFrame, start: float, end: float, years: dict[str, int], words: Words) -> str:
    parts = "; ".join(f"{words.gettext(DRIVERS[row.driver])} {_signed(row.effect_eur, words)}" for row in rows.itertuples())
    return words.gettext(
        "Step chart from {first} in {start} to about {last} in {end}: {parts}.", parts=parts, **years,
        first=formats.euro(start, words.language), last=formats.euro(end, words.language, digits=2))  # fmt: skip


def _table(rows: pd.DataFrame, start: float, end: float, years: dict[str, int], area: str, words: Words) -> tables.Table:
    steps = rows.assign(step=[words.gettext(DRIVERS[driver]) for driver in rows["driver"]])
    none = {"q0.1": float("nan"), "q0.9": float("nan"), "q_status": tables.NOT_APPLICABLE}
    ends = [{"step": str(years["start"]), "effect_eur": start, **none}, {"step": str(years["end"]), "effect_eur": end, **none}]
    frame = pd.concat([pd.DataFrame(ends[:1]), steps[["step", "effect_eur", "q0.1", "q0.9"]], pd.DataFrame(ends[1:])])
    frame = frame.assign(**{"q0.1_status": frame["q_status"], "q0.9_status": frame["q_status"]})
    columns = {
        "step": tables.Column(words.gettext("Step")),
        "effect_eur": tables.Column(words.gettext("Amount"), "euro"),
        "q0.1": tables.Column(words.gettext("80% interval from"), "euro"),
        "q0.9": tables.Column(words.gettext("80% interval to"), "euro"),
    }
    caption = words.gettext("{area}: what drives the change in costs, {start} to {end}", area=area, **years)
    return tables.build(frame, columns, caption, words.language)
