"""Estimate the constants of the costs on half of the municipalities, and write them to ``parameters/forecast.yaml``.

    python benchmarks/forecasting/tune.py [--dataset open] [--dry-run]

Only municipalities of half 0 (``backtest.half_of``) are looked at, from the origins of the backtest. The pull and the
weight of budgets are robust lines through what came less the pooled growth; the spreads are those with the smallest
CRPS, and a small penalty where the 80 % interval does not hold 80 %, for smaller and larger municipalities apart.
What all municipalities have in common (damping, common shocks) cannot be estimated on half of them: it is given.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analyse import parameters, store
from analyse.errors import ParameterError
from analyse.forecast import backtest, expected, growth, population, price, scores
from analyse.forecast import known as knowledge
from analyse.forecast.known import Known
from analyse.forecast.streams import Streams
from analyse.history import panel
from analyse.sources import snapshot

FILE = Path("parameters") / "forecast.yaml"
TUNED_HALF = 0
AHEAD = (0, 1, 2)
"""Years after the origin of which the budget is known: none, the next, the one after it."""
SAMPLES, ROUNDS = 400, 2
BOOTSTRAPS = 200
SMALL_INHABITANTS = 20_000
PENALTY = 100.0
"""What a squared error of the coverage costs, in per cent of the accounts: five points too few, a quarter."""
SPREADS = {
    "own_sd": (0.03, 0.04, 0.05, 0.06, 0.07),
    "own_prior_years": (2.0, 4.0, 8.0, 16.0),
    "size_slope": (0.25, 0.3, 0.35, 0.4, 0.45, 0.5),
    "pull_sd": (0.0, 0.05, 0.1, 0.15),
    "budget_sd": (0.0, 0.1, 0.2, 0.3),
    "shock_stays": (0.55, 0.6, 0.65, 0.7, 0.75),
    "announced_own_sd": (0.0, 0.04, 0.06, 0.08, 0.1),
}
"""Spreads that are estimated, and the values tried, one after the other."""
YOUTHS = {"ages_sd": (0.01, 0.0145, 0.019), "gain_sd": (0.009, 0.0125, 0.016)}
"""The same for the number of youths, all pairs."""
YOUTH_ORIGINS = (2019, 2020, 2021)
"""Origins before published youths of 0-17 that were not used in them."""


@dataclass(frozen=True)
class Origin:
    """What was known at an origin, the common part of the futures, and what came.

    ``base`` (series, horizon, sample): log of youths x price; ``actual`` (series, horizon); ``chosen`` (series,): the
    municipalities that are looked at.
    """

    known: Known
    base: np.ndarray
    actual: np.ndarray
    chosen: np.ndarray

    @property
    def horizon(self) -> int:
        return self.base.shape[1]


def origins(history: pd.DataFrame, tables: snapshot.Tables, samples: int = SAMPLES) -> list[Origin]:
    """Every origin of the backtest, with both budgets known."""
    actual = backtest.accounts(history)
    last = int(actual.columns[actual.notna().any()].max())
    made, streams = [], Streams(1)
    for year in range(backtest.FIRST_ORIGIN, last):
        known = knowledge.as_of(history, tables, origin=year)
        size = {"horizon": min(backtest.HORIZON, last - year), "samples": samples, "streams": streams}
        young, _ = population.paths(known, **size)
        came = actual.reindex(known.codes)[[year + step + 1 for step in range(size["horizon"])]]
        halves = np.array([backtest.half_of(code) for code in known.codes])
        made.append(
            Origin(
                known=known,
                base=np.log(young) + np.log(price.paths(known, **size)),
                actual=came.to_numpy(dtype=float),
                chosen=(halves == TUNED_HALF) & np.isfinite(known.cost_eur[:, -1]),
            )
        )
    return made


def with_budgets(known: Known, ahead: int) -> Known:
    """As if only the budgets of so many years ahead were known."""
    budgets = known.budget_eur.copy()
    budgets[:, len(known.years) + ahead :] = np.nan
    return replace(known, budget_eur=budgets)


def signals(origin: Origin, ahead: int) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Step, signals (series, 3) and what came beside the pooled growth (series,), of the chosen municipalities."""
    known = with_budgets(origin.known, ahead)
    estimate = growth.fit(known, origin.horizon)
    own, region = expected.apart(known, estimate.level)
    seen, message = growth.budget_message(known, estimate.level)
    fading = np.cumsum(known.constants.costs.damping ** np.arange(1, origin.horizon + 1))
    for step in range(origin.horizon):
        with np.errstate(invalid="ignore"):
            came = np.log(origin.actual[:, step]) - np.median(origin.base[:, step], axis=1)
        beside = came - estimate.level - estimate.growth * fading[step]
        beside = beside - np.nanmedian(beside)
        use = origin.chosen & np.isfinite(beside) & (seen == ahead)
        yield step, np.column_stack([-own, -region, message])[use], beside[use]


