"""No count below ten is shown, and none can be computed from what is; each guard has a test that fails without it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyse import small_cells
from analyse.small_cells import proof, sums

AGES, FORMS = ["0-11", "12-17", "18-22"], ["home", "day", "foster", "stay"]


def one_way(counts):
    return pd.DataFrame({"age": ["total", *AGES], "clients": [sum(counts), *counts]})


def two_way(counts):
    """Ages by forms with both totals, from a matrix of counts."""
    grid = np.asarray(counts).reshape(len(AGES), len(FORMS))
    rows = [(age, form, grid[i, j]) for i, age in enumerate(AGES) for j, form in enumerate(FORMS)]
    rows += [(age, "total", grid[i].sum()) for i, age in enumerate(AGES)]
    rows += [("total", form, grid[:, j].sum()) for j, form in enumerate(FORMS)]
    return pd.DataFrame([*rows, ("total", "total", grid.sum())], columns=["age", "form", "clients"])


def status(made):
    return made["clients_status"].tolist()


def test_a_small_count_takes_a_second_one_with_it():
    made = small_cells.protect(one_way([7, 31, 24]), "clients", totals={"age": "total"})

    assert made["clients"].tolist()[:1] == [60.0]
    assert status(made) == ["final", "suppressed", "final", "suppressed"]


def test_two_small_counts_take_a_third_that_is_not_small():
    """Together they are 5, so each is below ten; three of 8 are 24, and who knows that all are small is no wiser."""
    few = small_cells.protect(one_way([2, 3, 40]), "clients", totals={"age": "total"})
    alike = small_cells.protect(one_way([8, 9, 40]), "clients", totals={"age": "total"})

    assert status(few) == status(alike) == ["final", "suppressed", "suppressed", "suppressed"]


def test_without_a_total_only_small_counts_are_hidden():
    made = small_cells.protect(one_way([7, 31, 24]).iloc[1:], "clients", totals={"age": "total"})

    assert made["clients"].fillna(-1).tolist() == [-1, 30, 25]


def test_areas_do_not_add_up_with_each_other():
    frame = pd.concat([one_way([7, 31, 24]).assign(area="A"), one_way([20, 30, 40]).assign(area="B")],
                      ignore_index=True)  # fmt: skip
    made = small_cells.protect(frame, "clients", totals={"age": "total"}, within=["area"])

    assert made.loc[made["area"] == "B", "clients"].tolist() == [90, 20, 30, 40]


def test_what_is_said_of_the_same_persons_is_hidden_too():
    frame = one_way([7, 31, 24]).assign(cost_eur=[6e6, 1e6, 3e6, 2e6])
    made = small_cells.protect(frame, "clients", totals={"age": "total"}, beside=["cost_eur"])

    assert made["cost_eur"].fillna(-1).tolist() == [6e6, -1, 3e6, -1]


def test_a_small_rest_of_an_incomplete_sum_is_not_given_away():
    """Of 62 youths 31 and 24 are shown; the seven of the age that is left out would follow."""
    frame = pd.DataFrame({"age": ["total", "0-11", "12-17"], "clients": [62, 31, 24]})
    made = small_cells.protect(frame, "clients", totals={"age": "total"})

    assert made["clients"].isna().tolist() == [False, False, True]
    large = frame.assign(clients=[72, 31, 24])
    assert small_cells.protect(large, "clients", totals={"age": "total"})["clients"].tolist() == [70, 30, 25]


def test_only_the_linear_programme_sees_a_cell_that_two_sums_give_away():
    """Every sum hides two cells or more, one of them with ten persons, and still e is known.

    The rows are a + b = 31 and c + d + e = 75, the columns a + c = 25 and b + d = 78: so e = 75 + 31 - 25 - 78 = 3.
    """
    counts = [15, 16, 10, 62, 3]  # a, b, c, d, e
    cells = np.array([*counts, 31, 75, 25, 78], dtype=float)
    ties = [(5, [0, 1]), (6, [2, 3, 4]), (7, [0, 2]), (8, [1, 3])]
    hidden = np.array([True] * 5 + [False] * 4)

    assert proof.bounds(cells, ties, hidden)[4].tolist() == pytest.approx([3, 3])
    assert proof.exposed(cells, ties, hidden) == (6, 2, 3, 4)
    assert proof.bounds(cells, ties, hidden)[0].tolist() == pytest.approx([0, 25])


def test_a_count_that_can_only_be_small_is_exposed():
    """8 and 31 are hidden, and so are both totals of the 8: its row says at most 9."""
    cells, ties = np.array([8.0, 31.0, 1.0, 39.0, 9.0]), [(3, [0, 1]), (4, [0, 2])]
    hidden = np.array([True, True, True, False, False])

    assert proof.bounds(cells, ties, hidden)[0].tolist() == pytest.approx([0, 9])
    assert proof.exposed(cells, ties, hidden, np.array([True, False, False, False, False])) == (4, 0, 2)


@example([0, 0, 0, 0, 0, 0, 0, 11, 0, 0, 1, 10])
@example([0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 10, 10])
@example([5, 6, 50, 60, 7, 8, 9, 70, 80, 90, 5, 6])
@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 12), st.integers(0, 300)), min_size=12, max_size=12))
def test_no_hidden_count_can_be_computed(counts):
    frame, totals = two_way(counts), {"age": "total", "form": "total"}
    made = small_cells.protect(frame, "clients", totals=totals)

    assert made["clients"].dropna().map(small_cells.treated).all()
    hidden = made["clients"].isna().to_numpy()
    if hidden.any() and not hidden.all():
        real = frame["clients"].to_numpy(dtype=float)
        low, high = proof.bounds(real, sums.of_table(frame, totals), hidden)[hidden].T
        assert (low - 1e-6 <= real[hidden]).all() and (real[hidden] <= high + 1e-6).all()
        assert (high - low > 1e-6).all(), "a reader cannot know it exactly"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=6), st.integers(1, 5))
def test_one_sum_is_bounded_as_the_linear_programme_bounds_it(counts, first):
    """The short way for a sum by itself gives what the programme gives for the same sum written twice."""
    cells = np.array([*counts, sum(counts)], dtype=float)
    one = (len(counts), range(len(counts)))
    hidden = np.array([cell < first for cell in range(len(counts))] + [False])

    np.testing.assert_allclose(
        proof.bounds(cells, [one], hidden), proof.bounds(cells, [one, one], hidden), atol=1e-6
    )


def test_rows_without_enough_are_left_out_and_the_others_rounded():
    table = pd.DataFrame({"form": ["a", "b", "c"], "youths": [52, 7, 10]})

    assert small_cells.enough(table, "youths")["youths"].tolist() == [50, 10]


def test_beside_a_total_a_row_is_left_out_with_the_small_one():
    counts = pd.DataFrame({"youths": [31, 7, 24]})

    assert small_cells.hidden_beside_total(counts, order=[31, 7, 24]).tolist() == [False, True, True]
    assert small_cells.hidden_beside_total(counts, order=[1, 2, 3]).tolist() == [True, True, False]
    assert not small_cells.hidden_beside_total(counts.iloc[[0, 2]], order=[1, 2]).any()


def test_every_column_of_counts_needs_its_own_company():
    """The first row hides its 4 of 2023; the next by order has nobody in that year, so a third goes too."""
    counts = pd.DataFrame({"2023": [4, 0, 20, 30], "2024": [15, 12, 20, 30]})

    assert small_cells.hidden_beside_total(counts, order=[1, 2, 3, 4]).tolist() == [True, True, True, False]


def test_nobody_is_small_only_where_that_is_asked():
    counts = pd.DataFrame({"youths": [0, 20, 30]})

    assert not small_cells.hidden_beside_total(counts, order=[0, 20, 30]).any()
    assert small_cells.hidden_beside_total(counts, order=[0, 20, 30], zero=True).tolist() == [
        True,
        True,
        False,
    ]


def test_rows_are_merged_until_the_last_row_says_nothing():
    rows = pd.DataFrame({"form": list("abcd"), "youths": [50, 3, 20, 4], "cost_eur": [9.0, 8.0, 4.0, -1.0]})
    made = small_cells.merged(rows, "form", ["youths"], largest="cost_eur", other="other")

    assert made["form"].tolist() == ["a", "other"]
    assert made["youths"].tolist() == [50, 27] and made["cost_eur"].tolist() == [9.0, 11.0]


def test_a_table_without_rows_stays_without_rows():
    rows = pd.DataFrame({"form": [], "youths": [], "cost_eur": []})
    made = small_cells.merged(rows, "form", ["youths"], largest="cost_eur", other="other", also=[])
    assert made.empty and list(made) == ["form", "youths", "cost_eur"]


def test_a_long_table_ends_in_the_merged_rest():
    rows = pd.DataFrame({"form": list("abc"), "youths": [50, 30, 20], "cost_eur": [1.0, 3.0, 2.0]})
    made = small_cells.merged(rows, "form", ["youths"], largest="cost_eur", other="other", most=1)

    assert made["form"].tolist() == ["b", "other"] and made["youths"].tolist() == [30, 70]
    whole = small_cells.merged(rows, "form", ["youths"], largest="cost_eur", other="other")
    assert whole["form"].tolist() == ["b", "c", "a"]


def test_sums_are_found_in_one_and_in_two_directions():
    ages = one_way([7, 31, 24])

    assert sums.of_table(ages, {"age": "total"}) == [(0, [1, 2, 3])]
    grid = pd.DataFrame({"age": ["total", "total", "0-11", "0-11"], "form": ["total", "home"] * 2})
    assert sums.of_table(grid, {"age": "total", "form": "total"}) == [(0, [2]), (1, [3]), (0, [1]), (2, [3])]


def test_a_count_of_which_two_values_are_left_is_not_known():
    """a + b = 21 and b + c = 1: a is 20 or 21, so a reader cannot compute it."""
    cells, ties = np.array([20.0, 1.0, 0.0, 21.0, 1.0]), [(3, [0, 1]), (4, [1, 2])]
    hidden, secret = np.array([True, True, True, False, False]), np.array([True, False, False, False, False])

    assert proof.bounds(cells, ties, hidden)[0].tolist() == pytest.approx([20, 21])
    assert proof.exposed(cells, ties, hidden, secret) is None
