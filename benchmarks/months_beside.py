"""Two months beside each other: which hidden amounts of fewer than ten youths does the set of the other month tell?

An amount that one set hides is told when the other shows it, and it has hardly changed: within the p-rule's fifth. With
and without what a set takes over from the two months before it (``category_plans.EARLIER``):

    analyse demo-declarations --region JZ18 --years 2022-2024 --lines 30000 --output FOLDER
    analyse declarations read FOLDER/plat --output STORE
    python benchmarks/months_beside.py STORE FOLDER/contracts JZ18
"""

from __future__ import annotations

import sys
from dataclasses import replace

from analyse import small_cells
from analyse.history import areas
from analyse.monitor import category_plans, inputs, queries
from analyse.parameters import COUNTRY
from analyse.sources import snapshot

MONTHS = (("2024-05", "2024-06"), ("2024-08", "2024-09"), ("2024-10", "2024-11"))


def beside(whole: inputs.Inputs, region: str, tables: snapshot.Tables, months: tuple[str, str]) -> list[int]:
    """Hidden small amounts of two months, those the other month tells, and what the later one shows of how many."""
    members = areas.members(tables, region)
    seen = [replace(whole, cut_off=month, plans={}, judged={}) for month in months]
    plans = [category_plans.plans(one, region, tables) for one in seen]
    counted = [0, 0, 0, 0]
    for column in queries.SHOWN_BY:
        keys = ["municipality_code", column]
        first, second = (category_plans.shown(one, members, "now")[column] for one in seen)
        both = first.merge(second, on=keys, suffixes=("_a", "_b"))
        for row in both.to_dict("records"):
            closed = [bool(plan[column].loc[row[keys[0]], row[column]]) for plan in plans]
            ratio = row["cost_eur_b"] / row["cost_eur_a"] if row["cost_eur_a"] > 0 else float("inf")
            few = [
                closed[side] and small_cells.small(row[f"clients_{name}"]) for side, name in enumerate("ab")
            ]
            near = 1 - small_cells.P_RULE <= ratio <= 1 + small_cells.P_RULE
            told = ((few[0] and not closed[1]) or (few[1] and not closed[0])) and near
            for place, one in enumerate((few[0] or few[1], told, not closed[1], True)):
                counted[place] += bool(one)
    return counted


if __name__ == "__main__":
    store, contracts, region = sys.argv[1:]
    tables = snapshot.load(regions=COUNTRY)
    whole = inputs.read(store, contracts, cut_off=MONTHS[-1][1])
    for earlier in (0, category_plans.EARLIER):
        category_plans.EARLIER = earlier
        found = [
            sum(one) for one in zip(*(beside(whole, region, tables, two) for two in MONTHS), strict=True)
        ]
        said = "months before taken over: {}; of {:,} hidden amounts the other month tells {:,}; {:,} of {:,} shown"
        print(said.format(earlier, *found), flush=True)
