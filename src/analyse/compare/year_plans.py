"""Plans of a year: what a region or municipality promised, and which of it the figures of that year can show.

A plan is judged on the figures up to and including its year, as the monitor of the visions judges them
(``compare.vision``): a movement needs an interval that excludes no change, and years that are counted differently are
not compared. A figure that is not there yet gives no verdict.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import Field, model_validator

from analyse import store
from analyse.compare import choices, vision
from analyse.errors import ParameterError
from analyse.parameters import BothLanguages, Strict, near, once, read_declared, validated

FOLDER = "plans"
LATE, UNSEEN, NO_FIGURE, SINGLE = "late", "unseen", "no figure", "single"
"""Verdicts besides the movements of ``vision.monitor``: the figure of the year is not there yet; no indicator shows it;
the indicator has no figure, or only one."""


class Measure(Strict):
    """What was promised; see ``parameters/plans/``."""

    id: str
    title: BothLanguages
    who: BothLanguages
    expected: BothLanguages
    indicator: str | None = None
    """What would show it, one of ``parameters/vision/indicators.yaml``; none where nothing measured does."""
    target: float | None = None
    """What the indicator should be in the year of the plan, in its unit."""
    budget_eur: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _target_of_something(self) -> Measure:
        if self.target is not None and self.indicator is None:
            raise ValueError(f"{self.id}: a target needs the indicator that it is of")
        return self


class YearPlan(Strict):
    """The plan of one year of an area; ``source`` is the decision, ``example`` marks one that is made up."""

    area_code: Annotated[str, Field(pattern=r"^(GM\d{4}|JZ\d{2})$")]
    year: Annotated[int, Field(ge=2015, le=2050)]
    title: BothLanguages
    source: str
    measures: Annotated[list[Measure], Field(min_length=1)]
    example: bool = False
    budget_eur: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _once(self) -> YearPlan:
        ids = [one.id for one in self.measures]
        doubles = sorted({name for name in ids if ids.count(name) > 1})
        targets = [one.indicator for one in self.measures if one.target is not None]
        twice = sorted({str(name) for name in targets if targets.count(name) > 1})
        if doubles or twice:
            raise ValueError(f"measures named twice {doubles}; indicators with two targets {twice}")
        return self

    def followed(self, region: str) -> choices.Vision:
        """The indicators and targets of the plan as a vision, which the monitor of visions follows.

        Parameters
        ----------
        region : str
            Code of the region of the area; what it published itself on these indicators comes along.
        """
        known = {one.id: one for one in read_declared(list[choices.Indicator], "vision/indicators.yaml")}
        ids = list(dict.fromkeys(one.indicator for one in self.measures if one.indicator))
        own = choices.visions().get(region)
        published = own.published if own is not None and self.area_code == region else []
        return choices.Vision(
            region=region,
            title=self.title,
            source=self.source,
            ambitions=[
                choices.Ambition(id=FOLDER, title=self.title, action_lines=[], indicators=ids or ["use"])
            ],
            targets=[
                choices.Target(
                    indicator=one.indicator,
                    area_code=self.area_code,
                    year=self.year,
                    value=one.target,
                    source=self.source,
                )
                for one in self.measures
                if one.target is not None
            ],
            published=[one for one in published if one.indicator in ids],
            known=known,
        )


def plans() -> dict[str, YearPlan]:
    """The plans in ``parameters/plans/`` by the name of their file.

    Raises
    ------
    ParameterError
        If a file is wrong, or names an indicator that ``vision/indicators.yaml`` does not have.

    Examples
    --------
    >>> {name: (plan.year, len(plan.measures)) for name, plan in plans().items() if not plan.example}
    {'haaglanden-2022': (2022, 16), 'holland-rijnland-2020': (2020, 5)}
    """
    folder = store.root() / "parameters" / FOLDER
    return once(FOLDER, lambda: _plans(folder), *sorted(folder.glob("*.yaml")))


def _plans(folder: Path) -> dict[str, YearPlan]:
    known = [one.id for one in read_declared(list[choices.Indicator], "vision/indicators.yaml")]
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        plan = validated(YearPlan, store.read_yaml(path), f"{FOLDER}/{path.name}")
        for one in plan.measures:
            if one.indicator is not None and one.indicator not in known:
                raise ParameterError(
                    f"{FOLDER}/{path.name}: {one.id}: no indicator {one.indicator!r}{near(one.indicator, known)}"
                )
        found[path.stem] = plan
    return found


def judged(
    plan: YearPlan,
    declared: choices.Vision,
    figures: pd.DataFrame,
    *,
    members: Collection[str],
    grounds: Mapping[str, Any],
) -> pd.DataFrame:
    """The indicators of a plan on the figures up to its year.

    Parameters
    ----------
    plan : YearPlan
        The plan.
    declared : choices.Vision
        ``plan.followed``.
    figures : DataFrame
        As ``fair`` of ``vision.monitor``, of all years.
    members : collection of str
        The municipality codes of the area.
    grounds : mapping
        flags, noise and price_growth, as ``vision.monitor`` takes them.

    Returns
    -------
    DataFrame
        As from ``vision.monitor``, with verdict: the movement, or ``LATE`` where the last figure is of an earlier year
        (the movement is empty then, and so is whether the target is met), or ``SINGLE`` or
        ``NO_FIGURE``.
    """
    until = figures[figures["period"] <= plan.year]
    rows = vision.monitor(declared, until, plan.area_code, members=members, **grounds)
    there = rows["value"].notna() | rows["low"].notna()
    late = there & rows["period"].lt(plan.year)
    single = rows["movement"].eq("") & rows["direction"].ne("no direction") & rows["previous_period"].isna()
    verdict = rows["movement"].where(~single, SINGLE).where(~late, LATE).where(there, NO_FIGURE)
    return rows.assign(
        verdict=verdict,
        movement=rows["movement"].where(~late, ""),
        target_met=rows["target_met"].where(~late, None),
    )


def by_measure(plan: YearPlan, found: pd.DataFrame) -> pd.DataFrame:
    """A row for each measure: its id, indicator, verdict, period and value, and whether its target is met.

    Parameters
    ----------
    plan : YearPlan
        The plan.
    found : DataFrame
        From ``judged``.
    """
    rows = found.set_index("indicator")
    listed = []
    for one in plan.measures:
        row = {"measure": one.id, "indicator": one.indicator or "", "verdict": UNSEEN}
        if one.indicator is not None:
            own = rows.loc[one.indicator]
            row |= {name: own[name] for name in ("verdict", "period", "value")}
            row["target_met"] = own["target_met"] if one.target is not None else None
        listed.append(row)
    return pd.DataFrame(listed, columns=["measure", "indicator", "verdict", "period", "value", "target_met"])
