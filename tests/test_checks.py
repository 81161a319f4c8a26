"""Every method gives what a trusted library, a publication or a known truth says; the page lists each check."""

import importlib.util
import sys

import pytest

from analyse import store

FOLDER = store.root() / "benchmarks" / "checks"
FEWER = {"chance of costs: found over true": 8, "places: coverage of 95 %": 30,
         "hidden amounts told to within a fifth": 3}  # fmt: skip
"""Worlds of what takes longest; of others a fifth, 100 at least."""


def _run():
    sys.path.insert(0, str(FOLDER))
    try:
        spec = importlib.util.spec_from_file_location("statistics_checks", FOLDER / "run.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules["statistics_checks"] = module
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(FOLDER))


RUN = _run()


@pytest.mark.parametrize("check", RUN.CHECKS, ids=lambda check: check.method)
def test_a_method_gives_what_it_must(check):
    worlds = FEWER.get(check.method, max(100, check.worlds // 5) if check.worlds else 0)
    result = float(check.measure(worlds))

    assert check.holds(result), f"{check.method}: {result:.4g}, expected {check.low:g} to {check.high:g}"


def test_a_wrong_curve_is_found(monkeypatch):
    """Counting closed durations only, as one might: the check must notice."""
    closed = RUN.data.durations()
    stopped = closed[0][closed[1]], closed[1][closed[1]], closed[2][closed[1]]
    monkeypatch.setattr(RUN.data, "durations", lambda: stopped)

    assert RUN.curve(late=False) > 0.05


def test_the_page_lists_every_check_with_a_result_that_holds():
    page = (FOLDER.parents[1] / "docs" / "checks.md").read_text(encoding="utf-8")

    for check in RUN.CHECKS:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| {check.method} |")]
        assert check.holds(float(row.split(" | ")[4])), row
