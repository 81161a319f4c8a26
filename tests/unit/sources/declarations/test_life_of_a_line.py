"""The whole life of a line, from allocation to payment: what the standard makes payable in each situation.

iJw 3.2: OP286 (a message rejected for a technical reason was never sent), OP302 (a line fits its allocation: specific,
aspecific or generic), OP303 and OP304 (an answer names what is rejected, and grants in totals), OP360 (only what was
approved, and once, can be credited) and OP366 (credit in full before a correction); docs/declarations.md has the table.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from analyse import store as files
from analyse.sources import declarations
from tests.unit.sources.declarations import conftest as made

ONE, TWO = made.BSN["first"], made.BSN["second"]


def declaration(name: str, lines: list[str], *, day: str = "2026-05-06", bsn: str = ONE) -> str:
    """A JW323 with an identification."""
    total = sum(
        int(line.split("<i:Bedrag>")[1].split("<")[0]) * (-1 if "<i:DebetCredit>C" in line else 1)
        for line in lines
    )
    return made.jw323({bsn: lines}, total, day=day).replace(
        "<i:Dagtekening>", f"<i:Identificatie>{name}</i:Identificatie><i:Dagtekening>", 1
    )


def answer(to: str, *, header: str = "0200", total: str = "", lines: str = "", client: str = "0200",
           asked: int | None = None, granted: int | None = None, day: str = "2026-05-12",
           to_day: str = "2026-05-06") -> str:  # fmt: skip
    """A JW325 to a declaration; without ``total`` and lines it has only a header."""
    head = made.header("JW325", "491", "0503", "65656055", day).replace(
        "</j:Header>",
        (f"<j:DeclaratieIdentificatie><i:Identificatie>{to}</i:Identificatie><i:Dagtekening>{to_day}</i:Dagtekening>"
         "</j:DeclaratieIdentificatie>" if to else "") + f"{codes(header)}</j:Header>",
    )  # fmt: skip
    if not total:
        return f"{head}</j:Bericht>"
    sums = "".join(
        f"<j:{name}><i:TotaalBedrag>{abs(cents)}</i:TotaalBedrag><i:DebetCredit>{'C' if cents < 0 else 'D'}"
        f"</i:DebetCredit></j:{name}>"
        for name, cents in (("TotaalIngediendBedrag", asked), ("TotaalToegekendBedrag", granted))
        if cents is not None
    )
    clients = f"<j:Client><j:Bsn>{ONE}</j:Bsn><j:Prestaties>{lines}</j:Prestaties>{codes(client)}</j:Client>"
    inside = f"<j:Clienten>{clients}</j:Clienten>" if lines or client != "0200" else ""
    return (
        f"{head}<j:DeclaratieAntwoord><j:DeclaratieNummer>DN1</j:DeclaratieNummer>{sums}{inside}{codes(total)}"
        "</j:DeclaratieAntwoord></j:Bericht>"
    )


def codes(text: str) -> str:
    return (
        "<j:RetourCodes>"
        + "".join(f"<j:RetourCode>{one}</j:RetourCode>" for one in text.split())
        + "</j:RetourCodes>"
    )


def line(reference: str, cents: int, code: str = "", **other: str) -> str:
    """A line, or with a return code one as it stands in an answer."""
    made_line = made.line(reference, cents, **other)
    return made_line.replace("</j:Prestatie>", f"{codes(code)}</j:Prestatie>") if code else made_line


BOTH = [line("A1", 10000), line("A2", 20000)]
CREDIT = {"sign": "C", "previous": "A1"}
SITUATIONS = {
    # -- without an answer
    "declared": ([declaration("D1", BOTH)], 30000, {}),
    "the same message twice": ([declaration("D1", BOTH), declaration("D1", BOTH).replace("?>", "?> ", 1)], 30000, {}),
    "the same reference in another message": (
        [declaration("D1", BOTH), declaration("D2", [line("A1", 10000)], day="2026-05-20")], 30000, {}),
    "credited in full": (
        [declaration("D1", BOTH), declaration("D2", [line("C1", 10000, **CREDIT)], day="2026-06-06")], 20000, {}),
    "credited in part, which the standard forbids": (
        [declaration("D1", BOTH), declaration("D2", [line("C1", 4000, **CREDIT)], day="2026-06-06")], 30000,
        {"C1": "credit_differs"}),
    "credited twice": (
        [declaration("D1", BOTH), declaration("D2", [line("C1", 10000, **CREDIT), line("C2", 10000, **CREDIT)])], 20000,
        {"C2": "credit_without_original"}),
    "a credit of what was never declared": (
        [declaration("D1", [line("C1", 10000, **CREDIT)])], 0, {"C1": "credit_without_original"}),
    "credited, then declared anew": (
        [declaration("D1", BOTH),
         declaration("D2", [line("C1", 10000, **CREDIT), line("A3", 12000, previous="A1")], day="2026-06-06")],
        32000, {}),
    "corrected without a credit": (
        [declaration("D1", BOTH), declaration("D2", [line("A3", 12000, previous="A1")], day="2026-06-06")], 30000,
        {"A3": "correction_without_credit"}),
    # -- answers that reject nothing
    "an answer without a remark": (
        [declaration("D1", BOTH), answer("D1", total="0200", asked=30000, granted=30000)], 30000, {}),
    "granted in full": (
        [declaration("D1", BOTH), answer("D1", total="8001", asked=30000, granted=30000)], 30000, {}),
    "a line that is named without a remark": (
        [declaration("D1", BOTH),
         answer("D1", total="0200", lines=line("A1", 10000, "0200"), asked=30000, granted=30000)], 30000, {}),
    "a class that was not looked at": ([declaration("D1", BOTH), answer("D1", header="0233")], 30000, {}),
    # -- answers that reject
    "a line rejected": (
        [declaration("D1", BOTH), answer("D1", total="0200", lines=line("A1", 10000, "9307"), asked=30000,
                                         granted=20000)], 20000, {"A1": "rejected"}),
    "a line rejected for two reasons, one of them no remark": (
        [declaration("D1", BOTH), answer("D1", total="0200", lines=line("A1", 10000, "0200 0611"))], 20000,
        {"A1": "rejected"}),
    "all of a client rejected": (
        [declaration("D1", BOTH), answer("D1", total="0200", client="8187")], 0, {"A1": "rejected", "A2": "rejected"}),
    "the declaration rejected": (
        [declaration("D1", BOTH), answer("D1", total="9333", asked=30000, granted=0)], 0,
        {"A1": "message_rejected", "A2": "message_rejected"}),
    "nothing granted, and no line named": (
        [declaration("D1", BOTH), answer("D1", total="0200", asked=30000, granted=0)], 0,
        {"A1": "message_rejected", "A2": "message_rejected"}),
    "less granted than asked, and no line named": (
        [declaration("D1", BOTH), answer("D1", total="0200", asked=30000, granted=25000)], 0,
        {"A1": "granted_differs", "A2": "granted_differs"}),
    "the message rejected": (
        [declaration("D1", BOTH), answer("D1", header="0001")], 0,
        {"A1": "message_rejected", "A2": "message_rejected"}),
    "the message rejected, another one not": (
        [declaration("D1", BOTH), declaration("D2", [line("A3", 5000)]), answer("D1", header="0001")], 5000,
        {"A1": "message_rejected", "A2": "message_rejected"}),
    # -- after a rejection
    "rejected, then sent again with the same references": (
        [declaration("D1", BOTH), answer("D1", header="0001"),
         declaration("D2", [line("A1", 12000), line("A2", 20000)], day="2026-05-20")], 32000,
        {"A1": "message_rejected", "A2": "message_rejected"}),
    "a line rejected, then sent again corrected": (
        [declaration("D1", BOTH), answer("D1", total="0200", lines=line("A1", 10000, "0611")),
         declaration("D2", [line("A1", 9000)], day="2026-05-20")], 29000, {"A1": "rejected"}),
    "a credit after the line was rejected": (
        [declaration("D1", BOTH), answer("D1", total="0200", lines=line("A1", 10000, "0611")),
         declaration("D2", [line("C1", 10000, **CREDIT)], day="2026-05-20")], 20000,
        {"A1": "rejected", "C1": "credit_without_original"}),
    "the credit rejected": (
        [declaration("D1", BOTH), declaration("D2", [line("C1", 10000, **CREDIT)], day="2026-06-06"),
         answer("D2", total="0200", lines=line("C1", 10000, "8017", **CREDIT), to_day="2026-06-06")], 30000,
        {"C1": "rejected"}),
    "an answer that does not say to what": (
        [declaration("D1", BOTH), answer("", total="0200", lines=line("A1", 10000, "9307")),
         declaration("D2", [line("A1", 9000)], day="2026-05-20")], 29000, {"A1": "rejected"}),
    "an answer to a message that is not here": (
        [declaration("D1", BOTH), answer("D9", total="0200", lines=line("A1", 10000, "9307"))], 30000, {}),
}  # fmt: skip


PROVIDERS = {situation: f"6565{number:04d}" for number, situation in enumerate(SITUATIONS)}
"""Each situation has a provider of its own, so that all of them can be read together."""


@pytest.fixture(scope="module", params=["at once", "one by one", "the other way round"])
def found(request, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple]:
    """What became of each situation: payable eurocents, and the lines in quarantine with their rules.

    Whether messages are read together or one after the other, in whatever order, makes no difference.
    """
    folder = tmp_path_factory.mktemp("situations")
    rounds: dict[int, list[Path]] = {}
    for situation, (texts, _, _) in SITUATIONS.items():
        for number, text in enumerate(texts):
            own = text.replace("65656055", PROVIDERS[situation])
            path = files.write_text(folder / "in" / f"{PROVIDERS[situation]}-{number}.xml", own)
            rounds.setdefault(number, []).append(path)
    steps = {
        "at once": [[path for paths in rounds.values() for path in paths]],
        "one by one": [*rounds.values()],
    }
    for paths in steps.get(request.param, [*rounds.values()][::-1]):
        assert (
            declarations.read(paths, folder / "store", key=folder / "key").files["status"] == "read"
        ).all()
    with declarations.open(folder / "store") as connection:
        assert connection.execute("select bool_and(balanced) from reconciliation").fetchone() == (True,)
        payable = dict(
            connection.execute(
                "select provider, sum(amount_cents)::BIGINT from payable group by all"
            ).fetchall()
        )
        rules = connection.execute(
            "select provider, reference, rule from lines where status = 'quarantined'"
        ).fetchall()
    return {
        situation: (
            payable.get(own, 0),
            {reference: rule for provider, reference, rule in rules if provider == own},
        )
        for situation, own in PROVIDERS.items()
    }


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_is_payable_is_what_the_standard_makes_it(found: dict[str, tuple], situation: str):
    _, payable, marks = SITUATIONS[situation]

    assert found[situation] == (payable, marks)


ALLOCATED = {
    "specific": ("<i:Categorie>45</i:Categorie><i:Code>45A03</i:Code>", "<j:Omvang><i:Volume>10</i:Volume>"
                 "<i:Eenheid>04</i:Eenheid><i:Frequentie>6</i:Frequentie></j:Omvang>"),
    "aspecific": ("<i:Categorie>45</i:Categorie>", ""),
    "generic": ("", "<j:Budget>500000</j:Budget>"),
}  # fmt: skip


def test_lines_meet_every_kind_of_allocation_and_output_products_too(tmp_path: Path):
    """OP302: a generic allocation has only a budget, an aspecific one only a category; a product (82) is no hour."""
    kinds = list(itertools.product(ALLOCATED, [("04", 4), ("82", 1), ("84", 2)]))
    providers = {f"6565{number:04d}": one for number, one in enumerate(kinds)}
    for provider, (kind, (unit, volume)) in providers.items():
        product, size = ALLOCATED[kind]
        text = made.ALLOCATION.replace("<i:Categorie>45</i:Categorie><i:Code>45A03</i:Code>", product)
        text = re.sub("<j:Omvang>.*</j:Omvang>", size, text).replace("<j:Product></j:Product>", "")
        allocation = made.client_message("JW301", "436", text, day="2026-03-10", from_municipality=True)
        lines = declaration("D1", [line("A1", 5000 * volume, unit=unit, volume=str(volume))])
        for name, message in (("allocation", allocation), ("lines", lines)):
            files.write_text(
                tmp_path / "in" / f"{name}-{provider}.xml", message.replace("65656055", provider)
            )

    declarations.read([tmp_path / "in"], tmp_path / "store")

    with declarations.open(tmp_path / "store") as connection:
        rows = connection.execute(
            "select provider, amount_cents, allocated_on is not null from declarations"
        ).fetchall()
        assert sorted(rows) == [(own, 5000 * volume, True) for own, (_, (_, volume)) in providers.items()]
        assert connection.execute("select count(*) from trajectories").fetchone() == (9,)
        broken = declarations.integrity(connection).found
    expected = {own for own, (kind, (unit, _)) in providers.items() if kind == "specific" and unit != "04"}
    assert set(zip(broken["rule"], broken["provider"], strict=True)) == {
        ("unit_wrong", own) for own in expected
    }


def test_the_documentation_has_every_situation_with_its_amount():
    text = (files.root() / "docs" / "declarations.md").read_text(encoding="utf-8")

    for situation, (_, payable, _) in SITUATIONS.items():
        assert f"| {situation} | € {payable // 100} |" in text
