"""One long table with denominators, statuses and intervals; shares with bounds where cells are hidden."""

import numpy as np
import pandas as pd
import pytest

from analyse.compare import table
from analyse.errors import ParameterError
from analyse.history import panel, youths


@pytest.fixture(scope="module")
def fair(tables, history, members):
    levels = [panel.by_area(history, level) for level in ("municipality", "region", "all")]
    return table.side_by_side(pd.concat(levels), tables, members)


@pytest.fixture(scope="module")
def keyed(fair):
    return fair.set_index(["area_code", "period", "measure"])


def test_every_figure_has_what_it_rests_on(fair):
    assert not fair.duplicated(["area_code", "period", "measure"]).any()
    assert set(fair["measure"]) == set(table.MEASURES)
    assert fair[["unit", "status", "source", "denominator"]].notna().all().all()
    shown = fair.dropna(subset=["value", "low"])
    assert ((shown["low"] <= shown["value"] + 1e-9) & (shown["value"] <= shown["high"] + 1e-9)).all()


def test_a_value_is_its_numerator_over_its_denominator(keyed):
    row = keyed.loc[("JZ24", 2022, "clients_per_100_youths")]

    assert row["value"] == pytest.approx(100 * row["numerator"] / row["denominator"])
    assert row["numerator_status"] == "provisional"
    assert row["denominator_status"] == "estimated"
    growth = keyed.loc[("JZ24", 2024, "cost_growth_fraction")]
    assert growth["value"] == pytest.approx(growth["numerator"] / growth["denominator"] - 1)


def test_only_estimated_youths_give_an_interval(keyed):
    measure = "cost_per_youth_eur"

    assert pd.isna(keyed.loc[("GM0503", 2024, measure), "low"]), "youths of 2024 are published"
    later, early = (keyed.loc[("GM0503", year, measure)] for year in (2022, 2018))
    assert later["value"] / later["low"] == pytest.approx(1 + table.YOUTHS_ERROR)
    assert early["value"] / early["low"] == pytest.approx(1 + table.YOUTHS_ERROR_EARLY)


def test_the_margin_of_use_holds_the_estimated_youths_and_chance(keyed):
    """Delft has 2,900 in care of 29,600: chance 2.3 % at 80 %, youths 0.7 %, together 2.4 %."""
    row = keyed.loc[("GM0503", 2022, "clients_per_100_youths")]
    chance = 1.281552 * np.sqrt((1 - row["numerator"] / row["denominator"]) / row["numerator"])

    assert row["value"] / row["low"] - 1 == pytest.approx(np.hypot(chance, table.YOUTHS_0_22_ERROR))
    assert 0.02 < chance < 0.026


def test_the_stated_errors_are_the_measured_ones(tables):
    error = youths.check_error(tables)["error_percent"].abs().quantile(0.8) / 100
    assert error == pytest.approx(table.YOUTHS_ERROR, abs=0.0005)

    people = tables["population"]
    fine = people["age_group"].isin(["0-4", "5-9", "10-14", "15-19", "20-24"])
    known, blind = (
        youths.single_ages(used)
        .query("period == 2025 and age < 20")
        .groupby("municipality_code")["count"]
        .sum()
        for used in (tables, {**tables, "population": people[~fine]})
    )
    assert (blind / known - 1).abs().quantile(0.8) == pytest.approx(table.YOUTHS_0_22_ERROR, abs=0.0005)


def test_the_youth_cluster_is_that_of_the_last_circular(tables, keyed):
    amounts = table.fund(tables).set_index(["municipality_code", "period"])

    assert amounts.loc[("GM0503", 2024), "circular"] == "septembercirculaire 2024"
    delft = keyed.loc[("GM0503", 2024, "fund_per_cost_fraction")]
    assert delft["value"] == pytest.approx(38_540_457 / 38_631_000)


def test_a_share_of_an_area_is_weighted_and_bounded(keyed):
    assert keyed.loc[("GM0503", 2022, "protection_percent"), "value"] == 1.1
    region = keyed.loc[("JZ24", 2022, "protection_percent")]
    assert region["low"] < region["value"] < region["high"]
    hidden = keyed.loc[("GM0553", 2022, "probation_percent")]
    assert hidden["status"] == "suppressed"
    assert pd.isna(hidden["value"])
    assert (hidden["low"], hidden["high"]) == (0, pytest.approx(100 * 9 / hidden["denominator"]))


def test_regions_of_the_time_come_in_codes_of_today(tables):
    then = table.members(tables, "region", 2018)

    assert "GM0626" in then["JZ24"]
    assert "GM0626" not in then["JZ18"]
    assert {"GM1992", "GM0599"} <= set(then["JZ29"])
    assert "GM0501" not in then["JZ29"]
    with pytest.raises(ParameterError, match="municipality, region or all"):
        table.members(tables, "province")
