"""The line of the Netherlands beside costs per youth: of each year the municipalities that have accounts."""

import pytest

from analyse import parameters, shared
from analyse.history import areas
from analyse.present import figures
from analyse.present.pages import one_area


@pytest.fixture(scope="module")
def measured():
    run = parameters.load("parameters/run.yaml", municipality="GM0503")
    return one_area.read(run, "GM0503").rates_beside_country(run), shared.pool(run).history


def test_a_municipality_without_accounts_leaves_the_country_its_figure(measured):
    found, history = measured
    country = found[found["area_code"].eq(areas.COUNTRY)].set_index("period")["cost_per_youth_eur"].dropna()
    year = history[history["period"].eq(2024)]
    there = year[year["cost_eur"].notna()]

    assert country.index.tolist() == list(range(2017, 2025))
    assert len(year) - len(there) == 1, "Loon op Zand"
    assert country[2024] == pytest.approx(there["cost_eur"].sum() / there["youths"].sum())


def test_the_chart_says_which_municipalities_the_country_is(measured):
    made = figures.regions_per_youth(measured[0])
    without = figures.regions_per_youth(measured[0][measured[0]["area_code"].ne(areas.COUNTRY)])

    assert "Nederland: van elk jaar de gemeenten waarvan de rekening bekend is." in made.note
    assert "Nederland" not in without.note


@pytest.mark.parametrize(
    ("measure", "said"), [("cost_per_youth_eur", True), ("clients_per_100_youths", False)]
)
def test_so_does_the_chart_of_costs_over_the_years_and_not_that_of_use(measured, measure, said):
    made = figures.over_time(measured[0], measure=measure)

    assert ("Nederland: van elk jaar de gemeenten" in made.note) == said
