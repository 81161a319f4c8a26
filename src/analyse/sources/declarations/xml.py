"""Reading XML that strangers sent: as a stream, without DTD, entities, network or large trees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from analyse.errors import DataError

CHUNK = 2**18
MOST_PROLOG = 2**16
MOST_BETWEEN = 32 * 2**20
"""Bytes that may pass without an element that is asked for: what has another shape does not fill the memory."""
_BEFORE_ROOT = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
    "remove_blank_text": True,
}

Leaves = dict[str, str]


def elements(stream: BinaryIO, names: tuple[str, ...]) -> Iterator[etree._Element]:
    """Each element with one of these local names, when it is whole; it is emptied when the next one is asked for.

    Raises
    ------
    DataError
        If the file declares a document type, is not UTF-8, or is not well-formed. The text of the file is never
        part of the error.
    """
    first = _checked_prolog(stream)
    parser = etree.XMLPullParser(events=("end",), tag=[f"{{*}}{name}" for name in names], **_SAFE)
    waiting = 0
    for chunk in _chunks(first, stream):
        _feed(parser, chunk)
        waiting += len(chunk)
        for _, element in parser.read_events():
            waiting = 0
            yield element
            _empty(element)
        if waiting > MOST_BETWEEN:
            raise DataError(f"no {' or '.join(names)} in {MOST_BETWEEN:,} bytes; not a message that is known")
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error) from None
    for _, element in parser.read_events():
        yield element


def leaves(element: etree._Element) -> Leaves:
    """Texts below an element by their path of local names; of a field that comes more often, the first.

    Examples
    --------
    >>> leaves(etree.fromstring("<Product><Omvang><Volume> 2 </Volume></Omvang><Code>45A03</Code></Product>"))
    {'Omvang/Volume': '2', 'Code': '45A03'}
    """
    found: Leaves = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = child.tag.rpartition("}")[2]
        if len(child):
            for path, text in leaves(child).items():
                found.setdefault(f"{name}/{path}", text)
        elif child.text is not None:
            found.setdefault(name, child.text.strip())
    return found


def prolog(stream: BinaryIO) -> bytes:
    """What stands before the first element: declaration and comments."""
    first = _checked_prolog(stream)
    return first[: _root_at(first)]


def _checked_prolog(stream: BinaryIO) -> bytes:
    first = stream.read(MOST_PROLOG)
    first = first.removeprefix(b"\xef\xbb\xbf")
    if first[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in first[:64]:
        raise DataError("the encoding is not UTF-8; messages of iJw are UTF-8")
    named = _ENCODING.match(first)
    if named and named[1].lower() not in (b"utf-8", b"us-ascii"):
        raise DataError("the encoding is not UTF-8; messages of iJw are UTF-8")
    place = _root_at(first)
    if first[place : place + 2] == b"<!":
        raise DataError("it declares a document type (DTD), which messages of iJw never do; it is not read")
    if not re.match(rb"<[A-Za-z_]", first[place : place + 2]):
        raise DataError("it does not begin with an element; not XML")
    return first


def _root_at(first: bytes) -> int:
    place = 0
    while found := _BEFORE_ROOT.match(first, place):
        place = found.end()
    return place


def _chunks(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield first
    while chunk := stream.read(CHUNK):
        yield chunk


def _feed(parser: etree.XMLPullParser, chunk: bytes) -> None:
    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error) from None


def _not_well_formed(error: etree.XMLSyntaxError) -> DataError:
    return DataError(f"not well-formed XML at line {error.lineno}; ask for the message again")


def _empty(element: etree._Element) -> None:
    """Free an element that was read, and those before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
