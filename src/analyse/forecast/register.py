"""The register of forecasts: what was published when, that it was not changed since, and what came of it.

A forecast is one file in the format of the hubverse (https://docs.hubverse.io, model output), so that anyone can
score it: a row per target, location, year and quantile, mean or sample. An entry of the register holds the checksum
of that file and the hash of the entry before, so an entry or a file that is changed, left out or put in between shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.forecast.backtest import accounts
from analyse.forecast.joint import Paths
from analyse.forecast.scores import crps_from_samples
from analyse.schema import QUANTILES

TARGET = "youth care costs"
MODEL = "analyse-needandbudgets"
"""Team and model, as the hubverse names files and folders."""
COLUMNS = [
    *("origin_date", "target", "horizon", "location", "target_end_date"),
    *("output_type", "output_type_id", "value"),
]
FIRST = "0" * 64
"""Stands for the entry before the first one."""
SAMPLES = 100
"""Joint futures kept; sums over municipalities and years within one sample are futures too."""


def model_output(paths: Paths, origin_date: str, *, samples: int = SAMPLES) -> pd.DataFrame:
    """A forecast of costs in the format of the hubverse.

    Parameters
    ----------
    paths : Paths
        From ``ragged.paths`` or ``joint.joint``; what is observed is no forecast and has no row.
    origin_date : str
        Day on which it was made, such as 2025-07-01.
    samples : int
        Joint futures to keep, at most as many as there are.

    Returns
    -------
    DataFrame
        ``COLUMNS``: location is a municipality, target_end_date the last day of the year, horizon the years after the
        last accounts; output_type is mean, quantile or sample, value in EUR. Sample s1 is the same future in every row.
    """
    ahead = paths.periods > paths.origin
    costs = paths.cost_eur[:, ahead]
    kept = costs[:, :, :samples]
    summaries = np.concatenate(
        [costs.mean(axis=2)[:, :, None], np.moveaxis(np.quantile(costs, QUANTILES, axis=2), 0, 2), kept],
        axis=2,
    )
    types = ["mean"] + ["quantile"] * len(QUANTILES) + ["sample"] * kept.shape[2]
    names = [
        "",
        *(f"{quantile:g}" for quantile in QUANTILES),
        *(f"s{number + 1}" for number in range(kept.shape[2])),
    ]
    series, horizon, count = summaries.shape
    steps = np.tile(np.repeat(np.arange(1, horizon + 1), count), series)
    forecast = np.repeat(~paths.observed[:, ahead].ravel(), count)
    rows = pd.DataFrame(
        {
            "origin_date": origin_date,
            "target": TARGET,
            "horizon": steps,
            "location": np.repeat(np.array(paths.codes), horizon * count),
            "target_end_date": [f"{paths.origin + step}-12-31" for step in steps],
            "output_type": types * (series * horizon),
            "output_type_id": names * (series * horizon),
            "value": summaries.ravel().round(0),
        }
    )
    return rows.loc[forecast, COLUMNS].reset_index(drop=True)


def entry(said: Mapping[str, Any], content: bytes, before: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A new entry of the register.

    Parameters
    ----------
    said : mapping
        What is said of the forecast: file, added (day), origin, replayed, dataset, data_sha256, software.
    content : bytes
        The file.
    before : sequence of mapping
        The entries so far, checked.

    Examples
    --------
    >>> first = entry({"file": "a.csv"}, b"forecast", [])
    >>> second = entry({"file": "b.csv"}, b"another", [first])
    >>> second["previous"] == first["hash"], verify([first, second], {"a.csv": b"forecast", "b.csv": b"another"})
    (True, ['', ''])

    Both are as they were registered.
    """
    previous = before[-1]["hash"] if before else FIRST
    made = {**said, "sha256": hashlib.sha256(content).hexdigest(), "previous": previous}
    return {**made, "hash": _hash(made)}


def verify(entries: Sequence[Mapping[str, Any]], contents: Mapping[str, bytes]) -> list[str]:
    """What is wrong with each entry, empty where it is as it was registered.

    Parameters
    ----------
    entries : sequence of mapping
        The register, oldest first.
    contents : mapping
        File -> what is in it now; a missing file is absent.
    """
    found, previous = [], FIRST
    for item in entries:
        content = contents.get(item["file"])
        if item["previous"] != previous:
            problem = "an entry before it was changed, left out or put in between"
        elif item["hash"] != _hash({name: value for name, value in item.items() if name != "hash"}):
            problem = "the entry was changed"
        elif content is None:
            problem = "its file is gone"
        elif hashlib.sha256(content).hexdigest() != item["sha256"]:
            problem = "its file was changed"
        else:
            problem = ""
        found.append(problem)
        previous = item["hash"]
    return found


