"""A figure as a picture: the same marks at the right places, in the colours of the page, or none at all."""

import itertools
import re
import xml.etree.ElementTree as ET

import pytest

from analyse.present.exhibits import exhibit, picture, style
from analyse.present.exhibits.picture import lettering, prepare, scales


def line(**changes):
    trace = {"type": "scatter", "mode": "lines+markers", "name": "spent", "x": [2020, 2021, 2022],
             "y": [0.0, 50.0, 100.0], "line": {"color": style.TOKENS["ink"], "width": 2},
             "marker": {"size": 6, "color": style.TOKENS["ink"]}} | changes  # fmt: skip
    layout = style.layout(xaxis=style.axis(range=[2020, 2022], tickformat="d"), yaxis=style.axis(range=[0, 100]),
                          margin={"l": 100, "r": 20, "t": 10, "b": 50})  # fmt: skip
    return {"data": [trace], "layout": layout}


def drawn(figure, **how):
    how = {"kind": "wide"} | how
    return ET.fromstring(str(picture.svg(figure, 720, 400, **how)))


def test_points_stand_where_their_values_are():
    circles = [(float(one.get("cx")), float(one.get("cy"))) for one in drawn(line()).iter("circle")]

    assert circles == [(100, 350), (400, 180), (700, 10)], "from left 100 to 700, from bottom 350 to top 10"


def test_a_missing_year_is_a_gap():
    paths = [one.get("d") for one in drawn(line(y=[0.0, None, 100.0], mode="lines")).iter("path")]

    assert "M100,350M700,10" in paths


def test_colours_are_those_of_the_house_style():
    shown = picture.svg(line(), 720, 400, kind="wide")

    assert "var(--jeugdhulp-color-ink)" in shown
    assert style.TOKENS["ink"] not in shown


def test_a_bar_runs_from_its_base_with_its_interval():
    bar = {"type": "bar", "orientation": "h", "y": ["all"], "x": [50], "base": [25], "width": 0.5,
           "marker": {"color": style.TOKENS["accent"]},
           "error_x": {"array": [10], "arrayminus": [5], "color": style.TOKENS["ink"], "thickness": 2}}  # fmt: skip
    figure = {"data": [bar], "layout": style.layout(xaxis=style.axis(range=[0, 100]), yaxis=style.axis(),
                                                    margin={"l": 120, "r": 0, "t": 10, "b": 50})}  # fmt: skip
    root = drawn(figure)

    box = next(root.iter("rect"))
    assert [float(box.get(one)) for one in ("x", "width", "y", "height")] == [270, 300, 95, 170]
    assert any(one.get("d") == "M540,180H630" for one in root.iter("path")), "from 75 - 5 to 75 + 10"


def hatching(shape):
    marker = {"color": style.TOKENS["accent"], "pattern": {"shape": shape, "fgcolor": style.TOKENS["accent"]}}
    bar = {"type": "bar", "orientation": "h", "y": ["all"], "x": [50], "marker": marker}
    figure = {"data": [bar], "layout": style.layout(xaxis=style.axis(range=[0, 100]), yaxis=style.axis())}
    drawn_lines = [one.get("d") for one in drawn(figure).iter("path") if "l" in one.get("d")]
    return re.findall(r"l([\d.]+),(-?)([\d.]+)", "".join(drawn_lines))


def test_hatching_rises_or_crosses_or_is_not_there():
    assert hatching("") == []
    assert {sign for _, sign, _ in hatching("/")} == {"-"}
    assert {sign for _, sign, _ in hatching("x")} == {"-", ""}
    assert all(across == up for across, _, up in hatching("x")), "lines of 45 degrees"


