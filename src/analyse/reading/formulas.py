"""Text that a spreadsheet may take for a formula is made harmless wherever it is written."""

from __future__ import annotations

import re
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A text that begins with one of these may run as a formula in a spreadsheet."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
"""Control characters but for the tab and the end of a line."""


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet might run a text."""
    return text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)


def printable(text: str) -> str:
    """A text without control characters, which no workbook can hold."""
    return CONTROL.sub("", text)


def harmless(value: Any) -> Any:
    """A text that a spreadsheet could take for a formula gets an apostrophe before it; control characters go.

    Examples
    --------
    >>> harmless('=HYPERLINK("x")'), harmless(" @SUM(1)"), harmless("0-3"), harmless(-3)
    ('\\'=HYPERLINK("x")', "' @SUM(1)", '0-3', -3)
    """
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if looks_like_formula(value) else text
