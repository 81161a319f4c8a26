"""The history reproduces the published totals and never shows a part as a whole."""

import pandas as pd
import pytest

from analyse.errors import DataError, ParameterError
from analyse.history import panel

MILLIONS = {
    "JZ24": [235.5, 276.4, 314.8, 350.9, 359.7, 378.3, 407.8, 441.6],
    "JZ29": [263.6, 291.0, 326.7, 357.1, 397.7, 441.3, 551.6, 595.2],
    "JZ18": [102.7, 109.4, 111.3, 117.2, 124.9, 124.9, 150.9, 173.2],
}
"""Accounts 2017-2024 with Voorschoten in Haaglanden. In 2022 the faulty EUR 0.1 million of Nieuwkoop is left
out of Holland Rijnland: 124.9 where its sum with the faulty cell is 125.0."""


@pytest.fixture(scope="module")
def regions_2023(tables):
    return panel.by_area(panel.build(tables, composition_year=2023), "region")


@pytest.fixture(scope="module")
def of_the_time(tables):
    return panel.build(tables, composition="of-the-time")


def by_year(regions, region, column):
    return regions.loc[regions["area_code"] == region].set_index("period")[column]


@pytest.mark.parametrize("region", MILLIONS)
def test_costs_per_region_are_those_published(regions_2023, region):
    cost = by_year(regions_2023, region, "cost_eur").loc[2017:2024] / 1e6
    assert cost.round(1).tolist() == MILLIONS[region]


def test_only_the_total_with_the_faulty_cell_is_a_lower_bound(regions_2023):
    accounts = regions_2023.loc[regions_2023["period"] <= 2024]
    bounds = accounts.loc[accounts["status"] != "final", ["area_code", "period", "status"]]
    assert bounds.to_numpy().tolist() == [["JZ18", 2022, "incomplete"]]


@pytest.mark.parametrize(("region", "youths"), [("JZ24", 32970), ("JZ29", 28090), ("JZ18", 15910)])
def test_youths_with_care_in_2022_per_region(regions_2023, of_the_time, region, youths):
    assert by_year(regions_2023, region, "clients")[2022] == youths
    assert by_year(regions_2023, region, "clients_status")[2022] == "provisional"
    then = panel.by_area(of_the_time, "region")
    assert by_year(then, region, "clients")[2022] == youths


def test_voorschoten_moves_in_the_composition_of_the_time_only(of_the_time, history):
    then = of_the_time
    regions = [frame.loc[frame["municipality_code"] == "GM0626"].set_index("period")["region_code"]
               for frame in (history, then)]  # fmt: skip
    assert set(regions[0]) == {"JZ18"}
    assert (regions[1][2023], regions[1][2024]) == ("JZ24", "JZ18")
    moved = panel.by_area(then, "region"), panel.by_area(history, "region")
    difference = by_year(moved[0], "JZ24", "cost_eur") - by_year(moved[1], "JZ24", "cost_eur")
    own = history.loc[history["municipality_code"] == "GM0626"].set_index("period")["cost_eur"]
    assert (difference.loc[2017:2023] == own.loc[2017:2023]).all()
    assert difference[2024] == 0


def test_both_compositions_have_the_same_total(of_the_time, history):
    fixed = panel.by_area(history, "all").set_index("period")
    then = panel.by_area(of_the_time, "all").set_index("period")
    for column in ("cost_eur", "budget_eur", "clients"):
        pd.testing.assert_series_equal(fixed[column], then[column], check_exact=True)
    for column in ("youths", "youths_0_22"):
        pd.testing.assert_series_equal(fixed[column], then[column], rtol=1e-12)


def test_the_merged_municipality_is_the_sum_of_its_predecessors(of_the_time, history):
    then = of_the_time.set_index(["municipality_code", "period"])
    fixed = history.set_index(["municipality_code", "period"])
    parts = [("GM0501", 2021), ("GM0530", 2021), ("GM0614", 2021)]
    for column in ("cost_eur", "budget_eur", "clients"):
        assert fixed.loc[("GM1992", 2021), column] == then.loc[parts, column].sum()
    assert then.loc[parts, "youths"].sum() == pytest.approx(fixed.loc[("GM1992", 2021), "youths"], rel=1e-12)
    assert "GM0501" not in set(history["municipality_code"])


