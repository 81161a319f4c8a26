"""What ``analyse scenario`` prints: small tables in millions of euros, each with its 80 % interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analyse.scenario import business_case, uncertainty, waterfall
from analyse.scenario.capacity import Supply
from analyse.scenario.comparison import Result
from analyse.scenario.definitions import OWN, Setting
from analyse.scenario.model import Inputs
from analyse.scenario.seek import Answer
from analyse.scenario.timetable import Planned

MILLION = 1e6


def head(result: Result) -> str:
    """The passport: area, scenario, data, and the levers that differ from the base with their evidence."""
    inputs, chosen = result.inputs, result.scenario
    known = {lever.id: lever for lever in inputs.levers}
    passport = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in inputs.passport.items())
    lines = [f"{inputs.area}: {chosen.title.en}", f"Passport: {passport}"]
    if chosen.works_as_set:
        lines.append("Every measure is taken to work as set: your own assumption, not evidence.")
    for name, setting in chosen.settings.items():
        costs = [
            f"{label} {amount:g} EUR per youth"
            for label, amount in (
                ("once", setting.one_off_eur_per_youth),
                ("yearly", setting.running_eur_per_youth),
            )
            if amount
        ]
        ratio = [] if setting.cost_ratio is None else [f"cost ratio {setting.cost_ratio:g}"]
        details = ", ".join(
            [
                f"{setting.size:g} {known[name].unit}",
                f"from {setting.start}",
                f"in {setting.ramp_months} months",
                *ratio,
                *costs,
            ]
        )
        rests_on = known[name].rests_on(setting) if setting.size else known[name].evidence
        evidence = "your own assumption, not evidence" if rests_on == OWN else f"evidence {rests_on}"
        lines.append(f"  {name}: {details}; {evidence}")
    return "\n".join(lines)


def years(compared: pd.DataFrame) -> str:
    """Costs and difference with the base by year, in millions of euros with an 80 % interval."""
    rows = []
    for period, group in compared.groupby("period"):
        measures = group.set_index("measure")
        exceeds = measures.loc["cost_eur", "exceeds"]
        rows.append(
            [
                str(period),
                *_amount(measures.loc["cost_eur"]),
                *_amount(measures.loc["difference_eur"]),
                "" if pd.isna(exceeds) else f"{exceeds:.0%}",
            ]
        )
    title = ["year", "costs", "80 % interval", "difference", "80 % interval", "above budget"]
    return "\n".join(["", "Millions of euros.", *_columns([title, *rows])])


def cases(inputs: Inputs, settings: Mapping[str, Setting]) -> str:
    """The business case of each lever and of the whole."""
    rates = business_case.rates()
    table = business_case.table(inputs, settings, rates=rates)
    rows = [
        [
            row.lever,
            f"{row.investment_eur / MILLION:z.2f}",
            f"{row.running_eur / MILLION:z.2f}",
            f"{row.saving_eur / MILLION:z.2f}",
            *_amount(amounts),
            f"{row.social_value_eur / MILLION:z.2f}",
            *_payback(row),
        ]
        for row, (_, amounts) in zip(
            table.itertuples(), table.rename(columns={"present_value_eur": "mean"}).iterrows(), strict=True
        )
    ]
    title = [
        "lever",
        "once",
        "running",
        f"saved in {inputs.years[-1]}",
        "present value",
        "80 % interval",
        "for society",
        "pays back in",
        "probability",
    ]
    note = (
        f"Business case of the municipality to {inputs.years[-1]}, at {100 * rates.interest:g} % above inflation; "
        f"for society as a whole {100 * rates.social:g} %. Savings after that do not count."
    )
    return "\n".join(["", note, *_columns([title, *rows])])


def steps(inputs: Inputs, settings: Mapping[str, Setting]) -> str:
    """From the base year to the last one: what drives the costs and what each lever does."""
    year = inputs.years[-1]
    table = waterfall.table(inputs, settings, year=year)
    first, last = table["start_eur"].iloc[0] / MILLION, table["end_eur"].iloc[0] / MILLION
    rows = [
        [row["step"], *_amount(row)] for _, row in table.rename(columns={"effect_eur": "mean"}).iterrows()
    ]
    title = [f"from {first:.2f} in {inputs.base_year} to {last:.2f} in {year}", "effect", "80 % interval"]
    return "\n".join(["", "Millions of euros.", *_columns([title, *rows])])


def unsure(inputs: Inputs, settings: Mapping[str, Setting]) -> str:
    """How much of the interval of the last year comes from the forecast, and how much from the effects."""
    year = inputs.years[-1]
    table = uncertainty.separate(inputs, settings).query("period == @year").set_index("source")
    said = {
        source: " to ".join(f"{row[name] / MILLION:z.2f}" for name in ("q0.1", "q0.9"))
        for source, row in table.iterrows()
    }
    return (
        f"\nDifference in {year}, 80 % interval: {said['both']}; with only the forecast uncertain {said['forecast']}, "
        f"with only the effects uncertain {said['effects']}."
    )


def side_by_side(compared: pd.DataFrame, year: int) -> str:
    """Costs and difference with the base of each scenario in one year."""
    rows = []
    for name, group in compared.loc[compared["period"] == year].groupby("scenario", sort=False):
        measures = group.set_index("measure")
        rows.append([str(name), *_amount(measures.loc["cost_eur"]), *_amount(measures.loc["difference_eur"])])
    title = ["scenario", "costs", "80 % interval", "difference", "80 % interval"]
    return "\n".join(["Millions of euros.", *_columns([title, *rows])])


def answer(inputs: Inputs, answer: Answer) -> str:
    """What size of the lever meets the budget, in a sentence or two."""
    lever = next(known for known in inputs.levers if known.id == answer.lever)
    budget = f"{answer.budget_eur / MILLION:z.2f} million euros in {answer.year}"
    start = f"Without it {answer.without:.0%} of the futures stay within {budget}."
    if answer.size is None:
        return (
            f"{inputs.area}: no size of {answer.lever} between {lever.minimum:g} and {lever.maximum:g} {lever.unit} "
            f"meets the budget with a probability of {answer.wanted:.0%}. {start} "
            f"At best, with {answer.best_size:g}, {answer.reached:.0%} do. What limits it: {answer.limit}. "
            f"It acts on {answer.reach:.0%} of the costs and at best changes them by "
            f"{answer.at_best_eur / MILLION:z.2f} million; {answer.needed_eur / MILLION:z.2f} million must go."
        )
    return (
        f"{inputs.area}: {answer.lever} of {answer.size:.1f} {lever.unit} meets the budget with a probability of "
        f"{answer.wanted:.0%}. {start}"
    )


def combined(table: pd.DataFrame) -> str:
    """What measures do together, the best evidence first: a table of chances to stay within the budget."""
    rows = [
        [
            row.lever or "nothing",
            row.evidence,
            "" if pd.isna(row.size) else f"{row.size:g}",
            f"{row.within:.0%}",
        ]
        for row in table.itertuples()
    ]
    return "\n".join(
        ["", "One after another:", *_columns([["measure", "evidence", "size", "within budget"], *rows])]
    )


def expected(table: pd.DataFrame) -> str:
    """What pooled experts expect of each measure, with the spread of their middles."""
    rows = [
        [
            row.lever,
            f"{row.low:z.1f}",
            f"{row.middle:z.1f}",
            f"{row.high:z.1f}",
            f"{row.lowest_middle:z.1f} to {row.highest_middle:z.1f}",
            str(row.experts),
        ]
        for row in table.itertuples()
    ]
    title = ["measure", "1 in 10 below", "middle", "1 in 10 above", "middles of experts", "experts"]
    return "\n".join(_columns([title, *rows]))


def places(listed: Sequence[Supply]) -> str:
    """Places above the region: the newest count, the path and who knows what is not known."""
    lines = []
    for one in listed:
        last = one.counted[-1] if one.counted else None
        known = {} if last is None else {"places": last.places, "used": last.used, "waiting": last.waiting}
        said = ", ".join(
            f"{name} {'not known' if value is None else f'{value:g}'}" for name, value in known.items()
        )
        path = (
            "; ".join(f"{aim.places:g} in {aim.year} ({aim.source})" for aim in one.aims) or "no path found"
        )
        lines += [
            f"{one.title.en} ({one.unit.en}): {f'{last.day}: {said}' if last else 'not known'}; path: {path}",
            f"    Not known: {one.missing.en}. Source: {last.source if last else 'none found'}.",
        ]
    return "\n".join(lines)


def shifted(table: pd.DataFrame) -> str:
    """What moves from the region to local teams, by year: the middle of the futures."""
    wide = table.pivot(index="period", columns="measure", values="q0.5")
    euros = ("moved_eur", "local_eur", "double_eur", "regional_eur", "net_eur")
    rows = [
        [
            str(year),
            f"{row['youths']:.0f}",
            f"{row['fte']:.0f}",
            *(f"{row[name] / MILLION:z.2f}" for name in euros),
        ]
        for year, row in wide.iterrows()
    ]
    title = [
        "year",
        "youths",
        "workers",
        "at regional price",
        "local cost",
        "paid twice",
        "less for region",
        "net",
    ]
    return "\n".join(["Millions of euros, middle of the futures.", *_columns([title, *rows])])


def planned(listed: Sequence[Planned]) -> str:
    """What the state does, by day, with what is expected of it below."""
    lines = []
    for one in listed:
        amount = "" if one.million_eur is None else f", {one.million_eur:g} million euros a year"
        when = "no day known" if one.day is None else f"{one.day if one.precision == 'day' else one.day.year}"
        lines += [
            f"{when}  {one.title.en}: {one.status}{amount}",
            f"    {one.law.en}. {one.expects.en}",
            f"    Levers: {', '.join(one.levers) or 'none'}. Source: {one.source}; looked at on {one.checked}.",
        ]
    return "\n".join(lines)


def _payback(row: Any) -> list[str]:
    if not row.cost_given:
        return ["no cost given", ""]
    year = "not within the horizon" if pd.isna(row.payback_year) else str(row.payback_year)
    return [year, "" if pd.isna(row.pays_back) else f"{row.pays_back:.0%}"]


def _amount(row: pd.Series) -> list[str]:
    return [f"{row['mean'] / MILLION:z.2f}", f"{row['q0.1'] / MILLION:z.2f} to {row['q0.9'] / MILLION:z.2f}"]


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
