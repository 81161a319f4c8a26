"""Tables to read and copy: history, rates, forecasts, scores and checks, each as an exhibit."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.present.text.language import N_, translator

METHODS = {
    "forecast": N_("this forecast"),
    "last_year": N_("same as last year"),
    "last_growth": N_("last year's growth again"),
    "drift": N_("the own mean change every year"),
    "pooled_growth": N_("the growth of all municipalities"),
    "engine": N_("the engine for any table"),
    "ets": N_("exponential smoothing (ETS)"),
    "budget": N_("own budget"),
}
SIZES = {
    "small": N_("small: below 6,000 youths"),
    "middle": N_("middle: below 15,000 youths"),
    "large": N_("large: 15,000 youths or more"),
}
LEVELS = {"municipality": N_("municipality"), "region": N_("region"), "all": N_("three regions together")}
HISTORY_COLUMNS = {
    "area": (N_("Area"), "text"),
    "period": (N_("Year"), "year"),
    "youths": (N_("Youths (0 to 17)"), "about"),
    "clients": (N_("Youths with care"), "integer"),
    "cost_eur": (N_("Spent"), "euro"),
    "budget_eur": (N_("Budgeted"), "euro"),
}
RATES_COLUMNS = {
    "area": (N_("Area"), "text"),
    "period": (N_("Year"), "year"),
    "cost_per_youth_eur": (N_("Costs per youth"), "euro"),
    "growth": (N_("Growth of costs"), "percent1"),
    "over": (N_("Accounts above budget"), "percent1"),
}
FORECAST_COLUMNS = {
    "area": (N_("Area"), "text"),
    "period": (N_("Year"), "year"),
    "q0.5": (N_("Expected"), "euro"),
    "q0.1": (N_("80% interval from"), "euro"),
    "q0.9": (N_("80% interval to"), "euro"),
    "q0.025": (N_("95% interval from"), "euro"),
    "q0.975": (N_("95% interval to"), "euro"),
}
SCORES_COLUMNS = {
    "level": (N_("Level"), "text"),
    "method": (N_("Method"), "text"),
    "horizon": (N_("Years ahead"), "integer"),
    "n": (N_("Comparisons"), "integer"),
    "median_absolute_percentage_error": (N_("Median error"), "percent1"),
    "bias_percent": (N_("Too high (+) or too low (−)"), "percent1"),
    "coverage_80": (N_("Inside 80%"), "probability"),
    "coverage_95": (N_("Inside 95%"), "probability"),
}
POPULATION_CHECK_COLUMNS = {
    "period": (N_("Year"), "year"),
    "n": (N_("Municipalities"), "integer"),
    "median": (N_("Median error"), "percent1"),
    "p90": (N_("9 in 10 below"), "percent1"),
    "largest": (N_("Largest error"), "percent1"),
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
    return _listed(rows, HISTORY_COLUMNS, caption, language)


def rates(measures: pd.DataFrame, *, caption: str, language: str = "nl") -> Exhibit:
    """Costs per youth, growth and overspending by area and year, from ``compare.measures``."""
    rows = measures.assign(
        over=100 * measures["overspend_fraction"], growth=100 * measures["cost_growth_fraction"]
    )
    return _listed(rows, RATES_COLUMNS, caption, language)


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
    """
    rows = summary[summary["measure"].eq("cost_eur")]
    rows = rows.assign(area=rows["area_code"].astype("str").map(names))
    own = rows["area_code"].astype("str").str.startswith("GM")
    rows = rows.assign(own=own).sort_values(["own", "area", "period"])
    return _listed(rows, FORECAST_COLUMNS, caption, language)


def scores(score: pd.DataFrame, *, caption: str, language: str = "nl") -> Exhibit:
    """Errors and coverage by level, method and years ahead, from ``backtest.score``."""
    words = translator(language)
    score = score.sort_values(["level", "horizon", "method"], key=_in_order)
    rows = score.assign(
        level=score["level"].map(lambda one: words.gettext(LEVELS[one])),
        method=score["method"].map(lambda one: words.gettext(METHODS[one])),
        **{f"{name}_status": score[name].isna().map({True: tables.NOT_APPLICABLE, False: "final"})
           for name in ("coverage_80", "coverage_95")},
    )  # fmt: skip
    return _listed(rows, SCORES_COLUMNS, caption, language)


def comparison(score: pd.DataFrame, *, caption: str, language: str = "nl") -> Exhibit:
    """Every measure by method or size, and years ahead, from ``backtest.score`` with all its measures.

    Errors in per cent of the usual yearly change (MASE, CRPS) compare large and small municipalities; the score of
    the 95 % interval (MSIS) is its width, plus 40 times every miss, in usual changes. Lower is better.
    """
    words = translator(language)
    by = "size" if "size" in score else "method"
    names = {"size": SIZES, "method": METHODS}[by]
    ordered = score.sort_values(["horizon", by], key=_in_order)
    rows = ordered.assign(
        **{by: ordered[by].map(lambda one: words.gettext(names[one]))},
        mase=100 * ordered["mase"],
        scaled_crps=100 * ordered["scaled_crps"],
        **{f"{name}_status": ordered[name].isna().map({True: tables.NOT_APPLICABLE, False: "final"})
           for name in ("msis_95", "coverage_80", "coverage_95")},
    )  # fmt: skip
    shown = {
        "horizon": Column(words.gettext("Years ahead"), "integer"),
        by: Column(words.gettext("Size") if by == "size" else words.gettext("Method")),
        "n": Column(words.gettext("Comparisons"), "integer"),
        "median_absolute_percentage_error": Column(words.gettext("Median error"), "percent1"),
        "smape_percent": Column("sMAPE", "percent1"),
        "mase": Column("MASE", "percent"),
        "scaled_crps": Column("CRPS", "percent"),
        "msis_95": Column(words.gettext("MSIS 95%"), "decimal"),
        "coverage_80": Column(words.gettext("Inside 80%"), "probability"),
        "coverage_95": Column(words.gettext("Inside 95%"), "probability"),
    }
    return _exhibit(rows, shown, caption, language)


def population_check(errors: pd.DataFrame, *, caption: str, language: str = "nl") -> Exhibit:
    """Error of the reconstructed youths against the published ones, by year, from ``youths.check_error``."""
    size = errors["error_percent"].abs()
    by_year = size.groupby(errors["period"])
    rows = pd.DataFrame({"n": by_year.size(), "median": by_year.median(), "p90": by_year.quantile(0.9),
                         "largest": by_year.max()}).reset_index()  # fmt: skip
    return _listed(rows, POPULATION_CHECK_COLUMNS, caption, language)


def _in_order(column: pd.Series) -> pd.Series:
    """Levels, methods and sizes in the order in which they are declared above."""
    order = {name: place for place, name in enumerate([*LEVELS, *METHODS, *SIZES])}
    return column.map(order) if column.name in ("level", "method", "size") else column


def _listed(
    rows: pd.DataFrame, columns: Mapping[str, tuple[str, str]], caption: str, language: str
) -> Exhibit:
    """A table of columns that are named and written in the same way everywhere."""
    words = translator(language)
    shown = {name: Column(words.gettext(label), kind) for name, (label, kind) in columns.items()}
    if "area" in shown:
        rows = rows.assign(area=rows["area"].astype("str").map(words.gettext))
    return _exhibit(rows, shown, caption, language)


def _exhibit(rows: pd.DataFrame, shown: Mapping[str, Column], caption: str, language: str) -> Exhibit:
    return Exhibit("table", caption, table=tables.build(rows, shown, caption, language), language=language)
