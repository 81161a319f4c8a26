"""Write ``docs/api.md``: the public functions, of which the site shows the docstrings (``make docs``)."""

from __future__ import annotations

import inspect
from pathlib import Path

import analyse

PAGE = Path(__file__).with_name("api.md")
ABOVE = """# Functions for own questions

These {count} names of `analyse` stay as they are between versions; whatever else the package holds is internal. The
site (`make docs`) shows here what each takes, gives and raises, as `help(analyse.simulate)` and `analyse.simulate?` do.
Examples: [recipes](recipes.md). This page is made by `python docs/make_api.py`.

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
    kind = "class" if inspect.isclass(getattr(analyse, name)) else "function"
    return f"## {name}\n\n```{{eval-rst}}\n.. auto{kind}:: analyse.{name}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
