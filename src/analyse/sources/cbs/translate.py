"""From cells as CBS gives them to the tables of this project: codes, years, status; nothing is made up.

A dot is a hidden small cell or a missing figure, by table; an ``x`` is always hidden; nothing is missing. A figure of
a period that CBS calls provisional is provisional. Half-years stay apart from years.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.schema import AGE_GROUPS, TABLES
from analyse.sources.cbs import shapes
from analyse.sources.cbs.shapes import HALF_YEAR, NATION, YEAR, Fitted

Tables = dict[str, pd.DataFrame]
NO_FIGURE = -99998.0
"""What the accounts of municipalities write where nothing was given; compared for equality."""
REPORTS = {"X000": "budget", "X005": "accounts"}
FIRST_AGE_GROUPS, NATIONAL = 2017, "youths with youth care"
KEPT_FIELDS = (
    "6.1",
    "6.2",
    "6.21",
    "6.22",
    "6.23",
    "6.72",
    "6.73",
    "6.74",
    "6.75",
    "6.76",
    "6.79",
    "6.82",
    "6.92",
)
"""Task fields of the table ``costs``: youth care, and the access and common fields beside it."""
AREA_CODE, AREA_NAME = re.compile(r"^JZ\d{2}$"), re.compile(r"^Naam")


def tidy(cells: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
    """Cells with our names.

    Returns
    -------
    DataFrame
        municipality_code (or NL01), year, part (year, H1 or H2), one column per listed dimension with our names,
        measure, value (in our unit) and status.
    """
    shape, names = fitted.shape, {key: name for name, key in fitted.measures.items()}
    found = cells.loc[cells["measure"].isin(list(names))]
    known = pd.Series(True, index=found.index)
    columns = {
        "municipality_code": found[fitted.region],
        "measure": found["measure"].map(names),
        **_when(found, fitted),
    }
    for name, dimension in shape.dimensions.items():
        if dimension.only:
            known &= found[name] == dimension.only
        elif dimension.listed:
            columns[dimension.listed] = found[name].map(fitted.meaning[name])
            known &= columns[dimension.listed].notna()
        else:
            columns[name] = found[name]
    factor = columns["measure"].map({name: shape.measures[name].factor for name in fitted.measures})
    provisional = (
        found[shape.period].isin(list(fitted.provisional)) if shape.period else pd.Series(False, found.index)
    )
    made = pd.DataFrame({**columns, "value": found["value"] * factor, "provisional": provisional}).loc[known]
    made["status"] = _status(found["why"].loc[known], made, shape.hidden)
    return made.drop(columns="provisional").reset_index(drop=True)


def _status(why: pd.Series, made: pd.DataFrame, hidden: str) -> np.ndarray:
    has_value = made["value"].notna()
    choices = [has_value & made["provisional"], has_value, why == "x", why == "."]
    return np.select(choices, ["provisional", "final", "suppressed", hidden], "missing")


def _when(cells: pd.DataFrame, fitted: Fitted) -> dict[str, object]:
    if not fitted.shape.period:
        return {"year": fitted.shape.of_year, "part": "year"}
    codes = cells[fitted.shape.period]
    whole, half = codes.str.extract(YEAR)[0], codes.str.extract(HALF_YEAR)
    year = whole.fillna(half[0])
    if year.isna().any():
        raise DataError(
            f"update: {fitted.described.table}: period {codes[year.isna()].iloc[0]!r} is no year or half-year"
        )
    return {"year": year.astype(int), "part": np.where(whole.notna(), "year", "H" + half[1].fillna(""))}


def usage_by_form(found: pd.DataFrame, fitted: Fitted) -> Tables:
    """Youths and trajectories by form of care; the totals of whole years are in ``usage`` too, and the nation's."""
    series = "2015-2020" if "2015-2020" in fitted.shape.title else "2021-"
    rows = found.rename(columns={"care_forms": "care_form", "value": "count"}).assign(series=series)
    columns = ["municipality_code", "year", "part", "care_form", "measure", "series", "count", "status"]
    local = rows["municipality_code"] != NATION
    whole = rows.loc[(rows["part"] == "year") & (rows["care_form"] == "total")]
    totals = whole.loc[local].assign(breakdown="total", category="total")
    nation = whole.loc[~local & (whole["measure"] == "youths") & whole["count"].notna()]
    national = pd.DataFrame(
        {
            "period": nation["year"].astype("str"),
            "area_code": NATION,
            "indicator": NATIONAL,
            "value": nation["count"],
            "unit": "youths",
            "status": nation["status"],
            "source": f"CBS StatLine {fitted.described.table}",
        }
    )
    return {
        "usage_by_form": rows.loc[local, columns],
        "usage": totals[["municipality_code", "year", "measure", "breakdown", "category", "count", "status"]],
        "national_reference": national,
    }


