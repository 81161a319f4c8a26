"""Whether a freer model finds more of the use of districts in 2017 than that of the pages: a Gaussian process.

``python benchmarks/expected_smooth.py`` fits its nine variances and lengths on the districts of half 0 (maximum
likelihood) and prints correlation and mean absolute error as ``expected.py`` does: linear and smooth in the
determinants of SCP, falling off with the distance between municipalities, and effects of region and municipality.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from expected import FOLDS, _fold, _scores
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.spatial.distance import cdist
from scipy.special import expit, logit

from analyse import parameters
from analyse.need import signals
from analyse.schema.districts import DETERMINANTS
from analyse.sources import snapshot

START = np.log([0.3, 0.05, 1.0, 0.02, 30.0, 0.02, 0.01, 0.05, 1.0])
TURNS = 260
KM = 111.0
"""Kilometres in a degree of latitude."""
LATITUDE = 52.0
USE = 0.1
"""Use around which chance is counted: a district of n youths has ``1 / (n USE (1 - USE))`` on the log odds."""


def _places(rows: pd.DataFrame, outlines: pd.DataFrame) -> np.ndarray:
    """Middle of the outline of each row's municipality of today (km)."""
    scale = np.array([np.cos(np.radians(LATITUDE)) * KM, KM])
    middle = {
        str(code): max((np.array(one.split(), float).reshape(-1, 2) for one in part), key=len).mean(axis=0)
        * scale
        for code, part in outlines.groupby("municipality_code")["points"]
    }
    return np.array([middle[code] for code in rows["municipality_code"]])


def smooth(rows: pd.DataFrame, outlines: pd.DataFrame) -> dict[str, np.ndarray]:
    """Use per 100 youths of every district, by districts of other municipalities and by other districts."""
    design = rows.iloc[:, rows.columns.get_loc("youths") + 1 :].to_numpy(dtype=float)
    design = (design - design.mean(axis=0)) / np.where(design.std(axis=0) > 0, design.std(axis=0), 1)
    places, width = _places(rows, outlines), design.shape[1]
    near, alike = cdist(places, places), cdist(design, design, "sqeuclidean") / width
    linear = design @ design.T / width
    same = [
        rows[name].to_numpy()[:, None] == rows[name].to_numpy()
        for name in ("municipality_code", "region_code")
    ]
    chance = 1 / (rows["youths"].to_numpy(dtype=float) * USE * (1 - USE))
    value = logit(rows["use_percent"].astype(float).clip(1, 60).to_numpy() / 100) - logit(USE)

    def covariance(logs: np.ndarray, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        one = np.exp(logs)
        both = np.ix_(inside, inside)
        between = one[0] * linear[both] + one[1] * np.exp(-alike[both] / (2 * one[2] ** 2)) + 1.0
        between = between + one[3] * np.exp(-near[both] / one[4])
        between = between + one[5] * same[0][both] + one[6] * same[1][both]
        return between, one[8] * chance[inside] + one[7]

    def unlikely(logs: np.ndarray) -> float:
        between, own = covariance(logs, half)
        factor = cho_factor(between + np.diag(own), lower=True)
        return float(value[half] @ cho_solve(factor, value[half]) / 2 + np.log(np.diag(factor[0])).sum())

    half = np.flatnonzero(_fold(rows["municipality_code"], 2) == 0)
    first = np.vstack([START, START + 0.7 * np.eye(len(START))])
    found = minimize(
        unlikely, START, method="Nelder-Mead", options={"maxfev": TURNS, "initial_simplex": first}
    ).x
    between, own = covariance(found, np.arange(len(rows)))
    expected = {}
    for name, fold in (("municipality unseen", "municipality_code"), ("district unseen", "district_code")):
        expected[name], away = np.zeros(len(rows)), _fold(rows[fold])
        for one in range(FOLDS):
            known, unknown = np.flatnonzero(away != one), np.flatnonzero(away == one)
            factor = cho_factor(between[np.ix_(known, known)] + np.diag(own[known]), lower=True)
            middle = between[np.ix_(unknown, known)] @ cho_solve(factor, value[known])
            expected[name][unknown] = 100 * expit(middle + logit(USE))
    return expected


def main() -> None:
    """Print the table."""
    tables = snapshot.load(regions=parameters.COUNTRY)
    rows = signals.of_2017(tables, list(DETERMINANTS)).dropna(subset=["use_percent"]).reset_index(drop=True)
    ways = {"SCP, fitted on these very districts": rows["scp_expected_percent"].to_numpy(dtype=float)}
    ways |= smooth(rows, tables["outlines"])
    print(_scores(rows, ways, rows["use_percent"].to_numpy()).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
