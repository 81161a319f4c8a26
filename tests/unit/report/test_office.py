"""Word and PowerPoint: what they say, how a screen reader finds its way, own templates, the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import nbformat
import pptx
import pytest
from docx.oxml.ns import qn
from lxml import etree
from pptx.util import Emu

from analyse.errors import OutputError, ParameterError
from analyse.present.exhibits import cards
from analyse.present.exhibits.exhibit import MIME, Exhibit
from analyse.present.exhibits.tables import Column
from analyse.report import handout, own_template, pdf, slides, word
from analyse.runs.exports import Forms

CREATED = "2026-11-30"
SERIES = {
    "accounts": [[2023, 30e6], [2024, 40e6]],
    "forecast": [[2025, 41e6, 39e6, 44e6], [2026, 43e6, 39e6, 48e6], [2027, 45e6, 40e6, 52e6]],
}
HIGHLIGHTS = {"chance_budget_exceeded": 0.7, "chance_low": 0.6, "budget_period": 2025.0, "series": SERIES}
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)


@pytest.fixture
def said() -> handout.Sheet:
    measures = [("Kortere hulp", "In 2027 misschien niets."), ("Lokale teams", "In 2027 niet zeker.")]
    return handout.sheet({"title": "Delft", "highlights": HIGHLIGHTS}, measures, created=CREATED)


@pytest.fixture
def executed(tmp_path: Path) -> Path:
    """A page with a head, a text, a table and a part that only the page shows."""
    table = Exhibit.of_table(
        [("Samen", 38.6e6, 49e6), ("80\u00a0% kans: van", None, 43e6)],
        {
            "name": Column("Taakveld"),
            "then": Column("Rekening 2024", "euro", blank=True),
            "q": Column("Verwacht in 2026", "euro", digits=2),
        },
        "Delft: kosten",
        note="Door afronden.",
        source="CBS",
    )
    shown = [
        [cards.head("Delft", data_date=CREATED)],
        [cards.text(["In 2026 kost het € 49 miljoen.", "Dat is onzeker."], title="Tekst")],
        [table],
    ]
    cells = [
        nbformat.v4.new_markdown_cell("# Teksten\n\nOm over te\nnemen."),
        nbformat.v4.new_markdown_cell("## Begroting"),
    ]
    for exhibits in shown:
        outputs = [nbformat.v4.new_output("display_data", {MIME: one.as_json()}) for one in exhibits]
        cells.append(nbformat.v4.new_code_cell("", outputs=outputs))
    cells.append(nbformat.v4.new_markdown_cell("## Hoe gemaakt", metadata={"tags": ["page-only"]}))
    path = tmp_path / "planning.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def template(folder: Path, name: str) -> Path:
    """A document or presentation as Office saves it as a template, with a mark of its own."""
    path = folder / name
    if path.suffix in (".docx", ".dotx"):
        made = docx.Document()
        made.sections[0].header.paragraphs[0].text = "Gemeente Delft"
    else:
        made = pptx.Presentation()
        made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "Voorbeeld"
        made.slide_width = Emu(9_000_000)
    stream = io.BytesIO()
    made.save(stream)
    kinds = {
        b"wordprocessingml.document.main+xml": b"wordprocessingml.template.main+xml",
        b"presentationml.presentation.main+xml": b"presentationml.template.main+xml",
    }
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == "[Content_Types].xml" and path.suffix in (".dotx", ".potx"):
                for document, as_template in kinds.items():
                    part = part.replace(document, as_template)
            new.writestr(entry, part)
    return path


def headings(document) -> list[tuple[str, str]]:
    return [
        (one.style.name, one.text)
        for one in document.paragraphs
        if one.style.name.startswith(("Heading", "Title"))
    ]


def test_texts_come_with_headings_and_tables_without_how_they_were_made(executed):
    document = docx.Document(io.BytesIO(word.of_page(executed, language="nl", created=CREATED)))
    assert headings(document) == [("Title", "Teksten"), ("Heading 1", "Begroting"), ("Heading 1", "Delft")]
    text = "\n".join(one.text for one in document.paragraphs)
    assert "In 2026 kost het € 49 miljoen." in text and "Om over te nemen." in text
    assert "Door afronden. Bron: CBS" in text
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["Taakveld", "Rekening 2024", "Verwacht in 2026"]
    assert [cell.text.replace("\u00a0", " ") for cell in table.rows[1].cells] == [
        "Samen",
        "€ 38,6 miljoen",
        "€ 49 miljoen",
    ]
    assert table.rows[2].cells[1].text == "–"


def test_a_screen_reader_knows_the_language_the_title_and_the_heads_of_tables(executed):
    document = docx.Document(io.BytesIO(word.of_page(executed, language="nl", created=CREATED)))
    assert document.core_properties.title == "Teksten"
    assert document.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "nl-NL"
    rows = document.tables[0]._tbl.tr_lst
    assert [row.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [True, False, False]
    assert document.tables[0]._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Delft: kosten"


def test_the_hand_out_is_one_page_of_a4_with_a_picture_that_is_told(said):
    document = docx.Document(io.BytesIO(word.handout(said, DOT, created=CREATED)))
    assert [text for style, text in headings(document) if style == "Heading 2"] == [
        question for question, _ in said.answers
    ]
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    (drawn,) = document.inline_shapes
    assert drawn._inline.docPr.get("descr") == said.told
    assert "2023: " in said.told
    assert drawn.width <= section.page_width - section.left_margin - section.right_margin


def test_slides_hold_the_answers_and_a_chart_of_the_figures_themselves(said):
    show = pptx.Presentation(io.BytesIO(slides.handout(said, created=CREATED)))
    assert [one.shapes.title.text for one in show.slides] == [said.title, said.title, "Wat kunnen we doen?"]
    (frame,) = [one for one in show.slides[0].shapes if one.has_chart]
    assert frame._element.nvGraphicFramePr.cNvPr.get("descr") == said.told
    drawn = {one.name: list(one.values) for one in frame.chart.plots[0].series}
    assert list(frame.chart.plots[0].categories) == ["2023", "2024", "2025", "2026", "2027"]
    assert drawn["jaarrekening"] == [30.0, 40.0, None, None, None]
    assert drawn["prognose, midden"] == [None, None, 41.0, 43.0, 45.0]
    told = "\n".join(shape.text_frame.text for shape in show.slides[1].shapes if shape.has_text_frame)
    for question, answer in said.answers[:-1]:
        assert question in told and answer in told
    last = "\n".join(shape.text_frame.text for shape in show.slides[2].shapes if shape.has_text_frame)
    assert "Kortere hulp. In 2027 misschien niets." in last


def test_everything_on_a_slide_stays_on_it(said):
    show = pptx.Presentation(io.BytesIO(slides.handout(said, created=CREATED)))
    for slide in show.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= show.slide_width
            assert shape.top + shape.height <= show.slide_height


def test_the_same_figures_give_the_same_bytes(said, executed):
    for make in (
        lambda: word.of_page(executed, language="nl", created=CREATED),
        lambda: word.handout(said, DOT, created=CREATED),
        lambda: slides.handout(said, created=CREATED),
    ):
        first = make()
        assert first == make()
        with zipfile.ZipFile(io.BytesIO(first)) as parts:
            core = parts.read("docProps/core.xml").decode()
            assert set(re.findall(r"(\d{4}-\d{2}-\d{2})T", core)) == {CREATED}
            for name in parts.namelist():
                if name.endswith((".xml", ".rels")):
                    etree.fromstring(parts.read(name))


@pytest.mark.parametrize("name", ["eigen.docx", "eigen.dotx"])
def test_a_template_for_word_gives_head_and_page_and_takes_the_text(tmp_path, executed, name):
    own = template(tmp_path, name)
    document = docx.Document(io.BytesIO(word.of_page(executed, language="nl", created=CREATED, template=own)))
    assert document.sections[0].header.paragraphs[0].text == "Gemeente Delft"
    assert headings(document)[0] == ("Title", "Teksten")
    assert round(document.sections[0].page_width.mm) == 216  # that of the template


@pytest.mark.parametrize("name", ["eigen.pptx", "eigen.potx"])
def test_a_template_for_slides_gives_its_masters_and_not_its_examples(tmp_path, said, name):
    own = template(tmp_path, name)
    show = pptx.Presentation(io.BytesIO(slides.handout(said, created=CREATED, template=own)))
    assert show.slide_width == 9_000_000
    assert next(iter(show.slides)).shapes.title.text == said.title
    assert len(show.slides) == 3


def test_a_word_template_without_heading_styles_gets_bold_headings(tmp_path, said):
    made = docx.Document()
    for one in [style for style in made.styles if style.name.startswith(("Heading", "Title", "Table Grid"))]:
        one.element.getparent().remove(one.element)
    path = tmp_path / "kaal.docx"
    made.save(path)
    document = docx.Document(io.BytesIO(word.handout(said, DOT, created=CREATED, template=path)))
    assert document.paragraphs[0].text == said.title
    assert document.paragraphs[0].runs[0].bold


def test_a_file_that_is_no_template_is_refused_in_words(tmp_path, said):
    text = tmp_path / "eigen.docx"
    text.write_text("geen Word", encoding="utf-8")
    with pytest.raises(OutputError, match="not a readable Office file"):
        word.handout(said, DOT, created=CREATED, template=text)
    swapped = tmp_path / "dia.docx"
    swapped.write_bytes(slides.handout(said, created=CREATED))
    with pytest.raises(OutputError, match="not a Word file"):
        word.handout(said, DOT, created=CREATED, template=swapped)
    with pytest.raises(ParameterError, match="no such file"):
        own_template.named([tmp_path / "weg.pptx"])
    with pytest.raises(ParameterError, match="not one of"):
        own_template.named([tmp_path / "eigen.odt"])
    with pytest.raises(ParameterError, match="one of the same kind"):
        own_template.named([text, text])


def test_options_that_would_make_nothing_are_refused():
    with pytest.raises(ParameterError, match="--office goes with"):
        Forms(office=True).check(planning=False)
    with pytest.raises(ParameterError, match="--template goes with --office"):
        Forms(handout=True, templates=(Path("a.docx"),)).check(planning=False)
    Forms(office=True).check(planning=True)


def test_without_the_packages_the_cure_is_said(monkeypatch):
    monkeypatch.setattr(own_template, "PACKAGES", ("docx_that_is_not_there",))
    with pytest.raises(OutputError, match="jeugdhulp-analyse.office"):
        Forms(handout=True, office=True).check(planning=False)


def test_the_picture_of_the_chart_is_drawn_at_twice_its_size(said):
    drawn = pdf.picture(handout.chart_page(said), *handout.SIZE)
    width, height = (int.from_bytes(drawn[place : place + 4], "big") for place in (16, 20))
    assert (width, height) == (2 * handout.SIZE[0], 2 * handout.SIZE[1])
