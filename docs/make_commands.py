"""Write docs/commands.md from the commands themselves: ``python docs/make_commands.py``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from analyse import store
from analyse.cli import app


def page() -> str:
    """The whole page as Markdown: every command with its arguments and options."""
    lines = [
        "# The commands",
        "",
        "Made by `python docs/make_commands.py` from `src/analyse/cli/`; `analyse COMMAND --help` says the same.",
        "",
    ]
    for name, command in commands(get_command(app), "analyse"):
        lines += [f"## `{name}`", "", _sentence(command.help), ""]
        rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
        if rows:
            lines += ["| | what | default |", "|---|---|---|", *rows, ""]
    return "\n".join(lines)


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command below one, with the words to type for it."""
    yield name, command
    for part, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{name} {part}")


def _row(parameter: Any) -> str:
    names = [*parameter.opts, *parameter.secondary_opts]
    shown = ", ".join(f"`{name}`" for name in names) if names[0].startswith("-") else f"`{names[0].upper()}`"
    default = parameter.default
    plain = default not in (None, "", False, True) and not callable(default)
    usual = "required" if parameter.required else f"{getattr(default, 'value', default)}" if plain else ""
    return f"| {shown} | {_sentence(parameter.help)} | {usual} |"


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


if __name__ == "__main__":
    store.write_text(store.root() / "docs" / "commands.md", page())
