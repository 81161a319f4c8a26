"""Breaks touch the areas, measures and years they name."""

import pytest

from analyse import parameters
from analyse.errors import ParameterError
from analyse.history import areas, breaks

YEARS = range(2017, 2026)


@pytest.mark.parametrize(
    ("codes", "measure", "periods"),
    [
        (["GM0503"], "cost_eur", [2020, 2022, 2023, 2025]),
        (["GM0599"], "cost_eur", [2020, 2021, 2022, 2023, 2025]),
        (["GM0503"], "clients", [2020, 2021, 2022, 2023]),
        (["GM0546"], "clients", [2020, 2021, 2022, 2022, 2023]),
    ],
)
def test_breaks_of_an_area(codes, measure, periods):
    found = breaks.touching(parameters.breaks(), codes, measure, YEARS)
    assert [one.period for one in found] == periods


def test_a_region_has_the_breaks_of_its_members(tables):
    rijnmond = areas.members(tables, "JZ29")
    assert "rotterdam-2021" in [
        one.id for one in breaks.touching(parameters.breaks(), rijnmond, "costs", YEARS)
    ]
    assert breaks.touching(parameters.breaks(), rijnmond, "costs", [2018, 2019]) == []


def test_only_breaks_with_that_effect_are_left_out_of_the_trend():
    usable = breaks.usable_growth(parameters.breaks(), ["GM0599"], "cost_eur", [2020, 2021, 2022, 2023, 2024])
    assert usable.to_dict() == {2020: True, 2021: True, 2022: True, 2023: False, 2024: True}
    leiden, delft = (
        breaks.usable_growth(parameters.breaks(), [code], "clients", [2022]) for code in ("GM0546", "GM0503")
    )
    assert (leiden[2022], delft[2022]) == (False, True)


def test_an_unknown_measure_is_refused():
    with pytest.raises(ParameterError, match="measure 'volume' is not known; choose one of cost_eur"):
        breaks.touching([], [], "volume", YEARS)
