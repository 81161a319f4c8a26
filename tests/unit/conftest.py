"""The real figures, read once for all rooms."""

import pytest

from analyse.history import panel
from analyse.parameters import Run
from analyse.runs import declaration_pages
from analyse.sources import snapshot


@pytest.fixture(scope="session")
def tables():
    return snapshot.load()


@pytest.fixture(scope="session")
def history(tables):
    return panel.build(tables)


@pytest.fixture(autouse=True)
def no_declarations_of_my_own(monkeypatch):
    """A store that somebody keeps in the usual place changes no test."""
    usual, chosen = Run().declarations, declaration_pages.chosen

    def elsewhere(run, tables, codes):
        return declaration_pages.Declared() if run.declarations == usual else chosen(run, tables, codes)

    monkeypatch.setattr(declaration_pages, "chosen", elsewhere)
