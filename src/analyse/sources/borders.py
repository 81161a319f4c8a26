"""Borders for maps: asked of PDOK on request, simplified, kept in ``data/boundaries.json``.

The borders are those of CBS (Gebiedsindelingen), in metres of the Dutch grid (RD, EPSG:28992). Neighbours keep sharing
their border when it is simplified.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

import shapely
from shapely.geometry import shape as geometry

from analyse import store
from analyse.errors import DataError
from analyse.sources.cbs.catalogue import Settings
from analyse.sources.cbs.client import Client
from analyse.sources.cbs.raw import Raw, root

FILE = "boundaries.json"
COLLECTION = "collections/gemeente_gegeneraliseerd/items"
GRID = "http://www.opengis.net/def/crs/EPSG/0/28992"
TOLERANCE_M = 150.0
"""Borders may move by about so much: a tenth of a millimetre on a map of 40 km on a page."""
SMALLEST_KM2 = 0.25
"""Smaller islands and holes are left out."""


def download(settings: Settings, regions: Mapping[str, str], *, year: int) -> int:
    """Ask the borders of municipalities, simplify them, and keep them; the number of municipalities.

    Parameters
    ----------
    settings : Settings
        Hosts, and manners on the network.
    regions : mapping of str to str
        Codes of municipalities and the code of the region of each.
    year : int
        Year of the borders.

    Raises
    ------
    DataError
        If a municipality is not there, or what came is not a map. The borders in use stay.
    """
    kept = Raw(root() / f"boundaries-{year}-{datetime.date.today():%Y%m%d}")
    with Client(settings, kept) as client:
        outlines = _asked(client, settings.base("boundaries"), year)
    absent = [code for code in regions if code not in outlines]
    if absent:
        raise DataError(
            f"update: boundaries of {year}: {', '.join(absent[:5])} not among {len(outlines)} municipalities; nothing "
            "was replaced"
        )
    codes = sorted(regions)
    simple = shapely.coverage_simplify([outlines[code] for code in codes], TOLERANCE_M)
    areas = {code: _rings(outline) for code, outline in zip(codes, simple, strict=True)}
    for region in sorted(set(regions.values())):
        parts = [outline for code, outline in zip(codes, simple, strict=True) if regions[code] == region]
        areas[region] = _rings(shapely.coverage_union_all(parts))
    content = {
        "year": year,
        "source": f"CBS Gebiedsindelingen {year}, PDOK",
        "created": datetime.date.today().isoformat(),
        "areas": areas,
    }
    store.write_text(store.own_root() / "data" / FILE, json.dumps(content) + "\n")
    return len(codes)


def read() -> dict[str, Any] | None:
    """The borders: ``year``, ``source``, ``created``, and ``areas`` (code -> rings of x and y in metres); None without.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    path = store.root() / "data" / FILE
    there = [path] if path.is_file() else []
    store.note(f"file/{FILE}", store.hash_files(there))
    if not there:
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(
            f"data/{FILE}: not valid JSON ({error}); run `analyse update --boundaries`"
        ) from error


def _asked(client: Client, base: str, year: int) -> dict[str, Any]:
    """Shapes by code, page after page."""
    address = f"{base}/{COLLECTION}?f=json&limit=1000&jaarcode={year}&crs={GRID}"
    outlines, pages = {}, 0
    while address:
        pages += 1
        if pages > client.network.most_pages:
            raise DataError(f"update: boundaries: more than {pages - 1} pages; nothing was replaced")
        page = client.get(address)
        for feature in page.get("features", []):
            outlines[feature["properties"]["statcode"]] = _shape(feature)
        following = [link["href"] for link in page.get("links", []) if link.get("rel") == "next"]
        address = urljoin(address, following[0]) if following else ""
    return outlines


def _shape(feature: Mapping[str, Any]) -> Any:
    try:
        return geometry(feature["geometry"])
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        code = feature.get("properties", {}).get("statcode", "?")
        raise DataError(
            f"update: boundaries: {code} has no shape that can be read ({error}); nothing was replaced"
        ) from error


def _rings(area: Any) -> list[list[list[int]]]:
    """Outer borders of the parts that are large enough, each a list of x and y, the largest first."""
    parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    parts = sorted(parts, key=lambda part: part.area, reverse=True)
    large = [part for part in parts if part.area >= SMALLEST_KM2 * 1e6] or parts[:1]
    return [[[round(x), round(y)] for x, y in part.exterior.coords] for part in large]
