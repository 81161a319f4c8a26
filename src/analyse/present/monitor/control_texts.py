"""The texts of the control cycle that declarations add to: the interim report, and why the accounts differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analyse.history import areas
from analyse.monitor import category_plans, few_in_period, inputs, q_analysis, year_end
from analyse.monitor.inputs import Inputs
from analyse.parameters import Run
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import SIMULATED, Exhibit
from analyse.present.monitor import expected_year, sections
from analyse.present.monitor.page import Page
from analyse.present.monitor.quantities import quantities
from analyse.present.text import formats


def interim(run: Run, published: Mapping[str, pd.DataFrame]) -> list[Exhibit]:
    """The text for the interim report on declarations, with the tables that its numbers come from.

    Nothing without declarations: figures made up for the occasion have no place in a report to a council. Nothing
    either for an area of which a municipality has no lines.

    Parameters
    ----------
    run : Run
        Names the area and the folder of the declarations.
    published : mapping of DataFrame
        The tables of the dataset.
    """
    found = _found(run, published)
    if found is None:
        return []
    seen, members, page = found
    sampling = {"members": members, "samples": run.samples, "rng": run.rng("year end", run.area)}
    track = few_in_period.track(seen, months=2, **sampling)
    completion = year_end.known(seen.cells, seen.cut_off, members=members)
    parts = sections.year_in_parts(
        seen,
        completion,
        page,
        area=run.area,
        tables=published,
        samples=run.samples,
        rng=sampling["rng"],
    )
    return [_labelled(expected_year.finding(track, page), page), _behind(track, page), *parts]


def _labelled(shown: Exhibit, page: Page) -> Exhibit:
    """A text that says of simulated declarations that they are, also when it is copied."""
    if not page.simulated:
        return shown
    label = f"{page.words.gettext(SIMULATED)}."
    return replace(shown, content={**shown.content, "paragraphs": [label, *shown.content["paragraphs"]]})


def _behind(track: pd.DataFrame, page: Page) -> Exhibit:
    """Every number of the finding on a year, in a table; a month in each row."""
    words, now = page.words, track.iloc[-1]
    chances = [
        f"{formats.chance(one, page.language)} ({formats.likelihood(one, page.language)})"
        if formats.known(one)
        else formats.unknown(page.language)
        for one in track["probability"]
    ]
    shown = track.assign(
        month=[page.month(one) for one in track["cut_off"]],
        share_status=track["declared_eur_status"],
        share=100 * track["declared_eur"] / track["completed_eur"].where(track["completed_eur"] > 0),
        chance=chances,
    )
    columns = {
        "month": tables.Column("Declared up to and including"),
        "declared_eur": tables.Column("Declared", "euro"),
        "share": tables.Column("Part of what it will cost", "percent"),
        "mean": tables.Column("Forecast for the year", "euro"),
        **expected_year.EUROS_80,
        "budget_eur": tables.Column("Budget", "euro"),
        "chance": tables.Column("Chance of spending more"),
    }
    title = words.gettext("{area}: declarations of {year}", area=page.area, year=int(now["year"]))
    note = words.gettext("The forecast of each month is made with what was known then.")
    return page.table(shown, columns, title, note=note)


def difference(run: Run, published: Mapping[str, pd.DataFrame]) -> list[Exhibit]:
    """What changed the costs of the last whole year of declarations: youths, trajectories, mix, volume and tariff.

    Parameters
    ----------
    run, published
        As for ``interim``.
    """
    found = _found(run, published)
    if found is None:
        return []
    seen, members, page = found
    year = seen.settled_year(members)
    before, now = (seen.whole_year(one, members) for one in (year - 1, year))
    return [quantities(q_analysis.split(before, now), page, years=(year - 1, year), whole=True)]


def _found(run: Run, published: Mapping[str, pd.DataFrame]) -> tuple[Inputs, list[str], Page] | None:
    """The declarations of an area; None where there are none of one of its municipalities."""
    if not (run.declarations and inputs.found(run.declarations)):
        return None
    seen, members = inputs.choose(run, published), inputs.members(published, run.area)
    if not set(members) <= set(seen.cells["municipality_code"]):
        return None
    return (
        seen,
        members,
        Page(
            areas.name(published, run.area),
            bool(seen.about["simulated"]),
            run.language,
            seen.months(members),
            category_plans.apart(seen, run.area, published),
            seen.providers,
        ),
    )
