"""Explorers: figures and tables with choices, for notebooks; see ``explorer`` for where they are live.

Each function takes what the notebook has loaded and returns an ``Explorer``; ``copyable`` gives any exhibit a table
to copy. Nothing of ipywidgets or plotly's widget is imported before a panel is shown.
"""

from collections.abc import Callable
from typing import Any

from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.widgets.comparisons import forms, municipalities
from analyse.present.widgets.explorer import Explorer, live
from analyse.present.widgets.future import expected, tested
from analyse.present.widgets.past import history, rows

__all__ = [
    "Explorer",
    "copyable",
    "expected",
    "explore",
    "forms",
    "history",
    "municipalities",
    "rows",
    "tested",
]


def explore(make: Callable[..., Explorer], *given: Any, **chosen: Any) -> Explorer | None:
    """An explorer in an interactive session, and nothing elsewhere: a page has its own figures.

    Parameters
    ----------
    make : callable
        One of the functions of this room.
    given
        What ``make`` takes.
    chosen
        Choices made at first, such as ``area="GM0503"``.

    Examples
    --------
    >>> explore(history, {}, None) is None  # nobody sits at this kernel
    True
    """
    return make(*given).choose(**chosen) if live() else None


def copyable(exhibit: Exhibit, *, partner: Explorer | None = None) -> Explorer:
    """Any exhibit, with its table to copy.

    Parameters
    ----------
    partner : Explorer, optional
        Pointing at a row whose heading is an option of the partner's linked choice makes that choice there.
    """
    return Explorer(lambda: exhibit, partner=partner)
