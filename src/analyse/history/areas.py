"""Names, codes and regions of the municipalities, year by year.

Every function takes the tables and reads only ``municipalities``, ``regions`` and ``boundary_changes``: which regions
there are, three or forty-two, follows from the data. Without a year, or with one after the last listed, the last year
listed is meant.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from analyse.errors import ParameterError
from analyse.reading import places
from analyse.reading.codes import plain_name
from analyse.reading.places import ALIASES, KNOWN_AS, Tables, by_code, explain, in_year
from analyse.reading.places import resolve as resolve
from analyse.reading.places import resolve_all as resolve_all

ALL = "ALL"
COUNTRY = "NL01"
"""Code of the Netherlands, as in ``national_reference``."""
ALL_NAME = "Haaglanden, Rijnmond and Holland Rijnland"
ALL_COUNTRY = "The Netherlands"
ALL_OTHERS = "All regions together"
REGIONS_OF_COUNTRY = 42
"""The whole country has this many youth regions."""
FEW_REGIONS = 5
"""Up to this many regions an error names them all; of more it names the nearest only."""


def municipalities(tables: Tables, year: int | None = None) -> list[str]:
    """Return the codes that exist on 1 January of ``year``, in order.

    Parameters
    ----------
    tables : mapping of DataFrame
        The tables of a dataset.
    year : int, optional
        Of which year; by default the last one.

    Returns
    -------
    list of str: codes, sorted.

    Raises
    ------
    KeyError
        If there is no table ``municipalities``.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> len(municipalities(snapshot.load(), 2024))
    35
    """
    return sorted(in_year(tables, year)["municipality_code"])


def regions(tables: Tables) -> dict[str, str]:
    """Return the name of every youth region that a municipality is or was in, by code, in order.

    A region that the table ``regions`` does not name has its code for a name.

    Parameters
    ----------
    tables : mapping of DataFrame
        The tables of a dataset.

    Returns
    -------
    dict of str to str: the name of each youth region, by its code.

    Raises
    ------
    KeyError
        As for ``municipalities``, whose table it needs.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> regions(snapshot.load())
    {'JZ18': 'Holland Rijnland', 'JZ24': 'Haaglanden', 'JZ29': 'Rijnmond'}
    """
    listed, named = tables["municipalities"]["region_code"].dropna().unique(), tables.get("regions")
    names = {} if named is None else dict(zip(named["region_code"], named["region"], strict=True))
    return {str(code): str(names.get(code, code)) for code in sorted(listed)}


def grouped(frame: pd.DataFrame, groups: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """Return the rows of the municipalities of each group, with the group as ``area_code`` and ``area``.

    Parameters
    ----------
    frame : DataFrame
        With ``municipality_code``; a column ``region_code`` is left as it is.
    groups : mapping of str to iterable of str
        Municipality codes by the name of the group; a municipality may be in several.

    Raises
    ------
    ParameterError
        When there are no groups, or a municipality of one is not in ``frame``.

    Examples
    --------
    >>> frame = pd.DataFrame({"municipality_code": ["GM0503", "GM0603"], "cost_eur": [2.0, 1.0]})
    >>> rows = grouped(frame, {"both": ["GM0503", "GM0603"], "Delft": ["GM0503"]})
    >>> rows.groupby("area")["cost_eur"].sum().to_dict()
    {'Delft': 2.0, 'both': 3.0}
    """
    if not groups:
        raise ParameterError("groups: there are none; name them under `groups:` in the YAML of parameters")
    member = pd.DataFrame(
        [(name, code) for name, codes in groups.items() for code in dict.fromkeys(codes)],
        columns=["area_code", "municipality_code"],
    )
    absent = member.loc[~member["municipality_code"].isin(frame["municipality_code"].unique())]
    if not absent.empty:
        group, code = absent.iloc[0]
        raise ParameterError(
            f"group {group!r}: municipality {code} is not in these figures; "
            "`analyse list` shows those of today, and --country takes in the whole country"
        )
    rows = frame.loc[frame["municipality_code"].isin(member["municipality_code"])]
    rows = rows.astype({"municipality_code": "str"}).merge(member, on="municipality_code", validate="m:m")
    return rows.assign(area=rows["area_code"])


def is_region(code: str) -> bool:
    """Whether a code is one of a youth region."""
    return code.startswith("JZ")


def all_name(region_names: Collection[str]) -> str:
    """Return the name of all regions together, for translation."""
    if len(region_names) >= REGIONS_OF_COUNTRY:
        return ALL_COUNTRY
    return ALL_NAME if all(region in ALL_NAME for region in region_names) else ALL_OTHERS


def members(tables: Tables, region_code: str, year: int | None = None) -> list[str]:
    """Return the municipality codes of a region on 1 January of ``year``; ``"ALL"`` is all regions.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``municipalities`` by year.
    region_code : str
        Such as ``"JZ24"``, or ``"ALL"``.
    year : int, optional
        By default the last one that is listed.

    Raises
    ------
    ParameterError
        When ``region_code`` is not one of the regions.
    """
    rows = in_year(tables, year)
    if region_code == ALL:
        return sorted(rows.loc[rows["region_code"].notna(), "municipality_code"])
    region = resolve_region(tables, region_code)
    return sorted(rows.loc[rows["region_code"] == region, "municipality_code"])


def region_of(tables: Tables, code: str, year: int | None = None) -> str:
    """Return the region code of a municipality on 1 January of ``year``.

    A municipality that did not exist yet has the region of the municipalities that merged into it.

    Parameters
    ----------
    tables, year
        As for ``members``.
    code : str
        Code of a municipality of any year, such as GM0503.

    Raises
    ------
    ParameterError
        When the municipality no longer existed in that year; the error names its successor.
    """
    rows, changes = in_year(tables, year), tables["boundary_changes"]
    parts = changes.loc[changes["successor_code"] == code, "municipality_code"]
    region = rows.loc[rows["municipality_code"] == code, "region_code"]
    if region.empty:
        region = rows.loc[rows["municipality_code"].isin(parts), "region_code"]
    if region.empty:
        raise ParameterError(explain(tables, code, year))
    return str(region.iloc[0])


def name(tables: Tables, code: str, year: int | None = None) -> str:
    """The name of a municipality, a region or ``"ALL"``, as CBS writes it.

    A municipality that no longer exists keeps its last name.

    Parameters
    ----------
    tables, code, year
        As for ``members``; the code is that of the municipality or region.

    Returns
    -------
    str
        Such as "Den Haag" or "Haaglanden".

    Raises
    ------
    ParameterError
        When the code is unknown.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> name(snapshot.load(), "GM0503"), name(snapshot.load(), "JZ24")
    ('Delft', 'Haaglanden')
    """
    if code == ALL:
        return all_name(regions(tables).values())
    if is_region(code):
        return regions(tables)[resolve_region(tables, code)]
    rows = in_year(tables, year)
    label = rows.loc[rows["municipality_code"] == code, "municipality"]
    if label.empty:
        listed = tables["municipalities"].sort_values("year")
        label = listed.loc[listed["municipality_code"] == code, "municipality"].tail(1)
    if label.empty:
        raise ParameterError(explain(tables, code, year))
    return str(label.iloc[0])


def all_names(tables: Tables, year: int | None = None) -> dict[str, str]:
    """Return the names of every municipality of a year, every region and ``"ALL"``, by code; see ``name``."""
    named = regions(tables)
    return by_code(in_year(tables, year), "municipality") | named | {ALL: all_name(named.values())}


def regions_of(tables: Tables, codes: Iterable[str], year: int | None = None) -> dict[str, str]:
    """Return the region code of each municipality, see ``region_of``.

    Parameters
    ----------
    tables, year
        As for ``members``.
    codes : iterable of str
        Codes of municipalities of any year.
    """
    known = by_code(in_year(tables, year), "region_code")
    return {code: str(known[code]) if code in known else region_of(tables, code, year) for code in codes}


def other_names(code: str) -> list[str]:
    """Return the other names of a municipality in lower case, so that a search finds it.

    Examples
    --------
    >>> other_names("GM0518")
    ['s gravenhage', 'the hague', 'den haag']
    """
    known = [plain_name(KNOWN_AS[code])] if code in KNOWN_AS else []
    return [alias for alias, other in ALIASES.items() if other == code] + known


def resolve_region(tables: Tables, text: str) -> str:
    """Return the region code for a code or a name.

    Raises
    ------
    ParameterError
        When it is not one of the regions; the error names the nearest ones where there are many.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> resolve_region(snapshot.load(), "haaglanden")
    'JZ24'
    """
    wanted, known = plain_name(text), regions(tables)
    if code := _region(wanted, known):
        return code
    near = _near_regions(wanted, known) if len(known) > FEW_REGIONS else list(known)
    named = ", ".join(f"{code} ({known[code]})" for code in near)
    cure = f"choose one of {named}" if near else "`analyse list` shows all codes and names"
    raise ParameterError(f"region {text!r} is not known; {cure}")


def resolve_area(tables: Tables, text: str) -> str:
    """Return the code of a municipality of today or of a region, given by code or name.

    Raises
    ------
    ParameterError
        When it is neither; the error names the nearest of both.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> resolve_area(snapshot.load(), "delft"), resolve_area(snapshot.load(), "rijnmond")
    ('GM0503', 'JZ29')
    """
    known = regions(tables)
    try:
        return resolve(tables, text)
    except places.NoSuchPlace:
        wanted = plain_name(text)
    if code := _region(wanted, known):
        return code
    near = places.suggest(tables, text)
    near += [f"{code} ({known[code]})" for code in _near_regions(wanted, known)]
    cure = f"did you mean {' or '.join(near)}?" if near else "`analyse list` shows all codes and names"
    raise ParameterError(f"{text!r} is not a municipality or region of today; {cure}")


def _region(wanted: str, known: Mapping[str, str]) -> str | None:
    """The code of the region whose code or name it is."""
    return next(
        (code for code, label in known.items() if wanted in (plain_name(code), plain_name(label))), None
    )


def _near_regions(wanted: str, known: Mapping[str, str]) -> list[str]:
    names = {plain_name(label): code for code, label in known.items()} | {
        plain_name(code): code for code in known
    }
    return list(dict.fromkeys(names[hit] for hit in difflib.get_close_matches(wanted, list(names), n=3)))
