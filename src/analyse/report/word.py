"""Pages as Word documents: the texts for planning and control, and the hand-out; with a municipality's own template.

Needs the extra ``office`` (python-docx). Headings, table headings and alternative texts are those of the page, so
that a screen reader finds the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from analyse.errors import OutputError
from analyse.present.exhibits.tables import NUMERIC
from analyse.present.text.language import Words, translator
from analyse.report import exporter, own_template, workbook
from analyse.report.handout import Sheet

if TYPE_CHECKING:
    from docx.document import Document

HEADING = re.compile(r"^(#+)\s+(.*)$")
SMALL_PT, TABLE_PT, MANY_COLUMNS = 9, 8, 7
A4_MM, MARGIN_MM, CHART_MM = (210, 297), 20, 160
PAGE_ONLY = "page-only"
"""Tag of cells that a page shows and a document to take over does not: how it was made."""
BREAKING = re.compile("\u00a0(?=[a-z])")
"""A space between a number and its unit, where a narrow column may break the line."""
WIDEST = 30
"""Characters of a column above which it gets no wider."""
LETTER_MM, CELL_MM = 1.75, 4.2
"""Width of a letter in a table, and of the empty edges of a cell."""
LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}


def of_page(notebook: Path, *, language: str, created: str, template: Path | None = None) -> bytes:
    """A page as a Word document: its prose, texts and tables, and of a chart its table.

    Parameters
    ----------
    notebook : Path
        The executed notebook of the page.
    language : {"nl", "en"}
        Language of the page.
    created : str
        ISO date of the data, which the file bears.
    template : Path, optional
        A municipality's own template.

    Raises
    ------
    OutputError
        If python-docx is not installed, or the template cannot be read.
    """
    words, document = translator(language), _document(template, language)
    for cell in exporter.kept_cells(exporter.read(notebook).cells):
        if PAGE_ONLY in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            _prose(document, cell)
            continue
        for one in exporter.exhibits_of(cell):
            _exhibit(document, one, words)
    return _saved(document, created)


def handout(said: Sheet, picture: bytes, *, created: str, template: Path | None = None) -> bytes:
    """The hand-out of an area as a Word document of one A4 page.

    Parameters
    ----------
    said : Sheet
        What it says.
    picture : bytes
        Its chart as PNG.
    created, template
        As for ``of_page``.
    """
    from docx.shared import Mm

    document = _document(template, said.language)
    document.core_properties.title = said.title
    _heading(document, said.title, 0)
    for question, answer in said.answers:
        _heading(document, question, 2)
        for line in answer.split("\n"):
            document.add_paragraph(line).paragraph_format.space_after = Mm(1)
    section = document.sections[-1]
    width = section.page_width - section.left_margin - section.right_margin
    drawn = document.add_picture(io.BytesIO(picture), width=min(width, Mm(CHART_MM)))
    drawn._inline.docPr.set("descr", said.told)
    for text in (said.caption, said.foot):
        _small(document, text)
    return _saved(document, created)


def _document(template: Path | None, language: str) -> Document:
    """An empty A4 document, or one with the styles, head and foot of a template, whose own content stays."""
    own_template.check_packages()
    import docx
    from docx.shared import Mm, Pt

    if template is not None:
        try:
            document = docx.Document(own_template.opened(template))
        except (KeyError, ValueError) as error:
            raise OutputError(f"template {template}: not a Word file; open and save it again") from error
        body = document.paragraphs
        if len(body) == 1 and not body[0].text:
            body[0]._element.getparent().remove(body[0]._element)
    else:
        document = docx.Document()
        section = document.sections[0]
        section.page_width, section.page_height = Mm(A4_MM[0]), Mm(A4_MM[1])
        for side in ("left", "right", "top", "bottom"):
            setattr(section, f"{side}_margin", Mm(MARGIN_MM))
        document.styles["Normal"].font.name = "Arial"
        document.styles["Normal"].font.size = Pt(10.5)
    _tell_language(document, LANGUAGES[language])
    document.core_properties.language = LANGUAGES[language]
    document.core_properties.author = "jeugdhulp-analyse"
    return document


def _tell_language(document: Document, code: str) -> None:
    """The language of all text, in which a screen reader reads it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = document.styles["Normal"].element.get_or_add_rPr()
    found = properties.find(qn("w:lang"))
    if found is None:
        found = OxmlElement("w:lang")
        properties.append(found)
    found.set(qn("w:val"), code)


