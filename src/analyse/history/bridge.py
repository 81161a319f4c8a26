"""Costs of youth care by one definition from 2017 on, across the task fields of 2023 and 2025.

Until 2024 personal budgets are part of 6.72 to 6.74 and 6.82. From 2025 those of youths stand with those of adults in
6.79, and policy and coordination stand apart in 6.92. Counted in every year are help, protection, probation and the
personal budgets of youths; policy, which no earlier year shows apart, is a bound: costs that go on as before lie
between the counted and the counted with policy.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse import parameters
from analyse.history import boundaries
from analyse.schema import quantile_column

Tables = Mapping[str, pd.DataFrame]
KEY = ["municipality_code", "period"]
LOW, HIGH = quantile_column(0.1), quantile_column(0.9)


def costs(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return the costs of youth care by municipality of the time and year, personal budgets included.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``costs`` and ``costs_subcode``.

    Returns
    -------
    dict of DataFrame
        ``accounts``, ``budget`` and ``budget with policy``: municipality_code, period, cost_eur (EUR), status. A part
        that is faulty or missing makes the sum ``incomplete``, or empty when nothing is known.
    """
    apart = _apart(tables)
    accounts, budget = (_counted(tables, report, apart) for report in ("accounts", "budget"))
    policy = apart["policy"].loc[apart["policy"]["report"] == "budget"]
    both = pd.concat([budget, policy], ignore_index=True)
    return {
        "accounts": accounts,
        "budget": budget,
        "budget with policy": boundaries.add_up(both, KEY, {"cost_eur": "status"}),
    }


def table(tables: Tables, *, change: tuple[float, float] | None = None) -> pd.DataFrame:
    """Return the bridge itself: every part of every municipality of today from 2025 on.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``costs``, ``costs_subcode``, ``municipalities`` and ``boundary_changes``.
    change : (float, float), optional
        Interval (80 %) of the factor between an estimated personal budget and the true one, by default that of
        ``parameters/bridge.yaml``.

    Returns
    -------
    DataFrame
        municipality_code, period, report, part, cost_eur (EUR), status, q0.1 and q0.9 (EUR; equal to cost_eur where
        that is published), reason.
    """
    rows, apart, constants = [], _apart(tables), parameters.bridge()
    estimate = constants.estimated_budgets
    low, high = (estimate.low, estimate.high) if change is None else change
    for report in ("accounts", "budget"):
        fields = _fields(tables, report)
        fields = fields.loc[fields["period"] >= constants.apart]
        whole = boundaries.add_up(fields, KEY, {"cost_eur": "status"}, parts="parts")
        for part, frame in {"task fields": whole.assign(report=report), **apart}.items():
            of_report = frame.loc[frame["report"] == report].assign(
                at_most=lambda rows: rows.get("at_most", np.inf)
            )
            of_report = of_report[[*KEY, "cost_eur", "at_most", "status"]]
            recoded = boundaries.recode(
                of_report, tables, dict.fromkeys(["cost_eur", "at_most"], "status"), time="period"
            )
            rows.append(recoded.assign(report=report, part=part, reason=constants.reasons[part]))
    found = pd.concat(rows, ignore_index=True)
    estimated = found["status"].eq("estimated")
    found[LOW] = found["cost_eur"] * np.where(estimated, low, 1.0)
    found[HIGH] = np.minimum(found["cost_eur"] * np.where(estimated, high, 1.0), found["at_most"])
    columns = ["municipality_code", "period", "report", "part", "cost_eur", "status", LOW, HIGH, "reason"]
    return found[columns].sort_values(columns[:4], ignore_index=True)


