"""Explorers: what they show by choice, what they refuse, and what remains where nobody can choose."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from analyse import parameters, shared
from analyse.errors import ParameterError
from analyse.present import widgets
from analyse.present.exhibits import exhibit, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.widgets import copying, explorer
from analyse.present.widgets.choice import Choice
from analyse.report import exporter
from analyse.sources import snapshot

AREA = Choice("area", "Area", (("Delft", "GM0503"), ("Leiden", "GM0546")), "GM0503")
SPENT = {"GM0503": 38.6e6, "GM0546": 44.9e6}
RUN = parameters.Run(samples=100)


def shown(area, year=2024):
    """Both towns with the chosen one first, as a table exhibit; nothing is known of 2025."""
    if year == 2025:
        raise ParameterError("year: no figures in 2025; choose 2024")
    order = sorted(AREA.options, key=lambda one: one[1] != area)
    frame = pd.DataFrame(
        {"area": [text for text, _ in order], "cost_eur": [SPENT[code] for _, code in order]}
    )
    columns = {"area": tables.Column("Area"), "cost_eur": tables.Column("Spent", "euro_exact")}
    return Exhibit(
        "table", f"Spent in {year}", table=tables.build(frame, columns, "Spent", "en"), language="en"
    )


@pytest.fixture
def explored():
    years = Choice("year", "Year", (("2024", 2024), ("2025", 2025)), 2024)
    return explorer.Explorer(shown, (AREA, years), link="area")


class TestExplorer:
    def test_it_shows_the_exhibit_of_the_choices(self, explored):
        assert explored.frame.to_dict("list") == {"Area": ["Delft", "Leiden"], "Spent": [38600000, 44900000]}
        assert explored.choose(area="leiden").frame["Area"].tolist() == ["Leiden", "Delft"]
        assert explored.frame["Area"].tolist() == ["Delft", "Leiden"], "the first one stays as it was"

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"area": "Delfd"}, "area: got 'Delfd'; did you mean 'Delft'?"),
            ({"area": "Parijs"}, "area: got 'Parijs'; choose one of 'Delft', 'Leiden'"),
            ({"town": "Delft"}, "explorer: there is no choice 'town'; one can choose area, year"),
        ],
    )
    def test_what_cannot_be_chosen_is_said_in_one_sentence(self, explored, wrong, sentence):
        with pytest.raises(ParameterError) as caught:
            explored.choose(**wrong)
        assert str(caught.value) == sentence

    def test_a_choice_with_nothing_to_show_changes_nothing(self, explored):
        heard = []
        explored.listen(lambda: heard.append(dict(explored.chosen)))

        with pytest.raises(ParameterError, match="choose 2024"):
            explored.set(year=2025)
        assert explored.chosen == {"area": "GM0503", "year": 2024}
        explored.set(area="Leiden")
        explored.set(area="Leiden")
        assert heard == [{"area": "GM0546", "year": 2024}]


class TestCopying:
    TABLE = tables.Table(
        "Use",
        (tables.Column("Area"), tables.Column("Per 100", "decimal"), tables.Column("Spent", "euro")),
        (("Delft", "11,6", "€ 39 miljoen"), ("=1+1", "niet bekend", "€ 2 miljoen")),
        (("Delft", 11.56789, 38600000.4), ("=1+1", None, 2000000)),
    )

    def test_numbers_have_the_decimal_sign_of_the_language(self):
        assert copying.for_spreadsheet(self.TABLE, "nl").splitlines()[1] == "Delft\t11,5679\t38600000"
        assert copying.for_spreadsheet(self.TABLE, "en").splitlines()[1] == "Delft\t11.5679\t38600000"

    def test_a_formula_becomes_text_and_what_is_unknown_stays_empty(self):
        assert copying.for_spreadsheet(self.TABLE).splitlines()[2] == "'=1+1\t\t2000000"

    def test_csv_has_commas_and_points(self):
        assert copying.as_csv(self.TABLE).splitlines()[:2] == ["Area,Per 100,Spent", "Delft,11.5679,38600000"]


class TestPanel:
    """The widgets themselves, without a browser: traits are what travels."""

    @pytest.fixture
    def panel(self, explored):
        from analyse.present.widgets.controls import Panel

        return Panel(explored)

    def test_every_choice_has_a_labelled_control(self, panel):
        assert [one.description for one in panel.controls.values()] == ["Area", "Year"]
        assert panel.controls["area"].options == (("Delft", "GM0503"), ("Leiden", "GM0546"))

    def test_a_control_a_row_and_another_panel_choose_the_same(self, panel, explored):
        from analyse.present.widgets.controls import Panel

        beside = Panel(widgets.copyable(shown("GM0503"), partner=explored))

        panel.controls["area"].value = "GM0546"
        assert panel.shown[0].grid.content["rows"][0][0] == "Leiden"
        assert beside.shown[0].grid.selected == "GM0546"
        beside.shown[0].grid.selected = "GM0503"
        assert panel.controls["area"].value == "GM0503"
        assert panel.shown[0].grid.selected == "GM0503"

    def test_what_cannot_be_shown_is_said_and_the_control_goes_back(self, panel):
        panel.controls["year"].value = 2025

        assert 'role="alert"' in panel.problem.value
        assert "choose 2024" in panel.problem.value
        assert panel.controls["year"].value == 2024
        panel.controls["area"].value = "GM0546"
        assert panel.problem.value == ""

    def test_another_language_changes_labels_and_keeps_the_choices(self, tables):
        from analyse.present.widgets.controls import Panel

        panel = Panel(widgets.history(tables, RUN).choose(area="Delft"))
        assert panel.controls["composition"].description == "Grenzen"
        panel.controls["language"].value = "en"

        assert panel.controls["composition"].description == "Boundaries"
        assert panel.controls["area"].value == "GM0503"
        assert "Costs per youth in 2024" in panel.shown[0].said.value

    def test_pointing_at_a_place_in_the_chart_chooses_it_and_draws_its_years(self, tables, history):
        from plotly.callbacks import Points

        from analyse.present.widgets.controls import Panel

        panel = Panel(widgets.municipalities(tables, history, parameters.breaks(), RUN))
        dots = next(one for one in panel.shown[0].chart.data if one.customdata is not None)
        place = [text.startswith("Leiden:") for text in dots.customdata].index(True)
        panel._clicked(dots, Points(point_inds=[place], trace_name="", trace_index=0), None)

        assert panel.controls["municipality"].value == "GM0546"
        assert [one.name for one in panel.shown[1].chart.data] == [
            "Leiden",
            "Holland Rijnland",
            "drie regio’s samen",
        ]
        assert len(panel.box.children) == 4

    def test_pointing_at_a_care_form_shows_it_for_every_municipality(self, tables, history):
        from analyse.present.widgets.controls import Panel

        panel = Panel(widgets.forms(tables, history, RUN))
        panel.shown[0].grid.selected = "6.73a"

        assert panel.controls["form"].value == "6.73a"
        assert len(panel.shown[1].grid.content["rows"]) == 35

    def test_the_chosen_area_of_a_map_gets_a_frame(self, explored, compared):
        from analyse.present.widgets.controls import Panel

        panel = Panel(widgets.copyable(compared.drawn_map(), partner=explored))
        before = len(panel.shown[0].chart.layout.shapes)
        explored.set(area="Leiden")
        explored.set(area="Delft")

        assert len(panel.shown[0].chart.layout.shapes) == before
        frames = [one for one in panel.shown[0].chart.layout.shapes if one.name == "chosen"]
        assert len(frames) == 1


AREAS = {"nl": ["ALL", "JZ29", "Nieuwkoop"], "en": ["JZ18", "GM1992", "Rotterdam"]}
"""Together, a region, and municipalities that merged, or of which something is not known."""


@pytest.mark.parametrize("language", list(AREAS))
class TestOnRealFigures:
    def test_areas_and_measures_over_the_years(self, tables, language):
        explored = widgets.history(tables, RUN).choose(language=language)

        for area in AREAS[language]:
            assert explored.choose(area=area).exhibits[0].drawing["data"]
        for _, measure in explored.choice("measure").options:
            found = explored.choose(area="Voorschoten", measure=measure, composition="of-the-time")
            assert found.exhibits[0].drawing["data"]

    def test_the_backtest_of_an_area(self, tables, language):
        explored = widgets.tested(tables, shared.read("tested", RUN), RUN).choose(language=language)

        assert explored.idle(explored.chosen) == {"horizon"}
        for area in AREAS[language]:
            outcome, score = explored.choose(area=area, comparisons="without-break").exhibits
            assert outcome.drawing["data"]
            assert score.title


def test_accounts_are_inside_the_interval_as_often_as_said(tables):
    tested = shared.read("tested", RUN)
    own = tested.query("area_code == 'GM0503' and horizon == 1 and method == 'forecast'").dropna(
        subset="actual_eur"
    )
    inside = int(own["actual_eur"].between(own["q0.1"], own["q0.9"]).sum())
    outcome = widgets.tested(tables, tested, RUN).choose(area="Delft", language="en").exhibits[0]

    assert outcome.title == (
        f"Delft, 1 year ahead: the accounts were inside the 80% interval in {inside} of {len(own)} years"
    )


def test_every_table_by_municipality_can_be_read(tables):
    explored = widgets.rows(tables, RUN, snapshot.package())

    for _, name in explored.choice("table").options:
        found = explored.choose(table=name, municipality="Leiden")
        assert len(found.frame) == min(len(tables[name].query("municipality_code == 'GM0546'")), 200)
    with pytest.raises(ParameterError, match="has no rows of Delft in these years"):
        _ = explored.choose(table="usage", from_year=2012, to_year=2013).frame


CELL = """
from analyse import parameters
from analyse.present import widgets
from analyse.sources import snapshot
run = parameters.Run(language="nl")
widgets.history(snapshot.load(), run).choose(area="Delft")
"""


@pytest.fixture(scope="module")
def executed():
    """A notebook with one explorer, run as papermill and nbconvert run it: nobody is there to choose."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    return NotebookClient(notebook, timeout=120, kernel_name="python3").execute()


