"""Files are written whole or not at all, and errors say what to do."""

import gzip
import io
import os
import re
import zipfile

import openpyxl
import pandas as pd
import pytest

from analyse import store
from analyse.errors import DataError, OutputError, ParameterError

READERS = {"csv": pd.read_csv, "parquet": pd.read_parquet, "xlsx": pd.read_excel}


@pytest.mark.parametrize(("extension", "read"), READERS.items())
def test_a_table_comes_back_as_it_was_written(tmp_path, extension, read):
    table = pd.DataFrame({"municipality_code": ["GM0503", "GM0599"], "cost_eur": [38631000, 320189000]})
    path = store.write_table(table, tmp_path / f"costs.{extension}")
    assert read(path).to_dict("list") == table.to_dict("list")


def test_another_extension_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"\.csv, \.parquet, \.xlsx"):
        store.write_table(pd.DataFrame(), tmp_path / "costs.doc")


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    path = store.write_text(tmp_path / "report.html", "whole")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"report\.html: No space left on device; free space"):
        store.write_text(path, "new")
    assert path.read_text() == "whole"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_a_file_where_a_folder_should_be_is_said(tmp_path):
    (tmp_path / "reports").write_text("a file")
    with pytest.raises(OutputError, match="choose another folder"):
        store.write_text(tmp_path / "reports" / "index.html", "x")


def test_yaml_that_is_not_yaml_is_said(tmp_path):
    (tmp_path / "run.yaml").write_text("horizon: [")
    with pytest.raises(ParameterError, match=r"run\.yaml: not valid YAML"):
        store.read_yaml(tmp_path / "run.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: {c: 1}\na: 2\n", "line 3: 'a' is there twice, first in line 1"),
        ("a:\n  b: 1\n  b: 2\n", "line 3: 'b' is there twice, first in line 2"),
        ("yes: 1\ntrue: 2\n", "line 2: 'true' is there twice, first in line 1"),
        ("2024: 1\n2024.0: 2\n", "line 2: '2024.0' is there twice"),
        ("2024: 1\n'2024': 2\n", "line 2: '2024' is there twice"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n  <<: *x\n", "line 4: '<<' is there twice"),
        ("H1: [GM0503, GM0518, GM0503]\n", "H1: 'GM0503' is there twice; keep one"),
        ("- {id: a, x: 1}\n- {id: b}\n- {id: a, x: 2}\n", "the list: id 'a' is there twice; keep one"),
        ("a:\n  targets:\n  - {x: 1}\n  - {x: 1}\n", "a.targets: {'x': 1} is there twice; keep one"),
        ("a: 0503\n", "'0503' is read as 323; write a plain number such as 503"),
        ("a: 1:30\n", "'1:30' is read as 90"),
        ("a: .inf\n", "'.inf' is read as inf"),
        ("a: 45.000\n", "'45.000' is read as 45, and may be meant as 45000; write 45 or 45000"),
        ("a: [0.5, 12.500]\n", "'12.500' is read as 12.5, and may be meant as 12500"),
        ("a: " + "[" * 100_000, "nested more than 50 deep"),
        ("a: &x [*x]\n", "aliases unfold"),
        ("? [1]\n: 2\n", "expected a word as the key"),
        ("a: !!python/object:os.system x\n", "could not determine a constructor"),
    ],
)
def test_a_yaml_file_that_reads_in_two_ways_is_refused(tmp_path, text, said):
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=re.escape(said)):
        store.read_yaml(path)


def test_aliases_and_quoted_codes_are_read(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text('a: &months [1, 2.5]\nb: {<<: {c: "0503"}, d: *months}\n', encoding="utf-8")
    assert store.read_yaml(path) == {"a": [1, 2.5], "b": {"c": "0503", "d": [1, 2.5]}}


def test_only_regular_files_of_a_size_are_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for name, said in (("pipe.csv", "is no file"), ("", "is no file"), ("none.csv", "no such file")):
        with pytest.raises(DataError, match=said):
            store.read_bytes(tmp_path / name)
    (tmp_path / "large.csv").write_bytes(b"12345")
    with pytest.raises(DataError, match="is 5 bytes, at most 4"):
        store.read_bytes(tmp_path / "large.csv", most=4)


def test_a_text_that_looks_like_a_formula_is_written_as_text(tmp_path):
    frame = pd.DataFrame({"=key": ["=1+1", "@x", "plain"], "value": [-1.5, 2.0, 3.0]})
    assert (
        store.write_table(frame, tmp_path / "out.csv").read_text()
        == "'=key,value\n'=1+1,-1.5\n'@x,2.0\nplain,3.0\n"
    )
    sheet = openpyxl.load_workbook(store.write_table(frame, tmp_path / "out.xlsx")).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_row=2)] == [
        ["=key", "value"],
        ["=1+1", -1.5],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}