def usage_flows(found: pd.DataFrame, fitted: Fitted) -> Tables:
    """Trajectories begun and ended, and their mean duration, by referrer."""
    rows = found.rename(columns={"referrers": "referrer"})
    columns = ["municipality_code", "year", "part", "referrer", "measure", "value", "status"]
    return {"usage_flows": rows[columns]}


def usage_persons(found: pd.DataFrame, fitted: Fitted) -> Tables:
    """Youths by age: rows of ``usage`` for whole years."""
    whole = found.loc[found["part"] == "year"]
    parts = whole["persons"].str.split("/", n=1, expand=True)
    rows = whole.assign(breakdown=parts[0], category=parts[1]).rename(columns={"value": "count"})
    return {
        "usage": rows[["municipality_code", "year", "measure", "breakdown", "category", "count", "status"]]
    }


def usage_indicators(found: pd.DataFrame, fitted: Fitted) -> Tables:
    """Indicators of whole years, per cent."""
    whole = found.loc[found["part"] == "year"]
    rows = whole.rename(columns={"measure": "indicator", "value": "value_percent"})
    return {"usage_indicators": rows[["municipality_code", "year", "indicator", "value_percent", "status"]]}


def costs_by_form(found: pd.DataFrame, fitted: Fitted) -> Tables:
    """Accounts and budgets by form of care, in euro."""
    rows = found.rename(columns={"care_forms": "care_form", "measure": "report", "value": "cost_eur"})
    return {"costs_by_form": rows[["municipality_code", "year", "report", "care_form", "cost_eur", "status"]]}


def population_by_age(found: pd.DataFrame, fitted: Fitted) -> Tables:
    """Inhabitants by single year of age, and the age groups they add up to."""
    rows = found.rename(columns={"ages": "age", "value": "count"})
    single = rows.loc[rows["age"] != "total"].astype({"age": int})
    key = ["municipality_code", "year"]
    groups = [
        rows.loc[rows["age"] == "total", [*key, "count", "status"]].assign(age_group="total"),
        *(_group(single, first, after).assign(age_group=name) for name, (first, after) in AGE_GROUPS.items()),
    ]
    groups = pd.concat(groups, ignore_index=True)
    groups = groups.loc[groups["count"].notna() & (groups["year"] >= FIRST_AGE_GROUPS)]
    exists = single.groupby(key)["count"].transform(lambda counts: counts.notna().any())
    return {
        "population_by_age": single.loc[exists, [*key, "age", "count", "status"]],
        "population": groups[[*key, "age_group", "count", "status"]],
    }


def _group(single: pd.DataFrame, first: int, after: int) -> pd.DataFrame:
    """The sum of a group of ages, where every age is known."""
    ages = single.loc[single["age"].between(first, after - 1)]
    grouped = ages.groupby(["municipality_code", "year"])
    whole = grouped["count"].count() == after - first
    summed = grouped["count"].sum()[whole].rename("count").reset_index()
    provisional = grouped["status"].agg(lambda statuses: (statuses == "provisional").any())[whole].to_numpy()
    return summed.assign(status=np.where(provisional, "provisional", "final"))


def population_dynamics(found: pd.DataFrame, fitted: Fitted) -> Tables:
    """Births, deaths and migration: one row per municipality and year in which it existed the whole year."""
    key = ["municipality_code", "year"]
    wide = found.pivot(index=key, columns="measure", values="value")[list(fitted.measures)]
    worst = found.assign(bad=found["status"] == "provisional").groupby(key)["bad"].any().reindex(wide.index)
    whole = wide.notna().all(axis=1)
    rows = wide.assign(status=np.where(worst, "provisional", "final")).loc[whole].reset_index()
    return {"population_dynamics": rows}


def population_prognosis(found: pd.DataFrame, fitted: Fitted) -> Tables:
    """Inhabitants that CBS and PBL expect."""
    rows = (
        found.loc[found["value"].notna()].rename(columns={"value": "inhabitants"}).assign(status="estimated")
    )
    return {"population_prognosis": rows[["municipality_code", "year", "inhabitants", "status"]]}


