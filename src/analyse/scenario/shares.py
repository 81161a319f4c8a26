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
        """Draw the parts of one municipality.

        Parameters
        ----------
        code : str
            Municipality.
        samples : int
            Number of draws.
        rng : Generator
            Source of the random numbers.

        Returns
        -------
        ndarray (part, sample)
            From a Dirichlet distribution; adds up to 1.
        """
        index = self.codes.index(code)
        amounts = rng.standard_gamma(self.mean[index] * self.concentration[index], (samples, len(self.parts)))
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
    reports = _Reports.of(costs)
    totals = reports.amounts([set(group.subcodes) for group in care.groups])
    if not totals.known.any():
        raise DataError("scenario: the table costs_subcode holds no accounts 2023 or budgets 2024-2025")
    names = tuple(group.id for group in care.groups)
    divided = {"groups": _division(reports, totals, parts=names)}
    for index, group in enumerate(care.groups):
        forms = [form for form in care.forms if form.group == group.id]
        amounts = reports.amounts([set(form.subcodes) for form in forms])
        whole = np.where(totals.known, totals.eur[:, index], np.nan)
        names = tuple(form.id for form in forms)
        divided[group.id] = _division(reports, amounts, parts=names, whole=whole)
    return divided


def draw(
    divided: dict[str, Division],
    care: CareForms,
    code: str,
    *,
    samples: int,
    rng: Callable[..., np.random.Generator],
) -> np.ndarray:
    """Part of a municipality's costs by care form, (care form without ``local``, sample); sums to 1.

    Parameters
    ----------
    divided : mapping of Division
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
    if code not in divided["groups"].codes:
        raise DataError(f"scenario: no costs by sub-code of {code}; scenarios need the table costs_subcode")
    groups = divided["groups"].draw(code, samples, rng("scenario", "shares", code, "groups"))
    parts = {}
    for index, name in enumerate(divided["groups"].parts):
        inside = divided[name].draw(code, samples, rng("scenario", "shares", code, name))
        parts |= dict(zip(divided[name].parts, inside * groups[index], strict=True))
    return np.stack([parts[form.id] for form in care.forms if form.group != "local"])


@dataclass(frozen=True)
class _Amounts:
    """EUR by (report, part), and of which reports every figure is known."""

    eur: np.ndarray
    known: np.ndarray


def overall(costs: pd.DataFrame, care: CareForms) -> dict[str, float]:
    """Part of the costs of all municipalities together by care form without ``local``; adds up to 1."""
    divided = divisions(costs, care)
    booked = costs.groupby("municipality_code")["cost_eur"].sum()
    codes = divided["groups"].codes
    weight = booked.reindex(codes).fillna(0).to_numpy(dtype=float)
    weight = weight / weight.sum()
    parts = {}
    for index, name in enumerate(divided["groups"].parts):
        inside = divided["groups"].mean[:, index, None] * divided[name].mean
        parts |= dict(zip(divided[name].parts, weight @ inside, strict=True))
    return {form.id: float(parts[form.id]) for form in care.forms if form.id in parts}


@dataclass(frozen=True)
class _Reports:
    """The reports that are used: municipality (index in ``codes``) and weight of each, and EUR by sub-code."""

    codes: np.ndarray
    owner: np.ndarray
    weight: np.ndarray
    subcodes: list[str]
    eur: np.ndarray
    rows: np.ndarray
    unknown: np.ndarray

    @classmethod
    def of(cls, costs: pd.DataFrame) -> _Reports:
        weights = pd.MultiIndex.from_tuples(list(REPORTS))
        kind = weights.get_indexer(
            pd.MultiIndex.from_arrays([costs["year"].astype("int64"), costs["report"]])
        )
        rows, kind = costs.loc[kind >= 0], kind[kind >= 0]
        owner, codes = pd.factorize(rows["municipality_code"], sort=True)
        column, subcodes = pd.factorize(rows["subcode"], sort=True)
        reports, row = np.unique(owner * len(weights) + kind, return_inverse=True)
        eur = rows["cost_eur"].to_numpy(dtype=float)
        matrices = [np.zeros((len(reports), len(subcodes))) for _ in range(3)]
        for matrix, values in zip(matrices, (np.nan_to_num(eur), 1.0, np.isnan(eur)), strict=True):
            np.add.at(matrix, (row, column), values)
        weight = np.array(list(REPORTS.values()))[reports % len(weights)]
        return cls(np.asarray(codes), reports // len(weights), weight, list(subcodes), *matrices)

    def amounts(self, parts: list[set[str]]) -> _Amounts:
        """EUR by part; a report that does not name a sub-code books nothing under it."""
        inside = np.array([[code in part for part in parts] for code in self.subcodes], dtype=float)
        inside = inside.reshape(len(self.subcodes), len(parts))
        any_part = inside.any(axis=1)
        known = (self.rows @ any_part > 0) & (self.unknown @ any_part == 0)
        return _Amounts((self.eur @ inside).clip(min=0), known)


def _division(
    reports: _Reports,
    amounts: _Amounts,
    *,
    parts: tuple[str, ...],
    whole: np.ndarray | None = None,
) -> Division:
    """Means and concentrations of the municipalities; ``whole`` is what a group costs in each report."""
    eur, total = amounts.eur, amounts.eur.sum(axis=1)
    if whole is None:
        usable = (eur > 0).all(axis=1)
    else:
        divides = eur.max(axis=1) < ONE_LINE * total if eur.shape[1] > 1 else total > 0
        usable = divides & (total >= DIVIDED * whole)
    usable &= amounts.known
    shares, owner = eur[usable] / total[usable, None], reports.owner[usable]
    number, weight = len(reports.codes), reports.weight[usable, None]
    means, has = _mean_by(shares, owner, weight, number)
    full = np.where(has[:, None], means, means[has].mean(axis=0))
    between = _spread(means[has], means[has].var(axis=0))
    concentration = np.where(has, _concentration(shares, owner, number), between)
    return Division(tuple(str(code) for code in reports.codes), parts, full, concentration)


def _mean_by(
    values: np.ndarray, owner: np.ndarray, weight: np.ndarray, number: int
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted mean by owner, (owner, part), and which owners have any."""
    sums, weights = np.zeros((number, values.shape[1])), np.zeros((number, 1))
    np.add.at(sums, owner, values * weight)
    np.add.at(weights, owner, weight)
    return sums / np.where(weights > 0, weights, np.nan), weights[:, 0] > 0


def _concentration(shares: np.ndarray, owner: np.ndarray, number: int) -> float:
    """Concentration that follows from how the reports of one municipality differ, over all municipalities."""
    means, _ = _mean_by(shares, owner, np.ones((len(shares), 1)), number)
    count, squares = np.bincount(owner, minlength=number), np.zeros_like(means)
    np.add.at(squares, owner, (shares - means[owner]) ** 2)
    several = count > 1
    return _spread(means[several], squares[several] / (count[several, None] - 1))


def _spread(means: np.ndarray, variances: np.ndarray) -> float:
    """``k`` from ``k + 1 = sum m (1 - m) / sum s2``, at least 1; one part only leaves nothing to draw."""
    varied = float(variances.sum()) * (len(means) / len(np.atleast_2d(variances)))
    if varied == 0:
        return 1e6
    return max(1.0, float((means * (1 - means)).sum()) / varied - 1)
