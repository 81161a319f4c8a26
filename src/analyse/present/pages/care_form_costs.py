"""Where the money goes: costs by form of care in the accounts and some years ahead, and who buys the care."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analyse import scenario
from analyse.present.exhibits import cards, style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.figures import common, marks
from analyse.present.figures.common import MILLION
from analyse.present.text import formats, sentences
from analyse.present.text.language import N_, Words, translator
from analyse.scenario import Inputs

SOURCE = N_("CBS and Ministry of BZK: Iv3 sub-codes of accounts and budgets; forecast: this analysis")
ACCOUNTS, FORM_BUDGET, BUDGET = (2023, "accounts"), (2024, "budget"), (2025, "budget")
"""The last accounts and the last budget by form of care, and the last budget, which says who buys instead."""
BUYERS = {1: N_("bought locally"), 2: N_("bought by the region"), 3: N_("bought nationally")}
PLACES = {"6.75": N_("without residence"), "6.76": N_("with residence")}


def amounts(costs: pd.DataFrame, inputs: Inputs, *, year: int, language: str = "nl") -> pd.DataFrame:
    """Costs of each form of care: in the accounts, and expected in a later year.

    Parameters
    ----------
    costs : DataFrame
        ``compare.form_costs.costs_by_form`` of the area.
    inputs : Inputs
        ``scenario.of`` the area: its futures divide over the forms as its own accounts and budgets do, with how unsure
        that is.
    year : int
        Year of the forecast.

    Returns
    -------
    DataFrame
        One row per form, the largest first: form (id), name, cost_eur (accounts) and budget_eur (empty where not all
        is known), q0.1, q0.5 and q0.9 of the year (EUR).
    """
    ahead = _ahead(inputs, year)
    booked, planned = _report(costs, *ACCOUNTS), _report(costs, *FORM_BUDGET)
    rows = [
        {
            "form": form.id,
            "name": getattr(form.title, language),
            "cost_eur": booked.reindex(form.subcodes).sum(min_count=len(form.subcodes)),
            "budget_eur": planned.reindex(form.subcodes).sum(min_count=len(form.subcodes)),
            **dict(zip(("q0.1", "q0.5", "q0.9"), ahead[:, place].tolist(), strict=True)),
        }
        for place, form in enumerate(scenario.care_forms().forms)
        if form.subcodes
    ]
    return pd.DataFrame(rows).sort_values(["cost_eur", "q0.5"], ascending=False, ignore_index=True)


def by_form(costs: pd.DataFrame, inputs: Inputs, *, year: int, language: str = "nl") -> Exhibit:
    """Bars of what each form of care cost, with what is expected of it and the interval.

    Parameters
    ----------
    costs, inputs, year
        As for ``amounts``.
    """
    words = translator(language)
    rows = amounts(costs, inputs, year=year, language=language)
    area = words.gettext(inputs.area)
    known = rows.dropna(subset="cost_eur")
    if known["cost_eur"].sum() <= 0:
        said = words.gettext(
            "The accounts of {year} do not say what each form of care cost.", year=ACCOUNTS[0]
        )
        return cards.text([said], title=words.gettext("Costs by form of care"), language=language)
    first = known.iloc[0]
    title = words.gettext(
        "{area}: most goes to {form}, {amount} in {year}",
        area=area,
        form=sentences.lowered(first["name"]),
        amount=formats.euro(first["cost_eur"], language),
        year=ACCOUNTS[0],
    )
    parts = [
        words.gettext(
            "{form} {amount}, in {year} about {middle} (80% chance between {between})",
            form=sentences.lowered(row["name"]),
            amount=formats.euro(row["cost_eur"], language),
            middle=formats.euro(row["q0.5"], language, digits=EXPECTED),
            between=formats.euro_between(row["q0.1"], row["q0.9"], language),
            year=year,
        )
        for row in rows.to_dict("records")
    ]
    shown, whole = (
        _over_years(rows, inputs, years, words) for years in (_chosen(inputs, year), inputs.years)
    )
    return Exhibit(
        kind="figure",
        title=title,
        alt=words.gettext("Bar chart. {parts}.", parts="; ".join(parts)),
        source=words.gettext(SOURCE),
        note=_note(costs, year, words),
        drawing={"data": _traces(rows, year, words), "layout": _layout(rows, words)},
        table=shown,
        whole=whole,
        language=language,
    )


def _chosen(inputs: Inputs, year: int) -> list[int]:
    """The years of the forecast that a page shows: the first, the one of the chart, and the last."""
    return sorted({inputs.years[0], year, inputs.years[-1]})


def _over_years(rows: pd.DataFrame, inputs: Inputs, years: Sequence[int], words: Words) -> tables.Table:
    """Accounts, budget, and what is expected with its interval: a row for each form, columns for each year."""
    places = [inputs.forms.index(form) for form in rows["form"]]
    columns = {
        "name": Column("Form of care"),
        "cost_eur": Column("Accounts {year}", "euro", blank=True).of(year=ACCOUNTS[0]),
        "budget_eur": Column("Budget {year}", "euro", blank=True).of(year=FORM_BUDGET[0]),
    }
    for year in years:
        low, middle, high = _ahead(inputs, year)[:, places]
        ahead = {"q0.1": low, "q0.5": middle, "q0.9": high}
        for quantile, column in tables.expected_in(year, "euro").items():
            rows = rows.assign(**{f"{quantile} {year}": ahead[quantile]})
            columns[f"{quantile} {year}"] = column
    area = words.gettext(inputs.area)
    caption = words.gettext("{area}: costs by form of care, accounts, budget and expected", area=area)
    return tables.build(rows, columns, caption, words.language)


def _ahead(inputs: Inputs, year: int) -> np.ndarray:
    """The 10 %, 50 % and 90 % of the costs of each form in a year, (3, form), EUR."""
    at = inputs.year_index(year)
    return np.quantile(inputs.cost_eur[at] * inputs.shares[:, at], (0.1, 0.5, 0.9), axis=1)


def _report(costs: pd.DataFrame, year: int, report: str) -> pd.Series:
    """Costs of the sub-codes in one report, EUR."""
    return costs[costs["period"].eq(year) & costs["report"].eq(report)].set_index("subcode")["cost_eur"]


def bought(costs: pd.DataFrame, *, area: str, language: str = "nl") -> Exhibit:
    """What the municipality, the region and the country buy, in the last budget.

    Parameters
    ----------
    costs : DataFrame
        ``compare.form_costs.costs_by_form`` of the area.
    area : str
        Name of the area.
    """
    words = translator(language)
    wide = _by_buyer(costs)
    total = wide.sum(axis=1)
    if total.sum() <= 0:
        said = words.gettext("The budget of {year} does not say who buys the care.", year=BUDGET[0])
        return cards.text([said], title=words.gettext("Who buys the care"), language=language)
    table = wide.assign(
        name=[words.gettext(text) for text in BUYERS.values()],
        total=total,
        share=100 * total / total.sum(),
    )
    largest = total.idxmax()
    title = words.gettext(
        "{area}, budget of {year}: {share} of the care is {how}",
        area=words.gettext(area),
        year=BUDGET[0],
        share=formats.percent(table.loc[largest, "share"], language, decimals=0),
        how=words.gettext(BUYERS[largest]),
    )
    columns = {
        "name": Column("Who buys"),
        **{code: Column(text, "euro") for code, text in PLACES.items()},
        "total": Column("Together", "euro"),
        "share": Column("Share", "percent"),
    }
    note = words.gettext("Excluding personal budgets, child protection and access to care.")
    return Exhibit.of_table(table, columns, title, language, note=note, source=words.gettext(SOURCE))


def share_of_region(costs: pd.DataFrame) -> float:
    """What the region buys, in per cent of what is bought; NaN where the budget does not say.

    Examples
    --------
    >>> rows = pd.DataFrame({"period": 2025, "report": "budget", "subcode": ["6.751", "6.752", "6.762"],
    ...                      "cost_eur": [1e6, 2e6, 1e6]})
    >>> share_of_region(rows)
    75.0
    """
    total = _by_buyer(costs).sum(axis=1)
    return float(100 * total[2] / total.sum()) if total.sum() > 0 else float("nan")


def _by_buyer(costs: pd.DataFrame) -> pd.DataFrame:
    """The last budget by buyer (row) and with or without residence (column), in EUR."""
    rows = costs[costs["period"].eq(BUDGET[0]) & costs["report"].eq(BUDGET[1])]
    rows = rows[rows["subcode"].str[:4].isin(list(PLACES))].dropna(subset="cost_eur")
    placed = rows.assign(buyer=rows["subcode"].str[4:].astype(int), place=rows["subcode"].str[:4])
    wide = placed.pivot_table(index="buyer", columns="place", values="cost_eur", aggfunc="sum")
    return wide.reindex(index=list(BUYERS), columns=list(PLACES)).fillna(0.0)


def _note(costs: pd.DataFrame, year: int, words: Words) -> str:
    whole = costs[costs["period"].eq(ACCOUNTS[0]) & costs["report"].eq(ACCOUNTS[1])]
    loose = whole.loc[whole["subcode"].isin(["6.72", "6.82"]), "cost_eur"].sum()
    said = words.gettext(
        "Line: 4 in 5 chance that the costs of {year} lie in it; the mark is the middle. It includes how "
        "uncertain the division over forms is. Municipalities book the same help under different forms, "
        "and a budget sometimes puts nearly all of it under one.",
        year=year,
    )
    if loose > 0:
        amount = formats.euro(loose, words.language)
        said += " " + words.gettext(
            "{amount} was booked without a form and is not in the bars.", amount=amount
        )
    return said


def _traces(rows: pd.DataFrame, year: int, words: Words) -> list[dict[str, Any]]:
    names = [style.broken(name, 30) for name in rows["name"]]
    bars = marks.bar(
        orientation="h",
        name=words.gettext("Accounts {year}", year=ACCOUNTS[0]),
        y=names,
        x=[float(value) / MILLION if value == value else None for value in rows["cost_eur"]],
        width=0.6,
        marker={"color": style.TOKENS["band80"], "line": {"color": style.TOKENS["accent"], "width": 1}},
        hover=[
            f"{name}: {formats.euro(value, words.language)}"
            for name, value in zip(rows["name"], rows["cost_eur"], strict=True)
        ],
    )
    said = words.gettext("expected in {year}", year=year)
    line = marks.scatter(
        "lines",
        hoverinfo="skip",
        showlegend=False,
        x=[
            one
            for low, high in zip(rows["q0.1"], rows["q0.9"], strict=True)
            for one in (float(low) / MILLION, float(high) / MILLION, None)
        ],
        y=[one for name in names for one in (name, name, None)],
        line={"color": style.TOKENS["ink"], "width": 2},
    )
    middle = marks.scatter(
        "markers",
        name=said,
        x=[float(value) / MILLION for value in rows["q0.5"]],
        y=names,
        marker={"symbol": "diamond", "size": 9, "color": style.TOKENS["ink"]},
        hover=[
            f"{name}, {year}: {formats.euro(value, words.language, digits=EXPECTED)}"
            for name, value in zip(rows["name"], rows["q0.5"], strict=True)
        ],
    )
    return [bars, line, middle]


def _layout(rows: pd.DataFrame, words: Words) -> dict[str, Any]:
    return style.layout(
        words.language,
        margin={"l": 16, "r": 24, "t": 32, "b": 56},
        xaxis=style.axis(rangemode="tozero", title={"text": words.gettext(common.MILLIONS)}),
        yaxis=style.axis(grid=False, type="category", automargin=True, autorange="reversed", dtick=1),
        showlegend=True,
        legend=style.LEGEND_ABOVE,
        meta={"tall": True},
    )
