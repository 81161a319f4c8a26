"""How each result that notebooks share is made, and what it is made from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from analyse import cache, forecast, parameters, schema, store
from analyse.compare import chance, choices, followed, overview, peers, rates
from analyse.errors import DataError
from analyse.forecast import backtest, known, own_assumptions, ragged
from analyse.forecast.simulate import to_table
from analyse.history import areas, boundaries, panel, youths
from analyse.need import district_use, expected_use, signals, single_years, use_model
from analyse.parameters import COUNTRY, THREE_REGIONS, Run
from analyse.sources import scope, snapshot

LEVELS = ("municipality", "region", "all")
PART = "part_of"
"""Column of a stored table: the municipality of today that a row belongs to."""
_MADE: dict[Hashable, Any] = {}


@dataclass(frozen=True)
class Pool:
    """What a forecast learns from, and which municipalities it is for."""

    history: pd.DataFrame
    """Of every municipality of the dataset, in the composition of one year."""
    tables: snapshot.Tables
    """Of the whole dataset."""
    codes: tuple[str, ...]
    """The municipalities of the regions of the run."""


def loaded(dataset: str, regions: Collection[str] = THREE_REGIONS) -> snapshot.Tables:
    """``snapshot.load``, once in this process for as long as the data stay the same."""
    chosen = tuple(regions)
    if chosen:
        return _once("tables", (dataset, chosen), lambda: scope.within(loaded(dataset, COUNTRY), chosen))
    return _once("tables", (dataset, chosen), lambda: snapshot.load(dataset, regions=COUNTRY))


def pool(run: Run) -> Pool:
    """What every forecast of a run learns from: the municipalities of the whole dataset, whichever regions are shown.

    So a municipality has the same forecast on a page made alone, among three regions and among all; docs/method.md
    tells how far this pool is nearer than a smaller one.

    Examples
    --------
    >>> learned = pool(Run())
    >>> learned.history["municipality_code"].nunique(), len(learned.codes)
    (342, 35)
    """
    everything = run.of_country()
    return Pool(_history(everything, "fixed"), _loaded(everything), tuple(areas.municipalities(_loaded(run))))


def _loaded(run: Run) -> snapshot.Tables:
    return loaded(run.dataset, run.regions)


def _history(run: Run, composition: str) -> pd.DataFrame:
    choice = (run.dataset, run.regions, composition, run.composition_year)
    how = {"composition": composition, "composition_year": run.composition_year}

    def make() -> pd.DataFrame:
        choices, data_hash = {**how, "regions": run.regions}, data(store.root(), run.dataset)
        kept = cache.of_run(
            "history", choices, lambda: {"history": panel.build(_loaded(run), **how)}, data=data_hash
        )
        return kept["history"]

    return _once("history", choice, make)


def _past(run: Run) -> pd.DataFrame:
    history = _history(run, run.composition)
    country = panel.by_area(_history(run.of_country(), run.composition), "all")
    country = country.assign(area_code=areas.COUNTRY, area=areas.ALL_COUNTRY)
    return pd.concat([*(panel.by_area(history, level) for level in LEVELS), country], ignore_index=True)


def _future(run: Run) -> pd.DataFrame:
    learned = pool(run)
    changed, chosen = own_assumptions.settings(run.assumptions, None)
    found = ragged.paths(
        own_assumptions.history_of(learned.history, changed),
        learned.tables,
        horizon=run.horizon,
        samples=run.samples,
        rng=run.rng("forecast"),
        **chosen,
    )
    paths = to_table(found.only(learned.codes))
    country = forecast.by_area(to_table(found.together(areas.COUNTRY)), "municipality")
    return pd.concat([*(forecast.by_area(paths, level) for level in LEVELS), country], ignore_index=True)


def _tested(run: Run) -> pd.DataFrame:
    """With a row without figures for every municipality that has no accounts to lay beside a forecast."""
    learned = pool(run)
    found = backtest.run(
        learned.history,
        learned.tables,
        rng=run.rng("backtest"),
        samples=run.samples,
        only=learned.codes,
        assumptions=run.assumptions,
    )
    absent = sorted(set(learned.codes) - set(found["area_code"]))
    if not absent:
        return found
    youths_now = learned.history.groupby("municipality_code")["youths"].last().reindex(absent)
    untested = pd.DataFrame(
        {"area_code": absent, "level": "municipality", "size": backtest.size_of(youths_now)}
    )
    return pd.concat([found, untested], ignore_index=True)


def _rivals(run: Run) -> pd.DataFrame:
    learned = pool(run)
    chosen = {"rng": run.rng("backtest"), "samples": run.samples, "methods": backtest.FURTHER}
    chosen["assumptions"] = run.assumptions
    return backtest.run(learned.history, learned.tables, only=learned.codes, **chosen)


def _scored(run: Run) -> pd.DataFrame:
    tested = made("tested", run)
    local = tested[tested["level"].eq("municipality")]
    parts = [
        backtest.score(tested, ["area_code", "method", "horizon"]),
        backtest.score(tested, ["level", "method", "horizon"]).rename(columns={"level": "area_code"}),
        backtest.score(local, ["size", "method", "horizon"]).rename(columns={"size": "area_code"}),
    ]
    size = tested.groupby("area_code")["size"].last()
    scored = pd.concat(parts, ignore_index=True)
    return scored.assign(size=scored["area_code"].map(size).fillna(""))


def _fair(run: Run) -> pd.DataFrame:
    country = pool(run)
    return overview.figures(
        made("past", run),
        _history(run, "fixed"),
        _loaded(run),
        composition_year=run.composition_year,
        among=(country.history, country.tables),
    )


def _followed(run: Run) -> pd.DataFrame:
    fixed, tables = _history(run, "fixed"), _loaded(run)
    return followed.figures(
        made("past", run),
        made("fair", run),
        tables,
        country=_country(run),
        visions=choices.visions(),
        grounds={
            "flags": choices.flags(),
            "noise": chance.cost_noise(pool(run).history, parameters.breaks()),
            "price_growth": known.as_of(fixed, tables).price_growth,
        },
        composition_year=run.composition_year,
    )


def _country(run: Run) -> pd.DataFrame:
    whole = run.of_country()
    return followed.of_country(panel.by_area(_history(whole, "fixed"), "all"), _loaded(whole))


def _rates_of_country(run: Run) -> pd.DataFrame:
    return rates.of_country(_history(run.of_country(), run.composition))


def _table(run: Run, *, name: str) -> pd.DataFrame:
    table = _loaded(run)[name]
    if "municipality_code" not in table or name in ("municipalities", "boundary_changes"):
        return table.assign(**{PART: ""})
    return table.assign(**{PART: boundaries.current_codes(table["municipality_code"], _loaded(run))})


def _expected(run: Run) -> pd.DataFrame:
    """With an empty row for every municipality of which nothing can be expected."""
    whole = run.of_country()
    history, tables = _history(whole, "fixed"), _loaded(whole)
    found = pd.DataFrame(columns=[*expected_use.COLUMNS, "peers"])
    if signals.enough(tables):
        found = expected_use.municipalities(*_need(run), history)
        near = expected_use.alike(found, peers.features(history, tables, year=overview.FEATURES_YEAR))
        called = areas.all_names(tables)
        named = {code: ", ".join(called[one] for one in others) for code, others in near.items()}
        found = found.assign(peers=found["municipality_code"].map(named).fillna(""))
    absent = sorted(set(areas.municipalities(tables)) - set(found["municipality_code"]))
    found = pd.concat([found, pd.DataFrame({"municipality_code": absent, "peers": ""})], ignore_index=True)
    return found.assign(area_code=found["municipality_code"])


def _districts(run: Run) -> pd.DataFrame:
    tables = loaded(run.dataset, COUNTRY)
    if not signals.enough(tables):
        raise DataError(f"districts: dataset {run.dataset} has no use by district of enough municipalities")
    found = district_use.shown(*_need(run), tables["usage"])
    return found.assign(area_code=found["municipality_code"])


def _ages(run: Run) -> pd.DataFrame:
    """Inhabitants by age, and on every row what the Netherlands use and spend at that age."""
    tables = loaded(run.dataset, COUNTRY)
    counts = single_years.people(known.as_of(_history(run, "fixed"), _loaded(run)), years=run.horizon - 1)
    national = single_years.profile(tables, youths.single_ages(tables))
    return counts.merge(national, on="age", validate="m:1").assign(area_code=counts["municipality_code"])


def _need(run: Run) -> tuple[pd.DataFrame, use_model.Fitted]:
    """Districts of the whole country and the model of their use: whatever the regions of the run are."""

    def make() -> tuple[pd.DataFrame, use_model.Fitted]:
        rows = signals.of_districts(loaded(run.dataset, COUNTRY))
        return rows, use_model.fit(rows, signals.SIGNALS)

    return _once("need", run.dataset, make)


MAKERS: dict[str, Callable[[Run], pd.DataFrame]] = {
    "past": _past,
    "future": _future,
    "tested": _tested,
    "scored": _scored,
    "rivals": _rivals,
    "fair": _fair,
    "followed": _followed,
    "expected": _expected,
    "districts": _districts,
    "ages": _ages,
    "country": _rates_of_country,
    **{f"table-{name}": partial(_table, name=name) for name in schema.TABLES},
}


def made(what: str, run: Run) -> pd.DataFrame:
    """A whole result; each is made once in this process."""
    if what not in MAKERS:
        raise DataError(f"shared: no result {what!r}; there are {', '.join(MAKERS)}")
    with store.unnoted():
        return _once(what, run, lambda: MAKERS[what](run))


def forget() -> None:
    """Drop the results made in this process, but keep its tables."""
    for made_from in [one for one in _MADE if one[0] != "tables"]:
        del _MADE[made_from]


def _once(what: str, choice: Hashable, make: Callable[[], Any]) -> Any:
    """Make a result once in this process, for as long as the data stay the same."""
    dataset = choice.dataset if isinstance(choice, Run) else choice if isinstance(choice, str) else choice[0]
    made_from = (what, choice, data(store.root(), dataset))
    if made_from not in _MADE:
        _MADE[made_from] = make()
    return _MADE[made_from]


@functools.cache
def data(root: Path, dataset: str) -> str:
    """The hash of a dataset and of what is corrected in it."""
    return store.hash_files(
        [root / "data" / dataset / "datapackage.json", root / "data" / "corrections.yaml"]
    )
