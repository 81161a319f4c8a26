"""The recipes for own questions are short and run as they stand, and every public function says what it does."""

from __future__ import annotations

import ast
import inspect
import json
import re
import runpy

import pandas as pd
import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

import analyse
from analyse import store
from analyse.cli import app
from analyse.errors import DataError, ParameterError
from analyse.present.exhibits import exhibit

DOCS = store.root() / "docs"
RECIPES = re.findall(
    r"## ([^\n]+)\n\n```python\n(.*?)\n```", (DOCS / "recipes.md").read_text("utf-8"), re.DOTALL
)


@pytest.mark.parametrize("source", [source for _, source in RECIPES], ids=[title for title, _ in RECIPES])
def test_a_recipe_is_short_and_gives_a_table(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    *before, last = ast.parse(source).body
    space: dict = {}
    exec(compile(ast.Module(before, []), "<recipe>", "exec"), space)
    shown = eval(compile(ast.Expression(last.value), "<recipe>", "eval"), space)

    assert isinstance(shown, pd.DataFrame | pd.Series)
    assert len(shown) and not shown.isna().to_numpy().all()
    assert len(source.splitlines()) <= 15


def test_another_assumption_makes_the_difference_that_is_shown():
    source = dict(RECIPES)["What another assumption does"]
    *before, last = ast.parse(source).body
    space: dict = {}
    exec(compile(ast.Module(before, []), "<recipe>", "exec"), space)
    shown = eval(compile(ast.Expression(last.value), "<recipe>", "eval"), space)

    assert (shown.dropna() >= 0).all() and shown.max() > 0.01


def test_a_notebook_of_ones_own_runs_as_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["new", "notebook", "mine"], catch_exceptions=False).exit_code == 0

    cells = json.loads((tmp_path / "mine.ipynb").read_text("utf-8"))["cells"]
    space: dict = {"In": []}
    for cell in cells:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            space["In"].append(source)
            exec(compile(source, "<notebook>", "exec"), space)

    assert space["shown"]._repr_mimebundle_()[exhibit.MIME]["title"] == "My own title"
    again = CliRunner().invoke(app, ["new", "notebook", "mine"])
    assert "is there already" in str(again.exception)


TWICE = pd.DataFrame(
    {"area_code": "GM0503", "period": 2025, "sample": 0, "stage": "forecast", "cost_eur": [1.0, 2.0]}
)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (lambda: analyse.Run(horizon=50), ValidationError),
        (lambda: analyse.Assumed(price_growth_percent=500), ValidationError),
        (lambda: analyse.load_run(horizon=50), ParameterError),
        (lambda: analyse.municipalities({}), KeyError),
        (lambda: analyse.regions({}), KeyError),
        (lambda: analyse.measures(pd.DataFrame({"cost_eur": [1.0]})), KeyError),
        (lambda: analyse.score(pd.DataFrame({"actual_eur": [1.0]})), KeyError),
        (lambda: analyse.quantiles(TWICE, ["cost_eur"]), DataError),
        (lambda: analyse.find_area(analyse.load_tables(), "Nergenshuizen"), ParameterError),
        (lambda: analyse.load_scenario("nothing", years=range(2027, 2030)), ParameterError),
        (lambda: analyse.read_table("nothing.csv"), DataError),
    ],
)
def test_a_public_function_raises_what_it_says(wrong, kind):
    with pytest.raises(kind):
        wrong()


@pytest.mark.parametrize("read", [analyse.breaks, analyse.assumptions])
def test_without_the_folder_of_parameters_it_says_so(read, tmp_path, monkeypatch):
    monkeypatch.setenv("ANALYSE_HOME", str(tmp_path))
    with pytest.raises(DataError, match="ANALYSE_HOME"):
        read()


@pytest.mark.parametrize("name", analyse.__all__)
def test_a_public_name_is_described_whole(name):
    public = getattr(analyse, name)
    told = inspect.getdoc(public) or ""
    parameters = {} if inspect.isclass(public) else inspect.signature(public).parameters
    wanted = ["Raises"] * (name != "plotly_template") + [
        "Examples",
        "Attributes" if inspect.isclass(public) else "Returns",
    ]
    wanted += ["Parameters"] * bool(parameters)
    assert [one for one in wanted if f"{one}\n---" not in told] == []
    for argument in [*parameters, *getattr(public, "model_fields", ())]:
        assert re.search(rf"(?m)^(\*\*)?(.*, )?{argument}\b", told), f"{argument} is not described"


def test_the_page_of_functions_is_made_from_them():
    made = runpy.run_path(str(DOCS / "make_api.py"))

    assert (DOCS / "api.md").read_text("utf-8") == made["text"](), "run python docs/make_api.py"
