"""Each figure states its finding, carries its table, and draws only what is known."""

import json
import re

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import plotly.io as pio
import pytest

from analyse.errors import ParameterError
from analyse.present import figures
from analyse.present.exhibits import exhibit, house_template, style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.picture import prepare
from analyse.present.exhibits.tables import Column
from analyse.present.text.formats import NBSP

LANGUAGES = ["nl", "en"]


def every(samples, language):
    known = samples.history()
    return [
        figures.fan(known, samples.summary(), breaks=samples.breaks(), language=language),
        figures.fan(known, samples.summary(), measure="clients", language=language),
        figures.waterfall(samples.drivers(), area="Delft", language=language),
        figures.budget_against_accounts(known, language=language),
        figures.regions_per_youth(samples.measures(), breaks=samples.breaks(), language=language),
        figures.backtest(samples.score(), language=language),
        figures.usage_breakdown(samples.mix(), breakdown="age", area="Delft", language=language),
    ]


def named(shown, name):
    return next(one for one in shown.drawing["data"] if one.get("name") == name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_whole(samples, language):
    for shown in every(samples, language):
        go.Figure(shown.drawing)
        assert shown.title and not shown.title.endswith(".")
        assert shown.alt.endswith(".")
        assert shown.source
        assert shown.table.cells
        text = json.dumps(shown.as_json(), ensure_ascii=False, allow_nan=False)
        assert not re.search(r"\bnan\b|\bNone\b|\{\w+\}", text, flags=re.IGNORECASE), shown.title
        assert shown.drawing["layout"]["separators"] == {"nl": ",.", "en": ".,"}[language]


def test_every_heading_of_a_table_is_in_the_language_of_its_figure(samples):
    headings = [
        {column.label for shown in every(samples, one) for column in shown.table.columns} for one in LANGUAGES
    ]

    same = {one for one in headings[0] & headings[1] if not one.isdigit()}
    assert same == {"Haaglanden", "Holland Rijnland", "Rijnmond"}, (
        "only names and years read the same in both"
    )
    assert {"Jaar", "Uitgegeven", "Begroot", "Prognose"} <= headings[0]


def test_the_fan_says_what_it_shows(samples):
    shown = figures.fan(samples.history(), samples.summary(), breaks=samples.breaks())

    assert shown.title.replace(NBSP, " ") == (
        "Delft: de kosten stijgen van € 38,6 miljoen in 2024 naar ongeveer € 46 miljoen in 2027"
    )
    assert "1 = Nieuwe boekingsregels (2023)" in shown.note
    assert "2 = " not in shown.note, "a break of another municipality is not drawn"
    assert (
        "Begroot voor 2026: €" in shown.alt and "Verticale lijnen: Nieuwe boekingsregels (2023)." in shown.alt
    )
    assert [one["x0"] for one in shown.drawing["layout"]["shapes"]] == [2022.5]
    assert shown.drawing["layout"]["yaxis"]["rangemode"] == "tozero"
    assert named(shown, "prognose")["x"][0] == 2024, "the forecast begins at the last accounts"


def test_a_line_is_never_joined_across_a_faulty_or_partial_year(samples):
    broken = samples.history(cost_eur={2022: samples.NAN}, status={2020: "incomplete", 2022: "faulty"})
    shown = figures.fan(broken, samples.summary())
    line = named(shown, "uitgegeven")
    hollow = [one for one in shown.drawing["data"] if one.get("marker", {}).get("symbol") == "circle-open"]

    assert [year for year, value in zip(line["x"], line["y"], strict=True) if value is None] == [2020, 2022]
    assert line["connectgaps"] is False
    assert hollow[0]["x"] == [2020]
    assert "ten minste" in shown.note and "2022" in shown.note
    cells = {row[0]: row[1] for row in shown.table.cells}
    assert cells["2022"] == "fout in de bron"
    assert cells["2020"].startswith("ten minste")


def test_a_budget_of_which_a_part_is_missing_is_a_mark_on_its_own(samples):
    partial = samples.history(budget_status={2026: "incomplete"})
    shown = figures.fan(partial, samples.summary())
    step = named(shown, "begroot")
    ticks = next(
        one for one in shown.drawing["data"] if isinstance(one.get("marker", {}).get("symbol"), list)
    )

    assert step["x"][-1] == 2026.5 and step["y"][-1] is None
    assert ticks["marker"]["symbol"][-1] == "diamond-open"
    assert "Open ruit (2026): een deel van de begroting is niet bekend" in shown.note
    assert "Open ruit" not in figures.fan(samples.history(), samples.summary()).note


def test_one_area_at_a_time(samples):
    both = samples.pd.concat([samples.history("GM0503"), samples.history("JZ24")])

    with pytest.raises(ValueError, match="one area, got 2"):
        figures.fan(both, samples.summary())


def test_the_waterfall_adds_up(samples):
    shown = figures.waterfall(samples.drivers(), area="Delft")
    bars = shown.drawing["data"][0]
    ends = [base + size for base, size in zip(bars["base"], bars["x"], strict=True)]

    assert shown.title == "Delft: van 2024 tot 2027 veranderen de kosten het meest door lonen en prijzen"
    assert ends == pytest.approx([38.6, 39.0, 45.3, 46.0, 46.0])
    assert bars["base"] == pytest.approx([0, 38.6, 39.0, 45.3, 0])
    assert bars["error_x"]["array"][0] is None and bars["error_x"]["array"][-1] == pytest.approx(6.0)
    assert [one.replace(NBSP, " ") for one in shown.table.cells[-1]] == [
        "2027",
        "€ 46 miljoen",
        "€ 41 miljoen",
        "€ 52 miljoen",
    ]


def test_no_driver_is_named_that_is_the_largest_in_fewer_than_two_of_three_futures(samples):
    unsure = samples.drivers().assign(largest_share=[0.2, 0.5, 0.3])

    shown = figures.waterfall(unsure, area="Delft").title.replace(NBSP, " ")

    # 46.0 less 38.6 is 7.4 million.
    assert shown == "Delft: van 2024 tot 2027 stijgen de kosten met ongeveer € 7,4 miljoen; " + (
        "er is niet één oorzaak die eruit springt"
    )


def test_a_step_down_shows_without_colour(samples):
    falling = samples.drivers().assign(effect_eur=[-0.4e6, 6.3e6, 1.5e6])

    bars = figures.waterfall(falling, area="Delft").drawing["data"][0]

    assert bars["marker"]["pattern"]["shape"][1] == "/"


def test_budget_and_accounts_compare_whole_years_only(samples):
    rows = samples.history(
        status={2020: "incomplete"}, budget_eur={2023: samples.NAN}, budget_status={2023: "faulty"}
    )
    shown = figures.budget_against_accounts(rows)

    assert "in 6 van de 6 jaar meer uitgegeven dan begroot" in shown.title
    assert shown.title.replace(NBSP, " ").endswith("in een gewoon jaar 11 % meer")
    assert "Geen begroting voor 2023" in shown.note
    cells = {row[0]: row for row in shown.table.cells}
    assert cells["2020"][3:] == ("–", "–")
    assert cells["2024"][4].replace(NBSP, " ") == "11,1 %"


def test_a_usual_year_has_a_sign(samples):
    # Spent is 100; budgets of 90, 110, 125, 125, ... : over in one year, and in the middle of them 20 % under.
    years = range(2017, 2025)
    budgets = dict(zip(years, [90.0, 110.0, *[125.0] * 6], strict=True))
    rows = samples.history(cost_eur=dict.fromkeys(years, 100.0), budget_eur=budgets)

    title = figures.budget_against_accounts(rows).title.replace(NBSP, " ")

    assert title == "Delft: in 1 van de 8 jaar meer uitgegeven dan begroot; in een gewoon jaar 20 % minder"


def test_past_forecasts_say_in_how_many_years_the_own_budget_was_nearer():
    rows = [
        (2022, "forecast", 100.0, 95.0),  # 5 off
        (2022, "budget", 100.0, 98.0),  # 2 off: nearer
        (2023, "forecast", 100.0, 101.0),
        (2023, "budget", 100.0, 90.0),
    ]
    tested = pd.DataFrame(rows, columns=["period", "method", "actual_eur", "q0.5"])
    for name, factor in (("q0.025", 0.8), ("q0.1", 0.9), ("q0.9", 1.1), ("q0.975", 1.2)):
        tested[name] = factor * tested["q0.5"]

    shown = figures.outcomes(tested, area="Delft", horizon=3)

    assert "In 1 van de 2 jaar was de eigen begroting dichterbij" in shown.note


def test_regions_have_their_own_colour_dash_and_marker(samples):
    traces = figures.regions_per_youth(samples.measures()).drawing["data"]
    looks = {(one["line"]["color"], one["line"]["dash"], one["marker"]["symbol"]) for one in traces}

    assert len(looks) == 3
    assert all(len({look[place] for look in looks}) == 3 for place in range(3))


def test_the_title_of_a_breakdown_names_all_that_are_largest(samples):
    equal = samples.mix().replace({"count": {1200.0: 1180.0}}).assign(share=lambda rows: rows["count"] / 2610)
    shown = figures.usage_breakdown(equal, breakdown="age", area="Delft")
    begun = samples.mix().replace({"category": {"4-11": "no referrer", "12-17": "general practitioner"}})
    referred = figures.usage_breakdown(begun.query("category != '0-3'"), breakdown="referrer", area="Delft")

    assert "de grootste groepen met jeugdhulp 4 t/m 11 jaar en 12 t/m 17 jaar (elk 45" in shown.title
    assert referred.title.startswith("Delft: van alle verwijzers begon de huisarts in 2022 de meeste hulp")


def test_hidden_numbers_stay_hidden(samples):
    shown = figures.usage_breakdown(samples.mix(), breakdown="age", area="Delft")

    assert shown.drawing["data"][1]["x"][0] is None
    assert shown.table.cells[0] == ("0 t/m 3 jaar", "95", "verborgen: het aantal is klein")
    assert "onder de 10" in shown.note


def test_names_with_brackets_stay_names(samples):
    evil = samples.measures().replace({"Haaglanden": "<script>alert(1)</script>"})
    shown = figures.regions_per_youth(evil)

    assert "<script" not in json.dumps(shown.drawing)
    assert "<script" not in shown._repr_mimebundle_()["text/html"]


def test_the_bundle_serves_jupyterlab_and_the_page(samples):
    shown = figures.fan(samples.history(), samples.summary())
    bundle = shown._repr_mimebundle_()

    assert set(bundle) == {exhibit.MIME, exhibit.PLOTLY, exhibit.SVG, "text/html", "text/plain"}
    assert bundle[exhibit.PLOTLY]["layout"]["title"]["text"].startswith("Delft")
    assert "bdata" not in json.dumps(bundle)
    assert len(json.dumps(bundle)) < 50_000


def test_plotly_arrays_become_plain_short_numbers():
    made = exhibit.plotly_json(go.Figure(go.Scatter(x=samples_array(), y=samples_array() / 3)))

    assert made["data"][0]["y"] == [0.333333, 0.666667]
    assert "template" not in made["layout"]


def samples_array():
    import numpy as np

    return np.array([1.0, 2.0])


def test_a_figure_without_words_is_refused():
    with pytest.raises(ValueError, match="text alternative"):
        Exhibit("figure", "Titel", drawing={})
    with pytest.raises(ValueError, match="not one of"):
        Exhibit("picture", "Titel")


def test_a_table_says_why_a_cell_is_empty(samples):
    rows = samples.pd.DataFrame({
        "period": [2021, 2022, 2023, 2024], "cost_eur": [1.5e6, samples.NAN, samples.NAN, 2e6],
        "cost_eur_status": ["final", "faulty", tables.NOT_APPLICABLE, "incomplete"],
    })  # fmt: skip
    made = tables.build(
        rows, {"period": Column("Jaar", "year"), "cost_eur": Column("Kosten", "euro")}, "Kosten"
    )

    assert [row[1].replace(NBSP, " ") for row in made.cells] == [
        "€ 1,50 miljoen", "fout in de bron", "–", "ten minste € 2,00 miljoen"
    ]  # fmt: skip
    assert made.values[1] == (2022, None)  # noqa: PD011 - a Table, no frame


def test_the_name_of_a_falling_line_stands_below_it(samples):
    rising = samples.history()
    falling = rising.assign(cost_eur=rising["cost_eur"].where(rising["period"].ne(2024), 10e6))

    def label(history):
        listed = figures.fan(history, samples.summary()).drawing["layout"]["annotations"]
        return next(one["yanchor"] for one in listed if one["text"] == "uitgegeven")

    assert (label(rising), label(falling)) == ("bottom", "top")


def test_two_breaks_in_one_year_are_no_decimal_number(samples):
    first, second = samples.breaks()
    second.period, second.municipalities = first.period, []
    shown = figures.fan(samples.history(), samples.summary(), breaks=[first, second])

    narrow = prepare.narrowed(prepare.whole(shown.drawing))
    assert [one["text"] for one in narrow["layout"]["annotations"] if one.get("name") == "break"] == ["1 · 2"]


def test_the_figure_is_one_of_plotly_and_what_is_changed_in_it_shows(samples):
    shown = figures.fan(samples.history(), samples.summary(), breaks=samples.breaks())
    before = shown._repr_mimebundle_()

    assert isinstance(shown.figure, go.Figure)
    assert shown.figure.layout.template.layout.font.color == style.TOKENS["ink"]
    assert shown._repr_mimebundle_() == before, "looking at it changes nothing"

    shown.figure.update_layout(title_text="Own &lt; <b>title</b>").add_hline(y=30, line_color="#123456")
    bundle = shown._repr_mimebundle_()

    assert bundle[exhibit.MIME]["title"] == "Own < title"
    assert bundle[exhibit.PLOTLY]["layout"]["title"]["text"] == "Own &lt; title"
    assert "Own &lt; title" in bundle["text/html"] and shown.title not in bundle["text/html"]
    assert "#123456" in bundle[exhibit.SVG], "the line is drawn without plotly too"
    assert "#123456" not in before[exhibit.SVG]


def test_the_look_of_the_project_is_a_template_for_any_chart():
    chart = px.line(x=[1, 2], y=[[1, 2], [2, 1]], template=house_template.registered())

    assert pio.templates["jeugdhulp"].layout.separators == ",."
    assert [one.line.color for one in chart.data] == [style.TOKENS["accent"], style.TOKENS["orange"]]
    assert chart.layout.showlegend is not False


def test_an_exhibit_without_a_chart_says_so():
    with pytest.raises(ParameterError, match="has no chart"):
        _ = exhibit.Exhibit("text", "Vormen", content={"paragraphs": ["Drie."]}).figure
