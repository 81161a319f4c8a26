"""Shares of youths for the visions of regions: right where counts are large, silent where they are small."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from analyse.monitor import vision_shares


def youths(number, form, *, name="c", referrer="02", start="2022-02-01", stop="2023-06-30"):
    return pd.DataFrame(
        {"client": [f"{name}{place}" for place in range(number)], "provider": "p", "care_form": form,
         "referrer": referrer, "start_date": start, "stop_date": stop}
    )  # fmt: skip


def test_shares_are_of_youths_who_were_there_in_the_year():
    there = pd.concat([youths(40, "pleegzorg", name="a"), youths(40, "verblijf", name="b", referrer="04"),
                       youths(20, "gesloten", name="d", referrer="08"), youths(90, "ggz", name="e"),
                       youths(50, "pleegzorg", name="gone", stop="2022-12-31")])  # fmt: skip
    found = vision_shares.table(there, "2023-12-31", area_code="JZ24", years=[2022, 2023, 2024])
    rows = found.set_index(["indicator", "year"])

    assert sorted(set(found["year"])) == [2022, 2023], "2024 is not over"
    assert rows.loc[("family_forms", 2023), ["value", "n"]].tolist() == [0.4, 100.0]
    assert rows.loc[("family_forms", 2022), "value"] == 0.6
    assert rows.loc[("closed_care", 2023), "value"] == 0.2
    assert rows.loc[("referred_by_gp", 2022), "value"] == 0.75
    assert np.isnan(rows.loc[("referred_by_gp", 2023), "value"]), "nobody began in 2023"
    low, high = rows.loc[("closed_care", 2023), ["low", "high"]]
    assert (low, high) == pytest.approx((0.1334, 0.2888), abs=1e-4), "Wilson, 20 of 100"


def test_a_share_with_a_small_side_is_not_told():
    few = pd.concat([youths(40, "verblijf"), youths(9, "gesloten", name="d")])
    found = vision_shares.table(few, "2023-12-31", area_code="GM0503", years=[2022]).set_index("indicator")
    many = vision_shares.table(pd.concat([youths(40, "verblijf"), youths(11, "gesloten", name="d")]), "2023-12-31",
                        area_code="GM0503", years=[2022]).set_index("indicator")  # fmt: skip

    assert np.isnan(found.loc["closed_care", "value"]) and found.loc["closed_care", "n"] == 50
    assert many.loc["closed_care", "value"] == 0.2, "11 of 51, both rounded to five"
    assert np.isnan(found.loc["referred_by_gp", "value"]), (
        "all 49 came through the GP: nobody else, so not told"
    )


def test_return_through_court_counts_that_care_only():
    first = youths(60, "ambulant", referrer="04", start="2020-01-01", stop="2020-06-30")
    again = youths(20, "ambulant", referrer="08", start="2021-06-01", stop="2021-12-31")
    other = youths(60, "ggz", referrer="02", start="2020-08-01", stop="2020-12-31")
    rows = pd.concat([first, again, other])
    found = vision_shares.table(rows, "2023-12-31", area_code="GM0503", years=[2023]).set_index("indicator")
    none = vision_shares.table(other, "2023-12-31", area_code="GM0503", years=[2023]).set_index("indicator")

    assert found.loc["repeated_protection", "value"] == pytest.approx(20 / 80, abs=0.01), (
        "60 left, 20 of them twice"
    )
    assert np.isnan(none.loc["repeated_protection", "value"])


def test_corrected_lines_are_refused_double_and_credited_ones():
    connection = duckdb.connect()
    lines = pd.DataFrame({
        "municipality_code": ["GM0503"] * 100 + ["GM0518"],
        "declared_on": pd.Timestamp("2023-05-01"),
        "status": ["accepted"] * 80 + ["quarantined"] * 10 + ["credited"] * 10 + ["duplicate"],
    })  # fmt: skip
    connection.register("lines", lines)
    counted = vision_shares.lines_by_status(connection, ["GM0503"])
    found = vision_shares.table(
        youths(1, "ggz"), "2023-12-31", area_code="GM0503", years=[2023], lines=counted
    )

    assert counted.to_numpy().tolist() == [[2023, 100, 20]]
    assert found.set_index("indicator").loc["corrected_lines", "value"] == 0.2
