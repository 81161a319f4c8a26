"""What the pages say about need: a municipality beside what is expected of it, its districts, and their futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analyse.compare import funnel as limits
from analyse.history import areas
from analyse.need import district_use, expected_use, single_years
from analyse.present import figures
from analyse.present.exhibits import cards
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.figures import beside_expected, by_age, maps
from analyse.present.text.language import N_, Words, translator

USE_AGAINST = "use_against_expected_percent"
NAMES = {
    "single_parent_percent": N_("families with one parent"),
    "recent_divorce_percent": N_("children whose parents parted in the last five years"),
    "parents_mental_care_percent": N_("parents with mental health care"),
    "income_support_households_percent": N_("households with income support"),
    "disability_percent": N_("inhabitants with a disability benefit"),
    "mean_income_eur": N_("mean income"),
    "home_value_thousand_eur": N_("value of homes"),
    "low_education_percent": N_("inhabitants with little education"),
    "special_primary_percent": N_("pupils in special primary education"),
    "non_western_percent": N_("inhabitants with a non-western background"),
    "christian_vote_percent": N_("votes for Christian parties"),
    "households_with_children": N_("households with children"),
    "address_density": N_("addresses around (town or country)"),
}
"""The signals of the model in plain words."""
HEADINGS = {
    0.5: N_("{what}, {year}: about"),
    0.1: N_("{what}, {year}: 80% interval from"),
    0.9: N_("{what}, {year}: 80% interval to"),
}
"""Quantile of the futures, and the heading of its column."""
LISTED = {
    "area": Column("Municipality"),
    "use": Column("Use per 100 youths", "decimal"),
    "expected": Column("Expected for these people", "decimal"),
    "expected_low": Column("80% interval from", "decimal"),
    "expected_high": Column("80% interval to", "decimal"),
    "usual_low": Column("Four of five such municipalities: from", "decimal"),
    "usual_high": Column("Four of five such municipalities: to", "decimal"),
    "apart": Column(
        "Difference",
        terms={
            "more": N_("more than four of five such municipalities"),
            "less": N_("less than four of five such municipalities"),
            "usual": N_("a usual difference"),
        },
    ),
}


def beside_region(
    found: pd.DataFrame, code: str, *, area: str, region: str, chart: bool = False, language: str = "nl"
) -> Exhibit:
    """Use of a municipality in the last year counted, beside what is expected and beside its region.

    Parameters
    ----------
    found : DataFrame
        ``shared.read("expected", ...)`` of the municipalities of its region.
    code : str
        The municipality.
    area, region : str
        Their names.
    chart : bool
        Whether the parts are drawn too; a table takes less room on a page.
    """
    words = translator(language)
    own = found[found["municipality_code"] == code].dropna(subset=["expected"]).sort_values("period")
    if own.empty:
        return _unknown(area, words)
    last = pd.concat([own.iloc[-1], pd.Series({"area": area})])
    parts = expected_use.beside_region(found, code, period=int(last["period"]))
    drawn = beside_expected.difference(parts, last, area=area, region=region, language=language)
    return drawn if chart else replace(drawn, kind="table", drawing=None, alt="")


def region_beside_country(found: pd.DataFrame, code: str, *, area: str, language: str = "nl") -> Exhibit:
    """Use of a region in the last year counted, beside what is expected and beside the Netherlands, as a table.

    Parameters
    ----------
    found : DataFrame
        ``shared.read("expected", ...)`` of the whole country.
    code : str
        The region.
    area : str
        Its name.
    """
    words = translator(language)
    whole = expected_use.regions(found)
    own = whole[whole["region_code"] == code].sort_values("period")
    if own.empty:
        return _unknown(area, words)
    last = own.iloc[-1]
    parts = expected_use.beside_country(found, code, period=int(last["period"]))
    country = words.gettext("the Netherlands")
    drawn = beside_expected.difference(parts, last, area=area, region=country, language=language)
    return replace(drawn, kind="table", drawing=None, alt="")


def _unknown(area: str, words: Words) -> Exhibit:
    """A sentence where nothing can be expected."""
    said = words.gettext("No use is published for {area}, so no expectation can be given.", area=area)
    return cards.text([said], title=words.gettext("Use and what is expected"), language=words.language)


def listed(found: pd.DataFrame, tables: Mapping[str, pd.DataFrame], *, language: str = "nl") -> Exhibit:
    """Municipalities by name with their use, what is expected, and where use with such people usually lies.

    Parameters
    ----------
    found : DataFrame
        ``shared.read("expected", ...)``.
    tables : mapping of DataFrame
        For the names of the municipalities.
    """
    words = translator(language)
    found, names = found.dropna(subset=["expected"]), areas.all_names(tables)
    if found.empty:
        said = words.gettext("No use is published for these municipalities, so no expectation can be given.")
        return cards.text([said], title=words.gettext("Use and what is expected"), language=language)
    year = int(found["period"].max())
    rows = found[found["period"] == year]
    rows = rows.assign(area=[words.gettext(names[code]) for code in rows["municipality_code"]]).sort_values(
        "area"
    )
    rows["apart"] = np.select(
        [rows["use"] > rows["usual_high"], rows["use"] < rows["usual_low"]], ["more", "less"], "usual"
    )
    apart = int(rows["apart"].ne("usual").sum())
    title = words.gettext(
        "Use and what is expected, {year}: {n} of {all} municipalities differ more than usual",
        year=year,
        n=apart,
        all=len(rows),
    )
    note = words.gettext(beside_expected.NOT_RIGHT)
    return Exhibit.of_table(
        rows, LISTED, title, language, note=note, source=words.gettext(beside_expected.SOURCES)
    )


def funnel(
    found: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    *,
    highlight: Sequence[str] = (),
    language: str = "nl",
) -> Exhibit:
    """The funnel of use against what is expected: 100 % is as expected.

    Parameters
    ----------
    found, tables
        As for ``listed``.
    highlight : sequence of str
        Codes of the municipalities that are named in the chart.
    """
    year = int(found["period"].max())
    rows = found[found["period"] == year].reset_index(drop=True)
    rows = rows.assign(area_code=rows["municipality_code"])
    odds = float(((100 - rows["expected"]) / rows["expected"]).median())
    rows = rows.assign(value=100 * rows["use"] / rows["expected"], size=rows["youths"])
    drawn = limits.Funnel("cost", 100.0, own=0.0, by_size=odds)
    drawn = drawn.with_spread(rows["value"].to_numpy(), rows["size"].to_numpy())
    return figures.funnel(
        drawn,
        drawn.beside(rows),
        areas.all_names(tables),
        measure=USE_AGAINST,
        period=year,
        highlight=highlight,
        language=language,
    )


def on_map(found: pd.DataFrame, tables: Mapping[str, pd.DataFrame], *, language: str = "nl") -> Exhibit:
    """The use of municipalities against what is expected of them, as a map of outlines.

    Parameters
    ----------
    found : DataFrame
        ``shared.read("expected", ...)`` of the municipalities to show.
    tables : mapping of DataFrame
        For the outlines, and the names of the municipalities.
    """
    found, called = found.dropna(subset=["expected"]), areas.all_names(tables)
    year = int(found["period"].max())
    rows = found[found["period"] == year]
    fair = pd.DataFrame(
        {
            "area_code": rows["municipality_code"],
            "period": year,
            "measure": USE_AGAINST,
            "value": 100 * rows["use"] / rows["expected"],
            "status": rows["clients_status"],
        }
    )
    names = {code: called[code] for code in fair["area_code"]}
    drawn = figures.outline_map(
        fair, tables["outlines"], names, measure=USE_AGAINST, period=year, language=language
    )
    said = translator(language).gettext(beside_expected.NOT_RIGHT)
    return replace(drawn, note=f"{drawn.note} {said}")


def district_map(
    rows: pd.DataFrame, outlines: pd.DataFrame, *, area: str, language: str = "nl"
) -> list[Exhibit]:
    """The use of each district on a map; nothing where no outlines of these districts were downloaded.

    Parameters
    ----------
    rows : DataFrame
        As for ``figures.beside_expected.districts``; a hidden district stays white.
    outlines : DataFrame
        The table ``district_outlines``.
    area : str
        Name of the municipality.
    """
    words = translator(language)
    rows = rows.sort_values("district").reset_index(drop=True)
    drawn = outlines.drop(columns="municipality_code").rename(columns={"district_code": "municipality_code"})
    shapes = maps.shapes(drawn, rows["district_code"])
    if not shapes:
        return []
    values = rows["middle"].where(rows["with_care"].notna()).set_axis(rows["district_code"])
    shown = pd.DataFrame({"area_code": list(shapes)})
    named = rows.set_index("district_code")["district"]
    shown = shown.assign(area=shown["area_code"].map(named), value=shown["area_code"].map(values))
    year = int(rows["year"].iloc[0])
    table = beside_expected.district_table(rows, area=area, words=words)
    there = drawn[drawn["municipality_code"].isin(list(shapes))]
    return [
        Exhibit(
            kind="figure",
            title=words.gettext(
                "{area}, {year}: youths with care per 100 by district", area=words.gettext(area), year=year
            ),
            alt=words.gettext(
                "Map of {n} districts; darker is more. The table holds the same figures.", n=len(shown)
            ),
            source=f"{words.gettext(beside_expected.SOURCES)}. {words.gettext(maps.SOURCE)}",
            note=words.gettext(
                "Count and expectation taken together, as in the chart above, which has the intervals: districts whose "
                "bars overlap there cannot be told apart by their colour here. White: hidden or not known."
            ),
            drawing=maps.figure(shown, shapes, there, table, "decimal", words),
            table=table,
            language=language,
        )
    ]


def coefficients(table: pd.DataFrame, *, language: str = "nl") -> Exhibit:
    """What each signal does, in words and per cent.

    ``table`` is ``need.expected_use.in_words``.
    """
    words = translator(language)
    shown = {
        "signal": Column("One standard deviation more of", terms=NAMES),
        "percent": Column("Odds of use, per cent more or less", "percent1"),
        "low": Column("80% interval from", "percent1"),
        "high": Column("80% interval to", "percent1"),
    }
    first = words.gettext(NAMES[str(table["signal"].iloc[0])])
    title = words.gettext("What use goes with most: {signal}", signal=first)
    note = words.gettext(
        "All else equal, between districts in the whole country. This shows what goes together, not what causes what."
    )
    return Exhibit.of_table(table, shown, title, language, note=note)


def futures(
    rows: pd.DataFrame,
    future: pd.DataFrame,
    *,
    years: Sequence[int],
    area: str,
    rng: np.random.Generator,
    language: str = "nl",
) -> Exhibit:
    """Use and costs of each district in coming years: its part of the municipality's futures.

    Parameters
    ----------
    rows : DataFrame
        Districts of one municipality in the last year, from ``need.district_use.shown``.
    future : DataFrame
        ``shared.read("future", ...)`` of the municipality.
    years : sequence of int
        Years to show.
    area : str
        Name of the municipality.
    rng : Generator
        Random numbers.
    """
    words = translator(language)
    rows = rows.sort_values("district").reset_index(drop=True)
    since, seen = int(rows["year"].iloc[0]), rows["with_care"].notna().to_numpy()
    names = [
        *rows.loc[seen, "district"],
        *([words.gettext("districts with a hidden number, together")] if not seen.all() else []),
    ]
    table = pd.DataFrame({"district": names})
    shown = {"district": Column("District", language="nl")}
    kinds = {"clients": (N_("youths with care"), "about"), "cost_eur": (N_("costs"), "euro")}
    for measure, (name, kind) in kinds.items():
        wide = future[future["period"].isin(years)].pivot(index="period", columns="sample", values=measure)
        if wide.isna().all(axis=None) or wide.empty:
            continue
        moves, ahead = float(rows["moves"].iloc[0]), [int(one) - since for one in wide.index]
        parts = district_use.futures(rows, wide.to_numpy(), moves, rng=rng, ahead=ahead)
        for place, year in enumerate(wide.index):
            for quantile, heading in HEADINGS.items():
                column = f"{measure} {year} {quantile}"
                table[column] = np.quantile(_together(parts[:, place], seen), quantile, axis=1)
                label = words.gettext(heading, what=words.gettext(name), year=int(year))
                shown[column] = Column(f"{label[:1].upper()}{label[1:]}", kind, digits=EXPECTED)
    title = words.gettext("What the districts of {area} may come to", area=words.gettext(area))
    note = words.gettext(
        "Each district has its part of every future of the municipality, so in each future districts add up "
        "to it. What one youth with care costs is not known for any district: costs follow the number of "
        "youths."
    )
    return Exhibit.of_table(table, shown, title, language, note=note)


def population(
    counts: pd.DataFrame,
    history: pd.DataFrame,
    bands: pd.DataFrame,
    *,
    area: str,
    base: int,
    language: str = "nl",
) -> list[Exhibit]:
    """Costs by single year of age, and what the population alone does.

    Parameters
    ----------
    counts : DataFrame
        ``shared.read("ages", ...)`` of one municipality.
    history : DataFrame
        ``shared.read("past", ...)`` of it.
    bands : DataFrame
        ``compare.mix`` of its youths by age.
    area : str
        Name of the municipality.
    base : int
        Year of the last accounts.
    """
    own = single_years.own_profile(counts, bands)
    now = counts[counts["period"] == base].set_index("age")["count"]
    effect = single_years.effect(own, counts, base=base)
    shown = [by_age.population(effect, area=area, base=base, language=language)]
    spent = float(history.set_index("period")["cost_eur"].loc[base])
    clients = history.dropna(subset=["clients"]).sort_values("period")["clients"]
    if len(clients) and spent > 0:
        rows = single_years.of_area(own, now, clients=float(clients.iloc[-1]), cost_eur=spent)
        shown.append(by_age.ages(rows, area=area, year=base, language=language))
    return shown


def _together(parts: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Samples of the districts shown, and below them those of all others added up."""
    return parts if seen.all() else np.vstack([parts[seen], parts[~seen].sum(axis=0)])


def district_list(rows: pd.DataFrame, *, area: str, language: str = "nl") -> Exhibit:
    """Districts of one year as a table.

    Parameters
    ----------
    rows : DataFrame
        As for ``figures.beside_expected.districts``.
    area : str
        Name of the municipality.
    """
    words = translator(language)
    rows = rows.sort_values("district").reset_index(drop=True)
    table = beside_expected.district_table(rows, area=area, words=words)
    return Exhibit(
        "table", table.caption, table=table, language=language, source=words.gettext(beside_expected.SOURCES)
    )
