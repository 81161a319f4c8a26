"""Tables that put areas side by side: all fair measures of one, and what boundaries do to a total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analyse.compare import rates
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.present.figures import measures
from analyse.present.text import formats, sentences
from analyse.present.text.facts import TOGETHER
from analyse.present.text.language import N_, Words, translator

TOTALS = {
    "cost_eur": (N_("Spent"), "euro"),
    "youths": (N_("Youths (0 to 17)"), "about"),
    "clients": (N_("Youths with care"), "about"),
}


def beside(
    own: pd.DataFrame,
    reference: pd.DataFrame,
    *,
    names: tuple[str, str],
    flags: Iterable[Any] = (),
    language: str = "nl",
) -> Exhibit:
    """Every fair measure of an area, in the last year that has it, beside a reference and its peers.

    Parameters
    ----------
    own, reference : DataFrame
        Rows of the area and of its reference of ``compare.overview.figures``, with flags
        (``compare.flags.flagged``).
    names : tuple of str
        Names of both.
    flags : iterable of Flag
        ``compare.choices.flags()``, for the reasons.
    """
    words = translator(language)
    area, other = words.gettext(names[0]), words.gettext(TOGETHER.get(names[1], names[1]))
    last = _known(own).sort_values("period").groupby("measure").tail(1).set_index("measure")
    there = reference.set_index(["measure", "period"])
    rows = [_row(last.loc[name], there, name, words) for name in measures.MEASURES if name in last.index]
    peers = [words.gettext(name) for name in str(own["peers"].iloc[0] or "").split(", ")]
    listed = sentences.listing(peers, language) if peers[0] else ""
    areas = {
        "own": Column(area),
        "margin": Column("Margin (80%)"),
        "reference": Column(f"{other[:1].upper()}{other[1:]}"),
        **({"peers": Column("Half of the peers")} if listed else {}),
    }
    caption = words.gettext("{area} beside {other}", area=area, other=other)
    alike = (
        words.gettext("The chart below this table names the peers of {area}.", area=area) if listed else ""
    )
    note = sentences.paragraph(alike, _reading(words))
    return _by_measure(rows, areas, caption, words, note=note, flags=flags, shown=last.index)


def _by_measure(
    rows: list[dict[str, Any]],
    areas: Mapping[str, Column],
    caption: str,
    words: Words,
    *,
    note: str,
    flags: Iterable[Any],
    shown: Iterable[str],
) -> Exhibit:
    """A table of measures, with the columns of ``areas`` between the year and what each is taken over."""
    columns = {
        "measure": Column("Measure"),
        "period": Column("Year", "year"),
        **areas,
        "over": Column("Taken over"),
        "source": Column("Source"),
    }
    return Exhibit.of_table(
        pd.DataFrame(rows),
        columns,
        caption,
        words.language,
        flags=flags,
        note=note,
        source="; ".join(_sources(shown, words)),
    )


def together(
    fair: pd.DataFrame, names: Mapping[str, str], *, flags: Iterable[Any] = (), language: str = "nl"
) -> Exhibit:
    """Every fair measure of several areas side by side, in the last year that one of them has it.

    Parameters
    ----------
    fair : DataFrame
        Rows of ``compare.overview.figures`` with flags (``compare.flags.flagged``).
    names : mapping of str to str
        Name of each area, in the order of the columns.
    flags : iterable of Flag
        ``compare.choices.flags()``, for the reasons.
    """
    words = translator(language)
    known = _known(fair[fair["area_code"].isin(list(names))])
    last, found = (
        known.groupby("measure")["period"].max(),
        known.set_index(["measure", "period", "area_code"]),
    )
    rows = [
        _abreast(found, (name, int(last[name])), names, words) for name in measures.MEASURES if name in last
    ]
    listed = sentences.listing([words.gettext(name) for name in names.values()], language)
    caption = words.gettext("{areas} side by side", areas=listed)
    areas = {code: Column(name) for code, name in names.items()}
    note = " ".join([words.gettext("In brackets: the 80% margin."), _reading(words)])
    return _by_measure(rows, areas, caption, words, note=note, flags=flags, shown=last.index)


def _abreast(
    found: pd.DataFrame, key: tuple[str, int], names: Mapping[str, str], words: Words
) -> dict[str, Any]:
    """One measure and year: each area's figure, with its margin where there is one."""
    measure, period = key
    row: dict[str, Any] = {
        "measure": words.gettext(measures.MEASURES[measure].name),
        "period": period,
        "over": words.gettext(measures.MEASURES[measure].over),
        "source": measures.MEASURES[measure].sources[0],
    }
    for code in names:
        one = found.loc[(*key, code)] if (*key, code) in found.index else None
        row[code], row[f"{code}_flags"] = formats.unknown(words.language), ()
        if one is not None:
            margin, value = _between(one["low"], one["high"], measure, words), _value(one, measure, words)
            row[code] = value if margin in ("–", value) else f"{value} ({margin})"
            row[f"{code}_flags"] = one["flags"]
    return row


def _reading(words: Words) -> str:
    return words.gettext(
        "A margin is given where a figure is estimated or rounded; for use it also allows for chance "
        "in a single year. Equal ages: what use would be if the youths were as old as those of "
        "the three regions together. The direct method reweights an area's own use by age; the "
        "indirect method compares it with what is usual at those ages."
    )


