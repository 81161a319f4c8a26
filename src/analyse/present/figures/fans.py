"""The fan: what was spent or used, what was budgeted, and the forecast with its 80 % and 95 % intervals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common, fan_lines
from analyse.present.figures.common import MEASURES, Measure
from analyse.present.figures.fan_lines import Fan
from analyse.present.text import facts, formats, sentences
from analyse.present.text.language import N_, Words, translator

TITLES = {
    "cost_eur": {
        "rises": N_("{area}: costs rise from {last} in {year} to about {middle} in {target}"),
        "falls": N_("{area}: costs fall from {last} in {year} to about {middle} in {target}"),
        "steady": N_("{area}: costs stay about the same, {last} in {year} and about {middle} in {target}"),
        "probably rises": N_(
            "{area}: costs probably rise from {last} in {year} to about {middle} in {target}"
        ),
        "probably falls": N_(
            "{area}: costs probably fall from {last} in {year} to about {middle} in {target}"
        ),
        "unknown": N_("{area}: costs of about {middle} are expected in {target}"),
    },
    "clients": {
        "rises": N_("{area}: youths with care rise from {last} in {year} to about {middle} in {target}"),
        "falls": N_("{area}: youths with care fall from {last} in {year} to about {middle} in {target}"),
        "steady": N_(
            "{area}: youths with care stay about the same, {last} in {year} and about {middle} in {target}"
        ),
        "probably rises": N_(
            "{area}: youths with care probably rise from {last} in {year} to about {middle} in {target}"
        ),
        "probably falls": N_(
            "{area}: youths with care probably fall from {last} in {year} to about {middle} in {target}"
        ),
        "unknown": N_("{area}: about {middle} youths with care are expected in {target}"),
    },
}
HEADINGS = {"cost_eur": N_("Spent"), "clients": N_("Counted")}
"""Column -> the heading of what is known of it."""


def fan(
    history_area: pd.DataFrame,
    summary_area: pd.DataFrame,
    *,
    measure: str = "cost_eur",
    breaks: Iterable[Any] = (),
    language: str = "nl",
) -> Exhibit:
    """Observed years, budgets (costs only) and the forecast of one area.

    Parameters
    ----------
    history_area : DataFrame
        Rows of one area from ``panel.by_area``: area_code, area, period, cost_eur (EUR), status,
        budget_eur (EUR), budget_status, clients, clients_status.
    summary_area : DataFrame
        ``forecast.summary.quantiles`` with rows of the same area: area_code, period, measure, stage, q0.025,
        q0.1, q0.5, q0.9, q0.975.
    measure : str
        ``"cost_eur"`` or ``"clients"``.
    breaks : iterable of Break
        Declared breaks; those that touch this chart are drawn and explained.
    """
    words, shown = translator(language), MEASURES[measure]
    code, area = common.one_area(history_area, words)
    forecast = facts.forecasts(summary_area, code, measure)
    rows = history_area.sort_values("period")
    observed = _observed(rows, shown)
    marked = common.touching(breaks, shown.breaks, [code], [*observed["period"], *forecast["period"]])
    budget = common.has_value(rows, "budget_eur", "budget_status") if measure == "cost_eur" else rows.iloc[:0]
    drawn = Fan(observed, forecast, budget, marked, shown, words)
    numbers = _numbers(area, drawn.last, forecast, shown, language)
    title = TITLES[measure][numbers.pop("trend")]
    note = sentences.paragraph(
        words.gettext("Inner band: 4 in 5 chance that the outcome lies in it. Outer band: 19 in 20."),
        common.status_note(observed, shown.column, shown.status, words),
        fan_lines.budget_note(budget, words),
        common.break_note(marked, words),
    )
    return Exhibit(
        kind="figure",
        title=words.gettext(title, **numbers),
        alt=_alternative(drawn),
        source=words.gettext(shown.source),
        note=note,
        drawing={"data": drawn.traces(), "layout": drawn.layout()},
        table=_table(rows, forecast, shown, area, words),
        language=language,
    )


def _observed(rows: pd.DataFrame, shown: Measure) -> pd.DataFrame:
    """The rows from the first to the last year with a value; later years are not gaps."""
    present = rows.loc[rows[shown.column].notna(), "period"]
    return rows[rows["period"].between(present.min(), present.max())] if len(present) else rows.iloc[:0]


def _numbers(
    area: str, last: pd.DataFrame, forecast: pd.DataFrame, shown: Measure, language: str
) -> dict[str, Any]:
    write = formats.euro if shown.kind == "euro" else formats.about
    start = float(last[shown.column].iloc[0]) if len(last) else float("nan")
    year = int(last["period"].iloc[0]) if len(last) else int(forecast["period"].iloc[0]) - 1
    target = forecast[forecast["period"].le(year + 3)].iloc[-1]
    complete = len(last) > 0 and last[shown.status].iloc[0] != "incomplete"
    change = [target[name] / start - 1 for name in ("q0.1", "q0.5", "q0.9")]
    trend = formats.trend(*change) if complete else "unknown"
    return {
        "area": area,
        "last": write(start, language),
        "year": year,
        "trend": trend,
        "middle": write(target["q0.5"], language, digits=2),
        "target": int(target["period"]),
    }


def _alternative(drawn: Fan) -> str:
    shown, words, budget = drawn.shown, drawn.words, drawn.budget
    write = formats.euro if shown.kind == "euro" else formats.about
    values = common.has_value(drawn.observed, shown.column, shown.status)
    said = [words.gettext("Line chart.")]
    if len(values):
        first, last = values.iloc[0], values.iloc[-1]
        said.append(
            words.gettext(
                "Known: from {first} in {start} to {last} in {end}.",
                first=write(first[shown.column], words.language),
                start=int(first["period"]),
                last=write(last[shown.column], words.language),
                end=int(last["period"]),
            )
        )
    end = drawn.forecast.iloc[-1].to_dict()
    said.append(words.gettext("Forecast for {text}.", text=drawn.year_in_words(end)))
    if len(budget):
        last = budget.iloc[-1]
        amount, year = write(last["budget_eur"], words.language), int(last["period"])
        said.append(words.gettext("Budgeted for {year}: {amount}.", year=year, amount=amount))
    return sentences.paragraph(*said, common.breaks_told(drawn.marked, words))


def _table(
    rows: pd.DataFrame, forecast: pd.DataFrame, shown: Measure, area: str, words: Words
) -> tables.Table:
    names = ["q0.5", "q0.1", "q0.9", "q0.025", "q0.975"]
    frame = rows[["period", shown.column, "budget_eur"]].copy()
    frame[f"{shown.column}_status"] = rows[shown.status]
    frame["budget_eur_status"] = rows["budget_status"]
    frame = frame.merge(forecast[["period", *names]], on="period", how="outer", validate="1:1").sort_values(
        "period"
    )
    frame = frame[
        frame[[*names, shown.column, "budget_eur"]].notna().any(axis=1) | frame["period"].isin(rows["period"])
    ]
    told = frame[[*names, shown.column, "budget_eur"]].notna().any(axis=1)
    frame = frame[(told | ~frame[f"{shown.column}_status"].isin(["missing"])).cummax()]
    exact = "euro_exact" if shown.kind == "euro" else "integer"
    columns = {
        "period": tables.Column("Year", "year"),
        shown.column: tables.Column(HEADINGS[shown.column], exact, blank=True),
        "budget_eur": tables.Column("Budgeted", exact, blank=True),
        "q0.5": tables.Column("Forecast", shown.kind, blank=True, digits=tables.EXPECTED),
        **tables.intervals(shown.kind, 80, 95, blank=True),
    }
    if shown.column != "cost_eur":
        del columns["budget_eur"]
    caption = words.gettext("{area}: {measure} by year", area=area, measure=words.gettext(shown.unit))
    return tables.build(frame, columns, caption, words.language)
