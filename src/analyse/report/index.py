"""The index of a set of reports: a table of every area first, then how the set was made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analyse import parameters, shared, store
from analyse.history import areas
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator
from analyse.report import (
    BELOW,
    GROUP,
    area_map,
    declaration_section,
    downloads,
    page_context,
    skips,
    statement,
    trend,
)
from analyse.report.since_last_run import Change, changes, sentence

__all__ = ["Change", "changes", "html", "write"]

ACT = N_("What can we do?")
"""The section of a page that a row leads to; the same heading stands in the notebooks of an area."""
PAGES = ("regions", "forecast", "backtest", "scenarios", "expected", "history", "sources")
"""The pages about the whole set, in the order in which a reader wants them."""
BELOW_NAMES = {
    "districts": N_("Districts of each municipality"),
    "planning": N_("Texts for planning and control"),
}
LINKS = ("link", "act")
"""What a row leads to: two stops of the Tab key."""
MOST_LINES = 100
"""In a set of more areas only regions have a small line of their costs: it is most of the weight of a row."""
AREAS = "areas.js"
"""Names of all areas with their pages, beside the pages."""


def write(
    manifest: Mapping[str, Any],
    folder: Path | str,
    *,
    previous: Mapping[str, Any] | None = None,
) -> Path:
    """Write ``index.html`` from the manifest of a run; the same manifest always gives the same bytes.

    Beside it come the draft accessibility statement, and the list in which every page searches.

    Parameters
    ----------
    manifest : mapping
        ``run``, ``language``, ``parameters`` (with dataset), ``data``, ``declarations`` where there are any (see
        ``declared.section``), ``plans`` where pages of plans stand beside the set, and ``notebooks``: name,
        area_code (``ALL`` for a page of the whole set), title, status (ok or failed), reason, cell, html,
        executed and highlights (see ``present.text.facts.highlights``; may be empty).
    folder : Path
        Where the index goes.
    previous : mapping, optional
        The manifest of the run before; with it the page says what changed.

    Raises
    ------
    OutputError
        If the page cannot be written.
    """
    dataset = manifest.get("parameters", {}).get("dataset", "open")
    statement.write(folder, language=manifest["language"], dataset=dataset)
    store.write_text(Path(folder) / AREAS, _searched(manifest))
    return store.write_text(Path(folder) / "index.html", html(manifest, previous=previous))


def _searched(manifest: Mapping[str, Any]) -> str:
    """The areas with a page, each with its name, other names and the page, as a script."""
    words = translator(manifest["language"])
    names = ("title", "area_code", "html")
    pages = [[one[name] for name in names] for one in _of_areas(manifest) if one["status"] == "ok"]
    found = [[words.gettext(title), " ".join(areas.other_names(code)), page] for title, code, page in pages]
    return f"window.jeugdhulpAreas={json.dumps(sorted(found), ensure_ascii=False, separators=(',', ':'))};\n"


def html(manifest: Mapping[str, Any], *, prefix: str = "", previous: Mapping[str, Any] | None = None) -> str:
    """The index as text, see ``write``.

    Parameters
    ----------
    manifest : mapping
        Of the run.
    prefix : str
        What links begin with, where the index lies above the folder of the run.
    previous : mapping, optional
        Manifest of the run before, to say what changed.
    """
    language = manifest["language"]
    words = translator(language)
    dataset = manifest.get("parameters", {}).get("dataset", "open")
    composition_year = manifest.get("parameters", {}).get("composition_year")
    regions_chosen = manifest.get("parameters", {}).get("regions", parameters.THREE_REGIONS)
    tables = shared.loaded(dataset, parameters.chosen_regions(regions_chosen))
    shown = _of_areas(manifest)
    groups = {one["area_code"]: words.gettext("group") for one in shown if one.get("notebook") == GROUP}
    codes = [one["area_code"] for one in shown if one["area_code"] not in groups]
    regions = _regions(tables, codes, composition_year) | groups
    found = [one.get("highlights") or {} for one in shown]
    usual = {key: _usual(found, key) for key in ("period", "target", "budget_period")}
    rows = [_row(one, prefix, regions[one["area_code"]], usual, words) for one in shown]
    many = len(rows) > MOST_LINES
    if many:
        rows = [row if row["order"] == 0 else row | {"trend": ""} for row in rows]
    whole = [one for one in manifest["notebooks"] if one["area_code"] == areas.ALL]
    pages = [_page(one, prefix, words) for one in sorted(whole, key=_page_order)]
    steering = declaration_section.section(manifest, lambda one: _page(one, prefix, words), words)
    pages += [
        {**_made(words), "name": one["title"], "link": f"{'' if prefix else '../'}{one['html']}"}
        for one in manifest.get("plans", ())
    ]
    if steering:
        pages.append({**_made(words), "name": steering["title"], "link": f"#{steering['place']}"})
    failed = sum(one["status"] == "failed" for one in manifest["notebooks"])
    title = words.gettext("All municipalities and regions")
    place = page_context.Place(f"{prefix}assets", f"{prefix}index.html")
    resources = page_context.page(language, title=title, script="index.js", dataset=dataset, place=place) | {
        "heading": title,
        "lead": _lead(manifest, words),
        "banner": words.ngettext("{n} report could not be made.", "{n} reports could not be made.", failed)
        if failed
        else "",
        "rows": sorted(rows, key=lambda row: (row["order"], row["name"])),
        "pages": pages,
        "below": [one for one in (_below(name, manifest, prefix, words) for name in BELOW) if one["pages"]],
        "declared": steering,
        "map": area_map.shown(
            [row for row in rows if row["code"].startswith("GM")],
            tables["outlines"],
            areas.municipalities(tables),
            words,
        ),
        "columns": _columns(manifest, words),
        "labels": _labels(_columns(manifest, words)),
        "texts": _texts(words, many=many)
        | {"skip": words.gettext("Skip the table") if len(LINKS) * len(rows) > skips.MOST else ""},
        "run": manifest["run"],
        "manifest": f"{prefix}manifest.json",
        "changed": _changed(previous, manifest, words) if previous else None,
    }
    return page_context.environment().get_template("index.html.j2").render(resources=resources)


def _changed(old: Mapping[str, Any], new: Mapping[str, Any], words: Words) -> dict[str, Any] | None:
    """What changed since the previous run: sentences on the whole set, then on each area; None when nothing did."""
    found = changes(old, new)
    if not found:
        return None
    areas_changed: dict[str, list[str]] = {}
    for one in found:
        if one.area_code != areas.ALL:
            areas_changed.setdefault(one.title, []).append(sentence(one, words))
    return {
        "title": words.gettext("What changed since the previous run"),
        "run": words.gettext("Previous run: {run}.", run=old.get("run", "")),
        "whole": [sentence(one, words) for one in found if one.area_code == areas.ALL],
        "areas": [{"name": name, "text": " ".join(texts)} for name, texts in areas_changed.items()],
        "summary": words.ngettext("{n} area changed", "{n} areas changed", len(areas_changed)),
    }


def _of_areas(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The reports of one municipality or region on published figures."""
    return [
        one
        for one in manifest["notebooks"]
        if one["area_code"] != areas.ALL
        and one.get("notebook") not in BELOW
        and not declaration_section.is_page(one, manifest)
    ]


