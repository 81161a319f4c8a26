"""Use of care by form: what published counts say where a dataset has them, else the Netherlands as a whole.

The embedded figures hold no youths by form per municipality. After ``analyse update`` the tables ``usage_by_form`` and
``usage_flows`` may hold them: then a municipality's own youths divide its clients over the groups and over the
forms of residence, and help without residence lasts as long as it did in the three regions together.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse.history import form_history
from analyse.scenario.definitions import CareForms

Tables = Mapping[str, pd.DataFrame]
GROUPS = {"outpatient": "zonder-verblijf", "residential": "met-verblijf", "protection": "jb-jr"}
"""Group -> what CBS calls it."""
FORMS = {"foster-care": "pleegzorg", "family-homes": "gezinsgericht", "closed": "gesloten"}
"""Care form -> what CBS calls it; the other forms of a group have the rest of its youths, divided as costs are."""
DAYS_A_MONTH = 365.25 / 12


def counts(tables: Tables, code: str) -> dict[str, float]:
    """Youths by form in the last year that a municipality has all groups of, by the names of CBS; empty if none."""
    if "usage_by_form" not in tables:
        return {}
    table = tables["usage_by_form"]
    rows = table.loc[
        (table["municipality_code"] == code)
        & (table["part"] == "year")
        & (table["measure"] == "youths")
        & table["count"].notna()
    ]
    for _, of_year in sorted(rows.groupby("year"), reverse=True):
        by_form = dict(zip(of_year["care_form"], of_year["count"].astype(float), strict=True))
        if all(by_form.get(name, 0) > 0 for name in GROUPS.values()):
            return by_form
    return {}


def outpatient_months(tables: Tables) -> float | None:
    """Mean duration, in months, of the trajectories that ended in the three regions together; None if not known.

    More than nine in ten trajectories are without residence, so this is taken for help without residence.
    """
    if "usage_flows" not in tables:
        return None
    flows = form_history.flows(tables, "all")
    known = flows.loc[(flows["measure"] == "duration_days") & flows["value"].notna()].sort_values("period")
    return None if known.empty else float(known["value"].iloc[-1]) / DAYS_A_MONTH


def weights(care: CareForms, shares: np.ndarray, counted: Mapping[str, float]) -> np.ndarray:
    """Part of the youths with care by form, (care form without ``local``, sample); sums to 1.

    Parameters
    ----------
    care : CareForms
        Groups, with the youths of the Netherlands, and forms.
    shares : ndarray (care form without local, sample)
        Part of the costs: divides what no count divides.
    counted : mapping of float
        Youths by the names of CBS, from ``counts``; may be empty.
    """
    known = [form for form in care.forms if form.group != "local"]
    result = np.zeros_like(shares)
    for group in care.groups:
        youths = counted.get(GROUPS[group.id], group.youths.value) if counted else group.youths.value
        rest = [index for index, form in enumerate(known) if form.group == group.id]
        own = {
            index: counted[FORMS[known[index].id]] for index in rest if FORMS.get(known[index].id) in counted
        }
        if sum(own.values()) < youths:
            rest = [index for index in rest if index not in own]
            for index, count in own.items():
                result[index] = count
            youths -= sum(own.values())
        total = shares[rest].sum(axis=0)
        result[rest] = youths * shares[rest] / np.where(total > 0, total, 1.0)
    return result / result.sum(axis=0)


def of_region(weights_of: Mapping[str, np.ndarray], clients_of: Mapping[str, np.ndarray]) -> np.ndarray:
    """Weights of a region, (care form, year, sample): those of its municipalities, weighted with their clients.

    So the clients of a region are the sum of those of its municipalities, in every sample.
    """
    total = sum(clients_of.values())
    return sum(weights_of[code][:, None] * clients_of[code] for code in weights_of) / total
