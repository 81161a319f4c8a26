"""Reading into a store: every line is somewhere, whatever the order, and no youth can be recognised."""

from __future__ import annotations

import itertools
import json
import logging
from pathlib import Path

import pandas as pd
import pytest

from analyse import store as files
from analyse.errors import DataError
from analyse.sources import declarations
from analyse.sources.declarations import reading, staging, storage

CELLS = "select provider, reference, amount_cents, status, rule from lines order by all"


@pytest.fixture
def folder(made, tmp_path: Path) -> Path:
    """Five files: a declaration with everything in it, one that is wrong, and what surrounds them."""
    one, two = made.BSN["first"], made.BSN["second"]
    texts = {
        "april.xml": made.jw323(
            {
                one: [made.line("R1", 5000), made.line("R2", 6000), made.line("R3", 7000, unit="77")],
                two: [made.line("R4", 8000), made.line("R4", 8000), made.line("R5", 9000, code="99Z99")],
                "999900007": [made.line("R6", 1000)],
            },
            44000,
        ),
        "may.xml": made.jw323(
            {
                one: [made.line("R7", 6000, sign="C", previous="R2"), made.line("R1", 5000)],
                two: [
                    made.line("R8", 4000, sign="C", previous="R99"),
                    made.line("R9", 3000, month="2026-05"),
                ],
            },
            -2000,
            day="2026-06-05",
        ),
        "wrong.xml": made.jw323({one: [made.line("R10", 5000)]}, 4999),
        "allocation.xml": made.client_message(
            "JW301", "436", made.ALLOCATION, day="2026-03-10", from_municipality=True
        ),
        "request.xml": made.client_message("JW315", "446", made.REQUEST, day="2026-03-01"),
        "stop.xml": made.client_message("JW307", "440", made.STOP, day="2026-04-22"),
    }
    for name, text in texts.items():
        files.write_text(tmp_path / "in" / name, text)
    return tmp_path / "in"


def test_every_line_is_accounted_for_to_the_cent(folder: Path, tmp_path: Path):
    found = declarations.read([folder], tmp_path / "store")

    by_file = found.reconciliation.set_index("name")
    assert by_file["balanced"].all()
    names = ["accepted_cents", "quarantined_cents", "duplicate_cents", "credited_cents"]
    assert by_file.loc["april.xml", names].to_list() == [
        5000 + 8000 + 9000,
        7000 + 1000,
        8000,
        6000,
    ]
    assert by_file.loc["may.xml", names].to_list() == [
        3000,
        -4000,
        5000,
        -6000,
    ]
    assert dict(zip(found.quarantine["rule"], found.quarantine["lines"], strict=True)) == {
        "bsn_invalid": 1,
        "credit_without_original": 1,
        "unit_unknown": 1,
    }
    assert found.unmapped[["product_code", "lines", "amount_cents"]].to_numpy().tolist() == [
        ["99Z99", 1, 9000]
    ]


def test_a_wrong_file_is_refused_whole_and_the_others_are_read(folder: Path, tmp_path: Path):
    found = declarations.read([folder], tmp_path / "store")

    status = found.files.set_index("name")["status"]
    assert status.pop("wrong.xml") == "refused"
    assert set(status) == {"read"}
    with declarations.open(tmp_path / "store") as connection:
        assert connection.execute("select count(*) from lines where reference = 'R10'").fetchall() == [(0,)]
        assert connection.execute("select count(*) from files where name = 'wrong.xml'").fetchall() == [(0,)]


def test_reading_in_any_order_gives_the_same_store(folder: Path, tmp_path: Path):
    def cells(*steps: list[Path]) -> list[tuple]:
        output = tmp_path / f"store-{'-'.join(path.stem for step in steps for path in step)}-{len(steps)}"
        for step in steps:
            declarations.read(step, output)
        with declarations.open(output) as connection:
            return connection.execute(CELLS).fetchall()

    april, may = folder / "april.xml", folder / "may.xml"
    whole = cells([april, may])

    assert len(whole) == 11
    assert cells([april], [may]) == cells([may], [april]) == whole


def test_a_file_is_counted_once_whatever_it_is_called(folder: Path, tmp_path: Path):
    declarations.read([folder / "april.xml"], tmp_path / "store")
    (folder / "april.xml").rename(folder / "again.xml")

    found = declarations.read([folder / "again.xml"], tmp_path / "store")

    assert found.files["status"].to_list() == ["already read"]
    with declarations.open(tmp_path / "store") as connection:
        assert connection.execute("select count(*) from lines").fetchall() == [(7,)]


