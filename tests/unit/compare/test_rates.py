"""Rates with their denominator; what is not whole gives no rate."""

import pandas as pd
import pytest

from analyse import compare
from analyse.errors import ParameterError
from analyse.history import areas, panel
from analyse.sources import snapshot


@pytest.fixture(scope="module")
def tables():
    return snapshot.load()


def area_rows(**columns):
    base = {
        "area_code": ["A", "A", "B"],
        "area": ["Aa", "Aa", "Bee"],
        "period": [2023, 2024, 2024],
        "youths": [1000.0, 1000.0, 500.0],
        "youths_0_22": [1300.0, 1300.0, 650.0],
        "clients": [130.0, float("nan"), 65.0],
        "clients_status": ["final", "missing", "final"],
        "cost_eur": [2_000_000.0, 2_200_000.0, 900_000.0],
        "status": ["final", "final", "incomplete"],
        "budget_eur": [1_600_000.0, 2_000_000.0, 1_000_000.0],
        "budget_status": ["final", "final", "final"],
    }
    return pd.DataFrame({**base, **columns})


def test_rates_worked_by_hand():
    rates = compare.measures(area_rows()).set_index(["area_code", "period"])
    assert rates.loc[("A", 2023), "cost_per_youth_eur"] == 2000
    assert rates.loc[("A", 2023), "clients_per_100_youths"] == 10
    assert rates.loc[("A", 2023), "overspend_fraction"] == pytest.approx(0.25)
    assert rates.loc[("A", 2024), "cost_growth_fraction"] == pytest.approx(0.10)


def test_a_lower_bound_gives_no_rate():
    rates = compare.measures(area_rows()).set_index(["area_code", "period"])
    assert rates.loc[("B", 2024), ["cost_per_youth_eur", "overspend_fraction"]].isna().all()
    assert rates.loc[("B", 2024), "budget_per_youth_eur"] == 2000
    assert pd.isna(rates.loc[("A", 2023), "cost_growth_fraction"])


def test_the_residential_share_of_an_area_is_weighted(tables):
    shares = compare.residential_share(tables, {"GM0503": ["GM0503"], "JZ24": areas.members(tables, "JZ24")})
    shares = shares.set_index("area_code")["share_percent"]
    assert shares["GM0503"] == pytest.approx(8.5)
    assert 3.7 < shares["JZ24"] < 8.5


def test_a_suppressed_part_makes_a_lower_bound(tables):
    ages = compare.mix(tables, ["GM1992"], breakdown="age").set_index(["year", "category"])
    assert ages.loc[(2022, "4-11"), "status"] == "provisional"
    assert ages.loc[(2022, "0-3"), "status"] == "incomplete"
    with pytest.raises(ParameterError, match="choose one of"):
        compare.mix(tables, ["GM1992"], breakdown="colour")


def test_regions_are_measured_on_real_figures(tables):
    rates = compare.measures(panel.by_area(panel.build(tables), "region")).set_index(["area_code", "period"])
    assert rates.loc[("JZ24", 2024), "cost_per_youth_eur"] == pytest.approx(433_448_000 / 222_328)
    assert pd.isna(rates.loc[("JZ18", 2022), "cost_per_youth_eur"]), "Nieuwkoop 2022 is faulty"
