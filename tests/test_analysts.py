"""The page for analysts is true: its code runs, and its commands and notebooks exist."""

from __future__ import annotations

import ast
import re
import shlex

import pytest
from typer.testing import CliRunner

from analyse import store
from analyse.cli import app
from analyse.parameters import Run
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.widgets import Explorer
from analyse.runs.plan import parameter_names

PAGE = (store.root() / "docs" / "analysts.md").read_text(encoding="utf-8")


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)\n```", PAGE, re.DOTALL)


def test_the_code_runs_from_top_to_bottom_and_shows_something(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where an example saves its chart
    namespace: dict = {}
    for source in _blocks("python"):
        *before, last = ast.parse(source).body
        exec(compile(ast.Module(before, []), "<page>", "exec"), namespace)
        shown = eval(compile(ast.Expression(last.value), "<page>", "eval"), namespace)
        assert shown.exhibits if isinstance(shown, Explorer) else isinstance(shown, Exhibit) or len(shown), (
            source
        )


def test_the_notebooks_are_there():
    names = re.findall(r"`(\w+\.ipynb)`", PAGE)

    assert len(names) >= 7
    for name in names:
        assert (store.root() / "notebooks" / name).is_file(), name


@pytest.mark.parametrize("command", [line for block in _blocks("sh") for line in block.splitlines()])
def test_the_commands_take_these_options(command):
    program, *words = shlex.split(command)
    if program == "papermill":
        known = parameter_names(store.root() / words[0])
        given = {words[place + 1]: words[place + 2] for place, word in enumerate(words) if word == "-p"}
        assert set(given) <= known
        Run(**{name: int(value) if value.isdigit() else value for name, value in given.items()})
        assert all(
            (store.root() / words[place + 1]).is_file() for place, word in enumerate(words) if word == "-f"
        )
        return
    assert program == "analyse"
    shown = CliRunner().invoke(app, [words[0], "--help"], env={"COLUMNS": "200"}).output
    assert all(word in shown for word in words if word.startswith("--"))
