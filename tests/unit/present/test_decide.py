"""What a page says to decide with: costs by form, who buys, the measures that fit, and the questions to ask."""

import numpy as np
import pandas as pd
import pytest

from analyse import parameters, scenario
from analyse.present.pages import care_form_costs, questions
from analyse.present.pages.questions import Figure
from analyse.present.scenario import fitting_measures, panel_payload
from analyse.present.text.formats import NBSP
from analyse.scenario import fitting

NAN = float("nan")


def costs(**changes):
    """Accounts of 2023 by sub-code and the budget of 2025 by who buys; EUR."""
    booked = {"6.72a": 5e6, "6.74a": 7e6, "6.82a": 2e6, "6.82b": 1e6, "6.72": 0.5e6} | changes
    every = {code: 0.0 for form in scenario.care_forms().forms for code in form.subcodes} | booked
    bought = {"6.751": 1e6, "6.752": 6e6, "6.762": 2e6, "6.763": 1e6}
    rows = [(2023, "accounts", code, amount) for code, amount in every.items()]
    rows += [(2025, "budget", code, amount) for code, amount in bought.items()]
    return pd.DataFrame(rows, columns=["period", "report", "subcode", "cost_eur"])


def plain(cells):
    return [[cell.replace(NBSP, " ") for cell in row] for row in cells]


def test_costs_by_form_are_the_accounts_and_what_the_futures_say(panels):
    inputs = panels.inputs()
    rows = care_form_costs.amounts(costs(), inputs, year=2027).set_index("form")

    assert rows.index[0] == "mental-health"
    assert rows.loc["protection", "cost_eur"] == 3e6  # 6.82a and 6.82b
    place = inputs.forms.index("guidance")
    right = np.quantile(inputs.cost_eur[2] * inputs.shares[place, 2], (0.1, 0.5, 0.9))
    assert rows.loc["guidance", ["q0.1", "q0.5", "q0.9"]].tolist() == pytest.approx(right)


def test_the_chart_of_forms_names_the_largest_and_what_is_not_in_it(panels):
    shown = care_form_costs.by_form(costs(), panels.inputs(), year=2027)

    assert shown.title.replace(NBSP, " ") == (
        "Voorbeeld: het meeste geld gaat naar jeugd-ggz zonder verblijf, € 7,00 miljoen in 2023"
    )
    assert "€ 500.000 is zonder vorm geboekt" in shown.note.replace(NBSP, " ")
    assert "begeleiding € 5,00 miljoen, in 2027 ongeveer" in shown.alt.replace(NBSP, " ")


def test_a_form_of_which_a_part_is_not_known_has_no_amount(panels):
    rows = care_form_costs.amounts(costs(**{"6.82b": NAN}), panels.inputs(), year=2027).set_index("form")

    assert np.isnan(rows.loc["protection", "cost_eur"])


def test_without_accounts_by_form_it_says_so(panels):
    shown = care_form_costs.by_form(costs().iloc[:0], panels.inputs(), year=2027)

    assert shown.content["paragraphs"] == ["De rekening van 2023 zegt niet wat elke vorm van hulp kostte."]


def test_who_buys_is_the_last_budget(panels):
    shown = care_form_costs.bought(costs(), area="Voorbeeld")

    # Of 10 million the region buys 6 + 2.
    assert shown.title.replace(NBSP, " ") == (
        "Voorbeeld, begroting 2025: 80 % van de hulp wordt door de regio ingekocht"
    )
    assert plain(shown.table.cells)[1] == [
        "door de regio ingekocht",
        "€ 6,00 miljoen",
        "€ 2,00 miljoen",
        "€ 8,00 miljoen",
        "80 %",
    ]


MIX = pd.DataFrame(
    {
        "year": [2021, 2022, 2022],
        "category": ["general practitioner"] * 2 + ["municipal access"],
        "share": [0.1, 0.3, 0.7],
    }
)


def test_the_measures_give_the_amounts_of_the_panel(panels):
    panel = panels.panel(samples=1000)
    seen = panel_payload.rounded(panel.inputs, panel.payload)
    shown = fitting_measures.shown(panel, MIX)

    for card, row in zip(shown.content["cards"], shown.table.values, strict=True):
        (name,) = [one.id for one in seen.levers if one.title.nl == row[0]]
        chosen = scenario.read({"title": "", "levers": {name: {}}}, years=panels.YEARS, known=seen.levers)
        changed = scenario.run(seen, chosen.settings).cost_eur[-1] - seen.cost_eur[-1]
        assert row[2:5] == pytest.approx(np.quantile(changed, (0.5, 0.1, 0.9)).tolist())
        assert row[5] == (changed < 0).mean()
        assert card["link"]["to"] == f"#scenario=&{name}="


def test_the_referrers_are_those_of_the_last_year_counted():
    assert fitting.referred(MIX) == {"general practitioner": 0.3, "municipal access": 0.7}


def test_a_question_is_asked_where_its_figure_is_within_its_bounds():
    one, two = (
        parameters.Question(
            id=name, figure=name, question={"nl": "?", "en": "?"}, raised={"nl": "", "en": ""}, **bounds
        )
        for name, bounds in (("high", {"above": 50}), ("low", {"below": -10}))
    )
    known = {"high": Figure(50.1, "", 2026), "low": Figure(-10, "", 2026)}

    assert questions.raised([one, two], known) == [one]
    assert questions.raised([one, two], {"low": Figure(-11, "", 2026)}) == [two]


def test_every_question_is_about_a_figure_and_its_sentences_fill_in():
    names = {
        "chance_of_shortage_percent", "expected_change_percent", "cost_per_youth_against_percent",
        "use_against_percent",
        "residence_against_points", "budget_growth_percent", "years_overspent_percent", "amount_for_nine_in_ten_eur",
        "margin_percent", "referred_by_gp_percent", "bought_by_region_percent", "largest_form_percent",
    }  # fmt: skip
    for one in parameters.questions():
        assert one.figure in names
        for text in (one.question, one.raised):
            for language in ("nl", "en"):
                said = getattr(text, language).format(value="1 %", year=2026, area="A", beside="B", form="C")
                assert "{" not in said
    # Whatever the figures are, five questions are always there.
    assert sum(one.above is None and one.below is None for one in parameters.questions()) >= 4
