"""The hand-out: one A4 page, five answers, one chart, and the numbers of the page it belongs to."""

import re
import shutil
import subprocess

import pytest
from pypdf import PdfReader

from analyse.errors import OutputError
from analyse.present.text import formats
from analyse.present.text.language import translator
from analyse.report import handout, pdf

SERIES = {
    "accounts": [[2023, 30e6], [2024, 40e6]],
    "forecast": [
        [2025, 41e6, 39e6, 44e6],
        [2026, 43e6, 39e6, 48e6],
        [2027, 45e6, 40e6, 52e6],
        [2028, 47e6, 41e6, 57e6],
    ],
}
FOUND = {
    "chance_budget_exceeded": 0.7,
    "chance_low": 0.6,
    "budget_period": 2026.0,
    "target": 2027.0,
    "series": SERIES,
}
ENTRY = {"title": "Delft", "highlights": FOUND}
MEASURES = (("Kortere hulp", "In 2028 misschien niets."), ("Lokale teams", "In 2028 niet zeker."))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_five_questions_have_answers_with_the_numbers_of_the_page(language):
    said = list(handout.answers(FOUND, MEASURES, translator(language)))
    years = [re.findall(r"\d{4}(?:\.\d)?", question) for question, _ in said]
    assert years == [[], ["2026"], ["2027"], ["2028"], []]
    text = " ".join(answer for _, answer in said)
    for amount in (30e6, 40e6):
        assert formats.euro(amount, language) in text
    for amount in (45e6, 52e6, 47e6):
        assert formats.euro(amount, language, digits=2) in text
    assert said[-1][1] == "Kortere hulp. In 2028 misschien niets.\nLokale teams. In 2028 niet zeker."
    assert formats.chances(0.6, 0.7, language) in text
    assert not re.search(r"nan|None|\\{", text)


def test_what_is_not_known_is_said():
    found = {
        **FOUND,
        "chance_budget_exceeded": None,
        "chance_low": None,
        "series": {**SERIES, "accounts": []},
    }
    said = [answer for _, answer in handout.answers(found, (), translator("nl"))]
    assert [said[0], said[1], said[4]] == ["Dat is niet bekend."] * 3


def test_the_page_is_one_tagged_sheet_with_a_chart_that_is_told(tmp_path):
    said = handout.sheet(ENTRY, MEASURES, created="2026-11-30")
    page = handout.write(said, tmp_path / "delft.html")
    text = page.read_text(encoding="utf-8")
    assert text.count("<h2>") == 5 and text.count("<svg") == 1 and "http" not in text
    assert 'role="img" aria-label="2023: ' in text
    printed = pdf.write(page, tmp_path / "delft.pdf", created="2026-11-30").read_bytes()
    assert b"/StructTreeRoot" in printed and len(re.findall(rb"/Type ?/Page\b", printed)) == 1


