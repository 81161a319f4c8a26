"""What holds for every scenario, tried on random ones."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from analyse import scenario
from analyse.errors import ParameterError
from analyse.scenario import core, subset, waterfall

LEVERS = {lever.id: lever for lever in scenario.levers()}
FEW = tries(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@st.composite
def chosen(draw):
    """Some levers with sizes, starts and ramps that are allowed; what does not go together is left out."""
    levers = {}
    for name in draw(st.lists(st.sampled_from(sorted(LEVERS)), max_size=6, unique=True)):
        lever = LEVERS[name]
        levers[name] = {
            "size": draw(st.floats(lever.minimum, lever.maximum)),
            "start": draw(st.integers(2025, 2028)),
            "ramp_months": draw(st.integers(0, 48)),
            "running_eur_per_youth": draw(st.sampled_from([0.0, 20.0])),
        }
        try:
            scenario.read({"title": "x", "levers": levers}, years=range(2025, 2029), known=LEVERS.values())
        except ParameterError:
            del levers[name]
    return levers


@FEW
@given(levers=chosen(), seed=st.integers(0, 50))
def test_care_forms_add_up_to_the_total_in_every_sample(area, settings, levers, seed):
    one = area(seed, samples=8)
    outcome = scenario.run(one, settings(levers))

    np.testing.assert_allclose(outcome.form_cost.sum(axis=0), outcome.cost_eur, rtol=1e-12)
    assert (outcome.form_cost >= -1e-6).all()


@FEW
@given(levers=chosen(), seed=st.integers(0, 50))
def test_municipalities_add_up_to_their_region_in_every_sample(area, settings, levers, seed):
    first, second = area(seed, samples=8), area(seed + 100, samples=8)
    # One joint future: what is drawn for levers, durations and prices is the same everywhere.
    same = {name: getattr(first, name) for name in ("draws", "ratios", "cost_draws", "months", "price")}
    second = replace(second, **same)
    total = first.cost_eur + second.cost_eur
    parts = first.form_cost[:-1] + second.form_cost[:-1]
    region = replace(first, cost_eur=total, shares=parts / total, youths=first.youths + second.youths)
    wanted = settings(levers)

    summed = scenario.run(first, wanted).form_cost + scenario.run(second, wanted).form_cost
    np.testing.assert_allclose(scenario.run(region, wanted).form_cost, summed, rtol=1e-9, atol=1e-6)


@FEW
@given(levers=chosen(), seed=st.integers(0, 50), year=st.integers(2025, 2028))
def test_the_waterfall_adds_up_in_every_sample(area, settings, levers, seed, year):
    one, wanted = area(seed, samples=8), settings(levers)
    steps = waterfall.per_sample(one, wanted, year=year)
    end = scenario.run(one, wanted).cost_eur[one.years.index(year)]

    np.testing.assert_allclose(sum(steps.values()), end - one.start["cost_eur"], rtol=1e-9, atol=1e-6)


@FEW
@given(
    name=st.sampled_from(
        ["inflow", "duration", "guideline-intensity", "tariff-growth", "more-youths", "normalise"]
    ),
    sizes=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    seed=st.integers(0, 50),
)
def test_more_of_a_lever_never_costs_more_in_any_sample(area, settings, name, sizes, seed):
    one, lever = area(seed, samples=8), LEVERS[name]
    low, high = (lever.minimum + part * (lever.maximum - lever.minimum) for part in sorted(sizes))
    cheap, dear = (
        scenario.run(one, settings({name: {"size": size, "start": 2025}})).cost_eur for size in (low, high)
    )

    assert (cheap <= dear * (1 + 1e-12)).all()


@FEW
@given(
    months=st.floats(1, 60),
    inflow=st.lists(st.floats(0, 3), min_size=24, max_size=24),
    duration=st.lists(st.floats(0.05, 3), min_size=24, max_size=24),
)
def test_a_stock_is_never_negative(months, inflow, duration):
    stock, clients = core.flow(np.array([months]), np.array(inflow)[:, None], np.array(duration)[:, None])

    assert (stock >= 0).all()
    assert (clients >= 0).all()


@FEW
@given(levers=chosen(), seed=st.integers(0, 50))
def test_the_order_of_the_levers_in_a_file_changes_nothing(area, settings, levers, seed):
    one = area(seed, samples=8)
    backwards = dict(reversed(list(levers.items())))

    np.testing.assert_array_equal(
        scenario.run(one, settings(levers)).cost_eur, scenario.run(one, settings(backwards)).cost_eur
    )


@FEW
@given(levers=chosen(), seed=st.integers(0, 50))
def test_nothing_changes_before_the_first_lever_starts(area, settings, levers, seed):
    one, wanted = area(seed, samples=8), settings(levers)
    first = min((setting.start for setting in wanted.values()), default=2029)
    outcome = scenario.run(one, wanted)
    before = [year < first for year in one.years]

    np.testing.assert_array_equal(outcome.clients[before], one.clients[before])
    np.testing.assert_array_equal(outcome.cost_eur[before], one.cost_eur[before])


def test_chosen_futures_have_the_very_quantiles_of_all_futures():
    rng = np.random.default_rng(8)
    for samples, number in ((1000, 401), (101, 41), (7, 7), (2, 1)):
        values = np.vstack([rng.lognormal(size=(5, samples)), rng.integers(0, 3, size=(1, samples))])
        values[1, rng.integers(samples)] = np.nan
        chosen = np.sort(rng.choice(samples, number, replace=False))
        wanted = np.quantile(values, np.linspace(0, 1, number), axis=-1).T
        found = np.sort(subset.like_all(values, chosen), axis=-1)
        assert np.array_equal(found, wanted, equal_nan=True)
