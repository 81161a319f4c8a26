"""Tables to read and copy: history, rates, forecasts, scores and checks, each as an exhibit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analyse.compare import choices, flags
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column, intervals
from analyse.present.figures.backtests import METHODS
from analyse.present.figures.maps import outline_map
from analyse.present.figures.overspending import overspending
from analyse.present.figures.usage_bars import CATEGORIES
from analyse.present.text.language import N_, translator

SIZES = {
    "small": N_("small: below 6,000 youths"),
    "middle": N_("middle: below 15,000 youths"),
    "large": N_("large: 15,000 youths or more"),
}
LEVELS = {"municipality": N_("municipality"), "region": N_("region"), "all": N_("all regions together")}
AREA_AND_YEAR = {"area": Column("Area", terms={}), "period": Column("Year", "year")}
HISTORY_COLUMNS = {
    **AREA_AND_YEAR,
    "youths": Column("Youths (0 to 17)", "about"),
    "clients": Column("Youths with care", "integer"),
    "cost_eur": Column("Spent", "euro"),
    "budget_eur": Column("Budgeted", "euro"),
}
FEW = 4
"""This many areas fit beside each other in a chart of small charts."""
RATES_COLUMNS = {
    **AREA_AND_YEAR,
    "cost_per_youth_eur": Column("Costs per youth", "euro"),
    "growth": Column("Growth of costs", "percent1"),
    "over": Column("Accounts above budget", "percent1"),
}
FORECAST_COLUMNS = {
    **AREA_AND_YEAR,
    "q0.5": Column("Expected", "euro", digits=EXPECTED),
    **intervals("euro", 80, 95),
}
NEED_COLUMNS = {
    "area": Column("Municipality"),
    "effect_percent": Column("Moving towards similar need", "percent1"),
    **intervals("percent1", 80),
}
INSIDE = {
    "coverage_80": Column("Inside 80%", "probability", blank=True),
    "coverage_95": Column("Inside 95%", "probability", blank=True),
}
SCORES_COLUMNS = {
    "level": Column("Level", terms=LEVELS),
    "method": Column("Method", terms=METHODS),
    "horizon": Column("Years ahead", "integer"),
    "n": Column("Comparisons", "integer"),
    "median_absolute_percentage_error": Column("Median error", "percent1"),
    "bias_percent": Column("Too high (+) or too low (−)", "percent1"),
    **INSIDE,
}
GROUPS = {"size": Column("Size", terms=SIZES), "method": Column("Method", terms=METHODS)}
COMPARISON_COLUMNS = {
    "horizon": Column("Years ahead", "integer"),
    "n": Column("Comparisons", "integer"),
    "median_absolute_percentage_error": Column("Median error", "percent1"),
    "smape_percent": Column("sMAPE", "percent1"),
    "mase": Column("MASE", "percent"),
    "scaled_crps": Column("CRPS", "percent"),
    "msis_95": Column("MSIS 95%", "decimal", blank=True),
    **INSIDE,
}
AGE_BAND_COLUMNS = {
    "band": Column("Age", terms=CATEGORIES),
    "pooled_percent": Column("All municipalities together", "percent1"),
    "model_percent": Column("GLM", "percent1"),
    "low": Column("95% interval from", "percent1"),
    "high": Column("95% interval to", "percent1"),
    "dispersion": Column("Dispersion", "decimal"),
}
POPULATION_CHECK_COLUMNS = {
    "period": Column("Year", "year"),
    "n": Column("Municipalities", "integer"),
    "median": Column("Median error", "percent1"),
    "p90": Column("9 in 10 below", "percent1"),
    "largest": Column("Largest error", "percent1"),
}


def history(areas: pd.DataFrame, *, caption: str, language: str = "nl") -> Exhibit:
    """Youths, clients, accounts and budget by area and year.

    Parameters
    ----------
    areas : DataFrame
        From ``panel.by_area``.
    caption : str
        What the table holds, in the language of the report.
    """
    rows = areas.assign(cost_eur_status=areas["status"], budget_eur_status=areas["budget_status"])
    return Exhibit.of_table(rows, HISTORY_COLUMNS, caption, language)


def rates(measures: pd.DataFrame, *, caption: str, language: str = "nl") -> Exhibit:
    """Costs per youth, growth and overspending by area and year, from ``compare.measures``.

    Parameters
    ----------
    measures : DataFrame
        ``compare.measures`` of several areas, with their names in ``area``.
    caption : str
        Caption of the table, in ``language``.
    language : {"nl", "en"}
        Language of the page.
    """
    rows = measures.assign(
        over=100 * measures["overspend_fraction"], growth=100 * measures["cost_growth_fraction"]
    )
    return Exhibit.of_table(rows, RATES_COLUMNS, caption, language)


def on_map(
    fair: pd.DataFrame, local: pd.DataFrame, outlines: pd.DataFrame, *, period: int, language: str = "nl"
) -> Exhibit:
    """Costs per youth of the municipalities of an area on the map, with the table of ``rates`` behind it.

    Parameters
    ----------
    fair : DataFrame
        Rows of these municipalities of ``compare.overview.figures``.
    local : DataFrame
        ``compare.measures`` of the same, with their names in ``area``.
    outlines : DataFrame
        The table of that name, of the whole country.
    period : int
        The year to show.
    """
    rows = local[local["period"].eq(period)].sort_values("area")
    names = dict(zip(rows["area_code"], rows["area"], strict=True))
    declared = choices.flags()
    shown = outline_map(
        flags.flagged(fair, declared, {code: [code] for code in names}),
        outlines,
        names,
        **{"measure": "cost_per_youth_eur", "period": period, "flags": declared, "language": language},
    )
    return replace(shown, table=rates(rows, caption=shown.table.caption, language=language).table)


def rates_by_year(measures: pd.DataFrame, *, caption: str, language: str = "nl") -> Exhibit:
    """The same over the years: of a few areas a chart of overspending with that table behind it, else the table.

    Parameters
    ----------
    measures, caption, language
        As for ``rates``.
    """
    listed = rates(measures, caption=caption, language=language)
    if measures["area_code"].nunique() > FEW:
        return listed
    return overspending(measures, listed.table, language=language)


def forecast(
    summary: pd.DataFrame, names: Mapping[str, str], *, caption: str, language: str = "nl"
) -> Exhibit:
    """Expected costs by area and year with both intervals, from ``forecast.quantiles``: regions first, by name.

    Parameters
    ----------
    summary : DataFrame
        Rows with measure ``cost_eur``; other rows are left out.
    names : mapping of str to str
        Name of each area code.
    caption : str
        Caption of the table, in ``language``.
    """
    rows = summary[summary["measure"].eq("cost_eur")]
    rows = rows.assign(area=rows["area_code"].astype("str").map(names))
    own = rows["area_code"].astype("str").str.startswith("GM")
    rows = rows.assign(own=own).sort_values(["own", "area", "period"])
    return Exhibit.of_table(rows, FORECAST_COLUMNS, caption, language)


def need(rows: pd.DataFrame, names: Mapping[str, str], *, caption: str, language: str = "nl") -> Exhibit:
    """What moving towards the costs of similar need adds by municipality, from ``forecast.growth.towards_need``.

    Parameters
    ----------
    rows : DataFrame
        One year of it.
    names : mapping of str to str
        Name of each code.
    caption : str
        Caption of the table, in ``language``.
    """
    named = rows.assign(area=rows["municipality_code"].map(names)).sort_values("area")
    note = translator(language).gettext(
        "Need is measured by spending on income support and the share of youths. It is not advice: it only says where "
        "municipalities with such figures went before."
    )
    return Exhibit.of_table(named, NEED_COLUMNS, caption, language, note=note)


def scores(score: pd.DataFrame, *, caption: str, language: str = "nl") -> Exhibit:
    """Errors and coverage by level, method and years ahead, from ``backtest.score``.

    Parameters
    ----------
    score, caption, language
        From ``backtest.score``; the others as for ``rates``.
    """
    rows = score.sort_values(["level", "horizon", "method"], key=_in_order)
    return Exhibit.of_table(rows, SCORES_COLUMNS, caption, language)


def comparison(score: pd.DataFrame, *, caption: str, language: str = "nl") -> Exhibit:
    """Every measure by method or size, and years ahead, from ``backtest.score`` with all its measures.

    Errors in per cent of the usual yearly change (MASE, CRPS) compare large and small municipalities; the score of
    the 95 % interval (MSIS) is its width, plus 40 times every miss, in usual changes. Lower is better.

    Parameters
    ----------
    score, caption, language
        As for ``scores``, with all measures.
    """
    by = "size" if "size" in score else "method"
    rows = score.sort_values(["horizon", by], key=_in_order)
    rows = rows.assign(mase=100 * rows["mase"], scaled_crps=100 * rows["scaled_crps"])
    columns = {"horizon": COMPARISON_COLUMNS["horizon"], by: GROUPS[by], **COMPARISON_COLUMNS}
    return Exhibit.of_table(rows, columns, caption, language)


def age_bands(rates: pd.DataFrame, *, caption: str, language: str = "nl") -> Exhibit:
    """Use by age band, plain and as a model sees it, from ``forecast.age_bands.model``.

    Parameters
    ----------
    rates, caption, language
        From ``age_bands.model``; the others as for ``rates``.
    """
    return Exhibit.of_table(rates, AGE_BAND_COLUMNS, caption, language)


def population_check(errors: pd.DataFrame, *, caption: str, language: str = "nl") -> Exhibit:
    """Error of the reconstructed youths against the published ones, by year, from ``youths.check_error``.

    Parameters
    ----------
    errors, caption, language
        From ``youths.check_error``; the others as for ``rates``.
    """
    size = errors["error_percent"].abs()
    by_year = size.groupby(errors["period"])
    rows = pd.DataFrame(
        {
            "n": by_year.size(),
            "median": by_year.median(),
            "p90": by_year.quantile(0.9),
            "largest": by_year.max(),
        }
    ).reset_index()
    return Exhibit.of_table(rows, POPULATION_CHECK_COLUMNS, caption, language)


def _in_order(column: pd.Series) -> pd.Series:
    """Levels, methods and sizes in the order in which they are declared above."""
    order = {name: place for place, name in enumerate([*LEVELS, *METHODS, *SIZES])}
    return column.map(order) if column.name in ("level", "method", "size") else column
