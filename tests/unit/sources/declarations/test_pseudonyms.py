"""The BSN at the door."""

from __future__ import annotations

import hashlib
import hmac
import stat
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyse import store
from analyse.errors import DataError
from analyse.sources.declarations import pseudonyms, records


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
