"""Names and codes of municipalities as people write them, looked up in the tables of a dataset.

Every function takes the tables and reads only ``municipalities`` and ``boundary_changes``. Without a year, or with one
after the last listed, the last year listed is meant.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

import pandas as pd

from analyse.errors import ParameterError
from analyse.reading.codes import municipality as as_code
from analyse.reading.codes import plain_name

KNOWN_AS = {"GM0518": "Den Haag"}
"""What a municipality calls itself where CBS uses another name; the published tables keep the name of CBS."""
ALIASES = {"s gravenhage": "GM0518", "the hague": "GM0518", "voorne": "GM1992", "spijkenisse": "GM1930"}


Tables = Mapping[str, pd.DataFrame]


class NoSuchPlace(ParameterError):
    """No municipality has that code or name, nor had it in another year."""


def in_year(tables: Tables, year: int | None = None) -> pd.DataFrame:
    """Return the municipalities of one year: municipality_code, municipality, region_code.

    CBS adds the province to a name shared by two municipalities, ``Rijswijk (ZH.)``; it is left out here, unless the
    other one is in the list as well (``Bergen (L.)`` and ``Bergen (NH.)``). A municipality that CBS calls something
    else goes by the name it uses itself, see ``KNOWN_AS``.

    Raises
    ------
    ParameterError
        When the year lies before the first one listed.
    """
    listed = tables["municipalities"]
    first, last = int(listed["year"].min()), int(listed["year"].max())
    if year is not None and year < first:
        raise ParameterError(f"municipalities: no list for {year}; the first year listed is {first}")
    rows = listed.loc[listed["year"] == min(year or last, last)]
    own = _own_names(tuple(rows["municipality_code"]), tuple(rows["municipality"]))
    return pd.DataFrame(
        {
            "municipality_code": rows["municipality_code"].array,
            "municipality": pd.array(own, dtype=rows["municipality"].dtype),
            "region_code": rows["region_code"].array,
        }
    )


@lru_cache(maxsize=32)
def _own_names(codes: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that municipalities go by, see ``in_year``; worked out once for a list that a page asks for often."""
    listed = pd.Series(names)
    plain = listed.str.replace(r" \([A-Z]+\.\)$", "", regex=True)
    plain = plain.mask(plain.duplicated(keep=False), listed)
    return tuple(pd.Series(codes).map(KNOWN_AS).fillna(plain))


def by_code(rows: pd.DataFrame, column: str) -> dict[str, str]:
    """A column of ``in_year`` by the code of the municipality."""
    return dict(zip(rows["municipality_code"], rows[column], strict=True))


def resolve(tables: Tables, text: str, year: int | None = None) -> str:
    """Return the code of a municipality given by code, number or name.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``municipalities`` and ``boundary_changes``.
    text : str
        ``"GM0503"``, ``"503"``, ``"delft"`` or ``"Den Haag"``; capitals and accents do not matter.
    year : int, optional
        Year in which the municipality must exist.

    Returns
    -------
    str: the code, such as GM0503.

    Raises
    ------
    ParameterError
        When the text is not a municipality of that year; the error names the nearest ones.

    Examples
    --------
    >>> listed = pd.DataFrame({"year": [2026], "municipality_code": ["GM0503"],
    ...                        "municipality": ["Delft"], "region_code": ["JZ24"]})
    >>> resolve({"municipalities": listed}, "delft")
    'GM0503'
    """
    return resolve_all(tables, [text], year)[0]


def resolve_all(tables: Tables, texts: Iterable[str], year: int | None = None) -> list[str]:
    """Return the codes of several municipalities, in the order given; see ``resolve``.

    Parameters
    ----------
    tables, year
        As for ``members``.
    texts : iterable of str
        Codes or names.
    """
    rows = in_year(tables, year)
    labels = by_code(rows, "municipality")
    exactly = {_with_province(label): code for code, label in labels.items()}
    named, codes = _named(rows), []
    for text in texts:
        wanted = plain_name(text)
        meant = named.get(wanted, [])
        code = as_code(text) or exactly.get(_with_province(text)) or ALIASES.get(wanted)
        if code is None and len(meant) > 1:
            raise ParameterError(_of_one_name(rows, text, meant))
        code = code or next(iter(meant), None)
        if code not in labels:
            was = ever(tables, text)
            raise (ParameterError if was else NoSuchPlace)(explain(tables, text, year))
        codes.append(code)
    return codes


