"""Explorers that compare municipalities."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from analyse import compare, shared
from analyse.compare import chance, form_costs
from analyse.compare.funnel import Funnel
from analyse.errors import ParameterError
from analyse.history import areas, panel
from analyse.parameters import Run
from analyse.present import figures
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import form_bars
from analyse.present.text.language import N_
from analyse.present.widgets import choice, past
from analyse.present.widgets.explorer import Explorer

Tables = Mapping[str, pd.DataFrame]

LAST = 0
"""Stands for the last year in which a measure is known."""
MEASURES = ("cost_per_youth_eur", "clients_per_100_youths")
"""Measures with a funnel."""


def municipalities(tables: Tables, history: pd.DataFrame, breaks: Sequence[Any], run: Run) -> Explorer:
    """A funnel of all municipalities between the lines of the whole country, and one municipality over the years.

    Pointing at a municipality in the chart or the table marks it in both, and draws its years.

    Parameters
    ----------
    tables : mapping of DataFrame
        The tables of the dataset.
    history : DataFrame
        ``panel.build`` with fixed composition.
    breaks : sequence of Break
        The declared breaks.
    run : Run
        With the composition year, and the language at first.
    """
    local, region, all_three = (panel.by_area(history, level) for level in ("municipality", "region", "all"))
    learned = shared.pool(run).history
    every = panel.by_area(learned, "municipality")
    rates = pd.concat([compare.measures(one) for one in (local, region, all_three)], ignore_index=True)
    names = dict(zip(local["area_code"], local["area"], strict=True))
    known = rates[rates["area_code"].isin(names)].dropna(subset="cost_per_youth_eur")["period"]
    years = tuple((str(year), year) for year in range(int(known.min()), int(known.max()) + 1))
    named = tuple(sorted((name, code) for code, name in names.items()))
    chosen = (
        choice.Choice("municipality", N_("Municipality"), ((N_("none"), ""), *named), ""),
        past.of_measure(MEASURES),
        choice.Choice("year", N_("Year"), ((N_("the last one known"), LAST), *years), LAST),
        choice.of_language(run.language),
    )
    noise = cache(lambda: chance.cost_noise(learned, breaks))
    usual = cache(lambda measure, year: chance.limits(every, (measure, year), noise))

    def view(*, municipality: str, measure: str, year: int, language: str) -> tuple[Exhibit, ...]:
        year = year or _last(rates, measure)
        limits, judged = _judged(local, (measure, year), usual)
        shown = figures.funnel(
            limits,
            judged,
            names,
            measure=measure,
            period=year,
            language=language,
            highlight=[municipality] if municipality else [],
        )
        if not municipality:
            return (shown,)
        codes = past.beside(tables, municipality, run.composition_year)
        own = past.breaks_of(tables, municipality, run.composition_year)
        over_years = past.of_areas(rates, codes)
        return shown, figures.over_time(
            over_years, measure=measure, chosen=municipality, breaks=own, language=language
        )

    return Explorer(view, chosen, link="municipality")


def forms(tables: Tables, history: pd.DataFrame, run: Run) -> Explorer:
    """Costs per youth by care form; one form also for each municipality of the region.

    Pointing at a form in the chart or the table chooses it.

    Parameters
    ----------
    tables, history, run
        As for ``municipalities``.
    """
    found = cache(lambda: _by_form(tables, history, run.composition_year))
    listed = sorted(int(year) for year in tables["costs_subcode"]["year"].unique())
    first = [(N_("the regions beside each other"), past.REGIONS)]
    named = tuple((text, code) for code, text in form_bars.FORMS.items())
    reports = tuple((text, name) for name, text in form_bars.REPORTS.items())
    chosen = (
        choice.of_area(tables, past.REGIONS, first=first),
        choice.Choice("form", N_("Care form"), ((N_("all care forms"), ""), *named), ""),
        choice.Choice("report", N_("Accounts or budget"), reports, reports[0][1]),
        choice.Choice("year", N_("Year"), tuple((str(year), year) for year in listed), listed[0]),
        choice.of_language(run.language),
    )

    def view(*, area: str, form: str, report: str, year: int, language: str) -> tuple[Exhibit, ...]:
        rows = _of_report(found(), report, year)
        codes = (
            list(areas.regions(tables))
            if area == past.REGIONS
            else past.beside(tables, area, run.composition_year)
        )
        every = figures.care_forms(past.of_areas(rows, codes), chosen=form, language=language)
        if not form:
            return (every,)
        region = area if areas.is_region(area) else codes[1] if area.startswith("GM") else areas.ALL
        level = "all" if region == areas.ALL else "region"
        members = compare.members(tables, level, run.composition_year)[region]
        one = rows[rows["subcode"].eq(form) & rows["area_code"].isin(members)]
        return every, figures.one_form(one, chosen=area, language=language)

    return Explorer(view, chosen, link="form")


def _by_form(tables: Tables, history: pd.DataFrame, year: int) -> pd.DataFrame:
    """Costs by care form of municipalities, regions and all together."""
    parts = [
        form_costs.costs_by_form(tables, panel.by_area(history, level), compare.members(tables, level, year))
        for level in ("municipality", "region", "all")
    ]
    return pd.concat(parts, ignore_index=True)


def _of_report(costs: pd.DataFrame, report: str, year: int) -> pd.DataFrame:
    """The accounts or budgets of a year."""
    mine = costs[costs["report"].eq(report)]
    rows = mine[mine["period"].eq(year)]
    if rows.empty:
        known = " or ".join(str(one) for one in sorted(mine["period"].unique()))
        raise ParameterError(f"year: no {report} by care form of {year}; choose {known}")
    return rows


def _last(rates: pd.DataFrame, measure: str) -> int:
    return int(rates.dropna(subset=measure)["period"].max())


def _judged(
    local: pd.DataFrame, shown: tuple[str, int], usual: Callable[[str, int], Funnel]
) -> tuple[Funnel, pd.DataFrame]:
    """The limits for a measure and year, and each municipality beside them."""
    value, size, _ = chance.sized(local, *shown)
    limits = usual(*shown)
    frame = pd.DataFrame({"area_code": value.index, "value": value.to_numpy(), "size": size.to_numpy()})
    return limits, limits.beside(frame)
