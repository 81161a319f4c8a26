"""A month of which declarations are missing is found and left out; a month that is in is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse.history.completion import arrivals

LAST = "2022-06"


def with_late(cells: pd.DataFrame, part: float, *, providers: list[str] | None = None) -> pd.DataFrame:
    """The same declarations as known at the end of June 2022, with a part of what came in June not there."""
    known = cells[
        cells["product_month"].dt.to_period("M") + cells["development_month"] <= pd.Period(LAST, "M")
    ]
    came = known["product_month"].dt.to_period("M") + known["development_month"] == pd.Period(LAST, "M")
    mine = came if providers is None else came & known["provider"].isin(providers)
    return known.assign(
        amount_cents=np.where(mine, known["amount_cents"] * (1 - part), known["amount_cents"])
    )


@pytest.mark.parametrize("part", [0.3, 0.7])
def test_a_month_of_which_a_part_came_late_is_left_out(worlds, part: float):
    for cells in worlds:
        cut_off, missing = arrivals.last_finished(with_late(cells, part), LAST)

        assert cut_off == "2022-05"
        assert missing[0].month == LAST and missing[0].share == pytest.approx(1 - part, abs=0.12)


def test_a_large_provider_whose_file_is_not_in_is_named(cells):
    largest = cells.groupby("provider")["amount_cents"].sum().idxmax()

    cut_off, missing = arrivals.last_finished(with_late(cells, 1.0, providers=[largest]), LAST)

    assert cut_off == "2022-05"
    assert largest in {one.provider for one in missing}


def test_months_that_are_in_stay(worlds):
    """Of nine cut-offs in each of four worlds where everything comes as always, at most one is called late."""
    stepped = [
        cut_off
        for cells in worlds
        for cut_off in pd.period_range("2021-07", "2022-12", freq="M").astype(str)[::2]
        if arrivals.last_finished(cells, cut_off)[0] != cut_off
    ]

    assert len(stepped) <= 1, stepped


def test_with_too_few_months_nothing_is_said(cells):
    early = cells[cells["product_month"] < "2018-06-01"]

    assert arrivals.last_finished(early, "2018-05") == ("2018-05", ())
