"""What is written down is true: generated pages equal what they are generated from."""

import importlib.util
import re

import pytest

from analyse import __version__, store

DOCS = store.root() / "docs"


def _module(name: str):
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "subject",
    ["data", "commands", "vision"],
    ids=["every table and column", "every command and option", "every indicator of the visions"],
)
def test_a_generated_page_is_up_to_date(subject: str):
    page = (DOCS / f"{subject}.md").read_text(encoding="utf-8")

    assert page == _module(f"make_{subject}").page(), f"run python docs/make_{subject}.py"


def test_every_command_and_option_says_what_it_is_for():
    from typer.main import get_command

    from analyse.cli import app

    silent = [
        f"{name} {parameter.opts[0]}"
        for name, command in _module("make_commands").commands(get_command(app), "analyse")
        for parameter in command.params
        if not parameter.help
    ]

    assert silent == []


def test_the_changelog_has_dated_releases_and_this_version_is_the_newest():
    text = (store.root() / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    dated = [one for one in releases if one != "Unreleased"]

    assert all(re.fullmatch(r"\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)", one) for one in dated)
    assert releases[0] == "Unreleased" or dated[0].split()[0] == __version__
