"""The vision of a region in figures: indicators with their margin, what lies beside them, and what is not known yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analyse.compare import followed
from analyse.compare import vision as origins
from analyse.present.exhibits import tables as written_as
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.present.figures import measures
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator

WANTED = {"lower": N_("lower"), "higher": N_("higher"), "no direction": N_("no direction")}
MOVEMENTS = {
    "towards": N_("in the wanted direction"),
    "away": N_("against the wanted direction"),
    "unclear": N_("no clear change"),
    "stated": N_("changed, as budgeted"),
    "break": N_("not to be compared: these years are counted differently"),
}
KINDS = {
    "gp_referral_percent": "percent1",
    "local_budget_percent": "percent1",
    "residential_cost_percent": "percent1",
    "access_per_youth_eur": "euro",
}
"""How figures that only visions ask for are written; the others as in ``measures``."""
UNITS = {"weeks": N_("{n} weeks"), "months": N_("{n} months")}
INDICATOR = {
    "indicator": Column("Indicator"),
    "ambition": Column("Ambition"),
    "wanted": Column("Wanted direction", terms=WANTED),
}
COLUMNS = {
    **INDICATOR,
    "now": Column("Last figure"),
    "before": Column("Figure before"),
    "movement": Column("Which way it went", terms={}),
    "others": Column("Beside it"),
    "remark": Column("Note"),
}
GAPS = {
    **INDICATOR,
    "definition": Column("What it would measure"),
    "needs": Column("Which source would fill it"),
}


def vision(
    monitor: pd.DataFrame,
    declared: Any,
    *,
    area: str,
    names: Mapping[str, str] | None = None,
    label: str = "",
    language: str = "nl",
) -> Exhibit:
    """The indicators of the regional vision that have a figure, for one area.

    Parameters
    ----------
    monitor : DataFrame
        ``compare.followed.figures`` of the area.
    declared : choices.Vision
        One of ``compare.choices.visions()``, for titles, definitions, cautions and targets.
    area : str
        Name of the area.
    names : mapping of str to str, optional
        The areas to compare it with: their names by code.
    label : str
        What to say of figures from declarations, such as that they are simulated.
    """
    words = translator(language)
    rows = _rows(monitor, declared, names or {}, words)
    title = words.gettext(
        "{area}: {n} of the {all} indicators of the vision have a figure",
        area=words.gettext(area),
        n=int(rows["known"].sum()),
        all=len(monitor),
    )
    return Exhibit.of_table(
        rows[rows["known"]],
        COLUMNS,
        title,
        language,
        caption=words.gettext("{area}: the regional vision in figures", area=words.gettext(area)),
        source="; ".join([declared.source, *_sources(monitor, words), *([label] if label else [])]),
        note=words.gettext(
            "In brackets the 80% margin. A direction is named only when the change is larger than its margin, chance "
            "included; amounts without the rise of prices. One step between two years is no trend, and says nothing "
            "about what caused it. Where no target is named, none was decided."
        ),
    )


def gaps(
    monitor: pd.DataFrame, declared: Any, *, area: str, language: str = "nl", label: str = ""
) -> list[Exhibit]:
    """The indicators without a figure, each with the source that would fill it; nothing where there are none.

    Parameters
    ----------
    monitor, declared, area, label
        As for ``vision``.
    """
    words = translator(language)
    rows = _rows(monitor, declared, {}, words)
    empty = rows[~rows["known"]]
    if empty.empty:
        return []
    title = words.gettext(
        "{area}: of {n} indicators no figure is known yet", area=words.gettext(area), n=len(empty)
    )
    source = "; ".join([declared.source, *([label] if label else [])])
    return [Exhibit.of_table(empty, GAPS, title, language, source=source)]


def line(
    monitor: pd.DataFrame,
    declared: Any,
    *,
    area: str,
    names: Mapping[str, str],
    language: str = "nl",
) -> Exhibit:
    """The indicators of the region's vision of which a municipality has a figure, beside the region.

    Parameters
    ----------
    monitor, declared, names
        As for ``vision``; of the municipality, with its region beside it.
    area : str
        Name of the municipality.
    """
    words = translator(language)
    rows = _rows(monitor, declared, names, words)
    shown = {name: COLUMNS[name] for name in ("indicator", "wanted", "now", "movement", "others")}
    towards, away = (int(monitor["movement"].eq(one).sum()) for one in ("towards", "away"))
    title = words.gettext(
        "{area} in the vision of its region: {towards} indicators moved in the wanted direction, {away} against it",
        area=area,
        towards=towards,
        away=away,
    )
    return Exhibit.of_table(
        rows[rows["known"]],
        shown,
        title,
        language,
        caption=words.gettext("{area}: the regional vision in figures", area=area),
        source="; ".join([declared.source, *_sources(monitor, words)]),
        note=words.gettext(
            "Nothing is known by municipality about the other {n} indicators; the page of the region says which source "
            "would fill them.",
            n=int((~rows["known"]).sum()),
        ),
    )


def actions(declared: Any, levers: Mapping[str, Any], *, language: str = "nl") -> Exhibit:
    """The action lines of a vision: which are meant to contain costs, and which measure of the what-if is about each.

    Parameters
    ----------
    declared : choices.Vision
        One of ``compare.choices.visions()``.
    levers : mapping of Lever
        ``scenario.levers()`` by id.
    """
    words = translator(language)
    rows = pd.DataFrame(
        {
            "ambition": getattr(ambition.title, language),
            "lines": "; ".join(
                getattr(one.title, language) + (" (€)" if one.affordable else "")
                for one in ambition.action_lines
            ),
            "levers": _levers(ambition, levers, language) or words.gettext("none: no effect is quantified"),
        }
        for ambition in declared.ambitions
        if ambition.action_lines
    )
    lines = [one for ambition in declared.ambitions for one in ambition.action_lines]
    title = words.gettext(
        "{n} of the {all} action lines have a measure in the what-if",
        n=sum(bool(one.levers) for one in lines),
        all=len(lines),
    )
    shown = {
        "ambition": Column("Ambition"),
        "lines": Column("Action lines"),
        "levers": Column("Measures in the what-if, with their evidence"),
    }
    return Exhibit.of_table(
        rows,
        shown,
        title,
        language,
        caption=getattr(declared.title, language),
        source=declared.source,
        note=words.gettext(
            "€: meant to contain costs, as the document marks it. It gives no action line an effect in numbers. "
            "Evidence: A study with a comparison group, B evaluation without one, C target of policy, D own assumption."
        ),
    )


def _levers(ambition: Any, levers: Mapping[str, Any], language: str) -> str:
    """The measures of the action lines of an ambition, each once, with the kind of evidence."""
    names = dict.fromkeys(name for one in ambition.action_lines for name in one.levers)
    said = [f"{getattr(levers[name].title, language)} ({levers[name].evidence})" for name in names]
    return "; ".join(said)


def rows(monitor: pd.DataFrame, declared: Any, *, language: str = "nl") -> pd.DataFrame:
    """The indicators as texts, one row each: what the exhibits show, with ``known``: whether there is a figure.

    Parameters
    ----------
    monitor, declared
        As for ``vision``.
    """
    return _rows(monitor, declared, {}, translator(language))


def _rows(monitor: pd.DataFrame, declared: Any, names: Mapping[str, str], words: Words) -> pd.DataFrame:
    ambitions = {one.id: one for one in declared.ambitions}
    return pd.DataFrame(
        [_row(row, ambitions[row.ambition], declared, names, words) for row in monitor.itertuples()]
    )


def _row(row: Any, ambition: Any, declared: Any, names: Mapping[str, str], words: Words) -> dict[str, Any]:
    language = words.language
    indicator = declared.known[row.indicator]
    few = row.status == "suppressed" and row.origin == origins.DECLARATIONS
    own = few or formats.known(row.value) or formats.known(row.low)
    regional = getattr(row, "area_code", declared.region) == declared.region
    published = _published(declared, row.indicator) if regional and not own else []
    now, before = _last(row, words), _figure(row.previous_value, row.previous_period, row, words)
    if published:
        now, *earlier = [_told(one, words) for one in published[:2]]
        before = earlier[0] if earlier else "–"
    definition = getattr(indicator.definition, language)
    remark = [
        definition,
        *([getattr(indicator.caution, language)] if indicator.caution else []),
        *_targeted(row, declared, words),
        *([words.gettext("Published by {source}.", source=published[0].source)] if published else []),
    ]
    return {
        "indicator": getattr(indicator.title, language),
        "ambition": getattr(ambition.title, language),
        "wanted": row.direction,
        "now": now,
        "before": before,
        "movement": MOVEMENTS.get(row.movement, "–"),
        "others": _beside(row, names, words),
        "remark": " ".join(remark),
        "definition": definition,
        "needs": getattr(indicator.needs, language) if indicator.needs else _hidden(words),
        "known": own or bool(published),
    }


def _hidden(words: Words) -> str:
    """What to say of an indicator of published figures without one for this area."""
    return words.gettext("Published figures, of which the source hides or lacks a part for this area.")


def _published(declared: Any, indicator: str) -> list[Any]:
    """What the region published on an indicator itself, the newest first."""
    own = [one for one in declared.published if one.indicator == indicator]
    return sorted(own, key=lambda one: one.when, reverse=True)


def _told(one: Any, words: Words) -> str:
    number = formats.number(one.value, words.language)
    return (
        f"{number} {getattr(one.what, words.language)} ({formats.date(one.when.isoformat(), words.language)})"
    )


def _last(row: Any, words: Words) -> str:
    """The last figure with its margin and year, or its bounds where part of it is hidden."""
    if row.status == "suppressed" and row.origin == origins.DECLARATIONS:
        return words.gettext("too few youths to show ({year}, declarations)", year=int(row.period))
    bounded = formats.known(row.low) and formats.known(row.high)
    if not formats.known(row.value) and not bounded:
        return formats.unknown(words.language)
    value, low, high = (_written(one, row, words) for one in (row.value, row.low, row.high))
    between = words.gettext("{low} to {high}", low=low, high=high)
    if not formats.known(row.value):
        return f"{between} ({int(row.period)})"
    margin = f" [{between}]" if bounded and low != high else ""
    origin = words.gettext(", declarations") if row.origin == origins.DECLARATIONS else ""
    return f"{value}{margin} ({int(row.period)}{origin})"


def _figure(value: float, period: float, row: Any, words: Words) -> str:
    """A figure with its year; a dash where there is none."""
    return f"{_written(value, row, words)} ({int(period)})" if formats.known(value) else "–"


def _targeted(row: Any, declared: Any, words: Words) -> list[str]:
    """The target that was set, whether the last figure meets it, and by which decision."""
    if not formats.known(row.target_value):
        return []
    (source,) = {
        one.source
        for one in declared.targets
        if (one.indicator, one.year, one.value) == (row.indicator, row.target_year, row.target_value)
    }
    money = declared.known[row.indicator].measure is None
    value = (
        written_as.written(row.target_value, "euro", words.language)
        if money
        else _written(row.target_value, row, words)
    )
    said = words.gettext(
        "Target for {year}: {value} ({source}).", year=int(row.target_year), value=value, source=source
    )
    met = {True: words.gettext("It is met."), False: words.gettext("It is not met.")}.get(row.target_met)
    return [said, met] if met else [said]


def _beside(row: Any, names: Mapping[str, str], words: Words) -> str:
    said = []
    for code, name in names.items():
        value, low, high = (getattr(row, f"{prefix}{code}", None) for prefix in followed.ENDS.values())
        if formats.known(value):
            said.append(f"{words.gettext(name)} {_written(value, row, words)}")
        elif formats.known(low) and formats.known(high):
            ends = {"low": _written(low, row, words), "high": _written(high, row, words)}
            said.append(f"{words.gettext(name)} {words.gettext('{low} to {high}', **ends)}")
    return "; ".join(said) or "–"


def _written(value: float, row: Any, words: Words) -> str:
    """A figure of an indicator with its unit."""
    if not formats.known(value):
        return "–"
    if row.origin == origins.DECLARATIONS:
        if row.unit in UNITS:
            return words.gettext(UNITS[row.unit], n=formats.number(value, words.language, decimals=1))
        return written_as.written(value, "percent1", words.language)
    if row.measure in KINDS:
        return written_as.written(value, KINDS[row.measure], words.language)
    return measures.written(value, row.measure, words)


def _sources(monitor: pd.DataFrame, words: Words) -> list[str]:
    """Who published what the figures are made from."""
    used = monitor.loc[monitor["value"].notna() | monitor["low"].notna()]
    named = [measures.source(one, words) for one in used["measure"] if one in measures.MEASURES]
    named += [words.gettext(measures.IV3[1]) for one in used["measure"] if KINDS.get(one) and "gp" not in one]
    if used["origin"].eq(origins.DECLARATIONS).any():
        named.append(words.gettext("declarations and messages (iJw) of the area"))
    return list(dict.fromkeys(part for one in named for part in one.split("; ")))
