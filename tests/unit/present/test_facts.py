"""The numbers of the first screen, worked by hand from small tables."""

import dataclasses
from types import SimpleNamespace

import pytest

from analyse.present.exhibits import cards
from analyse.present.text import facts
from analyse.present.text.formats import NBSP


def test_the_last_accounts_and_the_forecast_three_years_later(samples):
    cost = facts.cost(samples.evidence(), "GM0503")

    assert (cost.period, cost.cost_eur, cost.target) == (2024, 38.6e6, 2027)
    assert cost.middle_eur == pytest.approx(38.6e6 * 1.06**3)
    assert cost.trend == "rises"


def test_observed_rows_of_the_summary_are_no_forecast(samples):
    evidence = samples.evidence()
    observed = evidence.summary.query("period == 2025").assign(period=2024, stage="observed")
    summary = facts.pd.concat([evidence.summary.assign(stage="forecast"), observed])

    assert facts.cost(dataclasses.replace(evidence, summary=summary), "GM0503").period == 2024


def test_costs_per_youth_beside_the_region(samples):
    figure = facts.cost_per_youth(samples.evidence(), "GM0503", "JZ24")

    assert figure.value == pytest.approx(38.6e6 / 15701)
    assert figure.previous == pytest.approx(35.3e6 / 15701)
    assert figure.reference == pytest.approx(441.6e6 / 226000)
    assert (figure.period, figure.place, figure.estimated) == (2024, "higher", False)


def test_a_faulty_year_is_skipped_and_a_lower_bound_gives_no_change(samples):
    faulty = samples.evidence(cost_eur={2024: samples.NAN}, status={2024: "faulty"})
    bound = samples.evidence(status={2024: "incomplete"})

    assert facts.cost_per_youth(faulty, "GM0503", "JZ24").period == 2023
    assert facts.cost(faulty, "GM0503").status == "faulty"
    assert (
        facts.expected_change(bound, "GM0503", "JZ24").value
        != facts.expected_change(bound, "GM0503", "JZ24").value
    )


def test_the_chance_is_of_the_last_budget_that_is_whole(samples):
    assert facts.budget_risk(samples.evidence(), "GM0503", "JZ24").period == 2026

    evidence = samples.evidence()
    evidence.risk.loc[evidence.risk["period"].eq(2026), "probability"] = samples.NAN
    figure = facts.budget_risk(evidence, "GM0503", "JZ24")

    assert (figure.period, figure.value) == (2025, 90.0)


def test_highlights_are_plain_numbers_for_the_manifest(samples):
    found = facts.highlights(samples.evidence(), "GM0503")

    assert found["cost_eur"] == 38.6e6
    assert found["expected_change_percent"] == pytest.approx(100 * (1.06**3 - 1), rel=1e-5)
    assert found["chance_budget_exceeded"] == 0.79
    assert found["cost_status"] == "final"


def test_five_cards_say_what_is_known(samples):
    shown = cards.first_screen(samples.evidence(), "GM0503", reference_code="JZ24")
    values = [one["value"].replace(NBSP, " ") for one in shown.content["cards"]]

    assert values == ["€ 2.460", "ongeveer 11,4", "ongeveer +19 %", "ongeveer 79 %", "8,5 %"]
    assert shown.content["cards"][3]["details"][0] == "Dat is 4 van de 5."


@pytest.mark.parametrize(
    ("chance", "value", "sentence"),
    [
        (1.0, "meer dan 99 %", "Dat is meer dan 99 van de 100."),
        (0.993, "meer dan 99 %", "Dat is meer dan 99 van de 100."),
        (0.99, "ongeveer 99 %", "Dat is 99 van de 100."),
        (0.0, "minder dan 1 %", "Dat is minder dan 1 van de 100."),
    ],
)
def test_no_chance_is_sure(samples, chance, value, sentence):
    evidence = samples.evidence()
    evidence.risk.loc[:, "probability"] = [0.5, chance, 1.0]
    card = cards.first_screen(evidence, "GM0503", reference_code="JZ24").content["cards"][3]
    shown = [one.replace(NBSP, " ") for one in (card["value"], *card["details"])]

    assert shown[:3] == [value, sentence, "Haaglanden: meer dan 99 %."]
    assert len(shown) == (4 if chance < 0.5 else 3), "a large difference with the region is explained"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_cards_of_an_area_of_which_nothing_is_known(samples, language):
    evidence = samples.evidence()
    empty = facts.Evidence(
        evidence.areas.assign(cost_eur=samples.NAN, status="missing", clients=samples.NAN, clients_status="missing"),
        evidence.summary.iloc[:0], evidence.risk.iloc[:0], evidence.residential.iloc[:0],
    )  # fmt: skip
    shown = cards.first_screen(empty, "GM0503", reference_code="JZ24", language=language)

    unknown = {"nl": "niet bekend", "en": "not known"}[language]
    assert [one["value"] for one in shown.content["cards"]] == [unknown] * 5
    assert unknown in shown.title
    assert "nan" not in str(shown.as_json()).lower()


