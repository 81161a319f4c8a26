"""Files are written whole or not at all, and errors say what to do."""

import os

import pandas as pd
import pytest

from analyse import store
from analyse.errors import OutputError, ParameterError

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
