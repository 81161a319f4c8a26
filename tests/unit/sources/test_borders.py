"""Borders for maps: asked page after page, simplified without gaps, drawn as filled shapes."""

from __future__ import annotations

import sys

import pytest
from shapely.geometry import Polygon, mapping

from analyse import cli
from analyse.errors import DataError
from analyse.history import areas
from analyse.sources import borders

SIDE = 1000


def _feature(code: str, column: int, row: int) -> dict:
    """A square of one km with a crooked right side, which its neighbour shares."""
    x, y = 80_000 + column * SIDE, 440_000 + row * SIDE
    crooked = [(x + SIDE + 3 * (step % 2), y + step * SIDE / 20) for step in range(1, 20)]
    left = [(x + 3 * (step % 2), y + step * SIDE / 20) for step in range(19, 0, -1)] if column else []
    ring = [(x, y), (x + SIDE, y), *crooked, (x + SIDE, y + SIDE), (x, y + SIDE), *left]
    return {
        "type": "Feature",
        "properties": {"statcode": code, "statnaam": code},
        "geometry": mapping(Polygon(ring)),
    }


@pytest.fixture
def regions(few):
    return {code: areas.region_of(few, code) for code in areas.members(few, areas.ALL)}


@pytest.fixture
def with_map(server, regions):
    elsewhere = [_feature(f"GM{number:04d}", 0, 50 + number) for number in range(9000, 9030)]
    server.features[:] = elsewhere + [
        _feature(code, column, 0) for column, code in enumerate(sorted(regions))
    ]
    return server


def test_borders_are_simplified_shared_and_joined_into_regions(settings, with_map, regions):
    count = borders.download(settings, regions, year=2026)

    found = borders.read()
    assert count == len(regions)
    assert set(found["areas"]) == {*regions, *regions.values()}
    assert len(with_map.asked) == 2, "two pages"
    assert "jaarcode=2026" in with_map.asked[0]
    first, second = (Polygon(found["areas"][code][0]) for code in sorted(regions)[:2])
    assert len(first.exterior.coords) < 10, "the crooked side became straight"
    assert first.intersection(second).length == pytest.approx(SIDE, rel=0.01)
    assert first.intersection(second).area == 0
    region = regions[sorted(regions)[0]]
    whole = sum(Polygon(ring).area for ring in found["areas"][region])
    parts = sum(Polygon(found["areas"][code][0]).area for code in regions if regions[code] == region)
    assert whole == pytest.approx(parts)


def test_a_missing_municipality_or_shape_leaves_the_borders_in_use(settings, with_map, regions):
    borders.download(settings, regions, year=2026)
    before = borders.read()

    lost = with_map.features.pop()
    with pytest.raises(DataError, match=f"{lost['properties']['statcode']} not among"):
        borders.download(settings, regions, year=2025)
    with_map.features.append({**lost, "geometry": {"type": "Polygon"}})
    with pytest.raises(DataError, match="has no shape that can be read"):
        borders.download(settings, regions, year=2024)
    assert borders.read() == before


def test_the_command_downloads_borders_only(written, with_map, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["analyse", "update", "--boundaries"])
    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 0
    assert "data/boundaries.json: borders of" in capsys.readouterr().out
    assert not [one for one in with_map.asked if "odata" in one]
