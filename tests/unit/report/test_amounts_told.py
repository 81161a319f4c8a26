"""The attack on a whole written set: nothing of few youths can be told, and what is planted is found."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyse import small_cells
from analyse.monitor import q_analysis
from analyse.present import monitor
from analyse.report import amounts_told, exporter

MEASURES = ("before", "now")
NAMES = {"00000001": "De Horizon", "00000002": "De Kim"}


def a_region(seed: int, municipalities: int = 7, providers: int = 24) -> pd.DataFrame:
    """Youths and euros of providers that work in some of the municipalities, in two years."""
    rng, rows = np.random.default_rng(seed), []
    for provider in range(1, providers + 1):
        size = rng.lognormal(2.4, 1.2)
        for place in range(municipalities):
            for measure in MEASURES if rng.random() < 0.6 else ():
                youths = int(rng.poisson(size * rng.lognormal(0, 0.6)))
                if youths:
                    cost = round(float(rng.lognormal(8.5, 0.8, youths).sum()), 2)
                    rows.append((f"GM{place:04d}", f"{provider:08d}", measure, float(youths), cost))
    return pd.DataFrame(rows, columns=["municipality_code", "provider", "year", "clients", "cost_eur"])


def truth_of(cells: pd.DataFrame) -> pd.DataFrame:
    """The same with the region, as ``told`` takes it."""
    page = monitor.Page("", True, providers=NAMES)
    region = cells.groupby(["provider", "year"], as_index=False)[["clients", "cost_eur"]].sum()
    whole = pd.concat([cells, region.assign(municipality_code=small_cells.REGION)], ignore_index=True)
    whole = whole.rename(columns={"municipality_code": "area", "provider": "category", "year": "measure",
                                  "clients": "youths", "cost_eur": "amount_eur"})  # fmt: skip
    return whole.assign(dimension="provider", category_shown=page.called(whole["category"]))


def written(truth: pd.DataFrame, plan: pd.DataFrame, folder: Path, samples) -> Path:
    """A page of each area with its table by provider, as a set has them."""
    for area, own in truth.groupby("area"):
        wide = own.pivot_table(
            index="category", columns="measure", values=["youths", "amount_eur"], fill_value=0.0
        )
        table = pd.DataFrame({"provider": wide.index, **dict.fromkeys(q_analysis.FACTORS, 0.0)})
        for measure, name in (("before", "before"), ("now", "after")):
            table[f"{name}_eur"] = wide[("amount_eur", measure)].to_numpy()
            table[f"youths_{name}"] = wide[("youths", measure)].to_numpy()
        apart = {"provider": frozenset(plan.columns[plan.loc[area]])}
        page = monitor.Page(str(area), True, apart=apart, providers=NAMES)
        cells = samples.cell(monitor.divided(table, page))
        exporter.export(samples.notebook(samples.prose("# X"), cells), folder / f"{area}.html", language="nl")
    return folder


def attack(truth: pd.DataFrame, place: Path) -> pd.DataFrame:
    return amounts_told.told(
        place, truth, pages={area: area for area in truth["area"].unique()}, region=small_cells.REGION
    )


@pytest.mark.parametrize("seed", range(2))
def test_no_amount_of_few_youths_can_be_told_from_all_files_of_a_set(seed, samples, tmp_path):
    cells = a_region(seed)
    truth = truth_of(cells)
    plan = small_cells.hidden_across(cells, category="provider")

    found = attack(truth, written(truth, plan, tmp_path, samples))

    assert len(found) > 60 and amounts_told.within_p(found).empty
    inside = found["amount_eur"].between(found["low"] - 2, found["high"] + 2)
    assert inside.all(), "the truth is never outside what a reader can tell"


def test_pages_that_each_hide_their_own_few_give_amounts_away(samples, tmp_path):
    truth = truth_of(a_region(0))
    plan = small_cells.hidden_across(a_region(0), category="provider")

    found = attack(truth, written(truth, plan & False, tmp_path, samples))

    told = amounts_told.within_p(found)
    assert len(told) >= 2 and (told["high"] - told["low"]).max() < 10, "to the euro"


def test_a_planted_row_in_one_file_is_found(samples, tmp_path):
    """Somebody adds the amount of a hidden provider to a page: it is told, to the euro."""
    truth = truth_of(a_region(1))
    place = written(truth, small_cells.hidden_across(a_region(1), category="provider"), tmp_path, samples)
    victim = attack(truth, place).iloc[0]
    column = {"before": "Jaar ervoor", "now": "Dit jaar"}[victim["measure"]]
    called = monitor.Page("", True, providers=NAMES).called([victim["category"]])[0]
    folder = place / "tables" / victim["area"]
    heads = next(csv.reader(next(folder.glob("*.csv")).open(encoding="utf-8", newline="")))
    head = next(one for one in heads if one.startswith(column))
    with (folder / "99-more.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = [["Aanbieder (AGB-code)", head], [called, str(round(victim["amount_eur"]))]]
        csv.writer(stream).writerows(rows)

    told = amounts_told.within_p(attack(truth, place))

    same = told[told["area"].eq(victim["area"]) & told["category"].eq(victim["category"])]
    assert (same["high"] - same["low"]).min() <= 1.0
