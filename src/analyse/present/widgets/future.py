"""Explorers of the forecast, and of how good past forecasts were."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pandas as pd

from analyse import forecast
from analyse.forecast import backtest
from analyse.history import areas, panel
from analyse.parameters import Run
from analyse.present import figures
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.text.language import N_
from analyse.present.widgets import choice
from analyse.present.widgets.explorer import Explorer
from analyse.present.widgets.past import breaks_of

Tables = Mapping[str, pd.DataFrame]

EVERYONE = "municipalities"


def expected(tables: Tables, history: pd.DataFrame, paths: pd.DataFrame, run: Run) -> Explorer:
    """Observed years, budgets and forecast of any area; a row of another table can choose the area.

    Parameters
    ----------
    tables : mapping of DataFrame
        The tables of the dataset.
    history : DataFrame
        ``panel.build``, with the composition of the paths.
    paths : DataFrame
        ``forecast.simulate``.
    run : Run
        With the language at first.
    """
    last = int(paths["period"].max())
    first = int(paths.loc[paths["stage"].eq("forecast"), "period"].max()) - run.horizon + 1
    years = tuple((str(year), year) for year in range(first, last + 1))
    measures = ((N_("costs"), "cost_eur"), (N_("youths with care"), "clients"))
    chosen = (
        choice.of_area(tables, areas.ALL),
        choice.Choice("measure", N_("Measure"), measures, "cost_eur"),
        choice.Choice("to_year", N_("To year"), years, last),
        choice.of_language(run.language),
    )

    @cache
    def level(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        return panel.by_area(history, name), forecast.by_area(paths, name)

    def view(*, area: str, measure: str, to_year: int, language: str) -> Exhibit:
        past, future = (one[one["area_code"].eq(area)] for one in level(_level(area)))
        summary = forecast.quantiles(future).query("period <= @to_year")
        breaks = breaks_of(tables, area, run.composition_year)
        return figures.fan(past, summary, measure=measure, breaks=breaks, language=language)

    return Explorer(view, chosen, link="area")


def tested(tables: Tables, table: pd.DataFrame, run: Run) -> Explorer:
    """The error of the forecast in past years, of all municipalities or of one area with its outcomes.

    Parameters
    ----------
    tables : mapping of DataFrame
        The tables of the dataset.
    table : DataFrame
        ``backtest.run``.
    run : Run
        With the language at first.
    """
    ahead = tuple((str(one), int(one)) for one in sorted(table["horizon"].unique()))
    kept = ((N_("all"), "all"), (N_("without the break of 2023"), "without-break"))
    chosen = (
        choice.of_area(tables, EVERYONE, first=[(N_("all municipalities"), EVERYONE)]),
        choice.Choice("horizon", N_("Years ahead"), ahead, ahead[0][1]),
        choice.Choice("comparisons", N_("Comparisons"), kept, "all"),
        choice.of_language(run.language),
    )

    def view(*, area: str, horizon: int, comparisons: str, language: str) -> Exhibit | tuple[Exhibit, ...]:
        rows = table if comparisons == "all" else table[~table["break_between"]]
        mine = rows["level"].eq("municipality") if area == EVERYONE else rows["area_code"].eq(area)
        score = figures.backtest(backtest.score(rows[mine], ["method", "horizon"]), language=language)
        if area == EVERYONE:
            return score
        ahead_rows = rows[mine & rows["horizon"].eq(horizon)]
        name = areas.name(tables, area)
        return figures.outcomes(ahead_rows, area=name, horizon=horizon, language=language), score

    return Explorer(view, chosen, idle=lambda made: {"horizon"} if made["area"] == EVERYONE else set())


def _level(area: str) -> str:
    return "all" if area == areas.ALL else "region" if areas.is_region(area) else "municipality"
