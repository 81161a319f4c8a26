"""Write ``docs/api.md``: the public functions, from their docstrings. Run it after a change of one of them."""

from __future__ import annotations

import inspect
from pathlib import Path

import analyse

PAGE = Path(__file__).with_name("api.md")
ABOVE = """# Functions for own questions

Made from the docstrings by `python docs/make_api.py`. These {count} names of `analyse` stay as they are between
versions; whatever else the package holds is internal. `help(analyse.simulate)` shows the same. Examples: `recipes.md`.

{listed}
"""


def text() -> str:
    """The whole page."""
    listed = "\n".join(f"- [`{name}`](#{name.lower()}): {_first(name)}" for name in analyse.__all__)
    parts = [_section(name) for name in analyse.__all__]
    return "\n".join([ABOVE.format(count=len(analyse.__all__), listed=listed), *parts])


def _first(name: str) -> str:
    return (inspect.getdoc(getattr(analyse, name)) or "").split("\n\n")[0].replace("\n", " ")


def _section(name: str) -> str:
    public = getattr(analyse, name)
    shape = "" if inspect.isclass(public) else str(inspect.signature(public)).replace("'", "")
    return f"## {name}\n\n```text\n{name}{shape}\n\n{inspect.getdoc(public)}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
