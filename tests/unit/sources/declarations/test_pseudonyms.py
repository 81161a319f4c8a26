"""The BSN at the door."""

from __future__ import annotations

import hashlib
import hmac
import random
import re
import stat
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analyse import store
from analyse.errors import DataError
from analyse.sources import declarations
from analyse.sources.declarations import pseudonyms, records

A_PSEUDONYM = r"~[0-9a-f]{19}"
"""What stands in place of a reference; its digits may pass the eleven-test by chance."""


@pytest.mark.parametrize(
    ("number", "passes"),
    [
        ("999900006", True),
        ("999900007", False),
        ("000000000", False),
        ("99990000", False),
        ("9999000060", False),
        ("99990000a", False),
        ("", False),
    ],
)
def test_the_eleven_test(number: str, passes: bool):
    assert pseudonyms.passes_eleven_test(number) == passes


@given(st.integers(100_000_000, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_never_passes_after_a_right_number(number: int, place: int, step: int):
    text = str(number)
    digit = str((int(text[place]) + step) % 10)
    if pseudonyms.passes_eleven_test(text):
        assert not pseudonyms.passes_eleven_test(text[:place] + digit + text[place + 1 :])


def test_the_key_is_made_once_for_its_owner_only(key: Path):
    first = pseudonyms.read_key()

    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(first) == 32
    assert pseudonyms.read_key() == first


def test_a_key_that_others_can_read_is_refused(key: Path):
    pseudonyms.read_key()
    key.chmod(0o644)

    with pytest.raises(DataError, match="chmod 600"):
        pseudonyms.read_key()


def test_a_key_inside_the_repository_is_refused():
    with pytest.raises(DataError, match="inside the repository"):
        pseudonyms.read_key(store.root() / "data" / "declarations" / "some.key")


def test_a_pseudonym_is_the_keyed_hash_and_stable():
    expected = hmac.new(b"k" * 32, b"999900006", hashlib.sha256).hexdigest()[:32]

    assert pseudonyms.Pseudonyms(b"k" * 32).of("999900006") == (expected, True)
    assert pseudonyms.Pseudonyms(b"other" * 7).of("999900006")[0] != expected


def test_a_reference_with_the_bsn_in_it_becomes_a_pseudonym_and_stays_the_same():
    known = pseudonyms.Pseudonyms(b"k" * 32)
    columns = {
        "reference": pa.array(["F-999900006-1", "F-12345678"]),
        "previous_reference": pa.array([None, "F-999900006-1"]),
        "allocation_number": pa.array(["999900006", "3"]),
        "declaration_number": pa.array(["D12999900006345", "D2605060503"]),
    }

    rows = records.guarded(columns, pa.array(["999900006", "999900006"]), known, first=1).to_pylist()

    assert rows[0]["reference"].startswith("~")
    assert rows[0]["reference"] == rows[1]["previous_reference"]
    assert rows[1]["reference"] == "F-12345678"
    assert [row["declaration_number"][0] for row in rows] == ["~", "D"]
    assert "999900006" not in str(rows)


@pytest.mark.parametrize(
    "written", ["111222333", "111.222.333", "111 222 333", "111-22-2333", "2026111222333", "11122233"]
)
def test_the_number_of_another_youth_is_left_in_no_field(made, written: str, tmp_path: Path):
    """111222333 passes the eleven-test; so does 011122233, of which a spreadsheet drops the first zero (11122233)."""
    line = made.line(f"F-{written}"[:20], 5000, previous=f"P{written}", sign="D")
    message = made.jw323({made.BSN["first"]: [line]}, 5000).replace(">DN1<", f">D{written}<")
    allocation = made.ALLOCATION.replace("10072", re.sub(r"\D", "", written)[-9:])
    answer = made.jw323({made.BSN["first"]: [line]}, 5000).replace("jw323", "jw325").replace(">490<", ">491<")
    request = made.REQUEST.replace("A10072", f"R{written}")
    for name, text in {
        f"bericht-{written}.xml": message,
        "allocation.xml": made.client_message(
            "JW301", "436", allocation, day="2026-03-10", from_municipality=True
        ),
        "request.xml": made.client_message("JW315", "446", request, day="2026-03-01"),
        "answer.xml": answer,
    }.items():
        store.write_text(tmp_path / "in" / name, text)

    found = declarations.read([tmp_path / "in"], tmp_path / "store")

    assert (found.files["status"] == "read").all()
    for path in (tmp_path / "store").rglob("*.parquet"):
        for name, column in pd.read_parquet(path).items():
            if not name.endswith(("_cents", "_on", "_date", "_month", "file_id", "client")):
                plain = column.dropna().astype(str).str.replace(A_PSEUDONYM, "", regex=True)
                texts = pa.array(plain, pa.string())
                assert not pseudonyms.bsn_inside(texts).any(), f"{path.parent.name}: {name}"
    assert [pseudonyms.masked(name) for name in found.files["name"]] == found.files["name"].to_list()


def test_a_masked_allocation_still_meets_its_lines(made, tmp_path: Path):
    line = made.line("R1", 5000, allocation="111222333")
    store.write_text(tmp_path / "in" / "lines.xml", made.jw323({made.BSN["first"]: [line]}, 5000))
    allocation = made.ALLOCATION.replace("10072", "111222333")
    store.write_text(
        tmp_path / "in" / "allocation.xml",
        made.client_message("JW301", "436", allocation, day="2026-03-10", from_municipality=True),
    )

    declarations.read([tmp_path / "in"], tmp_path / "store")

    with declarations.open(tmp_path / "store") as connection:
        found = connection.execute("select allocation_number < 0, allocated_on is not null from declarations")
        assert found.fetchall() == [(True, True)]


def test_one_text_is_looked_at_as_a_column_is():
    rng = random.Random(17)
    texts = ["".join(rng.choices("0123456789ab", [9] * 10 + [4, 4], k=32)) for _ in range(3000)]
    alone = pseudonyms._seems_inside

    assert [alone(text) for text in texts] == pseudonyms.bsn_inside(pa.array(texts)).tolist()
    assert 0 < sum(map(alone, texts)) < len(texts)


def test_a_column_of_texts_of_any_length_is_looked_at_as_each_text_alone():
    rng = random.Random(18)
    drawn = ("".join(rng.choices("0123456789a.-", k=rng.randint(0, 24))) for _ in range(4000))
    texts = [text for text in drawn if not re.search(r"[.-]{4}|(?<!\d)\d{8}(?!\d)", text)]
    runs = [re.sub("[.-]", "", text).split("a") for text in texts]

    held = [
        any(pseudonyms.passes_eleven_test(run[first:][:9]) for run in own for first in range(len(run)))
        for own in runs
    ]

    assert pseudonyms.bsn_inside(pa.array(texts)).tolist() == held
    assert sum(held) > 100


@given(st.text(st.sampled_from("0123456789abZ .-/é\n"), max_size=24))
@example("111222333")
@example("111.222.333")
@example("F-11122233 x")
@example("1112223 33\n")
@example("01234567\n")
@example("12 345678 9 30")
def test_one_text_is_looked_at_as_a_column_of_texts(text: str):
    assert pseudonyms.holds_bsn(text) == bool(pseudonyms.bsn_inside(pa.array([text]))[0])


def test_many_texts_with_numbers_are_looked_at_alike_one_by_one():
    rng = random.Random(7)
    drawn = [
        "".join(rng.choices("0123456789a.- ", [9] * 10 + [1] * 4, k=rng.randint(8, 22))) for _ in range(4000)
    ]

    held = [pseudonyms.holds_bsn(text) for text in drawn]

    assert held == pseudonyms.bsn_inside(pa.array(drawn)).tolist()
    assert 500 < sum(held) < 3500
