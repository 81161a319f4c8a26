"""Tables to read: what stands in them, in which order, and what does not apply."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analyse.present import figures
from analyse.present.exhibits import markup
from analyse.present.pages import listings, provenance


def scored(**key):
    """Two rows of every measure, one of a method without an interval."""
    measures = {"n": 174, "median_absolute_percentage_error": [5.68, 7.2], "bias_percent": -0.2, "mase": [0.985, 1.1],
                "smape_percent": 8.1, "scaled_crps": 0.73, "msis_95": [7.2, None], "coverage_80": [0.8, None],
                "coverage_95": [0.94, None]}  # fmt: skip
    return pd.DataFrame({**key, "horizon": 1, **measures})


@pytest.mark.parametrize(
    ("key", "first", "label"),
    [
        ({"method": ["pooled_growth", "forecast"]}, "deze prognose", "Methode"),
        ({"size": ["large", "small"]}, "klein: minder dan 6.000 jongeren", "Grootte"),
    ],
)
def test_every_measure_by_method_or_size(key, first, label):
    table = listings.comparison(scored(**key), caption="Alle maten").table
    assert label in str(table)
    assert str(table).index(first) < str(table).index("groei van alle" if "method" in key else "groot: ")


def test_the_usual_change_is_a_hundred_per_cent():
    table = str(listings.comparison(scored(method=["forecast", "drift"]), caption="Alle maten").table)
    assert "98" in table
    assert "110" in table


def test_of_each_number_of_years_ahead_this_forecast_comes_first(samples):
    shuffled = samples.score().sort_values("method")
    table = figures.backtest(shuffled).table

    assert [(row[0], row[1]) for row in table.cells][:5] == [
        ("deze prognose", "1"),
        ("eigen begroting", "1"),
        ("zelfde als vorig jaar", "1"),
        ("nog eens de groei van vorig jaar", "1"),
        ("deze prognose", "2"),
    ]


@pytest.mark.parametrize(("language", "marked"), [("nl", 0), ("en", 1)])
def test_a_dutch_title_on_an_english_page_is_read_as_dutch(language, marked):
    source = {"name": "regions", "sources": [{"title": "CBS: Gebieden"}], "rows": 3, "temporal": "2024/2024"}
    shown = provenance.sources({"resources": [source]}, language=language)

    table = markup.table(shown.table.as_json(), language=language)
    assert table.count('<td lang="nl">CBS: Gebieden</td>') == marked
    assert table.count("lang=") == marked


@pytest.mark.parametrize(("beside", "said"), [(False, 1), (True, 0)])
def test_what_forecasts_learn_from_is_said_once_on_every_page(beside, said):
    source = {"name": "regions", "sources": [{"title": "CBS"}], "rows": 3, "temporal": "2024/2024"}
    shown = provenance.sources({"resources": [source]}, method_beside=beside)

    assert shown.note.count("Prognoses leren van alle gemeenten in Nederland") == said
    assert "alle gemeenten van Nederland" in str(provenance.method(100).content)


def test_figures_of_one_year_have_one_year():
    source = {"name": "regions", "sources": [{"title": "CBS"}], "rows": 3}
    package = {"resources": [source | {"temporal": span} for span in ("2024/2024", "2012/2026")]}
    table = provenance.sources(package).table

    assert [row[2] for row in table.cells] == ["2024", "2012–2026"]


def test_a_correction_of_several_municipalities_and_years_is_one_row():
    where = {"municipality_code": ["GM0503", "GM0546", "GM9999"], "year": [2017, 2018], "report": "accounts"}
    declared = [
        SimpleNamespace(table="costs", where=where, cells=8),
        SimpleNamespace(table="costs", where={"municipality_code": "GM9999", "year": 2017}, cells=1),
    ]

    shown = provenance.corrections(declared, {"GM0503": "Delft", "GM0546": "Leiden"}).table

    # The second one touches neither of the two municipalities.
    assert shown.cells == (
        (
            "Delft en Leiden",
            "2017 en 2018",
            "jaarrekening",
            "Jaarrekeningen en eerste begrotingen per taakveld",
            "8",
        ),
    )