def test_a_report_shows_the_figure_of_the_choices_without_widgets(executed, tmp_path):
    (output,) = executed.cells[0].outputs
    page = exporter.export(executed, tmp_path / "page.html", language="nl").read_text(encoding="utf-8")

    assert exhibit.MIME in output.data
    assert "application/vnd.jupyter.widget-view+json" not in output.data
    assert "Kosten per jongere in 2024: Delft" in page
    assert "widgets" not in json.dumps(executed.metadata)


def test_a_viewer_without_javascript_shows_title_and_table(executed):
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(executed)

    assert "Kosten per jongere in 2024: Delft" in page
    assert '<th scope="row">2024</th>' in page


def test_a_live_cell_falls_back_on_the_table_where_its_widgets_are_gone(explored, monkeypatch):
    published = []
    monkeypatch.setattr(explorer, "live", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: published.append(data))
    explored._ipython_display_()
    (data,) = published
    cell = nbformat.v4.new_code_cell("", outputs=[nbformat.v4.new_output("display_data", data)])
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))

    assert "application/vnd.jupyter.widget-view+json" in data
    assert '<th scope="row">Delft</th>' in page


def test_a_notebook_that_is_run_from_a_notebook_is_not_live(monkeypatch):
    from types import SimpleNamespace

    def shell(connection, **names):
        config = {"IPKernelApp": {"connection_file": connection}}
        monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(user_ns=names, config=config))

    monkeypatch.setenv("JPY_SESSION_NAME", "02_history.ipynb")
    shell("runtime/kernel-6ce8.json")
    assert explorer.live()
    shell("runtime/tmp6ce8.json")
    assert not explorer.live()
    monkeypatch.delenv("JPY_SESSION_NAME")
    shell("runtime/kernel-6ce8.json")
    assert not explorer.live()
    shell("", __vsc_ipynb_file__="02_history.ipynb")
    assert explorer.live()


