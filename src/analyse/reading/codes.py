"""Codes of municipalities and names of places in any form: padded, numeric, prefixed, with accents or a province."""

from __future__ import annotations

import re
import unicodedata

_CODE = re.compile(r"(?:(?:gm|gemeente)\s*)?0*([0-9]{1,4})(?:\.0+)?")


def municipality(written: object) -> str | None:
    """The code that a text or number means, GM and four digits; None when it is no code.

    Whether there is such a municipality is for the table of municipalities to say.

    Examples
    --------
    >>> [municipality(text) for text in ("GM0503   ", "gm 503", 503, 503.0, "00000503", "Delft", "GM50300", None)]
    ['GM0503', 'GM0503', 'GM0503', 'GM0503', 'GM0503', None, None, None]
    """
    if written is None or isinstance(written, bool):
        return None
    match = _CODE.fullmatch(str(written).strip().casefold())
    return f"GM{int(match[1]):04d}" if match and int(match[1]) else None


def plain_name(text: object) -> str:
    """A name in small letters without accents, punctuation, what is in brackets, or the word gemeente before it.

    Examples
    --------
    >>> plain_name("'s-Gravenhage (gemeente)"), plain_name("Gemeente Súdwest-Fryslân")
    ('s gravenhage', 'sudwest fryslan')
    """
    plain = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().casefold()
    plain = re.sub(r"\(.*?\)", " ", plain)
    return re.sub(r"^gemeente (?=.)", "", " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split()))
