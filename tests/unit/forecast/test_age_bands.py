"""Use by age band: what was counted, and the model on counts with known rates."""

import numpy as np
import pandas as pd
import pytest

from analyse.forecast import age_bands

RATES = {"0-3": 0.03, "4-11": 0.12, "12-17": 0.16}


def _made(rng, *, spread):
    """Forty municipalities with rates of their own around ``RATES``, and counts that chance makes of them."""
    level = np.exp(spread * rng.standard_normal(40))
    level /= np.exp(np.log(level).mean())
    rows = [
        (f"GM{number:04d}", band, rng.poisson(rate * level[number] * youths), youths)
        for number in range(40)
        for band, rate in RATES.items()
        for youths in [float(rng.integers(500, 5000))]
    ]
    return pd.DataFrame(rows, columns=age_bands.COLUMNS).astype({"clients": float})


def test_the_model_finds_the_rates_that_made_the_counts():
    rng, held, dispersion = np.random.default_rng(1), [], []
    for _ in range(40):
        table = age_bands.model(_made(rng, spread=0.3)).set_index("band")
        assert table.index.tolist() == list(RATES)
        assert table["model_percent"].to_numpy() == pytest.approx([3.0, 12.0, 16.0], rel=0.12)
        dispersion.append(table["dispersion"].iloc[0])
        true = 100 * pd.Series(RATES)
        held.append(((table["low"] <= true) & (true <= table["high"])).mean())
    assert np.mean(held) == pytest.approx(0.95, abs=0.05)
    assert np.mean(dispersion) == pytest.approx(1.0, abs=0.1)


def test_bands_are_those_of_the_figures(now):
    rows = age_bands.counted(now.tables, now.ages, now.codes, last=now.origin + 1)
    summed = rows.groupby("band")[["clients", "youths"]].sum()
    pd.testing.assert_frame_equal(summed, now.usage_by_band)
    assert (rows["clients"] < 0.4 * rows["youths"]).all()


def test_without_bands_there_are_no_rows(now):
    tables = {**now.tables, "usage": now.tables["usage"].iloc[:0]}
    assert age_bands.counted(tables, now.ages, now.codes, last=now.origin + 1).empty
