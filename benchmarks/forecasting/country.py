"""Every figure of the forecast of the country: half 1, whole series, small municipalities, three regions, the door.

    python benchmarks/forecasting/country.py [--samples 400] [--half 1] [--no-door]

Means over the origins 2019-2023 of what is measured one, two and three years ahead (budget of the year after the
origin known, or that of the year after it too). ``whole series`` are municipalities that no merger made or enlarged
since 2017, whose accounts are known for every year and none of them judged in ``data/kept.yaml``: the population on
which the figures to reach were measured. ``door`` is ``analyse.forecast_table`` with the next budget and the expected
level as ``known``, on whole series outside the three regions.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np
import pandas as pd

from analyse import parameters, store
from analyse.forecast import any_table, backtest, expected, scores
from analyse.forecast import known as knowledge
from analyse.history import panel
from analyse.sources import snapshot

FIRST_ACCOUNTS = 2017
SMALL = "below 20,000"
COLUMNS = ["group", "budgets", "n", "MdAPE", "bias", "CRPS", "cov80", "cov95", "width"]


def whole_series(history: pd.DataFrame, tables: snapshot.Tables) -> set[str]:
    """Municipalities with accounts of every year, unmerged since 2017, and none of these accounts judged."""
    accounts = backtest.accounts(history)
    years = accounts.columns[accounts.notna().any()]
    changes = tables["boundary_changes"]
    merged = changes.loc[changes["year"] > FIRST_ACCOUNTS, "successor_code"]
    judged: set[str] = set()
    for row in store.read_yaml(store.root() / "data" / "kept.yaml"):
        where = row["where"]
        reports, codes = where.get("report", ["accounts"]), where.get("municipality_code", [])
        if row["table"] == "costs" and "accounts" in ([reports] if isinstance(reports, str) else reports):
            judged |= set([codes] if isinstance(codes, str) else codes)
    return set(accounts.index[accounts[years].notna().all(axis=1)]) - set(merged) - judged


def line(name: str, ahead: int | str, rows: pd.DataFrame) -> dict[str, object]:
    """One row of the table: means over the origins, by years ahead."""
    by_origin = backtest.score(rows, ["origin", "horizon"], measures=backtest.PUBLIC)
    mean = by_origin.groupby("horizon")[list(backtest.PUBLIC)].mean()
    shown = {
        "MdAPE": "median_absolute_percentage_error",
        "bias": "bias_percent",
        "CRPS": "crps_percent",
        "cov80": "coverage_80",
        "cov95": "coverage_95",
        "width": "width_80_percent",
    }
    values = {key: " / ".join(f"{value:.2f}" for value in mean[column]) for key, column in shown.items()}
    return {"group": name, "budgets": ahead, "n": rows["area_code"].nunique(), **values}


def municipal(history: pd.DataFrame, tables: snapshot.Tables, half: int, samples: int) -> list[dict]:
    """The municipal method, by group and budgets known."""
    whole, found = whole_series(history, tables), []
    for ahead in (1, 2):
        rng = parameters.Run().rng("backtest")
        tested = backtest.run(
            history, tables, rng=rng, samples=samples, methods=["forecast"], budgets_ahead=ahead
        )
        local = tested.loc[tested["level"] == "municipality"]
        chosen = backtest.part(tested, half=half)
        groups = {
            f"half {half}": chosen,
            f"half {half}, whole series": chosen.loc[chosen["area_code"].isin(whole)],
            f"half {half}, {SMALL}": chosen.loc[chosen["inhabitants"] < backtest.CLASSES[SMALL]],
            f"half {half}, 2022": chosen.loc[chosen["period"] == 2022],
            "three regions": local.loc[local["region_code"].isin(parameters.Run().regions)],
            "regions": tested.loc[tested["level"] == "region"],
        }
        found += [line(name, ahead, rows) for name, rows in groups.items()]
    return found


def peer_levels(history: pd.DataFrame, tables: snapshot.Tables) -> pd.DataFrame:
    """The level that need explained, in EUR, as it was known in each year."""
    accounts = backtest.accounts(history)
    first, last = backtest.FIRST_ORIGIN, int(accounts.columns[accounts.notna().any()].max())
    parts = []
    for year in range(FIRST_ACCOUNTS, last + 1):
        known = _until(knowledge.as_of(history, tables, origin=max(year, first)), year)
        own, region = expected.apart(known, np.log(known.cost_eur[:, -1]) - np.log(known.youths[:, -2]))
        peer = known.cost_eur[:, -1] * np.exp(-own - region)
        parts.append(pd.DataFrame({"key": known.codes, "period": year, "peer_eur": peer}))
    return pd.concat(parts)


def _until(known: knowledge.Known, year: int) -> knowledge.Known:
    """What the expected level needs, without the years after one."""
    count = year - FIRST_ACCOUNTS + 1
    return replace(
        known,
        years=known.years[:count],
        cost_eur=known.cost_eur[:, :count],
        inhabitants=known.inhabitants[:, :count],
        income_support=known.income_support[:, :count],
        youths=known.youths[:, : count + 1],
    )


def door(history: pd.DataFrame, tables: snapshot.Tables) -> list[dict]:
    """The generic door on whole series outside the three regions, without and with what is known beforehand."""
    accounts = backtest.accounts(history)
    regions = history.drop_duplicates("municipality_code").set_index("municipality_code")["region_code"]
    three = set(regions.index[regions.isin(parameters.Run().regions)])
    codes = sorted(whole_series(history, tables) - three)
    values = accounts.loc[codes].melt(ignore_index=False, var_name="period", value_name="value").dropna()
    values = values.rename_axis("key").reset_index()
    budgets = backtest._known_later(history, "budget_eur", "budget_status").melt(
        ignore_index=False, var_name="period", value_name="budget_eur"
    )
    covariates = budgets.rename_axis("key").reset_index().merge(peer_levels(history, tables), how="outer")
    covariates = covariates.loc[covariates["key"].isin(codes)].dropna(
        subset=["budget_eur", "peer_eur"], how="all"
    )
    last, found = int(values["period"].max()), []
    for name in ("door", "door + known"):
        parts = []
        for origin in range(backtest.FIRST_ORIGIN, last):
            known = {}
            if name != "door":
                table = covariates.loc[covariates["period"] <= origin + 1].astype({"period": int})
                table = table.assign(peer_eur=table["peer_eur"].where(table["period"] <= origin))
                known = {"known": table, "level": "budget_eur", "peer": "peer_eur", "lead": {"budget_eur": 1}}
            steps = min(backtest.HORIZON, last - origin)
            past = values.loc[values["period"] <= origin].astype({"period": int})
            parts.append(_door_rows(past, values, origin, steps, known))
        found.append(line(name, 1 if name != "door" else "-", pd.concat(parts)))
    return found


def _door_rows(
    past: pd.DataFrame, values: pd.DataFrame, origin: int, steps: int, known: dict
) -> pd.DataFrame:
    """Forecasts of one origin beside what came, in the columns of the backtest."""
    drawn = any_table.futures(past, horizon=steps, samples=400, **known)
    wide = drawn.pivot(index=["key", "period"], columns="sample", values="value")
    came = values.astype({"period": int}).set_index(["key", "period"])["value"].reindex(wide.index).to_numpy()
    quantiles = np.quantile(wide.to_numpy(), backtest.QUANTILES, axis=1)
    return pd.DataFrame(
        {
            "area_code": wide.index.get_level_values("key"),
            "origin": origin,
            "horizon": wide.index.get_level_values("period") - origin,
            "actual_eur": came,
            "crps_eur": scores.crps_from_samples(came[:, None], wide.to_numpy()[:, None])[:, 0],
            "scale_eur": 1.0,
            **dict(zip(backtest.quantile_names(), quantiles, strict=True)),
        }
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=400)
    parser.add_argument("--half", type=int, choices=(0, 1), default=1)
    parser.add_argument("--no-door", action="store_true", help="leave out the generic door")
    chosen = parser.parse_args()
    tables = snapshot.load(regions=parameters.COUNTRY)
    history = panel.build(tables)
    rows = municipal(history, tables, chosen.half, chosen.samples)
    rows += [] if chosen.no_door else door(history, tables)
    with pd.option_context("display.width", 250, "display.max_columns", None, "display.max_colwidth", None):
        print(pd.DataFrame(rows, columns=COLUMNS).to_string(index=False))


if __name__ == "__main__":
    main()
