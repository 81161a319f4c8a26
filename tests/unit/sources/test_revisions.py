"""By how much provisional figures are revised, worked out by hand on a handful of municipalities."""

import pandas as pd
import pytest

from analyse import schema
from analyse.sources import revisions


def _tables(counts, status):
    """A dataset with nothing but youths with care in 2022."""
    empty = {name: schema.check(pd.DataFrame(columns=table.column_names), table)
             for name, table in schema.TABLES.items()}  # fmt: skip
    rows = pd.DataFrame({
        "municipality_code": [f"GM{place:04d}" for place in range(len(counts))], "year": 2022, "measure": "youths",
        "breakdown": "total", "category": "total", "count": counts, "status": status,
    })  # fmt: skip
    return {**empty, "usage": schema.check(rows, "usage")}


def test_the_mean_is_of_the_sum_and_four_of_five_lie_between_low_and_high():
    # Of 100, 100, 100, 100 and 600: changed by 1, 2, 3, 4 and 5 %; together 40 of 1,000.
    earlier = _tables([100, 100, 100, 100, 600], "provisional")
    later = _tables([101, 102, 103, 104, 630], "final")
    row = revisions.measured(earlier, later, ("a", "b")).iloc[0]
    assert row[["table", "measure", "year", "earlier", "later", "n"]].tolist() == [
        "usage", "youths/total/total", 2022, "a", "b", 5]  # fmt: skip
    assert row[["mean_percent", "low_percent", "high_percent"]].tolist() == pytest.approx([4.0, 1.4, 4.6])


def test_a_figure_that_became_final_unchanged_counts_as_a_revision_of_nothing():
    earlier, later = _tables([100, 100], "provisional"), _tables([110, 100], "final")
    row = revisions.measured(earlier, later, ("a", "b")).iloc[0]
    assert (row["n"], row["mean_percent"]) == (2, pytest.approx(5.0))


def test_final_figures_that_change_are_no_revision_of_provisional_ones():
    assert revisions.measured(_tables([100], "final"), _tables([110], "final"), ("a", "b")).empty


def test_the_summary_counts_what_was_revised_is_new_or_gone():
    found = revisions.summary(revisions.differences(_tables([100, 200], "final"), _tables([150], "final")))
    assert found[["municipality_code", "revised", "new", "gone"]].to_numpy().tolist() == [
        ["GM0000", 1, 0, 0], ["GM0001", 0, 0, 1]]  # fmt: skip
    assert found["change_percent"].iloc[0] == pytest.approx(50.0)
