"""Simulated trajectories: who starts what, when, with whom, for how long, and what comes after it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.sources.declarations.demo.settings import Shape

WARM_UP_YEARS = 4
STEPS = 4
DAYS_PER_MONTH = 30.4375


def make(target: pd.DataFrame, shape: Shape, offered: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The trajectories of one municipality, so many that the clients of each year are as published.

    Parameters
    ----------
    target : DataFrame
        The rows of one municipality from ``targets.from_history``.
    shape : Shape
        How care, providers and prices are simulated.
    offered : DataFrame
        Which provider offers which form.
    rng : Generator
        Where chance comes from.

    Returns
    -------
    DataFrame
        ``person``, ``care_form``, ``offer`` (row of ``offered``), ``place`` (of the product code), ``referrer``,
        ``birth`` (date), and ``requested_on``, ``allocated_on``, ``start_date``, ``stop_date``.
    """
    wanted = target.set_index("year")["clients"]
    scale, parallel, seed = pd.Series(1.0, index=wanted.index), shape.parallel, int(rng.integers(2**62))
    for _ in range(3):
        found = _draw(wanted * scale, target, shape, parallel=parallel, rng=np.random.default_rng(seed))
        clients, trajectories = _in_care(found, wanted.index)
        scale *= (wanted / clients.clip(lower=1)).clip(0.2, 5).mean()
        parallel = float(
            np.clip(parallel + shape.trajectories_per_youth - trajectories / clients.sum(), 0, 0.95)
        )
    found = _draw(wanted * scale, target, shape, parallel=parallel, rng=np.random.default_rng(seed))
    return _with_provider(found, shape, offered, rng)


def _in_care(found: pd.DataFrame, years: pd.Index) -> tuple[pd.Series, int]:
    """Persons with care by year, and trajectories over all these years."""
    first, last = found["start_date"].dt.year.to_numpy(), found["stop_date"].dt.year.to_numpy()
    inside = {year: (first <= year) & (last >= year) for year in years}
    clients = {year: found["person"].to_numpy()[rows] for year, rows in inside.items()}
    total = sum(int(rows.sum()) for rows in inside.values())
    return pd.Series({year: len(np.unique(persons)) for year, persons in clients.items()}), total


def _draw(
    clients: pd.Series, target: pd.DataFrame, shape: Shape, *, parallel: float, rng: np.random.Generator
) -> pd.DataFrame:
    weights = _weights(shape, float(target["residential_share"].mean()))
    names = np.array(list(shape.forms))
    first = _entries(clients, shape, weights, rng)
    entered = pd.DataFrame(
        {
            "person": np.arange(len(first)),
            "form": rng.choice(len(names), len(first), p=weights),
            "start": first,
            "birth": first - _ages(shape, len(first), rng),
        }
    )
    beside = entered.loc[rng.random(len(entered)) < parallel].copy()
    beside["form"] = rng.choice(len(names), len(beside), p=weights)
    beside["start"] += rng.integers(7, 200, len(beside))
    steps = [_stopped(pd.concat([entered, beside], ignore_index=True), shape, rng)]
    for _ in range(STEPS):
        steps.append(_stopped(_next(steps[-1], shape, rng), shape, rng))
    found = pd.concat(steps, ignore_index=True)
    found["care_form"] = names[found["form"]]
    for column in ("start", "stop", "birth"):
        found[column] = pd.to_datetime(found[column], unit="D")
    return found.rename(columns={"start": "start_date", "stop": "stop_date"}).drop(columns="form")


def _weights(shape: Shape, residential_share: float) -> np.ndarray:
    """Shares of the forms among those who start, such that the share of residential clients is as published."""
    weight = np.array([form.weight for form in shape.forms.values()])
    seen = weight * np.array([12 + form.duration for form in shape.forms.values()])
    inside = np.array([name in shape.residential for name in shape.forms])
    share = np.clip(residential_share / shape.trajectories_per_youth, 0.005, 0.5)
    tilt = share * seen[~inside].sum() / ((1 - share) * seen[inside].sum())
    weight = np.where(inside, weight * tilt, weight)
    return weight / weight.sum()


def _entries(clients: pd.Series, shape: Shape, weights: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Days since 1970 on which new persons start."""
    duration = (weights * np.array([form.duration for form in shape.forms.values()])).sum()
    days = []
    for year in range(clients.index.min() - WARM_UP_YEARS, clients.index.max() + 1):
        monthly = clients.get(year, clients.iloc[0]) / (12 + duration)
        for month, season in enumerate(shape.inflow_season):
            start = np.datetime64(f"{year}-{month + 1:02d}-01").astype(int)
            days.append(start + rng.integers(0, 28, rng.poisson(monthly * season)))
    return np.concatenate(days)


def _ages(shape: Shape, count: int, rng: np.random.Generator) -> np.ndarray:
    weights = np.array(shape.ages) / sum(shape.ages)
    return rng.choice(len(weights), count, p=weights) * 365 + rng.integers(5, 360, count)


def _stopped(found: pd.DataFrame, shape: Shape, rng: np.random.Generator) -> pd.DataFrame:
    mean = np.array([form.duration for form in shape.forms.values()]) * DAYS_PER_MONTH
    length = rng.gamma(1.6, mean[found["form"].to_numpy()] / 1.6)
    return found.assign(stop=found["start"] + np.maximum(length, 3).astype("int64"))


def _next(found: pd.DataFrame, shape: Shape, rng: np.random.Generator) -> pd.DataFrame:
    """What follows on a trajectory: a step to another form, or nothing."""
    names = list(shape.forms)
    chances = np.array([[form.next.get(name, 0.0) for name in names] for form in shape.forms.values()])
    drawn = (rng.random(len(found))[:, None] > chances.cumsum(axis=1)[found["form"].to_numpy()]).sum(axis=1)
    goes_on = drawn < len(names)
    after = found.loc[goes_on].assign(form=drawn[goes_on])
    return after.assign(start=after["stop"] + rng.integers(1, 60, len(after))).drop(columns="stop")


def _with_provider(
    found: pd.DataFrame, shape: Shape, offered: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """A provider for each trajectory, with its own duration and wait."""
    liked = offered["size"].to_numpy() * rng.lognormal(0, 0.8, len(offered))
    offer, place = np.zeros(len(found), dtype=int), np.zeros(len(found), dtype=int)
    for name, form in shape.forms.items():
        rows = np.flatnonzero(found["care_form"] == name)
        able = np.flatnonzero(offered["care_form"] == name)
        offer[rows] = rng.choice(able, len(rows), p=liked[able] / liked[able].sum())
        place[rows] = rng.integers(0, len(form.codes), len(rows))
    length = (found["stop_date"] - found["start_date"]).dt.days * offered["duration_factor"].to_numpy()[offer]
    wait = rng.exponential(offered["wait_days"].to_numpy()[offer])
    codes, chances = list(shape.referrers), np.array(list(shape.referrers.values()))
    allocated = found["start_date"] - pd.to_timedelta(wait.round(), unit="D")
    return found.assign(
        offer=offer,
        place=place,
        referrer=rng.choice(codes, len(found), p=chances / chances.sum()),
        stop_date=found["start_date"] + pd.to_timedelta(length.clip(lower=3).round(), unit="D"),
        allocated_on=allocated,
        requested_on=allocated - pd.to_timedelta(rng.integers(1, 21, len(found)), unit="D"),
    )
