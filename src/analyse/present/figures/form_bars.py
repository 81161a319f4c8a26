"""What care forms cost per youth: every form of a few areas, or one form of many municipalities."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse.errors import ParameterError
from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import marks
from analyse.present.figures.over_time import SHORT
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator

FORMS = {
    "6.72": N_("tailored help, not divided"),
    "6.72a": N_("guidance"),
    "6.72b": N_("treatment"),
    "6.72c": N_("day care with treatment"),
    "6.72d": N_("other help at home"),
    "6.73a": N_("foster care"),
    "6.73b": N_("family-like care"),
    "6.73c": N_("other residential care"),
    "6.74a": N_("mental health care at home"),
    "6.74b": N_("crisis, national and mental health care with a stay"),
    "6.74c": N_("secure care"),
    "6.751": N_("help at home, bought locally"),
    "6.752": N_("help at home, bought by the region"),
    "6.753": N_("help at home, bought nationally"),
    "6.761": N_("residential care, bought locally"),
    "6.762": N_("residential care, bought by the region"),
    "6.763": N_("residential care, bought nationally"),
    "6.82": N_("protection and probation, not divided"),
    "6.82a": N_("child protection"),
    "6.82b": N_("youth probation"),
}
"""Iv3 sub-code -> what it holds, in plain words."""
REPORTS = {"accounts": N_("accounts"), "budget": N_("budget")}
SOURCE = N_("CBS and Ministry of BZK: Iv3 sub-codes; youths of 0 to 17 on 1 January")
HATCHES = ("", "/", "x")
"""Bars of neighbouring areas differ in hatching too, so that they stay distinct in grey print."""


def care_forms(costs: pd.DataFrame, *, chosen: str = "", language: str = "nl") -> Exhibit:
    """Every care form of one year and report, a bar per area.

    Parameters
    ----------
    costs : DataFrame
        ``compare.form_costs.costs_by_form`` of the areas, in the order of the legend, of one period and report.
    chosen : str
        Sub-code whose name is drawn bold.

    Raises
    ------
    ParameterError
        If there is nothing to draw.
    """
    words = translator(language)
    rows = _named(costs, words)
    rows = rows[rows.groupby("subcode")["cost_per_youth_eur"].transform("max").ge(1)]
    first = _known(rows, rows["area_code"].iloc[0] if len(rows) else "")
    top = first.loc[first["cost_per_youth_eur"].idxmax()]
    return Exhibit(
        kind="figure",
        title=words.gettext(
            "{area}, {report} of {year}: most goes to {form} ({amount} per youth)",
            form=top["form"],
            amount=formats.euro(top["cost_per_youth_eur"], language),
            **_said(top, words),
        ),
        alt=words.gettext(
            "Bar chart of costs per youth by care form. {area}: {parts}.",
            area=top["area"],
            parts="; ".join(
                f"{row.form} {formats.euro(row.cost_per_youth_eur, language)}" for row in first.itertuples()
            ),
        ),
        source=words.gettext(SOURCE),
        note=words.gettext(
            "Municipalities book the same help under different forms: a difference between areas "
            "can be a difference in books."
        ),
        drawing={
            "data": _bars(rows, ("form", "area"), words),
            "layout": _layout(rows["form"].unique(), words.gettext(FORMS.get(chosen, "")), words),
        },
        table=_table(rows, ("form", "area"), words.gettext("Care form"), words),
        language=language,
    )


def one_form(costs: pd.DataFrame, *, chosen: str = "", language: str = "nl") -> Exhibit:
    """One care form of many municipalities, in alphabetical order.

    Parameters
    ----------
    costs : DataFrame
        ``compare.form_costs.costs_by_form`` of municipalities, of one period, report and sub-code.
    chosen : str
        Code of the municipality whose name is drawn bold.

    Raises
    ------
    ParameterError
        If there is nothing to draw.
    """
    words = translator(language)
    rows = _named(costs, words).sort_values("area")
    known = rows.dropna(subset="cost_per_youth_eur").sort_values("cost_per_youth_eur")
    if known.empty:
        raise ParameterError("form: no figures of this care form; choose another form or year")
    low, high = known.iloc[0], known.iloc[-1]
    name = dict(zip(rows["area_code"], rows["area"], strict=True)).get(chosen, "")
    values = {
        "form": low["form"],
        "low": formats.euro(low["cost_per_youth_eur"], language),
        "low_area": low["area"],
        "high": formats.euro(high["cost_per_youth_eur"], language),
        "high_area": high["area"],
        **_said(low, words),
    }
    text = words.gettext(
        "{form}, {report} of {year}: from {low} per youth in {low_area} to {high} in {high_area}", **values
    )
    return Exhibit(
        kind="figure",
        title=text[:1].upper() + text[1:],
        alt=words.gettext(
            "Bar chart of municipalities in alphabetical order. The table holds the same figures."
        ),
        source=words.gettext(SOURCE),
        note=words.gettext(
            "Nothing booked under a form need not mean that nobody had such care: books differ."
        ),
        drawing={
            "data": _bars(rows, ("area", "form"), words),
            "layout": _layout(rows["area"].unique(), name, words, one_series=True),
        },
        table=_table(rows, ("area", "form"), words.gettext("Municipality"), words),
        language=language,
    )


def _named(costs: pd.DataFrame, words: Words) -> pd.DataFrame:
    form = [words.gettext(FORMS.get(code, code)) for code in costs["subcode"]]
    area = [words.gettext(SHORT.get(str(name), str(name))) for name in costs["area"]]
    return costs.assign(form=form, area=area)


def _known(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """The known figures of one area."""
    found = rows[rows["area_code"].eq(code)].dropna(subset="cost_per_youth_eur")
    if found.empty:
        raise ParameterError("form: no figures of care forms for this area in this year; choose others")
    return found


def _said(row: pd.Series, words: Words) -> dict[str, Any]:
    report = words.gettext(REPORTS[str(row["report"])])
    return {"area": row["area"], "report": report, "year": int(row["period"])}


def _bars(rows: pd.DataFrame, names: tuple[str, str], words: Words) -> list[dict[str, Any]]:
    """A trace per series, each with its own colour and hatching; hover text begins with the row."""
    row, series = names
    traces = []
    for place, (name, mine) in enumerate(rows.groupby(series, sort=False)):
        code = str(mine["area_code"].iloc[0])
        color = style.region_line(code, place).color if series == "area" else style.TOKENS["accent"]
        values = mine["cost_per_youth_eur"]
        traces.append(
            marks.bar(
                orientation="h",
                name=style.plain(name),
                y=[style.plain(one) for one in mine[row]],
                x=[float(value) if value == value else None for value in values],
                marker=marks.hatched(
                    color,
                    shape=HATCHES[place % len(HATCHES)],
                    fgcolor=color,
                    size=5,
                    bgcolor=style.TOKENS["paper"],
                ),
                hover=[
                    f"{style.plain(one)}: {formats.euro(value, words.language)} ({style.plain(name)})"
                    for one, value in zip(mine[row], values, strict=True)
                ],
            )
        )
    return traces


def _layout(rows: Any, chosen: str, words: Words, *, one_series: bool = False) -> dict[str, Any]:
    names = [style.plain(one) for one in rows]
    bold = style.plain(chosen)
    return style.layout(
        words.language,
        margin={"l": 16, "r": 24, "t": 32, "b": 56},
        barmode="group",
        xaxis=style.axis(rangemode="tozero", title={"text": words.gettext("euros per youth of 0 to 17")}),
        yaxis=style.names_axis(
            tickvals=names,
            ticktext=[f"<b>{one}</b>" if one == bold else one for one in names],
        ),
        showlegend=not one_series,
        legend=style.LEGEND_ABOVE,
        meta={"tall": True},
    )


def _table(rows: pd.DataFrame, names: tuple[str, str], heading: str, words: Words) -> tables.Table:
    row, series = names
    order, across = list(dict.fromkeys(rows[row])), list(dict.fromkeys(rows[series]))
    wide = rows.pivot(index=row, columns=series, values="cost_per_youth_eur").reindex(order)[across]
    status = rows.pivot(index=row, columns=series, values="status").reindex(order)[across]
    frame = pd.concat([wide, status.add_suffix("_status")], axis=1).reset_index()
    columns = {row: tables.Column(heading)} | {one: tables.Column(one, "euro_exact") for one in across}
    said = _said(rows.iloc[0], words)
    caption = words.gettext("Costs per youth, {report} of {year}", report=said["report"], year=said["year"])
    return tables.build(frame, columns, caption, words.language)
