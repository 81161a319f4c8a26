"""The outlines of districts, asked page by page of the map service of CBS and Kadaster, on a grid fine enough to draw.

Neighbours share the points of a border, so both put them on the same points of the grid, and no gaps appear.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.sources.cbs.catalogue import Boundaries, Settings
from analyse.sources.cbs.client import Client

GRID = 0.0005
"""Degrees: some 35 to 55 metres, finer than a page shows of a municipality."""
DECIMALS = 4
INSIDE = ((3.0, 7.5), (50.5, 53.8))
"""Longitudes and latitudes of the Netherlands."""
FEWEST = 0.9
"""Part of the districts with a count of use that must have an outline."""
COLUMNS = ("municipality_code", "district_code", "year", "ring", "kind", "points")


def download(client: Client, settings: Settings, counted: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The outlines of the districts of the last year with a count of use.

    Parameters
    ----------
    client : Client
        Asks, and keeps every answer.
    settings : Settings
        Where, and how much at a time.
    counted : DataFrame
        The table ``usage_districts`` of the dataset.

    Returns
    -------
    DataFrame
        The table ``district_outlines``.
    str
        The address asked, without its question.

    Raises
    ------
    DataError
        If the dataset has no districts, a feature is not as declared, a district comes twice, or too few come.
    """
    if counted.empty:
        raise DataError("update: the dataset has no districts to outline; use one made from data/open")
    asked = settings.boundaries["districts"]
    year = int(counted["year"].max())
    client.raw.edition = f"{asked.layer} {year}"
    base = f"{settings.base(asked.host)}/{asked.path.format(year=year)}"
    rows, seen = [], set()
    for feature in _features(client, settings, asked, base):
        code, municipality = _codes(feature, asked)
        if feature["properties"].get(asked.water) == asked.is_water:
            continue
        if code in seen:
            raise DataError(f"update: district {code} came twice; nothing was replaced")
        seen.add(code)
        for number, (kind, points) in enumerate(_rings(feature, code), start=1):
            rows.append((municipality, code, year, number, kind, points))
    wanted = set(counted.loc[counted["year"] == year, "district_code"])
    if len(wanted & seen) < FEWEST * len(wanted):
        raise DataError(
            f"update: {len(wanted & seen)} of {len(wanted)} districts of {year} have an outline; the answer seems "
            "cut off, nothing was replaced"
        )
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found[found["district_code"].isin(wanted)].reset_index(drop=True), base


def _features(client: Client, settings: Settings, asked: Boundaries, base: str) -> list[dict[str, Any]]:
    """All features, page by page: a page that is not full is the last."""
    found: list[dict[str, Any]] = []
    for number in range(settings.network.most_pages):
        question = {
            "service": "WFS",
            "version": "2.0.0",
            "request": "GetFeature",
            "typeNames": asked.layer,
            "srsName": "urn:ogc:def:crs:EPSG::4326",
            "outputFormat": "application/json",
            "count": asked.page,
            "startIndex": number * asked.page,
        }
        page = client.get(f"{base}?{urlencode(question)}").get("features")
        if not isinstance(page, list):
            raise DataError("update: outlines: expected a list of features; nothing was replaced")
        found += page
        if len(page) < asked.page:
            return found
    raise DataError(f"update: outlines: more than {settings.network.most_pages} pages; nothing was replaced")


def _codes(feature: dict[str, Any], asked: Boundaries) -> tuple[str, str]:
    """Code of the district and of its municipality."""
    properties = feature.get("properties") or {}
    code, municipality = (str(properties.get(name, "")) for name in (asked.code, asked.municipality))
    if not re.fullmatch(r"WK\d{6}", code) or not re.fullmatch(r"GM\d{4}", municipality):
        raise DataError(
            f"update: outlines: expected {asked.code} and {asked.municipality} such as WK050311 and GM0503, got "
            f"{code!r} and {municipality!r}; nothing was replaced"
        )
    return code, municipality


def _rings(feature: dict[str, Any], code: str) -> list[tuple[str, str]]:
    """Kind ("land" or "hole") and points of every ring that is larger than the grid."""
    geometry = feature.get("geometry") or {}
    parts = {"Polygon": [geometry.get("coordinates")], "MultiPolygon": geometry.get("coordinates")}
    found = []
    for polygon in parts.get(geometry.get("type", ""), []) or []:
        for number, ring in enumerate(polygon or []):
            points = np.asarray(ring, dtype=float)[:, :2]
            for place, (least, most) in enumerate(INSIDE):
                if not ((points[:, place] > least) & (points[:, place] < most)).all():
                    raise DataError(
                        f"update: outline of {code}: expected longitude and latitude in the Netherlands, got "
                        f"{points[0, 0]:g} {points[0, 1]:g}; nothing was replaced"
                    )
            kept = _on_grid(points)
            if len(kept) > 3:
                found.append(("hole" if number else "land", " ".join(f"{x:.4f} {y:.4f}" for x, y in kept)))
    if not found:
        raise DataError(f"update: district {code} has no outline; nothing was replaced")
    return found


def _on_grid(points: np.ndarray) -> np.ndarray:
    """The points of a ring on the grid, none twice in a row.

    Examples
    --------
    >>> _on_grid(np.array([[4.0, 52.0], [4.0001, 52.0001], [4.01, 52.0], [4.01, 52.01], [4.0, 52.0]])).tolist()
    [[4.0, 52.0], [4.01, 52.0], [4.01, 52.01], [4.0, 52.0]]
    """
    grid = np.round(np.rint(points / GRID) * GRID, DECIMALS)
    return grid[np.concatenate([[True], (np.diff(grid, axis=0) != 0).any(axis=1)])]
