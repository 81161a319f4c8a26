"""What is made of cells, worked out by hand: which filing counts, and what is too far off to be right."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analyse import schema
from analyse.errors import DataError
from analyse.sources import vintages
from analyse.sources.cbs import catalogue, odata, shapes, translate

ACCOUNTS = catalogue.load().tables["45067NED"]


def test_the_second_filing_counts_and_the_first_where_there_is_none():
    # In thousands of euro: 6.72 was filed as 10, then as 12; 6.73 as 5 only; 6.74 was left blank (-99998).
    filed = [("6.72", "first", 10.0), ("6.72", "second", 12.0), ("6.73", "first", 5.0),
             ("6.74", "first", translate.NO_FIGURE), ("6.74", "second", translate.NO_FIGURE)]  # fmt: skip
    found = pd.DataFrame(
        {"municipality_code": "GM0503", "TaakveldBalanspost": field, "Categorie": "L1.1",
         "Verslagsoort": "2024X005", "measure": measure, "value": amount * ACCOUNTS.measures[measure].factor}
        for field, measure, amount in filed
    )  # fmt: skip
    fitted = SimpleNamespace(shape=ACCOUNTS, meaning={"TaakveldBalanspost": {}})
    costs = translate.costs(found, fitted)["costs"].set_index("taakveld")
    assert costs["cost_eur"].to_dict() == {"6.72": 12_000.0, "6.73": 5_000.0}
    assert set(costs["report"]) == {"accounts"}


def _costs(amount):
    rows = pd.DataFrame({
        "municipality_code": [f"GM{place:04d}" for place in range(12)], "year": 2024, "report": "accounts",
        "taakveld": "6.72", "cost_eur": amount, "status": "final",
    })  # fmt: skip
    return {"costs": schema.check(rows, "costs")}


def test_figures_that_all_grow_by_half_are_taken_and_by_seven_tenths_are_not():
    vintages.check_plausible(_costs(100.0), _costs(150.0))
    with pytest.raises(DataError, match="half of 12 known figures changed by a factor 1.7 or more"):
        vintages.check_plausible(_costs(100.0), _costs(170.0))


def test_figures_that_became_empty_are_not_taken():
    empty = _costs(100.0)["costs"].assign(
        cost_eur=[None] * 7 + [100.0] * 5, status=["missing"] * 7 + ["final"] * 5
    )
    with pytest.raises(DataError, match="7 of 12 figures that were known are empty now"):
        vintages.check_plausible(_costs(100.0), {"costs": empty})


def test_a_dash_is_nil_a_dot_and_an_x_are_reasons_and_anything_else_is_refused():
    page = pd.DataFrame(
        {"RegioS": ["GM0503  "] * 5, "Perioden": "2023JJ00", "Youths_1": ["10", "-", ".", "x", None]}
    )
    found = odata._cells_v3(page, ["RegioS", "Perioden"], ["Youths_1"])
    assert found["value"].fillna(-1).tolist() == [10.0, 0.0, -1.0, -1.0, -1.0]
    assert found["why"].tolist()[2:] == [".", "x", ""]
    assert set(found["RegioS"]) == {"GM0503"}
    with pytest.raises(DataError, match="got 'n.b.' as a value"):
        odata._cells_v3(page.assign(Youths_1="n.b."), ["RegioS", "Perioden"], ["Youths_1"])


def test_a_period_is_provisional_by_its_status_or_by_the_star_behind_its_title():
    codes = pd.DataFrame(
        [("2021JJ00", "Definitief", "2021"), ("2022JJ00", "", "2022*"), ("2023JJ00", "Voorlopig", "2023"),
         ("2023HJ01", "Voorlopig", "2023 1e halfjaar")], columns=["code", "status", "title"],
    ).assign(key=lambda rows: rows["code"])  # fmt: skip
    shape = SimpleNamespace(period="Perioden", periods=["year"], first_year=2020)
    wrong = []
    keys, provisional = shapes._periods(codes, shape, catalogue.load(), wrong)
    assert (keys, wrong) == (["2021JJ00", "2022JJ00", "2023JJ00"], [])
    assert provisional == {"2022JJ00", "2023JJ00"}
