"""The rules of cooperation on the page of a region: who pays and votes how much, and what a departure changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analyse.compare import calculators, choices
from analyse.history import areas
from analyse.parameters import Run
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator

YEARS_BACK = 5
"""Years in which somebody who left the region is looked for."""
STATUSES = {
    "known": N_("as the document says"),
    "assumption": N_("an assumption of our own: the rule is not known here"),
}


def of_region(run: Run, tables: Mapping[str, pd.DataFrame]) -> list[Exhibit]:
    """Cost key, groups and departures of a region; empty where no rule of it stands in ``regional_rules.yaml``.

    Parameters
    ----------
    run : Run
        Names the region.
    tables : mapping of DataFrame
        With ``population`` and ``municipalities``.
    """
    rule = next((one for one in choices.rules() if one.region == run.region), None)
    if rule is None:
        return []
    year = calculators.last_year(tables, rule)
    shown = [_shares(tables, rule, year=year, language=run.language)]
    if rule.groups:
        shown.append(_groups(tables, rule, year=year, language=run.language))
    left = calculators.leavers(tables, rule.region, range(year - YEARS_BACK, year + 1))
    shown += [_departure(tables, rule, code, year=when, language=run.language) for code, when in left.items()]
    return shown


def _shares(tables: Mapping[str, pd.DataFrame], rule: Any, *, year: int, language: str = "nl") -> Exhibit:
    """What each municipality pays of the amounts of a rule, and its part of the votes."""
    words = translator(language)
    parts = [calculators.key(tables, rule, amount_eur=one.amount_eur, year=year) for one in rule.amounts]
    people = parts[0].set_index("municipality_code")["inhabitants"]
    rows = parts[0].assign(
        municipality=people.index.map(areas.all_names(tables, year)),
        percent=100 * parts[0]["fraction"],
        **{f"amount_{place}": part["amount_eur"].round() for place, part in enumerate(parts)},
    )
    columns = {
        "municipality": Column("Municipality"),
        "inhabitants": Column("Inhabitants", "integer"),
        "percent": Column("Part of costs and votes", "percent1"),
        **{
            f"amount_{place}": Column(_amount(one, language), "euro_exact", language=language)
            for place, one in enumerate(rule.amounts)
        },
    }
    example = _example(tables, rule, words)
    note = words.gettext(
        "By inhabitants on 1 January {year}; parts are shared to the cent and shown in whole euros. The key: {status}.",
        year=year - rule.inhabitants_years_back,
        status=words.gettext(STATUSES[rule.status]),
    )
    return Exhibit.of_table(
        rows.sort_values("municipality"),
        columns,
        _majority(people, rule, tables, year, words),
        language,
        caption=words.gettext("Cost key and votes, {year}", year=year),
        note=" ".join([note, *example, *_covers(rule, year, words)]),
        source=_sources(rule, words),
    )


def _groups(tables: Mapping[str, pd.DataFrame], rule: Any, *, year: int, language: str = "nl") -> Exhibit:
    """The parts added up by group of municipalities."""
    words, amount = translator(language), rule.amounts[0]
    parts = calculators.key(tables, rule, amount_eur=amount.amount_eur, year=year)
    found = calculators.by_group(parts, rule.groups)
    there, called = set(parts["municipality_code"]), areas.all_names(tables, year)
    rows = found.assign(
        members=[
            ", ".join(called[code] for code in rule.groups[group] if code in there)
            for group in found["group"]
        ],
        percent=100 * found["fraction"],
        amount_eur=found["amount_eur"].round(),
    )
    columns = {
        "group": Column("Group"),
        "members": Column("Municipalities"),
        "inhabitants": Column("Inhabitants", "integer"),
        "percent": Column("Part of costs and votes", "percent1"),
        "amount_eur": Column(_amount(amount, language), "euro_exact", language=language),
    }
    first = found.iloc[0]
    title = words.gettext(
        "{group} has {part} of the inhabitants, and so of costs and votes",
        group=first["group"],
        part=formats.percent(100 * first["fraction"], language),
    )
    return Exhibit.of_table(
        rows,
        columns,
        title,
        language,
        caption=words.gettext("The groups of the region, {year}", year=year),
        source=_sources(rule, words),
    )


def _departure(
    tables: Mapping[str, pd.DataFrame], rule: Any, code: str, *, year: int, language: str = "nl"
) -> Exhibit:
    """What a municipality that left changed for the others: the last year with it, with and without it."""
    words, amount = translator(language), rule.amounts[0]
    ask = {"amount_eur": amount.amount_eur, "year": year - 1}
    before, after = (calculators.key(tables, rule, **ask, leaves=one) for one in ("", code))
    called = areas.all_names(tables, year - 1)
    rows = before.merge(after, on="municipality_code", suffixes=("", "_after"), how="left")
    rows = rows.assign(
        municipality=rows["municipality_code"].map(called),
        after_eur=rows["amount_eur_after"].fillna(0.0).round(),
        change_eur=(rows["amount_eur_after"].fillna(0.0) - rows["amount_eur"]).round(),
        amount_eur=rows["amount_eur"].round(),
        percent=100 * rows["fraction_after"].fillna(0.0),
    )
    name = called[code]
    part = float(before.set_index("municipality_code")["amount_eur"][code])
    columns = {
        "municipality": Column("Municipality"),
        "amount_eur": Column("With it", "euro_exact"),
        "after_eur": Column("Without it", "euro_exact"),
        "change_eur": Column("Change", "euro_exact"),
        "percent": Column("Part of costs and votes without the municipality", "percent1"),
    }
    title = words.gettext(
        "Without {name} the others share {part} more of the same {amount}",
        name=name,
        part=formats.euro_exact(round(part), language),
        amount=formats.euro_exact(amount.amount_eur, language),
    )
    return Exhibit.of_table(
        rows.sort_values("municipality"),
        columns,
        title,
        language,
        caption=words.gettext(
            "What the departure of {name} changes, key of {year}", name=name, year=year - 1
        ),
        note=words.gettext(
            "The same inhabitants with and without the municipality. Costs that would disappear with it are not "
            "known and not included."
        ),
        source=_sources(rule, words),
    )


def _amount(one: Any, language: str) -> str:
    title = getattr(one.title, language)
    return title[0].upper() + title[1:]


def _majority(
    people: pd.Series, rule: Any, tables: Mapping[str, pd.DataFrame], year: int, words: Words
) -> str:
    """What a majority takes, as a title."""
    found = calculators.majority(people, needed_fraction=rule.needed_fraction)
    said = {
        "name": areas.name(tables, found["largest"], year),
        "part": formats.percent(100 * found["largest_fraction"], words.language),
    }
    if rule.status == "assumption":
        return words.gettext(
            "By inhabitants {name} would have {part} of costs and votes; the rule is not known", **said
        )
    if found["alone"]:
        return words.gettext("{name} has {part} of the votes: a majority on its own", **said)
    if found["with_any"]:
        return words.gettext(
            "{name} has {part} of the votes: no majority alone, but with any one other municipality", **said
        )
    return words.gettext(
        "{name} has {part} of the votes; at least {n} municipalities make a majority",
        n=found["fewest"],
        **said,
    )


def _example(tables: Mapping[str, pd.DataFrame], rule: Any, words: Words) -> list[str]:
    """The figure of the document itself beside what the key gives."""
    one = rule.example
    if one is None:
        return []
    found = calculators.key(tables, rule, amount_eur=one.amount_eur, year=one.year)
    part = float(found.set_index("municipality_code")["amount_eur"][one.municipality])
    return [
        words.gettext(
            "Check: of {amount} in {year} {name} paid {part}; the document says about {said}.",
            amount=formats.euro_exact(one.amount_eur, words.language),
            year=one.year,
            name=areas.name(tables, one.municipality, one.year),
            part=formats.euro_exact(round(part), words.language),
            said=formats.euro_exact(one.part_eur, words.language),
        )
    ]


def _covers(rule: Any, year: int, words: Words) -> list[str]:
    if rule.last is None or year <= rule.last:
        return []
    return [
        words.gettext(
            "The document covers {first} to {last}; for {year} its key is applied as it was.",
            first=rule.first,
            last=rule.last,
            year=year,
        )
    ]


def _sources(rule: Any, words: Words) -> str:
    amounts = [f"{_amount(one, words.language)}: {one.source}" for one in rule.amounts]
    return "; ".join([rule.source, *amounts, words.gettext("CBS: inhabitants on 1 January")])
