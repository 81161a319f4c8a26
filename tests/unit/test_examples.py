"""The examples in the docstrings of every room give what they say."""

import doctest
import functools
import importlib
import pkgutil

import pytest

import analyse
from analyse.history import panel
from analyse.sources import snapshot

MODULES = [
    one.name
    for one in pkgutil.walk_packages(analyse.__path__, "analyse.")
    if not one.name.endswith(".__main__")
]


@pytest.fixture(scope="module", autouse=True)
def read_once():
    """The embedded figures and their history are made once, not once for every example that begins with them."""
    build, built = panel.build, {}

    def once(tables, **choices):
        key = (id(tables), repr(choices))
        if key not in built:
            built[key] = (
                tables,
                build(tables, **choices),
            )  # with its tables, so that their place is not used again
        return built[key][1].copy()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot, "load", functools.cache(snapshot.load))
        patch.setattr(panel, "build", once)
        yield


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_right(name):
    done = doctest.testmod(importlib.import_module(name), report=True)

    assert done.failed == 0


def test_most_modules_have_examples():
    finder = doctest.DocTestFinder()
    found = [
        name for name in MODULES if any(one.examples for one in finder.find(importlib.import_module(name)))
    ]

    assert len(found) > 60
