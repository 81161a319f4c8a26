"""How much provisional counts are still raised: as observed between downloads, or else as CBS says."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analyse.parameters import BothLanguages, ListedAssumption

NAME = "provisional_revision_percent"
TABLE, MEASURE = "usage", "youths/total/total"
FEWEST = 20
"""So many municipalities must have been compared before what was observed takes the place of what CBS says."""


def assumptions(
    declared: Mapping[str, ListedAssumption], tables: Mapping[str, pd.DataFrame]
) -> Mapping[str, ListedAssumption]:
    """The assumptions, with the revision of provisional counts as observed, where a dataset has enough of it.

    Parameters
    ----------
    declared : mapping
        ``parameters.assumptions()``.
    tables : mapping of DataFrame
        With ``revisions``, which may be absent or have no rows.

    Examples
    --------
    >>> rows = pd.DataFrame({"table": "usage", "measure": "youths/total/total", "year": [2022, 2023], "n": [35, 35],
    ...                      "mean_percent": [1.0, 2.0], "low_percent": [0.0, 1.0], "high_percent": [3.0, 4.0]})
    >>> from analyse import parameters
    >>> found = assumptions(parameters.assumptions(), {"revisions": rows})["provisional_revision_percent"]
    >>> found.value, found.low, found.high
    (1.5, 0.5, 3.5)

    Provisional counts rose by 1.5 % on the mean, four of five municipalities by between 0.5 and 3.5 %.
    """
    rows = tables.get("revisions")
    own = (
        NAME in declared and declared[NAME].status != "observed"
    )  # what a run assumes itself takes precedence
    if rows is None or rows.empty or NAME not in declared or own:
        return declared
    rows = rows.loc[(rows["table"] == TABLE) & (rows["measure"] == MEASURE)]
    weight = rows["n"].astype(float)
    if weight.sum() < FEWEST:
        return declared
    value, low, high = (
        float((rows[name].astype(float) * weight).sum() / weight.sum())
        for name in ("mean_percent", "low_percent", "high_percent")
    )
    observed = {"value": value, "low": min(low, value), "high": max(high, value), "status": "observed"}
    count = int(weight.sum())
    observed["source"] = BothLanguages(
        nl=f"eigen vergelijking van downloads, {count} cijfers van gemeenten",
        en=f"own comparison of downloads, {count} municipal figures",
    )
    return {**declared, NAME: declared[NAME].model_copy(update=observed)}
