"""What pages of a set must not show of integrity rules, since the region less the other municipalities would tell it.

The same plan as for providers, forms and referrers (``small_cells.amounts``), with two kinds of sums: a rule over the
municipalities of a region, and within a rule its providers on each page.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analyse import small_cells

RULE, FINDING = "rule", "finding"
"""Names of what is closed: a rule as a whole, and a rule with a provider (``of_provider``)."""
YEARS = 3
"""Years that pages show by provider."""


def of_provider(rule: pd.Series, provider: pd.Series) -> pd.Series:
    """A rule with a provider, as ``plans`` names them."""
    return (rule.astype(str) + " " + provider.astype(str)).rename(FINDING)


def plans(checked: pd.DataFrame, *, year: int, areas: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The rules, and the rules with a provider, that each page of a set leaves out.

    Parameters
    ----------
    checked : DataFrame
        ``by_municipality`` of ``declarations.integrity``: rule, year, provider ("" for all), municipality_code,
        amount_cents and clients (untreated), of every municipality of the region.
    year : int
        The last year of care that pages show.
    areas : sequence of str
        Codes of the municipalities with a page.

    Returns
    -------
    dict of DataFrame of bool
        ``RULE`` and ``FINDING`` -> row per area and ``small_cells.REGION``, column per rule or finding; True where it
        is closed. Where a rule is closed, so is each of its providers.

    Examples
    --------
    A rule is broken by 40 youths in A and 5 in B: the region less A would tell the euros of B, so all close it.

    >>> found = pd.DataFrame({"rule": "late", "year": 2024, "provider": "", "municipality_code": ["A", "B"],
    ...                       "amount_cents": [90_000, 10_000], "clients": [40, 5]})
    >>> plans(found, year=2024, areas=["A", "B"])["rule"]["late"].to_dict()
    {'A': True, 'B': True, 'region': True}
    """
    rows = [*areas, small_cells.REGION]
    cells = checked.assign(cost_eur=checked["amount_cents"] / 100, clients=checked["clients"].astype(float))
    whole = cells[cells["provider"].eq("") & cells["year"].eq(year)]
    each = cells[cells["provider"].ne("") & cells["year"].between(year - YEARS + 1, year)]
    own = each[each["year"].eq(year)]
    told = small_cells.dominated(own, ["rule", "municipality_code"])
    secret = pd.MultiIndex.from_frame(whole[["rule", "municipality_code"]]).isin(told)
    rules = _hidden(whole.assign(clients=whole["clients"].mask(secret, 1.0)), "rule", rows)
    rules = rules.reindex(columns=sorted({*rules, *each["rule"]}), fill_value=False)
    together = own.groupby(["rule", "provider"], as_index=False)[["clients", "cost_eur"]].sum()
    rules[[rule for (rule,) in small_cells.dominated(together, ["rule"])]] = True
    parts = [pd.DataFrame(index=rows)]
    for rule, part in each.groupby("rule"):
        plan = _hidden(part, "provider", rows)
        named = plan.set_axis([f"{rule} {provider}" for provider in plan], axis=1)
        parts.append(named.where(~rules[rule], True, axis=0))
    return {RULE: rules, FINDING: pd.concat(parts, axis=1)}


def _hidden(cells: pd.DataFrame, category: str, rows: list[str]) -> pd.DataFrame:
    if cells.empty:
        return pd.DataFrame(index=rows)
    return small_cells.hidden_across(cells, category=category).reindex(rows, fill_value=False)
