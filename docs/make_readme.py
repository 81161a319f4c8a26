"""Write what the examples of the README print below them: ``python docs/make_readme.py``."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from analyse import store

EXAMPLE = re.compile(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", flags=re.M | re.S)
"""A block of Python, and below it the block with what it prints."""


def printed(code: str) -> str:
    """What an example prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=store.root(), capture_output=True, text=True, check=True
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def page(text: str) -> str:
    """The README with what its examples print now."""
    return EXAMPLE.sub(lambda found: f"```python\n{found[1]}```\n\n```text\n{printed(found[1])}```", text)


if __name__ == "__main__":
    path = Path(store.root()) / "README.md"
    store.write_text(path, page(path.read_text(encoding="utf-8")))