def _zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("own.csv.gz", gzip.compress(b"key;value\na;1,5\n")),
        ("own.zip", _zipped(own_csv=b"key;value\na;1,5\n", read_md=b"x")),
    ],
    ids=["gzip", "zip"],
)
def test_a_packed_table_is_read_as_the_table_itself(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "own.csv").write_bytes(b"key;value\na;1,5\n")

    assert store.read_table(tmp_path / name).equals(store.read_table(tmp_path / "own.csv"))


@pytest.mark.parametrize(("cells", "said"), [([[1]], "ndarray"), ([{"a": 1}], "dict"), ([b"a"], "bytes")])
def test_a_parquet_column_that_is_no_text_number_or_day_is_refused(tmp_path, cells, said):
    pd.DataFrame({"key": cells}).to_parquet(tmp_path / "own.parquet")

    with pytest.raises(
        DataError, match=f"own.parquet: column key holds {said}; expected text, numbers or days"
    ):
        store.read_table(tmp_path / "own.parquet")


def test_a_table_is_written_without_digits_that_no_figure_has(tmp_path):
    frame = pd.DataFrame({"share": [0.1 + 0.2, 1 / 3], "cost_eur": [1234567.125, 1e9 / 3]})

    written = store.write_table(frame, tmp_path / "own.csv").read_text("utf-8")
    store.write_table(frame, tmp_path / "own.xlsx")

    assert written == "share,cost_eur\n0.3,1234567.0\n0.333333,333333333.0\n"
    book = openpyxl.load_workbook(tmp_path / "own.xlsx").active
    assert [[cell.value for cell in row] for row in book.iter_rows(min_row=2)] == [
        [0.3, 1234567],
        [0.333333, 333333333],
    ]


def test_a_parquet_file_that_is_damaged_inside_is_refused_though_its_end_is_whole(tmp_path):
    path = store.write_table(pd.DataFrame({"municipality": ["Delft"]}), tmp_path / "own.parquet")
    path.write_bytes(path.read_bytes().replace(b"Delft", b"Velft", 1))

    with pytest.raises(DataError, match=r"own.parquet: is no Parquet table, or damaged; write it again"):
        store.read_table(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("own.csv.gz", gzip.compress(b"key,value\n" * 9)[:-9], "damaged"),
        ("own.csv.gz", b"key,value\na,1\n", "damaged"),
        ("own.zip", _zipped(a_csv=b"k,v\n", b_csv=b"k,v\n"), "holds 2 tables"),
        ("own.zip", _zipped(a_md=b""), "holds 0 tables"),
        ("own.csv.gz", gzip.compress(b'a,b\n"1,2\n'), "own.csv: row 2: a quotation mark"),
    ],
    ids=["cut off", "no gzip", "two tables", "no table", "named inside"],
)
def test_a_packed_table_that_cannot_be_read_is_refused_in_words(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(DataError, match=said):
        store.read_sheet(tmp_path / name)


def test_a_packed_table_unfolds_no_further_than_a_table_may_be(tmp_path, monkeypatch):
    (tmp_path / "own.csv.gz").write_bytes(gzip.compress(b"a,b\n" * 1000))
    monkeypatch.setattr(store, "MOST_BYTES", 3999)

    with pytest.raises(DataError, match="unfolds to more than 3,999 bytes; divide the table"):
        store.read_sheet(tmp_path / "own.csv.gz")


def test_a_choice_in_a_folder_of_its_own_is_noted_by_its_whole_name(tmp_path, monkeypatch):
    """Otherwise it is not found again, and every page that read it is made anew in each run."""
    monkeypatch.setenv(store.READS, str(tmp_path / "reads"))

    store.read_yaml(store.root() / "parameters" / "vision" / "haaglanden.yaml")

    (_, noted) = (tmp_path / "reads").read_text(encoding="utf-8").split()
    assert noted == "file/vision/haaglanden.yaml"
