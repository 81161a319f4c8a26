"""Years ahead that begin with a completed year: growth per sample, lump sums, sums of a region, wider intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse.errors import DataError
from analyse.history import completion
from analyse.monitor import multi_year

NONE = {
    "lump_sums": pd.DataFrame({"municipality_code": [], "year": [], "amount_eur": []}).astype({"year": int})
}
OWN = {"GM9000": ["GM9000"], "GM9001": ["GM9001"]}
FUTURES = pd.DataFrame(
    [(code, period, sample, cost)
     for code, level in (("GM9000", 1000.0), ("GM9001", 500.0))
     for period, growth in ((2023, (1.0, 1.0)), (2024, (1.1, 1.2)), (2025, (1.21, 1.5)))
     for sample, cost in enumerate(level * np.array(growth))],
    columns=["area_code", "period", "sample", "cost_eur"],
)  # fmt: skip


def known(cut_off: str = "2023-12", *, spread: float = 0.0) -> completion.Uncertain:
    """Two municipalities, 24 months of 100 and of 50 euros; errors of so large a part of the last month."""
    months = 2022 * 12 + np.arange(24)
    cost = np.repeat([[100.0], [50.0]], 24, axis=1)
    keys = pd.DataFrame({"municipality_code": ["GM9000", "GM9001"], "care_form": "ggz"})
    last = pd.Timestamp(cut_off)
    completed = completion.Completed(
        keys, months, last.year * 12 + last.month - 1, cost * 0.9, cost, cost, cost * 0 + 0.1
    )
    errors = np.zeros((12, 2, 24))
    errors[:, :, -1] = spread * cost[:, -1] * np.where(np.arange(12) % 2, 1, -1)[:, None]
    return completion.Uncertain(completed, errors)


def test_each_sample_of_the_year_grows_as_the_same_sample_of_the_forecast():
    found = multi_year.paths(known(), FUTURES, NONE, areas=OWN, rng=np.random.default_rng(1))

    own = found[found["area_code"] == "GM9000"].set_index(["period", "sample"])["cost_eur"]
    assert own.round(6).to_dict() == {
        (2023, 0): 1200,
        (2023, 1): 1200,
        (2024, 0): 1320,
        (2024, 1): 1440,
        (2025, 0): 1452,
        (2025, 1): 1800,
    }
    assert found.groupby("stage")["period"].unique().map(list).to_dict() == {
        "completed": [2023],
        "forecast": [2024, 2025],
    }
    assert set(found["care_form"]) == {"total"}


def test_a_region_is_the_sum_within_a_sample():
    found = multi_year.paths(
        known(), FUTURES, NONE, areas={"JZ24": ["GM9000", "GM9001"]}, rng=np.random.default_rng(1)
    )

    assert found.set_index(["area_code", "period", "sample"])["cost_eur"]["JZ24", 2025, 1] == pytest.approx(
        2700
    )


def test_lump_sums_are_in_the_year_and_grow_with_it():
    lump = {
        "lump_sums": pd.DataFrame({"municipality_code": ["GM9001"], "year": [2023], "amount_eur": [400.0]})
    }

    found = multi_year.paths(known(), FUTURES, lump, areas=OWN, rng=np.random.default_rng(1))

    own = found[(found["area_code"] == "GM9001") & (found["sample"] == 0)]
    assert own["cost_eur"].round(6).tolist() == [1000, 1100, 1210]


def test_what_is_still_coming_is_in_the_interval_of_every_later_year():
    many = pd.concat([FUTURES[FUTURES["sample"] == 0].assign(sample=sample) for sample in range(400)])

    sure, unsure = (
        multi_year.paths(known(spread=spread), many, NONE, areas=OWN, rng=np.random.default_rng(1)).query(
            "area_code == 'GM9000'"
        )
        for spread in (0.0, 0.5)
    )

    assert sure.groupby("period")["cost_eur"].std().max() == pytest.approx(0)
    widths = unsure.groupby("period")["cost_eur"].std()
    assert widths[2025] / widths[2023] == pytest.approx(1.21)
    assert widths[2023] > 30


def test_it_says_what_is_not_there():
    with pytest.raises(DataError, match="starts after 2023"):
        multi_year.paths(
            known(), FUTURES.query("period > 2023"), NONE, areas=OWN, rng=np.random.default_rng(1)
        )
    with pytest.raises(DataError, match="no forecast of GM9001"):
        multi_year.paths(
            known(), FUTURES.query("area_code == 'GM9000'"), NONE, areas=OWN, rng=np.random.default_rng(1)
        )
