"""Every method beside a trusted library, a published value or a simulation of known truth; writes ``docs/checks.md``.

``python benchmarks/checks/run.py`` takes a minute; what libraries gave is in ``rivals.json`` (see ``rivals.py``). The
tests run the same checks, the simulations smaller.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

import data
from analyse import small_cells
from analyse.compare import chance, funnel, standardise
from analyse.forecast import drivers, paired, scores
from analyse.history.completion import credibility
from analyse.monitor import survival
from analyse.small_cells import proof, sums

HERE = Path(__file__).parent
RIVALS = json.loads((HERE / "rivals.json").read_text(encoding="utf-8"))
PAGE = HERE.parents[1] / "docs" / "checks.md"


@dataclass(frozen=True)
class Check:
    """One method beside what it must equal.

    Attributes
    ----------
    method, code, against : str
        What, where it stands in the package, and what it is held against.
    measure : callable
        Number of worlds -> the result.
    low, high : float
        Between which the result must lie.
    worlds : int
        Size of the simulation; 0 for a comparison of numbers.
    """

    method: str
    code: str
    against: str
    measure: Callable[[int], float]
    low: float
    high: float
    worlds: int = 0

    def holds(self, result: float) -> bool:
        """Whether a result lies where it must."""
        return self.low <= result <= self.high


def curve(late: bool) -> float:
    """Largest difference of a Kaplan-Meier curve."""
    lasted, stopped, entered = data.durations()
    own = survival.curve(
        pd.DataFrame({"lasted": lasted, "stopped": stopped, "entered": entered if late else 0.0})
    )
    theirs = RIVALS["survival"]["late" if late else "whole"]
    return max(abs(own.at(month) - value) for month, value in zip(data.MONTHS, theirs, strict=True))


def median_and_mean() -> float:
    """Largest difference of the median and of the mean up to 24 months."""
    lasted, stopped, _ = data.durations()
    own = survival.curve(pd.DataFrame({"lasted": lasted, "stopped": stopped, "entered": 0.0}))
    theirs = RIVALS["survival"]
    return max(abs(own.median()[0] - theirs["median"]), abs(own.mean_until(24)[0] - theirs["mean_24"]))


def crps() -> float:
    """Largest difference of a CRPS of samples."""
    actual, samples, _ = data.forecasts()
    own = scores.crps_from_samples(actual[:, None], samples[:, None, :])[:, 0]
    return float(np.abs(own - RIVALS["scores"]["crps"]).max())


def interval_score() -> float:
    """Difference of the mean score of a 95 % interval."""
    actual, _, quantiles = data.forecasts()
    ends = (quantiles[:, [0]], quantiles[:, [-1]])
    own = scores.interval_score(actual[:, None], *ends, level=0.95, scale=np.ones(len(actual)))
    return abs(own - float(np.mean(RIVALS["scores"]["interval"])))


def quantile_loss() -> float:
    """Difference of the loss over five quantiles."""
    actual, _, quantiles = data.forecasts()
    own = scores.quantile_loss(
        actual[:, None], quantiles[:, None, :], probabilities=data.SHARES, scale=np.ones(len(actual))
    )
    return abs(own - RIVALS["scores"]["quantile_loss"])


def hachemeister() -> float:
    """Largest difference from the published premiums of five states, in whole amounts."""
    states = np.array(json.loads((HERE / "hachemeister.json").read_text(encoding="utf-8")), dtype=float)
    own = credibility.shrunk(states[0], states[1]).round()
    return float(np.abs(own - [2055, 1524, 1793, 1443, 1603]).max())


def gamma_interval() -> float:
    """Largest relative difference of Fay and Feuer's interval from scipy's gamma distribution."""
    cells = pd.DataFrame(
        {"clients_low": [12.0, 40, 9], "clients_high": [12.0, 40, 9], "youths": [900.0, 1500, 400]}
    )
    share = np.array([0.3, 0.5, 0.2])
    own = standardise.direct(cells, pd.Series(share), coverage=0.8)
    weight, count = share / cells["youths"].to_numpy(), cells["clients_low"].to_numpy()
    rate, variance, most = weight @ count, weight**2 @ count, weight.max()
    low = stats.gamma.ppf(0.1, rate**2 / variance, scale=variance / rate)
    wider, more = variance + most**2, rate + most
    high = stats.gamma.ppf(0.9, more**2 / wider, scale=wider / more)
    return max(abs(own["direct_low"] / 100 / low - 1), abs(own["direct_high"] / 100 / high - 1))


def poisson_interval() -> float:
    """Largest distance of the ends of an exact interval from the Poisson chance of a tail, 10 %."""
    own = standardise.indirect(pd.DataFrame({"youths": [1000.0]}), 37.0, pd.Series([0.03]), coverage=0.8)
    low, high = (own[end] * own["expected_clients"] for end in ("ratio_low", "ratio_high"))
    return max(abs(stats.poisson.sf(36, low) - 0.1), abs(stats.poisson.cdf(37, high) - 0.1))


def standardised_coverage(worlds: int) -> float:
    """How often an 80 % interval of direct standardisation holds the true rate."""
    rng, youths, share = np.random.default_rng(5), np.array([900.0, 1500, 400]), np.array([0.3, 0.5, 0.2])
    rates, held = np.array([0.03, 0.1, 0.05]), 0
    for _ in range(worlds):
        count = rng.binomial(youths.astype(int), rates).astype(float)
        cells = pd.DataFrame({"clients_low": count, "clients_high": count, "youths": youths})
        own = standardise.direct(cells, pd.Series(share), coverage=0.8)
        held += own["direct_low"] <= 100 * share @ rates <= own["direct_high"]
    return held / worlds


def rates_of_areas(worlds: int, tau: float) -> pd.DataFrame:
    """Per world of 60 areas the estimated tau2 and how many lie outside 99.8 %."""
    rng = np.random.default_rng(1)
    size = np.exp(rng.uniform(np.log(4_000), np.log(150_000), 60)).round()
    rows = []
    for _ in range(worlds):
        rates = 1 / (1 + np.exp(-(np.log(0.1 / 0.9) + tau * rng.standard_normal(60))))
        count = pd.Series(rng.binomial(size.astype(int), rates).astype(float))
        own = funnel.of_rates(count, pd.Series(size))
        table = own.beside(pd.DataFrame({"value": count / size, "size": size}))
        rows.append(
            (own.between, table["usual"].eq("outside 99.8").mean(), table["usual"].ne("inside").mean())
        )
    return pd.DataFrame(rows, columns=["between", "outside_998", "outside_95"])


def ordinary_providers(worlds: int) -> float:
    """Share of ordinary providers, spread twice that of chance, that the funnel names, per cent."""
    rng, size = np.random.default_rng(2), pd.Series(np.full(60, 50.0))
    named = []
    for _ in range(worlds):
        value = pd.Series(10 + 2 * rng.standard_normal(60))
        limits = funnel.of_means(value, size, target=10.0, deviation=np.sqrt(50))
        named.append(limits.beside(pd.DataFrame({"value": value, "size": size}))["signal"].ne("").mean())
    return 100 * float(np.mean(named))


def cost_noise(worlds: int) -> float:
    """By-size variance of costs, found over true: a level that moves 6 % a year and an error of one year."""
    rng, found = np.random.default_rng(3), []
    youths = np.repeat([[4_000.0], [10_000.0], [40_000.0], [100_000.0]], 100, axis=0)
    codes = np.repeat([f"GM{number:04d}" for number in range(400)], 8)
    for _ in range(worlds):
        level = np.cumsum(0.06 * rng.standard_normal((400, 8)), axis=1)
        cost = youths * 2_000 * np.exp(level + np.sqrt(25 / youths) * rng.standard_normal((400, 8)))
        rows = pd.DataFrame(
            {
                "municipality_code": codes,
                "period": np.tile(np.arange(2017, 2025), 400),
                "status": "final",
                "youths": np.repeat(youths.ravel(), 8),
                "cost_eur": cost.ravel(),
            }
        )
        found.append(chance.cost_noise(rows, [])[1])
    return float(np.mean(found)) / 25


def places(worlds: int) -> float:
    """How often a 95 % interval of places holds the true place, of 35 areas."""
    rng, held = np.random.default_rng(4), []
    truth, size = np.exp(0.3 * rng.standard_normal(35)) * 2_000, pd.Series(rng.uniform(3_000, 60_000, 35))
    limits = funnel.Funnel("cost", 2_000.0, by_size=20.0)
    place = truth.argsort().argsort() + 1
    for _ in range(worlds):
        seen = truth * np.exp(np.sqrt(20 / size.to_numpy()) * rng.standard_normal(35))
        draws = chance.draw_costs(pd.Series(seen), size, limits, rng=rng, draws=400)
        found = chance.rank_intervals(draws, [str(number) for number in range(35)])
        held.append(((found["place_low"] <= place) & (place <= found["place_high"])).mean())
    return float(np.mean(held))


def years_drawn_again(worlds: int) -> float:
    """How often a 95 % percentile interval of five years holds, beside what ``paired`` says of it."""
    rng = np.random.default_rng(6)
    drawn, years = rng.integers(0, 5, (1_000, 5)), rng.standard_normal((worlds, 5))
    low, high = np.quantile(years[:, drawn].mean(axis=2), [0.025, 0.975], axis=1)
    return float(((low <= 0) & (high >= 0)).mean()) - paired.HELD[5]


def effects() -> float:
    """Rest that the effects of a decomposition by logarithmic means leave, of 1,000."""
    first, last = np.array([100.0, 0.1, 50.0]), np.array([90.0, 0.13, 61.0])
    weight = drivers.logarithmic_mean(np.array(last.prod()), np.array(first.prod()))
    return abs(float((weight * np.log(last / first)).sum()) - (last.prod() - first.prod()))


def attack(worlds: int) -> float:
    """Hidden counts of random tables of 3 by 4 that all sums together give away, or show to be below ten."""
    rng, given = np.random.default_rng(7), 0
    names = ["age", "form"]
    for _ in range(worlds):
        grid = rng.choice([0, 3, 7, 12, 25, 80], (3, 4))
        whole = np.block([[grid, grid.sum(axis=1)[:, None]], [grid.sum(axis=0), grid.sum()]])
        levels = [[*"abc", "all"], [*"wxyz", "all"]]
        keys = pd.MultiIndex.from_product(levels, names=names)
        frame = pd.DataFrame({"clients": whole.ravel()}, index=keys).reset_index()
        made = small_cells.protect(frame, "clients", totals=dict.fromkeys(names, "all"))
        hidden = made["clients"].isna().to_numpy()
        ends = proof.bounds(
            frame["clients"].to_numpy(float), sums.of_table(frame, dict.fromkeys(names, "all")), hidden
        )
        low, high = ends[hidden].T
        given += int(((high - low < 1e-6) | (high < small_cells.SMALLEST)).sum()) if not hidden.all() else 0
    return float(given)


def amounts_told(worlds: int) -> float:
    """Hidden amounts of regions of five municipalities that all pages together tell to within a fifth."""
    given = 0
    for seed in range(worlds):
        rng = np.random.default_rng(seed)
        clients = rng.poisson(rng.lognormal(2.2, 1.2, (1, 20)) * rng.lognormal(0, 0.6, (5, 20)))
        rows = [
            (f"GM{area:04d}", f"{name:08d}", 2024, number, rng.lognormal(8.5, 0.8, number).sum())
            for (area, name), number in np.ndenumerate(clients)
            if number
        ]
        cells = pd.DataFrame(rows, columns=["municipality_code", "provider", "year", "clients", "cost_eur"])
        hidden = small_cells.hidden_across(cells, category="provider")
        found = small_cells.told(cells, hidden, category="provider")
        given += int((found["low"].gt(0.8 + 1e-6) | found["high"].lt(1.2 - 1e-6)).sum())
    return float(given)


EXACT = (0.0, 1e-6)
CHECKS = (
    Check(
        "Kaplan-Meier curve",
        "monitor.survival.curve",
        "lifelines, 300 durations",
        lambda _: curve(late=False),
        *EXACT,
    ),
    Check(
        "the same with late entry",
        "monitor.survival.curve",
        "lifelines, 300 durations",
        lambda _: curve(late=True),
        *EXACT,
    ),
    Check(
        "median and mean to 24 months",
        "monitor.survival.Curve",
        "lifelines",
        lambda _: median_and_mean(),
        *EXACT,
    ),
    Check("CRPS of samples", "forecast.scores", "scoringrules, 50 forecasts", lambda _: crps(), *EXACT),
    Check(
        "interval score, 95 %",
        "forecast.scores",
        "scoringrules, 50 forecasts",
        lambda _: interval_score(),
        *EXACT,
    ),
    Check(
        "quantile loss, five quantiles", "forecast.scores", "scoringrules", lambda _: quantile_loss(), *EXACT
    ),
    Check(
        "credibility premiums",
        "history.completion.credibility",
        "Hachemeister's states, published",
        lambda _: hachemeister(),
        0,
        0,
    ),
    Check(
        "direct standardisation, interval",
        "compare.standardise.direct",
        "scipy's gamma (Fay and Feuer 1997)",
        lambda _: gamma_interval(),
        *EXACT,
    ),
    Check(
        "indirect standardisation, interval",
        "compare.standardise.indirect",
        "scipy's exact Poisson tails",
        lambda _: poisson_interval(),
        *EXACT,
    ),
    Check(
        "the same: coverage of 80 %",
        "compare.standardise.direct",
        "known rates",
        standardised_coverage,
        0.78,
        0.88,
        2_000,
    ),
    Check(
        "funnel of rates: tau2 over true",
        "compare.funnel.spread",
        "60 areas, tau 0.10",
        lambda n: rates_of_areas(n, 0.1)["between"].mean() / 0.01,
        0.95,
        1.05,
        600,
    ),
    Check(
        "the same with tau 0.25",
        "compare.funnel.spread",
        "60 areas, tau 0.25",
        lambda n: rates_of_areas(n, 0.25)["between"].mean() / 0.0625,
        0.95,
        1.05,
        600,
    ),
    Check(
        "ordinary areas outside 95 %, per cent",
        "compare.funnel",
        "60 areas, tau 0.25",
        lambda n: 100 * rates_of_areas(n, 0.25)["outside_95"].mean(),
        4.0,
        6.0,
        600,
    ),
    Check(
        "ordinary areas outside 99.8 %, per cent",
        "compare.funnel",
        "60 areas, tau 0.25",
        lambda n: 100 * rates_of_areas(n, 0.25)["outside_998"].mean(),
        0.1,
        0.35,
        600,
    ),
    Check(
        "ordinary providers named, per cent",
        "compare.funnel",
        "spread twice that of chance",
        ordinary_providers,
        0.1,
        0.3,
        600,
    ),
    Check(
        "chance of costs: found over true",
        "compare.chance.cost_noise",
        "level that moves 6 % a year",
        cost_noise,
        0.9,
        1.1,
        40,
    ),
    Check(
        "places: coverage of 95 %",
        "compare.chance.rank_intervals",
        "35 areas, chance by size",
        places,
        0.93,
        0.99,
        200,
    ),
    Check(
        "paired interval of five years less what is said of it",
        "forecast.paired",
        "independent normal years",
        years_drawn_again,
        -0.03,
        0.03,
        4_000,
    ),
    Check(
        "effects of a decomposition: rest",
        "forecast.drivers.logarithmic_mean",
        "the sum",
        lambda _: effects(),
        *EXACT,
    ),
    Check(
        "hidden amounts told to within a fifth",
        "small_cells.amounts",
        "linear programme over all pages",
        amounts_told,
        0,
        0,
        20,
    ),
    Check(
        "hidden counts that sums give away",
        "small_cells.protect",
        "linear programme over all sums",
        attack,
        0,
        0,
        300,
    ),
)


def page(results: list[tuple[Check, float]]) -> str:
    """The page with every check and its result."""
    versions = ", ".join(f"{name} {version}" for name, version in RIVALS["versions"].items())
    lines = [
        "# What the statistics were checked against",
        "",
        f"Made by `python benchmarks/checks/run.py` (part of `make bench`) on {datetime.date.today()}, version "
        f"{metadata.version('jeugdhulp-analyse')},",
        f"beside {versions} and scipy {metadata.version('scipy')}. What these libraries give is kept in "
        "`benchmarks/checks/rivals.json`,",
        "made by `make bench-checks`. `make test` runs the same checks, the simulations smaller.",
        "",
        "A result of a comparison is the largest difference; 0 is equal. Completion and forecast have benches of their",
        "own: [completion.md](completion.md), [engine.md](engine.md), [method.md](method.md).",
        "",
        "| method | where | against | worlds | result | must lie between |",
        "|---|---|---|---|---|---|",
    ]
    for check, result in results:
        between = f"{check.low:g} and {check.high:g}"
        worlds = f"{check.worlds:,}" if check.worlds else "–"
        lines.append(
            f"| {check.method} | `{check.code}` | {check.against} | {worlds} | {result:.3g} | {between} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    made = [(check, float(check.measure(check.worlds))) for check in CHECKS]
    PAGE.write_text(page(made), encoding="utf-8")
    for check, result in made:
        print(f"{'ok ' if check.holds(result) else 'OFF'} {check.method}: {result:.4g}")
    sys.exit(not all(check.holds(result) for check, result in made))
