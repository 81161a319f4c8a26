"""Every command, as the parser knows it, is given bad input: one sentence, a documented exit status, no traceback.

The commands and their options are taken from the parser, so a new one comes under this by itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from typer.main import get_command

from analyse import cli

REFUSED = (2, 3, 4)
GOOD = {
    "--area": "Delft", "--as": "costs", "--by": "region", "--from": "2020", "--year": "2027", "earlier": "open",
    "kind": "costs", "lever": "inflow", "name": "base", "names": "base", "year": "2024",
}  # fmt: skip
"""A right value of what a command cannot do without; of a file or folder it is made."""
FOLDERS = ("--contracts", "--store", "--declarations", "--folder", "--judgements", "folder", "reports")
AREAS = ("--municipality", "--region", "--area", "--leaves", "--for")
WRITTEN = ("--output", "--forecasts")
HANDS_ON = "warm"
"""The command that gives its words to another program."""
RIGHT = {("init", "folder"): "not there", ("register add", "--folder"): "not there"}
"""What would be wrong elsewhere: these make the folder."""


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, with the words to type for it."""
    below = getattr(command, "commands", {})
    if not below:
        yield words, command
    for word, one in below.items():
        yield from commands(one, (*words, word))


TREE = get_command(cli.app)
COMMANDS = dict(commands(TREE))


def kind(parameter: Any) -> Any:
    """What a parameter takes: a type, or a ``Literal``."""
    annotation = parameter.type_descriptor.annotation
    inner = [one for one in get_args(annotation) if one is not type(None)]
    return annotation if get_origin(annotation) is Literal or not inner else inner[0]


def bad_values(parameter: Any, folder: Path) -> dict[str, str]:
    """Wrong values of one parameter, by what is wrong."""
    name, takes = parameter.opts[0], kind(parameter)
    (folder / "a file").write_text("x", encoding="utf-8")
    (folder / "empty.csv").touch()
    (folder / "a folder.csv").mkdir(exist_ok=True)
    (folder / "other columns.csv").write_text("colour;taste\nred;sweet\n", encoding="utf-8")
    if name in WRITTEN:
        return {"below a file": str(folder / "a file/out.csv"), "a folder": str(folder / "a folder.csv")}
    if takes is Path and name not in FOLDERS:
        return {
            one: str(folder / one)
            for one in ("not there.csv", "empty.csv", "a folder.csv", "other columns.csv")
        }
    if takes is Path:
        return {one: str(folder / one) for one in ("not there", "a file")}
    if takes in (int, float):
        return {"no number": "many", "out of range": "-7"}
    if name in AREAS:
        return {"unknown": "Nergenshuizen", "unknown code": "GM9999"}
    return {"unknown": "no such thing"}


def typed(words: tuple[str, ...], folder: Path, *, but: Any = None) -> list[str]:
    """The words with right values for all that is required but one."""
    made = list(words)
    for parameter in COMMANDS[words].params:
        if parameter.required and parameter is not but:
            name = parameter.opts[0]
            value = GOOD.get(name, str(folder / ("out.csv" if name in WRITTEN else "other columns.csv")))
            made += [name, value] if name.startswith("-") else [value]
    return made


def tried(words: tuple[str, ...], folder: Path) -> Iterator[tuple[str, list[str]]]:
    """What is wrong, and the words to type."""
    yield "an option that is not there", [*words, "--no-such-option"]
    options = [
        one for one in COMMANDS[words].params if one.name != "help" and not getattr(one, "is_flag", False)
    ]
    for parameter in options:
        name, right = parameter.opts[0], typed(words, folder, but=parameter)
        named = name.startswith("-")
        for what, value in bad_values(parameter, folder).items():
            if RIGHT.get((" ".join(words), name)) != what:
                yield (
                    f"{name} {what}",
                    [*right, name, value] if named else [*words, value, *right[len(words) :]],
                )
        if named and parameter is options[-1]:
            yield f"{name} without value", [*right, name]
            yield f"{name} empty", [*right, name, ""]
        if named and parameter is options[-1] and not parameter.multiple:
            yield f"{name} twice", [*right, name, "a", name, "b"]


@pytest.fixture
def run(monkeypatch, capsys, tmp_path) -> Callable[[list[str]], tuple[int, str]]:
    """Run a command line in this process, in a folder of its own: its exit status and what it says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "get_command", lambda _: TREE)

    def ended(arguments: list[str]) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["analyse", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, capsys.readouterr().err

    return ended


@pytest.mark.parametrize("words", [one for one in COMMANDS if one != (HANDS_ON,)], ids=" ".join)
def test_bad_input_is_refused_in_one_sentence(words, run, tmp_path):
    wrong = {}
    for what, arguments in tried(words, tmp_path):
        status, said = run(arguments)
        if status not in REFUSED or len(said.splitlines()) != 1 or "unexpected" in said:
            wrong[what] = status, said

    assert wrong == {}
