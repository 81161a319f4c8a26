"""Errors of the past on the scale of today: what a past completion was off by, for what is still open now."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analyse.history.completion import samples

AHEAD, SHOWN = 2, samples.OLDEST + 2


def completed(months: int, cost: float, open_share: float, expected: float = 100.0) -> SimpleNamespace:
    """One series of a municipality: so many months, two of them after the cut-off."""
    shape = (1, months)
    return SimpleNamespace(
        keys=pd.DataFrame({"municipality_code": ["GM9000"]}),
        months=np.arange(months),
        cost=np.full(shape, cost),
        open_share=np.full(shape, open_share),
        expected=np.full(shape, expected),
    )


def past_errors(now: SimpleNamespace, then: SimpleNamespace) -> np.ndarray:
    return samples._errors(now, then, ahead=AHEAD)[0]


def test_an_error_of_the_past_is_that_of_every_age_that_is_kept():
    """Ten euros too low in every month: ten at every age, those ahead too, as much is open now as then."""
    found = past_errors(completed(42, 110.0, 0.4), completed(32, 100.0, 0.4))

    assert found.tolist() == [10.0] * SHOWN


def test_of_a_short_past_the_oldest_ages_have_no_error():
    found = past_errors(completed(42, 110.0, 0.4), completed(20, 100.0, 0.4))

    assert found.tolist() == [0.0] * (SHOWN - 20) + [10.0] * 20


@pytest.mark.parametrize(
    ("open_now", "factor"), [(0.4, 1.0), (0.9, 1.5), (0.04, 0.5), (2.5, 2.0), (samples.SMALLEST_SHARE, 0.0)]
)
def test_an_error_goes_with_the_root_of_what_is_open_within_a_factor_of_two(open_now, factor):
    """Open then was 0.4: 0.9 is a root of 1.5, a tenth of it no less than a half, six times it no more than twice."""
    found = past_errors(completed(42, 110.0, open_now), completed(32, 100.0, 0.4))

    assert found == pytest.approx(10.0 * factor)


@pytest.mark.parametrize(("expected", "factor"), [(120.0, 1.2), (300.0, 1.5), (20.0, 1 / 1.5)])
def test_an_error_grows_with_what_the_municipality_is_expected_to_cost(expected, factor):
    found = past_errors(completed(42, 110.0, 0.4, expected), completed(32, 100.0, 0.4))

    assert found == pytest.approx(10.0 * factor)


@pytest.mark.parametrize(
    ("errors", "worth"),
    [
        ([1, -1, 1, -1], 4),  # the first lag says that they differ
        ([1, 1, -1, -1], 4 / 1.5),  # lag 1: 1 + 2 * 3/4 * 1/3; lag 2 is below zero
        ([1] * 6, 6 / 5),  # lags 1 to 3: 1 + 2 * (5/6 + 4/6 + 3/6)
    ],
)
def test_cut_offs_that_resemble_each_other_are_worth_fewer(errors, worth):
    assert samples._independent(np.array(errors, dtype=float)[:, None]) == pytest.approx(worth)


def seen(cost: float, months: int) -> SimpleNamespace:
    return completed(months, cost, 0.4)


def test_what_of_an_error_is_not_seen_yet_is_added_from_cut_offs_that_have_ended():
    """After two months 60 of 80 euros had come out of each month of cut-off 9, 40 of 90 of cut-off 10: the root of
    (80² + 90²) over (60² + 40²). Cut-offs 11 and 12 have not ended.
    """
    thens = {9: seen(20, 32), 10: seen(10, 32), 11: seen(80, 32), 12: seen(50, 32)}
    now = seen(100, 42)

    grown = samples._unseen(now, thens, passed=2, until=10, ahead=AHEAD)

    assert grown == pytest.approx(np.sqrt((80**2 + 90**2) / (60**2 + 40**2)))


@pytest.mark.parametrize(("later", "factor"), [(30, samples.MOST_UNSEEN), (100, 1.0), (150, 1.0)])
def test_an_error_is_made_no_smaller_and_at_most_twice_as_large(later, factor):
    """Of 100 in the end 20 was thought: 10 more after two months is an eighth of what came out, 130 more too much."""
    thens = {9: seen(20, 32), 11: seen(later, 32)}

    assert samples._unseen(seen(100, 42), thens, passed=2, until=9, ahead=AHEAD) == pytest.approx(factor)


def test_without_a_cut_off_that_has_ended_errors_stay_as_they_are():
    assert (
        samples._unseen(seen(100, 42), {11: seen(20, 32)}, passed=2, until=9, ahead=AHEAD).tolist()
        == [1.0] * SHOWN
    )
