"""Product codes and mappings: what would meet no line, or fit twice, is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from analyse import store
from analyse.errors import ParameterError
from analyse.sources.declarations import codes, layouts

HEAD = ";".join(codes.COLUMNS)
ROW = "JZ24;2020;2024;45;45A12;ggz;04;text;observed;contract"


def written(folder: Path, *rows: str) -> Path:
    path = folder / "product_codes.csv"
    path.write_text("\n".join([HEAD, "", *rows]), encoding="utf-8")
    return path


def test_codes_from_a_spreadsheet_get_their_years_and_zeros_back(tmp_path):
    row = codes.load(
        written(tmp_path, ROW.replace("2020;2024", "2020.0;2024JJ00").replace(";45;45A12", ";5;*"))
    ).iloc[0]

    assert (row["from_year"], row["until_year"], row["product_category"]) == (2020, 2024, "05")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("2020", "20_20"), "row 3, column from_year: got '20_20', expected a year"),
        (("2024", ""), "row 3, column until_year: got nothing, expected a year"),
        (("2024", "2019"), "expected no year before from_year"),
        (("JZ24", "Haaglanden"), "row 3, column region_code: got 'Haaglanden'"),
        (("45A12", "45A1234"), "expected [*] or a code of at most five signs"),
        (("ggz", ""), "row 3, column care_form: got nothing"),
    ],
)
def test_a_row_that_would_meet_no_line_is_named(tmp_path, change, said):
    with pytest.raises(ParameterError, match=said):
        codes.load(written(tmp_path, ROW.replace(*change, 1)))


def test_two_care_forms_for_one_code_in_one_year_are_refused(tmp_path):
    other = ROW.replace("ggz", "ambulant")

    with pytest.raises(ParameterError, match="row 4: JZ24/45/45A12 is there twice for 2024; keep one row"):
        codes.load(written(tmp_path, ROW, other.replace("2020;2024", "2024;2030")))
    assert len(codes.load(written(tmp_path, ROW, other.replace("2020;2024", "2025;2030")))) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"decimal": ".", "thousands": "."}, "numbers need two different signs"),
        ({"date_format": "%d-%m"}, "does not tell day, month and year"),
        ({"date_format": "%q"}, "does not tell day, month and year"),
    ],
)
def test_a_mapping_that_reads_nothing_right_is_refused(change, said):
    known = store.read_yaml(store.root() / "parameters/declarations/voorbeeld.yaml")

    with pytest.raises(ValidationError, match=said):
        layouts.Layout(**known | change)


def test_two_of_our_columns_do_not_come_from_one_of_theirs():
    known = store.read_yaml(store.root() / "parameters/declarations/voorbeeld.yaml")
    columns = known["columns"] | {"volume": known["columns"]["amount"]}

    with pytest.raises(ValidationError, match="volume and amount name the same column 'Bedrag'"):
        layouts.Layout(**known | {"columns": columns})
