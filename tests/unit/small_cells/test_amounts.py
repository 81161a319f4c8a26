"""No amount of fewer than ten youths can be told to within a fifth from all pages of a set together."""

import numpy as np
import pandas as pd
import pytest

from analyse.small_cells import amounts


def a_region(seed, municipalities=9, providers=40):
    """Providers that work in one to all municipalities, with few or many youths, two years."""
    rng = np.random.default_rng(seed)
    rows = []
    for provider in range(providers):
        size = rng.lognormal(2.2, 1.2)
        for place in range(municipalities):
            if rng.random() < 0.5:
                continue
            for year in (2023, 2024):
                clients = int(rng.poisson(size * rng.lognormal(0, 0.6)))
                if clients:
                    cost = float(rng.lognormal(8.5, 0.8, clients).sum())
                    rows.append((f"GM{place:04d}", f"{provider:08d}", year, clients, cost))
    return pd.DataFrame(rows, columns=["municipality_code", "provider", "year", "clients", "cost_eur"])


def open_to(found):
    """Rows that can be told to within a fifth, to one side or the other."""
    return found[(found["low"] > 1 - amounts.P_RULE + 1e-6) | (found["high"] < 1 + amounts.P_RULE - 1e-6)]


@pytest.mark.parametrize("seed", range(3))
def test_no_amount_of_few_youths_can_be_told_to_within_a_fifth(seed):
    cells = a_region(seed, municipalities=7, providers=20)
    hidden = amounts.hidden_across(cells, category="provider")
    found = amounts.told(cells, hidden, category="provider")

    assert len(found) > 60
    assert open_to(found).empty


def test_pages_that_hide_for_themselves_alone_give_amounts_away():
    """What pages did before: each pools its own small ones, and the region less the others tells them."""
    cells = a_region(0, municipalities=7, providers=20)
    small = cells["clients"].lt(10).groupby([cells["municipality_code"], cells["provider"]]).any()
    alone = amounts.hidden_across(cells, category="provider")
    alone.loc[:, :] = False
    for (place, provider), few in small.items():
        alone.loc[place, provider] = few

    assert len(open_to(amounts.told(cells, alone, category="provider"))) > 5


def test_a_cell_that_is_shown_again_is_found():
    """A planted violation: the plan less one hidden cell beside a secret one that needs it."""
    cells = a_region(1, municipalities=3, providers=6)
    hidden = amounts.hidden_across(cells, category="provider")
    clients = cells.groupby(["municipality_code", "provider"])["clients"].min().ge(10)
    planted = 0
    for place, provider in np.argwhere(hidden.to_numpy()):
        name = (hidden.index[place], hidden.columns[provider])
        if clients.get(name, False):
            shown = hidden.copy()
            shown.loc[name] = False
            planted += len(open_to(amounts.told(cells, shown, category="provider"))) > 0

    assert planted > 0


def test_the_ninth_municipality_does_not_follow_from_the_region_and_the_eight():
    """One provider, five youths in the ninth municipality; the eight others have thirty each."""
    codes = [f"GM{number:04d}" for number in range(9)]
    rows = [(code, name, 2024, 5 if (code, name) == ("GM0008", "a") else 30, 34_722.0 if name == "a" else 90_000.0)
            for code in codes for name in ("a", "b", "c")]  # fmt: skip
    cells = pd.DataFrame(rows, columns=["municipality_code", "provider", "year", "clients", "cost_eur"])
    hidden = amounts.hidden_across(cells, category="provider")
    found = amounts.told(cells, hidden, category="provider")

    assert hidden["a"].sum() >= 2, "one of the eight, or the region, hides it too"
    assert open_to(found).empty and found["high"].min() >= 1.2
    assert hidden.to_numpy().sum() <= 4, "and no more than it takes"


def test_a_set_of_one_page_hides_the_small_and_one_that_hides_it():
    cells = pd.DataFrame({"municipality_code": "GM0503", "provider": list("abc"), "year": 2024, "clients": [5, 40, 60],
                          "cost_eur": [10.0, 50.0, 90.0]})  # fmt: skip
    hidden = amounts.hidden_across(cells, category="provider")

    assert hidden.loc["GM0503"].tolist() == [True, True, False]


def small_region(amounts, few=(("A", "a"),)):
    """Cells of one year from amounts by area and provider; forty youths each, five where ``few`` says so."""
    rows = [(place, provider, 2024, 5 if (place, provider) in few else 40, float(cost))
            for place, own in amounts.items() for provider, cost in own.items()]  # fmt: skip
    return pd.DataFrame(rows, columns=["municipality_code", "provider", "year", "clients", "cost_eur"])


def test_company_of_exactly_a_fifth_is_enough():
    """The 50 of A may be 40, since the 10 of provider b in B may be nothing: the region need not hide any."""
    cells = small_region({"A": {"a": 50, "b": 90}, "B": {"a": 80, "b": 10}})
    hidden = amounts.hidden_across(cells, category="provider")

    assert hidden.to_numpy().tolist() == [[True, True], [True, True], [False, False]]
    assert open_to(amounts.told(cells, hidden, category="provider")).empty


def test_an_amount_is_hidden_by_one_from_which_a_fifth_can_be_taken():
    """Provider b has 5 in A, less than a fifth of the 50 that must stay unknown; so c goes with it, though larger."""
    cells = small_region({"A": {"a": 50, "b": 5, "c": 90}, "B": {"a": 80, "b": 70, "c": 95}})
    hidden = amounts.hidden_across(cells, category="provider")

    assert hidden.loc[["A", "B"]].to_numpy().tolist() == [[True, False, True], [True, False, True]]
    assert open_to(amounts.told(cells, hidden, category="provider")).empty


def test_a_provider_that_is_small_in_the_whole_region_is_hidden_there_too():
    """Five youths in A and nowhere else: the page of the region may not tell their amount either."""
    cells = small_region({"A": {"a": 50, "b": 90, "c": 70}, "B": {"b": 60, "c": 80}})
    hidden = amounts.hidden_across(cells, category="provider")

    assert hidden.loc["A", "a"] and hidden.loc["region", "a"]
    found = amounts.told(cells, hidden, category="provider")
    assert set(found["municipality_code"]) == {"A", "region"} and open_to(found).empty
