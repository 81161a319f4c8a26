"""Everything that the scenarios of one area need, gathered from the forecast and the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analyse import shared
from analyse.errors import DataError, ParameterError
from analyse.history import areas, boundaries
from analyse.parameters import Run
from analyse.scenario import draws, national, shares, use_by_form
from analyse.scenario.ages import parts as age_parts
from analyse.scenario.definitions import care_forms, levers
from analyse.scenario.model import Inputs
from analyse.schema import WHOLE_STATUSES
from analyse.sources import snapshot

VALUES = ("youths", "clients", "price", "cost_eur")
PASSPORT = ("data_version", "composition", "composition_year", "horizon", "samples", "seed")


def of(run: Run, code: str, *, version: str | None = None) -> Inputs:
    """The inputs of one municipality, region, or ``ALL``.

    Parameters
    ----------
    run : Run
        The choices of the run.
    code : str
        ``GM0503``, ``JZ24`` or ``ALL``.
    version : str, optional
        Version of the data, for the passport; by default that of the dataset.

    Returns
    -------
    Inputs: futures of the area without measures, its levers and what they draw, sample by sample.

    Raises
    ------
    DataError
        If the area or its costs by sub-code are not in the data.

    Examples
    --------
    >>> delft = of(Run(samples=100), "GM0503")
    >>> delft.years, delft.cost_eur.shape
    ((2025, 2026, 2027, 2028, 2029, 2030), (6, 100))
    """
    tables = shared.tables(run)
    members = _members(run, tables, code)
    codes = list(dict.fromkeys([code, *members, areas.COUNTRY]))
    stated = snapshot.package(run.dataset)["version"] if version is None else version
    future, past = (
        shared.read("future", run, codes),
        shared.read("past", run, [code, areas.COUNTRY]),
    )
    ages = None if tables["care_by_age"].empty else shared.read("ages", run, members)
    return build(future, past, tables, run=run, code=code, version=stated, ages=ages)


def of_group(run: Run, past: pd.DataFrame, future: pd.DataFrame, *, version: str = "") -> Inputs:
    """The inputs of the own group of municipalities that a run names.

    Parameters
    ----------
    run : Run
        With ``group`` and ``members``.
    past, future : DataFrame
        ``panel.by_area`` and ``forecast.by_area`` of the group.
    version : str
        Version of the data, for the passport.
    """
    codes, tables = [*run.members, areas.COUNTRY], shared.tables(run)
    ahead = pd.concat([future, shared.read("future", run, codes)], ignore_index=True)
    known = pd.concat([past, shared.read("past", run, [areas.COUNTRY])], ignore_index=True)
    ages = None if tables["care_by_age"].empty else shared.read("ages", run, list(run.members))
    return build(ahead, known, tables, run=run, code=run.group, version=version, ages=ages)


def build(
    future: pd.DataFrame,
    past: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    *,
    run: Run,
    code: str,
    version: str = "",
    ages: pd.DataFrame | None = None,
) -> Inputs:
    """Gather the inputs of one area from tables.

    Parameters
    ----------
    future : DataFrame
        Paths of the area, of its municipalities and of the country (``areas.COUNTRY``), as ``shared`` has them.
    past : DataFrame
        History of the area and of the country, likewise.
    tables : mapping of DataFrame
        Of the dataset.
    run, code, version
        As for ``of``.
    ages : DataFrame, optional
        Inhabitants by age of its municipalities, likewise; without them a lever that says which ages grow is left out.
    """
    care, members = care_forms(), _members(run, tables, code)
    known = tuple(lever for lever in levers() if lever.ages is None or ages is not None)
    rows = future.loc[future["area_code"] == code]
    # The first year of the paths: of a region in which the accounts of one municipality are late it is partly forecast.
    base_year, *years = (int(year) for year in sorted(rows["period"].unique()))
    values = {name: _matrix(rows, name, years) for name in VALUES}
    samples = values["cost_eur"].shape[1]
    everywhere = [table.loc[table["area_code"] == areas.COUNTRY] for table in (future, past)]
    country = national.of(*everywhere, tables, care=care, years=years)
    effects = draws.effects(known, samples=samples, rng=run.rng)
    split, weights = _forms(future, tables, members, years=years, run=run)
    return Inputs(
        area_code=code,
        area=code if code == run.group else areas.name(tables, code),
        base_year=base_year,
        years=tuple(years),
        forms=tuple(form.id for form in care.forms),
        levers=known,
        start={name: _matrix(rows, name, (base_year,))[0] for name in ("youths", "clients", "cost_eur")},
        **values,
        shares=split,
        client_weights=weights,
        months=draws.months(
            care, samples=samples, rng=run.rng, outpatient=use_by_form.outpatient_months(tables)
        ),
        waiting=draws.waiting(care, samples=samples, rng=run.rng),
        draws=effects.part,
        found=effects.found,
        ratios=effects.ratios,
        cost_draws=effects.cost,
        capacity=effects.capacity,
        scales=np.stack([country.scale(lever) for lever in known]),
        age_parts={} if ages is None else age_parts(known, ages, tables, base_year=base_year),
        budgets=_budgets(past.loc[past["area_code"] == code], base_year),
        passport=_passport(run, version, samples),
    )


def _forms(
    future: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    members: Sequence[str],
    *,
    years: Sequence[int],
    run: Run,
) -> tuple[np.ndarray, np.ndarray]:
    """Parts of the costs and of the clients by care form; those of a region are sums within a sample."""
    care = care_forms()
    divided = shares.divisions(tables["costs_subcode"], care)
    paths = {code: part for code, part in future.groupby("area_code", observed=True) if code in members}
    clients = {code: _matrix(paths[code], "clients", years) for code in members}
    costs = {code: _matrix(paths[code], "cost_eur", years) for code in members}
    samples = next(iter(costs.values())).shape[1]
    parts = {code: shares.draw(divided, care, code, samples=samples, rng=run.rng) for code in members}
    weights = {
        code: use_by_form.weights(care, parts[code], use_by_form.counts(tables, code)) for code in members
    }
    if len(members) == 1:
        return np.repeat(parts[members[0]][:, None], len(years), axis=1), weights[members[0]]
    by_form = sum(parts[code][:, None] * costs[code] for code in members)
    return by_form / sum(costs.values()), use_by_form.of_region(weights, clients)


def _members(run: Run, tables: Mapping[str, pd.DataFrame], code: str) -> list[str]:
    if code == run.group:
        return list(run.members)
    if code.startswith("GM"):
        return [code]
    regions = list(areas.regions(tables)) if code == areas.ALL else [code]
    if code != areas.ALL and code not in areas.regions(tables):
        raise ParameterError(
            f"scenario: no area {code!r}; choose a municipality, a region or ALL; see `analyse list`"
        )
    codes = [code for region in regions for code in areas.members(tables, region, run.composition_year)]
    return list(boundaries.current_codes(pd.Series(codes, dtype="str"), tables).unique())


def _matrix(rows: pd.DataFrame, name: str, years: Sequence[int]) -> np.ndarray:
    """One value as (year, sample)."""
    chosen = rows.loc[rows["period"].isin(years)].sort_values(["period", "sample"], kind="stable")
    values = chosen[name].to_numpy(dtype=float).reshape(len(years), -1)
    if np.isnan(values).any():
        code = str(rows["area_code"].iloc[0])
        raise DataError(
            f"scenario: the forecast of {name} of {code} is not complete; look at `analyse data verify`"
        )
    return values


def _budgets(past: pd.DataFrame, base_year: int) -> dict[int, float]:
    """Known whole budgets after the base year, in EUR."""
    rows = past.loc[(past["period"] > base_year) & past["budget_status"].isin(WHOLE_STATUSES)]
    return {int(row.period): float(row.budget_eur) for row in rows.itertuples()}


def _passport(run: Run, version: str, samples: int) -> dict[str, Any]:
    values = (version, run.composition, run.composition_year, run.horizon, samples, run.seed)
    return dict(zip(PASSPORT, values, strict=True))
