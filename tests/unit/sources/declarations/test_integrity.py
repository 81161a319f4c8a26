"""The rules of the whole: what they find, what is not shown, and what is switched off."""

from __future__ import annotations

import datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from analyse import store as files
from analyse.errors import ParameterError
from analyse.sources import declarations
from analyse.sources.declarations import codes, rules
from analyse.sources.declarations.integrity import Integrity, _chosen


@pytest.fixture
def checked(made, tmp_path: Path):
    """One youth with an allocation of ten hours until 31 December, stopped on 20 April."""
    one = made.BSN["first"]
    lines = [
        made.line("R1", 5000),
        made.line("R2", 5000, month="2026-05"),
        made.line("R3", 5000, allocation="77"),
        made.line("R4", 100_000, volume="400"),
        made.line("R5", 28 * 107, code="44A08", unit="14", volume="28", allocation="80"),
        made.line("R6", 28 * 200, code="43A05", unit="14", volume="28", allocation="81"),
    ]
    total = 5000 * 3 + 100_000 + 28 * 107 + 28 * 200
    files.write_text(tmp_path / "in" / "a.xml", made.jw323({one: lines}, total, day="2026-09-01"))
    allocation = made.client_message(
        "JW301", "436", made.ALLOCATION, day="2026-03-10", from_municipality=True
    )
    files.write_text(tmp_path / "in" / "b.xml", allocation)
    files.write_text(
        tmp_path / "in" / "c.xml", made.client_message("JW307", "440", made.STOP, day="2026-04-22")
    )
    files.write_text(
        tmp_path / "contracts" / "tariffs.csv",
        "provider,product_code,year,unit,tariff_cents\n65656055,45A03,2026,04,1250\n65656055,44A08,2026,14,107\n",
    )
    declarations.read([tmp_path / "in"], tmp_path / "store")
    with declarations.open(tmp_path / "store") as connection:
        until = datetime.date(2026, 9, 30)
        yield declarations.integrity(connection, contracts=tmp_path / "contracts", until=until)


def test_each_rule_finds_its_lines(checked: Integrity):
    found = checked.found.set_index("rule")["lines"].to_dict()

    assert found == {
        "after_stop": 1,  # R2, in May
        "hours_implausible": 1,  # R4, 400 hours
        "late": 6,  # all of them, declared in September
        "outside_allocation": 3,  # R3, R5 and R6
        "over_volume": 3,  # R1, R2 and R4 share ten hours
        "stays_overlap": 2,  # R5 and R6
        "tariff_differs": 1,  # R4: 250 a unit
    }


@pytest.mark.parametrize(
    ("product_month", "declared_on", "lately"),
    [
        ("2026-09-01", "2026-09-30", 2026),
        ("2026-04-01", "2026-06-10", 2026),
        ("2026-03-01", "2026-06-10", None),  # seven months
        ("2026-09-01", "2026-10-01", None),  # after the day
        ("2025-09-01", "2025-09-30", 2025),
        ("2025-09-01", "2025-10-01", None),  # not yet declared on that day of the year before
        ("2025-04-01", "2025-08-01", 2025),
        ("2024-09-01", "2024-09-30", None),
    ],
)
def test_of_late_are_six_months_and_the_same_of_a_year_before_as_they_were_declared_then(
    product_month, declared_on, lately
):
    connection = duckdb.connect()
    connection.execute(
        f"create table lines as select '{product_month}'::DATE as product_month, '{declared_on}'::DATE as declared_on"
    )

    _chosen(connection, None, datetime.date(2026, 9, 30))

    assert connection.execute("select lately from chosen").fetchall() == [(lately,)]


def test_of_late_rules_that_other_messages_decide_are_left_out(checked: Integrity):
    """Care of April and May beside none of a year before; whether it is outside its allocation may be told later."""
    found = checked.lately.set_index("rule")["lines"].to_dict()

    assert found == {"hours_implausible": 1, "late": 6, "tariff_differs": 1}
    assert checked.lately_lines.to_dict("list") == {"year": [2026], "lines": [6]}


def test_fewer_than_ten_youths_are_not_shown(checked: Integrity):
    assert checked.shown()["lines"].isna().all()
    assert checked.shown()["suppressed"].all()
    assert checked.trend()["lines"].isna().all()


def test_one_hidden_number_cannot_be_derived_from_the_others():
    found = pd.DataFrame(
        {
            "rule": "late",
            "year": 2026,
            "provider": ["a", "b", "c"],
            "lines": [4, 30, 90],
            "amount_cents": 100,
            "clients": [3, 20, 60],
        }
    )
    words = pd.DataFrame({"rule": ["late"], "severity": ["notice"]})
    table = Integrity(words, found, found, found, found, found, found).shown().set_index("provider")

    assert table["suppressed"].to_dict() == {"a": True, "b": True, "c": False}


def test_a_rule_is_switched_off_with_a_reason_only(tmp_path: Path):
    text = (files.root() / "parameters" / "integrity_rules.yaml").read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if "id: late" in one)
    off = files.write_text(
        tmp_path / "off.yaml", text.replace(line, line[:-1] + ", off_because: 'afgesproken met de regio'}")
    )
    bare = files.write_text(tmp_path / "bare.yaml", text.replace(line, line[:-1] + ", off_because: ''}"))

    assert "late" not in [rule.id for rule in rules.load(off).at("store")]
    with pytest.raises(ParameterError, match="off_because"):
        rules.load(bare)


def test_the_same_code_may_mean_something_else_in_a_region(tmp_path: Path):
    table = codes.load()
    own = table.iloc[[0]].assign(
        region_code="JZ24", product_category="45", product_code="45A03", care_form="daghulp"
    )
    path = files.write_text(tmp_path / "codes.csv", pd.concat([table, own]).to_csv(index=False))

    assert (codes.load(path)["care_form"] == "daghulp").sum() == 1
    files.write_text(path, pd.concat([table, table.iloc[[0]]]).to_csv(index=False))
    with pytest.raises(ParameterError, match="twice"):
        codes.load(path)
