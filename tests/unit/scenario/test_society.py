"""The business case of society: what must be true makes the middle future pay back, and nothing found stands at 0."""

import numpy as np
import pytest

from analyse import scenario
from analyse.errors import ParameterError
from analyse.parameters import validated
from analyse.present.scenario import society_tables
from analyse.scenario import business_case, society


@pytest.fixture(scope="module")
def delft():
    from analyse.parameters import Run

    return scenario.of(Run(samples=200), "GM0503")


def test_the_room_is_what_brings_the_middle_present_value_to_nothing(delft):
    settings = scenario.load("alle-maatregelen", years=delft.years, known=delft.levers).settings
    found = society.table(delft, settings, rates=business_case.Rates(0.02, 0.0225)).set_index("lever")
    case = business_case.work_out(
        delft, {"outflow": settings["outflow"]}, rates=business_case.Rates(0.02, 0.0225)
    )
    years = [year for year in delft.years if year >= settings["outflow"].start]
    spent = sum(found.loc["outflow", "yearly_room_eur"] / 1.02 ** (year - years[0]) for year in years)

    assert spent == pytest.approx(np.median(case.present_value_eur), abs=1)
    assert np.sign(found["yearly_room_eur"]).tolist() == np.sign(found["q0.5"]).tolist()


def test_benefits_elsewhere_are_per_euro_saved_and_nothing_where_nothing_was_found(delft):
    settings = scenario.load("alle-maatregelen", years=delft.years, known=delft.levers).settings
    known = society.outside()
    found = society.beyond(delft, settings, known, rates=business_case.Rates(0.0, 0.0)).set_index("id")
    saved = business_case.work_out(
        delft, {"own-contribution": settings["own-contribution"]}, rates=business_case.Rates(0.0, 0.0)
    ).amounts["saving_eur"]
    worth = float((saved / delft.price).sum(axis=0).mean())

    assert found.loc["acute-care", "mean_eur"] == pytest.approx(-0.81 * worth)
    assert found.loc["acute-care", ["low_eur", "high_eur"]].tolist() == pytest.approx([-1.2 * worth, 0.0])
    assert (found.loc[["school", "income", "safety"]] == 0).all().all()
    assert found.loc["long-term-care", "mean_eur"] == 0, "not among these measures"
    assert {name for one in known for name in one.levers} <= {lever.id for lever in scenario.levers()}


def test_a_row_without_evidence_has_no_amount():
    row = society.outside()[0].model_dump() | {"high": 1.0}

    with pytest.raises(ParameterError, match="where nothing was found"):
        validated(list[society.Outside], [row], "outside_benefits.yaml")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_measure_says_what_must_be_true(delft, language):
    cases, beyond, pays = society_tables.shown(delft, area="Delft", language=language)
    rows = [[cell.replace("\u00a0", " ") for cell in row] for row in cases.table.cells]

    assert len(rows) == 12 and all(row[6] for row in rows)
    assert not [row for row in rows if row[5] == "–"], "of every measure a cost was found or bounded"
    assert {"nl": "gezinnen, die betalen", "en": "families, who pay"}[language] in str(pays.table.cells)
    assert [row[2] for row in beyond.table.cells].count(
        {"nl": "niets gevonden: 0", "en": "nothing found: 0"}[language]
    ) == 3
