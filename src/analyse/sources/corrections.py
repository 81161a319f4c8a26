"""Known errors of the sources: the cells they hit become ``faulty``, never zero and never repaired."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from analyse import parameters, schema, store
from analyse.errors import DataError

Text = Annotated[str, Field(min_length=1)]


class Correction(BaseModel):
    """One known error: the rows it is about, why, and how many cells it must hit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Text
    table: Text
    where: dict[str, str | int | list[str]]
    cells: Annotated[int, Field(gt=0)]
    reason: Text
    source: Text


def read(path: Path) -> tuple[Correction, ...]:
    """The corrections of a YAML file.

    Raises
    ------
    DataError
        If a row has an unknown key, lacks one, or the file is not a list of rows.
    """
    rows = store.read_yaml(path, DataError) or ()
    return parameters.validated(tuple[Correction, ...], rows, path.name, error=DataError)


def apply(tables: dict[str, pd.DataFrame], corrections: tuple[Correction, ...]) -> dict[str, pd.DataFrame]:
    """The same tables, with the value columns of each hit row empty and its status ``faulty``.

    Raises
    ------
    DataError
        If a correction names an unknown table or column, or hits another number of rows than it says.
    """
    tables = dict(tables)
    for correction in corrections:
        if correction.table not in tables:
            raise DataError(f"corrections.yaml: {correction.id}: no table {correction.table!r}")
        tables[correction.table] = _mark(tables[correction.table], correction)
    return tables


def _mark(frame: pd.DataFrame, correction: Correction) -> pd.DataFrame:
    unknown = [name for name in correction.where if name not in frame.columns]
    if unknown:
        raise DataError(
            f"corrections.yaml: {correction.id}: no column {', '.join(unknown)} in {correction.table}"
        )
    hit = pd.Series(True, index=frame.index)
    for name, wanted in correction.where.items():
        hit &= frame[name].isin(wanted if isinstance(wanted, list) else [wanted])
    if hit.sum() != correction.cells:
        raise DataError(
            f"corrections.yaml: {correction.id} hits {int(hit.sum())} cells of {correction.table}, "
            f"expected {correction.cells}; the source may have been mended: check it and change the row"
        )
    values = [c.name for c in schema.TABLES[correction.table].columns if c.kind != "text" and not c.required]
    marked = frame.copy()
    marked.loc[hit, values] = pd.NA
    marked.loc[hit, "status"] = "faulty"
    return marked
