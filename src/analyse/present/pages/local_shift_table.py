"""From regional help to local teams, shown: what moves, what it takes, and the price at which it costs as much."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse import scenario
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.text import formats
from analyse.present.text.language import translator
from analyse.scenario import local_shift
from analyse.scenario.model import Inputs

READY = "regionaal-naar-lokaal"
"""The ready scenario that is worked out."""
MOST_YEARS = 12
"""More years than any forecast has."""


def shown(inputs: Inputs, *, area: str, budgets: Mapping[int, float], language: str = "nl") -> list[Exhibit]:
    """The ready plan for a region, by year; nothing where it begins after the forecast.

    Parameters
    ----------
    inputs : Inputs
        Of the region.
    area : str
        Its name.
    budgets : mapping of float
        What its regional body budgets by year, in EUR, where that is known.
    """
    words = translator(language)
    ever = range(inputs.years[0], inputs.years[0] + MOST_YEARS)
    setting = scenario.load(READY, years=ever, known=inputs.levers).settings[local_shift.LEVER]
    if setting.start > inputs.years[-1]:
        return []
    found = local_shift.planned(inputs, setting)
    middle = {name: np.median(values, axis=1) for name, values in found.amounts.items()}
    net = np.quantile(found.amounts["net_eur"], [0.1, 0.9], axis=1)
    low, neutral, high = np.quantile(found.neutral, [0.1, 0.5, 0.9])
    part = [
        100 * middle["regional_eur"][at] / budgets[year] if year in budgets else np.nan
        for at, year in enumerate(found.years)
    ]
    rows = pd.DataFrame(
        {
            "year": found.years,
            "youths": [formats.about(value, language, digits=2) for value in middle["youths"]],
            **{name: middle[name] for name in ("moved_eur", "local_eur", "double_eur", "regional_eur")},
            "part": [
                formats.unknown(language) if value != value else formats.percent(value, language)
                for value in part
            ],
            "fte": [formats.about(value, language, digits=2) for value in middle["fte"]],
            "net_eur": middle["net_eur"],
            "between": [
                words.gettext(
                    "{low} to {high}",
                    low=formats.euro(ends[0], language, digits=EXPECTED),
                    high=formats.euro(ends[1], language, digits=EXPECTED),
                )
                for ends in net.T
            ],
        }
    )
    columns = {
        "year": Column("Year", "year"),
        "youths": Column("Youths whose help moves"),
        "moved_eur": Column("At the regional price", "euro", digits=EXPECTED),
        "local_eur": Column("Cost of local teams", "euro", digits=EXPECTED),
        "fte": Column("Full-time workers"),
        "double_eur": Column("Paid twice", "euro", digits=EXPECTED),
        "regional_eur": Column("Less for the region", "euro", digits=EXPECTED),
        "part": Column("Of the budget of the regional body"),
        "net_eur": Column("More or less in all", "euro", digits=EXPECTED),
        "between": Column("80% interval"),
    }
    worker = local_shift.staff()["fte_eur"]
    return [
        Exhibit.of_table(
            rows,
            columns,
            words.gettext(
                "{area}: {size} of treatment and other help to local teams costs as much as before when local help "
                "costs {neutral} of regional help",
                area=words.gettext(area),
                size=formats.percent(
                    setting.size * inputs.levers[inputs.lever_index(local_shift.LEVER)].exposure,
                    language,
                    decimals=0,
                ),
                neutral=formats.percent(100 * neutral, language, decimals=0),
            ),
            language,
            caption=words.gettext("{area}: from regional help to local teams", area=words.gettext(area)),
            source=words.gettext("own model; cost of a worker: {source}", source=worker.source),
            note=words.gettext(
                "As planned, so without the chance that it does not work. The neutral price lies between {low} and "
                "{high} (80% chance). It is below 100% because the regional contract is paid on for some months. A "
                "youth with this help costs about {price} a year now. A worker costs {worker} a year, from one "
                "municipality (80% interval {from_eur} to {to_eur}). Amounts are middle outcomes.",
                low=formats.percent(100 * low, language, decimals=0),
                high=formats.percent(100 * high, language, decimals=0),
                price=formats.euro(found.regional_per_youth_eur, language, digits=EXPECTED),
                worker=formats.euro(worker.value, language, digits=3),
                from_eur=formats.euro(worker.low, language, digits=2),
                to_eur=formats.euro(worker.high, language, digits=2),
            ),
        )
    ]
