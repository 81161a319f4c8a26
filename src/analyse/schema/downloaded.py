"""The tables that come with ``analyse update``: a dataset may lack them, and they are then read as empty."""

from __future__ import annotations

from functools import partial

from analyse.schema.columns import (
    COST,
    COUNT,
    COUNTED,
    INHABITANTS,
    REPORT,
    Column,
    Table,
    by_municipality,
    year,
)

CARE_FORMS = (
    "total",
    "jeugdhulp",
    "zonder-verblijf",
    "wijkteam",
    "niet-wijkteam",
    "ambulant",
    "daghulp",
    "netwerk",
    "met-verblijf",
    "pleegzorg",
    "gezinsgericht",
    "gesloten",
    "verblijf-overig",
    "jeugdbescherming",
    "jeugdreclassering",
    "jb-jr",
)
"""Forms of youth care by the names CBS uses; a youth can have several, so they do not add up to the total."""
PARTS = ("year", "H1", "H2")

_PART = Column("part", "text", "the whole year or a half; a youth can be in both halves", allowed=PARTS)
_FORM = Column("care_form", "text", "form of youth care", allowed=CARE_FORMS)

_downloaded = partial(by_municipality, optional=True)

DOWNLOADED = (
    _downloaded(
        "usage_by_form",
        "Youths with youth care in kind, and trajectories, by form of care; two series that cannot be compared",
        _PART, _FORM,
        COUNTED,
        Column("series", "text", "count to 2020, or from 2021 with more providers", allowed=("2015-2020", "2021-")),
        COUNT,
        key=("part", "care_form", "measure"),
    ),
    _downloaded(
        "usage_flows",
        "Trajectories of youth help begun and ended, and their mean duration, by referrer",
        _PART,
        Column("referrer", "text", "who referred; total for all"),
        Column("measure", "text", "what is measured", allowed=("begun", "ended", "duration_days")),
        Column("value", "number", "number of trajectories, or days", required=False, minimum=0),
        key=("part", "referrer", "measure"),
    ),
    _downloaded(
        "costs_by_form",
        "Spending on youth care by form of care, accounts and budgets, as asked by CBS",
        REPORT, _FORM,
        COST,
        key=("report", "care_form"),
    ),
    _downloaded(
        "population_by_age",
        "Inhabitants on 1 January by single year of age, 0 to 24",
        Column("age", "integer", "years of age", unit="year", minimum=0),
        INHABITANTS,
        key=("age",),
    ),
    _downloaded(
        "population_prognosis",
        "Inhabitants that CBS and PBL expect, 1 January",
        Column("inhabitants", "number", "expected inhabitants", unit="inhabitants", minimum=0),
    ),
    Table(
        "revisions",
        "By how much provisional figures were changed from one download to the next",
        ("table", "measure", "year", "earlier"),
        (
            Column("table", "text", "table of which the figures were revised"),
            Column("measure", "text", "figure that was revised"),
            year(),
            Column("earlier", "text", "dataset with the earlier figures"),
            Column("later", "text", "dataset with the later figures"),
            Column("n", "integer", "municipalities compared", minimum=1),
            Column("mean_percent", "number", "mean change, weighted by size", unit="%"),
            Column("low_percent", "number", "one in ten changed by less", unit="%"),
            Column("high_percent", "number", "one in ten changed by more", unit="%"),
        ),
        optional=True,
    ),
)  # fmt: skip