def _prose(document: Document, cell: nbformat.NotebookNode) -> None:
    """Headings and paragraphs of markdown; the first heading is the title of the page."""
    for block in re.split(r"\n\s*\n", cell.source.strip()):
        found = HEADING.match(block)
        if found:
            level = len(found[1]) - 1
            _heading(document, found[2], level)
            if level == 0:
                document.core_properties.title = found[2]
        else:
            document.add_paragraph(" ".join(block.split()))


def _exhibit(document: Document, one: Mapping[str, Any], words: Words) -> None:
    """One exhibit: a head as lines, a text as paragraphs, anything else as its table."""
    if one["kind"] == "head":
        facts = "; ".join(f"{fact['label']}: {fact['value']}" for fact in one["content"]["facts"])
        if one["content"].get("banner"):
            document.add_paragraph(one["content"]["banner"])
        _heading(document, one["title"], 1)
        _small(document, facts)
    elif one["kind"] == "text":
        items = [" ".join(item) for item in one["content"].get("items", [])]
        for paragraph in (*items, *one["content"].get("paragraphs", [])):
            document.add_paragraph(paragraph)
    elif one["table"]:
        _table(document, one["table"])
        source = words.gettext("Source: {source}", source=one["source"]) if one["source"] else ""
        _small(document, " ".join(text for text in (one["note"], source) if text))


def _table(document: Document, table: Mapping[str, Any]) -> None:
    """A table with its caption, a heading row repeated on each page, and numbers aligned right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    caption = document.add_paragraph()
    caption.add_run(table["caption"]).bold = True
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before = Pt(8)
    made = document.add_table(rows=0, cols=len(table["columns"]))
    made.style = _style(document, "Table Grid")
    described = OxmlElement("w:tblCaption")
    described.set(qn("w:val"), table["caption"])
    made._tbl.tblPr.append(described)
    kinds = [column["kind"] in NUMERIC for column in table["columns"]]
    heads = [column["label"] for column in table["columns"]]
    size = Pt(TABLE_PT if len(heads) <= MANY_COLUMNS else TABLE_PT - 1)
    widths = _widths(document, [heads, *table["cells"]])
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for number, texts in enumerate((heads, *table["cells"])):
        row = made.add_row()
        fixed = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(fixed)
        if number == 0:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell, text, numeric, width in zip(row.cells, texts, kinds, widths, strict=True):
            cell.width, paragraph = width, cell.paragraphs[0]
            run = paragraph.add_run(BREAKING.sub(" ", text))
            run.font.size, run.bold = size, number == 0 or None
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if numeric else WD_ALIGN_PARAGRAPH.LEFT


def _widths(document: Document, rows: Sequence[Sequence[str]]) -> list[int]:
    """The width of each column: that of its longest word, and a share of what is left by how much text it has."""
    from docx.shared import Mm

    section = document.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    columns = [[BREAKING.sub(" ", text) for text in column] for column in zip(*rows, strict=True)]
    words = [max(len(word) for text in column for word in (text.split(" ") or [""])) for column in columns]
    whole = [min(max(map(len, column)), WIDEST) for column in columns]
    least = [Mm(LETTER_MM * word + CELL_MM) for word in words]
    more = [max(text - word, 0) + 0.1 for word, text in zip(words, whole, strict=True)]
    left = room - sum(least)
    if left < 0:
        return [round(room * one / sum(least)) for one in least]
    return [one + round(left * part / sum(more)) for one, part in zip(least, more, strict=True)]


def _heading(document: Document, text: str, level: int) -> None:
    """A heading in the style of the document, or bold where a template has none."""
    style = _style(document, "Title" if level == 0 else f"Heading {level}")
    paragraph = document.add_paragraph(style=style)
    run = paragraph.add_run(text)
    if style is None:
        run.bold = True


def _small(document: Document, text: str) -> None:
    from docx.shared import Pt

    document.add_paragraph().add_run(text).font.size = Pt(SMALL_PT)


def _style(document: Document, name: str) -> Any:
    """A style by its name; None where a template lacks it."""
    return next((one for one in document.styles if one.name == name), None)


def _saved(document: Document, created: str) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return workbook.fixed(stream.getvalue(), created)
