"""Messages of iJw: what is read, and what is refused."""

from __future__ import annotations

import contextlib
import io

import pytest

from analyse.errors import DataError
from analyse.sources.declarations import gathered, messages, pseudonyms, records, xml


def read(text: str | bytes):
    message = records.Message()
    content = text.encode() if isinstance(text, str) else text
    return list(messages.read(io.BytesIO(content), pseudonyms.Pseudonyms(b"k" * 32), message)), message


def test_a_declaration_is_read_line_by_line(made):
    text = made.jw323(
        {made.BSN["first"]: [made.line("R1", 5000), made.line("R2", 2000, sign="C", previous="R0")]}, 3000
    )

    ((name, table),), message = read(text)

    assert name == "lines"
    first, second = table.to_pylist()
    assert (first["reference"], first["amount"], first["tariff"], first["declared_on"]) == (
        "R1",
        "5000",
        "1250",
        "2026-05-06",
    )
    assert (second["previous_reference"], second["debit_credit"]) == ("R0", "C")
    assert (message.kind, message.municipality, message.provider) == ("JW323", "0503", "65656055")
    assert (message.control_cents, message.found_cents, message.lines) == (3000, 3000, 2)


@pytest.mark.parametrize("version", ["3_1", "3_0"])
def test_the_versions_before_are_read_too(made, version: str):
    text = made.jw323({made.BSN["first"]: [made.line("R1", 5000)]}, 5000)

    assert read(text.replace("/3_2/", f"/{version}/"))[0][0][1].to_pylist() == read(text)[0][0][1].to_pylist()


@pytest.mark.parametrize(
    ("code", "kind"),
    [("437", "JW302"), ("439", "JW306"), ("447", "JW316"), ("486", "JW317"), ("489", "JW320")],
)
def test_ordinary_traffic_of_which_nothing_is_used_is_passed_over(made, code: str, kind: str):
    text = made.jw323({made.BSN["first"]: [made.line("R1", 5000)]}, 5000).replace(">490<", f">{code}<")

    with pytest.raises(messages.PassedOver, match=kind):
        read(text)
    with pytest.raises(messages.PassedOver, match="iWmo"):
        read(text.replace("/ijw/", "/iwmo/"))


def test_lines_spread_over_parts_of_the_file_are_all_there(made, monkeypatch):
    monkeypatch.setattr(xml, "CHUNK", 100)
    monkeypatch.setattr(xml, "MOST_PROLOG", 400)
    monkeypatch.setattr(gathered, "BATCH", 3)
    text = made.jw323({made.BSN["first"]: [made.line(f"R{number}", 5000) for number in range(10)]}, 50000)

    tables, message = read(text)

    references = [row["reference"] for _, table in tables for row in table.to_pylist()]
    assert references == [f"R{number}" for number in range(10)]
    assert message.lines == 10


