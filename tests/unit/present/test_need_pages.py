"""What the pages say on need: the sentence, the districts without what is small, and the ages."""

import numpy as np
import pytest

from analyse import compare, shared
from analyse.errors import DataError
from analyse.history import areas
from analyse.parameters import Run
from analyse.present.figures import beside_expected
from analyse.present.pages import need


@pytest.fixture(scope="module")
def run():
    return Run()


@pytest.fixture(scope="module")
def haaglanden(run):
    return shared.read("expected", run, areas.members(shared.tables(run), "JZ24"))


@pytest.fixture(scope="module")
def delft(run):
    rows = shared.read("districts", run, ["GM0503"])
    return rows[rows["year"] == 2022]


def test_a_municipality_is_laid_beside_what_is_expected_and_never_judged(haaglanden):
    nl = need.beside_region(haaglanden, "GM0503", area="Delft", region="Haaglanden")
    en = need.beside_region(haaglanden, "GM0503", area="Delft", region="Haaglanden", language="en")

    assert nl.title.startswith("Delft, 2023: gebruik 9,8 per 100 jongeren · verwacht bij deze bevolking 7,")
    assert "Verwacht is niet hetzelfde als goed" in nl.note and "Expected is not the same as right" in en.note
    drawn = need.beside_region(haaglanden, "GM0503", area="Delft", region="Haaglanden", chart=True)
    assert (nl.kind, drawn.kind) == ("table", "figure") and drawn._repr_mimebundle_()["image/svg+xml"]
    assert "Het meest als Delft in verwacht gebruik" in nl.note
    parts = [float(row[1]) for row in nl.table.values]
    assert sum(parts[:-1]) == pytest.approx(parts[-1])


def test_a_region_is_laid_beside_the_country(run):
    whole = shared.read("expected", run)
    shown = need.region_beside_country(whole, "JZ24", area="Haaglanden")

    assert shown.title.startswith("Haaglanden, 2023: gebruik ") and shown.kind == "table"
    assert (
        shown.table.cells[0][0] == "gebruik in Nederland" and "Van regio’s met zulke inwoners" in shown.note
    )
    parts = [float(row[1]) for row in shown.table.values]
    assert sum(parts[:-1]) == pytest.approx(parts[-1])
    said = need.region_beside_country(whole, "JZ99", area="Nergens")
    assert said.kind == "text" and "Van Nergens is geen gebruik" in said.content["paragraphs"][0]


def test_a_municipality_without_counts_gets_a_sentence(haaglanden):
    said = need.beside_region(haaglanden, "GM9999", area="Nergens", region="Haaglanden")
    assert said.kind == "text" and "geen gebruik gepubliceerd" in said.content["paragraphs"][0]


def test_a_dataset_without_districts_gives_sentences_and_no_error(run, monkeypatch):
    monkeypatch.setattr(shared.results.signals, "enough", lambda tables: False)
    monkeypatch.setattr(shared.results, "_MADE", {})
    tables = shared.tables(run)
    found = shared.read("expected", run, areas.members(tables, "JZ24"))

    assert found["expected"].isna().all() and len(found) == 9
    said = need.beside_region(found, "GM0503", area="Delft", region="Haaglanden")
    assert said.kind == need.listed(found, tables).kind == "text"
    with pytest.raises(DataError, match="no use by district of enough municipalities"):
        shared.read("districts", run, ["GM0503"])


def test_districts_stand_by_name_with_an_interval_and_without_small_numbers(delft):
    shown = beside_expected.districts(delft, area="Delft")
    names = [row[0] for row in shown.table.values]
    counts = [row[2] for row in shown.table.values]

    assert names == sorted(names) and len(names) == len(delft)
    assert any("verborgen" in row[2] for row in shown.table.cells)
    assert all(value is None or value >= 10 for value in counts)
    assert all(row[4] < row[3] < row[5] for row in shown.table.values)
    assert "Balken die overlappen" in shown.note and shown._repr_mimebundle_()["image/svg+xml"]


def test_districts_stand_on_a_map_where_their_outlines_were_downloaded(run, delft):
    corners = [(4.3 + 0.01 * number, 52.0) for number in range(len(delft))]
    points = [
        " ".join(f"{x + a:.4f} {y + b:.4f}" for a, b in ((0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01), (0, 0)))
        for x, y in corners
    ]
    outlines = delft[["municipality_code", "district_code"]].assign(ring=1, points=points)
    assert need.district_map(delft, shared.tables(run)["district_outlines"], area="Delft") == []
    (shown,) = need.district_map(delft, outlines, area="Delft")

    assert shown.title == "Delft, 2022: jongeren met jeugdhulp per 100, per wijk"
    labels = next(trace for trace in shown.drawing["data"] if trace.get("text"))
    assert labels["text"].count("–") == delft["with_care"].isna().sum() > 0  # hidden ones are white
    assert len(labels["text"]) == len(delft) == len(shown.table.values)
    assert shown._repr_mimebundle_()["image/svg+xml"]


def test_futures_of_districts_add_up_and_hidden_ones_stand_together(run, delft):
    future = shared.read("future", run, ["GM0503"])
    table = need.futures(delft, future, years=[2027], area="Delft", rng=np.random.default_rng(1)).table
    whole = future[future["period"] == 2027]

    assert table.values[-1][0] == "wijken met een verborgen aantal, samen"
    assert len(table.values) == delft["with_care"].notna().sum() + 1
    middles = sum(float(row[1]) for row in table.values)
    assert middles == pytest.approx(whole["clients"].median(), rel=0.02)
    assert [column.label for column in table.columns][1] == "Jongeren met jeugdhulp, 2027: ongeveer"


def test_the_population_alone_changes_use_and_costs_little(run):
    past, counts = (shared.read(name, run, ["GM0503"]) for name in ("past", "ages"))
    bands = compare.mix(shared.tables(run), ["GM0503"], breakdown="age")
    lines, bars = need.population(counts, past, bands, area="Delft", base=2024, language="en")

    assert lines.title.startswith("Delft: by the population alone, use changes by ")
    assert all(exhibit._repr_mimebundle_()["image/svg+xml"] for exhibit in (lines, bars))
    first = next(row for row in lines.table.values if row[0] == 2024)
    assert first[1:] == pytest.approx((100, 100, 100))
    spent = {row[0]: row[3] for row in bars.table.values}
    assert max(spent, key=spent.get) < 18, "students live in Delft, and hardly use care"
    assert sum(row[3] for row in bars.table.values) == pytest.approx(
        past.set_index("period")["cost_eur"][2024]
    )


def test_the_funnel_and_the_list_of_municipalities_are_around_what_is_expected(run):
    found = shared.read("expected", run)
    tables = shared.loaded("open", ())
    funnel = need.funnel(found, tables, highlight=["GM0503"], language="en")
    listed = need.listed(found, tables, language="en")
    shown = need.on_map(found[found["municipality_code"].isin(areas.members(tables, "JZ24"))], tables)

    assert len(shown.table.values) == 9 and "Verwacht is niet hetzelfde als goed" in shown.note
    assert (
        "gebruik naast wat te verwachten is, 2023: van " in shown.title.lower() and shown._repr_mimebundle_()
    )
    assert "per cent of what is expected" in str(funnel.drawing["layout"])
    assert len(funnel.table.values) == len(listed.table.values) == 342
    assert [row[0] for row in listed.table.values] == sorted(row[0] for row in listed.table.values)
