"""Faults in simulated lines: credited, corrected, sent twice, and wrong in the ways that real ones are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.sources.declarations.demo.settings import Shape

REFUSED = ("bsn_invalid", "amount_differs", "period_not_one_month", "future", "unit_unknown")
"""Faults for which a line is refused: a right one follows."""
SIGNALLED = ("tariff_differs", "outside_allocation", "after_stop", "implausible_volume", "unknown_code")
"""Faults of lines that are paid, and that a check of the whole points at."""


def put_in(lines: pd.DataFrame, shape: Shape, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lines with faults, and the lines that are right in the end.

    Parameters
    ----------
    lines : DataFrame
        With ``municipality_code``, ``provider``, ``reference`` and what ``monthly_lines.make`` gives.
    shape : Shape
        How often each fault is made.
    rng : Generator
        Where chance comes from.

    Returns
    -------
    tuple of DataFrame
        All lines as they are declared, with ``fault`` ("" for a right one), ``previous_reference`` and
        ``debit_credit``; and the same lines as they ought to be, which is what they sum to in the end.
    """
    lines = lines.assign(fault="", previous_reference="", debit_credit="D")
    order, start = rng.permutation(len(lines)), 0
    chosen = {}
    for name in ("credited", "duplicate", *REFUSED, *SIGNALLED):
        count = round(shape.faults[name] * len(lines))
        chosen[name] = order[start : start + count]
        start += count
    for name in SIGNALLED:
        lines = _signalled(lines, chosen[name], name, rng)
    right, extra = lines.copy(), []
    for name in REFUSED:
        wrong, again = _refused(lines.iloc[chosen[name]], name, rng)
        lines = _replaced(lines, chosen[name], wrong)
        extra.append(again)
    taken_back, corrected, kept = _credited(lines.iloc[chosen["credited"]], shape, rng)
    lines = _replaced(lines, chosen["credited"], lines.iloc[chosen["credited"]].assign(fault="credited"))
    gone = np.setdiff1d(chosen["credited"], chosen["credited"][kept])
    right.iloc[chosen["credited"][kept], right.columns.get_loc("volume")] = corrected["volume"].to_numpy()
    right.iloc[chosen["credited"][kept], right.columns.get_loc("amount_cents")] = corrected[
        "amount_cents"
    ].to_numpy()
    double = _later(lines.iloc[chosen["duplicate"]], rng, 3).assign(fault="duplicate")
    whole = pd.concat([lines, *extra, taken_back, corrected, double], ignore_index=True)
    return whole, right.drop(index=right.index[gone])


def _replaced(lines: pd.DataFrame, rows: np.ndarray, by: pd.DataFrame) -> pd.DataFrame:
    lines = lines.copy()
    for name in by.columns:
        lines.iloc[rows, lines.columns.get_loc(name)] = by[name].to_numpy()
    return lines


def _later(lines: pd.DataFrame, rng: np.random.Generator, months: int) -> pd.DataFrame:
    """The same lines declared one to ``months`` months later, each in the declaration of that month."""
    shift = rng.integers(1, months + 1, len(lines))
    month = lines["declared_month"].to_numpy() + shift
    day = lines["declared_on"].dt.day.to_numpy().clip(max=28)
    first = (month - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    return lines.assign(declared_month=month, declared_on=first + (day - 1).astype("timedelta64[D]"))


def _refused(lines: pd.DataFrame, name: str, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A line that is refused, and the right one that is sent after it."""
    again = _later(lines, rng, 3).assign(reference=lines["reference"] + "H")
    wrong = lines.assign(fault=name)
    if name == "amount_differs":
        wrong["amount_cents"] += 100
    elif name == "period_not_one_month":
        wrong["period_end"] = wrong["period_end"] + pd.to_timedelta(35, unit="D")
        wrong["declared_on"] = np.maximum(
            wrong["declared_on"], wrong["period_end"] + pd.to_timedelta(1, unit="D")
        )
    elif name == "future":
        wrong["period_start"] = _plus_year(wrong["period_start"])
        wrong["period_end"] = wrong["period_start"]
    elif name == "unit_unknown":
        wrong["unit"] = "77"
    return wrong, again


def _plus_year(dates: pd.Series) -> pd.Series:
    return dates + pd.to_timedelta(3 * 365, unit="D")


def _signalled(lines: pd.DataFrame, rows: np.ndarray, name: str, rng: np.random.Generator) -> pd.DataFrame:
    own = lines.iloc[rows].assign(fault=name)
    if name == "tariff_differs":
        own["tariff_cents"] = (own["tariff_cents"] * rng.uniform(1.03, 1.2, len(own))).round().astype("int64")
    elif name == "outside_allocation":
        own["allocation_number"] += 500_000_000
    elif name == "after_stop":
        own = _after_stop(own)
    elif name == "implausible_volume":
        own["volume"] = (
            own["unit"].map({"01": 40_000, "04": 760, "14": 45, "16": 80}).fillna(200).astype("int64")
        )
    elif name == "unknown_code":
        own["product_code"] = "99Z99"
    own["amount_cents"] = own["volume"] * own["tariff_cents"]
    return _replaced(lines, rows, own)


def _after_stop(lines: pd.DataFrame) -> pd.DataFrame:
    """The same care, said to be given in the month after it stopped."""
    month = lines["stop_date"].dt.year.to_numpy() * 12 + lines["stop_date"].dt.month.to_numpy()
    first = (month - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    declared = lines["declared_month"].to_numpy() - lines["month"].to_numpy() + month
    day = lines["declared_on"].dt.day.to_numpy().clip(max=28)
    return lines.assign(
        month=month,
        period_start=first,
        period_end=first + np.timedelta64(27, "D"),
        declared_month=declared,
        declared_on=(declared - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
        + np.maximum(day - 1, np.where(declared == month, 27, 0)).astype("timedelta64[D]"),
    )


def _credited(
    lines: pd.DataFrame, shape: Shape, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Credit lines, the corrected lines that come with some of them, and which these are."""
    later = _later(lines, rng, 6)
    back = later.assign(
        previous_reference=lines["reference"],
        reference=lines["reference"] + "C",
        debit_credit="C",
        amount_cents=-lines["amount_cents"],
        fault="credited",
    )
    kept = rng.random(len(lines)) < shape.faults["corrected"]
    again = later.loc[kept].assign(reference=lines.loc[kept, "reference"] + "N")
    factor = rng.uniform(0.7, 1.1, len(again))
    again["volume"] = np.maximum((again["volume"] * factor).round(), 1).astype("int64")
    return back, again.assign(amount_cents=again["volume"] * again["tariff_cents"]), kept