def test_small_messages_become_one_table_and_of_a_wrong_one_nothing_stays(made):
    known, together = pseudonyms.Pseudonyms(b"k" * 32), gathered.Gathered()
    first = made.jw323({made.BSN["first"]: [made.line("R1", 5000), made.line("R2", 2000)]}, 7000)
    wrong = made.jw323({made.BSN["third"]: [made.line("W1", 5000)]}, 5001)
    last = made.jw323(
        {made.BSN["second"]: [made.line("R1", 4000)]}, 4000, provider="11112222", day="2026-06-07"
    )
    other = made.client_message("JW301", "436", made.ALLOCATION, day="2026-03-10", from_municipality=True)

    for file_id, text in {"a": first, "w": wrong, "b": last, "c": other}.items():
        message = records.Message(file_id)
        parts = messages.read(io.BytesIO(text.encode()), known, message, together=together)
        with pytest.raises(DataError, match="5,001") if file_id == "w" else contextlib.nullcontext():
            assert not list(parts), "a small message gives no table of its own"
    tables = dict(together.tables(known))

    seen = ("file_id", "line_number", "reference", "provider", "declared_on", "client")
    alone = [(file_id, read(text)[0][0][1].to_pylist()) for file_id, text in (("a", first), ("b", last))]
    expected = [{**row, "file_id": file_id} for file_id, rows in alone for row in rows]
    assert [[row[name] for name in seen] for row in tables["lines"].to_pylist()] == [
        [row[name] for name in seen] for row in expected
    ]
    assert [row["line_number"] for row in expected] == [1, 2, 1]
    assert tables["allocations"]["file_id"].to_pylist() == ["c"]
    assert not list(together.tables(known)), "nothing is left"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("<j:Bericht", '<!DOCTYPE b [<!ENTITY a "aa">]><j:Bericht', 1), "document type"),
        (lambda text: text.replace("<j:B", "<!-- x --><!DOCTYPE b SYSTEM 'http://x/y'><j:B", 1), "document type"),
        (lambda text: text.replace("R1", "&geheim;"), "not well-formed"),
        (lambda text: text[:-40], "not well-formed"),
        (lambda text: text.replace("UTF-8", "UTF-7", 1), "not UTF-8"),
        (lambda text: text.encode("utf-16"), "not UTF-8"),
        (lambda text: "BSN;bedrag\n1;2", "does not begin with an element"),
        (lambda text: text.replace("ijw/3_2", "ijw/2_4"), "iJw 2.4, of care until 2020"),
        (lambda text: text.replace(">490<", ">999<"), "not read"),
        (lambda text: text.replace("<i:TotaalBedrag>5000", "<i:TotaalBedrag>5001"), "5,001"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_without_showing_it(made, change, said):
    text = made.jw323({made.BSN["first"]: [made.line("R1", 5000)]}, 5000)

    with pytest.raises(DataError, match=said) as refused:
        read(change(text))

    assert made.BSN["first"] not in str(refused.value)


def test_a_file_that_only_grows_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(xml, "MOST_BETWEEN", 2**20)
    endless = b"<a>" + b"<b>some text</b>" * 200_000

    with pytest.raises(DataError, match="not a message that is known"):
        list(xml.elements(io.BytesIO(endless), ("Client",)))


def test_what_surrounds_a_declaration_keeps_ages_and_no_names(made):
    texts = {
        "allocations": made.client_message(
            "JW301", "436", made.ALLOCATION, day="2026-03-10", from_municipality=True
        ),
        "requests": made.client_message("JW315", "446", made.REQUEST, day="2026-03-01"),
        "stops": made.client_message("JW307", "440", made.STOP, day="2026-04-22"),
    }

    rows = {name: read(text)[0][0][1].to_pylist()[0] for name, text in texts.items()}

    assert (rows["allocations"]["volume"], rows["allocations"]["age"]) == (10, 16)
    assert rows["requests"]["referrer"] == "02"
    assert (str(rows["stops"]["stop_date"]), rows["stops"]["reason"]) == ("2026-04-20", "31")
    assert not any(word in str(rows) for word in (*made.NAMES, *made.BSN.values(), "2010-02-14"))


ADDRESSES = (
    "<j:Contacten><j:Contact><j:Soort>03</j:Soort><j:Adres><i:Postcode>3011AA</i:Postcode></j:Adres></j:Contact>"
    "<j:Contact><j:Soort>01</j:Soort><j:Adres><i:Huis><i:Huisnummer>7</i:Huisnummer></i:Huis><i:Postcode>2611 XY"
    "</i:Postcode><i:Straatnaam>Markt</i:Straatnaam></j:Adres></j:Contact></j:Contacten>"
)
OF_A_PARENT = (
    "<j:Relaties><j:Relatie><j:Contacten><j:Contact><j:Soort>01</j:Soort><j:Adres><i:Postcode>1012AB</i:Postcode>"
    "</j:Adres></j:Contact></j:Contacten></j:Relatie></j:Relaties>"
)


@pytest.mark.parametrize(
    ("contacts", "kept"),
    [
        (OF_A_PARENT + ADDRESSES, "2611"),
        (
            ADDRESSES.replace("j:Contacten", "j:Other").replace("<j:Other>", "").replace("</j:Other>", ""),
            "2611",
        ),
        (OF_A_PARENT, None),
        (ADDRESSES.replace("2611 XY", "B-1000"), None),
        ("", None),
    ],
)
def test_of_an_address_four_digits_of_the_registered_postcode_are_kept(made, contacts, kept):
    product = contacts + made.ALLOCATION
    text = made.client_message("JW301", "436", product, day="2026-03-10", from_municipality=True)

    [row] = read(text)[0][0][1].to_pylist()

    assert row["postcode"] == kept
    assert not any(word in str(row) for word in ("Markt", "3011", "1012", "XY", "B-1000"))
