"""The constants of the forecast are those that the command estimates, from half of the country."""

import importlib.util
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from analyse import parameters, store
from analyse.forecast import known as knowledge
from analyse.forecast import population, usage
from analyse.forecast.streams import Streams
from analyse.history import panel
from analyse.sources import snapshot


@pytest.fixture(scope="module")
def tune():
    path = store.root() / "benchmarks" / "forecasting" / "tune.py"
    spec = importlib.util.spec_from_file_location("tune", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["tune"] = module  # a dataclass looks itself up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def country():
    tables = snapshot.load(regions=parameters.COUNTRY)
    return panel.build(tables), tables


def test_the_constants_are_those_of_a_small_tuning(tune, country):
    # Forty samples instead of four hundred: the middle of youths x price is then known a little less well.
    made = tune.origins(*country, samples=40)
    assert all(
        not origin.chosen[[tune.backtest.half_of(code) == 1 for code in origin.known.codes]].any()
        for origin in made
    )
    costs = parameters.forecast_constants().costs
    for ahead in tune.AHEAD:
        estimates = np.array([tune.line(*step) for step in tune.pooled(made, ahead)])
        written = [costs.pull_own[ahead], costs.pull_region[ahead], costs.budget_weight[ahead]]
        assert pytest.approx(np.array(written), abs=0.02) == estimates.T


def test_the_pull_and_spread_of_use_are_those_of_the_steps_counted(tune, country):
    usage = parameters.forecast_constants().usage
    assert tune.usage_spreads(country[0]) == {"region_sd": usage.region_sd, "own_sd": usage.own_sd}
    assert tune.usage_pull(*country) == usage.pull


def test_the_errors_of_youths_are_those_with_the_smallest_loss(tune, country):
    youths = parameters.forecast_constants().youths
    found = tune.youth_spreads(*country, samples=30)
    assert found == {"ages_sd": youths.ages_sd, "gain_sd": youths.gain_sd}


def test_use_of_2023_is_forecast_from_what_was_known_of_2022(tune, country):
    history, tables = country
    then = knowledge.as_of(history, tables, origin=2022)
    size = {"horizon": 1, "samples": 1000, "streams": Streams(1)}
    clients = np.exp(usage.paths(then, **size)[:, 0]) * population.paths(then, **size)[0][:, 0]
    low, middle, high = np.quantile(clients, (0.1, 0.5, 0.9), axis=1)
    counted = history.query("period == 2023").set_index("municipality_code")["clients"]
    came = counted.loc[list(then.codes)].to_numpy(dtype=float)
    unseen = np.array([tune.backtest.half_of(code) == 1 for code in then.codes])
    three = np.isin(then.regions, ["JZ18", "JZ24", "JZ29"])
    error, held = np.abs(middle / came - 1), (low <= came) & (came <= high)
    assert np.median(error[unseen]) == pytest.approx(0.0377, abs=0.001)
    assert held[unseen].mean() == pytest.approx(0.85, abs=0.02)
    assert np.median(error[three]) == pytest.approx(0.0387, abs=0.001)
    assert held[three].mean() == pytest.approx(0.80, abs=0.03)


def test_only_the_value_of_a_constant_is_written(tune, tmp_path):
    path = Path(shutil.copy(store.root() / "parameters" / "forecast.yaml", tmp_path))
    before = path.read_text(encoding="utf-8").splitlines()
    tune.write(path, {"usage": {"own_sd": 0.123}}, {"date": "2026-01-01"})
    after = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == ['  date: "2026-01-01"', "    value: 0.123"]
    written = store.read_yaml(path)
    assert written["usage"]["own_sd"]["value"] == 0.123
    assert written["costs"]["own_sd"]["value"] == parameters.forecast_constants().costs.own_sd
    assert written["tuning"] == {"date": "2026-01-01"}
