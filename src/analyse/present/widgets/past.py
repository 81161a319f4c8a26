"""Explorers of the past: measures over the years, and rows of the source tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

import pandas as pd

from analyse import compare, parameters, shared
from analyse.errors import ParameterError
from analyse.history import areas, panel
from analyse.parameters import Run
from analyse.present import figures
from analyse.present.exhibits import tables as shown_tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import measures
from analyse.present.pages import provenance
from analyse.present.text.language import N_, translator
from analyse.present.widgets import choice
from analyse.present.widgets.explorer import Explorer

Tables = Mapping[str, pd.DataFrame]

REGIONS = "regions"
RATES = (
    "cost_per_youth_eur",
    "budget_per_youth_eur",
    "clients_per_100_youths",
    "cost_per_client_eur",
    "cost_growth_fraction",
    "overspend_fraction",
)
"""Measures that ``compare.measures`` knows for every year and area."""
MOST_ROWS = 200
"""Largest number of rows shown; export more to a file."""


def of_measure(names: tuple[str, ...]) -> choice.Choice:
    """A measure, by what it is called."""
    options = tuple((measures.MEASURES[one].name, one) for one in names)
    return choice.Choice("measure", N_("Measure"), options, names[0])


def history(tables: Tables, run: Run) -> Explorer:
    """Measures over the years of one area beside its region, or of the regions of a run; beside both, the country.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> explored = history(snapshot.load(), Run(language="en"))
    >>> explored.choose(area="Delft", from_year=2023).frame.columns.tolist()[:3]
    ['Year', 'Delft', 'Haaglanden']
    """
    rates = cache(partial(_rates, tables, run))
    first = [(N_("the regions beside each other"), REGIONS)]
    periods = tables["costs"]["year"]
    chosen = (
        choice.of_area(tables, REGIONS, first=first),
        of_measure(RATES),
        *choice.of_years(int(periods.min()), int(periods.max())),
        choice.of_composition(run.composition),
        choice.of_language(run.language),
    )

    def view(
        *, area: str, measure: str, from_year: int, to_year: int, composition: str, language: str
    ) -> Exhibit:
        codes = list(areas.regions(tables)) if area == REGIONS else beside(tables, area, run.composition_year)
        codes += [areas.COUNTRY] * bool(run.regions)
        rows = choice.in_years(rates(composition), from_year, to_year)
        return figures.over_time(
            of_areas(rows, codes),
            measure=measure,
            chosen=area,
            language=language,
            breaks=breaks_of(tables, area, run.composition_year),
        )

    return Explorer(view, chosen)


def rows(tables: Tables, run: Run, package: Mapping[str, Any]) -> Explorer:
    """The rows of a table as the source has them, for one municipality and some years.

    Parameters
    ----------
    tables : mapping of DataFrame
        Tables of the dataset.
    run : Run
        With the composition year, and the language at first.
    package : mapping
        ``snapshot.package``: publishers of the tables.
    """
    titles = provenance.CONTENTS
    sources = {
        one["name"]: "; ".join(source["title"] for source in one["sources"]) for one in package["resources"]
    }
    by_place = [
        name
        for name in tables
        if len(tables[name]) and {"municipality_code", "year", "status"} <= set(tables[name])
    ]
    named = sorted((areas.name(tables, code), code) for code in areas.members(tables, areas.ALL))
    known = [code for _, code in named]
    municipality = run.municipality if run.municipality in known else known[0]
    listed = tables["municipalities"]["year"]
    first, last = choice.of_years(int(listed.min()), int(listed.max()))
    chosen = (
        choice.Choice("table", N_("Table"), tuple((titles.get(one, one), one) for one in by_place), "costs"),
        choice.Choice("municipality", N_("Municipality"), tuple(named), municipality),
        first,
        last,
        choice.of_language(run.language),
    )

    def view(*, table: str, municipality: str, from_year: int, to_year: int, language: str) -> Exhibit:
        found = tables[table].rename(columns={"year": "period"})
        found = choice.in_years(found[found["municipality_code"].eq(municipality)], from_year, to_year)
        return _listed(
            found,
            areas.name(tables, municipality),
            (titles.get(table, table), sources.get(table, "")),
            language,
        )

    return Explorer(view, chosen)


def of_areas(rows: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """The rows of some areas, in the order of ``codes``."""
    return pd.concat([rows[rows["area_code"].eq(code)] for code in codes])


def beside(tables: Tables, area: str, year: int) -> list[str]:
    """An area followed by the larger areas that contain it: municipality, region, all.

    Parameters
    ----------
    tables : mapping of DataFrame
        Tables of the dataset.
    area : str
        Code of a municipality or region, or ``ALL``.
    year : int
        Year of the regions.
    """
    if area == areas.ALL:
        return [area]
    if areas.is_region(area):
        return [area, areas.ALL]
    return [area, areas.region_of(tables, area, year), areas.ALL]


def breaks_of(tables: Tables, area: str, year: int) -> list[parameters.Break]:
    """The declared breaks that touch a municipality, or any municipality of a region.

    Parameters
    ----------
    tables, area, year
        As for ``beside``.
    """
    region = area if areas.is_region(area) else areas.ALL
    level = "all" if region == areas.ALL else "region"
    codes = {area} if area.startswith("GM") else set(compare.members(tables, level, year)[region])
    return [one for one in parameters.breaks() if not one.municipalities or codes & set(one.municipalities)]


def _rates(tables: Tables, run: Run, composition: str) -> pd.DataFrame:
    """``compare.measures`` of municipalities, regions, all together and the country (``compare.of_country``)."""
    history = panel.build(tables, composition=composition, composition_year=run.composition_year)
    levels = [panel.by_area(history, level) for level in ("municipality", "region", "all")]
    measured = [compare.measures(one) for one in levels]
    return pd.concat([*measured, shared.read("country", run)], ignore_index=True)


def _listed(found: pd.DataFrame, name: str, titled: tuple[str, str], language: str) -> Exhibit:
    words, (title, source) = translator(language), titled
    if found.empty:
        raise ParameterError(f"table: {title!r} has no rows of {name} in these years; choose others")
    shown = found.drop(columns="municipality_code").sort_values("period").head(MOST_ROWS)
    columns = {one: shown_tables.Column(one, _kind(found[one])) for one in shown}
    note = (
        words.gettext("The first {n} of {all} rows are shown.", n=MOST_ROWS, all=len(found))
        if len(found) > MOST_ROWS
        else ""
    )
    table = shown_tables.build(
        shown.rename(columns={"status": "status_of_row"}), _renamed(columns), f"{name}: {title}", language
    )
    return Exhibit("table", f"{name}: {title}", source=source, note=note, table=table, language=language)


def _renamed(columns: dict[str, shown_tables.Column]) -> dict[str, shown_tables.Column]:
    """``status`` under another name, since ``tables.build`` explains an empty ``x`` by ``x_status``."""
    return {"status_of_row" if name == "status" else name: one for name, one in columns.items()}


def _kind(column: pd.Series) -> str:
    if column.name == "period":
        return "year"
    if not pd.api.types.is_numeric_dtype(column):
        return "text"
    if str(column.name).endswith("_eur"):
        return "euro_exact"
    return "integer" if (column.dropna() % 1 == 0).all() else "decimal"
