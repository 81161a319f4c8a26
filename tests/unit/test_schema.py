"""The door of every floor: a table that fits passes, anything else is named with row, column and cure."""

import pandas as pd
import pytest

from analyse import schema
from analyse.errors import DataError

GOOD = {
    "municipality_code": ["GM0503", "GM0503", "GM0569"],
    "year": ["2023", "2024", "2022"],
    "report": ["accounts", "accounts", "accounts"],
    "taakveld": ["6.72", "6.72", "6.72"],
    "cost_eur": ["34902000", "38631000", None],
    "status": ["final", "final", "faulty"],
}


def altered(**columns):
    return pd.DataFrame({**GOOD, **columns})


def test_text_as_read_becomes_the_declared_types():
    table = schema.check(altered(), "costs")
    assert table["cost_eur"].tolist()[:2] == [34902000.0, 38631000.0]
    assert table["year"].dtype == "Int64"
    assert list(table.columns) == schema.TABLES["costs"].column_names


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"cost_eur": ["34902000", "veel", None]}, "row 3: got 'veel', expected a number"),
        ({"year": ["2023", "2024.5", "2022"]}, "expected a whole number"),
        ({"cost_eur": ["inf", "1", None]}, "expected a finite number"),
        ({"municipality_code": ["GM0503", None, "GM0569"]}, "column municipality_code, row 3"),
        ({"report": ["accounts", "begroting", "accounts"]}, "one of accounts, budget"),
        ({"year": ["2023", "2023", "2022"]}, "1 duplicate .* first GM0503/2023/accounts/6.72"),
        ({"status": ["final", "missing", "faulty"]}, "contradicts cost_eur"),
        ({"status": ["final", "final", "final"]}, "missing is not zero"),
        ({"colour": ["a", "b", "c"]}, "unknown column colour"),
    ],
)
def test_what_does_not_fit_is_named(columns, message):
    with pytest.raises(DataError, match=message):
        schema.check(altered(**columns), "costs", "data/open/costs.csv")


def test_a_missing_column_is_named():
    with pytest.raises(DataError, match="column status is missing"):
        schema.check(altered().drop(columns="status"), "costs")


def test_a_negative_count_is_refused():
    people = pd.DataFrame(
        {
            "municipality_code": ["GM0503"],
            "year": [2024],
            "age_group": ["0-17"],
            "count": [-5],
            "status": ["final"],
        }
    )
    with pytest.raises(DataError, match="got -5, expected at least 0"):
        schema.check(people, "population")