def test_how_sure_is_said_at_the_horizon_of_the_finding(samples):
    score = samples.score().assign(n=28)
    budgets = score["method"].eq("budget")
    score = facts.pd.concat([score, score[budgets].assign(horizon=3, median_absolute_percentage_error=9.8)])

    text = cards.certainty(score, whose="large", horizon=3).content["paragraphs"][0].replace(NBSP, " ")

    assert text == (
        "3 jaar vooruit zat deze prognose er voor gemeenten van deze grootte (15.000 jongeren of meer) meestal 11 % "
        "naast. Dat is nagerekend voor 28 jaarrekeningen. Hun eigen begrotingen zaten er 10 % naast; die worden pas "
        "vlak voor het jaar zelf gemaakt."
    )


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (6.4, 9.1, "Meer dan gewoon is voor wie hier woont (6,4 tot 9,1)."),
        (6.4, 99.0, "Gewoon voor wie hier woont (6,4 tot 99,0)."),
        (98.0, 99.0, "Minder dan gewoon is voor wie hier woont (98,0 tot 99,0)."),
    ],
)
def test_use_is_judged_by_who_lives_there(samples, low, high, said):
    year = facts.clients_per_100(samples.evidence(), "GM0503", "JZ24").period
    usual = facts.pd.DataFrame(
        {"area_code": ["GM0503"], "period": [year], "usual_low": [low], "usual_high": [high]}
    )

    def details(rows):
        evidence = dataclasses.replace(samples.evidence(), usual=rows)
        return cards.first_screen(evidence, "GM0503", reference_code="JZ24").content["cards"][1]["details"]

    assert said in details(usual)
    assert not [one for one in details(usual.assign(period=year - 1)) if "wie hier woont" in one], (
        "of another year"
    )


def test_use_is_judged_at_equal_ages(samples):
    # Delft has fewer youths with care per 100 than Haaglanden, and more at equal ages: it has many students.
    rows = facts.pd.DataFrame(
        {
            "area_code": ["GM0503", "JZ24"],
            "period": 2022,
            "measure": "clients_direct_per_100",
            "value": [12.8, 10.9],
            "low": [12.5, 10.8],
            "high": [13.1, 11.0],
        }
    )
    evidence = dataclasses.replace(samples.evidence(), equal_ages=rows)
    inside = dataclasses.replace(evidence, equal_ages=rows.assign(low=[10.5, 10.8]))

    cards_of = [
        cards.first_screen(one, "GM0503", reference_code="JZ24").content["cards"][1]
        for one in (evidence, inside)
    ]

    assert "Bij gelijke leeftijden (2022) 12,8: hoger dan in Haaglanden (10,9)." in cards_of[0]["details"]
    assert (
        "Bij gelijke leeftijden (2022) 12,8: ongeveer gelijk aan Haaglanden (10,9)." in cards_of[1]["details"]
    )


def test_the_budget_beside_that_of_the_year_before_and_beside_the_forecast(samples):
    budget = facts.budget(samples.evidence(), "GM0503", 2026)

    # 1.02 x 38.6 after 0.95 x 38.6, and beside a middle outcome of 38.6 x 1.06 x 1.06.
    assert budget.growth == pytest.approx(100 * (1.02 / 0.95 - 1))
    assert budget.gap == pytest.approx(100 * (1.02 / 1.06**2 - 1))


def test_a_chance_is_a_range_where_the_books_leave_open_what_the_budget_holds(samples):
    evidence = samples.evidence()
    evidence = dataclasses.replace(evidence, risk=evidence.risk.assign(probability_low=[0.8, 0.612, 0.5]))

    card = cards.first_screen(evidence, "GM0503", reference_code="JZ24").content["cards"][3]

    assert card["value"].replace(NBSP, " ") == "ongeveer 61–79 %"
    assert card["details"][0].startswith("Een deel van de begroting kan voor andere taken zijn.")


def test_growth_across_a_declared_break_is_not_shown(samples):
    found = samples.evidence()
    counted = facts.clients_per_100(found, "GM0503", "JZ24")
    rule = SimpleNamespace(
        period=counted.period,
        number=5,
        applies_to=["usage"],
        municipalities=["GM0503"],
        effect="excluded from trend",
    )
    broken = facts.clients_per_100(dataclasses.replace(found, breaks=(rule,)), "GM0503", "JZ24")

    assert counted.previous_period is not None
    assert (broken.value, broken.previous_period, broken.broken) == (counted.value, None, rule)


def test_a_flag_stands_on_the_figure_that_it_touches(samples):
    title = SimpleNamespace(nl="Eigen inkoop", en="Own purchasing")
    own = SimpleNamespace(kind="with care", measures=["cost_per_youth_eur"], municipalities=["GM0503"], first=2017,
                          last=None, between_years=False, title=title)  # fmt: skip
    other = SimpleNamespace(**{**vars(own), "kind": "not comparable", "municipalities": ["GM0599"],
                               "title": SimpleNamespace(nl="Wijkteams", en="Teams")})  # fmt: skip
    members = {"GM0503": ["GM0503"], "JZ24": ["GM0503", "GM0599"]}
    evidence = dataclasses.replace(samples.evidence(), flags=[own, other], members=members)

    first, second, *_ = cards.first_screen(evidence, "GM0503", reference_code="JZ24").content["cards"]
    assert first["details"][-1] == "Vergelijk met zorg: Eigen inkoop. Let op bij Haaglanden: Wijkteams."
    assert "Eigen inkoop" not in " ".join(second["details"]), "it is a flag on costs, not on use"
