"""How many faults the tests notice: forty small ones, put one by one in forecast, history, scenario and small cells.

``make mutants`` changes one thing in a copy of the package (a comparison, a sign, a number, a condition), runs the
tests of that room, and says which changes no test noticed. The same seed gives the same faults as long as the code is
the same. A fault that changes nothing that can be seen counts as missed: look at each before writing a test for it.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("src") / "analyse"
TESTS = {
    "forecast": ("tests/unit/forecast", "tests/regression"),
    "history": ("tests/unit/history",),
    "scenario": ("tests/unit/scenario",),
    "small_cells": ("tests/unit/small_cells",),
}
SECONDS = 900
"""A fault that makes the tests run for longer counts as noticed."""
COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq}
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
NAMES = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "cumsum": "cumprod"}


@dataclass(frozen=True)
class Mutant:
    """One fault: the file, the number of the node that is changed, and what was changed in words."""

    path: Path
    node: int
    line: int
    said: str

    @property
    def room(self) -> str:
        """The room it is in."""
        return self.path.parts[2]


def main() -> int:
    """Choose the faults, try each, and print what went unnoticed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--each", type=int, default=10, help="faults in each room")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", choices=TESTS, action="append", help="only this room; may be repeated")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true", help="print the faults and try none")
    asked = parser.parse_args()
    chosen = [one for room in asked.room or TESTS for one in choose(room, asked.each, asked.seed)]
    if asked.list:
        print(*(f"{one.path}:{one.line} {one.said}" for one in chosen), sep="\n")
        return 0
    with ThreadPoolExecutor(asked.workers) as pool:
        noticed = list(pool.map(notices, chosen))
    for one, caught in zip(chosen, noticed, strict=True):
        if not caught:
            print(f"missed {one.path}:{one.line} {one.said}")
    for room in asked.room or TESTS:
        own = [caught for one, caught in zip(chosen, noticed, strict=True) if one.room == room]
        print(f"{room}: {sum(own)} of {len(own)} noticed")
    print(f"all: {sum(noticed)} of {len(noticed)} noticed, {sum(noticed) / len(noticed):.0%}")
    return 0


def choose(room: str, number: int, seed: int) -> list[Mutant]:
    """Some of all possible faults in a room, at most one a line."""
    rng = random.Random(f"{seed} {room}")
    found = {}
    for path in sorted((ROOT / PACKAGE / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        types = _annotations(tree)
        for place, node in enumerate(list(ast.walk(tree))):
            said = change(node) if place not in types else ""
            if said:
                found[path, node.lineno] = Mutant(path.relative_to(ROOT), place, node.lineno, said)
    return rng.sample(list(found.values()), min(number, len(found)))


def change(node: ast.AST) -> str:
    """Change a node into a fault, in place, and say how; empty for a node that is left alone."""
    before = (
        ast.unparse(node)
        if isinstance(node, ast.Compare | ast.BinOp | ast.Constant | ast.IfExp | ast.If)
        else ""
    )
    match node:
        case ast.Compare(ops=[one]) if type(one) in COMPARISONS:
            node.ops = [COMPARISONS[type(one)]()]
        case ast.BinOp(op=one) if type(one) in ARITHMETIC and "'" not in before and '"' not in before:
            node.op = ARITHMETIC[type(one)]()
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            node.value += 1
        case ast.If() | ast.IfExp():
            before = ast.unparse(node.test)
            node.test = ast.UnaryOp(ast.Not(), node.test)
            return f"{before} -> not"
        case ast.Attribute(attr=name) if name in NAMES:
            node.attr = NAMES[name]
            return f"{name} -> {NAMES[name]}"
        case _:
            return ""
    return f"{before} -> {ast.unparse(node)}"


def _annotations(tree: ast.AST) -> set[int]:
    """The numbers of nodes that only say types."""
    told = set()
    for node in ast.walk(tree):
        for said in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            told |= {id(one) for one in ast.walk(said)} if said is not None else set()
    return {place for place, node in enumerate(ast.walk(tree)) if id(node) in told}


def mutated(mutant: Mutant) -> str:
    """The text of the file with the fault in it."""
    tree = ast.parse((ROOT / mutant.path).read_text(encoding="utf-8"))
    change(list(ast.walk(tree))[mutant.node])
    return ast.unparse(tree)


def notices(mutant: Mutant) -> bool:
    """Whether the tests of its room notice a fault."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        shutil.copytree(ROOT / PACKAGE, Path(folder) / PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))
        (Path(folder) / mutant.path).write_text(mutated(mutant), encoding="utf-8")
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(folder) / "src"),
            "ANALYSE_HOME": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            *_tests(mutant),
        ]
        try:
            ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return True
        return ended.returncode != 0


def _tests(mutant: Mutant) -> Iterator[str]:
    """The tests of the room, first those named after the file."""
    folders = TESTS[mutant.room]
    own = sorted(
        path for folder in folders for path in (ROOT / folder).rglob(f"test_*{mutant.path.stem}*.py")
    )
    yield from dict.fromkeys(str(path.relative_to(ROOT)) for path in own)
    yield from folders


if __name__ == "__main__":
    sys.exit(main())
