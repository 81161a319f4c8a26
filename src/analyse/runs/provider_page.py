"""The page of one provider from a store of declarations: one file, to be sent to that provider and nobody else."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd

from analyse import shared, small_cells, store
from analyse.errors import DataError, ParameterError
from analyse.history import areas
from analyse.parameters import COUNTRY, Run, near


def make(run: Run, provider: str, folder: Path, *, area: str = "", language: str = "nl") -> Path:
    """Write the page of one provider.

    Parameters
    ----------
    run : Run
        Names the store of declarations and the contracts.
    provider : str
        Its AGB code, as in the declarations.
    folder : Path
        Where ``provider-<code>.html`` comes.
    area : str
        Code of a municipality or region; by default that of the store, where it is one.
    language : {"nl", "en"}
        Of the page.

    Returns
    -------
    Path
        The page: one file that needs no other.

    Raises
    ------
    ParameterError
        If there is no store, no such provider in the area, or the store is of more than one area.
    DataError
        If the provider has fewer than ten youths, or the page would give somebody away.
    """
    from analyse import monitor as steer
    from analyse.present import monitor
    from analyse.present.monitor import mirror_page
    from analyse.report import exporter

    if not run.declarations or not steer.inputs.found(run.declarations):
        raise ParameterError(
            f"report --provider: no store of declarations in {store.root() / run.declarations}; name one with "
            "--declarations, or make one with `analyse declarations read`"
        )
    tables = shared.tables(Run(dataset=run.dataset, regions=COUNTRY))
    seen = steer.inputs.choose(run, tables)
    code = area or _area_of(seen.trajectories, tables)
    members = steer.inputs.members(tables, code)
    started = seen.started(members)
    known = sorted(set(started["provider"]) - {""})
    if provider not in known:
        raise ParameterError(
            f"report --provider {provider}: no care of this provider in {areas.name(tables, code)}; "
            f"{near(provider, known)}"
        )
    own = started[started["provider"].eq(provider)]
    if small_cells.small(own["client"].nunique(), zero=True):
        raise DataError(f"report --provider {provider}: fewer than ten youths, so nothing may be shown")
    named = {one: name for one, name in seen.providers.items() if one == provider}
    about = bool(seen.about["simulated"]), language, seen.months(members)
    page = monitor.Page(areas.name(tables, code), *about, providers=named)
    counts = steer.mirror.volume(started, seen.last_day)
    judged = steer.mirror.beside(
        started, seen.last_day, norm_weeks=steer.inputs.norms()["waiting_weeks"].value
    )
    late = [one for one in seen.late if one.provider in ("", provider)]
    who = page.called([provider])[0]
    head = monitor.head(replace(page, area=who), seen.cut_off, late=late, scale=seen.about.get("scale", 1.0))
    shown = [
        head,
        mirror_page.about(page),
        mirror_page.volume(counts, provider, page),
        mirror_page.standing(judged, provider, page),
        *mirror_page.charts(judged, provider, page),
    ]
    cell = nbformat.v4.new_code_cell("")
    cell.outputs = [
        nbformat.v4.new_output("display_data", data=one._repr_mimebundle_(), metadata={}) for one in shown
    ]
    book = nbformat.v4.new_notebook(cells=[cell])
    with tempfile.TemporaryDirectory() as place:
        made = exporter.export(
            book, Path(place) / f"provider-{provider}.html", language=language, single_file=True
        )
        _check(made, others=[one for one in known if one != provider])
        return store.write_text(folder / made.name, made.read_text(encoding="utf-8"))


def _area_of(trajectories: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> str:
    """The municipality of a store of one, or the region that its municipalities make up."""
    codes = sorted(trajectories["municipality_code"].dropna().unique())
    if len(codes) == 1:
        return str(codes[0])
    regions = {areas.region_of(tables, code) for code in codes}
    if len(regions) == 1 and set(areas.members(tables, *regions)) <= set(codes):
        return str(regions.pop())
    raise ParameterError(
        "report --provider: the declarations are not of one municipality or one whole region; name one with "
        "--municipality or --region"
    )


def _check(page: Path, *, others: Iterable[str]) -> None:
    """Refuse a page that gives a youth away or names another provider."""
    from analyse.report import scan

    why = scan.reason(page.parent, [page])
    text = page.read_text(encoding="utf-8")
    named = [one for one in others if re.search(rf"\b{re.escape(one)}\b", text)]
    if named:
        why = "it names another provider"
    if why:
        raise DataError(f"report --provider: not written, because {why}")
