"""What pages of a set must not show of integrity rules, since the region less the other municipalities would tell it.

The same plan as for providers, forms and referrers (``small_cells.amounts``), with two kinds of sums: a rule over the
municipalities of a region, and within a rule its providers on each page.
"""

from __future__ import annotations

import pandas as pd

from analyse import small_cells

RULE, FINDING = "rule", "finding"
"""Columns of what is closed: a rule as a whole, and a rule with a provider (``of_provider``)."""
YEARS = 3
"""Years that pages show by provider."""


def of_provider(rule: pd.Series, provider: pd.Series) -> pd.Series:
    """A rule with a provider, as ``closed`` names them."""
    return (rule.astype(str) + " " + provider.astype(str)).rename(FINDING)


def closed(checked: pd.DataFrame, *, year: int, row: str) -> dict[str, frozenset[str]]:
    """The rules, and the rules with a provider, that one page of a set leaves out.

    Parameters
    ----------
    checked : DataFrame
        ``by_municipality`` of ``declarations.integrity``: rule, year, provider ("" for all), municipality_code,
        amount_cents and clients (untreated), of every municipality of the region.
    year : int
        The last year of care that pages show.
    row : str
        Code of the municipality, or ``small_cells.REGION``.

    Returns
    -------
    dict of frozenset
        ``RULE`` and ``FINDING`` -> what is closed. Where a rule is closed, so is each of its providers.

    Examples
    --------
    A rule is broken by 40 youths in A and 5 in B: the region less A would tell the euros of B, so all close it.

    >>> found = pd.DataFrame({"rule": "late", "year": 2024, "provider": "", "municipality_code": ["A", "B"],
    ...                       "amount_cents": [90_000, 10_000], "clients": [40, 5]})
    >>> [sorted(closed(found, year=2024, row=one)["rule"]) for one in ("A", "B", small_cells.REGION)]
    [['late'], ['late'], ['late']]
    """
    cells = checked.assign(cost_eur=checked["amount_cents"] / 100, clients=checked["clients"].astype(float))
    whole = cells[cells["provider"].eq("") & cells["year"].eq(year)]
    each = cells[cells["provider"].ne("") & cells["year"].between(year - YEARS + 1, year)]
    own = each[each["year"].eq(year)]
    told = small_cells.dominated(own, ["rule", "municipality_code"])
    secret = pd.MultiIndex.from_frame(whole[["rule", "municipality_code"]]).isin(told)
    rules = _hidden(whole.assign(clients=whole["clients"].mask(secret, 1.0)), "rule", row)
    together = own.groupby(["rule", "provider"], as_index=False)[["clients", "cost_eur"]].sum()
    rules |= {rule for (rule,) in small_cells.dominated(together, ["rule"])}
    findings = set(of_provider(each["rule"], each["provider"])[each["rule"].isin(rules)])
    for rule, part in each.groupby("rule"):
        hidden = _hidden(part, "provider", row)
        findings |= {f"{rule} {provider}" for provider in hidden}
    return {RULE: rules, FINDING: frozenset(findings)}


def _hidden(cells: pd.DataFrame, category: str, row: str) -> frozenset[str]:
    if cells.empty:
        return frozenset()
    plan = small_cells.hidden_across(cells, category=category)
    return frozenset(plan.columns[plan.loc[row]]) if row in plan.index else frozenset()
