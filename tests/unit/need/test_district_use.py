"""Districts: drawn to what is expected, adding up to the municipality, hidden where they are small."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from analyse.errors import ParameterError
from analyse.history import areas
from analyse.need import district_use, use_model
from analyse.schema.districts import AGES
from analyse.small_cells import SMALLEST, STEP


@pytest.fixture(scope="module")
def shown(country, real):
    return district_use.shown(*real, country["usage"])


def test_a_small_district_keeps_to_what_is_expected_and_a_large_one_to_its_count(world):
    found = district_use.drawn(world, use_model.fit(world, ["single", "income"])).dropna(subset=["with_care"])
    share = 100 * found["with_care"] / found["youths"]
    pulled = (found["middle"] - share) / (found["before"] - share)
    large, small = found["youths"] > 4000, found["youths"] < 300

    assert pulled[large].median() < 0.25 < 0.6 < pulled[small].median()
    assert ((found["low"] < found["middle"]) & (found["middle"] < found["high"])).all()


def test_the_margin_of_a_district_holds_its_real_use_in_four_of_five(world):
    found = district_use.drawn(world, use_model.fit(world, ["single", "income"]))
    inside = found["real"].mul(100).between(found["low"], found["high"])

    assert 0.76 < inside.mean() < 0.84
    assert 0.74 < inside[found["with_care"].isna()].mean() < 0.95


def test_districts_add_up_to_the_municipality_in_every_sample(shown):
    rows = shown.query("municipality_code == 'GM0599' and year == 2022")
    rng = np.random.default_rng(1)
    totals = np.exp(rng.normal(9.5, 0.1, (3, 200)))
    parts = district_use.futures(rows, totals, 0.05, rng=rng, ahead=[1, 2, 5])

    assert parts.shape == (len(rows), 3, 200)
    np.testing.assert_allclose(parts.sum(axis=0), totals, rtol=1e-12)
    spread = np.log(parts / totals).std(axis=2)
    assert (spread[:, 2] > spread[:, 0]).mean() > 0.9
    with pytest.raises(ParameterError, match="3 years of futures and 2 years ahead"):
        district_use.futures(rows, totals, 0.05, rng=rng, ahead=[1, 2])


def test_next_year_lies_in_the_margins_as_often_as_they_say_in_a_made_up_country(world):
    first = use_model.fit(world[world["year"] == 2021], ["single", "income"])
    municipal, own = district_use.moved(world, first)
    places = district_use.next_year(world, first, (municipal, own), samples=300, rng=np.random.default_rng(2))

    assert municipal < 0.05 and own < 0.05  # nobody moved
    assert 0.77 < district_use.held(places["place"]) < 0.84


def test_next_year_lies_in_the_margins_in_the_real_country(real):
    rows, _ = real
    first = use_model.fit(rows[rows["year"] == 2021], list(real[1].signals))
    places = district_use.next_year(
        rows, first, district_use.moved(rows, first), samples=1000, rng=np.random.default_rng(3)
    )

    assert len(places) > 2800
    assert 0.78 <= district_use.held(places["place"]) <= 0.825  # 0.82 measured
    assert district_use.held(places["place"][places["youths"] > 3000]) > 0.74  # 0.71 without heavy tails


def test_a_hidden_district_has_its_expectation_only(shown):
    hidden = shown[shown["with_care"].isna()]

    assert len(hidden) > 900 and set(hidden["status"]) == {"suppressed"}
    assert np.allclose(hidden["alpha"] / (hidden["alpha"] + hidden["beta"]) * 100, hidden["before"])


def _highest(districts, total, bands, *, half=STEP / 2):
    """The most that each hidden district may have, of who knows every shown number to ``half`` up or down.

    The youths of the municipality are those of the districts and of who lives in none; also those of the age bands.
    """
    shown = districts["with_care"].to_numpy(dtype=float)
    count, many = len(shown), len(bands)
    limits = [(0, None) if np.isnan(one) else (one - half, one + half) for one in shown]
    limits += [(0, None)]  # in no district
    limits += [(0, SMALLEST - 1) if np.isnan(one) else (one - half, one + half) for one in bands]
    limits += [(total - half, total + half)]
    equal = np.zeros((2, count + many + 2))
    equal[0, : count + 1], equal[0, -1] = 1, -1
    equal[1, count + 1 : count + 1 + many], equal[1, -1] = 1, -1
    found = []
    for place in np.flatnonzero(np.isnan(shown)):
        aim = np.zeros(count + many + 2)
        aim[place] = -1
        solved = linprog(aim, A_eq=equal, b_eq=np.zeros(2), bounds=limits)
        found.append(-solved.fun if solved.success else np.inf)
    return np.array(found)


def test_an_attack_over_districts_ages_and_municipalities_tells_no_district_below_ten(country, shown):
    usage = country["usage"]
    three = (
        set(areas.members(country, "JZ18"))
        | set(areas.members(country, "JZ24"))
        | set(areas.members(country, "JZ29"))
    )
    told = looked = 0
    for (code, year), part in shown[shown["municipality_code"].isin(three)].groupby(
        ["municipality_code", "year"]
    ):
        own = usage[
            (usage["municipality_code"] == code) & (usage["year"] == year) & (usage["measure"] == "youths")
        ]
        total = own[own["breakdown"] == "total"]["count"].astype(float)
        if total.empty or not part["with_care"].isna().any():
            continue
        bands = own[own["breakdown"] == "age"]["count"].astype(float).to_numpy()
        assert len(bands) == len(AGES)
        for half in (0, STEP / 2):
            highest = _highest(part, float(total.iloc[0]), bands, half=half)
            looked += len(highest)
            told += int((highest < SMALLEST).sum())
    assert looked > 60 and told == 0


def test_without_the_second_hidden_district_the_attack_would_succeed(country, real):
    """The same attack on what CBS shows, by who takes each number as exact: it finds districts, so it can fail."""
    rows, _ = real
    usage = country["usage"].query("measure == 'youths' and breakdown == 'total'")
    totals = usage.set_index(["municipality_code", "year"])["count"].astype(float)
    hidden = rows[rows["with_care"].isna()].groupby(["municipality_code", "year"]).size()
    told = 0
    for key in hidden[hidden == 1].index.intersection(totals.index):
        part = rows[(rows["municipality_code"] == key[0]) & (rows["year"] == key[1])]
        told += int((_highest(part, totals[key], np.array([totals[key]]), half=0) < SMALLEST).sum())
    assert told > 0


def test_a_second_district_is_hidden_with_a_single_small_one():
    rows = pd.DataFrame(
        {
            "district_code": list("abcd"),
            "year": 2022,
            "youths": [100.0, 300.0, 500.0, 900.0],
            "with_care": [np.nan, 25.0, 60.0, 90.0],
            "status": ["suppressed", "final", "final", "final"],
        }
    )
    found = district_use.without_hidden(rows, pd.Series({2022: 180.0}))

    assert found["with_care"].isna().tolist() == [True, True, False, False]
    assert found["status"].tolist() == ["suppressed", "suppressed", "final", "final"]


def test_a_few_municipalities_that_change_much_widen_the_margins_of_the_next_year(world):
    first = use_model.fit(world[world["year"] == 2021], ["single", "income"])
    counts = world["municipality_code"].str[-1].isin(list("147")) & world["year"].eq(2022)
    moved = world.assign(with_care=world["with_care"].where(~counts, 1.3 * world["with_care"]))
    quiet, restless = (district_use.moved(rows, first)[0] for rows in (world, moved))

    assert quiet < 0.02 < 0.03 < restless
    large = moved["youths"] > 2000
    held = [
        district_use.held(
            district_use.next_year(
                moved[large], first, (scale, 0.0), samples=300, rng=np.random.default_rng(4)
            )["place"]
        )
        for scale in (quiet, restless)
    ]
    assert held[0] + 0.03 < held[1]
