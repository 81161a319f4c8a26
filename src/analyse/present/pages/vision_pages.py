"""What each kind of page shows of the vision of a region: read from the results that pages share, and laid out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analyse import shared
from analyse.compare import choices, followed
from analyse.compare import vision as origins
from analyse.history import areas
from analyse.parameters import Run
from analyse.present.exhibits import cards
from analyse.present.exhibits.exhibit import SIMULATED, Exhibit
from analyse.present.pages import regional_vision
from analyse.present.text.language import translator


def of_region(run: Run, tables: Mapping[str, pd.DataFrame], levers: Mapping[str, Any]) -> list[Exhibit]:
    """The vision of a region, as its page shows it: the indicators, those without a figure, and the action lines.

    Parameters
    ----------
    run : Run
        Names the region.
    tables : mapping of DataFrame
        The tables of the dataset, for names.
    levers : mapping of Lever
        ``scenario.levers()`` by id.
    """
    visions = choices.visions()
    if run.region not in visions:
        words = translator(run.language)
        text = words.gettext(
            "No vision of this region is known here yet, so its ambitions and targets are not followed."
        )
        return [cards.text([text], title=words.gettext("No vision known"), language=run.language)]
    declared = visions[run.region]
    monitor = shared.read("followed", run, [run.region])
    shown = {"area": areas.name(tables, run.region), "language": run.language}
    beside = _names(visions, tables, run.region)
    return [
        regional_vision.vision(monitor, declared, names=beside, **shown),
        *regional_vision.gaps(monitor, declared, **shown),
        regional_vision.actions(declared, levers, language=run.language),
    ]


def of_municipality(run: Run, tables: Mapping[str, pd.DataFrame]) -> Exhibit | None:
    """What the page of a municipality shows of the vision of its region; None where that has none."""
    region = areas.region_of(tables, run.municipality, run.composition_year)
    declared = choices.visions().get(region)
    if declared is None:
        return None
    monitor = shared.read("followed", run, [run.municipality])
    name, beside = areas.name(tables, run.municipality), {region: areas.name(tables, region)}
    return regional_vision.line(monitor, declared, area=name, names=beside, language=run.language)


def of_declarations(
    run: Run, tables: Mapping[str, pd.DataFrame], outcomes: pd.DataFrame, *, simulated: bool = False
) -> list[Exhibit]:
    """The vision on the page of the declarations of an area: what these show takes precedence over published figures.

    Parameters
    ----------
    run, tables
        As for ``of_region``.
    outcomes : DataFrame
        ``monitor.outcomes`` and ``monitor.vision_shares`` of the area, together.
    simulated : bool
        Whether the declarations are: then every table says so.

    Returns
    -------
    list of Exhibit
        The indicators, and those without a figure where there are any; empty where the region has no vision.
    """
    visions = choices.visions()
    region = areas.region_of(tables, run.area) if run.area.startswith("GM") else run.area
    if region not in visions:
        return []
    declared = visions[region]
    monitor = origins.with_declarations(shared.read("followed", run, [run.area]), declared, outcomes)
    shown = {
        "area": areas.name(tables, run.area),
        "language": run.language,
        "label": translator(run.language).gettext(SIMULATED) if simulated else "",
    }
    names = _names(visions, tables, run.area)
    return [
        regional_vision.vision(monitor, declared, names=names, **shown),
        *regional_vision.gaps(monitor, declared, **shown),
    ]


def _names(visions: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], area: str) -> dict[str, str]:
    """The areas to compare it with: the other regions with a vision, and the country."""
    known = areas.regions(tables)
    others = {code: known[code] for code in visions if code in known and code != area}
    return {**others, followed.COUNTRY: "The Netherlands"}
