"""The comparison of regions: the gap of the newest year through use and costs, and overspending side by side."""

import numpy as np
import pandas as pd
import pytest

from analyse.compare import decompose, measures
from analyse.history import areas, panel
from analyse.present import figures
from analyse.present.exhibits import picture
from analyse.present.exhibits.exhibit import plotly_json
from analyse.present.pages import listings
from analyse.sources import snapshot


@pytest.fixture(scope="module")
def tables():
    return snapshot.load()


@pytest.fixture(scope="module")
def history(tables):
    return panel.build(tables)


@pytest.fixture(scope="module")
def apart(history):
    return decompose.gaps(panel.by_area(history, "region"), panel.by_area(history, "all"), period=2024)


def test_the_parts_of_an_area_add_up_to_its_difference_with_all_together(apart):
    whole = apart.groupby("to_area").agg(
        parts=("effect_eur", "sum"), start=("start_eur", "first"), end=("end_eur", "first")
    )

    assert list(whole.index) == ["JZ18", "JZ24", "JZ29"]
    assert (whole["end"] - whole["start"]).to_numpy() == pytest.approx(whole["parts"].to_numpy())
    assert set(apart["use_period"]) == {2023}, "the last year of which all know the use"


def test_use_and_costs_are_told_apart_with_the_numbers_of_the_history(apart, history):
    """Rijnmond 2024: youths with care of 2023, costs and youths of 2024, worked out beside the function."""
    sums = history.groupby("period")[["cost_eur", "youths", "clients"]].sum()
    own = panel.by_area(history, "region").set_index(["area_code", "period"])
    use = own.loc[("JZ29", 2023), "clients"] / own.loc[("JZ29", 2024), "youths"]
    usual = sums.loc[2023, "clients"] / sums.loc[2024, "youths"]
    part = apart[apart["to_area"].eq("JZ29")].set_index("driver")["effect_eur"]

    assert use < usual and part["usage"] < 0 < part["price_and_mix"]


def test_the_chart_names_all_three_and_says_which_year_of_use(apart, tables):
    shown = figures.gaps(apart, areas.regions(tables))

    assert shown.title == (
        "In 2024 gaf Rijnmond per jongere het meest uit: €\u00a0360 meer dan Haaglanden en €\u00a0620 meer dan Holland "
        "Rijnland"
    )
    assert "Het gebruik van 2024 is nog niet bekend: hier staat dat van 2023." in shown.note
    assert len(shown.table.cells) == 3 and picture.both(plotly_json(shown.drawing)) is not None


def test_a_region_without_whole_accounts_is_left_out_and_said_to_be(history, tables):
    regions = panel.by_area(history, "region")
    whole = regions.query("period == 2022 and status == 'final'")["area_code"].tolist()
    found = decompose.gaps(regions, panel.by_area(history, "all"), period=2022)
    assert found["to_area"].unique().tolist() == whole and len(whole) == 2
    assert (
        "Van 1 gebied is geen volledige rekening bekend." in figures.gaps(found, areas.regions(tables)).note
    )


def test_overspending_has_a_small_chart_per_region_with_the_table_behind_it(history):
    rated = measures(panel.by_area(history, "region")).query("period <= 2024")
    shown = listings.rates_by_year(rated, caption="Per region")

    bars = [one for one in shown.drawing["data"] if one["type"] == "bar"]
    known = rated.dropna(subset="overspend_fraction")
    assert [len(one["x"]) for one in bars] == known.groupby("area", sort=False).size().tolist()
    assert sorted(value for one in bars for value in one["y"]) == pytest.approx(
        sorted(100 * known["overspend_fraction"])
    )
    assert len(shown.table.cells) == len(rated) == 24
    assert (
        f"In {int(known['overspend_fraction'].gt(0).sum())} van de {len(known)} jaarrekeningen" in shown.title
    )
    many = pd.concat([rated.assign(area_code=f"JZ{number}") for number in range(5)])
    assert listings.rates_by_year(many, caption="Per region").kind == "table"


@pytest.mark.parametrize(
    ("first", "wide", "narrow"),
    [
        (2017, [2018, 2020, 2022, 2024], [2020, 2024]),
        (2016, [2018, 2021, 2024], [2019, 2024]),
        (2018, [2018, 2020, 2022, 2024], [2020, 2024]),
    ],
)
def test_the_years_below_small_charts_are_evenly_spaced_and_the_same_for_each(history, first, wide, narrow):
    rated = measures(panel.by_area(history, "region")).query("period == 2024")
    rows = pd.concat([rated.assign(period=year, overspend_fraction=0.1) for year in range(first, 2025)])
    figure = picture.prepare.whole(listings.rates_by_year(rows, caption="Per region").drawing)

    for one, expected in ((figure, wide), (picture.prepare.narrowed(figure), narrow)):
        axis = one["layout"]["xaxis"]
        assert axis["ticktext"] == [str(year) for year in expected] * 3
        gaps = np.diff(np.reshape(axis["tickvals"], (3, -1)), axis=1)
        assert (gaps == np.diff(expected)).all()
