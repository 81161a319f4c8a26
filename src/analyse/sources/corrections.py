"""Known errors of the sources: the cells become ``faulty`` or ``missing``, never zero and never repaired."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

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
    where: dict[str, str | int | list[str] | list[int]]
    cells: Annotated[int, Field(gt=0)]
    status: Literal["faulty", "missing"] = "faulty"
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
    """The same tables, with the value columns of each row hit empty, and the status that the correction gives.

    Raises
    ------
    DataError
        If a correction names an unknown table or column, or hits another number of rows than it says.
    """
    marked = {name: tables[name].copy() for name in {row.table for row in corrections} & tables.keys()}
    for correction in corrections:
        if correction.table not in marked:
            raise DataError(f"corrections.yaml: {correction.id}: no table {correction.table!r}")
        _mark(marked[correction.table], correction)
    return {name: marked.get(name, frame) for name, frame in tables.items()}


def _mark(frame: pd.DataFrame, correction: Correction) -> None:
    """Empty the cells of one known error in ``frame`` itself, a copy that ``apply`` made."""
    unknown = [name for name in correction.where if name not in frame.columns]
    if unknown:
        raise DataError(
            f"corrections.yaml: {correction.id}: no column {', '.join(unknown)} in {correction.table}"
        )
    rows = frame
    for name, wanted in correction.where.items():
        cells = wanted if isinstance(wanted, list) else [wanted]
        number = pd.api.types.is_numeric_dtype(frame[name])
        rows = rows.loc[rows[name].isin(cells if number else [str(cell) for cell in cells])]
    if len(rows) != correction.cells:
        raise DataError(
            f"corrections.yaml: {correction.id} hits {len(rows)} cells of {correction.table}, "
            f"expected {correction.cells}; the source may have been mended: check it and change the row"
        )
    values = [c.name for c in schema.TABLES[correction.table].columns if c.kind != "text" and not c.required]
    frame.loc[rows.index, values] = pd.NA
    frame.loc[rows.index, "status"] = correction.status