def _counted(tables: Tables, report: str, apart: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The task fields of each year, and from 2025 on the personal budgets that they no longer hold."""
    fields = _fields(tables, report)
    fields["parts"] += fields["period"] >= parameters.bridge().apart
    budgets = apart["personal budgets"]
    rows = pd.concat([fields, budgets.loc[budgets["report"] == report]], ignore_index=True)
    return boundaries.add_up(rows, KEY, {"cost_eur": "status"}, parts="parts")


def _fields(tables: Tables, report: str) -> pd.DataFrame:
    """Rows of the task fields that count in their year, with in ``parts`` how many parts the sum must have."""
    costs = tables["costs"]
    rows = costs.loc[costs["report"] == report].rename(columns={"year": "period"})
    numberings = parameters.bridge().task_fields
    numbering = np.searchsorted(list(numberings), rows["period"].to_numpy(dtype="int64"), side="right") - 1
    kept = []
    for place, fields in enumerate(numberings.values()):
        counting = (numbering == place) & rows["taakveld"].isin(fields)
        kept.append(rows.loc[counting].assign(parts=len(fields)))
    return pd.concat(kept)[[*KEY, "cost_eur", "status", "parts"]]


def _apart(tables: Tables) -> dict[str, pd.DataFrame]:
    """Personal budgets of youths, and policy, for every municipality, year and report from 2025 on."""
    fields, codes = _wide(tables["costs"], "taakveld"), _wide(tables["costs_subcode"], "subcode")
    asked = fields.index
    published = codes["6.792"].reindex(asked).notna()
    policy = codes["6.92"].reindex(asked).combine_first(fields["6.92"])
    none = _last(codes["6.92"]).eq(0).reindex(asked.get_level_values(0)).fillna(False).to_numpy(dtype=bool)
    estimated = policy.isna() & none
    return {
        "personal budgets": _rows(_personal_budgets(fields, codes), ~published).assign(
            at_most=fields["6.79"].fillna(np.inf).to_numpy()
        ),
        "policy": _rows(policy.mask(estimated, 0.0), estimated),
    }


def _personal_budgets(fields: pd.DataFrame, codes: pd.DataFrame) -> pd.Series:
    """Youth part of 6.79 by (municipality, year, report): as published, or by the share of the last year that is."""
    both = codes["6.791"] + codes["6.792"]
    whole, youth = _last(both), _last(codes["6.792"])
    share = (youth / whole).where(whole > 0)
    national = youth.sum() / whole.sum() if whole.sum() else np.nan
    municipality = fields.index.get_level_values("municipality_code")
    of_youths = share.reindex(municipality).fillna(national).to_numpy()
    nothing = whole.eq(0).reindex(municipality).fillna(False).to_numpy(dtype=bool)
    amount = fields["6.79"].where(fields["6.79"].notna() | ~nothing, 0.0)
    budgets = codes["6.792"].reindex(fields.index).combine_first((amount * of_youths).mask(amount == 0, 0.0))
    same_year = budgets.groupby(level=KEY).transform(
        "max"
    )  # accounts without 6.79: as budgeted for that year
    return budgets.fillna(same_year)


def _wide(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Amounts by (municipality_code, period, report), one column per task field or sub-code that the bridge needs."""
    named = ["6.79", "6.92"] if column == "taakveld" else ["6.791", "6.792", "6.92"]
    late = rows.loc[rows["year"] >= parameters.bridge().apart].rename(columns={"year": "period"})
    late = late.astype({"period": "int64", "cost_eur": "float64"})
    index = ["municipality_code", "period", "report"]
    wide = late.pivot(index=index, columns=column, values="cost_eur")
    return wide.reindex(columns=named)


def _last(amounts: pd.Series) -> pd.Series:
    """The last known amount of each municipality."""
    return amounts.dropna().sort_index().groupby(level="municipality_code").last()


def _rows(amounts: pd.Series, estimated: pd.Series) -> pd.DataFrame:
    """One row per (municipality_code, period) with its status."""
    known = np.where(estimated.to_numpy(), "estimated", "final")
    status = np.where(amounts.notna().to_numpy(), known, "missing")
    values = amounts.to_numpy(dtype="float64")
    return amounts.index.to_frame(index=False).assign(
        cost_eur=values.round(),
        status=status,
        parts=len(parameters.bridge().fields(parameters.bridge().apart)) + 1,
    )
