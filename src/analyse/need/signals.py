"""Who lives in a district: youths, the use that their ages lead one to expect, and the signals of the model.

A signal of 2017 is that of the district where its code still exists, else the mean of the districts that its
municipality of today had in 2017, else that of the country.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import logit

from analyse.history import areas, boundaries, youths

Tables = Mapping[str, pd.DataFrame]

OF_2017 = (
    "single_parent_percent",
    "recent_divorce_percent",
    "parents_mental_care_percent",
    "income_support_households_percent",
    "disability_percent",
    "mean_income_eur",
    "home_value_thousand_eur",
    "low_education_percent",
    "special_primary_percent",
    "non_western_percent",
    "christian_vote_percent",
)
"""Signals that SCP published by district for 2017."""
OF_THE_YEAR = ("households_with_children", "address_density")
"""Signals of the year itself: share of households with children (district), and addresses around (municipality)."""
SIGNALS = (*OF_2017, *OF_THE_YEAR)

YOUNG, CHILD, LAST = 23, 15, 25
"""First age that is no youth of 0-22, first of 15-24, first beyond."""
OLDEST = 19
"""CBS counts the youths of this age and over together."""
EDGE = 0.005
"""Signals beyond these quantiles count as at the quantile: small districts have wild percentages."""
OFTEN = 100
"""A determinant that is unknown in more districts than this says something by being unknown: the district is small."""
NEEDED = ("usage_districts", "district_need", "care_by_age", "municipal_fund_measures")
FEWEST_MUNICIPALITIES = 100
FEWEST = 5
"""A district with fewer youths says nothing."""


def enough(tables: Tables) -> bool:
    """Whether the dataset has what the model is made from, of enough municipalities to tell people from places."""
    whole = not any(tables[name].empty for name in NEEDED)
    return whole and tables["usage_districts"]["municipality_code"].nunique() >= FEWEST_MUNICIPALITIES


def of_districts(tables: Tables) -> pd.DataFrame:
    """Every district and year with its youths, its use and its signals.

    Returns
    -------
    DataFrame
        district_code, district, year, municipality_code (of today), region_code, youths (0-22, estimated from those of
        0-14 and 15-24), offset (log odds of use at the country's rates by age), with_care (NaN below ten), status,
        and ``SIGNALS`` as they go into the model: shares as they are or as logarithm, without wild values.
    """
    rows = tables["usage_districts"]
    numbers = [
        "with_care",
        "inhabitants",
        "youths_0_14",
        "youths_15_24",
        "households",
        "households_with_children",
    ]
    rows = rows.astype(dict.fromkeys(numbers, "float64")).astype({"year": "int64"})
    rows = rows.assign(municipality_code=boundaries.current_codes(rows["municipality_code"], tables))
    rows = rows.assign(**_youths(rows, tables))
    rows = rows[(rows["youths"] >= FEWEST) & ~(rows["with_care"] >= rows["youths"])].reset_index(drop=True)
    region = dict(areas.regions_of(tables, sorted(set(rows["municipality_code"])), _latest(tables)))
    before = _of_2017(rows, tables)
    now = pd.DataFrame(
        {
            "households_with_children": (rows["households_with_children"] + 1) / (rows["households"] + 1),
            "address_density": rows["municipality_code"].map(_density(tables)),
        }
    )
    signals = pd.concat([before, now], axis=1).apply(_tamed)
    kept = [
        "district_code",
        "district",
        "year",
        "municipality_code",
        "youths",
        "offset",
        "with_care",
        "status",
    ]
    return rows[kept].assign(region_code=rows["municipality_code"].map(region), **signals)


def of_2017(tables: Tables, names: Sequence[str]) -> pd.DataFrame:
    """The districts of 2017 with SCP's figures and some of its determinants, to be compared with SCP's model.

    Parameters
    ----------
    tables : mapping of DataFrame
        The tables of the whole country.
    names : sequence of str
        Determinants wanted, see ``schema.districts.DETERMINANTS``.

    Returns
    -------
    DataFrame
        district_code, municipality_code (of today), region_code, use_percent, scp_expected_percent, youths (of the
        district in 2021 where its code still exists, else an equal part of the municipality's), then what a model may
        use: the determinants, ``<name>_unknown`` (1 where one was filled in), and ``log_youths``.
    """
    need = tables["district_need"].astype(dict.fromkeys((*names, "use_percent"), "float64"))
    need = need.assign(municipality_code=boundaries.current_codes(need["municipality_code"], tables))
    region = dict(areas.regions_of(tables, sorted(set(need["municipality_code"])), _latest(tables)))
    later = of_districts(tables).drop_duplicates("district_code").set_index("district_code")["youths"]
    counted = tables["population"].query("age_group == 'total' and year == 2017")
    local = counted.groupby(boundaries.current_codes(counted["municipality_code"], tables))["count"].sum()
    parts = need.groupby("municipality_code")["district_code"].transform("size")
    share = later.sum() / float(counted["count"].sum())
    equal = need["municipality_code"].map(local.astype(float)) * share / parts
    size = need["district_code"].map(later).fillna(equal).clip(lower=20.0)
    unknown = need[list(names)].isna()
    often = unknown.columns[unknown.sum() > OFTEN]
    signals = need[list(names)].apply(lambda column: column.fillna(column.median())).apply(_tamed)
    flags = unknown[often].astype(float).rename(columns=lambda name: f"{name}_unknown")
    kept = ["district_code", "municipality_code", "use_percent", "scp_expected_percent"]
    found = need[kept].assign(region_code=need["municipality_code"].map(region), youths=size)
    return pd.concat([found, signals, flags, np.log(size).rename("log_youths")], axis=1)


def rates(tables: Tables, ages: pd.DataFrame) -> pd.Series:
    """Youths with care on a day per inhabitant of 0-22 by single year of age, in the Netherlands.

    From 19 on the rate of all of 19 and over. Only the differences between ages matter: a year counts more youths.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``care_by_age``.
    ages : DataFrame
        ``history.youths.single_ages`` of the whole country.
    """
    care = tables["care_by_age"].query("measure == 'youths_with_care'").astype({"age": "int64"})
    counts = care.set_index("age")["value"].astype(float)
    next_day = ages["period"] == int(care["year"].iloc[0]) + 1  # care on 31 December, people on 1 January
    people = ages[next_day].groupby("age")["count"].sum()
    grouped = people[people.index < YOUNG].groupby(lambda age: min(age, OLDEST)).sum()
    found = (counts / grouped).reindex(range(YOUNG))
    return found.fillna(found[OLDEST]).rename_axis("age")


def _youths(rows: pd.DataFrame, tables: Tables) -> dict[str, np.ndarray]:
    """Youths of 0-22, and their expected use by age: two published groups, each with its municipality's ages."""
    ages = youths.single_ages(tables)
    by_age = rates(tables, ages)
    ages = ages[ages["period"].isin(rows["year"]) & (ages["age"] < LAST)]
    ages = ages.assign(
        group=np.where(ages["age"] < CHILD, "child", "older"),
        young=ages["count"].where(ages["age"] < YOUNG, 0.0),
        used=ages["count"] * ages["age"].map(by_age).fillna(0.0),
    )
    sums = ages.groupby(["municipality_code", "period", "group"])[["count", "young", "used"]].sum().unstack()
    own = sums.reindex(pd.MultiIndex.from_arrays([rows["municipality_code"], rows["year"]]))
    young = {name: (own["young"][name] / own["count"][name]).to_numpy() for name in ("child", "older")}
    used = {name: (own["used"][name] / own["count"][name]).to_numpy() for name in ("child", "older")}
    child, older = rows["youths_0_14"].to_numpy(), rows["youths_15_24"].to_numpy()
    total = child * young["child"] + older * young["older"]
    expected = child * used["child"] + older * used["older"]
    return {"youths": total, "offset": logit(np.clip(expected / np.maximum(total, 1e-9), 1e-4, 1 - 1e-4))}


def _of_2017(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    need = tables["district_need"].astype(dict.fromkeys(OF_2017, "float64"))
    codes = boundaries.current_codes(need["municipality_code"], tables)
    own = need.set_index("district_code")[list(OF_2017)].reindex(rows["district_code"])
    local = need.groupby(codes)[list(OF_2017)].mean().reindex(rows["municipality_code"])
    filled = own.reset_index(drop=True).fillna(local.reset_index(drop=True))
    return filled.fillna(need[list(OF_2017)].median())


def _density(tables: Tables) -> pd.Series:
    fund = tables["municipal_fund_measures"]
    fund = fund[fund["circular"] == fund["circular"].iloc[0]].astype(
        {"address_density_times_dwellings": "float64", "dwellings": "float64"}
    )
    codes = boundaries.current_codes(fund["municipality_code"], tables)
    summed = fund.groupby(codes)[["address_density_times_dwellings", "dwellings"]].sum()
    return summed["address_density_times_dwellings"] / summed["dwellings"]


def _tamed(column: pd.Series) -> pd.Series:
    """Money and density as logarithm, shares as log odds; beyond ``EDGE`` as at the edge; unknown as the middle."""
    values = column.astype(float)
    if str(column.name).endswith("_percent"):
        values = pd.Series(logit((values / 100).clip(0.002, 0.998)), index=column.index)
    elif column.name == "households_with_children":
        values = pd.Series(logit(values.clip(0.01, 0.99)), index=column.index)
    else:
        values = np.log(values.clip(lower=1e-6))
    return values.clip(*values.quantile([EDGE, 1 - EDGE])).fillna(values.median())


def _latest(tables: Tables) -> int:
    listed = tables["municipalities"].dropna(subset=["region_code"])
    return int(listed["year"].max())
