"""Numbers in few bytes for inside a page: rows of samples, 16 bits a sample, or 8 where that is enough."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

LEVELS = 65535
"""Largest whole number of 16 bits."""
WIDTHS = {1: "u1", 2: "<u2"}
"""Bytes of a sample -> how numpy calls its whole number."""
DIGITS = 9


def pack(values: Any, *, width: int = 2) -> dict[str, Any]:
    """Rows of samples as whole numbers of 16 bits, each row with its lowest value and its step.

    Parameters
    ----------
    values : array_like (..., sample)
        Finite numbers.
    width : {1, 2}
        Bytes of a sample; one is for numbers of which a part in 500 of their range does not matter.

    Returns
    -------
    dict
        ``low`` and ``step`` of each row, and ``data``: base64 of the rows with a step, little-endian. Equal rows stand
        there once; ``rows`` then says which row of the data each is. A number is ``low + whole * step``; it differs
        from what it was by at most half a step, 1/131070 of the range of its row. ``width`` is given when it is 1.

    Examples
    --------
    >>> unpack(pack([[1.0, 2.0, 3.0], [5.0, 5.0, 5.0]]), samples=3).round(4).tolist()
    [[1.0, 2.0, 3.0], [5.0, 5.0, 5.0]]
    >>> pack([[1.0, 2.0], [3.0, 3.0], [1.0, 2.0]])["rows"]
    [0, 0]
    """
    rows = np.asarray(values, dtype=float)
    rows = rows.reshape(-1, rows.shape[-1])
    low = np.array([_short(value) for value in rows.min(axis=1)])
    levels = 256**width - 1
    step = np.array([_short(value) for value in (rows.max(axis=1) - low).clip(min=0) / levels])
    step[rows.max(axis=1) == rows.min(axis=1)] = 0.0
    apart = step > 0
    whole = np.rint((rows[apart] - low[apart, None]) / step[apart, None]).clip(0, levels)
    listed = [row.tobytes() for row in whole.astype(WIDTHS[width])]
    different = list(dict.fromkeys(listed))
    packed = {
        "low": low.tolist(),
        "step": step.tolist(),
        "data": base64.b64encode(b"".join(different)).decode(),
    }
    if len(different) < len(listed):
        packed["rows"] = [different.index(row) for row in listed]
    return packed if width == 2 else {**packed, "width": width}


def unpack(packed: dict[str, Any], *, samples: int) -> np.ndarray:
    """The rows again, (row, sample); the script of the panel does the same arithmetic."""
    low, step = np.array(packed["low"]), np.array(packed["step"])
    rows = np.repeat(low[:, None], samples, axis=1)
    whole = np.frombuffer(base64.b64decode(packed["data"]), dtype=WIDTHS[packed.get("width", 2)])
    whole = whole.reshape(-1, samples)
    apart = step > 0
    whole = whole[packed.get("rows", slice(None))]
    rows[apart] = low[apart, None] + whole * step[apart, None]
    return rows


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
