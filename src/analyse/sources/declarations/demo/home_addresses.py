"""Where simulated youths are registered: mostly in the municipality that is sent the bills, some elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analyse.sources.declarations.demo.settings import Shape

NEIGHBOUR = {"GM0599": "GM0518"}
"""Where who lives elsewhere does so, when one municipality is simulated; of all others GM0599."""
_ADDRESSES = 3
"""Makes the draws of addresses other ones than those of the care itself."""


def postcodes(trajectories: pd.DataFrame, shape: Shape, *, seed: int) -> np.ndarray:
    """The registered postcode of the youth of each trajectory when it was allocated, (trajectory,).

    Parameters
    ----------
    trajectories : DataFrame
        person, municipality_code, care_form, start_date, stop_date and allocated_on.
    shape : Shape
        How many live elsewhere, and how many are registered where they stay.
    seed : int
        The same seed gives the same addresses.
    """
    rng = np.random.default_rng([seed, _ADDRESSES])
    person = trajectories["person"].to_numpy()
    own = trajectories["municipality_code"].to_numpy()
    codes = sorted(set(own))
    drawn = rng.random((2, int(person.max()) + 1))[:, person]
    steps = rng.integers(1, max(len(codes), 2), int(person.max()) + 1)[person]
    others = np.array([_other(code, codes, step) for code, step in zip(own, steps, strict=True)])
    staying = trajectories["care_form"].isin(shape.residential)
    stays = trajectories[staying].groupby("person")["start_date"].min()
    first = trajectories["person"].map(stays)
    moved = (trajectories["allocated_on"] > first).to_numpy() & (drawn[1] < shape.registered_at_stay)
    elsewhere = (drawn[0] < shape.lives_elsewhere) | moved
    return np.array([code[2:] for code in np.where(elsewhere, others, own)])


def table(codes: Iterable[str]) -> pd.DataFrame:
    """postcodes.csv of the simulation: one postcode each, the digits of the code."""
    known = sorted({*codes, "GM0599", "GM0518"})
    return pd.DataFrame({"postcode": [code[2:] for code in known], "municipality_code": known})


def _other(own: str, codes: list[str], step: int) -> str:
    if len(codes) == 1:
        return NEIGHBOUR.get(own, "GM0599")
    return codes[(codes.index(own) + step) % len(codes)]
