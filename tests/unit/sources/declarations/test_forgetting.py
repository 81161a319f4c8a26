"""Forgetting a year or a youth, and a store that only its owner can read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from analyse import store as files
from analyse.errors import ParameterError
from analyse.sources import declarations
from analyse.sources.declarations import forgetting


@pytest.fixture
def kept(made, tmp_path: Path) -> Path:
    """Two youths with a line each in 2025 and 2026, and an allocation of the first."""
    one, two = made.BSN["first"], made.BSN["second"]
    lines = {
        bsn: [made.line(f"{bsn[-2:]}-{month}", 5000, month=month) for month in ("2025-04", "2026-04")]
        for bsn in (one, two)
    }
    files.write_text(tmp_path / "in" / "lines.xml", made.jw323(lines, 20000))
    files.write_text(
        tmp_path / "in" / "a.xml",
        made.client_message("JW301", "436", made.ALLOCATION, day="2026-03-10", from_municipality=True),
    )
    declarations.read([tmp_path / "in"], tmp_path / "store")
    files.write_bytes(tmp_path / "store" / ".cache" / "cells-1.arrow", b"a result")
    return tmp_path / "store"


def left(store: Path) -> tuple[list, list, bool]:
    with declarations.open(store) as connection:
        return (
            connection.execute("select reference from lines order by all").fetchall(),
            connection.execute("select client is not null from allocations").fetchall(),
            connection.execute("select bool_and(balanced) from reconciliation").fetchone()[0],
        )


def test_care_before_a_year_goes_and_does_not_come_back(made, kept: Path, tmp_path: Path):
    found = forgetting.forget(kept, before=2026)

    assert found == forgetting.Forgotten(lines=2, rows=0, results=1)
    assert left(kept) == ([("06-2026-04",), ("18-2026-04",)], [(True,)], True)
    assert not list(kept.rglob("year=2025/*/*.parquet")) and not (kept / ".cache").exists()
    assert (declarations.read([tmp_path / "in"], kept).files["status"] == "already read").all()
    assert forgetting.forget(kept, before=2026) == forgetting.Forgotten(0, 0, 0)


def test_a_youth_goes_with_everything_about_them(made, kept: Path):
    with declarations.open(kept) as connection:
        client = connection.execute("select client from lines where reference = '06-2026-04'").fetchone()[0]

    found = forgetting.forget(kept, client=client)

    assert found == forgetting.Forgotten(lines=2, rows=1, results=1)
    assert left(kept) == ([("18-2025-04",), ("18-2026-04",)], [], True)
    assert not any(client.encode() in path.read_bytes() for path in kept.rglob("*.parquet"))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"before": 2026, "client": "a" * 32},
        {"before": 1999},
        {"client": "999900006"},
        {"client": "' or 1=1"},
    ],
)
def test_what_to_forget_is_said_in_one_way(kept: Path, wrong: dict):
    with pytest.raises(ParameterError, match="forget"):
        forgetting.forget(kept, **wrong)


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_store_is_for_its_owner_only_also_one_that_was_open(made, kept: Path, tmp_path: Path):
    own = [path for path in kept.rglob("*") if path.is_file() and path.parent.name != ".cache"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in own} == {0o600}, "from the first reading on"
    for path in kept.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    kept.chmod(0o755)
    files.write_text(tmp_path / "more.xml", made.jw323({made.BSN["third"]: [made.line("R9", 5000)]}, 5000))

    declarations.read([tmp_path / "more.xml"], kept)

    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (kept, *kept.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
