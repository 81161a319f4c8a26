"""Whatever comes in when, the newest month of a form in use is a number above zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analyse.history import completion


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    months=st.integers(13, 40),
    latest=st.integers(0, 14),
    missing=st.floats(0, 0.6),
)
def test_the_newest_month_is_finite_and_above_zero(seed, months, latest, missing):
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product(
        [["GM9000", "GM9001"], ["ggz", "verblijf"], ["1", "2", "3"], range(months)]
    )
    rows = index.to_frame(index=False, name=["municipality_code", "care_form", "provider", "month"])
    rows = rows[(rng.random(len(rows)) >= missing) | (rows["month"] == 0)]
    first = pd.Timestamp("2020-01-01").to_period("M")
    cells = rows.assign(
        product_month=[(first + month).to_timestamp() for month in rows["month"]],
        development_month=rng.integers(0, latest + 1, len(rows)) * (rows["month"] > 0),
        amount_cents=rng.integers(1, 10**7, len(rows)),
    )

    found = completion.complete(completion.classed(cells, str(first + months - 1)))

    newest = found.cost[:, -1]
    known = found.declared[:, -12:].sum(axis=1) > 0
    assert np.isfinite(found.cost).all()
    assert (newest[known] > 0).all()
