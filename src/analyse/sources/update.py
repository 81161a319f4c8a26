"""``analyse update``: every declared table asked, compared with its shape, translated, and put in a new dataset.

Nothing is replaced until all of it is right. A table whose shape was only described, and does not fit, is left out and
said; any other difference stops the update, unless ``partial`` takes the tables that are right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from analyse import store
from analyse.errors import DataError, ParameterError
from analyse.sources import revisions, snapshot, vintages
from analyse.sources.cbs import district_outlines, odata, raw, shapes, translate
from analyse.sources.cbs.catalogue import Settings, Shape
from analyse.sources.cbs.client import Absent, Client

Tables = dict[str, pd.DataFrame]
OUTLINES = "district_outlines"
DESCRIPTION = "Published figures of CBS and others, downloaded, stated in the tables of this project."


@dataclass
class Taken:
    """One table that was downloaded: where from, how many rows it gave, and what it has that no list knows."""

    table: str
    title: str
    address: str
    edition: str
    rows: int
    new: tuple[str, ...]


@dataclass
class Outcome:
    """What an update did: the new dataset, the tables it took, and those left as they were, with the reason."""

    dataset: str
    base: str
    taken: list[Taken] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    differences: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class Way:
    """How an update goes: which tables, and what it may do."""

    only: tuple[str, ...] = ()
    boundaries: tuple[Literal["districts"], ...] = ()
    base: str = ""
    partial: bool = False
    offline: bool = False
    fresh: bool = False


def run(
    settings: Settings, way: Way = Way(), *, tell: Callable[[str, str], None] = lambda table, address: None
) -> Outcome:
    """Download, check, translate and put in use.

    Parameters
    ----------
    settings : Settings
        What to ask and where.
    way : Way
        ``only`` some tables; ``boundaries`` the outlines of districts, and no tables but those of ``only``; ``base``
        the dataset to go on from (by default the one in use); ``partial`` to take what is right when a table is not;
        ``offline`` to read the last download again without the network; ``fresh`` to leave an update that was broken
        off.
    tell : callable
        Gets the table and each address asked.

    Raises
    ------
    ParameterError
        If ``only`` names an unknown table.
    DataError
        If something that came is not right. Nothing was replaced.
    OutputError
        If it cannot be written. Nothing was replaced.
    """
    unknown = [name for name in way.only if name not in settings.tables]
    if unknown:
        raise ParameterError(f"update: no table {unknown[0]!r}; there are {', '.join(settings.tables)}")
    every = () if way.boundaries else settings.tables
    chosen = {name: settings.tables[name] for name in (way.only or every)}
    with vintages.alone():
        base = way.base or store.latest()
        tables = snapshot.as_published(base)
        kept = raw.last_whole() if way.offline else raw.start(fresh=way.fresh)
        outcome, new, changed = Outcome("", base), {}, {}
        asking = {"table": ""}
        with Client(
            settings, kept, offline=way.offline, tell=lambda address: tell(asking["table"], address)
        ) as client:
            for name, shape in chosen.items():
                asking["table"] = name
                tell(name, "")
                part = _table(client, settings, (name, shape), tables, outcome, partial=way.partial)
                _gather(new, changed, part, outcome)
            if way.boundaries:
                asking["table"] = OUTLINES
                tables[OUTLINES] = tables[OUTLINES].iloc[:0]
                tell(OUTLINES, "")
                _gather(new, changed, _outlined(client, settings, tables | new, outcome), outcome)
        if not outcome.taken:
            raise DataError(
                f"update: no table could be taken ({'; '.join(outcome.left.values())}); nothing was replaced"
            )
        outcome.dataset, outcome.differences = _put_in_use(tables, new, changed, outcome, kept.folder.name)
        if not way.offline:
            kept.finish()
    return outcome


def _table(
    client: Client,
    settings: Settings,
    named: tuple[str, Shape],
    tables: Tables,
    outcome: Outcome,
    *,
    partial: bool,
) -> Tables:
    """The rows that one table gives; none when it is left as it was."""
    name, shape = named
    try:
        made, taken = _taken(client, settings, name, shape, tables)
    except (shapes.Changed, Absent) as error:
        if shape.basis == "seen" and not partial:
            raise type(error)(
                f"{error}. Or run again with --partial to take the tables that are right"
            ) from error
        outcome.left[name] = str(error)
        return {}
    except DataError as error:
        if not partial:
            raise
        outcome.left[name] = str(error)
        return {}
    outcome.taken.append(taken)
    return made


def _taken(
    client: Client, settings: Settings, name: str, shape: Shape, tables: Tables
) -> tuple[Tables, Taken]:
    fitted = _fitted(client, settings, name, shape, _municipalities(tables, shape))
    described = fitted.described
    longest = settings.network.longest_query
    if shape.into == "municipalities":
        rows = odata.texts(client, described, fitted.chosen, longest_query=longest)
        made = translate.municipalities(rows, fitted)
    else:
        cells = odata.cells(
            client, described, fitted.chosen, list(fitted.measures.values()), longest_query=longest
        )
        made = translate.MAKERS[shape.into](translate.tidy(cells, fitted), fitted)
    made = {into: _existing(tables, frame) for into, frame in made.items()}
    made = {into: frame for into, frame in made.items() if len(frame)}
    vintages.check_plausible(tables, made)
    vintages.merged({into: tables[into] for into in made}, made)
    count = sum(len(frame) for frame in made.values())
    if not count:
        raise DataError(f"update: {name} ({described.title}) gave no figures; nothing was replaced")
    return made, Taken(name, described.title, described.base, described.edition, count, fitted.new)


def _outlined(client: Client, settings: Settings, tables: Tables, outcome: Outcome) -> Tables:
    """The outlines of the districts, in the place of those of an earlier year."""
    rows, address = district_outlines.download(client, settings, tables["usage_districts"])
    year = str(rows["year"].iloc[0])
    outcome.taken.append(Taken(OUTLINES, "Wijk- en buurtkaart", address, year, len(rows), ()))
    return {OUTLINES: rows}


def _fitted(client: Client, settings: Settings, name: str, shape: Shape, wanted: list[str]) -> shapes.Fitted:
    """The table at the first host where it looks as declared; what the first one said when none does."""
    bases, hosts = {host: settings.base(host) for host in shape.hosts}, list(shape.hosts)
    first: shapes.Changed | None = None
    while hosts:
        try:
            described = odata.describe(client, name, hosts, bases)
            return shapes.fit(client, settings, described, shape, wanted)
        except shapes.Changed as error:
            first = first or error
            hosts = hosts[hosts.index(described.host) + 1 :]
        except Absent:
            if first is None:
                raise
            hosts = []
    raise first


def _municipalities(tables: Tables, shape: Shape) -> list[str]:
    """Codes to ask: all that are or were part of the three regions, or those of the year of a table."""
    listed = tables["municipalities"].dropna(subset="region_code")
    if shape.of_year and shape.of_year in set(listed["year"]):
        listed = listed.loc[listed["year"] == shape.of_year]
    return sorted(listed["municipality_code"].unique())


def _existing(tables: Tables, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of municipalities in years in which they were there: CBS lists every code in every year."""
    if not {"municipality_code", "year"} <= set(frame.columns) or "region_code" in frame:
        return frame
    listed = tables["municipalities"]
    years = frame["year"].astype("int64").clip(int(listed["year"].min()), int(listed["year"].max()))
    there = pd.MultiIndex.from_arrays([listed["year"].astype("int64"), listed["municipality_code"]])
    return frame.loc[pd.MultiIndex.from_arrays([years, frame["municipality_code"]]).isin(there)]