def test_a_rejection_takes_a_line_out(made, folder: Path, tmp_path: Path):
    declarations.read([folder / "april.xml"], tmp_path / "store")
    answer = made.jw323({made.BSN["first"]: [made.line("R1", 5000)]}, 5000)
    for old, new in {
        "jw323": "jw325",
        ">490<": ">491<",
        "</j:Prestatie>": "<j:RetourCodes><j:RetourCode>9307</j:RetourCode></j:RetourCodes></j:Prestatie>",
        "<j:Afzender>65656055": "<j:Afzender>0503",
        "<j:Ontvanger>0503": "<j:Ontvanger>65656055",
    }.items():
        answer = answer.replace(old, new)
    files.write_text(folder / "answer.xml", answer)

    declarations.read([folder / "answer.xml"], tmp_path / "store")

    with declarations.open(tmp_path / "store") as connection:
        assert connection.execute("select status, rule from lines where reference = 'R1'").fetchall() == [
            ("quarantined", "rejected")
        ]
        assert connection.execute("select return_codes from rejections").fetchall() == [("9307",)]


def test_referrer_and_age_come_from_what_surrounds_the_lines(folder: Path, tmp_path: Path):
    declarations.read([folder], tmp_path / "store")

    with declarations.open(tmp_path / "store") as connection:
        rows = connection.execute(
            "select distinct referrer, age from declarations where allocation_number = 10072"
        )
        assert rows.fetchall() == [("02", 16)]
        stopped = connection.execute("select stop_date::VARCHAR, reason from trajectories").fetchall()
        assert stopped == [("2026-04-20", "31")]


def test_the_store_is_parquet_by_year_and_municipality(folder: Path, tmp_path: Path):
    declarations.read([folder], tmp_path / "store")

    (part,) = (tmp_path / "store" / "lines").rglob("*.parquet")
    assert part.relative_to(tmp_path / "store").parent == Path("lines/year=2026/municipality=GM0503")


