"""Text files and workbooks as spreadsheets write them: every cell with the row and the letter that a person sees."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest
from openpyxl.styles import Font

from analyse.errors import DataError
from analyse.reading import sheets, text
from analyse.reading.numbers import DUTCH

WORD = "Súdwest-Fryslân € 12"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_a_text_is_read_in_each_encoding_that_spreadsheets_write(encoding):
    content = f"naam;bedrag\r\n{WORD};1\r\n".encode(encoding)
    assert sheets.of_csv(content, "eigen.csv").frame["naam"].tolist() == [WORD]


def test_a_byte_of_no_encoding_is_named_with_its_line():
    with pytest.raises(DataError, match=r"eigen.csv: line 3 has the byte 0x9d.*CSV UTF-8"):
        text.decoded(b"a;b\n1;2\n\x9d;3\n", "eigen.csv")


def test_a_zero_byte_is_no_text():
    with pytest.raises(DataError, match="line 2 holds a zero byte"):
        text.decoded(b"a;b\n1;\x002\n" + 50 * b"some;more\n", "eigen.csv")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_that_of_most_rows(separator):
    content = f'naam{separator}"a;b,c|d"\nx{separator}1\ny{separator}2\n'.encode()
    sheet = sheets.of_csv(content, "eigen.csv")
    assert sheet.frame.columns.tolist() == ["naam", "a;b,c|d"]
    assert sheet.layout == (DUTCH if separator == ";" else None)


def test_rows_have_the_numbers_of_the_spreadsheet():
    """A line sep=; is no row; an empty row and one with a line break in quotes each count for one."""
    sheet = sheets.of_csv(b'sep=;\na;b\n\n1;"two\nlines"\n;;\n3;4\n', "eigen.csv")
    assert sheet.frame.index.tolist() == [3, 5]
    assert sheet.frame["b"].tolist() == ["two\nlines", "4"]
    assert sheet.cell(5, "b") == "row 5, column b (B5)"


def test_empty_columns_and_rows_around_a_table_are_left_aside():
    sheet = sheets.of_csv(b"a;b;;\n1;2;;\n;;;\n", "eigen.csv")
    assert sheet.frame.to_dict("list") == {"a": ["1"], "b": ["2"]}


def test_words_are_no_emptiness():
    assert sheets.of_csv(b"key,value\nNA,1\nNone,2\nnull,3\n", "k.csv").frame["key"].tolist() == [
        "NA",
        "None",
        "null",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a;b;a\n1;2;3\n", r"two columns are named 'a' \(columns A and C\)"),
        (b"a;b;\n1;2;x\n", "column C has no name in row 1, and C2 holds 'x'"),
        (b"a;b\n1;#N/B\n", r"cell B2 \(row 2\) holds the error #N/B"),
        (b'a;b\n1;"open\n2;3\n', "row 2: a quotation mark that is not closed"),
        (b'a;b\n1;"' + b"x" * 1_000_001 + b'"\n', "row 2: a cell of more than 1,000,000 characters"),
        (b"\n\n", "no rows"),
    ],
)
def test_what_cannot_be_taken_as_it_stands_is_named(content, message):
    with pytest.raises(DataError, match=message):
        sheets.of_csv(content, "eigen.csv")


def test_a_title_above_the_table_is_no_header():
    assert sheets.of_csv(b"Jaarrekening 2024;;\n\na;b;c\n1;2;3\n", "eigen.csv").header == 3
    titled = b"Jaarrekening;2024\n\nmunicipality;year\nDelft;2024\n"
    assert sheets.of_csv(titled, "eigen.csv", wanted=("municipality", "year")).header == 3


def _workbook(*rows, change=lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


HEAD, LINE = ["key", "year", "value"], ["a", 2024, 12.5]


def test_the_cells_of_a_workbook_keep_what_they_are():
    day = datetime.datetime(2024, 5, 31)
    sheet = sheets.of_workbook(_workbook(HEAD, LINE, ["NA", day, "1.012"]), "eigen.xlsx")
    assert sheet.frame["value"].tolist() == [12.5, "1.012"]
    assert sheet.texts()["year"].tolist() == ["2024", "2024-05-31"]
    assert sheet.texts()["key"].tolist() == ["a", "NA"]


def _hide_row(book):
    book.active.row_dimensions[2].hidden = True


def _hide_column(book):
    book.active.column_dimensions["C"].hidden = True


def _merge(book):
    book.active.append(["b", 2024, 1])
    book.active.merge_cells("A2:A3")


def _second_sheet(book):
    book.create_sheet("more").append(HEAD)


def _hide_sheet(book):
    book.create_sheet("empty")
    book.worksheets[0].sheet_state = "hidden"
    book.active = 1


def _formula(book):
    book.active["C2"] = "=SUM(1,2)"


def _error(book):
    book.active["C2"] = "#REF!"
    book.active["C2"].data_type = "e"


def _far(book):
    book.active["XFD1048576"].font = Font(bold=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_hide_row, "row 2 is hidden"),
        (_hide_column, "column C is hidden"),
        (_merge, "cells A2:A3 are merged"),
        (_second_sheet, "more than one sheet may be meant: Sheet, more"),
        (_hide_sheet, "the sheet Sheet is hidden"),
        (_formula, "cell C2 holds a formula without a value"),
        (_error, "cell C2 .* holds the error #REF!"),
        (_far, "stretches to XFD1048576"),
    ],
)
def test_what_a_workbook_hides_or_lacks_is_named(change, message):
    with pytest.raises(DataError, match=message):
        sheets.of_workbook(_workbook(HEAD, LINE, change=change), "eigen.xlsx")


def test_the_sheet_with_the_wanted_columns_is_meant():
    def change(book):
        book.create_sheet("toelichting").append(["Wat", "dit is"])

    assert sheets.of_workbook(_workbook(HEAD, LINE, change=change), "e.xlsx", wanted=HEAD).frame[
        "key"
    ].tolist() == ["a"]


@pytest.mark.parametrize("content", [b"", b"no archive", _workbook(HEAD, LINE)[:-300]])
def test_a_damaged_workbook_is_refused_in_words(content):
    with pytest.raises(DataError, match="no XLSX workbook, or damaged|cannot be read as xlsx"):
        sheets.of_workbook(content, "eigen.xlsx")


def test_a_workbook_that_unfolds_without_end_is_not_unfolded():
    stream = io.BytesIO(_workbook(HEAD, LINE))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings2.xml", b" " * 60_000_000)
    with pytest.raises(DataError, match="unfolds to 60,0"):
        sheets.of_workbook(stream.getvalue(), "eigen.xlsx")


def test_a_document_type_is_not_read():
    stream = io.BytesIO(_workbook(HEAD, LINE))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/more.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(DataError, match="declares a document type"):
        sheets.of_workbook(stream.getvalue(), "eigen.xlsx")
