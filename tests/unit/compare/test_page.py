"""The figures that docs/comparison.md names as examples are those of the embedded figures."""

import numpy as np
import pandas as pd
import pytest

from analyse import parameters, shared, store
from analyse.compare import chance, decompose, standardise, table
from analyse.history import panel
from analyse.parameters import Run
from analyse.present.pages import comparison
from analyse.present.text.language import translator

PAGE = " ".join((store.root() / "docs" / "comparison.md").read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def towns(history):
    return panel.by_area(history, "municipality")


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


@pytest.fixture(scope="module")
def every():
    """All municipalities of the country, whose limits pages show."""
    return panel.by_area(shared.pool(Run()).history, "municipality")


@pytest.fixture(scope="module")
def noise():
    return chance.cost_noise(shared.pool(Run()).history, parameters.breaks())


def test_how_much_chance_explains(towns, every, noise):
    use, costs = (
        chance.limits(every, shown, lambda: noise)
        for shown in (("clients_per_100_youths", 2022), ("cost_per_youth_eur", 2024))
    )
    of_all, of_ours = (_outside(use, rows, "clients_per_100_youths", 2022) for rows in (every, towns))
    assert f"{of_all[0]} of 342 lie outside the narrow 99.8 % limits and {of_all[1]} outside" in PAGE
    assert f"of the 35 of the three regions {of_ours[0]} and {of_ours[1]}." in PAGE
    of_all, of_ours = (_outside(costs, rows, "cost_per_youth_eur", 2024) for rows in (every, towns))
    assert (
        f"it is {of_all[0]} and {of_all[1]} of {costs.areas}, and of the 35 it is {of_ours[0]} and none"
        in PAGE
    )
    assert of_ours[1] == 0
    own, by_size = noise
    large, small = (100 * np.sqrt(own + by_size / youths) for youths in (120_000, 2_000))
    assert (
        f"{large:.1f} % (one standard deviation) for a municipality of 120,000 youths, {small:.0f} %" in PAGE
    )


def _outside(limits, local, measure, year):
    """How many lie outside the narrow 99.8 % limits, and outside the wide 95 % limits."""
    value, size, _ = chance.sized(local, measure, year)
    found = limits.beside(pd.DataFrame({"area_code": value.index, "value": value, "size": size}))
    return int((found["chance"] == "outside 99.8").sum()), int((found["usual"] != "inside").sum())


def test_delfts_place_and_the_part_of_the_two_large_ones(towns, every, noise):
    rows = towns.query("period == 2024").reset_index(drop=True)
    value = rows["cost_eur"] / rows["youths"]
    limits = chance.limits(every, ("cost_per_youth_eur", 2024), lambda: noise)
    draws = chance.draw_costs(value, rows["youths"], limits, rng=Run().rng("ranks"), draws=4000)
    delft = chance.rank_intervals(draws, list(rows["area_code"])).set_index("area_code").loc["GM0503"]
    assert (
        f"Delft stands somewhere from {delft['place_low']} to {delft['place_high']} of {delft['of']}" in PAGE
    )
    large = rows.loc[rows["area_code"].isin(["GM0518", "GM0599"]), "cost_eur"].sum() / rows["cost_eur"].sum()
    assert f"make up {100 * large:.0f} % of the costs" in PAGE


def test_an_interval_whose_ends_read_the_same_is_one_figure():
    words = translator("nl")
    told = [comparison._between(0.38, high, "probation_percent", words) for high in (0.42, 0.51)]

    assert [one.replace("\u00a0", " ") for one in told] == ["0,4 %", "0,4 % tot 0,5 %"]
