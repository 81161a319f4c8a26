"""Ages: the national profile, scaled to the totals, and what older youths do to costs by themselves."""

import numpy as np
import pandas as pd
import pytest

from analyse.errors import ParameterError
from analyse.forecast import known
from analyse.history import panel, youths
from analyse.need import single_years


@pytest.fixture(scope="module")
def national(country):
    return single_years.profile(country, youths.single_ages(country)).set_index("age")


def test_the_profile_is_the_one_that_was_published(national):
    assert national.loc[17, "cost_eur"] == 2289.34 and national.loc[0, "cost_eur"] == 84.56
    assert national["cost_eur"].idxmax() == 17
    assert national["use"].idxmax() in (9, 10, 15, 16, 17)
    assert 0.1 < national.loc[9, "use"] < 0.2 and national.loc[22, "use"] < 0.03


def test_the_profile_gives_nearly_what_the_netherlands_spend(national, country):
    ages = youths.single_ages(country).query("period == 2022 and age < 23").groupby("age")["count"].sum()
    spent = float((ages * national["cost_eur"]).sum())
    assert spent == pytest.approx(5_621e6, rel=0.25)  # CPB counts the Youth Act otherwise than the accounts


def test_an_area_adds_up_to_its_own_totals(national):
    count = pd.Series(np.linspace(100, 200, 23), index=range(23))
    rows = single_years.of_area(national.reset_index(), count, clients=300.0, cost_eur=4e6)
    assert rows["clients"].sum() == pytest.approx(300) and rows["cost_eur"].sum() == pytest.approx(4e6)
    assert rows["youths"].tolist() == count.tolist()


def test_youths_grow_a_year_older_and_nobody_is_made_up(country):
    there = known.as_of(panel.build(country), country)
    counts = single_years.people(there, years=3)
    wide = counts.pivot_table(index="period", columns="age", values="count", aggfunc="sum")

    assert wide.index.tolist()[-4:] == [there.origin + step for step in (1, 2, 3, 4)]
    assert (wide.loc[there.origin + 1] - there.ages[:, -1, :23].sum(axis=0)).abs().max() < 1e-6
    older = wide.loc[there.origin + 2].loc[5:17].to_numpy() / wide.loc[there.origin + 1].loc[4:16].to_numpy()
    assert np.abs(older - 1).max() < 0.03


def test_a_population_that_stays_does_nothing_and_an_unknown_year_is_named(national):
    counts = pd.DataFrame(
        [(year, age, 100.0) for year in (2024, 2025) for age in range(23)], columns=["period", "age", "count"]
    )
    found = single_years.effect(national.reset_index(), counts, base=2024)
    assert np.allclose(found[["youths", "use", "cost"]], 100)
    with pytest.raises(ParameterError, match="no ages of 2020; there are 2024 to 2025"):
        single_years.effect(national.reset_index(), counts, base=2020)
