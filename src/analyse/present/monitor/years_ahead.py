"""The years after this one, shown: they begin with the completed year, so what is still coming is in every interval."""

from __future__ import annotations

import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common, marks
from analyse.present.monitor import expected_year
from analyse.present.monitor.page import Page, intervals
from analyse.present.text import formats
from analyse.schema import QUANTILES, quantile_column, quantile_names


def ahead(paths: pd.DataFrame, page: Page, forecast: pd.Series) -> Exhibit:
    """What the year of the declarations and the years after it cost, with intervals.

    Parameters
    ----------
    paths : DataFrame
        ``monitor.multi_year.paths`` of one area: period, sample, cost_eur, stage.
    page : Page
    forecast : Series
        Of the year of the declarations, as the page says it elsewhere: the newest row of
        ``monitor.year_end.track``. The years after it have the mean of their samples too.
    """
    words, grouped = page.words, paths.groupby("period")["cost_eur"]
    if expected_year.of_few(forecast):
        return page.of_few(words.gettext("what the years ahead will cost"))
    if not paths["cost_eur"].notna().all():
        return page.too_short(words.gettext("what the years ahead will cost"))
    rows = pd.DataFrame({quantile_column(level): grouped.quantile(level) for level in QUANTILES}).assign(
        mean=grouped.mean()
    )
    rows.iloc[0] = forecast[rows.columns]
    rows = rows.reset_index()
    first, last = rows.iloc[0], rows.iloc[-1]
    amounts = {
        "amount": formats.euro(last["mean"], page.language),
        "between": formats.euro_between(last["q0.1"], last["q0.9"], page.language, digits=3),
    }
    title = words.gettext(
        "{area}: from declarations, {last} comes to about {amount} (80% chance between {between})",
        last=int(last["period"]),
        **amounts,
    )
    alt = "; ".join(
        f"{int(row['period'])}: {formats.euro(row['mean'], page.language)} "
        f"({formats.euro_between(row['q0.1'], row['q0.9'], page.language, digits=3)})"
        for row in rows.to_dict("records")
    )
    places, scaled = (
        rows["period"].astype(int).tolist(),
        rows[["mean", *quantile_names()]] / common.MILLION,
    )
    points = marks.scatter(
        "markers",
        x=places,
        y=scaled["mean"].tolist(),
        showlegend=False,
        marker={"size": 10, "color": style.TOKENS["accent"]},
        hovertemplate=marks.HOVER,
        customdata=[
            f"{int(row['period'])}: {formats.euro(row['mean'], page.language)}"
            for row in rows.to_dict("records")
        ],
    )
    wide = intervals(places, scaled["q0.025"], scaled["q0.975"])
    wide["line"] = {"color": style.TOKENS["band80"], "width": 5}
    layout = common.over_years(places, words, margin={"l": 48, "r": 16, "t": 56, "b": 40})
    columns = {
        "period": tables.Column("Year of care", "year"),
        "mean": tables.Column("Expected in the end", "euro"),
        **tables.intervals("euro", 80, 95, digits=tables.KNOWN),
    }
    note = words.gettext(
        "{year} is completed for what is still to come; after that, the care that is declared is assumed to "
        "grow as all youth care of the area does. Thin lines: 80% interval; thick lines: 95%.",
        year=int(first["period"]),
    )
    figure = {"data": [wide, intervals(places, scaled["q0.1"], scaled["q0.9"]), points], "layout": layout}
    return page.figure(title, figure, (rows, columns), alt=alt, note=note)
