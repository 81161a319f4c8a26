"""Credibility, speed classes, shares by month of the year, and the level: each on figures where the answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse.history.completion import credibility, development, from_cells, level, speed
from analyse.history.completion.complete import classed

HACHEMEISTER = np.array([
    [1738, 1642, 1794, 2051, 2079, 2234, 2032, 2035, 2115, 2262, 2267, 2517],
    [1364, 1408, 1597, 1444, 1342, 1675, 1470, 1448, 1464, 1831, 1612, 1471],
    [1759, 1685, 1479, 1763, 1674, 2103, 1502, 1622, 1828, 2155, 2233, 2059],
    [1223, 1146, 1010, 1257, 1426, 1532, 1953, 1123, 1343, 1243, 1762, 1306],
    [1456, 1499, 1609, 1741, 1482, 1572, 1606, 1735, 1607, 1573, 1613, 1690],
], dtype=float)  # fmt: skip
CLAIMS = np.array([
    [7861, 9251, 8706, 8575, 7917, 8263, 9456, 8003, 7365, 7832, 7849, 9077],
    [1622, 1742, 1523, 1515, 1622, 1602, 1964, 1515, 1527, 1748, 1654, 1861],
    [1147, 1357, 1329, 1204, 998, 1077, 1277, 1218, 896, 1003, 1108, 1121],
    [407, 396, 348, 341, 315, 328, 352, 331, 287, 384, 321, 342],
    [2902, 3172, 3046, 3068, 2693, 2910, 3275, 2697, 2663, 3017, 3242, 3425],
], dtype=float)  # fmt: skip


def test_the_states_of_hachemeister_get_their_published_values():
    """Bühlmann and Gisler 2005, ch. 4: collective 1,684; premiums 2,055, 1,524, 1,793, 1,443 and 1,603."""
    found = credibility.shrunk(HACHEMEISTER, CLAIMS)

    assert found.round() == pytest.approx([2055, 1524, 1793, 1443, 1603])
    nothing = credibility.shrunk(np.vstack([HACHEMEISTER, np.zeros(12)]), np.vstack([CLAIMS, np.zeros(12)]))
    assert nothing[-1] == pytest.approx(1684, abs=0.5), "a group without experience gets the collective"


def test_groups_that_differ_no_more_than_chance_get_the_common_value():
    values = np.array([[0.4, 0.6], [0.45, 0.55], [0.6, 0.4]])

    assert credibility.shrunk(values, np.ones((3, 2))) == pytest.approx([0.5, 0.5, 0.5])


def test_groups_without_spread_keep_their_own_value_and_an_unseen_one_gets_the_common():
    values = np.array([[0.2, 0.2], [0.6, 0.6], [9.0, 9.0]])
    weights = np.array([[1, 1], [1, 1], [0, 0]])

    assert credibility.shrunk(values, weights) == pytest.approx([0.2, 0.6, 0.4])


def test_providers_are_classed_by_their_delay(cells):
    early = cells["provider"].min()
    fixed = {0: 1, 1: 3, 2: 8}
    table = pd.concat(
        cells[cells["provider"] == early].assign(provider=f"p{place}{copy}", development_month=lag)
        for place, lag in fixed.items()
        for copy in range(2)
    )

    found = speed.classes(table, "2023-12", number=3)

    assert found.to_dict() == {"p00": 0, "p01": 0, "p10": 1, "p11": 1, "p20": 2, "p21": 2}


def test_a_provider_without_a_line_yet_has_the_class_with_most_money(cells):
    late = cells[cells["provider"] == cells["provider"].max()].assign(provider="new", development_month=1)
    late["product_month"] = pd.Timestamp("2023-12-01")

    found = speed.classes(pd.concat([cells, late]), "2023-12")

    assert found["new"] in found.drop("new").to_numpy()


def test_a_bill_once_a_year_is_found_in_the_figures():
    """All of a year is declared in the January after it: March has then waited ten months, December one."""
    months = pd.date_range("2018-01-01", periods=72, freq="MS")
    table = pd.DataFrame(
        {
            "speed_class": 0,
            "product_month": months,
            "development_month": 13 - months.month,
            "amount_cents": 100_00,
        }
    )
    triangle = from_cells(table, ["speed_class"], "2023-12")

    share = development.completed(triangle, pools=[["speed_class"]])

    assert share[0, 2, 9:11].tolist() == [0.0, 1.0]
    assert share[0, 11, 0:2].tolist() == [0.0, 1.0]


def test_an_area_whose_providers_are_slower_within_their_class_gets_its_own_share():
    months = pd.date_range("2020-01-01", periods=36, freq="MS")
    rng = np.random.default_rng(1)
    parts = []
    for area, first in (("A", 0.8), ("B", 0.5)):
        noisy = first + rng.normal(0, 0.02, len(months))
        for lag, amount in ((1, noisy), (2, 1 - noisy)):
            part = {"area": area, "speed_class": 0, "product_month": months, "development_month": lag}
            parts.append(pd.DataFrame({**part, "amount_cents": (amount * 1e6).round()}))
    triangle = from_cells(pd.concat(parts), ["area", "speed_class"], "2022-12")

    share = development.completed(triangle, pools=[["speed_class"], ["speed_class", "area"]])

    assert share[:, :, 1].mean(axis=1) == pytest.approx([0.8, 0.5], abs=0.02)


def test_credits_give_shares_above_one():
    months = pd.date_range("2020-01-01", periods=24, freq="MS")
    parts = [
        pd.DataFrame(
            {"speed_class": 0, "product_month": months, "development_month": lag, "amount_cents": cents}
        )
        for lag, cents in ((1, 1050_00), (4, -50_00))
    ]
    triangle = from_cells(pd.concat(parts), ["speed_class"], "2021-12")

    share = development.completed(triangle, pools=[["speed_class"]])

    assert share[0, 0, [0, 1, 3, 4]] == pytest.approx([0, 1.05, 1.05, 1])


def test_the_expected_amount_follows_growth_and_season():
    months = 2018 * 12 + np.arange(60)
    dip = np.where(months % 12 == 7, 0.6, 1.0)
    truth = 100 * 1.005 ** np.arange(72) * np.tile(np.where(np.arange(12) == 7, 0.6, 1.0), 6)
    done = np.ones((1, 60))

    found = level.expected(
        (100 * 1.005 ** np.arange(60) * dip)[None], done, months, groups=np.array([0]), ahead=12
    )

    assert found[0, -12:] == pytest.approx(truth[-12:], rel=0.01)


def test_the_classes_rest_on_what_was_known_at_the_cut_off(cells):
    now = classed(cells, "2021-12")
    with_later = classed(cells[cells["product_month"] <= "2021-12-01"], "2021-12")

    pd.testing.assert_frame_equal(now.keys, with_later.keys)