@pytest.mark.skipif(
    not all(map(shutil.which, ("pdfinfo", "qpdf"))),
    reason="NO CHECKER: the tags of a PDF are not looked at; install Debian's packages poppler-utils and qpdf",
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_checkers_of_pdf_find_title_language_headings_text_and_the_alternative_of_the_chart(
    tmp_path, language
):
    said = handout.sheet(ENTRY, MEASURES, created="2026-11-30", language=language)
    printed = pdf.write(handout.write(said, tmp_path / "delft.html"), tmp_path / "delft.pdf")

    def told(*command):
        done = subprocess.run([*command, printed], capture_output=True, check=True)
        return done.stdout.decode("latin-1")

    assert "No syntax or stream encoding errors" in told("qpdf", "--check")
    about = dict(line.split(":", 1) for line in told("pdfinfo").splitlines())
    assert about["Title"].strip() == said.title and about["Tagged"].strip() == "yes"
    tags = re.findall(r"^ *(H1|H2|P|Figure|Caption|NonStruct)\b", told("pdfinfo", "-struct"), re.MULTILINE)
    assert [tags.count(one) for one in ("H1", "H2", "Figure", "Caption")] == [1, 5, 2, 1]
    assert tags[-2:] == ["P", "NonStruct"], "the foot is a paragraph"
    plain = tmp_path / "plain.pdf"
    subprocess.run(["qpdf", "--qdf", "--object-streams=disable", printed, plain], check=True)
    inside = plain.read_bytes()
    assert f"/Lang ({language})".encode() in inside and b"/DisplayDocTitle true" in inside
    (alternative,) = re.findall(rb"/Alt <feff([0-9a-f]+)>", inside)
    assert bytes.fromhex(alternative.decode()).decode("utf-16-be") == said.told
    assert _outside_tags(inside) == []
    assert inside.count(b"/Artifact BMC") > 0, "the lines of the chart"
    xmp = re.search(rb"<x:xmpmeta.*</x:xmpmeta>", inside, re.DOTALL)[0].decode()
    assert f">{said.title}</rdf:li>" in xmp and f"<rdf:li>{language}</rdf:li>" in xmp
    assert about["Metadata Stream"].strip() == "yes" and "pdfuaid" not in xmp
    assert float(about["PDF version"]) >= 1.4, "the first version with tags and XMP"


@pytest.mark.skipif(not shutil.which("qpdf"), reason="NO CHECKER: install Debian's package qpdf")
def test_a_printed_page_has_links_with_words_that_lead_beside_it_and_draws_nothing_outside_tags(tmp_path):
    page = tmp_path / "set" / "delft.html"
    page.parent.mkdir()
    more = "".join(f"<p>Regel {number}</p>" for number in range(90))
    inside = '<path d="M1,1L8,8" stroke="red"/><text x="2" y="5">12</text>'
    drawn = f'<svg viewBox="0 0 9 9" aria-hidden="true">{inside}</svg>'
    page.write_text(
        '<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Delft &amp; meer (é)</title></head><body>'
        f'<h1>Delft</h1><p><a href="region-(1).html">Haag­landen</a> <a href="#foot">noot <b>a</b></a></p>{drawn}{more}'
        '<p id="foot"><strong>Noot</strong></p></body></html>',
        encoding="utf-8",
    )
    plain = tmp_path / "plain.pdf"
    printed = pdf.write(page, page.parent / "pdf" / "delft.pdf")
    checked = subprocess.run(["qpdf", "--check", printed], capture_output=True, check=True)
    subprocess.run(["qpdf", "--qdf", "--object-streams=disable", printed, plain], check=True)
    inside = plain.read_bytes()
    links = [one.get_object() for sheet in PdfReader(printed).pages for one in sheet.get("/Annots", ())]
    said = [one["/Contents"] for one in links]

    assert b"No syntax or stream encoding errors" in checked.stdout
    assert sorted(set(said)) == ["Haag­landen", "noot a"]
    assert rb"/URI (../region-\(1\).html)" in inside.replace(b"%28", rb"\(").replace(b"%29", rb"\)")
    assert b"file:" not in inside and str(tmp_path).encode() not in inside
    assert ">Delft &amp; meer (é)</rdf:li>".encode() in inside
    assert b"/RoleMap" in inside and len(re.findall(rb"/Type ?/Page\b", inside)) > 1
    assert _outside_tags(inside) == []


def _outside_tags(inside):
    """Operators that draw or write outside any tag and outside decoration, in a PDF that qpdf wrote plainly."""
    found = []
    for page in re.findall(rb"%% Contents for page.*?stream\n(.*?)endstream", inside, re.DOTALL):
        depth = 0
        for word in re.findall(rb"(?<![/\w*])(?:BDC|BMC|EMC|Tj|TJ|Do|sh|[SsfFBb]\*?)(?=\n)", page):
            depth += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(word, 0)
            found += [word] if word not in (b"BDC", b"BMC", b"EMC") and depth == 0 else []
        assert depth == 0
    return found


def test_a_broken_pdf_is_an_error_that_says_so(tmp_path, monkeypatch):
    page = tmp_path / "delft.html"
    page.write_text('<html lang="nl"><title>Delft</title></html>', encoding="utf-8")
    monkeypatch.setattr(pdf, "_print", lambda page, made, *asked: made.write_bytes(b"%PDF-1.7\nxref stream"))

    with pytest.raises(OutputError, match="delft.html was printed as a broken PDF"):
        pdf.write(page, tmp_path / "delft.pdf")