def _page_order(entry: Mapping[str, Any]) -> int:
    return PAGES.index(entry["name"]) if entry["name"] in PAGES else len(PAGES)


def _labels(columns: Sequence[Mapping[str, Any]]) -> str:
    """The headings of figures for the cards of a phone, once for the table: properties that ``page.css`` reads."""
    numbered = [(place, one["label"]) for place, one in enumerate(columns, start=1) if one["number"]]
    return ";".join(f"--label-{place}:{json.dumps(label, ensure_ascii=False)}" for place, label in numbered)


def _texts(words: Words, *, many: bool) -> dict[str, str]:
    return {
        "without_lines": words.gettext("The costs of a municipality over the years are on its own page.")
        if many
        else "",
        "search": words.gettext("Search a municipality or region"),
        "found": words.gettext("{n} of {all} shown"),
        "caption": words.gettext("Costs of youth care by municipality and region"),
        "sort": words.gettext("Choose a heading to sort."),
        "act": words.gettext(ACT),
        "more": words.gettext("About these reports"),
        "made": words.gettext("How this set was made"),
        "run": words.gettext("Run"),
        "settings": words.gettext("Settings and checksums of the data"),
    }


def _columns(manifest: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """Headings, with the year that most areas have; a cell of another year says which."""
    found = [one.get("highlights") or {} for one in _of_areas(manifest)]
    return [
        {"label": words.gettext("Area"), "number": False},
        {"label": words.gettext("Region"), "number": False},
        {"label": _dated(words.gettext("Spent"), found, "period"), "number": True},
        {"label": _dated(words.gettext("Expected"), found, "target"), "number": True},
        {"label": words.gettext("80% chance between"), "number": True},
        {"label": words.gettext("Expected change"), "number": True},
        {
            "label": _dated(words.gettext("Chance of exceeding the budget"), found, "budget_period"),
            "number": True,
        },
        {"label": words.gettext("Costs over the years"), "number": False},
        {"label": words.gettext("To decide"), "number": False},
    ]


def _dated(label: str, found: list[Mapping[str, Any]], key: str) -> str:
    year = _usual(found, key)
    return f"{label}, {year}" if year else label


def _usual(found: Sequence[Mapping[str, Any]], key: str) -> int | None:
    """The year that most areas have, the last one of equals; None without any."""
    years = Counter(int(one[key]) for one in found if formats.known(one.get(key)))
    return max(years, key=lambda year: (years[year], year), default=None)


def _of_year(text: str, found: Mapping[str, Any], key: str, usual: int | None) -> str:
    """A text with its year, where that is another one than in the heading."""
    year = found.get(key)
    return f"{text} ({int(year)})" if formats.known(year) and int(year) != usual else text


def _lead(manifest: Mapping[str, Any], words: Words) -> str:
    count = sum(one["area_code"].startswith("GM") for one in _of_areas(manifest))
    return words.ngettext(
        "Use and costs of youth care, with a forecast, for {n} municipality.",
        "Use and costs of youth care, with a forecast, for {n} municipalities.",
        count,
        n=count,
    )


def _regions(tables: Mapping[str, Any], codes: Sequence[str], year: int | None) -> dict[str, str]:
    """Name of the region of each municipality; for a region, its own name."""
    names = areas.regions(tables)
    placed = areas.regions_of(tables, [code for code in codes if code not in names], year)
    return names | {code: names[region] for code, region in placed.items()}


def _row(
    entry: Mapping[str, Any], prefix: str, region: str, usual: Mapping[str, int | None], words: Words
) -> dict[str, Any]:
    found, language = entry.get("highlights") or {}, words.language
    own, name = not entry["area_code"].startswith("GM"), entry["title"]
    change, chance = found.get("expected_change_percent"), found.get("chance_budget_exceeded")
    expected = formats.euro(found.get("expected_eur"), language, digits=2)

    def told(text: str, key: str) -> str:
        return _of_year(text, found, key, usual[key])

    return {
        "code": entry["area_code"],
        "name": words.gettext(name),
        "also": " ".join(areas.other_names(entry["area_code"])),
        "region": words.gettext("region") if areas.is_region(entry["area_code"]) else region,
        "order": 0 if own else 1,
        "link": prefix + entry["html"] if entry["status"] == "ok" else "",
        "act": f"{prefix}{entry['html']}#{downloads.slug(words.gettext(ACT))}",
        "cells": [
            _cell(found.get("cost_eur"), told(formats.euro(found.get("cost_eur"), language), "period")),
            _cell(found.get("expected_eur"), told(_about(expected, found, words), "target")),
            _cell(
                found.get("low_eur"),
                formats.euro_between(found.get("low_eur"), found.get("high_eur"), language),
            ),
            _cell(change, formats.percent(change, language, decimals=0, signed=True)),
            _cell(
                chance,
                told(formats.chances(found.get("chance_low", chance), chance, language), "budget_period"),
            ),
        ],
        "trend": trend.svg(found.get("series"), words),
        "last": found.get("cost_eur") or "",
        **_state(entry, prefix, words),
    }


def _about(written: str, found: Mapping[str, Any], words: Words) -> str:
    return (
        words.gettext("about {value}", value=written) if formats.known(found.get("expected_eur")) else written
    )


def _cell(value: float | None, text: str) -> dict[str, str]:
    return {"text": text, "sort": f"{value:.6g}" if formats.known(value) else ""}


def _page(entry: Mapping[str, Any], prefix: str, words: Words) -> dict[str, Any]:
    return {"name": entry["title"], "link": prefix + entry["html"], **_state(entry, prefix, words)}


def _below(kind: str, manifest: Mapping[str, Any], prefix: str, words: Words) -> dict[str, Any]:
    """The pages of one kind that stand below those of areas, for a fold: there is one for every area."""
    found = [_page(one, prefix, words) for one in manifest["notebooks"] if one.get("notebook") == kind]
    return {"name": f"{words.gettext(BELOW_NAMES[kind])} ({len(found)})", "pages": found}


def _state(entry: Mapping[str, Any], prefix: str, words: Words) -> dict[str, Any]:
    """Whether a report was made; if not, why, with the notebook as far as it got."""
    if entry["status"] == "ok":
        return _made(words)
    reason = Markup('<span lang="en">{}</span>').format(entry["reason"])
    if entry.get("cell") is not None:
        place = words.gettext("cell {number}", number=entry["cell"] + 1)
        reason = Markup("{}: {}").format(place, reason)
    return {
        "failed": True,
        "state": words.gettext("failed"),
        "reason": reason,
        "notebook": prefix + entry["executed"] if entry.get("executed") else "",
        "notebook_label": words.gettext("notebook of {name} as far as it got", name=entry["title"]),
    }


def _made(words: Words) -> dict[str, Any]:
    """The state of a report that is there."""
    return {
        "failed": False,
        "state": words.gettext("ready"),
        "reason": "",
        "notebook": "",
        "notebook_label": "",
    }
