"""The years after this one, shown: they begin with the completed year, so what is still coming is in every interval."""

from __future__ import annotations

import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common
from analyse.present.figures.steps import MILLIONS
from analyse.present.monitor.page import Page, ends, intervals
from analyse.present.text import formats

SHARES = {"low95": 0.025, "low": 0.1, "middle": 0.5, "high": 0.9, "high95": 0.975}


def ahead(paths: pd.DataFrame, page: Page) -> Exhibit:
    """What the year of the declarations and the years after it cost, with intervals.

    Parameters
    ----------
    paths : DataFrame
        ``monitor.multi_year.paths`` of one area: period, sample, cost_eur, stage.
    """
    words, grouped = page.words, paths.groupby("period")["cost_eur"]
    if not paths["cost_eur"].notna().all():
        return page.too_short(words.gettext("what the years ahead will cost"))
    rows = pd.DataFrame({name: grouped.quantile(share) for name, share in SHARES.items()}).reset_index()
    first, last = rows.iloc[0], rows.iloc[-1]
    amounts = {"amount": formats.euro(last["middle"], page.language),
               "between": formats.euro_between(last["low"], last["high"], page.language, digits=3)}  # fmt: skip
    title = words.gettext("{area}: from declarations, {last} comes to about {amount} (80% chance of between {between})",
                          area=page.area, last=int(last["period"]), **amounts)  # fmt: skip
    alt = "; ".join(f"{int(row.period)}: {formats.euro(row.middle, page.language)} "
                    f"({formats.euro_between(row.low, row.high, page.language, digits=3)})"
                    for row in rows.itertuples())  # fmt: skip
    places, scaled = rows["period"].astype(int).tolist(), rows[list(SHARES)] / common.MILLION
    points = {
        "type": "scatter", "mode": "markers", "x": places, "y": scaled["middle"].tolist(), "showlegend": False,
        "marker": {"size": 10, "color": style.TOKENS["accent"]}, "hovertemplate": "%{customdata}<extra></extra>",
        "customdata": [f"{int(row.period)}: {formats.euro(row.middle, page.language)}" for row in rows.itertuples()],
    }  # fmt: skip
    wide = intervals(places, scaled["low95"], scaled["high95"])
    wide["line"] = {"color": style.TOKENS["band80"], "width": 5}
    layout = style.layout(
        page.language, margin={"l": 48, "r": 16, "t": 56, "b": 40}, xaxis=style.year_axis(places),
        yaxis=style.axis(rangemode="tozero"), annotations=[style.note_on_axis(words.gettext(MILLIONS))],
    )  # fmt: skip
    columns = {
        "period": tables.Column(words.gettext("Year of care"), "year"),
        "middle": tables.Column(words.gettext("Expected in the end"), "euro"),
        **ends(words, ("low", "high")),
        **ends(words, ("low95", "high95"), coverage=95),
    }
    note = words.gettext(
        "{year} is completed for what still comes; after it the care that is declared is taken to grow as all youth "
        "care of the area does. Thin lines: 80% interval; thick lines: 95%.", year=int(first["period"]))  # fmt: skip
    figure = {"data": [wide, intervals(places, scaled["low"], scaled["high"]), points], "layout": layout}
    return page.figure(title, figure, (rows, columns), alt=alt, note=note)
