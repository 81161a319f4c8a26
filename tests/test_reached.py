"""What only tests use is no part of the package."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_public_function_is_reached_from_the_package_a_notebook_or_the_documentation():
    files = dict(_readable())
    uses = {path: _names(tree) for path, tree in files.items()}
    unreached = []
    for path, tree in files.items():
        if path.parts[0] != "src":
            continue
        for function in tree.body:
            if (
                not isinstance(function, ast.FunctionDef)
                or function.name.startswith("_")
                or function.decorator_list
            ):
                continue
            beside = {name for one in tree.body if one is not function for name in _names(one)}
            elsewhere = (names for other, names in uses.items() if other != path)
            if function.name not in beside.union(*elsewhere):
                unreached.append(f"{path}: {function.name}")

    assert sorted(unreached) == []


def _readable() -> Iterator[tuple[Path, ast.Module]]:
    """The Python that users run: of the package, benchmarks, notebooks and the examples of the documentation."""
    for folder in ("src", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        yield path.relative_to(ROOT), ast.parse("\n".join(code))
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        blocks = re.findall(r"^```python\n(.*?)^```$", path.read_text(encoding="utf-8"), flags=re.M | re.S)
        yield path.relative_to(ROOT), ast.parse("\n".join(blocks))


def _names(tree: ast.AST) -> set[str]:
    """Every name that code says: of variables, attributes, and what it imports."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found |= {name.name for name in node.names}
    return found