def moves(made: list[Origin]) -> dict[str, list[list[float]]]:
    """The pull and the weight of budgets, by budgets known and years ahead, and the standard error of the pull."""
    names = ("pull_own", "pull_region", "budget_weight", "pull_own_error")
    found: dict[str, list[list[float]]] = {name: [] for name in names}
    for ahead in AHEAD:
        steps = pooled(made, ahead)
        estimates = np.array([line(*step) for step in steps])
        for column, name in enumerate(names[:3]):
            found[name].append(estimates[:, column].round(2).tolist())
        found["pull_own_error"].append([round(_error(*step), 3) for step in steps])
    return found


def pooled(made: list[Origin], ahead: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Signals and what came, of all origins together, by step; without budgets there is no message."""
    parts: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in range(backtest.HORIZON)]
    for origin in made:
        for step, design, came in signals(origin, ahead):
            parts[step].append((design if ahead else design[:, :2], came))
    designs = [np.concatenate([design for design, _ in step]) for step in parts]
    return list(zip(designs, [np.concatenate([came for _, came in step]) for step in parts], strict=True))


def line(design: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Pull of the municipality and of the region, and weight of the budget (0 without one)."""
    estimate = expected.robust_line(design, came)
    return np.append(estimate, [0.0] * (3 - len(estimate)))


def _error(design: np.ndarray, came: np.ndarray) -> float:
    """Standard error of the first coefficient, by drawing municipalities again."""
    rng = np.random.default_rng(1)
    drawn = (rng.integers(len(came), size=len(came)) for _ in range(BOOTSTRAPS))
    return float(np.std([expected.robust_line(design[rows], came[rows])[0] for rows in drawn]))


def loss(made: list[Origin], constants: parameters.ForecastConstants) -> dict[str, Any]:
    """``objective``, and CRPS in per cent of the accounts by years ahead (``crps_percent``), by budgets known."""
    crps, total = {}, []
    for ahead, name in ((1, "next_budget_known"), (2, "two_budgets_known")):
        errors = _errors(made, constants, ahead)
        by_step = errors.groupby(["origin", "step"])["crps"].mean().groupby("step").mean()
        held = errors.groupby(["small", "step"])["held"].mean()
        crps[name] = [round(float(value), 2) for value in by_step]
        total.append(by_step.mean() + PENALTY * ((held - 0.8) ** 2).mean())
    return {"objective": float(np.mean(total)), "crps_percent": crps}


def _errors(made: list[Origin], constants: parameters.ForecastConstants, ahead: int) -> pd.DataFrame:
    """One row per municipality, origin and step: CRPS, and whether the 80 % interval held."""
    rows = []
    for origin in made:
        known = replace(with_budgets(origin.known, ahead), constants=constants)
        real = growth.paths(known, horizon=origin.horizon, samples=SAMPLES, streams=Streams(1))
        for step in range(origin.horizon):
            use = origin.chosen & np.isfinite(origin.actual[:, step])
            drawn, came = np.exp(real[use, step] + origin.base[use, step]), origin.actual[use, step]
            low, high = np.quantile(drawn, (0.1, 0.9), axis=1)
            columns = {
                "origin": known.origin,
                "step": step,
                "small": known.inhabitants[use, -1] < SMALL_INHABITANTS,
                "crps": 100 * scores.crps_from_samples(came[:, None], drawn[:, None])[:, 0] / came,
                "held": (came >= low) & (came <= high),
            }
            rows.append(pd.DataFrame(columns))
    return pd.concat(rows)


def with_costs(constants: parameters.ForecastConstants, **changed: Any) -> parameters.ForecastConstants:
    """The constants with some of those of the costs changed."""
    return constants.model_copy(update={"costs": constants.costs.model_copy(update=changed)})


def spreads(made: list[Origin], constants: parameters.ForecastConstants) -> parameters.ForecastConstants:
    """The spreads with the smallest loss, one after the other."""
    for _ in range(ROUNDS):
        for name, tried in SPREADS.items():
            losses = {
                value: loss(made, with_costs(constants, **{name: value}))["objective"] for value in tried
            }
            constants = with_costs(constants, **{name: min(losses, key=losses.__getitem__)})
    return constants


def usage_spreads(history: pd.DataFrame) -> dict[str, float]:
    """Yearly spread of clients per youth within regions (``own_sd``) and of regions, over all steps counted.

    Growth beside the median of a year, at most three robust standard deviations; what two municipalities of one
    region have in common is the region's, the rest is the municipality's own.
    """
    rows = history.assign(rate=np.log(history["clients"].astype(float) / history["youths"]))
    wide = rows.pivot(index="municipality_code", columns="period", values="rate")
    chosen = wide.loc[[backtest.half_of(code) == TUNED_HALF for code in wide.index]]
    region = history.drop_duplicates("municipality_code").set_index("municipality_code")["region_code"]
    steps = chosen.diff(axis=1).dropna(axis=1, how="all")
    steps = steps.apply(lambda step: pd.Series(expected.centred(step.to_numpy()), index=step.index))
    grouped = steps.groupby(region.reindex(steps.index))
    total, squares, count = (
        grouped.sum(),
        (steps**2).groupby(region.reindex(steps.index)).sum(),
        grouped.count(),
    )
    shared = float((total**2 - squares).to_numpy().sum() / (count * (count - 1)).to_numpy().sum())
    own = float((steps**2).to_numpy()[np.isfinite(steps)].mean()) - max(shared, 0.0)
    return {"region_sd": round(float(np.sqrt(max(shared, 0.0))), 3), "own_sd": round(float(np.sqrt(own)), 3)}


def usage_pull(history: pd.DataFrame, tables: snapshot.Tables) -> float:
    """Part of the distance to the level of use that need explains that was gone a year later, of all steps counted."""
    counted = history.pivot(index="municipality_code", columns="period", values="clients").astype(float)
    years = counted.columns[counted.notna().any()]
    design, came = [], []
    for year in years[:-1]:
        known = knowledge.as_of(history, tables, origin=int(year))
        clients = counted.loc[list(known.codes)]
        level = np.log(clients[year].to_numpy() / known.youths[:, -2])
        growth_after = np.log(clients[year + 1].to_numpy() / known.youths[:, -1]) - level
        distance = np.sum(expected.apart(known, level), axis=0)
        use = np.array([backtest.half_of(code) == TUNED_HALF for code in known.codes])
        design.append(-distance[use])
        came.append(expected.centred(growth_after[use]))
    line = expected.robust_line(np.concatenate(design)[:, None], np.concatenate(came))
    return round(float(line[0]), 2)


def youth_spreads(history: pd.DataFrame, tables: snapshot.Tables, samples: int = 100) -> dict[str, float]:
    """``ages_sd`` and ``gain_sd`` with the smallest CRPS of the youths published later, and 80 % inside 80 %."""
    rows = tables["population"].loc[tables["population"]["age_group"] == "0-17"]
    published = rows.pivot(index="municipality_code", columns="year", values="count").astype(float)
    last = int(published.columns.max())
    then = [knowledge.as_of(history, tables, origin=origin) for origin in YOUTH_ORIGINS]
    losses = {}
    for ages, gain in itertools.product(*YOUTHS.values()):
        crps, held = [], []
        for known in then:
            chosen = known.constants.youths.model_copy(update={"ages_sd": ages, "gain_sd": gain})
            known = replace(known, constants=known.constants.model_copy(update={"youths": chosen}))
            size = {"horizon": last - known.origin, "samples": samples, "streams": Streams(1)}
            young, _ = population.paths(known, **size)
            use = np.array([backtest.half_of(code) == TUNED_HALF for code in known.codes])
            for period in (year for year in published if year > known.origin + 1):
                drawn = young[use, period - known.origin - 1]
                came = published[period].reindex(known.codes).to_numpy()[use]
                low, high = np.quantile(drawn, (0.1, 0.9), axis=1)
                crps.append(100 * scores.crps_from_samples(came[:, None], drawn[:, None])[:, 0] / came)
                held.append((low <= came) & (came <= high))
        share = np.concatenate(held).mean()
        losses[ages, gain] = np.concatenate(crps).mean() + PENALTY * (share - 0.8) ** 2
    return dict(zip(YOUTHS, min(losses, key=losses.__getitem__), strict=True))


def write(path: Path, changed: Mapping[str, Mapping[str, Any]], tuning: Mapping[str, Any]) -> None:
    """Put new values (by section and name) in the file; everything else in it stays as it is."""
    head, *sections = re.split(r"(?m)^(?=(?:costs|usage|youths|price):$)", path.read_text(encoding="utf-8"))
    written = []
    for text in sections:
        section = text.split(":", 1)[0]
        for name, value in changed.get(section, {}).items():
            text, count = re.subn(rf"(?m)^(  {name}:\n    value: ).*$", rf"\g<1>{json.dumps(value)}", text)
            if count != 1:
                raise ParameterError(
                    f"{path.name}: {section} has {count} entries {name} with a value; expected one"
                )
        written.append(text)
    said = "".join(f"  {name}: {json.dumps(value)}\n" for name, value in tuning.items())
    head = re.sub(r"(?m)^tuning:.*\n(?:  .*\n)*", f"tuning:\n{said}", head, count=1)
    store.write_text(path, head + "".join(written))


def main() -> None:
    """Estimate, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dataset", default="open")
    parser.add_argument("--dry-run", action="store_true", help="print only")
    chosen = parser.parse_args()
    tables = snapshot.load(chosen.dataset, regions=parameters.COUNTRY)
    history = panel.build(tables)
    made = origins(history, tables)
    moved = moves(made)
    after = spreads(made, with_costs(parameters.forecast_constants(), **moved))
    costs = {**moved, **{name: getattr(after.costs, name) for name in SPREADS}}
    changed = {
        "costs": costs,
        "usage": {"pull": usage_pull(history, tables), **usage_spreads(history)},
        "youths": youth_spreads(history, tables),
    }
    tuning = {
        "date": datetime.date.today().isoformat(),
        "data_sha256": snapshot.data_hash(chosen.dataset),
        "half": TUNED_HALF,
        "municipalities": int(made[-1].chosen.sum()),
        "origins": [origin.known.origin for origin in made],
        "crps_percent": loss(made, after)["crps_percent"],
    }
    for name, value in {**tuning, **changed}.items():
        print(f"{name}: {value}")
    if not chosen.dry_run:
        write(store.root() / FILE, changed, tuning)


if __name__ == "__main__":
    main()
