"""Joint futures of use by form of care, and of trajectories begun and ended, by the engine for any long table.

Each form of each municipality is a series; forms of one kind learn from each other first. Only figures since the new
count of 2021 can be compared with each other, so the growth into a declared break is no trend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.forecast import any_table
from analyse.forecast.known import settled
from analyse.history import breaks
from analyse.parameters import Break
from analyse.schema import QUANTILES, quantile_names

LEVELS = {"municipality": "municipality_code", "region": "region_code"}


def futures(
    history: pd.DataFrame,
    *,
    horizon: int,
    samples: int = 1000,
    seed: int = any_table.SEED,
    declared: Sequence[Break] = (),
    revision_percent: float = 0.0,
) -> pd.DataFrame:
    """Draw joint futures of clients by form.

    Parameters
    ----------
    history : DataFrame
        ``panel.build(tables, care_forms=...)``; without clients of a form there are no futures of it.
    horizon, samples, seed : int
        Years after the last one counted, number of joint futures, and what makes them the same again.
    declared : sequence of Break
        ``parameters.breaks()``.
    revision_percent : float
        By how much provisional counts usually rise, per cent.

    Returns
    -------
    DataFrame
        municipality_code, region_code, care_form, period, sample, clients. Sum within a sample, quantiles last; forms
        do not add up to the total.

    Raises
    ------
    DataError
        If no clients are known at all.
    """
    counted = history.loc[history["clients_status"] != "missing"]
    if not settled(counted["clients_status"]).any():
        raise DataError(
            "forecast: no clients by form of care in this dataset; `analyse update` downloads them"
        )
    keys = ["municipality_code", "region_code", "care_form"]
    table = counted[[*keys, "period", "clients", "clients_status"]].rename(
        columns={"clients_status": "status"}
    )
    table = _with_figures(table, keys, "clients")
    return any_table.futures(
        table.astype({"period": "int64"}),
        horizon=horizon,
        samples=samples,
        seed=seed,
        key=keys,
        value="clients",
        group="care_form",
        region="region_code",
        revision_percent=float(revision_percent),
        breaks=_breaks(declared, table["period"]),
    )


def expected(history: pd.DataFrame, level: str, **settings) -> pd.DataFrame:
    """Quantiles of clients by area and form, as ``quantiles`` gives them; no rows without figures of any form.

    Parameters
    ----------
    history : DataFrame
        ``panel.build(tables, care_forms=form_history.known(tables))``.
    level : {"municipality", "region"}
        What one row is.
    **settings
        As for ``futures``: horizon and so on.
    """
    if not settled(history["clients_status"]).any():
        return pd.DataFrame(columns=["area_code", "care_form", "period", "mean", *quantile_names()])
    return quantiles(futures(history, **settings), level)


def quantiles(paths: pd.DataFrame, level: str) -> pd.DataFrame:
    """Quantiles of sums of youths within a sample, by area and form.

    Parameters
    ----------
    paths : DataFrame
        From ``futures``.
    level : {"municipality", "region"}
        What one row is.

    Returns
    -------
    DataFrame
        area_code, care_form, period, mean, q0.025, q0.1, q0.5, q0.9, q0.975.

    Examples
    --------
    >>> paths = pd.DataFrame({"municipality_code": ["GM0503", "GM0518"] * 2, "region_code": "JZ24",
    ...                       "care_form": "pleegzorg", "period": 2024, "sample": [0, 0, 1, 1],
    ...                       "clients": [10.0, 20.0, 12.0, 22.0]})
    >>> quantiles(paths, "region")[["area_code", "mean"]].values.tolist()
    [['JZ24', 32.0]]
    """
    keys = ["area_code", "care_form", "period"]
    coded = paths.rename(columns={LEVELS[level]: "area_code"})
    summed = coded.groupby([*keys, "sample"], observed=True)["clients"].sum().unstack("sample")
    values = np.quantile(summed.to_numpy(), QUANTILES, axis=1)
    columns = dict(zip(quantile_names(), values, strict=True))
    return summed.index.to_frame(index=False).assign(mean=summed.mean(axis=1).to_numpy(), **columns)


def flows(
    history: pd.DataFrame, *, horizon: int, declared: Sequence[Break] = (), revision_percent: float = 0.0
) -> pd.DataFrame:
    """Forecast trajectories begun and ended and their mean duration, by area.

    Parameters
    ----------
    history : DataFrame
        ``history.form_history.flows``.
    horizon : int
        Years after the last one known.
    declared, revision_percent
        As for ``futures``; the revision is of counts, not of durations.

    Returns
    -------
    DataFrame
        area_code, measure, period, mean, q0.025, q0.1, q0.5, q0.9, q0.975; no rows without figures.
    """
    forecasts = []
    for measure, rows in history.groupby("measure"):
        usable = _with_figures(rows.loc[rows["status"] != "missing"], ["area_code"], "value")
        if usable.empty:
            continue
        settings: Mapping[str, object] = {
            "key": "area_code",
            "value": "value",
            "breaks": _breaks(declared, usable["period"]),
            "revision_percent": 0.0 if measure == "duration_days" else revision_percent,
        }
        table = usable[["area_code", "period", "value", "status"]].astype(
            {"period": "int64", "value": "float64"}
        )
        forecasts.append(any_table.forecast_table(table, horizon=horizon, **settings).assign(measure=measure))
    names = {f"{share:g}": name for share, name in zip(QUANTILES, quantile_names(), strict=True)}
    columns = ["area_code", "measure", "period", "mean", *names.values()]
    if not forecasts:
        return pd.DataFrame(columns=columns)
    return pd.concat(forecasts, ignore_index=True).rename(columns=names)[columns]


def _with_figures(rows: pd.DataFrame, keys: list[str], value: str) -> pd.DataFrame:
    """Series with at least one whole figure: from lower bounds alone nothing can be learnt."""
    whole = rows[value].where(settled(rows["status"]))
    return rows.loc[whole.groupby([rows[key] for key in keys]).transform("count") > 0]


def _breaks(declared: Sequence[Break], periods: pd.Series) -> list[int]:
    """Years in which the growth of use is no trend, for every municipality."""
    general = [item for item in declared if not item.municipalities and item.effect == breaks.EXCLUDED]
    years = {item.period for item in general if "usage" in item.applies_to}
    return sorted(years & set(periods.astype(int)) - {int(periods.min())})
