"""What downloads say of revisions takes the place of what CBS says, where enough was compared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse import parameters
from analyse.forecast import known, revised, usage
from analyse.forecast.streams import Streams

NAME = "provisional_revision_percent"


def _rows(n: int, mean: float) -> pd.DataFrame:
    row = {"table": "usage", "measure": "youths/total/total", "year": 2022, "earlier": "open", "later": "x"}
    return pd.DataFrame(
        [{**row, "n": n, "mean_percent": mean, "low_percent": mean - 1, "high_percent": mean + 1}]
    )


def test_without_or_with_few_comparisons_nothing_changes(tables):
    declared = parameters.assumptions()

    assert revised.assumptions(declared, tables) is declared
    assert revised.assumptions(declared, {}) is declared
    assert revised.assumptions(declared, {"revisions": _rows(5, 4.0)}) is declared


def test_more_comparisons_weigh_more():
    # 30 figures that rose by 1 % and 10 that rose by 5 %: 2 % on the mean.
    rows = pd.concat([_rows(30, 1.0), _rows(10, 5.0)])
    found = revised.assumptions(parameters.assumptions(), {"revisions": rows})[NAME]

    assert (found.value, found.low, found.high) == (2.0, 1.0, 3.0)


def test_observed_revisions_raise_provisional_counts(tables, history):
    before = known.as_of(history, tables)
    after = known.as_of(history, {**tables, "revisions": _rows(35, 6.0)})

    assert before.assumptions[NAME].value == parameters.assumptions()[NAME].value
    assert after.assumptions[NAME].value == 6.0
    assert after.assumptions[NAME].status == "observed"
    drawn = [
        usage.paths(one, horizon=1, samples=200, streams=Streams.split(np.random.default_rng(1)))
        for one in (before, after)
    ]
    assert (np.median(drawn[1], axis=2) > np.median(drawn[0], axis=2)).mean() > 0.9


def test_the_past_does_not_know_what_was_found_later(tables, history):
    then = known.as_of(history, {**tables, "revisions": _rows(35, 6.0)}, origin=2022)

    assert then.assumptions[NAME].value == parameters.assumptions()[NAME].value
