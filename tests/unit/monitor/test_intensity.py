"""Care a week is a ratio of sums, and a provider stands out only beyond what chance and custom do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse.monitor import intensity


def test_intensity_is_volume_per_week_of_care():
    two = pd.DataFrame({"care_form": "ggz", "unit": "04", "volume": [30.0, 90.0], "weeks": [10.0, 50.0]})

    found = intensity.summary(two).iloc[0]

    assert found["per_week"] == 2.0
    assert found["standard_error"] == pytest.approx(np.sqrt(10**2 + 10**2) / 60)


def test_units_are_kept_apart():
    two = pd.DataFrame(
        {"care_form": "ggz", "unit": ["04", "14"], "volume": [20.0, 70.0], "weeks": [10.0, 10.0]}
    )

    assert intensity.summary(two).set_index("unit")["per_week"].to_dict() == {"04": 2.0, "14": 7.0}


def test_the_provider_that_gives_twice_as_much_stands_out_and_a_small_one_is_left_out():
    rng = np.random.default_rng(2)
    parts = []
    for name, level, size in [
        *((f"usual {n}", 2.0, 60) for n in range(10)),
        ("much", 4.0, 60),
        ("few", 9.0, 9),
    ]:
        weeks = rng.uniform(4, 52, size)
        parts.append(
            pd.DataFrame(
                {
                    "provider": name,
                    "care_form": "ggz",
                    "unit": "04",
                    "weeks": weeks,
                    "volume": weeks * level * rng.lognormal(0, 0.3, size),
                }
            )
        )

    found = intensity.funnel(pd.concat(parts, ignore_index=True)).set_index("provider")

    assert found.loc["much", "signal"] == "more"
    assert "few" not in found.index
    assert (found.drop("much")["signal"] == "").all()
    assert (found["wide_low_95"] < found["target"]).all() and (found["target"] < found["wide_high_95"]).all()


def test_without_trajectories_there_is_nothing():
    empty = pd.DataFrame(
        {
            name: pd.Series(dtype=kind)
            for name, kind in (
                ("care_form", str),
                ("provider", str),
                ("unit", str),
                ("volume", float),
                ("weeks", float),
            )
        }
    )

    assert intensity.summary(empty).empty and intensity.funnel(empty).empty


def test_what_tells_of_few_in_one_municipality_of_a_region_is_left_out():
    rows = [("a", "A")] * 40 + [("a", "B")] * 4 + [("b", "A")] * 40
    care = pd.DataFrame(rows, columns=["provider", "municipality_code"])
    care = care.assign(care_form="ggz", unit="04", volume=20.0, weeks=10.0)

    found = intensity.funnel(care)
    assert found["provider"].tolist() == ["b"]
    assert found["signal"].tolist() == [""], (
        "two hours a week for all: nobody stands out, and it is found at once"
    )
    assert intensity.summary(care).empty, "84 in all, of whom 80 in A"
    assert len(intensity.per_week(care)) == 1
