"""Usage: own level, national movement, and intervals that admit how little is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analyse.forecast import usage
from analyse.forecast.streams import Streams


def test_it_begins_where_the_counts_end(now, small):
    assert usage.first_period(now) == 2024
    assert usage.first_period(small) == 2021


def test_the_level_is_the_municipalitys_own(small):
    rate = usage.paths(small, horizon=3, samples=3000, streams=Streams(1))
    assert np.exp(np.median(rate, axis=(1, 2))) == pytest.approx([0.10, 0.20], rel=0.02)


def test_use_moves_towards_what_need_explains_by_a_part_of_the_distance_every_year(small):
    # Use of 0.10 and 0.20, need alike: half of log 2 below and above the middle; 0.11 of what is left goes each year.
    assert small.constants.usage.pull == 0.11
    alike = replace(small, income_support=np.full((2, 3), 5000.0))
    moved = usage._towards_need(alike, np.log([0.10, 0.20]), 2)
    assert moved == pytest.approx(np.outer([0.5, -0.5], [0.11, 1 - 0.89**2]) * np.log(2))
    assert usage._towards_need(small, np.log([0.10, 0.20]), 2) == pytest.approx(np.zeros((2, 2)), abs=1e-9)


def test_it_moves_with_the_netherlands_and_then_fades(small):
    # The Netherlands grew 4 % in 2020-2021, published; after that 0.85 of it.
    moved = replace(small, national_clients=pd.Series({2020: 100.0, 2021: 104.0}))
    expected = np.log(1.04) * np.array([1.0, 1.85])
    assert usage._national(moved, 2021, 2) == pytest.approx(expected)


def test_a_provisional_count_is_revised_upwards_by_the_usual_amount(small):
    final = usage.paths(small, horizon=1, samples=3000, streams=Streams(1))
    flags = np.array([[False, False, True]] * 2)
    provisional = usage.paths(
        replace(small, provisional_clients=flags), horizon=1, samples=3000, streams=Streams(1)
    )
    assert np.mean(provisional - final) == pytest.approx(np.log(1.022), abs=0.001)


def test_the_fall_of_a_provisional_figure_does_not_go_on(small):
    # Counted early, 2021 is 1 % below 2020; final it will be 2.2 % more. Published as it is, and from there on
    # 0.85 of the growth that is then left: log 0.99 + log 1.022.
    early = replace(
        small, national_clients=pd.Series({2020: 100.0, 2021: 99.0}), provisional_national=frozenset({2021})
    )
    moves = np.diff(usage._national(early, 2021, 3), prepend=0.0)
    left = np.log(0.99) + np.log(1.022)
    assert moves == pytest.approx([np.log(0.99), 0.85 * left, 0.85**2 * left])


def test_a_town_whose_youths_grow_towards_the_ages_with_more_care_gets_more_clients(small):
    # One in a hundred of ages 0-11 and two of 12-17 have care. In the first town all are 11 and become 12; in the
    # second all are 5 and become 6. After a year the first has twice the clients per youth, the second as many.
    ages = np.zeros((2, 4, 25))
    ages[0, -1, 12] = ages[0, -2, 11] = 100.0
    ages[1, -1, 6] = ages[1, -2, 5] = 100.0
    assert usage._ageing(replace(small, ages=ages), 2021, 1)[:, 0] == pytest.approx([np.log(2), 0.0])


def test_ageing_goes_on_after_the_last_ages_known(small):
    # Ages are known to 1 January 2021. All are 10 then, 11 in 2022 and 12 in 2023.
    ages = np.zeros((2, 4, 25))
    ages[:, -1, 10] = ages[:, -2, 9] = 100.0
    shift = usage._ageing(replace(small, ages=ages, gains=np.zeros((2, 25))), 2021, 3)
    assert shift[0] == pytest.approx([0.0, 0.0, np.log(2)])


def test_a_provisional_national_figure_is_revised_too_when_it_follows_a_final_one(small):
    ahead = replace(
        small, national_clients=pd.Series({2020: 100.0, 2021: 104.0}), provisional_national=frozenset({2021})
    )
    assert usage._national_revised(ahead, 2021, 3).tolist() == [1.0, 1.0, 1.0]
    both = replace(ahead, provisional_national=frozenset({2020, 2021}))
    assert usage._national_revised(both, 2021, 3).tolist() == [0.0, 0.0, 0.0]


def test_an_unknown_count_takes_the_level_of_the_others_with_a_wide_interval(small):
    hidden = small.clients.copy()
    hidden[0] = np.nan
    rate = usage.paths(replace(small, clients=hidden), horizon=1, samples=3000, streams=Streams(1))
    assert np.exp(np.median(rate[0])) == pytest.approx(0.20, rel=0.05)
    assert rate[0].std() > 3 * rate[1].std()


def test_a_break_of_registration_keeps_only_the_level_after_it(small):
    fallen = replace(
        small,
        clients=np.array([[np.nan, 20.0, 10.0], [np.nan, 20.0, 20.0]]),
        usage_breaks=np.array([[False, False, True], [False, False, False]]),
    )
    level, _ = usage._level(fallen)
    assert np.exp(level) == pytest.approx([0.10, 0.20])


def test_without_any_count_usage_is_unknown_not_zero(small):
    nothing = replace(small, clients=np.full((2, 3), np.nan))
    assert np.isnan(usage.paths(nothing, horizon=2, samples=5, streams=Streams(1))).all()


def test_the_movement_of_the_nation_is_in_the_paths(small):
    # Up 10 % in the last year counted: 0.85 of that in the next year, 0.85 of that in the one after.
    rising = replace(small, national_clients=pd.Series({2019: 400.0, 2020: 440.0}))
    flat, moved = (usage.paths(known, horizon=3, samples=10, streams=Streams(1)) for known in (small, rising))
    expected = np.log(1.1) * np.cumsum(0.85 ** np.arange(1, 4))
    assert moved - flat == pytest.approx(np.broadcast_to(expected[None, :, None], flat.shape))


def test_municipalities_share_the_shocks_of_nation_and_region_and_have_their_own(small):
    chosen = small.constants.usage
    paths = usage.paths(small, horizon=2, samples=60_000, streams=Streams(1))
    # After two years: all of the national shocks, and of the others the last one whole and 0.8 of the first.
    common = 2 * chosen.shared_sd**2 + (1 + 0.8**2) * chosen.region_sd**2
    assert np.cov(paths[0, 1], paths[1, 1])[0, 1] == pytest.approx(common, rel=0.05)
    rounding = (5 / np.sqrt(12) / 10) ** 2
    own = (1 + 0.8**2) * chosen.own_sd**2 + rounding
    assert paths[0, 1].var() == pytest.approx(common + own, rel=0.05)


def test_older_youths_change_use_by_little_and_children_are_born_in_every_year(now):
    """In the three regions ages move use per youth of 0-17 by less than one per cent in six years.

    Without the children born from 2026 on, the youths of 0-17 would shrink and use per youth grow by 4 % a year.
    """
    moved = usage._ageing(now, usage.first_period(now), 7)
    assert np.abs(np.median(moved[:, -1])) < 0.02
    assert np.abs(np.diff(moved, axis=1)).max() < 0.03