def test_no_name_beside_a_narrow_picture_lies_over_another():
    names = ["gecertificeerde instelling (jeugdbescherming)", "rechter of officier van justitie", "medisch specialist",
             "niet vastgelegd", "geen verwijzer", "huisarts", "gemeente (wijkteam)", "jeugdarts"]  # fmt: skip
    bar = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [1.0] * len(names),
        "marker": {"color": "#000000"},
    }
    layout = style.layout(xaxis=style.axis(range=[0, 2]), yaxis=style.axis(automargin=True))
    _, narrow = re.findall(r"<svg.*?</svg>", picture.both({"data": [bar], "layout": layout}).svg, flags=re.S)
    beside = [one for one in ET.fromstring(narrow).iter("text") if one.get("text-anchor") == "end"]
    lines = sorted(
        (float(line.get("y")), float(one.get("font-size"))) for one in beside for line in one.iter("tspan")
    )

    assert len(beside) == len(names)
    assert all(lower - upper >= size for (upper, size), (lower, _) in itertools.pairwise(lines))


def test_text_from_data_stays_text():
    figure = line(mode="text", text=["&lt;script&gt;", "<b>x</b>", "&lt;a&gt; &amp; b"])
    root = drawn(figure)

    assert not list(root.iter("script"))
    assert ["".join(one.itertext()) for one in root.iter("text")][-3:] == ["<script>", "x", "<a> & b"]


@pytest.mark.parametrize(
    "trace",
    [
        {"type": "heatmap", "z": [[1]]},
        {"type": "scatter", "x": [1], "y": [1], "fill": "tonexty"},
        {"type": "scatter", "x": [1], "y": [1], "marker": {"symbol": "hexagram"}},
    ],
)
def test_what_is_not_drawn_has_no_picture(trace):
    assert picture.both({"data": [trace], "layout": style.layout()}) is None


def test_a_narrow_picture_has_a_legend_for_labels_and_shorter_texts():
    figure = line(mode="lines+text", text=["12,3 %"] * 3, meta={"narrow": ["12"] * 3})
    figure["layout"]["annotations"] = [style.end_label(2022, 100, "long label", "#000000")]
    narrow = prepare.narrowed(figure)

    assert narrow["layout"]["annotations"] == [] and narrow["layout"]["showlegend"]
    texts = ["".join(one.itertext()) for one in drawn(narrow, kind="narrow").iter("text")]
    assert "spent" in texts and texts.count("12") == 3 and "long label" not in texts


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_figure_of_the_comparison_has_a_picture(compared, language):
    for shown in compared.every(language):
        found = picture.both(exhibit.plotly_json(shown.drawing))
        assert found is not None, shown.title
        whole = found.svg
        assert not re.search(r"\bnan\b|\binf\b|None", whole)
        for one in re.findall(r"<svg.*?</svg>", whole, flags=re.S):
            ET.fromstring(one)


def test_ticks_are_round_and_inside():
    axis = style.axis()
    found = scales.Scale(0, 93, 0, 300)

    listed = scales.ticks(axis, found, name="y", separators=",.")
    assert listed == [(0, "0"), (20, "20"), (40, "40"), (60, "60"), (80, "80")]
    log = scales.Scale(3, 5, 0, 300, log=True)
    assert scales.ticks(axis, log, name="x", separators=",.")[:3] == [
        (1000, "1.000"),
        (2000, "2.000"),
        (5000, "5.000"),
    ]


def test_a_legend_takes_as_many_rows_as_it_needs():
    assert len(lettering.rows(["Haaglanden", "Rijnmond", "Holland Rijnland"], width=120, size=12)) == 3
    assert len(lettering.rows(["Haaglanden", "Rijnmond", "Holland Rijnland"], width=700, size=12)) == 1


def test_a_map_keeps_its_size_and_has_gaps_between_its_areas(compared):
    area = line(fill="toself", fillcolor="#ffffff", mode="lines", x=[2020, 2021, 2022, None, 2020, 2021, 2022],
                y=[0, 50, 0, None, 50, 100, 50])  # fmt: skip
    steps = [one.get("d") for one in drawn(area).iter("path") if one.get("fill-rule")]
    assert steps == ["M100,350L400,180L700,350ZM100,180L400,10L700,180Z"]

    shown = picture.both(exhibit.plotly_json(compared.drawn_map().drawing)).svg
    assert shown.count("<svg") == 1 and "2.460" in shown
