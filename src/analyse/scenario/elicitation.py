"""What experts expect of unmeasured measures: a form with low, middle and high, pooled into one distribution.

Each expert gives three numbers for a measure: one chance in ten that it becomes less than ``low``, as likely above as
below ``middle``, one in ten that it becomes more than ``high``. Between them the distribution function runs straight,
and beyond them half as far again, as everywhere here (``evidence.Interval``). Experts are pooled as a mixture: with
equal weights, or by how they did on questions of which the answer is known (R. Cooke, "Experts in Uncertainty", 1991).
What comes of it stays the assumption of whoever asked: no evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analyse.errors import ParameterError
from analyse.parameters import BothLanguages, Strict
from analyse.scenario import draws
from analyse.scenario.definitions import Lever, Setting
from analyse.scenario.draws import Rng
from analyse.scenario.evidence import Points, Realisation
from analyse.scenario.expert_form import ASKED, Answer, Form
from analyse.scenario.model import Inputs

BETWEEN = np.diff([0.0, *ASKED, 1.0])
"""Chance of each of the four parts that the three numbers make."""
GRID = np.linspace(0.0, 1.0, 401)
"""Probabilities at which a pooled distribution is kept."""
FEWEST_SEEDS = 6
"""Questions with a known answer from which experts are weighed."""
PASSES = 0.05
"""An expert whose answers would be further off in fewer than this part of the cases has no weight."""
OVERSHOOT = 0.1
"""Part that is added at both ends of all answers, to measure how informative an expert is."""


class Pooled(Strict):
    """What experts together expect of one measure, in the unit of its size."""

    points: Points
    """The quantile function."""
    low: float
    middle: float
    high: float
    experts: int
    lowest_middle: float
    highest_middle: float
    """The spread: the furthest apart that two experts put the middle."""


class File(Strict):
    """What ``analyse scenario experts pool`` writes."""

    weights: dict[str, float]
    weighed: bool
    """Whether the weights are by performance; otherwise equal."""
    measures: dict[str, Pooled]


@dataclass(frozen=True)
class Weighed:
    """How an expert did on the questions with a known answer."""

    calibration: float
    """Chance of being at least as far off, would the stated chances be right."""
    information: float
    """How narrow the answers are beside no knowledge at all, in nats."""


def weigh(known: Mapping[str, Mapping[str, Answer]], truths: Mapping[str, float]) -> dict[str, Weighed]:
    """How each expert did on the questions with a known answer (Cooke's classical model).

    Parameters
    ----------
    known : mapping
        Expert -> question -> answer; all experts answered the same questions.
    truths : mapping of float
        Question -> what it was.

    Returns
    -------
    dict of Weighed: calibration ``1 - chi2_3(2 n KL(s, p))``, with ``s`` the part of the truths in each of the four
    parts that an expert's numbers make, and ``p`` the stated chances .1, .4, .4 and .1; information: mean of
    ``sum p log(p / part of the range)`` over the questions.
    """
    from scipy.stats import chi2

    questions = [name for name in truths if all(name in answers for answers in known.values())]
    ranges = {name: _range([answers[name] for answers in known.values()], truths[name]) for name in questions}
    found = {}
    for expert, answers in known.items():
        places = [
            int(np.searchsorted([answers[name].low, answers[name].middle, answers[name].high], truths[name]))
            for name in questions
        ]
        seen = np.bincount(places, minlength=4) / len(questions)
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = np.where(seen > 0, seen * np.log(seen / BETWEEN), 0.0).sum()
        told = [_information(answers[name], *ranges[name]) for name in questions]
        found[expert] = Weighed(
            float(chi2.sf(2 * len(questions) * apart, len(BETWEEN) - 1)), float(np.mean(told))
        )
    return found


def _range(answers: Sequence[Answer], truth: float) -> tuple[float, float]:
    """The range of a question: all answers and the truth, and a tenth beyond."""
    values = [value for one in answers for value in (one.low, one.high)] + [truth]
    reach = OVERSHOOT * max(max(values) - min(values), 1e-9)
    return min(values) - reach, max(values) + reach


def _information(answer: Answer, low: float, high: float) -> float:
    """How far an answer is from no knowledge at all: relative to a flat distribution over the range."""
    ends = np.maximum(np.diff([low, answer.low, answer.middle, answer.high, high]), 1e-9 * (high - low))
    return float((BETWEEN * np.log(BETWEEN / (ends / ends.sum()))).sum())


def weights(found: Mapping[str, Weighed]) -> dict[str, float]:
    """Weights by performance: calibration times information; none for an expert who fails, equal ones when all fail.

    Examples
    --------
    >>> found = weights({"a": Weighed(0.6, 1.0), "b": Weighed(0.3, 1.0), "c": Weighed(0.01, 3.0)})
    >>> {name: round(weight, 3) for name, weight in found.items()}
    {'a': 0.667, 'b': 0.333, 'c': 0.0}
    """
    raw = {
        name: one.calibration * one.information * (one.calibration >= PASSES) for name, one in found.items()
    }
    total = sum(raw.values())
    return {name: (value / total if total > 0 else 1 / len(raw)) for name, value in raw.items()}


def mixture(answers: Sequence[Answer], parts: Sequence[float]) -> np.ndarray:
    """The quantile function of a mixture of experts, at ``GRID``.

    Parameters
    ----------
    answers : sequence of Answer
        One for each expert.
    parts : sequence of float
        Their weights, adding up to 1.

    Examples
    --------
    One expert says -10 (-20 to 0), another 10 (0 to 20): together the middle is 0, and wide.

    >>> both = mixture([Answer(low=-20, middle=-10, high=0), Answer(low=0, middle=10, high=20)], [0.5, 0.5])
    >>> [round(float(both[place]), 1) for place in (40, 200, 360)]
    [-17.5, 0.0, 17.5]
    """
    quantiles = [np.array(one.points()) for one in answers]
    values = np.unique(np.concatenate([points[:, 1] for points in quantiles]))
    values = np.unique(np.concatenate([values, np.linspace(values[0], values[-1], 2001)]))
    below = sum(
        part * np.interp(values, *_increasing(points), left=0.0, right=1.0)
        for part, points in zip(parts, quantiles, strict=True)
    )
    steps = np.concatenate([[True], np.diff(below) > 0])
    return np.interp(GRID, below[steps], values[steps])


def _increasing(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values and chances of a quantile function, with a hair between equal values, so that it can be inverted."""
    values = points[:, 1] + 1e-9 * np.arange(len(points)) * max(1.0, np.abs(points[:, 1]).max())
    return values, points[:, 0]


def pool(forms: Sequence[Form], truths: Mapping[str, float], *, performance: bool = False) -> File:
    """Pool the forms of several experts.

    Parameters
    ----------
    forms : sequence of Form
        At least two.
    truths : mapping of float
        Known answers by id; ``FEWEST_SEEDS`` of them answered by all to weigh by performance.
    performance : bool
        Weigh experts by the known questions; otherwise all weigh the same, which did better on simulated experts
        (``benchmarks/elicitation.py``).

    Raises
    ------
    ParameterError
        With fewer than two forms, a measure that nobody answered, or too few known questions to weigh by.
    """
    if len(forms) < 2:
        raise ParameterError("experts: give the forms of at least two experts")
    known = {one.expert: {name: a.answer for name, a in one.known.items() if a.answer} for one in forms}
    shared = {name: truths[name] for name in truths if all(name in answers for answers in known.values())}
    if performance and len(shared) < FEWEST_SEEDS:
        raise ParameterError(
            f"experts: {len(shared)} known questions are answered by all; {FEWEST_SEEDS} are needed to weigh by them"
        )
    chosen = weights(weigh(known, shared)) if performance else {one.expert: 1 / len(forms) for one in forms}
    measures = {}
    for name in dict.fromkeys(lever for one in forms for lever in one.measures):
        given = {one.expert: one.measures[name].answer for one in forms if name in one.measures}
        answers = {expert: answer for expert, answer in given.items() if answer is not None}
        total = sum(chosen[expert] for expert in answers)
        if not answers:
            raise ParameterError(f"experts: nobody answered {name}; leave it out of the forms")
        parts = [chosen[expert] / total if total > 0 else 1 / len(answers) for expert in answers]
        together = mixture(list(answers.values()), parts)
        low, middle, high = (float(np.interp(p, GRID, together)) for p in ASKED)
        middles = [answer.middle for answer in answers.values()]
        at = np.linspace(0.0, 1.0, 21)
        measures[name] = Pooled(
            points=[[float(p), float(v)] for p, v in zip(at, np.interp(at, GRID, together), strict=True)],
            low=low,
            middle=middle,
            high=high,
            experts=len(answers),
            lowest_middle=min(middles),
            highest_middle=max(middles),
        )
    return File(weights=chosen, weighed=performance, measures=measures)


def applied(inputs: Inputs, pooled: File, rng: Rng) -> Inputs:
    """The inputs of an area in which the pooled experts say what comes true of their measures.

    What experts expect is the effect that is left, so nothing comes back elsewhere; the draws of other levers stay.

    Parameters
    ----------
    inputs : Inputs
        Of the area.
    pooled : File
        What the experts expect.
    rng : callable
        ``run.rng`` of the run that the inputs belong to.
    """
    asked = [
        _expected(lever, pooled.measures[lever.id]) if lever.id in pooled.measures else lever
        for lever in inputs.levers
    ]
    found = draws.effects(asked, samples=inputs.samples, rng=rng)
    return replace(
        inputs,
        levers=tuple(asked),
        draws=found.part,
        found=found.found,
        ratios=found.ratios,
        cost_draws=found.cost,
        capacity=found.capacity,
    )


def size(pooled: Pooled) -> float:
    """The size that stands for the experts in a scenario: the end furthest from 0, of which a part comes true."""
    return max((pooled.low, pooled.high), key=abs)


def settings(chosen: Mapping[str, Setting], pooled: File) -> dict[str, Setting]:
    """The settings of a scenario, in which the experts' measures stand at what the experts expect."""
    return {
        name: setting.model_copy(update={"size": size(pooled.measures[name])})
        if name in pooled.measures
        else setting
        for name, setting in chosen.items()
    }


WHY = BothLanguages(
    nl="wat gevraagde deskundigen samen verwachten; een aanname, geen bewijs",
    en="what the experts who were asked expect together; an assumption, no evidence",
)


def _expected(lever: Lever, pooled: Pooled) -> Lever:
    """A lever of which the experts say how much of its size comes true."""
    far = size(pooled)
    if far == 0:
        return lever
    parts = [[p, value / far] for p, value in pooled.points]
    if far < 0:
        parts = [[1 - p, part] for p, part in reversed(parts)]
    points = [[float(p), float(part)] for p, part in parts]
    return lever.model_copy(
        update={
            "evidence": "D",
            "found": None,
            "law": None,
            "waterbed": None,
            "realisation": Realisation(why=WHY, points=points),
        }
    )


def table(pooled: File) -> pd.DataFrame:
    """What the experts expect: lever, low, middle and high, experts, and the furthest middles."""
    rows = [{"lever": name, **one.model_dump(exclude={"points"})} for name, one in pooled.measures.items()]
    return pd.DataFrame(rows)
