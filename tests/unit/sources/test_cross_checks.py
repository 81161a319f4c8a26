"""Tables that are right by themselves and impossible together, in a dataset whose checksums are right."""

from __future__ import annotations

import hashlib
import json
import sys

import pandas as pd
import pytest

from analyse import cli
from analyse.errors import DataError
from analyse.sources import snapshot


def _changed(home, table, change):
    """Change a table of data/open and put its checksum and its number of rows in the package."""
    folder = home / "data/open"
    frame = change(pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False))
    frame.to_csv(folder / f"{table}.csv", index=False)
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    resource = next(one for one in package["resources"] if one["name"] == table)
    content = (folder / f"{table}.csv").read_bytes()
    resource |= {
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "bytes": len(content),
        "rows": len(frame),
    }
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")


def _first_cell(column, value):
    def change(frame):
        frame.loc[0, column] = value
        return frame

    return change


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        (
            "costs",
            "municipality_code",
            "GM9999",
            "data/open/costs.csv: row 2: GM9999 is not in municipalities.csv",
        ),
        ("population", "municipality_code", "GM1992", "GM1992 did not exist in 20.*municipalities.csv"),
        ("boundary_changes", "successor_code", "GM9999", "row 2: successor GM9999"),
        ("costs", "cost_eur", "1e30", "row 2: got '1e30', expected a number that can be"),
        ("costs", "cost_eur", "inf", "row 2: got 'inf'"),
        ("population", "year", "inf", "row 2: got 'inf'"),
        ("usage", "count", "1" * 30, "expected a number that can be"),
    ],
)
def test_what_cannot_be_true_together_is_named_with_its_file_and_row(home, table, column, value, said):
    _changed(home, table, _first_cell(column, value))
    with pytest.raises(DataError, match=said):
        snapshot.load()
    assert (snapshot.verify()["problem"] != "").sum() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "Input should be a valid dictionary"),
        ("{}", "key 'resources' is missing"),
        ('{"version": 1}', "version"),
        ("[" * 100_000, "not valid JSON|cannot be read"),
        ('{"resources": {}}', "resources"),
    ],
)
def test_a_package_of_another_shape_is_refused_in_words(home, monkeypatch, capsys, text, said):
    (home / "data/open/datapackage.json").write_text(text, "utf-8")
    monkeypatch.setattr(sys, "argv", ["analyse", "list"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3
    with pytest.raises(DataError, match=said):
        snapshot.package()
    assert "unexpected" not in capsys.readouterr().err


def test_a_region_that_is_not_looked_at_is_checked_too(home):
    _changed(home, "regions", lambda frame: pd.concat([frame, frame.tail(1)]))

    with pytest.raises(DataError, match="regions.csv: 1 duplicate"):
        snapshot.load(regions=["JZ24"])


def test_a_municipality_without_inhabitants_is_named(home, monkeypatch, capsys):
    _changed(home, "population", lambda frame: frame.loc[frame["municipality_code"].ne("GM0518")])
    monkeypatch.setattr(
        sys, "argv", ["analyse", "history", "--by", "municipality", "--output", str(home / "out.csv")]
    )

    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3
    assert "population.csv: no inhabitants of GM0518 in any year" in capsys.readouterr().err


def test_a_package_does_not_lead_outside_its_folder(home):
    path = home / "data/open/datapackage.json"
    path.write_text(path.read_text("utf-8").replace('"costs.csv"', '"../costs.csv"'), "utf-8")
    with pytest.raises(DataError, match="path"):
        snapshot.load()
