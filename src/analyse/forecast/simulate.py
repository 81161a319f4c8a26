"""The forecast as a table: joint futures of every municipality, and their sums by region and all together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analyse.assumed import Assumed
from analyse.errors import ParameterError
from analyse.forecast import own_assumptions, ragged
from analyse.forecast.joint import Paths
from analyse.history import areas
from analyse.parameters import Break

TOTAL = "total"
LEVELS = ("municipality", "region", "all")
OBSERVED, FORECAST = "observed", "forecast"


def simulate(  # noqa: PLR0913 - each is a choice of its own
    history: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    *,
    horizon: int = 6,
    samples: int = 1000,
    rng: np.random.Generator,
    only: Collection[str] = (),
    partial: bool = False,
    assumptions: Assumed | Mapping[str, Any] | None = None,
    breaks: Sequence[Break] | None = None,
) -> pd.DataFrame:
    """Sample joint futures of every municipality.

    Growth, shocks and expected levels are learned from all municipalities of the tables: those of the whole country
    give the numbers of the reports, see ``shared.pool``.

    Parameters
    ----------
    history : DataFrame
        One row per (municipality_code, care_form, period), fixed composition, **all** municipalities.
        Select the municipality you want from the result: its numbers do not depend on the others' order.
    tables : mapping of DataFrame
        The tables of the dataset.
    horizon : int
        Years after the last accounts, 1 to 10.
    samples : int
        Number of joint futures, 2 to 10,000.
    rng : Generator
        ``run.rng("forecast")``; the same generator state gives the same paths, to the bit.
    only : collection of str
        Codes of the municipalities whose paths are given; none is all. Their numbers are the same either way.
    partial : bool
        Whether a history without some of the municipalities of ``tables`` is meant; its numbers are other ones.
    assumptions : Assumed or mapping, optional
        What differs from ``parameters/assumptions.yaml``: ``{"price_growth_percent": 3.0}`` (an interval keeps its
        width), ``{"leave_out_years": [2020]}``, ``{"budget_signal": False}``, ``{"breaks": [2022]}`` (besides those
        declared); see ``analyse.assumed.Assumed``. Leaving a year out, setting its figures to NaN with the status
        ``missing``, and dropping its rows from ``history`` give the same paths, to the bit.
    breaks : sequence of Break, optional
        Declared breaks in place of ``parameters.breaks()``.

    Returns
    -------
    DataFrame
        One row per (municipality_code, care_form, period, sample): region_code, youths (0-17, 1 January),
        clients, price (index, last year with accounts = 1), cost_eur, stage. Periods run from the first year
        without a count of clients; stage is ``observed`` where the costs are accounts, then ``forecast``: each
        municipality from its own last accounts on, see ``ragged``.

    Raises
    ------
    ParameterError
        When ``horizon`` or ``samples`` is out of range, the history lacks municipalities of the tables, or an
        assumption is not known or impossible.

    Examples
    --------
    >>> from analyse.history import panel
    >>> from analyse.sources import snapshot
    >>> tables = snapshot.load()
    >>> paths = simulate(panel.build(tables), tables, horizon=2, samples=100, rng=np.random.default_rng(1))
    >>> paths.query("stage == 'forecast'")["period"].unique().tolist()
    [2025, 2026]
    """
    if not partial and len(history):
        _check_whole(history, tables)
    changed, chosen = own_assumptions.settings(assumptions, breaks)
    seen = own_assumptions.history_of(history, changed)
    paths = ragged.paths(seen, tables, horizon=horizon, samples=samples, rng=rng, **chosen)
    return to_table(paths.only(only))


def _check_whole(history: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> None:
    """Refuse a history of some municipalities: pooled estimates, and so every number, would differ unseen."""
    all_codes = areas.municipalities(tables)
    absent = sorted(set(all_codes) - set(history["municipality_code"]))
    if absent:
        raise ParameterError(
            f"forecast: the history has {len(all_codes) - len(absent)} of {len(all_codes)} municipalities, and every "
            "forecast learns from all; give the whole history and select from the result, or say partial=True"
        )


def to_table(paths: Paths) -> pd.DataFrame:
    """Paths as a long table, see ``simulate``."""
    series, periods, samples = paths.cost_eur.shape
    stage = np.where(paths.observed, 0, 1)
    return pd.DataFrame(
        {
            "municipality_code": _category(paths.codes, periods * samples),
            "region_code": _category(paths.regions, periods * samples),
            "care_form": pd.Categorical.from_codes(
                np.zeros(series * periods * samples, dtype=np.int8), [TOTAL]
            ),
            "period": np.tile(np.repeat(paths.periods.astype(np.int16), samples), series),
            "sample": np.tile(np.arange(samples, dtype=np.int16), series * periods),
            "youths": paths.youths.ravel(),
            "clients": paths.clients.ravel(),
            "price": np.tile(paths.price.ravel(), series),
            "cost_eur": paths.cost_eur.ravel(),
            "stage": pd.Categorical.from_codes(np.repeat(stage.ravel(), samples), [OBSERVED, FORECAST]),
        }
    )


def by_area(
    paths: pd.DataFrame, level: str, *, groups: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """Add paths up to a level, within every sample.

    Parameters
    ----------
    paths, level, groups
        Those of ``simulate``, or of some municipalities; what one row is, as for ``history.panel.by_area``.

    Returns
    -------
    DataFrame
        area_code instead of municipality_code and region_code; youths, clients and cost_eur are sums, price
        is the same for all. A sum of which a part is unknown is NaN: a future has no lower bounds.

    Raises
    ------
    ParameterError
        When ``level`` is not one of these, or a group has a municipality that is not in ``paths``.

    Examples
    --------
    >>> paths = pd.DataFrame({"municipality_code": ["GM0503", "GM0518"], "region_code": "JZ24", "care_form": "total",
    ...                       "period": 2025, "sample": 0, "youths": [20.0, 90.0], "clients": [2.0, 9.0], "price": 1.0,
    ...                       "cost_eur": [5.0, 7.0], "stage": "forecast"})
    >>> by_area(paths, "region")[["area_code", "cost_eur"]].values.tolist()
    [['JZ24', 12.0]]
    """
    if level == "municipality":
        return paths.drop(columns="region_code").rename(columns={"municipality_code": "area_code"})
    if level == "group":
        coded = areas.grouped(paths, groups or {})
    elif level == "region":
        coded = paths.assign(area_code=paths["region_code"])
    elif level == "all":
        coded = paths.assign(
            area_code=pd.Categorical.from_codes(np.zeros(len(paths), dtype=np.int8), [areas.ALL])
        )
    else:
        raise ParameterError(f"forecast: level {level!r} is not known; choose one of {', '.join(LEVELS)}")
    keys = ["area_code", "care_form", "period", "sample", "stage"]
    if not _one_stage(coded):
        coded = coded.assign(stage=_stage_of_sum(coded))
    grouped = coded.groupby(keys, observed=True, sort=True)
    summed = grouped[["youths", "clients", "cost_eur"]].sum(skipna=False)
    return summed.assign(price=grouped["price"].first()).reset_index()[
        ["area_code", "care_form", "period", "sample", "youths", "clients", "price", "cost_eur", "stage"]
    ]


def _one_stage(coded: pd.DataFrame) -> bool:
    """Whether all parts of every sum are accounts, or all are forecast."""
    stages = coded[["period", "stage"]].drop_duplicates()
    return not stages["period"].duplicated().any()


def _stage_of_sum(coded: pd.DataFrame) -> pd.Categorical:
    """A sum of accounts and forecasts is a forecast."""
    forecast = coded["stage"].eq(FORECAST).groupby([coded["area_code"], coded["period"]], observed=True)
    return pd.Categorical.from_codes(forecast.transform("any").astype("int8"), [OBSERVED, FORECAST])


def _category(labels: tuple[str, ...], repeats: int) -> pd.Categorical:
    names = sorted(set(labels))
    codes = np.searchsorted(names, labels)
    return pd.Categorical.from_codes(np.repeat(codes, repeats), names)