def test_a_read_that_breaks_off_leaves_the_store_as_it_was(folder: Path, tmp_path: Path, monkeypatch):
    declarations.read([folder / "april.xml"], tmp_path / "store")
    before = storage.about(tmp_path / "store")

    def broken(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(storage, "replace", broken)
    with pytest.raises(OSError, match="no space"):
        declarations.read([folder / "may.xml"], tmp_path / "store")
    monkeypatch.undo()

    assert storage.about(tmp_path / "store") == before


def test_another_key_is_refused_because_pseudonyms_would_differ(folder: Path, tmp_path: Path):
    declarations.read([folder / "april.xml"], tmp_path / "store")

    with pytest.raises(DataError, match="another key"):
        declarations.read([folder / "may.xml"], tmp_path / "store", key=tmp_path / "secret" / "other.key")


def test_simulated_and_real_lines_do_not_mix(folder: Path, tmp_path: Path):
    declarations.read([folder / "april.xml"], tmp_path / "store")
    text = (folder / "may.xml").read_text().replace("?>", "?><!-- Gesimuleerde declaraties -->", 1)
    files.write_text(folder / "simulated.xml", text)

    found = declarations.read([folder / "simulated.xml"], tmp_path / "store")

    assert "another folder" in found.files["reason"].iloc[0]


def test_a_large_file_is_read_in_parts_to_the_same_result(folder: Path, tmp_path: Path, monkeypatch):
    declarations.read([folder], tmp_path / "whole")
    monkeypatch.setattr(reading, "TOGETHER", 1)
    declarations.read([folder], tmp_path / "parts")

    with declarations.open(tmp_path / "whole") as whole, declarations.open(tmp_path / "parts") as parts:
        assert whole.execute(CELLS).fetchall() == parts.execute(CELLS).fetchall()


def test_lines_of_a_file_are_not_held_in_a_join_but_stream_past_it(folder: Path, tmp_path: Path, monkeypatch):
    plans, add_lines = [], staging.add_lines

    class Watched:
        def __init__(self, connection) -> None:
            self.connection = connection

        def __getattr__(self, name: str):
            return getattr(self.connection, name)

        def execute(self, statement: str):
            if "insert into staged" in statement:
                plans.append(self.connection.execute(f"explain {statement}").fetchall()[0][1])
            return self.connection.execute(statement)

    monkeypatch.setattr(
        staging,
        "add_lines",
        lambda connection, *rest, **named: add_lines(Watched(connection), *rest, **named),
    )
    declarations.read([folder], tmp_path / "store")

    assert plans
    assert all("Join Type: LEFT" in plan and "Join Type: RIGHT" not in plan for plan in plans)


def test_many_small_files_are_read_in_parts_to_the_same_result(folder: Path, tmp_path: Path, monkeypatch):
    declarations.read([folder], tmp_path / "whole")
    monkeypatch.setattr(reading, "MANY", 1)
    declarations.read([folder], tmp_path / "parts")

    for query in (CELLS, "select * from trajectories order by all"):
        whole, parts = (declarations.open(tmp_path / one).execute(query).df() for one in ("whole", "parts"))
        assert len(whole)
        pd.testing.assert_frame_equal(parts, whole)


def test_the_triangle_knows_what_was_known_then(folder: Path, tmp_path: Path):
    declarations.read([folder], tmp_path / "store")

    with declarations.open(tmp_path / "store") as connection:
        now = declarations.triangle(connection, by=("municipality_code",))
        then = declarations.triangle(
            connection, by=("municipality_code",), as_of=pd.Timestamp("2026-05-31").date()
        )

    assert now[["development_month", "amount_cents"]].to_numpy().tolist() == [
        [1, 28000],
        [2, -6000],
        [1, 3000],
    ]
    assert then[["development_month", "amount_cents"]].to_numpy().tolist() == [[1, 28000]]


def test_no_bsn_name_or_birth_date_comes_out_anywhere(made, folder: Path, tmp_path: Path, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    files.write_text(folder / "broken.xml", (folder / "april.xml").read_text()[:-30])
    files.write_text(
        folder / f"{made.BSN['first']}.csv", f"BSN;Bedrag\n{made.BSN['first']};{made.NAMES[0]}\n"
    )
    found = declarations.read([folder], tmp_path / "store")
    with declarations.open(tmp_path / "store") as connection:
        integrity = declarations.integrity(connection)
        tables = [
            "lines",
            "declarations",
            "allocations",
            "requests",
            "stops",
            "trajectories",
            "rejections",
            "files",
        ]
        content = [connection.execute(f"select * from {name}").df().to_csv() for name in tables]
    stored = b"".join(path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file())
    printed = capfd.readouterr()
    texts = [
        *content,
        *(getattr(found, name).to_csv() for name in ("files", "reconciliation", "quarantine", "unmapped")),
    ]
    texts += [
        integrity.found.to_csv(),
        printed.out,
        printed.err,
        caplog.text,
        stored.decode("latin-1"),
        repr(found),
    ]

    for secret in (*made.NAMES, *made.BSN.values(), "999900007", "2010-02-14"):
        assert not [text[:80] for text in texts if secret in text]
    assert (found.files["status"] == "refused").sum() == 3


def test_pseudonyms_stay_the_same_in_every_read(folder: Path, tmp_path: Path):
    paths = ("april.xml", "may.xml")
    declarations.read([folder / name for name in paths], tmp_path / "a")
    declarations.read([folder / name for name in reversed(paths)], tmp_path / "b")

    query = "select reference, client from lines order by all"
    with declarations.open(tmp_path / "a") as first, declarations.open(tmp_path / "b") as second:
        assert first.execute(query).fetchall() == second.execute(query).fetchall()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: [], "another version of this program"),
        (lambda told: {"format": storage.FORMAT}, r"not as it was written \(simulated: Field required"),
        (lambda told: told | {"lines": told["lines"][0]}, "lines: Input should be a valid list"),
        (lambda told: told | {"lines": ["/etc/passwd"]}, "/etc/passwd lies outside the store"),
        (lambda told: told | {"tables": {}}, "files not named"),
        (lambda told: told | {"lines": ["lines/gone.parquet"]}, "1 files of the store are gone"),
    ],
)
def test_a_store_of_another_shape_is_refused_in_words(folder: Path, tmp_path: Path, change, said):
    declarations.read([folder], tmp_path / "store")
    path = tmp_path / "store" / storage.MANIFEST
    path.write_text(json.dumps(change(json.loads(path.read_text("utf-8")))), "utf-8")

    with pytest.raises(DataError, match=said):
        declarations.open(tmp_path / "store")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda content: content[:300], "part_0.parquet: is damaged; put your last copy back"),
        (
            lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
            "part_0.parquet: is damaged",
        ),
    ],
)
def test_a_damaged_file_of_the_store_is_named(folder: Path, tmp_path: Path, spoil, said):
    declarations.read([folder], tmp_path / "store")
    path = next((tmp_path / "store" / "lines").rglob("*.parquet"))
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(DataError, match=said):
        declarations.open(tmp_path / "store")


def test_a_store_of_before_the_sums_of_its_files_opens_and_its_columns_are_looked_at(
    folder: Path, tmp_path: Path
):
    declarations.read([folder], tmp_path / "store")
    manifest = tmp_path / "store" / storage.MANIFEST
    told = json.loads(manifest.read_text("utf-8"))
    assert sorted(told.pop("sums")) == sorted([*told["lines"], *itertools.chain(*told["tables"].values())])
    manifest.write_text(json.dumps(told), "utf-8")

    declarations.open(tmp_path / "store").close()
    pd.DataFrame({"a": [1]}).to_parquet(next((tmp_path / "store" / "lines").rglob("*.parquet")))
    with pytest.raises(DataError, match="a file of the store lacks a column"):
        declarations.open(tmp_path / "store")
