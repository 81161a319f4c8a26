"""Simulated providers: what they offer, how large they are, their tariffs and how soon they declare."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.sources.declarations.demo.settings import Shape

FIRST_AGB = 99_900_001
"""Codes of the simulated providers: a series of our own that begins with 999."""


def make(shape: Shape, rng: np.random.Generator) -> pd.DataFrame:
    """One row per provider and care form that it offers.

    Returns
    -------
    DataFrame
        ``provider`` (AGB code), ``care_form``, ``size`` (weight), ``speed`` (class), ``tariff_factor``,
        ``duration_factor``, ``wait_days``, ``pace`` (how much slower than its class), ``day`` (of the month on which it
        declares).
    """
    names, forms = np.array(list(shape.forms)), shape.forms.values()
    count = shape.providers
    codes = [str(FIRST_AGB + number) for number in range(count)]
    speeds = list(shape.speeds)
    own = pd.DataFrame(
        {
            "provider": codes,
            "size": 1 / np.arange(3, count + 3) ** 0.9,
            "speed": rng.choice(speeds, count, p=[shape.speeds[name].share for name in speeds]),
            "tariff_factor": rng.uniform(0.93, 1.07, count),
            "duration_factor": rng.lognormal(-0.03, 0.25, count),
            "wait_days": rng.gamma(3.0, 14.0, count),
            "pace": rng.lognormal(0.0, 0.2, count),
            "day": rng.integers(3, 24, count),
        }
    )
    weights = np.array([form.weight for form in forms]) ** 0.5
    offered = [
        (code, name)
        for code, number in zip(codes, rng.integers(1, 4, count), strict=True)
        for name in rng.choice(names, number, replace=False, p=weights / weights.sum())
    ]
    offered += [(codes[place], name) for place in range(3) for name in names]  # every form has at least a few
    pairs = pd.DataFrame(offered, columns=["provider", "care_form"]).drop_duplicates()
    return pairs.merge(own, on="provider", validate="m:1").reset_index(drop=True)


def tariffs(shape: Shape, offered: pd.DataFrame, years: range) -> pd.DataFrame:
    """The contracts: ``provider``, ``product_code``, ``care_form``, ``year``, ``unit``, ``tariff_cents`` a unit.

    Parameters
    ----------
    shape : Shape
        Forms with their codes and tariffs, and how prices rise.
    offered : DataFrame
        Which provider offers which form, and how far its tariffs lie from the usual ones.
    years : range
        Years with a tariff.
    """
    rows = []
    for one in offered.itertuples():
        form = shape.forms[one.care_form]
        for place, code in enumerate(form.codes):
            for year in years:
                level = form.tariff * one.tariff_factor * (1 + 0.06 * place) * shape.index(year)
                row = (one.provider, code, one.care_form, year, form.unit, max(1, round(level * 100)))
                rows.append(row)
    columns = ["provider", "product_code", "care_form", "year", "unit", "tariff_cents"]
    return pd.DataFrame(rows, columns=columns)
