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


def past_errors(monkeypatch, now: SimpleNamespace, then: SimpleNamespace) -> np.ndarray:
    monkeypatch.setattr(samples, "complete", lambda triangle, *, by, ahead: then)
    triangle = SimpleNamespace(at=lambda cut_off: cut_off)
    return samples._errors(triangle, now, 0, by=("municipality_code",), ahead=AHEAD)[0]


def test_an_error_of_the_past_is_that_of_every_age_that_is_kept(monkeypatch):
    """Ten euros too low in every month: ten at every age, those ahead too, as much is open now as then."""
    found = past_errors(monkeypatch, completed(42, 110.0, 0.4), completed(32, 100.0, 0.4))

    assert found.tolist() == [10.0] * SHOWN


def test_of_a_short_past_the_oldest_ages_have_no_error(monkeypatch):
    found = past_errors(monkeypatch, completed(42, 110.0, 0.4), completed(20, 100.0, 0.4))

    assert found.tolist() == [0.0] * (SHOWN - 20) + [10.0] * 20


@pytest.mark.parametrize(
    ("open_now", "factor"), [(0.4, 1.0), (0.9, 1.5), (0.04, 0.5), (2.5, 2.0), (samples.SMALLEST_SHARE, 0.0)]
)
def test_an_error_goes_with_the_root_of_what_is_open_within_a_factor_of_two(monkeypatch, open_now, factor):
    """Open then was 0.4: 0.9 is a root of 1.5, a tenth of it no less than a half, six times it no more than twice."""
    found = past_errors(monkeypatch, completed(42, 110.0, open_now), completed(32, 100.0, 0.4))

    assert found == pytest.approx(10.0 * factor)


@pytest.mark.parametrize(("expected", "factor"), [(120.0, 1.2), (300.0, 1.5), (20.0, 1 / 1.5)])
def test_an_error_grows_with_what_the_municipality_is_expected_to_cost(monkeypatch, expected, factor):
    found = past_errors(monkeypatch, completed(42, 110.0, 0.4, expected), completed(32, 100.0, 0.4))

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
