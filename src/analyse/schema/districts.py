"""The tables below the municipality and by single year of age: use by district, what its people are like, ages."""

from __future__ import annotations

from analyse.schema.columns import MUNICIPALITY, STATUS, STATUSES, Column, Table, rings, year

AGES = ("age_0_3", "age_4_11", "age_12_17", "age_18_22")
HOUSEHOLDS = ("single_parent", "couple", "other_household")
REFERRERS = (
    "municipal_access",
    "general_practitioner",
    "youth_doctor",
    "certified_institution",
    "medical_specialist",
    "court_or_prosecutor",
    "no_referrer",
    "unknown_referrer",
)
DETERMINANTS = {
    "special_primary_percent": "pupils in special primary education (sbo), figure of the municipality",
    "special_secondary_percent": "pupils in special secondary education (vso), figure of the municipality",
    "practical_school_percent": "pupils in practical education, figure of the municipality",
    "households_with_children_percent": "households with children",
    "young_children_percent": "youths who are 0 to 4",
    "single_parent_percent": "households with children that have one parent",
    "teenage_mothers_percent": "teenage mothers",
    "high_income_families_percent": "households with children and a high income",
    "recent_divorce_percent": "children whose parents parted in the last five years",
    "parents_mental_care_percent": "parents with mental health care",
    "suspect_households_percent": "households with somebody suspected of a crime",
    "income_support_households_percent": "households with income support",
    "defaulting_households_percent": "households that do not pay their health insurance",
    "green_pressure_percent": "inhabitants of 0-19 per 100 of 20-64",
    "grey_pressure_percent": "inhabitants of 65 and over per 100 of 20-64",
    "disability_percent": "inhabitants with a disability benefit",
    "low_education_percent": "inhabitants with little education",
    "christian_vote_percent": "votes for Christian parties",
    "non_western_percent": "inhabitants with a non-western background, in the words of 2017",
    "antillean_surinamese_percent": "inhabitants with an Antillean or Surinamese background",
    "one_family_houses_percent": "dwellings that are houses for one family",
    "social_rent_percent": "dwellings that a housing corporation lets",
    "mean_income_eur": "mean standardised income of households",
    "home_value_thousand_eur": "mean taxed value of homes (WOZ), thousands of euros",
    "gp_distance_km": "mean distance to a general practitioner",
}
"""What SCP's model knew of the people of a district in 2017, and our words for it; two more columns are yes or no."""


def _unit(name: str) -> str:
    endings = {"_percent": "%", "_thousand_eur": "EUR 1,000", "_eur": "EUR", "_km": "km"}
    return next((unit for ending, unit in endings.items() if name.endswith(ending)), "")


def _count(name: str, description: str) -> Column:
    return Column(name, "integer", description, required=False, minimum=0)


def _hidden(name: str, description: str) -> Column:
    return _count(name, f"{description}; rounded to 5 by CBS, empty below 10")


_DISTRICT = Column("district_code", "text", "CBS code of the district (wijk) of that year, WK and six digits")
_NAME = Column("district", "text", "name of the district")


def _by_district(name: str, title: str, counted: str, *columns: Column) -> Table:
    """A table with a row per district and year, whose status is that of the column ``counted``."""
    status = Column("status", "text", f"what kind of figure {counted} is", allowed=tuple(STATUSES))
    whole = (MUNICIPALITY, year(), _DISTRICT, _NAME, *columns, status)
    return Table(name, title, ("year", "district_code"), whole, optional=True)


DISTRICTS = (
    _by_district(
        "usage_districts",
        "Youths (0-22) with youth care in kind, and trajectories, by district (wijk), with who lives there",
        "with_care",
        _hidden("with_care", "youths with youth care in kind"),
        *(_hidden(name, f"of these youths: {name.removeprefix('age_').replace('_', '-')} years") for name in AGES),
        *(_hidden(name, f"of these youths: household, {name.replace('_', ' ')}") for name in HOUSEHOLDS),
        _hidden("trajectories", "trajectories of youth care in kind"),
        *(_hidden(name, f"of these trajectories: referred by {name.replace('_', ' ')}") for name in REFERRERS),
        _count("inhabitants", "inhabitants on 1 January"),
        _count("youths_0_14", "inhabitants of 0-14"),
        _count("youths_15_24", "inhabitants of 15-24"),
        _count("households", "households"),
        _count("households_with_children", "households with children"),
    ),
    _by_district(
        "district_need",
        "Use of youth care without residence by district in 2017, what SCP's model expected, and what it knew",
        "use_percent",
        Column("use_percent", "number", "registered use of youth care without residence, per 100 youths",
               unit="%", required=False, minimum=0),
        Column("scp_expected_percent", "number", "the same as SCP's multilevel model expects it; a calculation",
               unit="%", required=False, minimum=0),
        *(
            Column(name, "number", text, unit=_unit(name), required=False, minimum=0)
            for name, text in DETERMINANTS.items()
        ),
        _count("cooperation", "1 where SCP counts the municipality as one that cooperates (samenw)"),
        _count("small_district", "1 where SCP calls the district small (kleinewijk)"),
    ),
    Table(
        "district_outlines",
        "Outlines of the districts (wijken), simplified to about 50 metres; only after a download",
        ("district_code", "ring"),
        (
            MUNICIPALITY, _DISTRICT, year(),
            *rings("district"),
        ),
        optional=True,
    ),
    Table(
        "care_by_age",
        "Youth care by single year of age in the Netherlands: spending per inhabitant, and youths with care",
        ("measure", "age"),
        (
            Column("measure", "text", "what is measured: EUR per inhabitant of that age in the year, or youths with "
                   "care in kind on 31 December", allowed=("spending_eur_per_inhabitant", "youths_with_care")),
            year(),
            Column("age", "integer", "years of age; youths_with_care at 19 are those of 19 and over", unit="year",
                   minimum=0),
            Column("value", "number", "value", minimum=0),
            STATUS,
        ),
        optional=True,
    ),
)  # fmt: skip
