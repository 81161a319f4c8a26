"""The years ahead from declarations (``monitor.multi_year``) against what these years came to: how often 80 % held.

Worlds follow the published accounts of every municipality, so growth is what it really was; delays, providers and
tariffs are simulated, as in ``tasks.py``. At each cut-off everything is computed on what was known then: declarations
up to it, and the forecast from the accounts of the year before. All worlds and municipalities share one history, that
of 2020 to 2024: a common surprise is in every case of its year, so the table by year belongs to it.

``python benchmarks/completion/ahead.py CACHE`` prints the shares and writes ``ahead.csv``.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from tasks import cells, shape_of

from analyse.forecast.joint import joint
from analyse.forecast.known import as_of
from analyse.forecast.simulate import by_area, to_table
from analyse.history import areas, panel
from analyse.monitor import multi_year, year_end
from analyse.sources import snapshot
from analyse.sources.declarations import contracts
from analyse.sources.declarations.demo import settings, simulation, targets

WORLDS = ("standard-1", "slow-2", "yearly-5")
CUT_OFFS = [f"{year}-{month}" for year in range(2020, 2024) for month in ("06", "12")]
YEARS = range(2017, 2025)
LINES_A_YEAR = 60_000
SAMPLES = 1000
HORIZON = 3
REGIONS = ("JZ18", "JZ24", "JZ29")
LOW, HIGH = 0.1, 0.9


def world(cache: Path, name: str) -> pd.DataFrame:
    """The declarations of all municipalities, with the totals of their accounts."""
    path = cache / f"{name}-accounts.csv.gz"
    if not path.exists():
        tables = snapshot.load()
        codes = sorted(code for region in REGIONS for code in areas.members(tables, region))
        shape = shape_of(name, settings.load().tariff_index)
        found = targets.from_history(panel.build(tables), tables, codes, years=YEARS, shape=shape)
        made = simulation.simulate(found, shape, seed=int(name.rsplit("-", 1)[1]), lines_a_year=LINES_A_YEAR)
        cells(made).to_csv(path, index=False)
    return pd.read_csv(path, parse_dates=["product_month"], dtype={"provider": str})


def futures(year: int) -> pd.DataFrame:
    """Joint futures on the accounts of the year before."""
    tables = snapshot.load()
    known = as_of(panel.build(tables), tables, origin=year - 1)
    paths = joint(known, horizon=HORIZON, samples=SAMPLES, rng=np.random.default_rng([7, year]))
    return by_area(to_table(paths), "municipality")


def cases(cache: Path, name: str) -> pd.DataFrame:
    """Interval and truth of every area and year, at every cut-off of a world."""
    declared, tables = world(cache, name), snapshot.load()
    inside = {region: areas.members(tables, region) for region in REGIONS}
    each = {code: [code] for members in inside.values() for code in members} | inside
    years = declared["product_month"].dt.year.rename("year")
    truth = declared.groupby(["municipality_code", years])["amount_cents"].sum().unstack() / 100
    parts = []
    for cut_off in CUT_OFFS:
        rng = np.random.default_rng([11, int(cut_off[:4]), int(cut_off[5:])])
        found = year_end.looked_back(declared, cut_off)
        ahead = multi_year.paths(found, futures(int(cut_off[:4])), contracts.read(None), areas=each, rng=rng)
        ends = (
            ahead.groupby(["area_code", "period"])["cost_eur"]
            .quantile([LOW, 0.5, HIGH])
            .unstack()
            .reset_index()
        )
        ends = ends[ends["period"].isin(YEARS)]
        actual = [truth.loc[each[row.area_code], row.period].sum() for row in ends.itertuples()]
        parts.append(ends.assign(cut_off=cut_off, actual=actual, ahead=ends["period"] - int(cut_off[:4])))
    return pd.concat(parts, ignore_index=True).assign(world=name)


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """Share of the cases inside the interval, its width and where the middle lies, per cent."""
    table = table.assign(
        area=np.where(table["area_code"].isin(REGIONS), "region", "municipality"),
        held=table["actual"].between(table[LOW], table[HIGH]) * 100.0,
        width=(table[HIGH] - table[LOW]) / table["actual"] * 100,
        off=(table[0.5] / table["actual"] - 1) * 100,
    )
    keys = ["area", "ahead"]
    return pd.concat(
        [
            table.groupby(one)[["held", "width", "off"]]
            .mean()
            .assign(cases=table.groupby(one).size())
            .reset_index()
            for one in (keys, [*keys, "period"])
        ]
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(2) as pool:
        found = pd.concat(pool.map(cases, [folder] * len(WORLDS), WORLDS), ignore_index=True)
    found.to_csv(folder / "ahead.csv", index=False)
    print("years ahead from declarations, 80 % interval: share held, width and error of the middle, per cent")
    print(shown(found).round(1).to_string(index=False))
