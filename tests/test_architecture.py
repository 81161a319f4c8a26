"""The rooms stand on their floors, and the repository stands on its own."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE = re.compile(
    r"\.\./shared|(?<![\w.])/(?:home|Users|work|root|tmp|opt|mnt|media|private|var/folders)/[\w.-]+|[A-Z]:\\\\Users"
)
"""A folder beside the repository, or a place on somebody's machine."""
LONG = 400
SAME = {"language", "words", "page"}
"""Arguments that mean the same everywhere: the language of the page, its texts, and the page itself."""


def _tracked() -> list[Path]:
    """The files in git; what git does not know yet but would take counts too."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        capture_output=True,
        check=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _texts() -> list[tuple[Path, str]]:
    found = []
    for path in _tracked():
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_a_room_imports_only_from_rooms_below_it():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-logo",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_reads_outside_the_repository_or_names_a_place_on_a_machine():
    here = Path(__file__)
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in _texts()
        if path != here
        for match in OUTSIDE.finditer(text)
    ]

    assert not found


def test_the_package_has_no_assert_because_python_may_leave_it_out():
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not isinstance(node, ast.Assert), f"{path.relative_to(ROOT)}:{node.lineno}"


def test_a_long_file_of_the_package_is_looked_at():
    """A warning, no limit: a file is as long as its one subject needs."""
    for path in sorted((ROOT / "src").rglob("*")):
        if (
            path.suffix in (".py", ".js")
            and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONG
        ):
            warnings.warn(f"{path.relative_to(ROOT)}: {lines} lines; is it one subject?", stacklevel=1)


def test_hardly_any_file_name_stands_in_two_rooms():
    """Rooms that do the same to different things may share a name, such as the tables of a schema and of a page."""
    names = Counter(path.name for path in (ROOT / "src").rglob("*.py") if not path.name.startswith("__"))

    assert len([name for name, times in names.items() if times > 1]) <= 8


def test_a_public_function_of_three_or_more_arguments_names_each_of_them():
    """Commands aside, whose options say what they are: a section Parameters, "as for" another function or in full."""
    unnamed = []
    for path in sorted((ROOT / "src" / "analyse").rglob("*.py")):
        if path.parent.name != "cli":
            unnamed += [
                f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {', '.join(missing)}"
                for node in _public_functions(ast.parse(path.read_text(encoding="utf-8")))
                if (missing := _unnamed(node))
            ]

    said = "\n".join(unnamed)
    assert not unnamed, f"name these in a section Parameters of the docstring:\n{said}"


def test_an_argument_that_no_section_names_is_found():
    text = '''
def f(a, b, c):
    """Say.

    Parameters
    ----------
    a, b : int
        Of c.

    Returns
    -------
    int
        c, twice.
    """
def g(a, b, *, c):
    """Say."""
def _h(a, b, c): ...
'''

    assert [_unnamed(node) for node in _public_functions(ast.parse(text))] == [["c"], ["a", "b", "c"]]


def _public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions of a module and methods of its classes, without those that begin with an underscore."""
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
        yield from (
            one for one in inside if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
        )


def _unnamed(node: ast.FunctionDef) -> list[str]:
    """Arguments that the section Parameters does not name; none of a function with one or two arguments."""
    given = node.args
    names = [
        one.arg
        for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)
        if one.arg not in ("self", "cls")
    ]
    section = re.search(
        r"^ *Parameters\n *-+\n(.*?)(?=^ *\w+\n *---|\Z)", ast.get_docstring(node) or "", re.S | re.M
    )
    entries = re.findall(r"^(\S.*)$", section.group(1), re.M) if section else []
    named = {word for entry in entries for word in re.findall(r"\w+", entry.split(" : ")[0])}
    return [name for name in names if name not in named | SAME] if len(names) > 2 else []


def test_nothing_is_left_to_do_in_a_comment():
    marks = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    found = [
        str(path.relative_to(ROOT)) for path, text in _texts() if path.suffix == ".py" and marks.search(text)
    ]

    assert not found


@pytest.mark.parametrize("module", ["analyse", "analyse.cli", "analyse.errors"])
def test_importing_the_command_line_does_not_import_pandas(module: str):
    code = f"import sys, {module}; print([name for name in ('pandas', 'numpy', 'plotly') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_yaml_is_read_by_the_one_reader_that_refuses_what_stands_twice():
    for path in (ROOT / "src").rglob("*.py"):
        if path.name != "plain_yaml.py":
            assert not re.search(r"\byaml\.(safe_|full_|unsafe_)?load", path.read_text(encoding="utf-8")), (
                path
            )


def test_tables_leave_through_the_few_writers_that_make_formulas_harmless():
    writers = {
        path.relative_to(ROOT / "src" / "analyse").as_posix(): path.read_text(encoding="utf-8")
        for path in (ROOT / "src").rglob("*.py")
        if re.search(r"\.to_csv\(|\.to_excel\(|csv\.writer\(|\bWorkbook\(", path.read_text(encoding="utf-8"))
    }
    own = {name for name, text in writers.items() if "harmless(" in text or "looks_like_formula(" in text}
    codes_only = {
        "cli/earlier_forecasts.py",
        "runs/cluster.py",
        "sources/declarations/demo/message_files.py",
        "sources/vintages.py",
    }

    assert own == {"present/widgets/copying.py", "report/downloads.py", "report/workbook.py", "store.py"}
    assert set(writers) - own == codes_only
