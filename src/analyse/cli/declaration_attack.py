"""``analyse declarations attack``: what an outsider can tell of few youths from all files of a set together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analyse.cli import declaration_monitor
from analyse.errors import DataError, ParameterError

if TYPE_CHECKING:
    import pandas as pd

    from analyse.report import region_attack

Store = Annotated[Path, typer.Option("--store", help="Store that the set was made from.")]
Contracts = Annotated[Path | None, typer.Option(help="Folder with budgets.csv and others.")]
Providers = Annotated[
    Path | None,
    typer.Option("--providers", help="Folder with pages of single providers; default that of the set."),
]
Beside = Annotated[
    Path | None,
    typer.Option(help="A set of another month that a reader has too: what it shows of what this one hides."),
]

Columns = Annotated[
    bool,
    typer.Option("--columns", help="Name the columns of CSV files that are not attacked, or not wholly."),
]


def attack(
    reports: Annotated[Path, typer.Argument(help="Folder of a finished set, with manifest.json.")],
    folder: Store = declaration_monitor.STORE,
    contracts: Contracts = None,
    providers: Providers = None,
    beside: Beside = None,
    columns: Columns = False,
) -> None:
    """Try to tell amounts and counts of fewer than ten youths from all files of a set together.

    Tables, texts and charts of pages, executed notebooks, CSV files, workbooks, documents and pages of single providers
    are read. Ends in an error when anything can be told.
    """
    from analyse.history import areas
    from analyse.monitor import inputs
    from analyse.parameters import COUNTRY
    from analyse.report import region_attack, written
    from analyse.sources import snapshot

    of_set = _manifest(reports)
    known, tables = _known(of_set, folder, contracts), snapshot.load(regions=COUNTRY)
    codes = set(of_set.pages.values())
    regions = {code: inputs.members(tables, code) for code in sorted(codes) if areas.is_region(code)}
    alone = codes - set(regions) - {one for members in regions.values() for one in members}
    unopened = of_set.published - set(of_set.planning)
    everything = list(_on_declarations(written.read(reports, without=unopened), of_set))
    if providers:
        everything += [one for one in written.read(providers) if one.page.startswith("provider-")]
    mirrors = {one.page for one in everything if one.page.startswith("provider-")}
    other = None if beside is None else _manifest(beside)
    then = None if other is None else _known(other, folder, contracts)
    if known.about["label"]:
        typer.echo(known.about["label"])
    typer.echo(_files(everything, written.passed_over(reports)))
    typer.echo(f"pages of published figures that were not opened: {len(unopened)}")
    if of_set.failed:
        typer.echo(f"pages that failed, so that they say nothing: {', '.join(of_set.failed)}")
    told = 0
    for whole in [*regions, *([""] if alone else [])]:
        # municipalities without a page are part of their region as well
        together = [*regions[whole], whole] if whole else sorted(alone)
        inside = {code: inputs.members(tables, code) for code in together}
        called = dict(zip(declaration_monitor.called(list(inside)), inside, strict=True))
        own = {page: code for page, code in of_set.pages.items() if code in inside}
        asked = {"inside": inside, "called": called, "code": whole}
        region = region_attack.Region(known, pages=own, language=of_set.language, **asked)
        region = replace(region, pages=own | dict.fromkeys(mirrors, region.around))
        name = declaration_monitor.called([region.around])[0]
        found = region_attack.attacked(region, everything)
        _print(found, name, columns=columns)
        told += found.total
        if other is not None:
            for shows, hides, said in ((other, known, name), (of_set, then, f"{name}, {other.name}")):
                own = {page: code for page, code in shows.pages.items() if code in inside}
                hiding = region_attack.Region(hides, pages=own, language=shows.language, **asked)
                told += _shown_by(shows, hiding, name=said)
    if told:
        raise DataError("attack: the set gives fewer than ten youths away; do not share it")


def _print(told: region_attack.Told, name: str, *, columns: bool) -> None:
    """What was attacked of a region, and how much of it can be told."""
    typer.echo(
        f"{name}: {told.amounts:,} amounts of fewer than ten youths, areas with a page: {told.areas}; "
        f"{len(told.given):,} of them can be told to within 20 % from all files together"
    )
    typer.echo(
        f"{name}: {len(told.worst):,} of them if every amount beside a category, such as a forecast or what is agreed, "
        "told what was declared of it to the euro"
    )
    typer.echo(f"{name}: {len(told.named):,} of them stand beside the name of their category in a text")
    typer.echo(
        f"{name}: {told.counts:,} counts of fewer than ten; of {len(told.small):,} can be told that they are below ten"
    )
    for line in _columns(name, told.columns, listed=columns):
        typer.echo(line)
    typer.echo(
        f"{name}: {len(told.periods):,} amounts of fewer than ten youths in a month, a year or a year so far "
        "can be told"
    )
    typer.echo(f"{name}: {len(told.parts):,} percentages tell of fewer than ten")
    _list(*told.found)


@dataclass(frozen=True)
class _Set:
    """What the manifest of a set says of its pages on declarations."""

    folder: Path
    name: str
    pages: Mapping[str, str]
    """Name of each page that is made from declarations -> code of its area."""
    published: frozenset[str]
    """Names of the pages of published figures."""
    planning: Mapping[str, str]
    """Name of each page with texts for planning -> the page on declarations of the same area, whose figures it has."""
    failed: tuple[str, ...]
    """Names of the pages on declarations that were not made."""
    language: str
    delay_days: int


def _on_declarations(read: Iterable[Any], of_set: _Set) -> Iterator[Any]:
    """What was read without the pages of published figures; what texts for planning say of declarations stays."""
    from analyse.report import period_rows

    for one in read:
        if one.page not in of_set.published:
            yield one
        elif one.page in of_set.planning and period_rows.of_cut_offs(one):
            yield replace(one, page=of_set.planning[one.page])


def _known(of_set: _Set, folder: Path, contracts: Path | None) -> Any:
    """The declarations of the store as the pages of a set had them."""
    from analyse.monitor import inputs

    return inputs.read(folder, contracts, sending_delay_days=of_set.delay_days)


def _shown_by(shows: _Set, hides: region_attack.Region, *, name: str) -> int:
    """What one set shows of the amounts that another hides; how many."""
    from analyse.report import region_attack, written

    shown, few = region_attack.shown_beside(hides, list(written.read(shows.folder, without=shows.published)))
    typer.echo(
        f"{name} until {hides.known.cut_off}: {len(shown):,} of {few:,} amounts of fewer than ten youths are shown by "
        f"{shows.name} to within 20 %"
    )
    _list(shown)
    return len(shown)


def _manifest(reports: Path) -> _Set:
    """What the manifest of a set says of its pages on declarations."""
    from analyse.runs import declaration_pages
    from analyse.runs.plan import PLANNING

    if not (reports / "manifest.json").is_file():
        raise ParameterError(f"attack {reports}: no manifest.json there; name the folder of a finished set")
    manifest = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))
    made = [one for one in manifest["notebooks"] if one["notebook"] == declaration_pages.NOTEBOOK]
    if not made:
        raise ParameterError(f"attack {reports}: no pages on declarations in this set")
    page_of = {one["area_code"]: one["name"] for one in made}
    return _Set(
        folder=reports,
        name=reports.name,
        pages={one["name"]: one["area_code"] for one in made},
        published=frozenset(one["name"] for one in manifest["notebooks"]) - {one["name"] for one in made},
        planning={
            one["name"]: page_of[one["area_code"]]
            for one in manifest["notebooks"]
            if one["notebook"] == PLANNING and one["area_code"] in page_of
        },
        failed=tuple(one["name"] for one in made if one.get("status", "ok") != "ok"),
        language=manifest["language"],
        delay_days=int(made[0].get("parameters", {}).get("sending_delay_days", 0)),
    )


def _files(read: Sequence[Any], passed_over: Mapping[str, int]) -> str:
    """How many files of each kind were read, with how many tables and texts, and how many were not."""
    from analyse.report.written import Table

    kinds: dict[str, set[str]] = {}
    for one in read:
        kinds.setdefault(Path(one.file).suffix.removeprefix("."), set()).add(one.file)
    listed = ", ".join(f"{len(files):,} {kind}" for kind, files in sorted(kinds.items()))
    tables = sum(isinstance(one, Table) for one in read)
    said = f"files read: {listed or 'none'}; {tables:,} tables and {len(read) - tables:,} texts in them"
    others = ", ".join(f"{number:,} {kind.removeprefix('.')}" for kind, number in passed_over.items())
    return f"{said}\nfiles not read: {others or 'none'}"


def _columns(name: str, found: pd.DataFrame, *, listed: bool) -> Iterator[str]:
    """How much of what stands in CSV files was attacked, and the columns that were not, or not wholly."""
    left = found[found["read"] < found["written"]]
    hint = "" if listed or left.empty else "; --columns names them"
    yield (
        f"{name}: {found['read'].sum():,} of {found['written'].sum():,} amounts and counts in CSV files are "
        f"of a category that is attacked; not, or not wholly: {len(left):,} columns{hint}"
    )
    for one in left.itertuples() if listed else ():
        yield (
            f"  {one.column} by {one.by} ({one.written - one.read:,} of {one.written:,} in {one.tables:,} tables)"
        )


def _list(*found: pd.DataFrame) -> None:
    """Where something can be told, the first ten of each; never the value itself."""
    for table in found:
        for row in table.head(10).to_dict("records"):
            where = f" in {row['file']}" if "file" in row else ""
            typer.echo(
                f"  {row['area']}, {row['dimension']} {row['category']}, {row['measure']}{where}", err=True
            )
