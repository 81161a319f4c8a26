"""Files among what was named: archives that are safe, and those that are not."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from analyse.errors import DataError
from analyse.sources.declarations import archives


def found(path: Path) -> dict[str, str]:
    """Content by name, or why it was refused."""
    result = {}
    for one in archives.find([path]):
        try:
            result[one.name] = one.reason if isinstance(one, archives.Refused) else one.open().read().decode()
        except DataError as error:
            result[one.name] = str(error)
    return result


def test_folders_zip_and_gzip_are_opened(tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xml").write_text("a")
    (tmp_path / "in" / "b.csv.gz").write_bytes(gzip.compress(b"b"))
    (tmp_path / "in" / "notes.docx").write_text("not read")
    with zipfile.ZipFile(tmp_path / "in" / "c.zip", "w") as archive:
        archive.writestr("d/e.xml", "e")

    assert found(tmp_path / "in") == {"a.xml": "a", "b.csv.gz": "b", "c.zip/d/e.xml": "e"}


@pytest.mark.parametrize("name", ["../e.xml", "/etc/e.xml", "a\\..\\..\\e.xml", "C:\\e.xml"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str):
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr(name, "e")

    ((_, reason),) = found(tmp_path / "c.zip").items()

    assert "leads outside" in reason


def test_a_zip_that_unfolds_without_end_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("e.xml", b" " * (64 * 2**20))

    assert "unfolds" in found(tmp_path / "bomb.zip")["bomb.zip/e.xml"]


def test_a_gzip_that_unfolds_without_end_is_refused_while_it_is_read(tmp_path: Path):
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b" " * (64 * 2**20)))

    assert "unfolds" in found(tmp_path / "bomb.csv.gz")["bomb.csv.gz"]


def test_a_damaged_archive_is_refused(tmp_path: Path):
    (tmp_path / "c.zip").write_bytes(b"PK no zip")
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(b"b" * 1000)[:-12])

    assert "damaged" in found(tmp_path / "c.zip")["c.zip"]
    assert "damaged" in found(tmp_path / "c.csv.gz")["c.csv.gz"]


def test_an_archive_inside_an_archive_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("d.zip", b"PK")

    assert "inside an archive" in found(tmp_path / "c.zip")["c.zip/d.zip"]


def test_a_number_in_a_name_of_a_file_is_not_shown(tmp_path: Path):
    (tmp_path / "client-999900006.xml").write_text("a")

    assert list(found(tmp_path)) == ["client-#########.xml"]


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path):
    with pytest.raises(DataError, match="no such file"):
        list(archives.find([tmp_path / "absent"]))


def test_a_path_that_is_not_there_stops_no_other(tmp_path: Path):
    (tmp_path / "own.csv").write_text("a;b\n1;2\n", encoding="utf-8")

    absent, there = archives.find([tmp_path / "absent.csv", tmp_path / "own.csv"])

    assert absent == archives.Refused("absent.csv", "no such file or folder; name an existing one")
    assert there.name == "own.csv"
