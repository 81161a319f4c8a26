"""What Chromium leaves out of a tagged PDF: it marks drawings as decoration, describes links, and adds XMP."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, NameObject, TextStringObject
from pypdf.xmp import XmpInformation

Operation = tuple[Any, bytes]
"""Operands and operator, as the contents of a page have them."""

BEGUN, ENDED = (b"BDC", b"BMC"), b"EMC"
OUTLINE = (b"m", b"l", b"c", b"v", b"y", b"re", b"h", b"W", b"W*")
"""Operators that describe an outline, or make it bound what follows."""
PAINTED = (b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*")
"""Operators that draw it; ``n`` draws nothing."""
NAMED = (b"Do", b"sh", b"INLINE IMAGE")
"""Operators that draw a picture or a shade."""
TEXT, TEXT_ENDED = b"BT", b"ET"
DECORATION: Operation = ([NameObject("/Artifact")], b"BMC")
NO_MORE: Operation = ([], ENDED)
ROLES = {"/Strong": "/Span", "/Em": "/Span"}
"""What two tags of PDF 2.0 are in the version that Chromium writes."""


@dataclass(frozen=True)
class Page:
    """What a PDF must say of the page that it was printed from.

    Attributes
    ----------
    created : str
        ISO date that the PDF bears.
    folder : str
        Address of the folder of the page, that Chromium put before the links to files beside it.
    from_here : str
        That folder as seen from the PDF, to put there instead.
    links : mapping of str to str
        Where a link of the page leads (as the page has it) -> its words.
    """

    title: str
    language: str
    created: str
    folder: str = ""
    from_here: str = ""
    links: Mapping[str, str] = field(default_factory=dict)


def completed(printed: bytes, page: Page) -> bytes:
    """A PDF of Chromium with everything it draws tagged or decoration, links described, and its title as XMP.

    It does not claim the standard PDF/UA, since no checker for it was available. The same PDF gives the same bytes.

    Parameters
    ----------
    printed : bytes
        As Chromium wrote it, tagged.
    page : Page
        What it was printed from.

    Raises
    ------
    PyPdfError
        If it is no PDF, or a broken one.
    """
    reader = PdfReader(io.BytesIO(printed))
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header
    for sheet in writer.pages:
        _redraw(sheet, writer)
        for link in sheet.get("/Annots", ()):
            _describe(link.get_object(), page)
    tags = writer.root_object["/StructTreeRoot"].get_object() if _tagged(writer) else DictionaryObject()
    tags.setdefault(
        NameObject("/RoleMap"),
        DictionaryObject({NameObject(tag): NameObject(role) for tag, role in ROLES.items()}),
    )
    day = datetime.fromisoformat(page.created[:10])
    stamp = f"D:{day:%Y%m%d}000000Z"
    writer.add_metadata({"/Title": page.title, "/CreationDate": stamp, "/ModDate": stamp})
    about = XmpInformation.create()
    about.dc_format = "application/pdf"
    about.dc_title = {"x-default": page.title}
    about.dc_language = [page.language]
    about.xmp_create_date = about.xmp_modify_date = day
    writer.xmp_metadata = about
    writer.root_object["/Metadata"].get_object().update(
        {NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")}
    )
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _tagged(writer: PdfWriter) -> bool:
    return "/StructTreeRoot" in writer.root_object


def _redraw(sheet: PageObject, writer: PdfWriter) -> None:
    contents = ContentStream(sheet["/Contents"].get_object(), writer)
    contents.operations = list(decorated(contents.operations))
    sheet.replace_contents(contents)
    sheet.compress_content_streams(level=9)


def decorated(operations: Iterable[Operation]) -> Iterator[Operation]:
    """The contents of a page with each outline and each text that is drawn outside any tag marked as decoration.

    Such a text is a label inside a chart; what the chart says stands in its alternative, which is tagged.

    Parameters
    ----------
    operations : iterable of Operation

    Yields
    ------
    Operation
        The same ones in the same order, with marks around some.

    Examples
    --------
    >>> drawing = [([0, 0], b"m"), ([1, 1], b"l"), ([], b"S"), (["/P", {"/MCID": 0}], b"BDC"), ([], b"f"), ([], b"EMC")]
    >>> b" ".join(operator for _, operator in decorated(drawing))
    b'BMC m l S EMC BDC f EMC'
    """
    outline: list[Operation] = []
    depth, letters = 0, False
    for operands, operator in operations:
        one = (operands, operator)
        if depth == 0 and operator in OUTLINE:
            outline.append(one)
        elif outline:
            yield from (DECORATION, *outline, one, NO_MORE) if operator in PAINTED else (*outline, one)
            outline = []
        elif depth == 0 and operator == TEXT:
            yield from (DECORATION, one)
            letters, depth = True, 1
        elif letters and operator == TEXT_ENDED:
            yield from (one, NO_MORE)
            letters, depth = False, 0
        else:
            depth += (operator in BEGUN) - (operator == ENDED)
            yield from (DECORATION, one, NO_MORE) if depth == 0 and operator in NAMED else (one,)
    yield from outline


def _describe(link: DictionaryObject, page: Page) -> None:
    """Give a link its words as its description, and lead to a file beside the page as seen from the PDF."""
    if link.get("/Subtype") != "/Link":
        return
    action = link.get("/A", DictionaryObject()).get_object()
    address, place = action.get("/URI"), link.get("/Dest", action.get("/D"))
    if address is None and (place is None or isinstance(place, ArrayObject)):
        return
    href = str(address) if address is not None else f"#{str(place).removeprefix('/')}"
    if page.folder and href.startswith(page.folder):
        href = href.removeprefix(page.folder)
        action[NameObject("/URI")] = TextStringObject(f"{page.from_here}{href}")
    link[NameObject("/Contents")] = TextStringObject(page.links.get(href, href))
