"""A small area whose forecast, care forms and draws are made up, with the levers that come with the suite."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from analyse import scenario
from analyse.scenario.model import Inputs

YEARS = (2025, 2026, 2027, 2028)


CARE = scenario.care_forms()
_FAIR = next(lever for lever in scenario.levers() if lever.id == "fair-tariffs")
PLAIN = {
    "regional-to-local": {"exposure": 1.0, "delay_months": 0},
    "closed-places": {"delay_months": 0},
}
"""Levers as they come with the suite, without a reach, a delay or a cost: easily worked by hand."""
FREE = {"one_off_eur_per_youth": 0.0, "running_eur_per_youth": 0.0}
LEVERS = (
    *(
        lever.model_copy(update={"default": lever.default.model_copy(update=FREE), **PLAIN.get(lever.id, {})})
        for lever in scenario.levers()
    ),
    _FAIR.model_copy(update={"id": "tariff-cut", "minimum": -20.0}),
)
"""The last one cuts all tariffs."""


SCALES = {"million euros": 0.02, "youths": 0.0005}
"""Per cent that a unit of a national amount is, about as large as it really is."""


def _area(seed: int = 1, *, samples: int = 40, code: str = "GM0001", certain: bool = False) -> Inputs:
    rng = np.random.default_rng(seed)
    forms = tuple(form.id for form in CARE.forms)
    size = (len(YEARS), samples)
    shares = rng.dirichlet(np.full(len(forms) - 1, 3.0), samples).T
    count = len(LEVERS)
    around = (
        (lambda: np.ones((count, samples))) if certain else (lambda: rng.uniform(0.5, 1.2, (count, samples)))
    )
    return Inputs(
        area_code=code,
        area="Voorbeeld",
        base_year=2024,
        years=YEARS,
        forms=forms,
        levers=LEVERS,
        start={
            "youths": np.full(samples, 1000.0),
            "clients": np.full(samples, 100.0),
            "cost_eur": np.full(samples, 1.0e6),
        },
        youths=1000.0 * np.exp(rng.normal(0, 0.02, size)),
        clients=100.0 * np.exp(rng.normal(0, 0.1, size)),
        price=np.cumprod(1 + rng.normal(0.03, 0.01, size), axis=0),
        cost_eur=1.0e6 * np.exp(rng.normal(0.05, 0.1, size)),
        shares=np.repeat(shares[:, None], len(YEARS), axis=1),
        client_weights=shares,
        months=rng.uniform(4, 40, (len(forms) - 1, samples)),
        waiting=np.zeros((len(forms) - 1, samples)),
        draws=around(),
        found=np.zeros((count, samples)),
        ratios=around(),
        cost_draws=around(),
        capacity=np.full((count, samples), np.inf),
        scales=np.array([[SCALES.get(lever.unit, 1.0)] * len(YEARS) for lever in LEVERS]),
        budgets={2027: 1.1e6},
        passport={
            "data_version": "1",
            "composition": "fixed",
            "composition_year": 2026,
            "horizon": 4,
            "samples": samples,
            "seed": seed,
        },
    )


@pytest.fixture(scope="session")
def area() -> Callable[..., Inputs]:
    """``area(seed)``: made-up inputs; ``certain=True``: every effect comes true as set."""
    return _area


@pytest.fixture(scope="session")
def settings() -> Callable[..., dict]:
    """``settings({"poh-jeugd": {"size": -10}})``: checked settings for the years of ``area``."""

    def make(levers: dict) -> dict:
        return dict(scenario.read({"title": "test", "levers": levers}, years=YEARS, known=LEVERS).settings)

    return make
