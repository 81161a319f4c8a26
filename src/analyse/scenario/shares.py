"""How the costs of a municipality divide over care forms, with what is not known about it.

Accounts and budgets by Iv3 sub-code differ from report to report: bookings move, budgets are intentions. What a
municipality books is drawn from a Dirichlet distribution around the weighted mean of its reports (accounts count
twice), first over the groups (without residence, with residence, protection), then over the forms of a group. Its
concentration k is what the reports say: for a Dirichlet the variance of a part m is ``m (1 - m) / (k + 1)``, so
``k + 1 = sum m (1 - m) / sum s2`` with s2 the variance between the reports of one municipality, summed over all.
A report that books a group on one line does not divide it; a municipality without any usable report takes the mean of
the others, with the concentration that follows from how these differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.scenario.definitions import CareForms

REPORTS = {(2023, "accounts"): 2.0, (2024, "budget"): 1.0, (2025, "budget"): 1.0}
"""Year and report that are used -> weight."""
ONE_LINE = 0.95
"""A larger part of a group on one form means that the booking does not divide the group."""
DIVIDED = 0.5
"""At least this part of a group's costs must stand on a form."""


@dataclass(frozen=True)
class Division:
    """Means (municipality, part), adding up to 1, and concentration (municipality,) of each municipality."""

    codes: tuple[str, ...]
    parts: tuple[str, ...]
    mean: np.ndarray
    concentration: np.ndarray

    def draw(self, code: str, samples: int, rng: np.random.Generator) -> np.ndarray:
        """Dirichlet draws of one municipality, (part, sample)."""
        place = self.codes.index(code)
        amounts = rng.standard_gamma(self.mean[place] * self.concentration[place], (samples, len(self.parts)))
        return (amounts / amounts.sum(axis=1, keepdims=True)).T


def divisions(costs: pd.DataFrame, care: CareForms) -> dict[str, Division]:
    """Division over the groups (key ``groups``) and, by group, over its forms.

    Parameters
    ----------
    costs : DataFrame
        The table ``costs_subcode``: municipality_code, year, report, subcode, cost_eur.
    care : CareForms
        Groups and forms with their sub-codes.

    Raises
    ------
    DataError
        If the table holds none of the reports that are used.
    """
    groups = {group.id: set(group.subcodes) for group in care.groups}
    totals = _amounts(costs, groups)
    if totals.empty:
        raise DataError("scenario: the table costs_subcode holds no accounts 2023 or budgets 2024-2025")
    codes = sorted(totals.index.get_level_values(0).unique())
    found = {"groups": _division(totals, codes, whole=None)}
    for group in care.groups:
        forms = {form.id: set(form.subcodes) for form in care.forms if form.group == group.id}
        found[group.id] = _division(_amounts(costs, forms), codes, whole=totals[[group.id]])
    return found


def draw(found: dict[str, Division], care: CareForms, code: str, *, samples: int,
         rng: Callable[..., np.random.Generator]) -> np.ndarray:  # fmt: skip
    """Part of a municipality's costs by care form, (care form without ``local``, sample); sums to 1.

    Parameters
    ----------
    found : mapping of Division
        From ``divisions``.
    care : CareForms
        Groups and forms.
    code : str
        Municipality.
    samples : int
        Number of samples.
    rng : callable
        ``run.rng``: a generator of its own for each tuple of names.

    Raises
    ------
    DataError
        If the municipality is not in the table.
    """
    if code not in found["groups"].codes:
        raise DataError(f"scenario: no costs by sub-code of {code}; scenarios need the table costs_subcode")
    groups = found["groups"].draw(code, samples, rng("scenario", "shares", code, "groups"))
    parts = {}
    for place, name in enumerate(found["groups"].parts):
        inside = found[name].draw(code, samples, rng("scenario", "shares", code, name))
        parts |= dict(zip(found[name].parts, inside * groups[place], strict=True))
    return np.stack([parts[form.id] for form in care.forms if form.group != "local"])


def _amounts(costs: pd.DataFrame, parts: dict[str, set[str]]) -> pd.DataFrame:
    """EUR by part, one row per municipality, year and report."""
    of = {subcode: part for part, subcodes in parts.items() for subcode in subcodes}
    rows = costs.loc[
        costs["subcode"].isin(of), ["municipality_code", "year", "report", "subcode", "cost_eur"]
    ]
    rows = rows.astype({"year": "int64", "cost_eur": "float64"})
    used = [key in REPORTS for key in zip(rows["year"], rows["report"], strict=True)]
    rows = rows.loc[used].assign(part=lambda table: table["subcode"].map(of))
    key = ["municipality_code", "year", "report"]
    unknown = rows.assign(unknown=rows["cost_eur"].isna()).groupby(key)["unknown"].transform("any")
    table = rows.loc[~unknown].pivot_table(index=key, columns="part", values="cost_eur", aggfunc="sum")
    # A report that is there and does not name a sub-code books nothing on it.
    return table.reindex(columns=list(parts)).fillna(0.0).clip(lower=0)


def _division(amounts: pd.DataFrame, codes: list[str], whole: pd.DataFrame | None) -> Division:
    total = amounts.sum(axis=1)
    if whole is None:
        usable = (amounts > 0).all(axis=1)
    else:
        parts = amounts.max(axis=1) < ONE_LINE * total if amounts.shape[1] > 1 else total > 0
        usable = parts & (total >= DIVIDED * whole.iloc[:, 0].reindex(amounts.index))
    shares = amounts.div(total, axis=0).loc[usable]
    weight = pd.Series([REPORTS[key[1:]] for key in shares.index], index=shares.index)
    means = (shares.mul(weight, axis=0).groupby(level=0).sum()).div(weight.groupby(level=0).sum(), axis=0)
    within, between = _concentration(shares), _spread(means.to_numpy(), means.var(ddof=0).to_numpy())
    full = means.reindex(codes)
    lacking = full.isna().any(axis=1).to_numpy()
    full = full.fillna(means.mean())
    return Division(tuple(codes), tuple(amounts.columns), full.to_numpy(), np.where(lacking, between, within))


def _concentration(shares: pd.DataFrame) -> float:
    """Concentration that follows from how the reports of one municipality differ, over all municipalities."""
    grouped = shares.groupby(level=0)
    several = grouped.size() > 1
    means, variances = grouped.mean().loc[several], grouped.var().loc[several]
    return _spread(means.to_numpy(), variances.to_numpy())


def _spread(means: np.ndarray, variances: np.ndarray) -> float:
    """``k`` from ``k + 1 = sum m (1 - m) / sum s2``, at least 1; one part only leaves nothing to draw."""
    varied = float(variances.sum()) * (len(means) / len(np.atleast_2d(variances)))
    if varied == 0:
        return 1e6
    return max(1.0, float((means * (1 - means)).sum()) / varied - 1)
