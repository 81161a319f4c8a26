"""The register of forecasts in a folder: its entries, whether they are as registered, and their rows."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analyse import store
from analyse.errors import DataError
from analyse.forecast import register

FOLDER = Path("data") / "register"
LIST = "register.jsonl"


def read(folder: Path) -> tuple[list[dict[str, Any]], list[str], dict[str, bytes]]:
    """The entries, what is wrong with each (empty where nothing is), and what is in their files.

    Raises
    ------
    DataError
        When the list is no register.
    """
    path = folder / LIST
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    try:
        entries = [json.loads(line) for line in lines]
        files = [folder / item["file"] for item in entries]
        contents = {
            item["file"]: file.read_bytes()
            for item, file in zip(entries, files, strict=True)
            if file.is_file()
        }
        return entries, register.verify(entries, contents), contents
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise DataError(
            f"{path}: it is no register ({type(error).__name__}); take it back from where it is kept"
        ) from None


def rows(content: bytes, file: str) -> pd.DataFrame:
    """The rows of one file of the register."""
    return register.checked(pd.read_csv(io.BytesIO(content), dtype={"output_type_id": "str"}), file)


def published(history: pd.DataFrame, code: str, folder: Path | None = None) -> pd.DataFrame:
    """What was registered for one municipality before the accounts came, its budgets, and what it became.

    Parameters
    ----------
    history : DataFrame
        With accounts and budgets, see ``history.panel.build``.
    code : str
        Municipality.
    folder : Path, optional
        Of the register; by default ``data/register``.

    Returns
    -------
    DataFrame
        As ``register.beside_budget``; no rows where nothing is registered. Replays and entries that are not as they
        were registered are left out.
    """
    entries, problems, contents = read(store.root() / FOLDER if folder is None else folder)
    kept = {
        item["file"]: rows(contents[item["file"]], item["file"])
        for item, problem in zip(entries, problems, strict=True)
        if not problem and not item["replayed"]
    }
    local = {file: table for file, table in kept.items() if code in set(table["location"])}
    if not local:
        return pd.DataFrame(
            columns=["origin_date", "period", "q0.1", "q0.5", "q0.9", "budget_eur", "actual_eur"]
        )
    return register.beside_budget(local, history, code)


def of_area(codes: Sequence[str], year: int, folder: Path | None = None) -> pd.DataFrame:
    """What was registered for an area, also one of several municipalities, before the accounts of a year came.

    Parameters
    ----------
    codes : sequence of str
        The municipalities of the area.
    year : int
        Which year.
    folder : Path, optional
        Of the register; by default ``data/register``.

    Returns
    -------
    DataFrame
        origin_date, q0.1, q0.5 and q0.9 (EUR): municipalities are added up within each sample. Replays, entries that
        are not as they were registered, and forecasts without one of the municipalities are left out.
    """
    entries, problems, contents = read(store.root() / FOLDER if folder is None else folder)
    found = []
    for item, problem in zip(entries, problems, strict=True):
        if problem or item["replayed"]:
            continue
        table = rows(contents[item["file"]], item["file"])
        table = table[table["output_type"].eq("sample") & table["location"].isin(codes)]
        table = table[table["target_end_date"].astype("str").str[:4].eq(str(year))]
        if set(table["location"]) != set(codes):
            continue
        total = table.groupby("output_type_id")["value"].sum()
        quantiles = {f"q{part:g}": float(total.quantile(part)) for part in (0.1, 0.5, 0.9)}
        found.append({"origin_date": item["origin_date"], **quantiles})
    return pd.DataFrame(found, columns=["origin_date", "q0.1", "q0.5", "q0.9"])
