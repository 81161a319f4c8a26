"""Words in a picture: lines with the few tags that plotly knows, labels with a border, and the legend."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from analyse.present.exhibits import style

LINE_HEIGHT = 1.25
NARROW_LETTERS, WIDE_LETTERS = frozenset("ijltfr.,:;'|!()[] \u00a0"), frozenset("mwMWOQG%€—")
WIDTHS = {"narrow": 0.37, "wide": 0.92, "capital": 0.72, "other": 0.61}
"""Widths of letters of the usual system letters, as a part of their size; a browser measures, this estimates."""
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
NAMES = {color: name for name, color in style.TOKENS.items()}


def color(value: str) -> str:
    """A colour as the house style of the page has it."""
    name = NAMES.get(str(value).lower())
    return f"var({style.PREFIX}{name})" if name else str(value)


def extent(text: str, size: float) -> float:
    """The approximate width of a line.

    Examples
    --------
    >>> round(extent("will", 10), 1) < round(extent("mama", 10), 1)
    True
    """
    return size * _letters(text)


@functools.lru_cache(maxsize=4096)
def _letters(text: str) -> float:
    """The widths of the letters of a line together, as a part of their size."""
    plain = html.unescape(re.sub(r"<[^>]*>", "", text))
    return sum(WIDTHS[_kind(letter)] for letter in plain)


def lines(text: str) -> list[str]:
    """The lines of a text of plotly."""
    return re.split(r"<br ?/?>", str(text))


def text(words: str, x: float, y: float, **how: Any) -> Markup:
    """A text of one or more lines; ``y`` is its middle.

    Parameters
    ----------
    words : str
        Text as plotly reads it: escaped, with br, b and sup.
    x, y : float
        Its place.
    how
        size (default 12), fill (a colour), anchor (start, middle or end), valign (top, middle or bottom).
    """
    size, valign = how.get("size", 12), how.get("valign", "middle")
    listed = lines(words)
    high = size * LINE_HEIGHT * len(listed)
    top = y - {"top": 0.0, "middle": high / 2, "bottom": high}[valign]
    first = top + size * (LINE_HEIGHT + 0.72) / 2
    spans = Markup("").join(
        _line(line, x, first + size * LINE_HEIGHT * place) for place, line in enumerate(listed)
    )
    return Markup('<text font-size="%s" fill="%s" text-anchor="%s">%s</text>') % (
        short(size),
        color(how.get("fill", style.TOKENS["ink"])),
        how.get("anchor", "start"),
        spans,
    )


def short(value: float) -> str:
    """A place with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def annotation(one: dict[str, Any], x: float, y: float, size: float) -> Markup:
    """A label of a plotly layout at its place, with its border.

    Parameters
    ----------
    one : dict
        Annotation of the layout.
    x, y : float
        Its position in the picture.
    size : float
        Size of letters.
    """
    font = one.get("font", {})
    size = min(font.get("size", size), size)
    x, y = x + one.get("xshift", 0), y - one.get("yshift", 0)
    anchor = ANCHORS[one.get("xanchor", "center")]
    drawn = text(
        one["text"],
        x,
        y,
        size=size,
        anchor=anchor,
        valign=one.get("yanchor", "middle"),
        fill=font.get("color", style.TOKENS["ink"]),
    )
    if not one.get("borderwidth"):
        return drawn
    wide, high = extent(one["text"], size) + 6, size * LINE_HEIGHT + 2
    top = y - {"top": 0.0, "middle": high / 2, "bottom": high - 1}[one.get("yanchor", "middle")]
    box = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>').format(
        short(x - wide / 2),
        short(top),
        short(wide),
        short(high),
        color(one["bgcolor"]),
        color(one["bordercolor"]),
    )
    return box + drawn


def broken(words: str, width: float, size: float) -> str:
    """A text broken into lines of a given width.

    Parameters
    ----------
    words : str
        The text.
    width : float
        Width of a line.
    size : float
        Size of letters.
    """
    lines, line = [], ""
    for word in words.replace("<br>", " ").split(" "):
        longer = f"{line} {word}".strip()
        if line and extent(longer, size) > width:
            lines.append(line)
            longer = word
        line = longer
    return "<br>".join([*lines, line])


def rows(labels: Sequence[str], *, width: float, size: float) -> list[list[tuple[str, float]]]:
    """A legend in rows: each label with the distance of its symbol from the left.

    Examples
    --------
    >>> [[name for name, _ in row] for row in rows(["Delft", "Haaglanden", "Rijnmond"], width=200, size=12)]
    [['Delft', 'Haaglanden'], ['Rijnmond']]

    Parameters
    ----------
    labels : sequence of str
        The labels in order.
    width : float
        Width of a row.
    size : float
        Size of letters.
    """
    found: list[list[tuple[str, float]]] = [[]]
    used = 0.0
    for label in labels:
        wide = 32 + extent(label, size) + 14
        if found[-1] and used + wide - 14 > width:
            found.append([])
            used = 0.0
        found[-1].append((label, used))
        used += wide
    return found


def _kind(letter: str) -> str:
    if letter in NARROW_LETTERS:
        return "narrow"
    if letter in WIDE_LETTERS:
        return "wide"
    return "capital" if letter.isupper() else "other"


def _line(line: str, x: float, y: float) -> Markup:
    """One line as a span, bold and raised parts inside it."""
    parts, bold, raised = [], False, False
    for piece in re.split(r"(</?(?:b|sup)>)", line):
        if piece in ("<b>", "</b>", "<sup>", "</sup>"):
            bold = piece == "<b>" if piece.endswith("b>") else bold
            raised = piece == "<sup>" if piece.endswith("sup>") else raised
        elif piece:
            said = html.unescape(piece)
            weight = Markup(' font-weight="600"') if bold else ""
            lifted = Markup(' dy="-4" font-size="75%"') if raised else ""
            plain = not (bold or raised)
            parts.append(
                escape(said) if plain else Markup("<tspan{}{}>{}</tspan>").format(weight, lifted, said)
            )
    return Markup('<tspan x="%s" y="%s">%s</tspan>') % (short(x), short(y), Markup("").join(parts))
