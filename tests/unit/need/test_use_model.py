"""The model of use finds what a made-up country was made with, and agrees with statsmodels where both can be asked."""

import numpy as np
import pytest
import statsmodels.api as sm

from analyse.need import use_model


def test_without_effects_and_extra_variation_it_is_the_glm_of_statsmodels(world):
    rows = world.dropna(subset=["with_care"])
    found = use_model.fit(rows, ["single", "income"], effects=False, extra=False)
    counts = np.column_stack([rows["with_care"], rows["youths"] - rows["with_care"]])
    same = sm.GLM(counts, found.design(rows), family=sm.families.Binomial(), offset=rows["offset"]).fit()

    np.testing.assert_allclose(found.coefficients, same.params, atol=1e-4)
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance)), same.bse, rtol=0.02)


def test_it_finds_the_truth_from_rounded_and_hidden_counts(world, truth):
    found = use_model.fit(world, ["single", "income"])
    effects = dict(zip(found.names, found.coefficients / np.r_[1, 1, found.scale], strict=True))

    assert world["with_care"].isna().mean() > 0.015
    assert effects["single"] == pytest.approx(truth["single"], abs=0.015)
    assert effects["income"] == pytest.approx(truth["income"], abs=0.015)
    assert found.between_municipalities**0.5 == pytest.approx(truth["municipality"], abs=0.03)
    assert found.between_regions**0.5 == pytest.approx(truth["region"], abs=0.06)
    assert found.phi == pytest.approx(0.001, abs=0.0006)


def test_counts_that_are_left_out_because_they_are_hidden_would_raise_the_use(world, truth):
    small = world[world["youths"] < 150]
    kept = use_model.fit(small, ["single"]).coefficients[0]
    dropped = use_model.fit(small.dropna(subset=["with_care"]), ["single"]).coefficients[0]

    assert abs(kept - truth["constant"]) < 0.15 < dropped - truth["constant"]


def test_its_margins_hold_the_coefficients_as_often_as_they_say(make_country, truth):
    inside = []
    for seed in range(30):
        rows = make_country(seed, municipalities=60, regions=10, districts=4)
        found = use_model.fit(rows, ["single", "income"])
        for name in ("single", "income"):
            place = found.names.index(name)
            real = truth[name] * found.scale[found.signals.index(name)]
            inside.append(
                abs(found.coefficients[place] - real) < 1.2816 * found.covariance[place, place] ** 0.5
            )

    assert 0.65 < np.mean(inside) < 0.92  # 80 %; two years share the districts' own level, so a little narrow
