"""Completion of late declarations: from what has been declared to what months of care will cost. Pure.

- ``triangle``: declared amounts by month of care and months since;
- ``speed``: speed classes of providers; ``development``: the completed share by class, form, area, season;
- ``level``: what a month is expected to cost by itself; ``complete``: both together;
- ``accrual``: products billed at their end, spread over the months of care;
- ``samples``: joint samples, from how far the same method was off in the past; ``short``: too few months for that;
- ``ladder``: chain ladder with Mack's error, ``compared``: how near all this came in the past;
- ``credibility``: what to believe;
- ``totals``: rows added up by group.
"""

from analyse.history.completion import accrual, arrivals, compared, ladder, short
from analyse.history.completion.complete import Completed, classed, complete
from analyse.history.completion.samples import Uncertain, look_back
from analyse.history.completion.triangle import Triangle, from_cells

__all__ = [
    "Completed",
    "Triangle",
    "Uncertain",
    "accrual",
    "arrivals",
    "classed",
    "compared",
    "complete",
    "from_cells",
    "ladder",
    "look_back",
    "short",
]
