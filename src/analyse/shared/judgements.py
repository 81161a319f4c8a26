"""The judgements on plans as they were made, each with the figures it rested on: a later one does not replace it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from analyse import store
from analyse.errors import DataError

FOLDER = Path("data") / "judgements"
VINTAGE = ("data_sha256", "plan_sha256")
"""What makes a judgement another one."""


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    """The judgements on a plan, oldest first.

    Raises
    ------
    DataError
        If the file is not what was written there.
    """
    path = folder / f"{name}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    try:
        found = [json.loads(line) for line in lines]
        if any(not set(VINTAGE) <= set(one) for one in found):
            raise KeyError(VINTAGE[0])
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise DataError(
            f"{path}: not the judgements on a plan ({type(error).__name__}); take it back"
        ) from None
    return found


def keep(folder: Path, name: str, vintage: dict[str, str], rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Add a judgement, unless the last one was made on the same plan and figures; all of them, oldest first.

    Parameters
    ----------
    folder, name
        As for ``read``.
    vintage : dict of str
        dataset, version, created (ISO date of the figures), data_sha256 and plan_sha256.
    rows : DataFrame
        ``compare.year_plans.by_measure``.
    """
    found = read(folder, name)
    if not found or any(found[-1][one] != vintage[one] for one in VINTAGE):
        listed = json.loads(rows.to_json(orient="records"))
        found.append({**vintage, "measures": listed})
        text = "".join(json.dumps(one, sort_keys=True, ensure_ascii=False) + "\n" for one in found)
        store.write_text(folder / f"{name}.jsonl", text)
    return found
