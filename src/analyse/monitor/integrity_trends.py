"""What the integrity rules found, by rule and provider with its trend: from tables of ``declarations.integrity``.

Faulty lines come in clusters: one mistake in a system makes many of them, for many months of one youth. So a trend
counts youths, not lines; how much more than chance they differ is estimated from the providers, each of which has a
ratio of its own; and of all that are called a rise or a fall together, one in twenty may be chance.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from analyse import small_cells
from analyse.schema import REACH_80

FALSE_DISCOVERIES = 0.05
"""Part of the trends that are called, which may be chance (Y. Benjamini and Y. Hochberg, "Controlling the false
discovery rate", Journal of the Royal Statistical Society B 57, 1995). Where nothing changes, so is that of all runs in
which anything is called."""
YEARS = 3
"""Years that are shown of a provider."""
ALONE = (1.0, 1)
"""The spread of a rule that too few providers break to tell: chance, with one degree of freedom."""
FEWEST = 10
"""Youths in two years together from which a trend is looked at."""


def by_rule(
    totals: pd.DataFrame,
    checked_lines: pd.DataFrame,
    found: pd.DataFrame,
    *,
    year: int,
    lately: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Lines per thousand of each rule in a year and the year before, and in which direction it went.

    Parameters
    ----------
    totals : DataFrame
        rule, year, lines, amount_cents, clients (youths, untreated).
    checked_lines : DataFrame
        year, lines: how many were looked at.
    found : DataFrame
        rule, year, provider, clients: of each provider.
    year : int
        The last year of care to look at.
    lately : tuple of DataFrame, optional
        ``checked_lines`` and ``found`` of the newest months ("year" is theirs) and the same of a year before.

    Returns
    -------
    DataFrame
        rule, lines, amount_eur, clients, per_mille, per_mille_before (NaN of a year without any lines),
        clients_before, change: the relative change of the youths concerned per line that was looked at, with q0.1 and
        q0.9 (NaN where a year has none), trend ("rises", "falls", "unclear" or "unknown") and trend_lately: that of
        the newest months. What is called of both together is held to one part that may be chance.

    Examples
    --------
    >>> found = pd.DataFrame({"rule": "late", "year": [2023, 2024] * 4, "provider": list("aabbccdd"),
    ...                       "lines": [100, 25] * 4, "amount_cents": 100, "clients": [40, 10] * 4})
    >>> totals = found.groupby(["rule", "year"], as_index=False)[["lines", "amount_cents", "clients"]].sum()
    >>> lines = pd.DataFrame({"year": [2023, 2024], "lines": [10_000, 10_000]})
    >>> row = by_rule(totals, lines, found, year=2024).iloc[0]
    >>> round(float(row["per_mille"]), 1), round(float(row["change"]), 2), row["trend"]
    (10.0, -0.75, 'falls')
    """
    all_lines = checked_lines.set_index("year")["lines"].astype(float)
    years = [totals[totals["year"] == one].set_index("rule") for one in (year, year - 1)]
    rules = years[0].index.union(years[1].index)
    now, before = (one.reindex(rules) for one in years)
    looked_at = [float(all_lines.get(when, np.nan)) for when in (year, year - 1)]
    per_mille, per_mille_before = (
        one["lines"].astype(float) / lines * 1000 for one, lines in zip((now, before), looked_at, strict=True)
    )
    of_year = _of_rules(found, rules, year=year, exposure=looked_at[0] / looked_at[1])
    of_late = _of_late(lately, rules)
    trend, trend_lately = _trends(of_year, of_late)
    return pd.DataFrame(
        {
            "lines": now["lines"].fillna(0).astype(float),
            "amount_eur": now["amount_cents"].fillna(0).astype(float) / 100,
            "clients": now["clients"].fillna(0).astype(float),
            "clients_before": before["clients"].fillna(0).astype(float),
            "per_mille": per_mille.fillna(0.0),
            "per_mille_before": per_mille_before.fillna(0.0 if (year - 1) in all_lines.index else np.nan),
            **_interval(of_year),
            "trend": trend,
            "trend_lately": trend_lately,
        }
    ).reset_index(names="rule")


def by_provider(found: pd.DataFrame, *, year: int) -> pd.DataFrame:
    """Lines of each rule and provider in the last ``YEARS`` years, most euros first.

    Parameters
    ----------
    found : DataFrame
        rule, year, provider, lines, amount_cents, clients (youths, untreated).
    year : int
        The last year of care.

    Returns
    -------
    DataFrame
        rule, provider, amount_eur and clients of ``year``, and lines and clients by year ("lines_2024",
        "clients_2024"; zero where nothing was found, none of years before the first one with a finding); change of the
        youths concerned on the year before, q0.1, q0.9 (80 %) and trend, as in ``by_rule``.
    """
    shown = range(max(year - YEARS + 1, int(found["year"].min()) if len(found) else year), year + 1)
    own = found[found["year"].isin(shown)]
    wide = own.pivot_table(
        index=["rule", "provider"],
        columns="year",
        values=["lines", "clients", "amount_cents"],
        aggfunc="sum",
        fill_value=0,
    )
    columns = {
        f"{name}_{one}": wide[(name, one)].astype(float) if (name, one) in wide else 0.0
        for one in shown
        for name in ("lines", "clients")
    }
    euros = wide[("amount_cents", year)] / 100 if ("amount_cents", year) in wide else 0.0
    table = pd.DataFrame(columns, index=wide.index).assign(amount_eur=euros)
    counts = _counts(found, ["rule", "provider"], year).reindex(table.index, fill_value=0.0)
    of_rule = _spreads(found, year)
    spread = pd.DataFrame(
        [of_rule.get(rule, ALONE) for rule in table.index.get_level_values("rule")],
        index=table.index,
        columns=["spread", "freedom"],
    )
    compared = _compared(counts, spread, exposure=1.0)
    table = table.assign(**_interval(compared), trend=_trends(compared)[0])
    return table.reset_index().sort_values("amount_eur", ascending=False, ignore_index=True)


def _of_rules(found: pd.DataFrame, rules: pd.Index, *, year: int, exposure: float) -> pd.DataFrame:
    """``_compared`` of each rule."""
    counts = _counts(found, ["rule"], year).reindex(rules, fill_value=0.0)
    of_rule = _spreads(found, year)
    spread = pd.DataFrame(
        [of_rule.get(rule, ALONE) for rule in rules],
        index=rules,
        columns=["spread", "freedom"],
    )
    return _compared(counts, spread, exposure=exposure)


def _of_late(lately: tuple[pd.DataFrame, pd.DataFrame] | None, rules: pd.Index) -> pd.DataFrame:
    """``_compared`` of the newest months, without rules of which one of the two has fewer than ten youths."""
    lines = pd.Series(dtype=float) if lately is None else lately[0].set_index("year")["lines"].astype(float)
    if lately is None or len(lines) < 2:
        return pd.DataFrame(np.nan, index=rules, columns=["middle", "error", "p_value"])
    year = int(lines.index.max())
    compared = _of_rules(lately[1], rules, year=year, exposure=lines[year] / lines[year - 1])
    counts = _counts(lately[1], ["rule"], year).reindex(rules, fill_value=0.0)
    return compared.where(~small_cells.small(counts, zero=True).any(axis=1))


def _counts(found: pd.DataFrame, by: list[str], year: int) -> pd.DataFrame:
    """Youths in a year ("now") and the one before ("before"), each counted once per provider."""
    parts = [
        found[found["year"] == one].groupby(by)["clients"].sum().rename(name).astype(float)
        for name, one in (("now", year), ("before", year - 1))
    ]
    return pd.concat(parts, axis=1).fillna(0.0)


def _spreads(found: pd.DataFrame, year: int) -> dict[str, tuple[float, int]]:
    """``_spread`` of each rule with youths in one of the two years; of another it is ``ALONE``."""
    counts = _counts(found, ["rule", "provider"], year)
    return {str(rule): _spread(part.to_numpy()) for rule, part in counts.groupby(level="rule")}


def _spread(counts: np.ndarray) -> tuple[float, int]:
    """By how many times chance providers differ in their change, at least once; and with how many degrees of freedom.

    Pearson's chi-square of youths (provider, year) over its degrees of freedom.
    """
    counts = counts[counts.sum(axis=1) > 0]
    freedom = len(counts) - 1
    if freedom < 1 or (counts.sum(axis=0) == 0).any():
        return ALONE[0], max(freedom, ALONE[1])
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    return max(1.0, float(((counts - expected) ** 2 / expected).sum() / freedom)), freedom


def _compared(counts: pd.DataFrame, spread: pd.DataFrame, *, exposure: float) -> pd.DataFrame:
    """Change on the log scale (middle), its standard error and the p-value of none; NaN where it is not known.

    Parameters
    ----------
    counts : DataFrame
        now, before: youths.
    spread : DataFrame
        spread (times chance) and freedom, see ``_spread``.
    exposure : float
        How much more was looked at than the year before.
    """
    counts, spread = counts.astype(float), spread.astype(float)  # without a rule pandas knows no type
    now, before = (counts[name].where(counts[name] > 0) for name in ("now", "before"))
    middle = np.log(now / before / exposure)
    error = np.sqrt(spread["spread"] * (1 / now + 1 / before))
    p_value = 2 * stats.t.sf((middle / error).abs(), spread["freedom"])
    enough = counts.sum(axis=1) >= FEWEST
    return pd.DataFrame({"middle": middle, "error": error, "p_value": np.where(enough, p_value, np.nan)})


def _interval(compared: pd.DataFrame) -> dict[str, pd.Series]:
    """Relative change with its 80 % interval."""
    ends = {"change": 0.0, "q0.1": -REACH_80, "q0.9": REACH_80}
    return {name: np.exp(compared["middle"] + side * compared["error"]) - 1 for name, side in ends.items()}


def _trends(*compared: pd.DataFrame) -> list[np.ndarray]:
    """In words what may be called a trend, of all tables together."""
    called = called_trends(np.concatenate([one["p_value"] for one in compared]))
    parts = np.split(called, np.cumsum([len(one) for one in compared])[:-1])
    return [
        np.where(
            one["middle"].isna(),
            "unknown",
            np.where(~part, "unclear", np.where(one["middle"] > 0, "rises", "falls")),
        )
        for one, part in zip(compared, parts, strict=True)
    ]


def called_trends(p_value: np.ndarray) -> np.ndarray:
    """Which of several trends may be called, by Benjamini and Hochberg's step-up; NaN is no trend.

    Of those called ``FALSE_DISCOVERIES`` may be chance.

    Examples
    --------
    Of four, 0.01 is below 1/4 of 0.05 and 0.02 below 2/4 of it; 0.04 is not below 3/4 of it:

    >>> called_trends(np.array([0.02, 0.04, 0.01, 0.9, np.nan])).tolist()
    [True, False, True, False, False]
    """
    known = np.isfinite(p_value)
    ordered = np.sort(p_value[known])
    below = np.flatnonzero(
        ordered <= FALSE_DISCOVERIES * np.arange(1, len(ordered) + 1) / max(len(ordered), 1)
    )
    if not len(below):
        return np.zeros(len(p_value), dtype=bool)
    return known & (np.nan_to_num(p_value, nan=np.inf) <= ordered[below[-1]])
