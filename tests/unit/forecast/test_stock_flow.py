"""Stock and flow: the book-keeping by hand, ageing, and intervals that hold on a world that was made up."""

import numpy as np
import pandas as pd
import pytest

from analyse.errors import DataError
from analyse.forecast import stock_flow

AGES = range(10, 14)


def _frame(values, name, first=2020):
    """Rows (period, age) of numbers (year, age)."""
    values = np.asarray(values)
    periods = np.repeat(range(first, first + len(values)), values.shape[1])
    return pd.DataFrame({"period": periods, "age": np.tile(AGES, len(values)), name: values.ravel()})


def _flows(stock, joined, left):
    table = _frame(stock, "stock")
    return table.assign(care_form="pleegzorg", joined=np.ravel(joined), left=np.ravel(left))


def _people(years, count=1_000_000):
    return _frame(np.full((years, 4), count), "count")


def test_the_first_january_ahead_is_exact():
    # On 1 January 2020: 40 of age 10, 30 of 11. Of those of 10, 5 join and 8 leave; a year later they are 37 of 11.
    flows = _flows([[40, 30, 0, 0]], [[5, 2, 0, 0]], [[8, 12, 0, 0]])
    drawn = stock_flow.futures(flows, _people(1), horizon=1, samples=3, rng=np.random.default_rng(1))
    first = drawn.query("sample == 0").set_index("age")["stock"]
    assert first.to_dict() == {10: 0.0, 11: 37.0, 12: 20.0, 13: 0.0}
    assert set(drawn["period"]) == {2021}
    assert drawn.groupby("age")["stock"].nunique().eq(1).all()


def test_joiners_follow_the_heads():
    # A thousand of a million join at each age and a fifth leaves. With half as many heads half as many come.
    stock, joined = np.full((3, 4), 2_000), np.full((3, 4), 1_000)
    flows = _flows(stock, joined, (stock + joined) // 5)
    people = pd.concat([_people(3), _frame(np.full((1, 4), 500_000), "count", first=2023)])
    drawn = stock_flow.futures(flows, people, horizon=2, samples=2000, rng=np.random.default_rng(1))
    after = drawn.query("period == 2024 and age == 12")["stock"].mean()
    # Age 11 on 1 January 2023: (2000 + 1000) x 0.8 = 2400; 500 join, a fifth leaves.
    assert after == pytest.approx((2400 + 500) * 0.8, rel=0.01)


def test_fewer_years_give_a_wider_interval():
    def width(years):
        stock, joined = np.full((years, 4), 40), np.full((years, 4), 20)
        flows = _flows(stock, joined, (stock + joined) // 5)
        drawn = stock_flow.futures(
            flows, _people(years + 2), horizon=3, samples=4000, rng=np.random.default_rng(1)
        )
        last = drawn.loc[drawn["period"] == drawn["period"].max()]
        return last.groupby("sample")["stock"].sum().std()

    assert width(2) > 1.05 * width(8)


def test_the_interval_holds_in_a_world_that_was_made_up():
    rng, held = np.random.default_rng(7), []
    for _ in range(60):
        rate, leaves = rng.uniform(0.0004, 0.0012, 4), rng.uniform(0.2, 0.5, 4)
        stock, joined, left = np.zeros((9, 4)), np.zeros((9, 4)), np.zeros((9, 4))
        stock[0] = rng.poisson(40, 4)
        for year in range(9):
            joined[year] = rng.poisson(rate * 50_000 * np.exp(rng.normal(0, 0.06)))
            left[year] = rng.binomial((stock[year] + joined[year]).astype(int), leaves)
            if year < 8:
                stock[year + 1, 1:] = (stock[year] + joined[year] - left[year])[:-1]
        flows = _flows(stock[:6], joined[:6], left[:6])
        drawn = stock_flow.futures(flows, _people(9, 50_000), horizon=3, samples=400, rng=rng)
        total = drawn.query("period == 2028").groupby("sample")["stock"].sum()
        held.append(total.quantile(0.1) <= stock[8].sum() <= total.quantile(0.9))
    assert 0.68 <= np.mean(held) <= 0.95


def test_what_cannot_be_is_refused():
    with pytest.raises(DataError, match="more leave than there are"):
        stock_flow.futures(_flows([[1, 1, 1, 1]], [[0] * 4], [[2, 0, 0, 0]]), _people(1), horizon=1, samples=2,
                           rng=np.random.default_rng(1))  # fmt: skip
    flows = _flows([[1, 1, 1, 1]], [[0] * 4], [[0] * 4])
    with pytest.raises(DataError, match="no count of age 10 in 2021"):
        stock_flow.futures(flows, _people(1), horizon=2, samples=2, rng=np.random.default_rng(1))