def suggest(tables: Tables, text: str, year: int | None = None) -> list[str]:
    """Return up to three municipalities whose names are nearest to ``text``, each as ``"GM0503 (Delft)"``, best first.

    Parameters
    ----------
    tables, year
        As for ``members``.
    text : str
        What was typed: a code or a name, perhaps misspelt.
    """
    rows = in_year(tables, year).sort_values("municipality_code")
    labels = {code: f"{code} ({label})" for code, label in by_code(rows, "municipality").items()}
    code = as_code(text)
    if code is not None:
        near = difflib.get_close_matches(code, list(labels), n=3, cutoff=0.8)
    else:
        names = _named(rows)
        names |= {alias: [key] for alias, key in ALIASES.items() if key in labels}
        wanted = plain_name(text)
        hits = [label for label in names if wanted and label.startswith(f"{wanted} ")]
        hits += difflib.get_close_matches(wanted, list(names), n=6, cutoff=0.75)
        near = [key for hit in hits for key in names[hit]]
    return [labels[key] for key in dict.fromkeys(near)][:3]


def explain(tables: Tables, text: str, year: int | None = None) -> str:
    """Return one line that says why ``text`` is no municipality of ``year``, and which one may be meant.

    Parameters
    ----------
    tables, text, year
        As for ``suggest``.
    """
    in_words = f" in {year}" if year is not None else ""
    if was := ever(tables, text):
        code, label = was
        became = _became(tables, code, in_year(tables, year))
        return f"municipality {text!r} ({label}, {code}) does not exist{in_words}{became}"
    near = suggest(tables, text, year)
    cure = f"did you mean {' or '.join(near)}?" if near else "`analyse list` shows all codes and names"
    known_as = f"not a municipality{in_words or ' of today'}"
    return f"municipality {text!r} is {known_as}; {cure}"


def ever(tables: Tables, text: str) -> tuple[str, str] | None:
    """Return the code and the last name of the one municipality, of any year, that ``text`` can mean.

    Parameters
    ----------
    tables, text
        As for ``suggest``.
    """
    listed, code = tables["municipalities"].sort_values("year"), as_code(text)
    named = listed["municipality"].map(plain_name) == plain_name(text)
    known = listed.loc[(listed["municipality_code"] == code) | named]
    if len(set(known["municipality_code"])) != 1:
        return None
    return str(known["municipality_code"].iloc[-1]), str(known["municipality"].iloc[-1])


def _named(rows: pd.DataFrame) -> dict[str, list[str]]:
    """The codes of the municipalities that have a name, the province left out: two for Bergen."""
    named: dict[str, list[str]] = {}
    for code, label in by_code(rows, "municipality").items():
        named.setdefault(plain_name(label), []).append(str(code))
    return named


def _of_one_name(rows: pd.DataFrame, text: str, codes: Collection[str]) -> str:
    labels = rows.set_index("municipality_code")["municipality"]
    named = " or ".join(f"{code} ({labels[code]})" for code in codes)
    return f"municipality {text!r}: {len(codes)} municipalities have that name; give {named}"


def _became(tables: Tables, code: str, rows: pd.DataFrame) -> str:
    changes = tables["boundary_changes"].set_index("municipality_code")
    if code in changes.index:
        successor, since = str(changes.loc[code, "successor_code"]), changes.loc[code, "year"]
        now = in_year(tables)
        called = now.loc[now["municipality_code"] == successor, "municipality"]
        return f": part of {next(iter(called), successor)} ({successor}) since {since}"
    parts = changes.index[changes["successor_code"] == code]
    if len(parts) and code not in set(rows["municipality_code"]):
        return f" yet: until {changes.loc[parts[0], 'year'] - 1} it was {', '.join(parts)}"
    return ""


def _with_province(text: str) -> str:
    """As ``plain_name``, the letters of the province included."""
    return plain_name(re.sub(r"[()]", " ", str(text)))
