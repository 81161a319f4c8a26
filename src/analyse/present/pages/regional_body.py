"""The years ahead of the regional body that buys youth help, beside the forecast of the region."""

from __future__ import annotations

import pandas as pd

from analyse import forecast
from analyse.compare import choices
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.pages import capacity_table, local_shift_table
from analyse.present.text import formats
from analyse.present.text.language import translator
from analyse.scenario.model import Inputs


def of_region(inputs: Inputs, future: pd.DataFrame, *, area: str, language: str = "nl") -> list[Exhibit]:
    """What stands above the municipalities of a region: its regional body, help that can move, and places.

    Parameters
    ----------
    inputs : Inputs
        Of the region.
    future : DataFrame
        ``forecast.by_area`` with rows of the region.
    area : str
        Its name.
    """
    return [
        *_budget(inputs.area_code, future, area=area, language=language),
        *local_shift_table.shown(inputs, area=area, budgets=_held(inputs.area_code), language=language),
        capacity_table.shown(inputs.area_code, area=area, language=language),
    ]


def _held(region: str) -> dict[int, float]:
    """What the regional body budgets by year, with its savings target; nothing where that is not known."""
    known = choices.body_budgets().get(region)
    return {} if known is None else {year: one.with_target for year, one in known.years.items()}


def _budget(region: str, future: pd.DataFrame, *, area: str, language: str) -> list[Exhibit]:
    """The budget of the regional body with and without its savings target, and what we expect; empty without one."""
    known = choices.body_budgets().get(region)
    if known is None:
        return []
    words = translator(language)
    rows = pd.DataFrame([{"period": year, **one.model_dump()} for year, one in sorted(known.years.items())])
    own = forecast.quantiles(future[future["area_code"].eq(region)], ["cost_eur"])
    rows = rows.merge(own[["period", "q0.1", "q0.5", "q0.9"]], on="period", how="inner", validate="1:1")
    first, last = rows.iloc[0], rows.iloc[-1]
    grown = {name: 100 * (last[name] / first[name] - 1) for name in ("without_target", "with_target", "q0.5")}
    said = {name: formats.percent(value, language, decimals=0, signed=True) for name, value in grown.items()}
    columns = {
        "period": Column("Year", "year"),
        "without_target": Column("Budget of the regional body", "euro"),
        "with_target": Column("The same with its savings target", "euro"),
        "q0.5": Column("All youth care of the region, expected", "euro", digits=EXPECTED),
        "q0.1": Column("80% interval from", "euro", digits=EXPECTED),
        "q0.9": Column("80% interval to", "euro", digits=EXPECTED),
    }
    return [
        Exhibit.of_table(
            rows,
            columns,
            words.gettext(
                "{area}: from {first} to {last} the regional body budgets {without}, with its savings target {target}; "
                "we expect {expected} for all youth care",
                area=area,
                first=int(first["period"]),
                last=int(last["period"]),
                without=said["without_target"],
                target=said["with_target"],
                expected=said["q0.5"],
            ),
            language,
            caption=getattr(known.body, language),
            source=known.source,
            note=words.gettext(
                "The regional body buys a part of the youth care of its municipalities, so compare how they grow, not "
                "the amounts. The target is a decision, no forecast."
            ),
        )
    ]
