"""Which municipality of today a code of the past belongs to: the one reading of the table ``boundary_changes``."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def successors(changes: pd.DataFrame) -> dict[str, str]:
    """Map each code that ended to the code it belongs to today.

    Parameters
    ----------
    changes : DataFrame
        Table ``boundary_changes``: municipality_code, year (first year of the successor), successor_code.

    Examples
    --------
    >>> successors(pd.DataFrame({"municipality_code": ["GM0576"], "year": [2019], "successor_code": ["GM0575"]}))
    {'GM0576': 'GM0575'}
    """
    direct = dict(zip(changes["municipality_code"], changes["successor_code"], strict=True))
    final = {}
    for code, target in direct.items():
        passed = {code}
        while target in direct and target not in passed:
            passed.add(target)
            target = direct[target]
        final[str(code)] = str(target)
    return final


def current_codes(codes: pd.Series, tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return the code of today's municipality for every code of the past; the others stay as they are.

    Parameters
    ----------
    codes : Series of str
        Municipality codes of any year.
    tables : mapping of DataFrame
        With ``boundary_changes``.

    Returns
    -------
    Series of str
        With the index and the name of ``codes``.

    Examples
    --------
    >>> changes = pd.DataFrame({"municipality_code": ["GM0576"], "year": [2019], "successor_code": ["GM0575"]})
    >>> current_codes(pd.Series(["GM0576", "GM0503"]), {"boundary_changes": changes}).tolist()
    ['GM0575', 'GM0503']

    Noordwijkerhout became part of Noordwijk; Delft is still Delft.
    """
    successor = successors(tables["boundary_changes"])
    numbers, known = pd.factorize(codes)
    today = pd.array([successor.get(code, code) for code in known], dtype=codes.dtype)
    return pd.Series(today.take(numbers, allow_fill=True), index=codes.index, name=codes.name)
