"""The agreed framework (richtinggevend kader) beside what happens: duration and intensity by care form or product."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.monitor import duration, intensity, survival

COLUMNS = (
    *(
        "care_form",
        "product_code",
        "agreed_months",
        "trajectories",
        "median_months",
        "longer",
        "q0.025",
        "q0.975",
    ),
    *("agreed_per_week", "per_week", "unit"),
)


def beside(framework: pd.DataFrame, durations: pd.DataFrame, delivered: pd.DataFrame) -> pd.DataFrame:
    """What was agreed on duration and intensity, beside what happens.

    Parameters
    ----------
    framework : DataFrame
        ``framework`` of the contracts: care_form, product_code (empty: the whole form), agreed_months, agreed_per_week
        and unit.
    durations : DataFrame
        ``duration.observed``.
    delivered : DataFrame
        ``Inputs.delivered``: volume and weeks of each trajectory and unit.

    Returns
    -------
    DataFrame
        ``COLUMNS``: trajectories (untreated), median_months, longer (share that lasts longer than was agreed, after
        Kaplan and Meier, NaN where nobody has been followed for so long) with q0.025 and q0.975 (95 %), and per_week:
        declared volume a week of care, of a whole form only. Of a region what tells of few in one of its
        municipalities is left out.

    Examples
    --------
    >>> months = pd.DataFrame({"care_form": "ggz", "product_code": "54001", "lasted": [3.0, 6.0, 12.0, 15.0],
    ...                        "stopped": [True, True, True, False], "entered": 0.0})
    >>> asked = pd.DataFrame({"care_form": ["ggz"], "product_code": [None], "agreed_months": [9.0],
    ...                       "agreed_per_week": [None], "unit": [None]})
    >>> none = pd.DataFrame(columns=["care_form", "unit", "volume", "weeks"])
    >>> beside(asked, months, none)["longer"].round(3).tolist()
    [0.5]
    """
    weekly = intensity.per_week(delivered).set_index(["care_form", "unit"])["per_week"].to_dict()
    rows = []
    for one in framework.to_dict("records"):
        whole = pd.isna(one["product_code"]) or not one["product_code"]
        part = durations[durations["care_form"] == one["care_form"]]
        part = part if whole else part[part["product_code"] == one["product_code"]]
        if small_cells.without_told(pd.DataFrame([one]), part, ["care_form"]).empty:
            continue
        curve, months = survival.curve(part), float(one["agreed_months"])
        followed = len(part) > 0 and part[survival.LASTED].max() >= months
        low, high = curve.interval(months) if followed else (np.nan, np.nan)
        rows.append(
            {
                "care_form": one["care_form"],
                "product_code": "" if whole else one["product_code"],
                "agreed_months": months,
                "trajectories": len(part),
                "median_months": curve.median()[0],
                "longer": curve.at(months) if followed else np.nan,
                "q0.025": low,
                "q0.975": high,
                "agreed_per_week": float(one["agreed_per_week"])
                if pd.notna(one["agreed_per_week"])
                else np.nan,
                "per_week": weekly.get((one["care_form"], one["unit"]), np.nan) if whole else np.nan,
                "unit": one["unit"] if pd.notna(one["unit"]) else "",
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def by_provider(framework: pd.DataFrame, judged: pd.DataFrame) -> pd.DataFrame:
    """Providers of the forms of a framework, beside what was agreed, with the limits of the funnel.

    Parameters
    ----------
    framework : DataFrame
        As for ``beside``; rows of a product are left out.
    judged : DataFrame
        ``duration.funnel``.

    Returns
    -------
    DataFrame
        The columns of ``judged`` and agreed_months, furthest above what was agreed first. The mean is that of the first
        ``duration.HORIZON_MONTHS``, so what was agreed counts up to there.
    """
    whole = framework[framework["product_code"].isna() | framework["product_code"].eq("")]
    agreed = whole.set_index("care_form")["agreed_months"].clip(upper=duration.HORIZON_MONTHS)
    found = judged[judged["care_form"].isin(agreed.index)]
    found = found.assign(agreed_months=found["care_form"].map(agreed).astype(float))
    order = (found["mean_months"].astype(float) - found["agreed_months"]).sort_values(
        ascending=False, kind="stable"
    )
    return found.loc[order.index].reset_index(drop=True)
