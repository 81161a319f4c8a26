"""The part of a dataset that a run is about: the municipalities of some youth regions, or the whole country."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from analyse.errors import ParameterError
from analyse.schema.mergers import current_codes

Tables = Mapping[str, pd.DataFrame]
WHOLE = ("population", "population_dynamics", "population_by_age", "boundary_changes", "outlines")
"""Tables that keep everybody: ages of one municipality are reconstructed with what all have in common, and are the same
whoever is shown beside it; and a map shows where in the country they lie."""


def within(tables: Tables, region_codes: Collection[str]) -> dict[str, pd.DataFrame]:
    """Return the tables with only the municipalities of some regions, and whatever merged into them.

    Parameters
    ----------
    tables : mapping of DataFrame
        The tables of a dataset.
    region_codes : collection of str
        Codes of youth regions; none is the whole country. A municipality counts that is or ever was in one of them.

    Returns
    -------
    dict of DataFrame
        The same tables in the same order; those that are not by municipality, and those in ``WHOLE``, stay as they are.

    Raises
    ------
    ParameterError
        When the dataset has no such region.
    """
    if not region_codes:
        return dict(tables)
    listed = tables["municipalities"]
    unknown = sorted(set(region_codes) - set(listed["region_code"]))
    if unknown:
        raise ParameterError(
            f"regions: there is no youth region {', '.join(unknown)}; `analyse list` shows all codes and names"
        )
    inside = listed.loc[listed["region_code"].isin(list(region_codes)), "municipality_code"]
    codes = set(current_codes(inside, tables))
    chosen = {name: frame if name in WHOLE else _of(frame, codes, tables) for name, frame in tables.items()}
    named = chosen["municipalities"]["region_code"].dropna()
    regions = tables["regions"].loc[tables["regions"]["region_code"].isin(named)]
    return {**chosen, "regions": regions.reset_index(drop=True)}


def _of(frame: pd.DataFrame, codes: Collection[str], tables: Tables) -> pd.DataFrame:
    """The rows of some municipalities of today and of their predecessors."""
    if "municipality_code" not in frame or frame.empty:
        return frame
    inside = current_codes(frame["municipality_code"], tables).isin(list(codes))
    return frame.loc[inside].reset_index(drop=True)
