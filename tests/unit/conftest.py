"""The real figures, read once for all rooms."""

import functools
import os

import pytest

from analyse import cache, store
from analyse.history import panel
from analyse.parameters import THREE_REGIONS, Run
from analyse.runs import declaration_pages
from analyse.sources import snapshot


@pytest.fixture(scope="session", autouse=True)
def read_once():
    """The embedded figures are read once by a process; a test that changes a table changes its own copy of it.

    Not where a test has a home of its own, or asks what is noted or shared of what is read.
    """
    load, home, kept = snapshot.load, store.root(), {}

    @functools.wraps(load)
    def once(dataset="open", *, regions=THREE_REGIONS):
        noticed = any(os.environ.get(name) for name in (store.READS, cache.FOLDER))
        if noticed or dataset != "open" or store.root() != home:
            return load(dataset, regions=regions)
        key = tuple(sorted(regions))
        if key not in kept:
            kept[key] = load(dataset, regions=regions)
        return {name: frame.copy(deep=False) for name, frame in kept[key].items()}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot, "load", once)
        yield


@pytest.fixture(scope="session")
def tables(read_once):
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
