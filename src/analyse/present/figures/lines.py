"""Line charts with a line per area: traces, layout with names at the line ends, and table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from analyse.history import areas
from analyse.present.exhibits import style, tables
from analyse.present.figures import common, marks
from analyse.present.text.language import N_, Words

CAUTION = N_(
    "A difference between areas is not always a difference in care: youths, prices and bookkeeping "
    "differ too."
)
GAP = 0.06
"""Smallest distance between names at line ends, as a fraction of the height of the chart."""
WIDTH, SIZE = 2.5, 8
"""Line width and marker size where no area stands out."""


def country(rows: pd.DataFrame, words: Words) -> str:
    """What the costs of the Netherlands are of, where they are among the lines."""
    if not rows["area_code"].eq(areas.COUNTRY).any():
        return ""
    return words.gettext("The Netherlands: of each year the municipalities of which the accounts are known.")


def of_areas(
    rows: pd.DataFrame,
    column: str,
    *,
    hover: Callable[[str, int, float], str],
    look: Callable[[str], tuple[float, int]] = lambda code: (WIDTH, SIZE),
) -> list[dict[str, Any]]:
    """A trace per area, in the order of the rows, each with its own colour, dash and marker.

    Parameters
    ----------
    rows : DataFrame
        area_code, area, period and the column; empty values are not drawn.
    column : str
        What is drawn.
    hover : callable
        Area, year and value -> the text where a reader points.
    look : callable
        Code of an area -> width of its line and size of its markers.
    """
    traces = []
    for place, code in enumerate(dict.fromkeys(rows["area_code"])):
        mine = rows[rows["area_code"].eq(code)].dropna(subset=column)
        if mine.empty:
            continue
        line, whole, area = (
            style.region_line(code, place),
            common.every_year(mine),
            style.plain(mine["area"].iloc[0]),
        )
        years, (width, size) = [int(period) for period in whole["period"]], look(code)
        traces.append(
            marks.scatter(
                "lines+markers",
                name=area,
                connectgaps=False,
                x=years,
                y=[float(value) if value == value else None for value in whole[column]],
                line={"color": line.color, "width": width, "dash": line.dash},
                marker={"symbol": line.symbol, "size": size, "color": line.color},
                hover=[hover(area, year, value) for year, value in zip(years, whole[column], strict=True)],
            )
        )
    return traces


def layout(
    rows: pd.DataFrame,
    column: str,
    *,
    unit: str,
    right: int,
    broken: list[Any],
    words: Words,
    longest: int = 40,
) -> dict[str, Any]:
    """Year axis, value axis from zero, breaks, and the area names at the right.

    Parameters
    ----------
    rows, column
        As for ``of_areas``.
    unit : str
        Unit of the vertical axis, in the language of the page.
    right : int
        Room for the names, in pixels.
    broken : list of Break
        The breaks to draw.
    longest : int
        Letters of a name at the end of a line; a longer name loses its last part.
    """
    return common.over_years(
        rows.dropna(subset=column)["period"],
        words,
        unit=unit,
        broken=broken,
        labels=_names(rows, column, longest),
        margin={"l": 56, "r": right, "t": 48, "b": 32},
    )


def _names(rows: pd.DataFrame, column: str, longest: int) -> list[dict[str, Any]]:
    """Names at the line ends, pushed apart when they would cover each other."""
    codes = list(dict.fromkeys(rows["area_code"]))
    ends = rows.dropna(subset=column).sort_values("period").groupby("area_code").tail(1).sort_values(column)
    gap = GAP * (max(float(rows[column].max()), 0.0) - min(float(rows[column].min()), 0.0))
    labels, below = [], float("-inf")
    for row in ends.to_dict("records"):
        at, name = max(row[column], below + gap), str(row["area"])
        name = name if len(name) <= longest else f"{name[: longest - 1].rstrip(' ,')}…"
        color = style.region_line(row["area_code"], codes.index(row["area_code"])).color
        labels.append(style.end_label(int(row["period"]), at, name, color))
        below = at
    return labels


def table(rows: pd.DataFrame, column: str, kind: str, caption: str, language: str) -> tables.Table:
    """The table behind the lines: a row per year, a column per area.

    Parameters
    ----------
    rows : DataFrame
        period, area and the column, of all areas.
    column, kind : str
        Which column, and how its values are written (see ``tables.KINDS``).
    caption : str
        Caption of the table, in ``language``.
    language : {"nl", "en"}
        Language of the page.
    """
    names = dict(zip(rows["area_code"], rows["area"], strict=True))
    wide = rows.pivot(index="period", columns="area_code", values=column).dropna(how="all").reset_index()
    columns = {"period": tables.Column("Year", "year")} | {
        code: tables.Column(str(name), kind) for code, name in names.items()
    }
    return tables.build(wide, columns, caption, language)
