"""The tables of a dataset: every key, column, unit and allowed value."""

from __future__ import annotations

from analyse.schema.columns import (
    COST,
    COUNT,
    COUNTED,
    INHABITANTS,
    MUNICIPALITY,
    REPORT,
    STATUS,
    Column,
    Table,
    by_municipality,
    rings,
    year,
)
from analyse.schema.districts import DISTRICTS
from analyse.schema.downloaded import DOWNLOADED

AGE_GROUPS = {
    "0-4": (0, 5),
    "5-9": (5, 10),
    "10-14": (10, 15),
    "15-19": (15, 20),
    "20-24": (20, 25),
    "0-14": (0, 15),
    "15-24": (15, 25),
    "0-17": (0, 18),
}
"""Published age groups: first age, and the first age that is not in it."""


FUND_MEASURES = {
    "inhabitants": "inhabitants",
    "youths": "inhabitants below 18",
    "single_person_households": "households of one person",
    "low_income_households": "households with a low income, above a threshold",
    "income_support_recipients": "people with income support",
    "low_education": "people with little education, above a threshold",
    "migration_background": "inhabitants with a migration background, as the circular counts them",
    "special_education_pupils": "pupils in special education",
    "secondary_education_pupils": "pupils in secondary education",
    "regional_centre_function": "customers that the region brings",
    "address_density_times_dwellings": "density of addresses times dwellings",
    "dwellings": "dwellings",
}
"""Measures of the gemeentefonds and what they count."""

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "municipalities",
            "Municipalities of the Netherlands and their youth region, by year",
            ("year", "municipality_code"),
            (
                year("year in which the code exists, on 1 January"),
                MUNICIPALITY,
                Column("municipality", "text", "official name in that year"),
                Column("region_code", "text", "youth region (jeugdregio) on 1 January", required=False),
            ),
        ),
        Table(
            "regions",
            "Names of the youth regions",
            ("region_code",),
            (
                Column("region_code", "text", "code of the youth region, JZ and two digits"),
                Column("region", "text", "name of the youth region"),
            ),
            optional=True,
        ),
        Table(
            "boundary_changes",
            "Municipal mergers: which code went into which, and when",
            ("municipality_code",),
            (
                MUNICIPALITY,
                year("first year in which the successor exists"),
                Column("successor_code", "text", "code of the municipality it became part of"),
            ),
        ),
        Table(
            "boundary_splits",
            "Municipalities divided over several: boundary_changes adds all of one up in the largest part",
            ("municipality_code", "successor_code"),
            (
                MUNICIPALITY,
                year("first year in which the successors have the parts"),
                Column("successor_code", "text", "code of a municipality that has a part"),
            ),
            optional=True,
        ),
        Table(
            "outlines",
            "Outlines of the municipalities, simplified to about 300 metres",
            ("municipality_code", "ring"),
            (
                Column("municipality_code", "text", "CBS municipality code of 2024, GM and four digits"),
                *rings("municipality"),
            ),
            optional=True,
        ),
        by_municipality(
            "costs",
            "Spending (lasten) by taakveld, youth tasks and income support (6.3): accounts and original budgets",
            REPORT,
            Column("taakveld", "text", "Iv3 task field in the numbering of that year"),
            COST,
            key=("report", "taakveld"),
        ),
        by_municipality(
            "costs_subcode",
            "Spending and income on youth tasks by Iv3 sub-code: accounts 2023, budgets 2023-2025",
            REPORT,
            Column("subcode", "text", "Iv3 sub-code in the numbering of that year"),
            Column("label", "text", "official Dutch name of the sub-code"),
            Column("cost_eur", "number", "spending (lasten)", unit="EUR", required=False),
            Column("revenue_eur", "number", "income (baten)", unit="EUR", required=False),
            key=("report", "subcode"),
        ),
        by_municipality(
            "usage",
            "Youths (0-22) with youth care in kind, and trajectories, by municipality",
            COUNTED,
            Column("breakdown", "text", "how it is broken down",
                   allowed=("total", "age", "household", "referrer")),
            Column("category", "text", "category within the breakdown; total for the whole"),
            COUNT,
            key=("measure", "breakdown", "category"),
        ),
        by_municipality(
            "usage_indicators",
            "Youth-care indicators by municipality, per cent",
            Column("indicator", "text", "name of the indicator"),
            Column("value_percent", "number", "value", unit="%", required=False, minimum=0),
            key=("indicator",),
        ),
        Table(
            "population",
            "Inhabitants on 1 January by age group",
            ("municipality_code", "year", "age_group"),
            (
                MUNICIPALITY, year("1 January of the year"),
                Column("age_group", "text", "total, or first-last year of age",
                       allowed=("total", *AGE_GROUPS)),
                INHABITANTS,
                STATUS,
            ),
        ),
        by_municipality(
            "population_dynamics",
            "Births, deaths and migration by municipality",
            Column("inhabitants_start", "integer", "inhabitants on 1 January", minimum=0),
            Column("births", "integer", "live births", minimum=0),
            Column("deaths", "integer", "deaths", minimum=0),
            Column("immigration", "integer", "arrivals from abroad", minimum=0),
            Column("arrivals", "integer", "arrivals from other municipalities", minimum=0),
            Column("emigration", "integer", "departures abroad, administrative corrections included"),
            Column("departures", "integer", "departures to other municipalities", minimum=0),
            Column("net_migration", "integer", "arrivals less departures, all kinds"),
            Column("inhabitants_end", "integer", "inhabitants on 31 December", minimum=0),
        ),
        Table(
            "municipal_fund",
            "Gemeentefonds per cluster by circular (a calculation from the circulars, not an official figure)",
            ("circular", "year", "municipality_code", "cluster"),
            (
                Column("circular", "text", "circular, for example meicirculaire 2024"),
                year("year the money is for"),
                MUNICIPALITY,
                Column("cluster", "text", "cluster of the gemeentefonds"),
                Column("amount_eur", "number", "amount", unit="EUR", minimum=0),
                STATUS,
            ),
        ),
        Table(
            "municipal_fund_measures",
            "Gemeentefonds: what the money is divided by (inhabitants, households, pupils), by circular",
            ("circular", "year", "municipality_code"),
            (
                Column("circular", "text", "circular, for example meicirculaire 2024"),
                year("year the money is for"),
                MUNICIPALITY,
                *(
                    Column(name, "number", description, required=False, minimum=0)
                    for name, description in FUND_MEASURES.items()
                ),
                STATUS,
            ),
            optional=True,
        ),
        Table(
            "price_index",
            "Yearly change of wages and prices that youth-care tariffs follow",
            ("year", "component"),
            (
                year(),
                Column("component", "text", "ova (wages in care), ppc (private consumption), cpi (consumer prices)",
                       allowed=("ova", "ppc", "cpi")),
                Column("change_percent", "number", "change on the year before", unit="%"),
                STATUS,
                Column("source", "text", "who published it"),
            ),
        ),
        Table(
            "national_reference",
            "National and provincial reference figures on youth care",
            ("period", "area_code", "indicator", "source"),
            (
                Column("period", "text", "year (2019), half-year (2020H1) or reference date (2023-06-30)"),
                Column("area_code", "text", "NL01 the Netherlands, PV28 Zuid-Holland, or a municipality"),
                Column("indicator", "text", "name of the indicator"),
                Column("value", "number", "value", minimum=0),
                Column("unit", "text", "unit of the value", allowed=("youths", "trajectories", "%", "EUR")),
                STATUS,
                Column("source", "text", "CBS publication or table"),
            ),
        ),
        *DISTRICTS,
        *DOWNLOADED,
    )
}  # fmt: skip
