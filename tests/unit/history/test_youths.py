"""Youths are as published where published; elsewhere the reconstruction is close to what is known."""

import numpy as np
import pandas as pd
import pytest

from analyse.errors import DataError, ParameterError
from analyse.history import boundaries, cohort_model, youths
from analyse.schema import AGE_GROUPS


@pytest.fixture(scope="module")
def reconstructed(tables):
    return youths.reconstruct(tables)


def test_every_municipality_and_year_has_a_figure(reconstructed):
    assert len(reconstructed) == 342 * 10
    assert reconstructed[["youths", "youths_0_22"]].notna().all(axis=None)
    assert (reconstructed["youths"] < reconstructed["youths_0_22"]).all()
    final = reconstructed.loc[reconstructed["youths_status"] == "final", "period"]
    assert set(final) == {2023, 2024}


def test_published_youths_are_returned_exactly(reconstructed):
    delft = reconstructed.loc[reconstructed["municipality_code"] == "GM0503"].set_index("period")["youths"]
    assert delft[[2023, 2024]].tolist() == [15469, 15701]


@pytest.fixture(scope="module")
def by_age(tables):
    """Inhabitants by single year of age, and the published groups by municipality of today."""
    return youths.single_ages(tables), boundaries.recode(tables["population"], tables, {"count": "status"})


@pytest.mark.parametrize("group", list(AGE_GROUPS))
def test_published_age_groups_hold(by_age, group):
    first, after = AGE_GROUPS[group]
    ages, recoded = by_age
    own = (
        ages.loc[ages["age"].between(first, after - 1)]
        .groupby(["municipality_code", "period"])["count"]
        .sum()
    )
    of_group = recoded.loc[recoded["age_group"] == group].astype({"year": "int64", "count": "float64"})
    published = of_group.set_index(["municipality_code", "year"])["count"].rename_axis(own.index.names)
    assert (own.reindex(published.index) - published).abs().max() < 0.05


def test_the_error_without_the_published_youths_is_that_in_the_documentation(tables):
    error = youths.check_error(tables)["error_percent"]
    assert len(error) == 684
    assert error.abs().median() == pytest.approx(0.40, abs=0.02)
    assert error.abs().quantile(0.9) == pytest.approx(1.13, abs=0.05)
    assert error.abs().max() == pytest.approx(14.3, abs=0.1)
    assert error.mean() == pytest.approx(0.25, abs=0.02)


def test_haaglanden_of_2020_is_near_the_number_in_its_own_plan(tables, reconstructed):
    """The regional plan 2021-2026 counts 227,250 youths below 18 in the ten municipalities of the time."""
    then = tables["municipalities"].query("year == 2020 and region_code == 'JZ24'")["municipality_code"]
    young = reconstructed.query("period == 2020").set_index("municipality_code")["youths"]
    assert young[then].sum() == pytest.approx(227_250, rel=0.005)


def test_predecessors_add_up_to_the_merged_municipality(tables, reconstructed):
    then = youths.of_the_time(reconstructed, tables).set_index(["municipality_code", "period"])
    fixed = reconstructed.set_index(["municipality_code", "period"])
    for column in ("youths", "youths_0_22"):
        parts = then.loc[[("GM0575", 2018), ("GM0576", 2018)], column]
        assert parts.sum() == pytest.approx(fixed.loc[("GM0575", 2018), column], rel=1e-12)
        assert parts.min() > 0.3 * parts.sum()
        assert then.loc[("GM0575", 2019), column] == fixed.loc[("GM0575", 2019), column]
    assert then.loc[("GM0503", 2023), "youths_status"] == "final"


def test_without_age_groups_the_parts_have_the_mean_of_their_shares_in_inhabitants_and_births(
    tables, reconstructed
):
    """Noordwijk and Noordwijkerhout before 2019: no ages are published of either."""
    parts, births = ["GM0575", "GM0576"], tables["population_dynamics"].query("year < 2018")
    people = (
        tables["population"].query("year == 2018 and age_group == 'total'").set_index("municipality_code")
    )
    shares = [
        (one[parts] / one[parts].sum()).astype(float)
        for one in (people["count"], births.groupby("municipality_code")["births"].sum())
    ]
    then = youths.of_the_time(reconstructed, tables).query("period == 2018").set_index("municipality_code")
    young = then.loc[parts, "youths"]
    assert (young / young.sum()).tolist() == pytest.approx(((shares[0] + shares[1]) / 2).tolist())
    assert abs(shares[0] - shares[1]).max() > 0.005


def test_a_known_population_is_found_back():
    """A hundred births a year, and every cohort grows by one per cent a year; sums are known in two of six years."""
    ages, years = np.arange(cohort_model.AGES), 6
    truth = 100 * 1.01**ages
    groups = ((0, 15), (15, 25))
    sums = {(*group, year): np.array([truth[slice(*group)].sum()]) for group in groups for year in (1, 4)}
    births, still = np.full((1, years), 100.0), np.zeros((1, years))
    found = cohort_model.solve(cohort_model.Inputs(births, still, sums, np.array([truth[:15].mean()])))
    assert found.shape == (1, 25, years)
    assert found[0, :18].sum(axis=0) == pytest.approx(np.full(years, truth[:18].sum()), rel=0.015)


def test_years_and_data_that_cannot_be_are_refused(tables):
    with pytest.raises(ParameterError, match="until 2027; choose 2017 to 2026"):
        youths.single_ages(tables, until=2027)
    population = tables["population"]
    without = population.loc[
        (population["municipality_code"] != "GM0503") | (population["age_group"] != "0-14")
    ]
    with pytest.raises(DataError, match="GM0503: no inhabitants of 0-14"):
        youths.reconstruct({**tables, "population": pd.DataFrame(without)})
