"""What the page of one municipality or region is made of: its tables, its history and futures, and the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from analyse import compare, forecast, parameters, shared
from analyse.compare import choices, flags, form_costs, overview
from analyse.errors import ParameterError
from analyse.history import areas, panel
from analyse.history.breaks import touching
from analyse.need import expected_use
from analyse.parameters import Break, Run
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.pages import budget_cycle, care_form_costs, not_delivered, provenance
from analyse.present.text import facts, sentences
from analyse.scenario import Inputs
from analyse.sources import snapshot


@dataclass(frozen=True)
class Area:
    """One area beside its reference: a municipality beside its region, a region beside all regions together."""

    code: str
    name: str
    reference: str
    beside: str
    """Codes and names of both."""
    members: list[str]
    """The municipality codes of the area itself."""
    package: Mapping[str, Any]
    """Of the dataset: its version and the day it was made."""
    tables: Mapping[str, pd.DataFrame]
    nearby: Mapping[str, pd.DataFrame]
    """Of the run, and of the municipalities that are compared only."""
    past: pd.DataFrame
    """As ``own``, of both areas."""
    own: pd.DataFrame
    future: pd.DataFrame
    expected: pd.DataFrame
    budgeted: pd.DataFrame
    """Rows of the area from ``panel.by_area``, ``forecast.by_area``, ``forecast.quantiles`` and
    ``forecast.chance_budget_exceeded``."""
    fair: pd.DataFrame
    """The measures to compare by, of both areas."""
    evidence: facts.Evidence
    """What the first screen says."""

    @property
    def this_year(self) -> int:
        """The year that the figures were put together in."""
        return int(self.package["created"][:4])

    @cached_property
    def costs(self) -> pd.DataFrame:
        """``compare.form_costs.costs_by_form`` of the area."""
        return form_costs.costs_by_form(self.nearby, self.own, {self.code: self.members})

    def breaks(self, measure: str) -> list[Break]:
        """The declared breaks in a chart of ``costs`` or ``usage``; of a region those of its municipalities."""
        declared = list(parameters.breaks())
        if len(self.members) == 1:
            return declared
        shown = range(int(self.own["period"].min()), int(self.future["period"].max()) + 1)
        return touching(declared, self.members, measure, shown)

    @property
    def last(self) -> int:
        """The year of the last accounts; where these were not delivered, the first year that is estimated instead."""
        return budget_cycle.base_year(self.future)

    def about(self, run: Run) -> dict[str, Any]:
        """What the head of the page says of the figures."""
        return {
            "data_date": self.package["created"],
            "figures": facts.dates(self.past, self.code),
            "composition": (run.composition, run.composition_year),
            "banner": sentences.paragraph(
                self._counted(run), provenance.own_assumptions(run.assumptions, language=run.language)
            ),
        }

    def rates_beside_country(self, run: Run) -> pd.DataFrame:
        """``compare.measures`` of both areas, with the Netherlands as one area more."""
        return pd.concat([compare.measures(self.past), shared.read("country", run)], ignore_index=True)

    def _counted(self, run: Run) -> str:
        """Which municipalities have accounts in the figures and which do not, where they differ."""
        if len(self.members) == 1:
            there = self.past[self.past["area_code"].eq(self.reference)]
            return not_delivered.by_municipality(self.own, there, area=self.name, language=run.language)
        ahead = set(self.future.loc[self.future["stage"].ne("observed"), "period"])
        partly = set(self.own.loc[self.own["cost_eur"].notna(), "period"]) & ahead
        local = shared.read("past", run, self.members) if partly else self.own
        return not_delivered.by_year(local, partly, language=run.language)

    @cached_property
    def enough(self) -> pd.DataFrame:
        """What is enough for the budgets that lie ahead, see ``budget_cycle.amounts``."""
        return budget_cycle.amounts(self.future, self.budgeted, self.this_year)

    def cycle(self, *, language: str = "nl") -> Exhibit:
        """The budgets that the council decides on, see ``budget_cycle.cycle``."""
        about = {"area": self.name, "this_year": self.this_year, "enough": self.enough}
        return budget_cycle.cycle(self.future, self.budgeted, **about, language=language)

    def money(self, inputs: Inputs, year: int, *, language: str = "nl") -> list[Exhibit]:
        """Where the money goes: by form of care, and by who buys it; see ``care_form_costs``.

        Parameters
        ----------
        inputs : Inputs
            ``scenario.of`` the area.
        year : int
            Year of the forecast.
        """
        costs = self.costs
        return [
            care_form_costs.by_form(costs, inputs, year=year, language=language),
            care_form_costs.bought(costs, area=self.name, language=language),
        ]

    def made(self, samples: int, *, language: str = "nl") -> list[Exhibit]:
        """How the page was made: method, breaks and sources."""
        return [
            provenance.method(samples, language=language),
            provenance.breaks(parameters.breaks(), self.members, language=language),
            provenance.sources(self.package, method_beside=True, language=language),
        ]


def read(run: Run, asked: str) -> Area:
    """Gather what the page of an area is made of.

    Parameters
    ----------
    run : Run
        The choices of the notebook.
    asked : str
        Code or name of a municipality, or code of a region.

    Raises
    ------
    ParameterError
        If no area of the dataset is called so.
    """
    tables = nearby = shared.tables(run)
    regions = compare.members(tables, "region", run.composition_year)
    if asked in regions:
        code, reference = asked, areas.ALL
        inside = {code: list(regions[code]), reference: areas.municipalities(tables)}
    else:
        code = areas.resolve(tables, asked)
        reference = areas.region_of(tables, code, run.composition_year)
        inside = {code: [code], reference: list(regions[reference])}
        nearby = shared.tables(run, inside[reference])
    both = [code, reference]
    past, future, fair = (shared.read(name, run, both) for name in ("past", "future", "fair"))
    names = {one: areas.name(tables, one) for one in both}
    return _area(run, names, inside, (tables, nearby), (past, future, fair))


def of_group(run: Run) -> Area:
    """Gather what the page of an own group of municipalities is made of: ``run.group``, with ``run.members``.

    The group is compared with all municipalities of the run together. Its futures are the sums of those of its
    municipalities within each sample, so that it adds up with the pages of these.

    Raises
    ------
    ParameterError
        If the group has no municipalities, or one that is not in the regions of the run.
    """
    tables, code, reference = shared.tables(run), run.group, areas.ALL
    inside = {code: list(run.members), reference: areas.municipalities(tables)}
    absent = sorted(set(run.members) - set(inside[reference]))
    if not code or not run.members or absent:
        said = f"{', '.join(absent)} is not in the regions of this run" if absent else "it has no members"
        raise ParameterError(f"group {code!r}: {said}; see `groups:` in parameters/run.yaml")
    groups, named = {code: inside[code]}, {"area_code": "municipality_code", "area": "municipality"}
    whole = [shared.read(name, run, [reference]) for name in ("past", "future", "fair")]
    local = shared.read("past", run, inside[code]).rename(columns=named)
    past = pd.concat([panel.by_area(local, "group", groups=groups), whole[0]], ignore_index=True)
    paths = shared.read("future", run, inside[code]).rename(columns=named)
    future = pd.concat([forecast.by_area(paths, "group", groups=groups), whole[1]], ignore_index=True)
    fair = pd.concat(
        [overview.measured(past[past["area_code"].eq(code)], tables, groups), whole[2]], ignore_index=True
    )
    names = {code: code, reference: areas.name(tables, reference)}
    return _area(run, names, inside, (tables, tables), (past, future, fair))


def _area(
    run: Run,
    names: Mapping[str, str],
    inside: Mapping[str, list[str]],
    read_from: tuple[Mapping[str, pd.DataFrame], Mapping[str, pd.DataFrame]],
    figures: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
) -> Area:
    """Put an area together: names and members of it and of its reference, tables (of the run, nearby), and figures."""
    (code, reference), (tables, nearby), (past, future, fair) = names, read_from, figures
    summary, risk = forecast.quantiles(future), forecast.chance_budget_exceeded(future, past)
    fair = flags.flagged(fair, choices.flags(), inside)
    residential = compare.residential_share(nearby, inside)
    own, ahead, expected, budgeted = (
        rows[rows["area_code"].eq(code)] for rows in (past, future, summary, risk)
    )
    return Area(
        code=code,
        name=names[code],
        reference=reference,
        beside=names[reference],
        members=inside[code],
        package=snapshot.package(run.dataset),
        tables=tables,
        nearby=nearby,
        past=past,
        own=own,
        future=ahead,
        expected=expected,
        budgeted=budgeted,
        fair=fair,
        evidence=facts.Evidence(
            past,
            summary,
            risk,
            residential,
            parameters.breaks(),
            choices.flags(),
            inside,
            fair,
            _usual(run, code),
        ),
    )


def _usual(run: Run, code: str) -> pd.DataFrame:
    """The range of use of four in five areas with such a population, by year."""
    if code == run.group:
        every = shared.read("expected", run)
        found = expected_use.regions(
            every[every["municipality_code"].isin(run.members)].assign(region_code=code)
        )
        regional = expected_use.regions(every).drop_duplicates("period").set_index("period")
        for end in ("usual_low", "usual_high"):  # as far as regions lie from what is expected of them
            found[end] = found["expected"] * found["period"].map(regional[end] / regional["expected"])
    elif areas.is_region(code):
        found = expected_use.regions(shared.read("expected", run))
        found = found[found["region_code"].eq(code)]
    else:
        found = shared.read("expected", run, [code])
        found = found[found["municipality_code"].eq(code)]
    return found[["period", "usual_low", "usual_high"]].dropna().assign(area_code=code)
