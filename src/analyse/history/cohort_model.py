"""The cohort model behind ``youths``: inhabitants by single year of age from sums over ages, births and moves.

The unknowns are the inhabitants ``x[a, t]`` of age ``a`` (0-24) on 1 January of year ``t``, and ``d[a]``: what a
cohort gains per year on its way to age ``a``. Both are in units of one year of age of the municipality: its
mean number of inhabitants per year of age below 15. They are the weighted least-squares solution of

- cohorts: ``x[a + 1, t + 1] - x[a, t] = d[a + 1] + kappa * migration[t]``;
- births: ``x[0, t + 1] - d[0] = births[t] + kappa * migration[t]``, and ``x[0, t + 1] = x[0, t]`` where the
  births are not yet known;
- a first year that is smooth over the ages below 18; from 18 on an age that changes little from year to year;
- ``d`` smooth over the ages and near that of all municipalities;
- published sums over ages, with a weight that makes them hold.

``kappa``, the part of net migration that falls on one year of age, is one number below 18 and one from 18 on,
the same for all municipalities and estimated from the same equations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

AGES = 25
STUDENT_AGE = 18
"""From this age on moving for study and work makes cohorts jump: wide tolerances, and a ``kappa`` of their own."""

PUBLISHED = 1e-6
BIRTHS = 0.01
UNKNOWN_BIRTHS = 0.04
COHORT = (0.02, 0.15)
FIRST_YEAR_SMOOTH = 0.03
STUDENTS = 0.2
INCREMENT_SMOOTH = (0.01, 0.2)
INCREMENT = (0.02, 0.2)
"""By how much an equation may miss, below and from ``STUDENT_AGE``, as a fraction of one year of age."""

POOLINGS = 4
"""Times that the increments of all municipalities together are estimated anew."""


@dataclass(frozen=True)
class Inputs:
    """What is known, in persons; the arrays have shape (municipality, year), for years in order without gaps.

    ``births`` and ``migration`` are those of the year before each 1 January; births not yet known are NaN.
    ``sums`` maps (first age, last age + 1, index of the year) to the published inhabitants, (municipality,).
    ``scale`` is one year of age of each municipality.
    """

    births: np.ndarray
    migration: np.ndarray
    sums: Mapping[tuple[int, int, int], np.ndarray]
    scale: np.ndarray


@dataclass(frozen=True)
class _Equation:
    """``sum of terms = value``, give or take ``tolerance``; ``moves`` adds kappa of a group times migration."""

    terms: tuple[tuple[int, float], ...]
    tolerance: float
    value: np.ndarray | float = 0.0
    group: int | None = None
    moves: np.ndarray | float = 0.0


def solve(inputs: Inputs) -> np.ndarray:
    """Return the inhabitants by age, in persons, of shape (municipality, age, year).

    Examples
    --------
    Two years and one municipality, with 150 children born in each year and nobody moving:

    >>> sums = {(0, 15, 1): np.array([2250.0]), (15, 25, 1): np.array([1500.0])}
    >>> known = Inputs(np.array([[150.0, 150.0]]), np.zeros((1, 2)), sums, np.array([150.0]))
    >>> solve(known)[0, [0, 5, 17], 1].round().tolist()
    [150.0, 150.0, 150.0]
    """
    scaled = Inputs(
        inputs.births / inputs.scale[:, None],
        inputs.migration / inputs.scale[:, None],
        {key: value / inputs.scale for key, value in inputs.sums.items()},
        inputs.scale,
    )
    municipalities, years = inputs.births.shape
    matrix, right, moves = _stack(list(_equations(scaled)), AGES * (years + 1), municipalities)
    q, r = np.linalg.qr(matrix)
    weight = matrix[-AGES:].sum(axis=1, keepdims=True)  # one over the tolerance
    inverse, moved = np.linalg.solve(r, q.T), np.stack([_missed(q, group) for group in moves])
    for _ in range(POOLINGS):
        kappa = _kappa(moved, _missed(q, right))
        solution = inverse @ (right + np.tensordot(kappa, moves, axes=1))
        right[-AGES:] = weight * solution[-AGES:].mean(axis=1, keepdims=True)
    counts = solution[: AGES * years].reshape(AGES, years, municipalities)
    return counts.transpose(2, 0, 1) * inputs.scale[:, None, None]


def _equations(known: Inputs) -> Iterator[_Equation]:
    """The increments near those of all municipalities come last, where ``solve`` finds them."""
    years = known.births.shape[1]
    yield from _flows(known)
    for (first, after, year), value in known.sums.items():
        yield _Equation(tuple((age * years + year, 1.0) for age in range(first, after)), PUBLISHED, value)
    yield from _smooth(years)
    for age in range(AGES):
        yield _Equation(((AGES * years + age, 1.0),), _tolerance(INCREMENT, age))


def _flows(known: Inputs) -> Iterator[_Equation]:
    """Births and cohorts: unknown ``age * years + year`` is a count, ``AGES * years + age`` an increment."""
    years = known.births.shape[1]
    for year in range(years):
        births, moved = known.births[:, year], known.migration[:, year]
        if np.isnan(births).any():
            yield _Equation(((year, 1.0), (year - 1, -1.0)), UNKNOWN_BIRTHS)
        else:
            yield _Equation(((year, 1.0), (AGES * years, -1.0)), BIRTHS, births, 0, moved)
        for age in range(1, AGES if year else 1):
            younger = (age - 1) * years + year - 1
            terms = ((age * years + year, 1.0), (younger, -1.0), (AGES * years + age, -1.0))
            yield _Equation(terms, _tolerance(COHORT, age), 0.0, int(age >= STUDENT_AGE), moved)


def _smooth(years: int) -> Iterator[_Equation]:
    """Increments and the first year bend little over the ages; students change little over the years."""
    bend = ((0, 1.0), (1, -2.0), (2, 1.0))
    for age in range(2, AGES):
        of_increment = tuple((AGES * years + age - back, factor) for back, factor in bend)
        yield _Equation(of_increment, _tolerance(INCREMENT_SMOOTH, age))
        if age < STUDENT_AGE:
            yield _Equation(tuple(((age - back) * years, factor) for back, factor in bend), FIRST_YEAR_SMOOTH)
    for age in range(STUDENT_AGE, AGES):
        for year in range(1, years):
            yield _Equation(((age * years + year, 1.0), (age * years + year - 1, -1.0)), STUDENTS)


def _tolerance(pair: tuple[float, float], age: int) -> float:
    return pair[int(age >= STUDENT_AGE)]


def _stack(equations: list[_Equation], unknowns: int, municipalities: int) -> tuple[np.ndarray, ...]:
    """Matrix (equation, unknown), right-hand side (equation, municipality) and moves (group, same)."""
    matrix = np.zeros((len(equations), unknowns))
    right = np.zeros((len(equations), municipalities))
    moves = np.zeros((2, len(equations), municipalities))
    for row, equation in enumerate(equations):
        for unknown, factor in equation.terms:
            matrix[row, unknown] += factor / equation.tolerance
        right[row] = equation.value / equation.tolerance
        if equation.group is not None:
            moves[equation.group, row] = equation.moves / equation.tolerance
    return matrix, right, moves


def _missed(q: np.ndarray, values: np.ndarray) -> np.ndarray:
    """What the equations miss of their right-hand sides, flat."""
    return (values - q @ (q.T @ values)).ravel()


def _kappa(moved: np.ndarray, missed: np.ndarray) -> np.ndarray:
    """The two kappas with which all equations together miss least."""
    return -np.linalg.lstsq(moved @ moved.T, moved @ missed, rcond=None)[0]