def test_every_row_has_a_status_a_name_and_a_source(history):
    assert len(history) == 35 * 10
    assert history["municipality"].notna().all()
    row = history.set_index(["municipality_code", "period"]).loc[("GM0503", 2024)]
    assert row["source"] == "CBS Iv3 2024X005; CBS Iv3 2024X000; BZK gemeentefonds (youths)"
    assert (row["cost_eur"], row["budget_eur"], row["youths"]) == (38631000, 33927000, 15701)


@pytest.mark.parametrize(
    ("code", "period", "status"),
    [
        ("GM0599", 2026, "incomplete"),  # no figure for 6.76
        ("GM0503", 2017, "faulty"),
        ("GM1621", 2023, "faulty"),
        ("GM1992", 2023, "faulty"),
        ("GM0569", 2022, "faulty"),
        ("GM0569", 2024, "faulty"),
    ],
)
def test_known_errors_and_gaps_in_budgets_are_marked(history, code, period, status):
    row = history.set_index(["municipality_code", "period"]).loc[(code, period)]
    assert row["budget_status"] == status
    assert pd.notna(row["budget_eur"]) == (status == "incomplete")


def test_levels_add_up(history):
    one = panel.by_area(history, "municipality")
    three = panel.by_area(history, "region")
    whole = panel.by_area(history, "all")
    for frame in (one, three):
        total = frame.groupby("period")["cost_eur"].sum(min_count=1).to_numpy()
        assert pd.Series(total).equals(whole["cost_eur"])
    assert set(whole.loc[whole["period"] == 2022, "status"]) == {"incomplete"}


def test_impossible_choices_are_refused(tables, history):
    with pytest.raises(
        ParameterError, match="composition 'now' is not known; choose one of fixed, of-the-time"
    ):
        panel.build(tables, composition="now")
    with pytest.raises(ParameterError, match="composition year 2012; choose 2015 to 2026"):
        panel.build(tables, composition_year=2012)
    with pytest.raises(ParameterError, match="level 'province'"):
        panel.by_area(history, "province")


def _a_year_later(tables, *names):
    """The tables with the rows of 2026 once more as those of 2027."""
    later = {
        name: pd.concat([tables[name], tables[name].query("year == 2026").assign(year=2027)])
        for name in names
    }
    return {**tables, **{name: rows.astype(tables[name].dtypes.to_dict()) for name, rows in later.items()}}


def test_next_years_figures_make_the_history_a_year_longer(tables, history):
    longer = panel.build(
        _a_year_later(tables, "costs", "population", "municipalities"), composition_year=2027
    )
    assert longer["period"].max() == 2027
    assert longer.query("period == 2027")[["youths", "budget_eur"]].notna().mean().tolist() == pytest.approx(
        history.query("period == 2026")[["youths", "budget_eur"]].notna().mean().tolist()
    )


def test_the_budget_of_next_year_needs_no_inhabitants(tables):
    longer = panel.build(_a_year_later(tables, "costs")).query(
        "period == 2027 and municipality_code == 'GM0503'"
    )
    row = longer.iloc[0]
    assert (row["budget_status"], row["youths_status"]) == ("estimated", "missing")
    assert pd.notna(row["budget_eur"]) and pd.isna(row["youths"])
    assert row["source"] == "CBS Iv3 2027X000"


def test_a_figure_without_a_value_is_refused(history):
    wrong = history.assign(clients_status="final")
    with pytest.raises(DataError, match="clients_status 'final' contradicts clients"):
        panel.by_area(wrong, "municipality")


def test_own_groups_add_up_their_municipalities(history):
    """H4 of Haaglanden: Delft, Midden-Delfland, Rijswijk and Westland; a municipality may be in two groups."""
    h4 = ["GM0503", "GM1842", "GM0603", "GM1783"]
    rows = panel.by_area(history, "group", groups={"H4": h4, "Delft": ["GM0503"]}).query("period == 2024")
    spent = history.query("period == 2024").set_index("municipality_code")["cost_eur"]
    by_group = rows.set_index("area_code")["cost_eur"]
    assert by_group.to_dict() == {"Delft": 38_631_000.0, "H4": spent[h4].sum()}


def test_a_group_with_a_municipality_that_is_not_there_is_refused(history):
    with pytest.raises(ParameterError, match="group 'G4': municipality GM0363 is not in these figures"):
        panel.by_area(history, "group", groups={"G4": ["GM0518", "GM0363"]})
    with pytest.raises(ParameterError, match="name them under `groups:`"):
        panel.by_area(history, "group")
