"""The figures that docs/comparison.md names as examples are those of the embedded figures."""

import numpy as np
import pandas as pd
import pytest

from analyse import parameters, store
from analyse.compare import chance, decompose, funnel, standardise, table
from analyse.history import panel
from analyse.parameters import Run

PAGE = " ".join((store.root() / "docs" / "comparison.md").read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def towns(history):
    return panel.by_area(history, "municipality")


@pytest.fixture(scope="module")
def noise(history):
    return chance.cost_noise(history, parameters.breaks())


def test_what_the_differences_between_regions_are_made_of(tables, history):
    regions = panel.by_area(history, "region")
    expected = standardise.standardised(tables, table.members(tables, "region"))
    expected = expected.set_index(["area_code", "period"])["expected_clients"]
    found = decompose.difference(regions, first=("JZ24", 2022), last=("JZ29", 2022), expected=expected)
    more, effect = found["end_eur"] - found["start_eur"], found.set_index("driver")["effect_eur"]
    said = (
        f"In 2022 Rijnmond spent EUR {more[0]:.0f} more per youth than Haaglanden: EUR {-effect['usage']:.0f} less by "
        f"lower use, EUR {-effect['age']:.0f} less by age, EUR {effect['price_and_mix']:.0f} more per youth with care"
    )
    assert said in PAGE
    found = decompose.difference(regions, first=("JZ24", 2021), last=("JZ18", 2021), expected=expected)
    less, effect = found["start_eur"] - found["end_eur"], found.set_index("driver")["effect_eur"]
    assert f"spent EUR {less[0]:.0f} less than Haaglanden at higher use (+ EUR {effect['usage']:.0f})" in PAGE


def test_how_much_chance_explains(towns, noise):
    usage, costs = towns.query("period == 2022"), towns.query("period == 2024")
    rate = funnel.of_rates(usage["clients"], usage["youths_0_22"])
    found = _outside(rate, usage, usage["clients"] / usage["youths_0_22"], usage["youths_0_22"])
    assert (
        f"Of 35 municipalities {found[0]} lie outside the narrow 99.8 % limits of use in 2022, and {found[1]}"
        in PAGE
    )
    per_youth = costs["cost_eur"] / costs["youths"]
    found = _outside(funnel.of_costs(per_youth, costs["youths"], noise), costs, per_youth, costs["youths"])
    assert found == (22, 0)
    assert "in 2024, 22 lie outside the narrow 99.8 % limits and none outside the wide ones" in PAGE
    own, by_size = noise
    large, small = (100 * np.sqrt(own + by_size / youths) for youths in (120_000, 2_000))
    assert (
        f"{large:.1f} % (one standard deviation) for a municipality of 120,000 youths, {small:.0f} %" in PAGE
    )


def _outside(limits, rows, value, size):
    """How many lie outside the narrow 99.8 % limits, and outside the wide 95 % limits."""
    found = limits.beside(pd.DataFrame({"area_code": rows["area_code"], "value": value, "size": size}))
    return int((found["chance"] == "outside 99.8").sum()), int((found["usual"] != "inside").sum())


def test_delfts_place_and_the_part_of_the_two_large_ones(towns, noise):
    rows = towns.query("period == 2024").reset_index(drop=True)
    value = rows["cost_eur"] / rows["youths"]
    limits = funnel.of_costs(value, rows["youths"], noise)
    draws = chance.draw_costs(value, rows["youths"], limits, rng=Run().rng("ranks"), draws=4000)
    delft = chance.rank_intervals(draws, list(rows["area_code"])).set_index("area_code").loc["GM0503"]
    assert (
        f"Delft stands somewhere from {delft['place_low']} to {delft['place_high']} of {delft['of']}" in PAGE
    )
    large = rows.loc[rows["area_code"].isin(["GM0518", "GM0599"]), "cost_eur"].sum() / rows["cost_eur"].sum()
    assert f"make up {100 * large:.0f} % of the costs" in PAGE
