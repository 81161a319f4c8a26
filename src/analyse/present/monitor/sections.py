"""Parts of a page in one call: what the room ``monitor`` makes of a store, and what is shown of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.history import areas, completion
from analyse.monitor import (
    agreed_framework,
    breakdown,
    category_plans,
    contract_terms,
    duration,
    early_warning,
    flows,
    inputs,
    integrity_trends,
    waiting,
)
from analyse.monitor.inputs import Inputs
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.monitor import (
    agreed_terms,
    attention,
    expected_year,
    ledger,
    residence_table,
    rule_hits,
    warnings,
)
from analyse.present.monitor.page import Page
from analyse.sources.declarations import contracts as agreed


def first(
    seen: Inputs,
    page: Page,
    *,
    area: str,
    tables: Mapping[str, pd.DataFrame],
    track: pd.DataFrame,
    room: pd.DataFrame,
) -> tuple[Exhibit, ...]:
    """The first screen: five figures, and what asks for attention this month.

    Parameters
    ----------
    seen : Inputs
        The declarations.
    page : Page
        The page.
    area : str
        Code of the area.
    tables : mapping of DataFrame
        Of the dataset, for the municipalities of the area and its region.
    track : DataFrame
        ``monitor.year_end.track``.
    room : DataFrame
        ``monitor.room.youths_at_risk``.
    """
    members = inputs.members(tables, area)
    youths = tuple(seen.quantities_until(year, members).all_youths for year in (seen.year, seen.year - 1))
    asks = attention.attention(
        page,
        track=track,
        room=room,
        calendar=contract_terms.calendar(seen.contracts["calendar"], seen.last_day),
        inflow=_watched(seen, area, tables),
        waits=_waits(seen, members),
        misplaced=_misplaced(seen, page, members),
        missing=agreed.absent(seen.contracts),
    )
    return attention.figures(track, page, youths=youths), asks


def year_in_parts(
    seen: Inputs,
    found: completion.Uncertain,
    page: Page,
    *,
    area: str,
    tables: Mapping[str, pd.DataFrame],
    samples: int,
    rng: np.random.Generator,
) -> Iterator[Exhibit]:
    """The year-end forecast by care form, of a region by municipality too, and which tables of contracts are missing.

    Parameters
    ----------
    seen, page, area, tables
        As for ``first``.
    found : Uncertain
        ``monitor.year_end.known``.
    samples : int
        Joint samples.
    rng : Generator
        Source of the random numbers.
    """
    members = inputs.members(tables, area)
    sampling = {"members": members, "samples": samples, "rng": rng}
    youths = {
        "care_form": seen.quantities_until(seen.year, members).by("care_form"),
        "municipality_code": seen.youths_of_each(members),
    }
    for column in ["care_form", "municipality_code"] if len(members) > 1 else ["care_form"]:
        apart = page.apart.get(column, ())
        parts = breakdown.by(found, seen.contracts, column, youths=youths[column], apart=apart, **sampling)
        yield expected_year.parts(parts, page, called={code: areas.name(tables, code) for code in members})
    yield ledger.missing(agreed.absent(seen.contracts), page)


def framework(seen: Inputs, members: Sequence[str], page: Page, *, year: int) -> Iterator[Exhibit]:
    """The agreed framework beside what happens, by form or product and by provider; nothing without framework.csv.

    Parameters
    ----------
    seen, page
        As for ``first``.
    members : sequence of str
        The municipalities of the page.
    year : int
        Year of care, for the volume a week.
    """
    told = seen.contracts["framework"]
    started = seen.started(members)
    if told.empty or started.empty:
        return
    durations = duration.observed(started, seen.last_day)
    yield agreed_terms.framework(
        agreed_framework.beside(told, durations, seen.declared(members).delivered(year)), page
    )
    providers = agreed_framework.by_provider(told, duration.funnel(durations))
    if len(providers):
        yield agreed_terms.framework_providers(providers, page)


def contracts(
    seen: Inputs,
    page: Page,
    *,
    area: str,
    tables: Mapping[str, pd.DataFrame],
    per_provider: completion.Uncertain,
    year: int,
    samples: int,
    rng: np.random.Generator,
) -> Iterator[Exhibit]:
    """How care is divided over providers, the calendar of contracts, and what proposed tariffs cost.

    Parameters
    ----------
    seen, page, area, tables, samples, rng
        As for ``year_in_parts``.
    per_provider : Uncertain
        ``monitor.room.looked_back``.
    year : int
        The last whole year, of which care is divided.
    """
    members = inputs.members(tables, area)
    last = seen.whole_year(year, members)
    if len(last.cells) and not page.few(year):
        divided = contract_terms.concentration(seen.by_form_and_provider(year, members))
        yield agreed_terms.concentration(divided, page, youths=last.by("care_form"))
    running = contract_terms.calendar(seen.contracts["calendar"], seen.last_day)
    if len(running):
        yield agreed_terms.calendar(running, page)
    own = seen.cells[seen.cells["municipality_code"].isin(members)]
    proposals = seen.contracts["proposals"]
    cost = contract_terms.effects(proposals, per_provider, own, samples=samples, rng=rng)
    if len(cost):
        called = {code: areas.name(tables, code) for code in members}
        closed = category_plans.closed_providers(seen, area, tables)
        yield agreed_terms.tariff_effects(cost, page, closed=closed, called=called)


def arrivals(
    seen: Inputs, page: Page, *, area: str, tables: Mapping[str, pd.DataFrame]
) -> tuple[Exhibit, ...]:
    """Waiting by provider, and whether more or fewer youths come in than was expected.

    Parameters
    ----------
    seen, page, area, tables
        As for ``first``.
    """
    members = inputs.members(tables, area)
    norm = inputs.norms()["waiting_weeks"].value
    waits = agreed_terms.waits_by_provider(_waits(seen, members), page, norm_weeks=norm)
    return waits, warnings.warnings(_watched(seen, area, tables), page)


def checks(seen: Inputs, members: Sequence[str], page: Page, *, year: int) -> tuple[Exhibit, ...]:
    """What the integrity rules find, by rule with its trend and by provider, and who should pay by residence.

    Parameters
    ----------
    seen, members, page
        As for ``framework``.
    year : int
        Year of care.
    """
    found = seen.integrity(members)
    lately = found.lately_lines, found.lately
    rules = integrity_trends.by_rule(found.totals, found.checked_lines, found.found, year=year, lately=lately)
    firms = integrity_trends.by_provider(found.found, year=year)
    told = len(seen.contracts["postcodes"])
    return (
        rule_hits.rules(rules, found.rules, page, year=year),
        rule_hits.providers(firms, found.rules, page, year=year),
        residence_table.residence(_residence(seen, members, year), page, year=year, postcodes=bool(told)),
    )


def _residence(seen: Inputs, members: Sequence[str], year: int) -> pd.DataFrame:
    judged = seen.residence(members)
    return judged[judged["year"].eq(year)]


def _misplaced(seen: Inputs, page: Page, members: Sequence[str]) -> pd.DataFrame:
    """Who should pay the last whole year; no rows where these would tell what fewer than ten youths cost."""
    year = seen.settled_year(members)
    found = residence_table.shown(_residence(seen, members, year), page)
    return found.iloc[:0] if page.few(year) else found


def _waits(seen: Inputs, members: Sequence[str]) -> pd.DataFrame:
    """Waiting by provider; of a region without those of which it would tell the few in its municipalities."""
    return seen.once("waits", members, lambda: _waiting_shown(seen, members))


def _waiting_shown(seen: Inputs, members: Sequence[str]) -> pd.DataFrame:
    norm, started = inputs.norms()["waiting_weeks"].value, seen.started(members)
    found = waiting.by_provider(started, seen.last_day, norm_weeks=norm)
    until, allocated = pd.Timestamp(seen.last_day), pd.to_datetime(started["allocated_on"])
    recent = started[(allocated > until - pd.DateOffset(years=1)) & (allocated <= until)]
    return small_cells.without_told(found, recent, ["provider"])


def _watched(seen: Inputs, area: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The newest month of every series that is watched (``monitor.early_warning.shown``).

    Of a municipality the inflow of its whole region is watched too, where the store has all of it.
    """
    return seen.once("watched", [area], lambda: _watched_shown(seen, area, tables))


def _watched_shown(seen: Inputs, area: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    members = inputs.members(tables, area)
    region = inputs.members(tables, areas.region_of(tables, area)) if area.startswith("GM") else []
    around = len(region) > 1 and set(region) <= set(seen.cells["municipality_code"])
    first_month = max(seen.first_month(members), f"{seen.year - early_warning.BASE_YEARS}-01")
    span = {"by": ["care_form"], "first": first_month, "last": seen.cut_off}
    found = early_warning.watched(
        flows.monthly(seen.started(members), **span),
        year=seen.year,
        first=first_month,
        wider=flows.monthly(seen.started(region), **span) if around else None,
        reported=seen.reported(),
        prices=seen.declared(members).price_growth(),
    )
    return early_warning.shown(found)