def scores(forecasts: Mapping[str, pd.DataFrame], history: pd.DataFrame) -> pd.DataFrame:
    """What came of each forecast, by horizon.

    Parameters
    ----------
    forecasts : mapping
        File -> its rows, as ``model_output`` gives them.
    history : DataFrame
        With accounts of the years forecast, see ``history.panel.build``.

    Returns
    -------
    DataFrame
        file, origin_date, horizon, period, n (municipalities with accounts), median_absolute_percentage_error and
        bias_percent (of the median), crps_percent (from the samples, mean, per cent of the accounts), coverage_80 and
        coverage_95. Years without accounts yet have no row.
    """
    actual = accounts(history).melt(ignore_index=False, var_name="period", value_name="actual_eur")
    actual = actual.rename_axis("location").set_index("period", append=True)["actual_eur"]
    return pd.concat([_scored(file, rows, actual) for file, rows in forecasts.items()], ignore_index=True)


def beside_budget(forecasts: Mapping[str, pd.DataFrame], history: pd.DataFrame, code: str) -> pd.DataFrame:
    """What was forecast for one municipality, its budget, and what it became.

    Parameters
    ----------
    forecasts, history
        As for ``scores``.
    code : str
        Municipality.

    Returns
    -------
    DataFrame
        One row per forecast and year: origin_date, period, q0.1, q0.5, q0.9, budget_eur and actual_eur in EUR; the
        last two are empty where they are not known.
    """
    known = history.loc[history["municipality_code"] == code].set_index("period")
    parts = []
    for rows in forecasts.values():
        local = rows.loc[(rows["location"] == code) & (rows["output_type"] == "quantile")]
        wide = local.assign(period=_years(local)).pivot(
            index="period", columns="output_type_id", values="value"
        )
        parts.append(
            pd.DataFrame(
                {
                    "origin_date": rows["origin_date"].iloc[0],
                    "period": wide.index,
                    **{f"q{name}": wide[name].to_numpy() for name in ("0.1", "0.5", "0.9")},
                    "budget_eur": known["budget_eur"].reindex(wide.index).to_numpy(),
                    "actual_eur": known["cost_eur"].reindex(wide.index).to_numpy(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def checked(rows: pd.DataFrame, file: str) -> pd.DataFrame:
    """The rows of a file of the register, refused when it is no model output."""
    absent = [name for name in COLUMNS if name not in rows]
    if absent:
        raise DataError(f"register: {file} has no column {', '.join(absent)}; is it hubverse model output?")
    return rows.astype({"output_type_id": "str", "value": "float64", "horizon": "int64"})


def _scored(file: str, rows: pd.DataFrame, actual: pd.Series) -> pd.DataFrame:
    placed = rows.assign(period=_years(rows)).join(actual, on=["location", "period"])
    placed = placed.loc[placed["actual_eur"].notna()]
    found = []
    for (horizon, period), part in placed.groupby(["horizon", "period"]):
        wide = part.pivot(index="location", columns=["output_type", "output_type_id"], values="value")
        came = part.groupby("location")["actual_eur"].first().reindex(wide.index).to_numpy()
        low, start, middle, end, high = (
            wide["quantile"][f"{quantile:g}"].to_numpy() for quantile in QUANTILES
        )
        off = 100 * (middle / came - 1)
        crps = crps_from_samples(came[:, None], wide["sample"].to_numpy()[:, None])[:, 0]
        found.append(
            {
                **{
                    "file": file,
                    "origin_date": rows["origin_date"].iloc[0],
                    "horizon": horizon,
                    "period": period,
                },
                "n": len(wide),
                "median_absolute_percentage_error": float(np.median(np.abs(off))),
                "bias_percent": float(np.median(off)),
                "crps_percent": float(np.mean(100 * crps / came)),
                "coverage_80": float(((start <= came) & (came <= end)).mean()),
                "coverage_95": float(((low <= came) & (came <= high)).mean()),
            }
        )
    return pd.DataFrame(found)


def _years(rows: pd.DataFrame) -> pd.Series:
    return rows["target_end_date"].astype("str").str[:4].astype(int)


def _hash(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(dict(said), sort_keys=True).encode()).hexdigest()
