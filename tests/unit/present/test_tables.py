"""A shown table takes treated counts of persons only, and says where one is hidden."""

import pandas as pd
import pytest

from analyse import small_cells
from analyse.present.exhibits import markup, tables
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


def test_a_line_never_ends_between_a_minus_and_its_amount():
    saved = pd.DataFrame({"measure": ["lokaal team"], "saved_eur": [-4_100_000.0]})
    made = tables.build(saved, {"measure": Column("Maatregel"), "saved_eur": Column("Bespaard", "euro")}, "x")

    assert "\u2212\u2060€" in markup.table(made.as_json()), "a word joiner keeps them on one line"
    assert made.cells[0][1].startswith("\u2212€"), "files and figures keep the plain text"
