"""Joint futures: youths x clients per youth x price x the rest, sample by sample.

A ``sample`` is one joint future of everything. Add up within a sample, take quantiles last.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from analyse.errors import ParameterError
from analyse.forecast import methods, population, price, usage
from analyse.forecast.known import Known
from analyse.forecast.streams import Streams

HORIZONS, SAMPLES = (1, 10), (2, 10_000)


@dataclass(frozen=True)
class Paths:
    """Joint paths as arrays (series, period, sample); ``price`` is (period, sample), 1 at the origin.

    ``periods`` begin with the first year without a count of clients; costs up to the origin are observed
    and equal in every sample.
    """

    codes: tuple[str, ...]
    regions: tuple[str, ...]
    origin: int
    periods: np.ndarray
    youths: np.ndarray
    clients: np.ndarray
    price: np.ndarray
    cost_eur: np.ndarray
    observed: np.ndarray
    """Whether the costs are accounts, (series, period)."""

    def only(self, codes: Collection[str]) -> Paths:
        """The paths of some municipalities; of all when there are none."""
        here = [place for place, code in enumerate(self.codes) if not codes or code in codes]
        return replace(
            self,
            codes=tuple(self.codes[place] for place in here),
            regions=tuple(self.regions[place] for place in here),
            **{name: getattr(self, name)[here] for name in ("youths", "clients", "cost_eur", "observed")},
        )

    def together(self, code: str) -> Paths:
        """The sums over all municipalities, within every sample, as one area."""
        sums = {name: getattr(self, name).sum(axis=0)[None] for name in ("youths", "clients", "cost_eur")}
        return replace(self, codes=(code,), regions=(code,), observed=self.observed.all(axis=0)[None], **sums)


def joint(
    known: Known, *, horizon: int, samples: int, rng: np.random.Generator, method: str = methods.STANDARD
) -> Paths:
    """Sample joint futures from what is known at an origin.

    Parameters
    ----------
    known : Known
        See ``analyse.forecast.known.as_of``.
    horizon, samples : int
        Years after the origin, and number of joint futures.
    rng : Generator
        Gives the seed; every area then draws its own numbers.
    method : str
        Name in ``methods.METHODS``: what forecasts real cost per youth.

    Raises
    ------
    ParameterError
        When an argument is out of range or the method is unknown.
    """
    _within("horizon", horizon, HORIZONS)
    _within("samples", samples, SAMPLES)
    streams, size = Streams.split(rng), {"horizon": horizon, "samples": samples}
    young, _ = population.paths(known, **size, streams=streams)
    prices = price.paths(known, **size, streams=streams)
    real = methods.find(method)(known, **size, streams=streams)
    rate = usage.paths(known, **size, streams=streams)
    cost = np.exp(real) * young * prices
    before = np.arange(usage.first_period(known), known.origin + 1)
    past = np.isin(known.years, before)
    youths_before = np.broadcast_to(
        known.youths[:, :-1][:, past, None], (len(known.codes), len(before), samples)
    )
    cost_before = np.broadcast_to(known.cost_eur[:, past, None], youths_before.shape)
    price_before = np.exp(price.log_index(known.price_growth, known.years))[past]
    young = np.concatenate([youths_before, young], axis=1)
    return Paths(
        codes=known.codes,
        regions=known.regions,
        origin=known.origin,
        periods=np.arange(known.origin + 1 - len(before), known.origin + 1 + horizon),
        youths=young,
        clients=np.exp(rate) * young,
        price=np.concatenate([np.broadcast_to(price_before[:, None], (len(before), samples)), prices]),
        cost_eur=np.concatenate([cost_before, cost], axis=1),
        observed=np.column_stack(
            [~np.isnan(cost_before[:, :, 0]), np.zeros((len(known.codes), horizon), dtype=bool)]
        ),
    )


def _within(name: str, value: int, limits: tuple[int, int]) -> None:
    if not limits[0] <= value <= limits[1]:
        raise ParameterError(f"forecast: {name} {value}; choose {limits[0]} to {limits[1]}")
