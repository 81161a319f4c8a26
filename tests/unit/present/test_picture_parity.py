"""A picture shows what plotly's figure says: the same marks and words, at the places that the values ask."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from analyse.present.exhibits import exhibit, picture

HALF_A_PIXEL = 0.5
"""Positions are written with one decimal."""


def figures(compared, samples) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every figure of the comparison and of a report: plotly's JSON, as a page has it."""
    for shown in compared.every():
        yield shown.title, exhibit.plotly_json(shown.drawing)
    for cell in samples.report().cells:
        for output in cell.get("outputs", []):
            if exhibit.PLOTLY in output.get("data", {}):
                yield output["data"][exhibit.MIME]["title"], output["data"][exhibit.PLOTLY]


@pytest.fixture
def pairs(compared, samples) -> list[tuple[str, dict[str, Any], ET.Element]]:
    """Each figure with its wide picture."""
    found = []
    for title, figure in figures(compared, samples):
        drawn = picture.both(figure)
        assert drawn is not None, title
        found.append((title, picture.prepare.whole(figure), ET.fromstring(f"<div>{drawn.svg}</div>")[0]))
    return found


def points(figure: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The values that a marker stands at."""
    return [
        (x, y)
        for trace in figure["data"]
        if trace["type"] == "scatter" and "markers" in trace.get("mode", "lines")
        for x, y in zip(trace["x"], trace["y"], strict=True)
        if x is not None and y is not None
    ]


def marked(root: ET.Element) -> list[tuple[float, float]]:
    """The places of markers in a picture, in the order in which they are drawn, without those of the legend."""
    found = []
    for one in root:
        if one.tag == "circle":
            found.append((float(one.get("cx")), float(one.get("cy"))))
        elif one.tag == "path" and (one.get("transform") or "").startswith("translate"):
            x, y = re.findall(r"-?[\d.]+", one.get("transform"))[:2]
            found.append((float(x), float(y)))
    return found


def test_every_kind_of_mark_is_among_these_figures(pairs):
    kinds = {
        (trace["type"], trace.get("mode") if trace["type"] == "scatter" else trace.get("orientation", "v"))
        for _, figure, _ in pairs
        for trace in figure["data"]
    }

    assert {
        ("scatter", "lines"),
        ("scatter", "markers"),
        ("scatter", "text"),
        ("bar", "h"),
        ("bar", "v"),
    } <= kinds


def test_each_value_has_its_mark_where_the_axes_put_it(pairs):
    """A straight line, or one of logarithms, gives all places of a figure from its values."""
    for title, figure, root in pairs:
        values, places = points(figure), marked(root)
        assert len(places) >= len(values), title
        for axis, name in enumerate(("xaxis", "yaxis")):
            own = [one[axis] for one in values]
            if len(set(own)) < 2 or any(isinstance(one, str) for one in own):
                continue
            numbers = np.array(own, dtype=float)
            numbers = np.log10(numbers) if figure["layout"][name].get("type") == "log" else numbers
            there = np.array([one[axis] for one in places[: len(own)]])
            slope, start = np.polyfit(numbers, there, 1)
            assert np.abs(slope * numbers + start - there).max() <= HALF_A_PIXEL, (title, name)
            assert (slope > 0) == (axis == 0), (title, name)


def test_a_category_has_one_place_for_all_its_marks(pairs):
    for title, figure, root in pairs:
        places: dict[Any, set[float]] = {}
        for value, place in zip(points(figure), marked(root), strict=False):
            if isinstance(value[1], str):
                places.setdefault(value[1], set()).add(place[1])
        assert all(len(own) == 1 for own in places.values()), title
        assert len({place for own in places.values() for place in own}) == len(places), title


def test_each_bar_is_as_long_as_its_value(pairs):
    for title, figure, root in pairs:
        lengths = [
            (abs(value), trace.get("orientation", "v"))
            for trace in figure["data"]
            if trace["type"] == "bar"
            for value in trace["x" if trace.get("orientation") == "h" else "y"]
            if value is not None
        ]
        boxes = [one for one in root if one.tag == "rect"][: len(lengths)]
        if len(lengths) < 2:
            continue
        drawn = [
            float(box.get("width" if way == "h" else "height"))
            for box, (_, way) in zip(boxes, lengths, strict=True)
        ]
        scale = max(drawn) / max(value for value, _ in lengths)
        wanted = [scale * value for value, _ in lengths]
        assert np.abs(np.array(drawn) - wanted).max() <= 2 * HALF_A_PIXEL, title


def test_every_word_of_the_figure_stands_in_the_picture(pairs):
    for title, figure, root in pairs:
        said = " ".join(" ".join(one.itertext()) for one in root.iter("text"))
        shown = re.sub(r"\s+", "", said)
        for trace in figure["data"]:
            texts = trace.get("text") or [] if "text" in trace.get("mode", "") else []
            for text in [texts] if isinstance(texts, str) else texts:
                assert _plain(text) in shown, (title, text)
        for label in figure["layout"].get("annotations", []):
            assert _plain(label["text"]) in shown, (title, label["text"])


def _plain(text: str) -> str:
    return re.sub(r"<[^>]*>|\s+", "", text or "")