def _row(own: Any, there: pd.DataFrame, name: str, words: Words) -> dict[str, Any]:
    key, estimated = (name, int(own["period"])), own["status"] == "estimated"
    other = there.loc[key] if key in there.index else None
    value = _value(own, name, words)
    return {
        "measure": words.gettext(measures.MEASURES[name].name),
        "period": own["period"],
        "own": words.gettext("about {value}", value=value) if estimated else value,
        "own_flags": own["flags"],
        "margin": _between(own["low"], own["high"], name, words),
        "reference": formats.unknown(words.language) if other is None else _value(other, name, words),
        "reference_flags": () if other is None else other["flags"],
        "peers": _between(own["peer_low"], own["peer_high"], name, words),
        "over": _over(own, name, words),
        "source": measures.MEASURES[name].sources[0],
    }


def _known(fair: pd.DataFrame) -> pd.DataFrame:
    """The rows with a figure, or with bounds where a part is hidden."""
    return fair[fair["value"].notna() | fair["low"].notna()]


def _value(one: Any, name: str, words: Words) -> str:
    """The figure, or its bounds where part of it is hidden."""
    if formats.known(one["value"]) or not formats.known(one["low"]):
        return measures.written(one["value"], name, words)
    return _between(one["low"], one["high"], name, words)


def _between(low: float, high: float, name: str, words: Words) -> str:
    """Both ends of an interval; a dash where there is none."""
    if not (formats.known(low) and formats.known(high)):
        return "–"
    ends = [measures.written(one, name, words) for one in (low, high)]
    if ends[0] == ends[1]:
        return ends[0]
    return words.gettext("{low} to {high}", low=ends[0], high=ends[1])


def _over(own: Any, name: str, words: Words) -> str:
    """The denominator with its size."""
    over, size = words.gettext(measures.MEASURES[name].over), own["denominator"]
    if not formats.known(size):
        return over
    money = (
        measures.MEASURES[name].over in (measures.ACCOUNTS, measures.BUDGET) or name == "cost_growth_fraction"
    )
    text = formats.euro(size, words.language) if money else formats.about(size, words.language)
    return f"{over}: {text}" if money else f"{text} {over}"


def _sources(names: Iterable[str], words: Words) -> list[str]:
    said = (measures.source(name, words) for name in measures.MEASURES if name in set(names))
    return list(dict.fromkeys(one for several in said for one in several.split("; ")))


def composition(
    effects: pd.DataFrame, events: pd.DataFrame, *, regions: Mapping[str, str], language: str = "nl"
) -> Exhibit:
    """The effect of moves and mergers on the totals of regions: boundaries of each year against fixed ones.

    Parameters
    ----------
    effects : DataFrame
        ``compare.composition.effect``; of each measure the last year in which something had moved is shown.
    events : DataFrame
        ``compare.composition.events``.
    regions : mapping of str to str
        Name of each region.
    """
    words = translator(language)
    whole = effects["status"].isin(rates.WHOLE) & effects["measure"].isin(list(TOTALS))
    moved = effects[whole & effects["move"].abs().gt(0.5)]
    moved = moved[moved["period"].eq(moved.groupby("measure")["period"].transform("max"))]
    moved = moved.sort_values(["measure", "area_code"])
    rows = pd.DataFrame([_composed(row, words) for row in moved.itertuples()])
    shown = {
        "area": Column("Region"),
        "period": Column("Year", "year"),
        "what": Column("Figure"),
        "then": Column("Regions of that year"),
        "fixed": Column("Regions of now"),
        "move": Column("Through moves"),
        "merger": Column("Through mergers"),
    }
    caption = words.gettext("How changes of boundaries affect the totals of the regions")
    return Exhibit.of_table(
        rows,
        shown,
        caption,
        language,
        note=_events(events, regions, words),
        source=measures.source("cost_per_youth_eur", words),
    )


def _composed(row: Any, words: Words) -> dict[str, Any]:
    label, kind = TOTALS[row.measure]
    written = {
        name: tables.written(getattr(row, name), kind, words.language)
        for name in ("of_the_time", "fixed", "move", "merger")
    }
    return {
        "area": words.gettext(row.area),
        "period": row.period,
        "what": words.gettext(label),
        "then": written["of_the_time"],
        "fixed": written["fixed"],
        "move": written["move"],
        "merger": written["merger"] if abs(row.merger) > 0.5 else words.gettext("none"),
    }


def _events(events: pd.DataFrame, regions: Mapping[str, str], words: Words) -> str:
    """The moves one by one, and the mergers in one sentence."""
    moves, mergers = (events[events["kind"].eq(kind)] for kind in ("move", "merger"))
    said = [
        words.gettext(
            "{name} moved from {before} to {after} in {year}.",
            name=one.municipality,
            year=int(one.year),
            before=regions[one.from_code],
            after=regions[one.to_code],
        )
        for one in moves.itertuples()
    ]
    if len(mergers):
        merged = sentences.listing(
            [f"{one.municipality} ({int(one.year)})" for one in mergers.itertuples()], words.language
        )
        said.append(words.gettext("Mergers do not change the total of a region: {names}.", names=merged))
    return " ".join(said)
