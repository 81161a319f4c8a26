"""The outlines of districts: asked page by page, on a grid, and refused when they cannot be right."""

import numpy as np
import pytest

from analyse import store
from analyse.errors import DataError
from analyse.sources import snapshot, update

WAY = update.Way(boundaries=("districts",))


def square(code, x, y, side=0.01, **properties):
    """A district as the service gives it: a square with many points on its sides."""
    along = np.linspace(0, side, 40)
    ring = [
        *([x + one, y] for one in along),
        *([x + side, y + one] for one in along),
        *([x + side - one, y + side] for one in along),
        *([x, y + side - one] for one in along),
    ]
    return {
        "type": "Feature",
        "properties": {"wijkcode": code, "gemeentecode": f"GM{code[2:6]}", "water": "NEE"} | properties,
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    }


@pytest.fixture
def counted(home):
    """The districts of 2022 of the few municipalities."""
    tables = snapshot.as_published("open")
    return tables["usage_districts"].query("year == 2022")


@pytest.fixture
def outlined(server, settings, counted):
    """A server with an outline of every district, and small pages."""
    codes = sorted(counted["district_code"])
    server.outlines = [square(code, 4.3 + 0.01 * number, 52.0) for number, code in enumerate(codes)]
    page = settings.boundaries["districts"].model_copy(update={"page": 3})
    return settings.model_copy(update={"boundaries": {"districts": page}})


def test_every_district_gets_an_outline_and_neighbours_share_their_border(outlined, server, counted):
    server.outlines.append(square("WK051898", 4.2, 52.0, water="JA"))
    outcome = update.run(outlined, WAY)
    rows = snapshot.as_published(outcome.dataset)["district_outlines"]

    assert set(rows["district_code"]) == set(counted["district_code"])
    assert set(rows["year"]) == {2022} and set(rows["kind"]) == {"land"}
    assert len(server.asked) == len(server.outlines) // 3 + 1
    assert {one.split("?")[0] for one in server.asked} == {"/service.pdok.nl/cbs/wijkenbuurten/2022/wfs/v1_0"}
    first, second = (set(zip(*[iter(text.split())] * 2, strict=True)) for text in rows["points"].head(2))
    assert len(first & second) >= 20  # the side of 0.01 degree on a grid of 0.0005
    assert outcome.taken[0].rows == len(rows) and store.latest() == outcome.dataset
    assert update.run(outlined, update.Way(boundaries=("districts",), offline=True)).taken[0].rows == len(
        rows
    )


def test_a_newer_download_leaves_nothing_of_the_older_one(outlined, server):
    hole = [[4.302, 52.002], [4.305, 52.002], [4.305, 52.005], [4.302, 52.002]]
    server.outlines[0]["geometry"]["coordinates"][0].append(hole)
    first = snapshot.as_published(update.run(outlined, WAY).dataset)["district_outlines"]
    del server.outlines[0]["geometry"]["coordinates"][0][1]
    second = snapshot.as_published(
        update.run(outlined, update.Way(boundaries=("districts",), fresh=True)).dataset
    )

    assert list(first["kind"]).count("hole") == 1
    assert len(second["district_outlines"]) == len(first) - 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda features: features.__delitem__(slice(0, len(features) // 2)),
            "have an outline; the answer seems cut",
        ),
        (lambda features: features.append(features[0]), "came twice"),
        (
            lambda features: features[1]["properties"].update(wijkcode="0503"),
            "such as WK050311 and GM0503, got '0503'",
        ),
        (lambda features: features[1].update(geometry=None), "has no outline"),
        (
            lambda features: features[1].update(square(features[1]["properties"]["wijkcode"], 52.0, 4.3)),
            "expected longitude and latitude in the Netherlands, got 52 4.3",
        ),
    ],
)
def test_what_cannot_be_right_leaves_the_dataset_in_use(outlined, server, spoil, said):
    before = store.latest()
    spoil(server.outlines)

    with pytest.raises(DataError, match=said):
        update.run(outlined, WAY)
    assert store.latest() == before
