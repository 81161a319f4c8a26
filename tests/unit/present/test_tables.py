"""A shown table takes treated counts of persons only, and says where one is hidden."""

import pandas as pd
import pytest

from analyse import small_cells
from analyse.present.exhibits import tables
from analyse.present.exhibits.tables import Column

SHOWN = {"age": Column("Leeftijd"), "clients": Column("Jongeren", "persons")}


def ages(*counts):
    frame = pd.DataFrame({"age": ["total", "0-11", "12-17", "18-22"], "clients": [sum(counts), *counts]})
    return frame, small_cells.protect(frame, "clients", totals={"age": "total"})


def test_a_table_refuses_an_untreated_count():
    raw, protected = ages(12, 31, 24)

    with pytest.raises(ValueError, match="untreated counts of persons"):
        tables.build(raw, SHOWN, "Jongeren")
    assert [row[1] for row in tables.build(protected, SHOWN, "Jongeren").cells] == ["65", "10", "30", "25"]


def test_a_hidden_count_says_so():
    made = tables.build(ages(7, 31, 24)[1], SHOWN, "x")

    assert made.cells[1] == ("0-11", "verborgen: het aantal is klein")
    assert made.as_json()["values"][1] == ["0-11", None]
