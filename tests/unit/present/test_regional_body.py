"""The budget of a regional body stands beside the forecast, as growth and with its target."""

import numpy as np
import pandas as pd

from analyse import scenario
from analyse.parameters import Run
from analyse.present.pages import regional_body


def test_rijnmond_shows_its_own_years_ahead_beside_ours():
    future = pd.DataFrame(
        [{"area_code": "JZ29", "care_form": "total", "period": year, "sample": sample, "stage": "forecast",
          "cost_eur": 600e6 * 1.05 ** (year - 2025) * (0.9 + 0.002 * sample)}
         for year in range(2025, 2030) for sample in range(101)]
    )  # fmt: skip
    inputs = scenario.of(Run(samples=100), "JZ29")
    shown, moved, places = regional_body.of_region(inputs, future, area="Rijnmond")

    rows = shown.as_json()["table"]["values"]
    assert [row[0] for row in rows] == [2025, 2026, 2027, 2028], "2029 is not budgeted"
    assert rows[3][1:3] == [505_778_575, 427_378_575]
    assert np.isclose(rows[3][3], 600e6 * 1.05**3)
    plain = shown.title.replace("\u00a0", " ")
    assert "+22 %" in plain and "+3 %" in plain and "+16 %" in plain
    assert "Nissewaard" in shown.source
    assert "plekken boven de regio" in places.title
    rows = {row[0]: row for row in moved.table.cells}
    assert rows["2028"][7].endswith("%") and rows["2029"][7] == "niet bekend"


def test_a_region_without_a_known_body_has_no_budget_to_show():
    inputs = scenario.of(Run(samples=100), "JZ24")
    moved, places = regional_body.of_region(inputs, pd.DataFrame(), area="Haaglanden")

    assert "lokale teams" in moved.title and "plekken" in places.title
    assert {row[7] for row in moved.table.cells} == {"niet bekend"}
