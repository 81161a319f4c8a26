"""Explorers: figures and tables with choices, for notebooks; see ``explorer`` for where they are live.

Each function takes what the notebook has loaded and returns an ``Explorer``; ``copyable`` gives any exhibit a table
to copy. Nothing of ipywidgets or plotly's widget is imported before a panel is shown.
"""

from analyse.present.exhibit import Exhibit
from analyse.present.widgets.beside import forms, municipalities
from analyse.present.widgets.explorer import Explorer
from analyse.present.widgets.future import expected, tested
from analyse.present.widgets.past import history, rows

__all__ = ["Explorer", "copyable", "expected", "forms", "history", "municipalities", "rows", "tested"]


def copyable(exhibit: Exhibit, *, partner: Explorer | None = None) -> Explorer:
    """Any exhibit, with its table to copy.

    Parameters
    ----------
    partner : Explorer, optional
        Pointing at a row whose heading is an option of the partner's linked choice makes that choice there.
    """
    return Explorer(lambda: exhibit, partner=partner)