def _gather(new: Tables, changed: dict[str, list[dict[str, str]]], part: Tables, outcome: Outcome) -> None:
    for into, frame in part.items():
        if into in new and into == "usage_districts":
            new[into] = translate.together(new[into], frame)
        else:
            new[into] = pd.concat([new[into], frame], ignore_index=True) if into in new else frame
        taken = outcome.taken[-1]
        source = {"title": f"CBS {taken.table}: {taken.title}", "path": taken.address}
        changed.setdefault(into, []).append(source)


def _put_in_use(
    tables: Tables, new: Tables, changed: dict[str, list[dict[str, str]]], outcome: Outcome, downloaded: str
) -> tuple[str, pd.DataFrame]:
    together = vintages.merged(tables, new)
    differences = revisions.differences(tables, together)
    observed = revisions.measured(
        tables, together, (outcome.base, vintages.next_name()), differing=differences
    )
    if len(observed):
        together = vintages.merged(together, {"revisions": observed})
        changed["revisions"] = [{"title": f"own comparison with data/{outcome.base}"}]
    extra: dict[str, Any] = {
        "raw": downloaded,
        "taken": [
            {"table": taken.table, "address": taken.address, "edition": taken.edition, "rows": taken.rows}
            for taken in outcome.taken
        ],
        "left": outcome.left,
    }
    name = vintages.write(together, base=outcome.base, description=DESCRIPTION, changed=changed, extra=extra)
    return name, differences
