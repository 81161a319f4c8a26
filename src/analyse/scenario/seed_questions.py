"""Questions whose answer is known, to see how well an expert estimates: growth in published accounts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analyse.parameters import BothLanguages
from analyse.schema import WHOLE_STATUSES

ASKED = BothLanguages(
    nl="Met hoeveel procent veranderden de kosten van jeugdhulp van {name} van {before} op {year} (jaarrekening)?",
    en="By how many per cent did the cost of youth care of {name} change from {before} to {year}, in its accounts?",
)


def growth(
    past: pd.DataFrame, names: Mapping[str, str], *, number: int, language: str = "nl"
) -> tuple[dict[str, str], dict[str, float]]:
    """Questions on growth of costs, one for each municipality and as many years back as it takes.

    Parameters
    ----------
    past : DataFrame
        Rows of municipalities from ``panel.by_area``: area_code, period, cost_eur and status.
    names : mapping of str to str
        Code of a municipality -> its name, in the order in which they are asked about.
    number : int
        How many questions.
    language : {"nl", "en"}
        Of the questions.

    Returns
    -------
    questions, answers : dict
        By an id of area and year; answers in per cent.

    Examples
    --------
    >>> past = pd.DataFrame(
    ...     {"area_code": "GM0503", "period": [2022, 2023], "cost_eur": [40.0, 44.0], "status": "final"}
    ... )
    >>> growth(past, {"GM0503": "Delft"}, number=1)[1]
    {'growth-GM0503-2023': 10.0}
    """
    whole = (
        past[past["status"].isin(WHOLE_STATUSES)].set_index(["area_code", "period"])["cost_eur"].astype(float)
    )
    questions: dict[str, str] = {}
    answers: dict[str, float] = {}
    for year in sorted({int(year) for _, year in whole.index}, reverse=True):
        for code, name in names.items():
            if len(questions) == number or not {(code, year), (code, year - 1)} <= set(whole.index):
                continue
            key = f"growth-{code}-{year}"
            questions[key] = getattr(ASKED, language).format(name=name, before=year - 1, year=year)
            answers[key] = round(100 * float(whole[code, year] / whole[code, year - 1] - 1), 1)
    return questions, answers
