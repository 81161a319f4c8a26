"""Experts that are simulated, and what pooling them is worth: ``python benchmarks/elicitation.py``.

Each trial has five to eight experts, six measures and eight questions with a known answer. What is true is normal with
standard deviation 10. An expert's middle is off by a mistake that all share (an error of 2), one of the expert alone
that is the same on each question (3) and one for each question (of 3 to 9, by expert); the interval that is stated is
0.4 to 1.2 times as wide as it should be: most are too sure. These sizes are our own choice and stand above the code.
Printed: how often the pool is nearer than the median expert (mean CRPS over the six measures), for equal weights and
for weights by performance, and how many of its 80 % intervals hold the truth. Seeds 0-199 chose nothing.
"""

from __future__ import annotations

import argparse

import numpy as np

from analyse.forecast import scores
from analyse.scenario import elicitation
from analyse.scenario.elicitation import GRID
from analyse.scenario.expert_form import ASKED, Answer

MEASURES, KNOWN = 6, 8
SPREAD, COMMON, OWN, LEAST, MOST = 10.0, 2.0, 3.0, 3.0, 9.0
SURE = (0.4, 1.2)
NORMAL_90 = 1.281552


def trial(seed: int, common: float = COMMON) -> dict[str, float]:
    """Mean CRPS of the pools and of the median expert, and how many 80 % intervals of the pools hold."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(5, 9))
    truths = rng.normal(0, SPREAD, MEASURES + KNOWN)
    shared = rng.normal(0, common, MEASURES + KNOWN)
    answers = [_expert(rng, truths + shared) for _ in range(count)]
    names = [f"q{number}" for number in range(KNOWN)]
    known = {str(one): dict(zip(names, given[MEASURES:], strict=True)) for one, given in enumerate(answers)}
    performance = elicitation.weights(
        elicitation.weigh(known, dict(zip(names, truths[MEASURES:].tolist(), strict=True)))
    )
    pools = {"equal": [1 / count] * count, "performance": list(performance.values())}
    alone = [
        np.mean([_crps(_of(one), truth) for one, truth in zip(given, truths, strict=False)][:MEASURES])
        for given in answers
    ]
    found = {"median expert": float(np.median(alone)), "best expert": float(min(alone))}
    for name, parts in pools.items():
        together = [
            elicitation.mixture([given[place] for given in answers], parts) for place in range(MEASURES)
        ]
        found[name] = float(np.mean([_crps(one, truths[place]) for place, one in enumerate(together)]))
        held = [
            np.interp(ASKED[0], GRID, one) <= truths[place] <= np.interp(ASKED[2], GRID, one)
            for place, one in enumerate(together)
        ]
        found[f"{name} holds"] = float(np.mean(held))
    return found


def _expert(rng: np.random.Generator, around: np.ndarray) -> list[Answer]:
    error, sure, bias = rng.uniform(LEAST, MOST), rng.uniform(*SURE), rng.normal(0, OWN)
    middles = around + bias + rng.normal(0, error, len(around))
    reach = sure * NORMAL_90 * np.sqrt(error**2 + OWN**2 + COMMON**2)
    return [Answer(low=float(one - reach), middle=float(one), high=float(one + reach)) for one in middles]


def _of(answer: Answer) -> np.ndarray:
    return np.interp(GRID, *np.array(answer.points()).T)


def _crps(quantiles: np.ndarray, truth: float) -> float:
    return float(scores.crps_from_samples(np.array([[truth]]), quantiles[None, None, :])[0, 0])


def summary(trials: int, common: float = COMMON) -> dict[str, float]:
    """Over all trials: how often each pool beats the median expert, mean CRPS and coverage."""
    found = [trial(seed, common) for seed in range(trials)]
    return {
        **{
            f"{name} beats the median expert": float(
                np.mean([one[name] < one["median expert"] for one in found])
            )
            for name in ("equal", "performance")
        },
        **{
            f"CRPS of {name}": float(np.mean([one[name] for one in found]))
            for name in ("equal", "performance", "median expert", "best expert")
        },
        **{
            f"80 % of {name} holds": float(np.mean([one[f"{name} holds"] for one in found]))
            for name in ("equal", "performance")
        },
    }


def main() -> None:
    """Print the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--common", type=float, default=COMMON, help="The mistake that all experts share.")
    chosen = parser.parse_args()
    for name, value in summary(chosen.trials, chosen.common).items():
        print(f"{name:45} {value:.3f}")


if __name__ == "__main__":
    main()
