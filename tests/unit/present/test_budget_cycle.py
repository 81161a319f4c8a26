"""Which amount gives which certainty, worked by hand from eleven futures."""

import numpy as np
import pandas as pd
import pytest

from analyse.present.pages import budget_cycle
from analyse.present.text.formats import NBSP


def paths():
    """Costs of 2024 are 100 million; of 2026 they are 101, 102, ... 111 million, and of 2027 ten million more."""
    futures = np.arange(1, 12)
    rows = [(2024, "observed", np.full(11, 100e6), 1.0)]
    rows += [
        (year, "forecast", (100 + extra + futures) * 1e6, 1.05)
        for year, extra in ((2025, 0), (2026, 0), (2027, 10))
    ]
    return pd.concat(
        pd.DataFrame(
            {
                "area_code": "GM0503",
                "period": period,
                "stage": stage,
                "sample": range(11),
                "youths": 1000.0,
                "clients": 100.0,
                "price": price,
                "cost_eur": costs,
            }
        )
        for period, stage, costs, price in rows
    )


RISK = pd.DataFrame(
    {
        "period": [2026],
        "budget_eur": [104e6],
        "probability": [0.6],
        "probability_low": [0.5],
        "largest_eur": [105e6],
        "area_code": "GM0503",
    }
)


def test_the_amounts_are_quantiles_of_the_futures():
    table = budget_cycle.amounts(paths(), RISK, 2026).set_index("period")

    # Of 101 ... 111 the middle is 106; eight of ten steps lie below 109, nine below 110.
    assert table.index.tolist() == [2026, 2027]
    assert table.loc[2026, ["amount_50_eur", "amount_80_eur", "amount_90_eur"]].tolist() == pytest.approx(
        [106e6, 109e6, 110e6]
    )
    assert table.loc[2027, "amount_50_eur"] == pytest.approx(116e6)
    # Wages and prices rise by a twentieth: about 5 of the 6 million in 2026.
    assert table.loc[2026, "price_eur"] == pytest.approx(5.0e6, rel=0.02)


def test_the_title_is_of_next_year_and_the_chance_is_a_range():
    shown = budget_cycle.cycle(paths(), RISK, area="Delft", this_year=2026)
    cells = [[cell.replace(NBSP, " ") for cell in row] for row in shown.table.cells]

    assert shown.title.replace(NBSP, " ") == (
        "Delft: een begroting van € 120 miljoen voor 2027 is met een kans van 4 van de 5 genoeg"
    )
    # Of 101 ... 111 seven are above 104 and six above 105.
    assert cells[0][:3] == ["2026", "€ 104 miljoen", "55–64 %"]
    # Prices stay as they are after 2026, so the budget of 2027 is that of 2026: all of 111 ... 121 are above it.
    assert cells[1][:3] == ["2027", "€ 104 miljoen", "meer dan 99 %"]


def test_a_card_says_what_a_budget_risks_and_what_the_margin_is_made_of():
    first, second = budget_cycle.cycle(paths(), RISK, area="Delft", this_year=2026).content["cards"]

    assert [first["label"], second["label"]] == ["Dit jaar: 2026", "Volgend jaar: 2027"]
    assert first["value"].replace(NBSP, " ") == "Begroot € 104 miljoen: kans op een tekort 55–64 %."
    assert second["value"].replace(NBSP, " ") == (
        "Begroting van 2026 plus prijsstijging, € 104 miljoen: kans op een tekort meer dan 99 %."
    )
    assert [[one.replace(NBSP, " ") for one in pair] for pair in first["choices"]] == [
        ["€ 110 miljoen", "50 % kans op een tekort"],
        ["€ 110 miljoen", "20 % kans op een tekort"],
        ["€ 110 miljoen", "10 % kans op een tekort"],
    ]
    # The 80 % interval is 102 to 110; the accounts of 2025 say all, since every future only moves along.
    assert first["details"][0].replace(NBSP, " ") == (
        "Lonen en prijzen sinds 2024: € 5,0 miljoen. Wat niemand nu kan weten: een marge van € 8,0 miljoen; "
        "is de rekening van 2025 bekend, dan nog € 0."
    )


def test_without_a_budget_a_card_says_so():
    without = RISK.assign(probability=np.nan, probability_low=np.nan)

    assert budget_cycle.cycle(paths(), without, area="Delft", this_year=2026).content["cards"][0][
        "value"
    ] == ("Er is geen begroting bekend.")
