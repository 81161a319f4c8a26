"""Labels of a chart cover no mark and no other label, and plotly gets the places and ticks of the picture."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from analyse.parameters import BothLanguages, Break
from analyse.present.exhibits import exhibit, picture, style
from analyse.present.exhibits.picture import framing, labels, prepare
from analyse.present.figures import common, marks

SIZE, WIDTH, HEIGHT = 13.0, 720.0, 405.0


def rising(**end) -> dict:
    """Two lines that cross in the middle, and a label that begins on the crossing."""
    traces = [
        marks.scatter("lines+markers", x=[2020, 2022, 2024], y=values, marker={"size": 7})
        for values in ([10, 50, 90], [90, 50, 10])
    ]
    label = style.end_label(2022, 50, "crossing", "#16243a", above=True) | end
    layout = style.layout(xaxis=style.year_axis([2020, 2024]), yaxis=style.axis(rangemode="tozero"))
    return prepare.whole({"data": traces, "layout": layout | {"annotations": [label]}})


def covered(figure: dict) -> list[int]:
    """How many points of marks lie under each label."""
    found = framing.frame(figure, WIDTH, HEIGHT, size=SIZE)
    points = labels._marks(figure, found.field)
    boxes = [
        labels._box(one, found) for one in figure["layout"].get("annotations", []) if one.get("name") == "end"
    ]
    return [
        int(((points > np.array(box[:2])) & (points < np.array(box[2:]))).all(axis=1).sum()) for box in boxes
    ]


def test_a_label_moves_off_the_lines():
    before = rising(yshift=0)
    after = labels.placed(before, WIDTH, HEIGHT, size=SIZE)

    assert covered(before)[0] > 0
    assert covered(after) == [0]


def test_names_at_the_ends_stand_apart_in_the_order_of_their_lines():
    figure = rising()
    figure["layout"]["annotations"] = [
        style.end_label(2024, value, name, "#16243a") for value, name in ((50, "b"), (52, "c"), (49, "a"))
    ]
    after = labels.placed(figure, WIDTH, HEIGHT, size=SIZE)
    found = framing.frame(after, WIDTH, HEIGHT, size=SIZE)
    boxes = {one["text"]: labels._box(one, found) for one in after["layout"]["annotations"]}

    assert boxes["c"][3] <= boxes["b"][1] + 0.1 and boxes["b"][3] <= boxes["a"][1] + 0.1
    middle = sum(boxes[name][1] + boxes[name][3] for name in "abc") / 6
    wanted = sum(found.field.y.at(value) for value in (49, 50, 52)) / 3
    assert middle == pytest.approx(wanted, abs=0.5), "pushed as far up as down"


def test_breaks_are_named_and_no_line_runs_through_a_name():
    years = (2020, 2022, 2023, 2025)
    declared = [
        Break(
            id=f"b{year}",
            number=number,
            period=year,
            applies_to=["costs"],
            municipalities=[],
            effect="shown only",
            title=BothLanguages(nl=f"Een lange naam in {year}", en=f"A long name in {year}"),
            reason=BothLanguages(nl="-", en="-"),
            source="-",
        )
        for number, year in enumerate(years, 1)
    ]
    named = common.break_marks(declared, "en")
    figure = rising()
    figure["layout"] |= {"shapes": named["shapes"], "annotations": named["annotations"]}
    figure["layout"]["xaxis"] = style.year_axis([2017, 2026])
    after = labels.placed(figure, WIDTH, HEIGHT, size=SIZE)
    found = framing.frame(after, WIDTH, HEIGHT, size=SIZE)
    boxes = [labels._box(one, found) for one in after["layout"]["annotations"]]

    assert "A long name in 2023" in after["layout"]["annotations"][2]["text"].replace("<br>", " ")
    for one, other in itertools.combinations(boxes, 2):
        apart = (
            one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 0.1 or other[3] <= one[1] + 0.1
        )
        assert apart, (one, other)
    for line, own in zip(after["layout"]["shapes"], boxes, strict=True):
        x = found.field.x.at(line["x0"])
        top = found.edges[3] - (found.edges[3] - found.edges[1]) * line["y1"]
        assert not any(box[0] < x < box[2] and box[3] > top + 0.1 for box in boxes if box is not own), (
            "the line of a break stays below names that pass over it"
        )
    assert all(box[1] >= 0 and box[2] <= WIDTH for box in boxes)
    numbers = [one["text"] for one in prepare.narrowed(after)["layout"]["annotations"]]
    assert numbers == ["1", "2", "3", "4"], "a narrow picture has the numbers"


def test_no_label_of_a_report_covers_a_mark(samples):
    seen = 0
    for cell in samples.report().cells:
        for output in cell.get("outputs", []):
            if exhibit.PLOTLY not in output.get("data", {}):
                continue
            figure = prepare.whole(output["data"][exhibit.PLOTLY])
            after = labels.placed(figure, WIDTH, HEIGHT, size=SIZE)
            seen += len(covered(after))
            assert not any(covered(after)), output["data"][exhibit.MIME]["title"]
    assert seen > 5


def test_plotly_gets_the_plot_of_the_picture():
    figure = rising()
    found = framing.frame(figure, WIDTH, HEIGHT, size=SIZE)
    layout = picture.both({"data": figure["data"], "layout": figure["layout"]}).layout

    assert layout["xaxis"]["range"] == [found.field.x.low, found.field.x.high]
    assert layout["yaxis"]["ticktext"] == ["0", "20", "40", "60", "80"]
    assert (layout["width"] - layout["margin"]["r"], layout["margin"]["l"]) == (
        found.edges[2],
        found.edges[0],
    )