def test_nothing_of_the_widgets_is_imported_before_a_panel_is_shown():
    code = (
        "import sys; from analyse.present import widgets;"
        "print([name for name in ('ipywidgets', 'anywidget', 'plotly', 'IPython') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
    assert Path(widgets.__file__).with_name("grid.js").is_file()


def test_a_care_form_of_every_municipality_of_the_region(tables, history):
    explored = widgets.forms(tables, history, RUN).choose(area="Delft", language="en")
    every, one = explored.choose(form="foster care").exhibits
    booked = (
        tables["costs_subcode"]
        .query(
            "municipality_code == 'GM0503' and year == 2023 and report == 'accounts' and subcode == '6.73a'"
        )["cost_eur"]
        .item()
    )
    youths = history.query("municipality_code == 'GM0503' and period == 2023")["youths"].item()

    assert copying.frame(one.table).set_index("Municipality")["foster care"]["Delft"] == pytest.approx(
        booked / youths
    )
    assert len(one.table.cells) == 9, "the municipalities of Haaglanden"
    assert every.title.startswith("Delft, accounts of 2023: most goes to")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"year": 2024}, "year: no accounts by care form of 2024; choose 2023"),
        (
            {"report": "budget", "year": 2025, "form": "6.72a"},
            "form: no figures of this care form; choose another",
        ),
    ],
)
def test_a_care_form_that_was_not_booked_is_said(tables, history, wrong, sentence):
    with pytest.raises(ParameterError, match=sentence):
        _ = widgets.forms(tables, history, RUN).choose(**wrong).exhibits


def test_a_notebook_whose_page_has_its_own_figures_shows_an_explorer_only_to_who_can_choose(monkeypatch):
    figures, run = snapshot.load(), parameters.Run(language="en")

    nobody = widgets.explore(widgets.history, figures, run, area="GM0518")
    monkeypatch.setattr(widgets, "live", lambda: True)
    somebody = widgets.explore(widgets.history, figures, run, area="GM0518")

    assert nobody is None
    assert "The Hague" in somebody.exhibits[0].title
