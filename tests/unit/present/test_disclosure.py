"""No count below 10 is shown, and none can be computed from what is."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analyse.errors import DataError
from analyse.present.exhibits import disclosure, tables
from analyse.present.exhibits.tables import Column

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


def ranges(frame, made, totals):
    """What a reader who knows every shown count exactly can say of each hidden one: lowest and highest."""
    hidden = made["clients"].isna().to_numpy()
    lines = disclosure._lines(frame, totals)
    values, unknown = frame["clients"].to_numpy(float), np.flatnonzero(hidden)
    sums, known = [], []
    for total, parts in lines:
        signed = dict.fromkeys(parts, 1.0) | {total: -1.0}
        sums.append([signed.get(cell, 0.0) for cell in unknown])
        known.append(-sum(sign * values[cell] for cell, sign in signed.items() if not hidden[cell]))
    for place in range(len(unknown)):
        goal = np.zeros(len(unknown))
        goal[place] = 1.0
        ends = [linprog(sign * goal, A_eq=sums, b_eq=known, bounds=(0, 1e6)) for sign in (1, -1)]
        yield ends[0].fun, -ends[1].fun


def test_a_small_count_takes_a_second_one_with_it():
    made = disclosure.protect(one_way([7, 31, 24]), "clients", totals={"age": "total"})

    assert made["clients"].tolist()[:1] == [60.0]
    assert made["clients_status"].tolist() == ["final", "suppressed", "final", "suppressed"]


def test_two_small_counts_that_are_few_together_take_a_third():
    made = disclosure.protect(one_way([2, 3, 40]), "clients", totals={"age": "total"})

    assert made["clients_status"].tolist() == ["final", "suppressed", "suppressed", "suppressed"]


def test_without_a_total_only_small_counts_are_hidden():
    made = disclosure.protect(one_way([7, 31, 24]).iloc[1:], "clients", totals={"age": "total"})

    assert made["clients"].fillna(-1).tolist() == [-1, 30, 25]


def test_areas_do_not_add_up_with_each_other():
    frame = pd.concat([one_way([7, 31, 24]).assign(area="A"), one_way([20, 30, 40]).assign(area="B")],
                      ignore_index=True)  # fmt: skip
    made = disclosure.protect(frame, "clients", totals={"age": "total"}, within=["area"])

    assert made.loc[made["area"] == "B", "clients"].tolist() == [90, 20, 30, 40]


def test_what_is_said_of_the_same_persons_is_hidden_too():
    frame = one_way([7, 31, 24]).assign(cost_eur=[6e6, 1e6, 3e6, 2e6])
    made = disclosure.protect(frame, "clients", totals={"age": "total"}, beside=["cost_eur"])

    assert made["cost_eur"].fillna(-1).tolist() == [6e6, -1, 3e6, -1]


def test_a_bridge_between_two_blocks_is_seen():
    grid = [[5, 6, 50, 60], [7, 8, 9, 70], [80, 90, 5, 6]]
    frame, totals = two_way(grid), {"age": "total", "form": "total"}
    made = disclosure.protect(frame, "clients", totals=totals)

    assert all(high - low > 1e-6 for low, high in ranges(frame, made, totals))


@example([0, 0, 0, 0, 0, 0, 0, 11, 0, 0, 1, 10])
@example([0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 10, 10])
@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 12), st.integers(0, 300)), min_size=12, max_size=12))
def test_no_hidden_count_can_be_computed(counts):
    frame, totals = two_way(counts), {"age": "total", "form": "total"}
    made = disclosure.protect(frame, "clients", totals=totals)
    shown = made["clients"].dropna()

    assert shown.map(disclosure.treated).all()
    hidden = made["clients"].isna()
    if hidden.any() and not hidden.all():
        for (low, high), real in zip(ranges(frame, made, totals), frame["clients"][hidden], strict=True):
            assert low - 1e-6 <= real <= high + 1e-6
            assert high - low > 1e-6, "a reader cannot know it exactly"


def test_a_table_refuses_an_untreated_count():
    shown = {"age": Column("Leeftijd"), "clients": Column("Jongeren", "persons")}
    raw = one_way([12, 31, 24])

    with pytest.raises(ValueError, match="untreated counts of persons"):
        tables.build(raw, shown, "Jongeren")
    made = tables.build(disclosure.protect(raw, "clients", totals={"age": "total"}), shown, "Jongeren")
    assert [row[1] for row in made.cells] == ["65", "10", "30", "25"]


def test_a_hidden_count_says_so():
    shown = {"age": Column("Leeftijd"), "clients": Column("Jongeren", "persons")}
    made = tables.build(
        disclosure.protect(one_way([7, 31, 24]), "clients", totals={"age": "total"}), shown, "x"
    )

    assert made.cells[1] == ("0-11", "verborgen: het aantal is klein")
    assert made.as_json()["values"][1] == ["0-11", None]


def by_age(grid):
    return pd.DataFrame({"age": ["total", *AGES], "clients": [grid.sum(), *grid.sum(axis=1)]})


def by_form(grid):
    """Forms without their total: alone, nothing adds up."""
    return pd.DataFrame({"form": FORMS, "clients": grid.sum(axis=0)})


@example([0, 0, 0, 0, 0, 0, 0, 11, 0, 0, 1, 10])
@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 12), st.integers(0, 300)), min_size=12, max_size=12))
def test_no_hidden_count_can_be_computed_from_several_tables(counts):
    grid, totals = np.asarray(counts).reshape(len(AGES), len(FORMS)), {"age": "total", "form": "total"}
    inner = two_way(counts).query("age != 'total' and form != 'total'").reset_index(drop=True)
    frames = {"ages": by_age(grid), "forms": by_form(grid), "both": inner}
    made = disclosure.protect_together(frames, "clients", totals=totals)

    wide = [frame.assign(**{one: "total" for one in totals if one not in frame}) for frame in frames.values()]
    whole = pd.concat(wide, ignore_index=True)
    shown = whole.assign(clients=pd.concat([one["clients"] for one in made.values()]).to_numpy())
    assert shown["clients"].dropna().map(disclosure.treated).all()
    hidden = shown["clients"].isna()
    if hidden.any() and not hidden.all():
        for low, high in ranges(whole, shown, totals):
            assert high - low > 1e-6, "a reader of all tables cannot know it exactly"


def test_wider_and_finer_ages_are_protected_together():
    fine = pd.DataFrame({"age": ["0-3", "4-11", "12-17"], "clients": [4, 27, 31]})
    wide = pd.DataFrame({"age": ["total", "0-11", "12-17"], "clients": [62, 31, 31]})
    nested = {"age": {"0-11": ["0-3", "4-11"]}}

    loose = disclosure.protect_together(
        {"fine": fine, "wide": wide}, "clients", totals={"age": "total"}, nested=nested
    )
    assert loose["fine"]["clients"].isna().tolist() == [True, True, False]
    assert loose["wide"]["clients"].tolist() == [60, 30, 30]


def test_tables_that_contradict_each_other_are_refused():
    with pytest.raises(DataError, match="different clients for the same cell"):
        disclosure.protect_together({"a": one_way([20, 31, 24]), "b": one_way([21, 31, 24])}, "clients",
                                    totals={"age": "total"})  # fmt: skip
    with pytest.raises(DataError, match="table a lacks year"):
        disclosure.protect_together(
            {"a": one_way([20, 31, 24])}, "clients", totals={"age": "total"}, within=["year"]
        )


def test_a_small_rest_of_an_incomplete_sum_is_not_given_away():
    """Of 62 youths 31 and 24 are shown; the seven of the age that is left out would follow."""
    frame = pd.DataFrame({"age": ["total", "0-11", "12-17"], "clients": [62, 31, 24]})
    made = disclosure.protect(frame, "clients", totals={"age": "total"})

    assert made["clients"].isna().tolist() == [False, False, True]
    enough = frame.assign(clients=[72, 31, 24])
    assert disclosure.protect(enough, "clients", totals={"age": "total"})["clients"].tolist() == [70, 30, 25]
