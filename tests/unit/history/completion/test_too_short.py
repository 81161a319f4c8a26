"""Too few months: what has been declared stands, what is to come is missing; small amounts vary as large ones do."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.history.completion import samples, short, speed
from analyse.history.completion.complete import Completed


def lines(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    """Provider, month of care, months until the line came in, cents."""
    columns = ["provider", "product_month", "development_month", "amount_cents"]
    return pd.DataFrame(rows, columns=columns).astype({"product_month": "datetime64[ns]"})


def test_what_was_declared_stands_by_month_and_the_months_ahead_are_missing():
    cells = lines(("p", "2024-11-01", 0, 1000), ("p", "2024-12-01", 0, 3000))

    found = short.declared(cells, "2024-12", by=("provider",), ahead=2).completed

    assert (found.months - found.cut_off).tolist() == [-1, 0, 1, 2]
    assert found.declared.tolist() == [[10.0, 30.0, 0.0, 0.0]]
    assert np.isnan(found.cost).all()


def test_an_error_of_less_than_a_euro_is_an_error_too():
    """A month of two euros that was once half a euro too low and once too high: the samples lie on both sides."""
    two = np.array([[2.0]])
    own = Completed(pd.DataFrame({"provider": ["p"]}), np.array([0]), 0, two, two, two, two * 0)
    found = samples.Uncertain(own, np.array([[[0.5]], [[-0.5]]]))

    drawn = found.draw(200, np.random.default_rng(1))[0, 0]

    assert drawn.min() < 1.9 < 2.1 < drawn.max()


def test_speed_is_that_of_settled_months_and_not_of_the_newest():
    """Of the slow provider only what came in at once is known of December: that says nothing of its delay."""
    cells = lines(
        *(("fast", f"2023-{month:02d}-01", 1, 1000) for month in range(1, 7)),
        *(("slow", f"2023-{month:02d}-01", 8, 1000) for month in range(1, 7)),
        ("slow", "2024-12-01", 0, 900_000),
    )

    assert speed.classes(cells, "2024-12", number=2).to_dict() == {"fast": 0, "slow": 1}


def test_without_settled_months_speed_is_that_of_what_is_known():
    cells = lines(("fast", "2024-06-01", 0, 1000), ("slow", "2024-06-01", 5, 1000))

    assert speed.classes(cells, "2024-12", number=2).to_dict() == {"fast": 0, "slow": 1}


def test_a_credit_says_nothing_of_how_soon_a_provider_declares():
    """Who only gave money back has the class with most money, which is the fast one."""
    cells = lines(
        *(("fast", f"2023-{month:02d}-01", 0, 90_000) for month in range(1, 7)),
        *(("slow", f"2023-{month:02d}-01", 8, 1000) for month in range(1, 7)),
        ("credit", "2023-03-01", 8, -5000),
    )

    assert speed.classes(cells, "2024-12", number=2).to_dict() == {"credit": 0, "fast": 0, "slow": 1}