def costs(found: pd.DataFrame, fitted: Fitted) -> Tables:
    """Spending by task field and by sub-code: the second filing where there is one, else the first."""
    blank = NO_FIGURE * found["measure"].map(
        {name: one.factor for name, one in fitted.shape.measures.items()}
    )
    figures = found.assign(value=found["value"].where(found["value"] != blank))
    key = ["municipality_code", "TaakveldBalanspost", "Categorie", "Verslagsoort"]
    wide = figures.pivot(index=key, columns="measure", values="value").reindex(columns=["first", "second"])
    amount = wide["second"].fillna(wide["first"]).rename("amount").reset_index()
    amount = amount.assign(
        year=fitted.shape.of_year,
        report=amount["Verslagsoort"].str[-4:].map(REPORTS),
        taakveld=amount["TaakveldBalanspost"].str[:4].str.rstrip("abcdefgh"),
    )
    amount = amount.loc[amount["taakveld"].isin(KEPT_FIELDS)]
    place = ["municipality_code", "year", "report"]
    by_field = _lasten(amount, [*place, "taakveld"], "L").rename(columns={"amount": "cost_eur"})
    by_code = [*place, "TaakveldBalanspost"]
    sub = _lasten(amount, by_code, "L").rename(columns={"amount": "cost_eur"})
    revenue = _lasten(amount, by_code, "B").rename(columns={"amount": "revenue_eur"})
    sub = sub.merge(revenue, on=by_code, how="left", validate="1:1")
    sub = sub.assign(label=sub["TaakveldBalanspost"].map(fitted.meaning["TaakveldBalanspost"]))
    sub = sub.rename(columns={"TaakveldBalanspost": "subcode"})
    subs = sub[[*place, "subcode", "label", "cost_eur", "revenue_eur"]].assign(status="final")
    return {"costs": by_field.assign(status="final"), "costs_subcode": subs}


def _lasten(amount: pd.DataFrame, key: list[str], side: str) -> pd.DataFrame:
    """Spending (L) or income (B), added up over the kinds; left out where nothing at all was given."""
    of_side = amount.loc[amount["Categorie"].str.startswith(side)]
    return of_side.groupby(key)["amount"].sum(min_count=1).dropna().reset_index()


def usage_districts(found: pd.DataFrame, fitted: Fitted) -> Tables:
    """Districts of whole years: youths with care, and what the table says of who lives there."""
    whole = found.loc[found["part"] == "year"].rename(columns={"municipality_code": "district_code"})
    key = ["district_code", "year"]
    wide = whole.pivot(index=key, columns="measure", values="value")
    status = whole.loc[whole["measure"] == "with_care"].set_index(key)["status"]
    names = fitted.meaning[fitted.region]
    rows = wide.assign(status=status.reindex(wide.index).fillna("missing")).reset_index()
    rows = rows.assign(
        municipality_code="GM" + rows["district_code"].str[2:6], district=rows["district_code"].map(names)
    )
    return {"usage_districts": rows.reindex(columns=TABLES["usage_districts"].column_names)}


def together(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Two tables on the same districts as one: the figures of the second, and of the first what it lacks.

    Examples
    --------
    >>> rows = pd.DataFrame({"year": [2023], "district_code": ["WK1"], "with_care": [20.0], "status": ["final"]})
    >>> ages = rows.assign(with_care=[25.0], age_0_3=[10.0])
    >>> together(rows.assign(inhabitants=[900.0]), ages)[["with_care", "age_0_3", "inhabitants"]].values.tolist()
    [[25.0, 10.0, 900.0]]
    """
    key = ["year", "district_code"]
    kept = [
        frame.assign(status=frame["status"].where(frame["with_care"].notna())) for frame in (second, first)
    ]
    found = kept[0].set_index(key).combine_first(kept[1].set_index(key))
    found = found.assign(status=found["status"].fillna("suppressed")).reset_index()
    return found[[*first.columns, *(name for name in second.columns if name not in first.columns)]]


def municipalities(rows: pd.DataFrame, fitted: Fitted) -> Tables:
    """The municipalities of one year and their youth regions.

    Raises
    ------
    Changed
        If not exactly one column holds codes of youth regions.
    """
    codes = [name for name in fitted.described.measures if rows[name].str.match(AREA_CODE).all()]
    names = [name for name in fitted.described.measures if AREA_NAME.match(name)]
    if len(codes) != 1 or not names or rows.empty:
        raise shapes.Changed(
            f"update: {fitted.described.table} ({fitted.described.title}) changed shape: {len(codes)} columns hold "
            "codes of youth regions (JZ and two digits), expected 1. Nothing was replaced"
        )
    made = pd.DataFrame(
        {
            "year": fitted.shape.of_year,
            "municipality_code": rows[fitted.region],
            "municipality": rows[names[0]],
            "region_code": rows[codes[0]],
        }
    )
    return {"municipalities": made}


MAKERS: Mapping[str, Callable[[pd.DataFrame, Fitted], Tables]] = {
    "usage_by_form": usage_by_form,
    "usage_flows": usage_flows,
    "usage_persons": usage_persons,
    "usage_indicators": usage_indicators,
    "costs_by_form": costs_by_form,
    "population_by_age": population_by_age,
    "population_dynamics": population_dynamics,
    "population_prognosis": population_prognosis,
    "costs": costs,
    "usage_districts": usage_districts,
}
"""What is made of tidy cells, by where a table goes; areas are made of words, see ``municipalities``."""
