"""What is expected adds up to the country, a difference to its parts, and margins hold what they say."""

import numpy as np
import pytest

from analyse.compare import peers
from analyse.errors import ParameterError
from analyse.history import panel
from analyse.need import expected_use


@pytest.fixture(scope="module")
def found(country, real):
    return expected_use.municipalities(*real, panel.build(country))


def test_all_municipalities_together_use_what_is_expected_in_each_year(found):
    together = (
        found.assign(
            clients_expected=found["youths"] * found["expected"] / 100,
        )
        .groupby("period")[["clients", "clients_expected"]]
        .sum()
    )

    assert together.index.tolist() == [2021, 2022, 2023]
    np.testing.assert_allclose(together["clients"], together["clients_expected"], rtol=1e-6)
    assert together["clients"].tolist() == [463_570, 461_955, 485_110]


def test_the_parts_add_up_to_the_use_of_every_municipality(found):
    for code in found["municipality_code"].unique()[::9]:
        parts = expected_use.beside_region(found, code, period=2022).set_index("part")["value"]
        own = found.query("municipality_code == @code and period == 2022").iloc[0]
        assert parts.drop("use").sum() == pytest.approx(own["use"])
        assert parts["use"] == own["use"]


def test_the_parts_of_a_region_add_up_and_the_country_is_as_expected(found):
    whole = expected_use.regions(found).query("period == 2023")
    for code in ("JZ18", "JZ24", "JZ29"):
        parts = expected_use.beside_country(found, code, period=2023).set_index("part")["value"]
        own = whole.set_index("region_code").loc[code]
        assert parts.drop("use").sum() == pytest.approx(parts["use"]) == pytest.approx(own["use"])
        assert parts["use of the region"] == pytest.approx(
            100 * 485_110 / found.query("period == 2023")["youths"].sum()
        )
        people = parts[list(expected_use.GROUPS)].sum()
        assert people == pytest.approx(own["expected"] - parts["use of the region"])
    assert whole["use"].between(whole["usual_low"], whole["usual_high"]).mean() == pytest.approx(
        0.8, abs=0.04
    )
    with pytest.raises(ParameterError, match="JZ99 has no expected use in 2023"):
        expected_use.beside_country(found, "JZ99", period=2023)


def test_students_are_why_less_is_expected_in_delft_than_in_haaglanden(found):
    parts = expected_use.beside_region(found, "GM0503", period=2023).set_index("part")["value"]

    assert parts[list(expected_use.GROUPS)].idxmin() == "ages" and parts["ages"] < -1.5
    with pytest.raises(ParameterError, match="GM0503 has no expected use in 2019"):
        expected_use.beside_region(found, "GM0503", period=2019)


def test_the_margin_of_the_model_lies_within_the_usual_difference(found):
    assert (found["usual_low"] < found["expected_low"]).all()
    assert (found["expected_low"] < found["expected"]).all() and (
        found["expected"] < found["expected_high"]
    ).all()
    assert (found["expected_high"] < found["usual_high"]).all()
    inside = found["use"].between(found["usual_low"], found["usual_high"]).groupby(found["period"]).mean()
    assert inside.between(0.76, 0.86).all()  # it says 80 %


def test_people_explain_a_part_of_the_differences(found):
    last = found.query("period == 2023")
    assert last["use"].corr(last["expected"]) > 0.5
    assert (last["use"] - last["expected"]).abs().mean() < (last["use"] - last["use"].mean()).abs().mean()


def test_who_is_near_in_need_and_looks_is_expected_to_use_about_as_much(found, country):
    features = peers.features(panel.build(country), country, year=2022)
    near = expected_use.alike(found, features)
    last = found.query("period == 2023").set_index("municipality_code")["expected"]
    apart = {code: abs(last[others].mean() - last[code]) for code, others in near.items()}
    looks = peers.alike(features[features["municipality_code"].isin(near)])
    by_looks = {code: abs(last[others].mean() - last[code]) for code, others in looks.items()}

    assert len(near) > 330 and all(code not in others and len(others) == 5 for code, others in near.items())
    assert np.median(list(apart.values())) < 0.7 * np.median(list(by_looks.values()))
