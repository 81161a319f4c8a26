"""The examples in the docstrings give what they say."""

import doctest
import importlib
import pkgutil

import pytest

import analyse.scenario

MODULES = [f"analyse.scenario.{one.name}" for one in pkgutil.iter_modules(analyse.scenario.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_right(name):
    done = doctest.testmod(importlib.import_module(name), report=True)

    assert done.failed == 0
