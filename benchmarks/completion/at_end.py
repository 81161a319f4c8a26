"""Products billed at their end: are they found in the figures, what does accrual bring, and what does it do to others.

In simulated worlds of ``tasks.py``, dyslexia care is billed once, at its end. What it should come to by month of care
is known: each bill spread evenly over the days of its trajectory. All other forms are held against their bills.

``python benchmarks/completion/at_end.py`` prints, over worlds and cut-offs, the forms that were found and the median
absolute error of the last twelve months and the newest month of a municipality, from bills and with accrual.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from tasks import REFUSED, make

from analyse.history import completion
from analyse.history.completion import accrual

WORLDS = ("standard-1", "slow-2", "yearly-5")
CUT_OFFS = ("2022-12", "2023-03", "2023-06", "2023-09", "2024-03")
AT_END = "dyslexie"
SIGN = {"C": -1}
KEYS = ["municipality_code", "care_form", "provider", "product_month", "development_month"]


def cells(lines: pd.DataFrame) -> pd.DataFrame:
    """As ``declarations.triangle``: with volume and number of lines, which accrual asks."""
    declared, care = lines["declared_on"].dt, lines["product_month"].dt
    waited = (declared.year - care.year) * 12 + declared.month - care.month
    signed = lines["volume"] * lines["debit_credit"].map(SIGN).fillna(1)
    found = lines.assign(development_month=waited, volume=signed, lines=1)
    return found.groupby(KEYS, observed=True)[["amount_cents", "volume", "lines"]].sum().reset_index()


def given(lines: pd.DataFrame, trajectories: pd.DataFrame) -> pd.DataFrame:
    """Bills spread over the care that they are for: EUR by municipality and month."""
    key = ["municipality_code", "provider", "allocation_number"]
    bills = (
        lines[lines["care_form"] == AT_END].groupby(key, observed=True)["amount_cents"].sum().reset_index()
    )
    whole = bills.merge(trajectories[[*key, "start_date", "stop_date"]], on=key, validate="1:1")
    months = pd.period_range("2017-01", "2025-12", freq="M")
    begin, end = (whole[name].to_numpy("datetime64[D]").astype(int) for name in ("start_date", "stop_date"))
    first = months.start_time.to_numpy().astype("datetime64[D]").astype(int)
    last = (months + 1).start_time.to_numpy().astype("datetime64[D]").astype(int)
    days = np.clip(np.minimum(end[:, None] + 1, last) - np.maximum(begin[:, None], first), 0, None)
    part = days / np.maximum(end - begin + 1, 1)[:, None] * whole["amount_cents"].to_numpy()[:, None] / 100
    return pd.DataFrame(part, columns=months).groupby(whole["municipality_code"].to_numpy()).sum()


def world(name: str) -> tuple[pd.DataFrame, list[str]]:
    """Errors of one world, and the forms found at each of its cut-offs."""
    made = make(name)
    lines = made.lines[~made.lines["fault"].isin(REFUSED)]
    known, trajectories = cells(lines), made.trajectories
    billed = known.groupby(["care_form", "municipality_code", "product_month"])["amount_cents"].sum() / 100
    care, rows, forms = given(lines, trajectories), [], []
    for cut in CUT_OFFS:
        seen = trajectories[trajectories["allocated_on"] <= pd.Period(cut).end_time]
        forms.append(",".join(accrual.billed_at_end(known, seen, cut)) or "none")
        taken = {"bills": known, "accrual": accrual.accrued(known, seen, cut)}
        for way, table in taken.items():
            found = completion.complete(completion.classed(table, cut)).table()
            found = found.assign(month=pd.PeriodIndex(found["period"], freq="M"))
            for what, size in (("12 months", 12), ("newest month", 1)):
                months = pd.period_range(end=cut, periods=size, freq="M")
                inside = found[found["month"].isin(months)]
                for form, own in inside.groupby("care_form"):
                    cost = own.groupby("municipality_code")["cost_eur"].sum()
                    if form == AT_END:
                        actual = care[months].sum(axis=1)
                    else:
                        actual = billed[form].unstack().reindex(columns=months.to_timestamp()).sum(axis=1)
                    both = (
                        pd.DataFrame({"cost_eur": cost, "actual": actual}).dropna().reset_index(names="code")
                    )
                    rows.append(both.assign(way=way, what=what, form=form, cut_off=cut, world=name))
    return pd.concat(rows, ignore_index=True), forms


def errors(table: pd.DataFrame) -> pd.DataFrame:
    """Median absolute error, per cent: of the form billed at its end, and of all others added up."""
    table = table.assign(part=np.where(table["form"] == AT_END, AT_END, "all other forms"))
    keys = ["part", "what", "way", "world", "cut_off", "code"]
    summed = table.groupby(keys)[["cost_eur", "actual"]].sum().query("actual > 0").reset_index()
    off = summed.assign(off=(summed["cost_eur"] / summed["actual"] - 1).abs() * 100)
    return off.groupby(["part", "what", "way"])["off"].agg(["median", "mean"]).unstack("way")


if __name__ == "__main__":
    made = [world(name) for name in WORLDS]
    print("forms found:", pd.Series([one for _, forms in made for one in forms]).value_counts().to_dict())
    print("absolute error of a municipality, per cent")
    print(errors(pd.concat([table for table, _ in made], ignore_index=True)).round(2).to_string())
