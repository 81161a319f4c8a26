"""Which municipalities are in an area, as tables to merge with instead of areas to go through one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd


def membership(inside: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """The members of areas as a table to merge with: area_code, municipality_code, area by area.

    Examples
    --------
    >>> membership({"JZ24": ["GM0503", "GM0518"], "GM0503": ["GM0503"]})["area_code"].tolist()
    ['JZ24', 'JZ24', 'GM0503']
    """
    pairs = [(area, code) for area, codes in inside.items() for code in codes]
    return pd.DataFrame(pairs, columns=["area_code", "municipality_code"], dtype="str")


def in_order(rows: pd.DataFrame, codes: Iterable[str]) -> pd.DataFrame:
    """Sort rows by ``area_code`` in the order of ``codes``; within an area they stay as they are."""
    place = {code: number for number, code in enumerate(codes)}
    return rows.sort_values(
        "area_code", key=lambda column: column.map(place), kind="stable", ignore_index=True
    )
