"""What Chromium leaves out of a tagged PDF: it marks drawings as decoration, describes links, and adds XMP.

Chromium writes a plain file: every object by itself, one table with their places, and in the contents of a page each
operator on a line of its own. So a whole library is not needed to put a few marks in it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

BEGUN, ENDED = (b"BDC", b"BMC"), b"EMC"
OUTLINE = (b" m", b" l", b" c", b" v", b" y", b" re")
CLOSED, CLIP = b"h", (b"W", b"W*")
"""How the lines end that describe an outline, and what may stand between them and the operator that draws it."""
PAINTED = (b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*")
"""Operators that draw it; ``n`` draws nothing."""
NAMED = (b" Do", b" sh")
"""Operators that draw a picture or a shade by its name."""
TEXT, TEXT_ENDED = b"BT", b"ET"
DECORATION = b"/Artifact BMC"
CONTENTS = re.compile(rb"/Contents (\d+) 0 R")
STREAM = re.compile(rb"(.*?/Length )\d+(.*?stream\n)(.*)(\nendstream.*)", re.DOTALL)
TABLE = re.compile(rb"xref\n0 (\d+)\n((?:\d{10} \d{5} [nf] ?\r?\n)+)trailer\n(.*?)startxref", re.DOTALL)
ROOT = re.compile(rb"/Root (\d+) 0 R")
TARGET = re.compile(rb"/(?:URI|Dest) ?(?:\(((?:[^()\\]|\\.)*)\)|/(\S+))")
ROLES = b"<</Strong /Span /Em /Span>>"
"""What two tags of PDF 2.0 are in the version that Chromium writes."""
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{created}T00:00:00Z</xmp:CreateDate><xmp:ModifyDate>{created}T00:00:00Z</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True)
class Page:
    """What a PDF must say of the page that it was printed from."""

    title: str
    language: str
    created: str
    """ISO date that the PDF bears."""
    folder: str = ""
    """Address of the folder of the page, that Chromium put before the links to files beside it."""
    from_here: str = ""
    """That folder as seen from the PDF, to put there instead."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Where a link of the page leads (as the page has it) -> its words."""


def completed(printed: bytes, page: Page) -> bytes:
    """A PDF of Chromium with everything it draws tagged or decoration, links described, and its title as XMP.

    It does not claim the standard PDF/UA, since no checker for it was available.

    Parameters
    ----------
    printed : bytes
        As Chromium wrote it, tagged. Another program may write another table of objects: that file stays as it is.
    page : Page
        What it was printed from.
    """
    table = TABLE.search(printed)
    root = table and ROOT.search(table[3])
    if not (table and root):
        return printed
    places = [int(line[:10]) for line in table[2].splitlines()]
    ends = dict(zip(sorted(places[1:]), [*sorted(places[1:])[1:], table.start()], strict=True))
    objects = {number: printed[place : ends[place]] for number, place in enumerate(places) if number}
    drawn = {int(one) for written in objects.values() for one in _contents(written)}
    metadata = len(objects) + 1
    for number, written in objects.items():
        if number in drawn:
            objects[number] = STREAM.sub(_redrawn, written)
        elif b"/Subtype /Link" in written:
            objects[number] = _described(written, page)
        elif b"/Type /StructTreeRoot\n" in written and b"/RoleMap" not in written:
            objects[number] = written.replace(
                b"/StructTreeRoot\n", b"/StructTreeRoot\n/RoleMap %s\n" % ROLES, 1
            )
        elif number == int(root[1]):
            objects[number] = written.replace(b"/Catalog", b"/Catalog\n/Metadata %d 0 R" % metadata, 1)
    about = XMP.format(title=escape(page.title), language=page.language, created=page.created[:10]).encode()
    head = b"/Type /Metadata\n/Subtype /XML\n/Length %d" % len(about)
    objects[metadata] = b"%d 0 obj\n<<%s>> stream\n%s\nendstream\nendobj\n" % (metadata, head, about)
    return _file(printed[: min(ends)], objects, table[3])


def decorated(drawing: bytes) -> bytes:
    """The contents of a page with each outline and each text that is drawn outside any tag marked as decoration.

    Such a text is a label inside a chart; what the chart says stands in its alternative, which is tagged.

    Examples
    --------
    >>> print(decorated(b"q\\n0 0 m\\n1 1 l\\nS\\nQ\\n/P <</MCID 0 >>BDC\\n0 0 9 9 re\\nf\\nEMC").decode())
    q
    /Artifact BMC
    0 0 m
    1 1 l
    S
    EMC
    Q
    /P <</MCID 0 >>BDC
    0 0 9 9 re
    f
    EMC
    """
    return b"\n".join(_decorated(drawing.split(b"\n")))


def _decorated(lines: list[bytes]) -> Iterator[bytes]:
    outline: list[bytes] = []
    depth, letters = 0, False
    for line in lines:
        if depth == 0 and (line.endswith(OUTLINE) or line == CLOSED or (outline and line in CLIP)):
            outline.append(line)
        elif outline:
            yield from (DECORATION, *outline, line, ENDED) if line in PAINTED else (*outline, line)
            outline = []
        elif depth == 0 and line == TEXT:
            yield from (DECORATION, line)
            letters, depth = True, 1
        elif letters and line == TEXT_ENDED:
            yield from (line, ENDED)
            letters, depth = False, 0
        else:
            depth += line.endswith(BEGUN) - (line == ENDED)
            yield from (DECORATION, line, ENDED) if depth == 0 and line.endswith(NAMED) else (line,)
    yield from outline


def _contents(written: bytes) -> list[bytes]:
    """Numbers of the objects that draw a page; none for any other object."""
    return CONTENTS.findall(written) if b"/Type /Page\n" in written.partition(b"stream")[0] else []


def _redrawn(stream: re.Match[bytes]) -> bytes:
    before, between, drawing, after = stream.groups()
    packed = zlib.compress(decorated(zlib.decompress(drawing)), 9)
    return b"%s%d%s%s%s" % (before, len(packed), between, packed, after)


def _described(written: bytes, page: Page) -> bytes:
    """A link with its words as its description, to a file beside the page as seen from the PDF."""
    found = TARGET.search(written)
    if not found:
        return written
    target = re.sub(r"\\(.)", r"\1", (found[1] or found[2]).decode("latin-1"))
    beside = target.removeprefix(page.folder) if page.folder and target.startswith(page.folder) else None
    href = beside if beside is not None else target if found[1] else f"#{target}"
    said = ("\ufeff" + page.links.get(href, href)).encode("utf-16-be").hex().encode()
    if beside is not None:
        address = re.sub(rb"([()\\])", rb"\\\1", f"{page.from_here}{beside}".encode())
        written = written.replace(found[0], b"/URI (%s)" % address, 1)
    return written.replace(b"/Subtype /Link", b"/Subtype /Link\n/Contents <%s>" % said, 1)


def _file(head: bytes, objects: Mapping[int, bytes], trailer: bytes) -> bytes:
    """The objects in the order of their numbers, with the table of their places."""
    parts, places, place = [head], [], len(head)
    for number in sorted(objects):
        places.append(place)
        parts.append(objects[number])
        place += len(objects[number])
    table = b"".join(b"%010d 00000 n \n" % one for one in places)
    size = len(places) + 1
    trailer = re.sub(rb"/Size \d+", b"/Size %d" % size, trailer)
    ending = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n%sstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        trailer,
        place,
    )
    return b"".join((*parts, ending))
