"""Which notebooks a run executes, for which areas and with which parameters, decided before anything runs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analyse import shared, store
from analyse.compare import choices
from analyse.errors import ParameterError
from analyse.history import areas
from analyse.parameters import Run
from analyse.present.text.language import N_, translator
from analyse.report import BELOW, GROUP
from analyse.runs import declaration_pages
from analyse.runs.declaration_pages import Declared

WHOLE = {
    "sources": ("01_sources", N_("Sources")),
    "history": ("02_history", N_("History")),
    "forecast": ("03_forecast", N_("Forecast")),
    "regions": ("04_regions", N_("The youth regions compared")),
    "backtest": ("05_backtest", N_("How good is the forecast?")),
    "scenarios": ("06_scenarios", N_("What if? {area}")),
    "expected": ("08_expected", N_("What is to be expected?")),
}
"""What a whole run has once: name of the page, the notebook that makes it, and its title."""
DISTRICTS = "districts"
"""Notebook and page of the districts of a municipality, made on request."""
PLANNING = "planning"
"""Notebook and page of the texts for planning and control of an area, made on request."""
OF_DISTRICTS = N_("{name}: districts and ages")
OF_PLANNING = N_("{name}: texts for planning and control")


class Page(NamedTuple):
    """What a job is to make: name of the page, notebook, title, and the parameters that name its area."""

    name: str
    notebook: str
    title: str
    own: Mapping[str, object]


@dataclass(frozen=True)
class Job:
    """One notebook run: what to execute, with what, and what the result is called."""

    name: str
    notebook: str
    source: Path
    area_code: str
    title: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    made_from: Mapping[str, str] = field(default_factory=dict)
    """Hashes of what it is made with besides notebook, parameters, code and published figures, by name."""
    beside: str = ""
    """File name of the other page of the same area in this run, on declarations or on published figures."""
    around: Sequence[Sequence[str]] = ()
    """The pages around this one in this run: relation (up, previous, next, down or area), file name and title."""

    @property
    def html(self) -> str:
        """File name of the page."""
        return f"{self.name}.html"

    @property
    def executed(self) -> str:
        """Path of the executed notebook inside the run."""
        return f"notebooks/{self.name}.ipynb"


@dataclass(frozen=True)
class Plan:
    """The jobs of one run, and whether they are the whole set."""

    name: str
    run: Run
    jobs: tuple[Job, ...]
    whole: bool
    declared: Declared = field(default_factory=Declared)


def plan(
    run: Run,
    tables: Mapping[str, pd.DataFrame],
    *,
    version: str,
    municipalities: Sequence[str] = (),
    regions: Sequence[str] = (),
    whole: bool = False,
    name: str = "",
    notebooks: Path | None = None,
) -> Plan:
    """Decide what runs.

    Parameters
    ----------
    run : Run
        The choices that hold for every notebook.
    tables : mapping of DataFrame
        The tables of the dataset, for the names of the areas.
    version : str
        Version of the dataset, which becomes part of the name.
    municipalities, regions : sequence of str
        Codes or names of what to report on; a region is the page of the region itself, or of an own group of that
        name, see ``compare.choices.groups``.
    whole : bool
        Every municipality, every region, the comparison, the backtest and the sources.
    name : str
        Name of the run; by default made from the dataset, the version, the language and the choice.
    notebooks : Path, optional
        Folder with the notebooks; by default those of the language, see ``store.notebooks``.

    Raises
    ------
    ParameterError
        If an area is unknown, nothing is chosen, a notebook does not take a parameter it needs, or the folder of
        declarations that was named is not there.
    """
    folder = notebooks or store.notebooks(run.language)
    if whole:
        municipalities, regions = areas.members(tables, areas.ALL), list(areas.regions(tables))
    codes = _unique(areas.resolve_all(tables, municipalities))
    known = choices.groups(run)
    own = {text: known[text] for text in regions if text in known}
    region_codes = _unique(areas.resolve_region(tables, text) for text in regions if text not in own)
    if not codes and not region_codes and not own:
        raise ParameterError(
            "report: nothing chosen; give --municipality, --region, --group, --all or --country"
        )
    titles, text = areas.all_names(tables), translator(run.language).gettext
    found = declaration_pages.chosen(run, tables, region_codes + codes)
    made_from = declaration_pages.digests(run.model_dump()) if found.codes else {}
    pages = [
        *(
            Page(page, notebook, text(title, area=titles.get(run.region, "")).rstrip(), {})
            for page, (notebook, title) in (WHOLE if whole else {}).items()
        ),
        *(Page(f"region-{code}", "region", titles[code], {"region": code}) for code in region_codes),
        *(
            Page(f"group-{_slug(name)}", GROUP, name, {"group": name, "members": list(members)})
            for name, members in own.items()
        ),
        *(
            Page(f"municipality-{code}", "municipality", titles[code], {"municipality": code})
            for code in codes
        ),
        *(
            Page(
                f"{DISTRICTS}-{code}",
                DISTRICTS,
                text(OF_DISTRICTS, name=titles[code]),
                {"municipality": code},
            )
            for code in (codes if run.districts else ())
        ),
    ]
    jobs = [_job(page, folder, run) for page in pages]
    for code in region_codes + codes if run.planning else ():
        page = Page(f"{PLANNING}-{code}", PLANNING, text(OF_PLANNING, name=titles[code]), {"area": code})
        there = code in found.codes  # without declarations the page does not look for any
        own_run = run if there else run.model_copy(update={"declarations": ""})
        jobs.append(_job(page, folder, own_run, made_from=made_from if there else None))
    for code in found.codes:
        page = Page(
            f"{declaration_pages.PAGE}-{code}", declaration_pages.NOTEBOOK, titles[code], {"area": code}
        )
        jobs.append(_job(page, folder, run, made_from=made_from))
    jobs = _around_each_other(_beside_each_other(jobs, found.codes), tables, run)
    chosen = "" if whole else _short([*region_codes, *map(_slug, own), *codes])
    return Plan(name or _run_name(run, version, chosen), run, tuple(jobs), whole, found)


def scoped(
    run: Run,
    *,
    municipalities: Sequence[str] = (),
    regions: Sequence[str] = (),
) -> Run:
    """Return the run itself, or that of the whole country when an area lies outside the regions of the run.

    Parameters
    ----------
    run : Run
        The choices of a run.
    municipalities, regions : sequence of str
        Codes or names of what to report on, as for ``plan``.

    Raises
    ------
    ParameterError
        When there is no such area in the whole country, with the nearest ones.
    """
    if not run.regions:
        return run
    groups = choices.groups(run)
    inside = [code for text in regions for code in groups.get(text, ())]
    municipalities, regions = [*municipalities, *inside], [text for text in regions if text not in groups]
    try:
        _check_areas(shared.loaded(run.dataset, run.regions), municipalities, regions)
    except ParameterError:
        country = run.of_country()
        _check_areas(shared.loaded(country.dataset, country.regions), municipalities, regions)
        return country
    return run


def _check_areas(
    tables: Mapping[str, pd.DataFrame], municipalities: Sequence[str], regions: Sequence[str]
) -> None:
    areas.resolve_all(tables, municipalities)
    for region in regions:
        areas.resolve_region(tables, region)


def _run_name(run: Run, version: str, chosen: str = "") -> str:
    """Name of a run: the same choices give the same name, different choices a different one."""
    parts = [run.dataset, version, run.language]
    defaults = Run()
    parts += [
        f"{key.replace('_', '-')}-{getattr(run, key)}"
        for key in ("horizon", "samples", "seed", "composition", "composition_year")
        if getattr(run, key) != getattr(defaults, key)
    ]
    parts += [name for name in BELOW if getattr(run, name)]
    if run.regions != defaults.regions:
        parts.append("-".join(run.regions) or "country")
    if run.assumptions:
        told = json.dumps(run.assumptions.model_dump(), sort_keys=True)
        parts.append(f"assumptions-{hashlib.sha256(told.encode()).hexdigest()[:6]}")
    if run.declarations != defaults.declarations:
        parts.append(f"declarations-{_plain(run.declarations)}" if run.declarations else "no-declarations")
    return "-".join([*parts, chosen] if chosen else parts)


def parameter_names(path: Path) -> frozenset[str]:
    """The names in the ``parameters`` cell of a notebook.

    Raises
    ------
    ParameterError
        If the notebook is not there, cannot be read, or has no such cell.
    """
    import ast

    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise ParameterError(f"{path}: no such notebook; restore it with git checkout") from error
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise ParameterError(f"{path}: not a readable notebook ({str(error).splitlines()[0]})") from error
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ParameterError(
            f"{path.name}: expected one cell tagged `parameters`, found {len(cells)}; tag one"
        )
    assigned = (
        node for node in ast.parse(cells[0].source).body if isinstance(node, ast.Assign | ast.AnnAssign)
    )
    targets = (node.targets if isinstance(node, ast.Assign) else [node.target] for node in assigned)
    return frozenset(target.id for group in targets for target in group if isinstance(target, ast.Name))


@lru_cache(maxsize=64)
def _parameters(source: Path, changed: int) -> frozenset[str]:
    """``parameter_names``, read again only when the notebook changes: hundreds of jobs share it."""
    return parameter_names(source)


def _beside_each_other(jobs: Sequence[Job], codes: Sequence[str]) -> list[Job]:
    """The jobs, with the two pages of an area that has declarations naming each other."""
    mine = [job for job in jobs if job.notebook not in BELOW]
    pages = {(job.area_code, bool(job.made_from)): job.html for job in mine}
    return [
        replace(job, beside=pages[job.area_code, not job.made_from])
        if job.area_code in codes and job.notebook not in BELOW
        else job
        for job in jobs
    ]


def _around_each_other(jobs: Sequence[Job], tables: Mapping[str, pd.DataFrame], run: Run) -> list[Job]:
    """Every municipality with its region and the ones before and after it, every region with its municipalities.

    Every page knows the pages of all areas, which its sentences and tables lead to.
    """
    below = [job for job in jobs if job.notebook in BELOW]
    pages = {
        job.area_code: job
        for job in jobs
        if not job.made_from and job.area_code != areas.ALL and job.notebook not in BELOW
    }
    groups = {code: job.parameters["members"] for code, job in pages.items() if job.notebook == GROUP}
    local = [code for code in pages if not areas.is_region(code) and code not in groups]
    region_of = dict(areas.regions_of(tables, local, run.composition_year))
    members: dict[str, list[Job]] = {}
    for code in sorted(local, key=lambda one: pages[one].title):
        members.setdefault(region_of[code], []).append(pages[code])
    around: dict[str, list[tuple[str, str, str]]] = {code: [] for code in pages}
    for region, mine in members.items():
        if region in pages:
            around[region] = [("down", one.html, one.title) for one in mine]
        for place, job in enumerate(mine):
            beside = {"up": pages.get(region), "previous": mine[place - 1] if place else None}
            beside["next"] = mine[place + 1] if place + 1 < len(mine) else None
            around[job.area_code] = [
                (how, one.html, one.title) for how, one in beside.items() if one is not None
            ]
    for group, codes in groups.items():
        around[group] = [("down", pages[code].html, pages[code].title) for code in codes if code in pages]
    above = {}
    for job in below:
        over = pages[job.area_code]
        around[job.area_code].append(("down", job.html, job.title))
        above[job.name] = (("up", over.html, over.title),)
    named = tuple(("area", one.html, one.title) for one in pages.values())
    return [
        replace(
            job,
            around=named
            if job.made_from and job.name not in above
            else (*above.get(job.name, around.get(job.area_code, ())), *named),
        )
        for job in jobs
    ]


def _job(page: Page, folder: Path, run: Run, *, made_from: Mapping[str, str] | None = None) -> Job:
    """The job of a page, with the parameters that its notebook takes."""
    source = folder / f"{page.notebook}.ipynb"
    known = _parameters(source, source.stat().st_mtime_ns if source.is_file() else 0)
    values = run.model_dump() | page.own
    absent = set(page.own) - known
    if absent:
        raise ParameterError(f"{source.name}: the parameters cell has no {sorted(absent)[0]!r}; add it")
    unknown = known - set(values)
    if unknown:
        raise ParameterError(
            f"{source.name}: unknown parameter {sorted(unknown)[0]!r} in its parameters cell; "
            f"known are {', '.join(values)}"
        )
    return Job(
        name=page.name,
        notebook=page.notebook,
        source=source,
        area_code=next(iter(page.own.values()), areas.ALL),
        title=page.title,
        parameters={key: value for key, value in values.items() if key in known},
        made_from=made_from or {},
    )


def _slug(name: str) -> str:
    """The name of a group as part of a file name; with a fingerprint where that leaves something out."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def _short(codes: Sequence[str]) -> str:
    """The chosen areas in a file name: written out up to four, a fingerprint beyond."""
    if len(codes) <= 4:
        return "-".join(codes)
    fingerprint = hashlib.sha256(" ".join(sorted(codes)).encode()).hexdigest()[:8]
    return f"{len(codes)}-areas-{fingerprint}"


def _plain(folder: str) -> str:
    """The last part of a folder's name as part of a file name, with a fingerprint of the whole."""
    last = re.sub(r"[^A-Za-z0-9]+", "-", Path(folder).name).strip("-")[:20]
    return f"{last}-{hashlib.sha256(folder.encode()).hexdigest()[:6]}"


def _unique(codes: object) -> list[str]:
    return list(dict.fromkeys(codes))
