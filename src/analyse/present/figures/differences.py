"""The difference between two areas or years as steps that add up."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common, steps
from analyse.present.figures.steps import Step
from analyse.present.text import formats, sentences
from analyse.present.text.language import N_, Words, translator

DRIVERS = {
    "population": N_("number of youths"),
    "age": N_("ages of the youths"),
    "usage": N_("use of care"),
    "price": N_("wages and prices"),
    "mix": N_("kind and length of care"),
    "price_and_mix": N_("costs per youth with care"),
    "usage_and_mix": N_("use, kind and length of care"),
    "usage_price_and_mix": N_("use, prices and kind of care"),
}
SOURCE = N_("CBS and Ministry of BZK: Iv3 accounts; CBS: youths, and youths with youth care in kind")
PER_YOUTH = "EUR per youth"
SMALL_FRACTION = 0.1
"""A step below this fraction of the largest is said to make hardly any difference."""


def difference(found: pd.DataFrame, *, first: str, last: str, language: str = "nl") -> Exhibit:
    """A step chart from one area or year to another.

    Parameters
    ----------
    found : DataFrame
        ``compare.decompose.difference``: driver, effect_eur, start_eur, end_eur, from_period, to_period, unit.
    first, last : str
        Names of both areas.
    """
    words = translator(language)
    first, last = words.gettext(first), words.gettext(last)
    years = int(found["from_period"].iloc[0]), int(found["to_period"].iloc[0])
    per_youth = found["unit"].iloc[0] == PER_YOUTH
    labels = [f"{first} {years[0]}", f"{last} {years[1]}"]
    amount = float(found["end_eur"].iloc[0] - found["start_eur"].iloc[0])
    values = {
        "first": labels[0],
        "last": labels[1],
        "amount": formats.euro(abs(amount), language, digits=2),
        "driver": words.gettext(DRIVERS[str(found.loc[found["effect_eur"].abs().idxmax(), "driver"])]),
        "what": words.gettext("per youth") if per_youth else words.gettext("in all"),
        "year": years[0] if years[0] == years[1] else None,
        "names": (first, last),
    }
    listed = _steps(found, labels, words)
    scale = 1.0 if per_youth else common.MILLION
    unit = N_("euros per youth of 0 to 17") if per_youth else common.MILLIONS
    return Exhibit(
        kind="figure",
        title=_title(amount, values, words),
        alt=_alternative(listed, words),
        source=words.gettext(SOURCE),
        note=_sentences(found, values, words),
        drawing={
            "data": steps.traces(listed, scale=scale),
            "layout": steps.layout(listed, words, scale=scale, unit=unit),
        },
        table=_table(found, labels, words),
        language=language,
    )


def _title(amount: float, values: dict[str, Any], words: Words) -> str:
    if values["year"]:
        return _in_one_year(amount, values, words)
    if amount > 0:
        return words.gettext(
            "{last} spent {amount} more {what} than {first}, most of it through: {driver}", **values
        )
    return words.gettext(
        "{last} spent {amount} less {what} than {first}, most of it through: {driver}", **values
    )


def _in_one_year(amount: float, values: dict[str, Any], words: Words) -> str:
    values = {**values, "first": values["names"][0], "last": values["names"][1]}
    if amount > 0:
        return words.gettext(
            "In {year} {last} spent {amount} more {what} than {first}, most of it through: {driver}", **values
        )
    return words.gettext(
        "In {year} {last} spent {amount} less {what} than {first}, most of it through: {driver}", **values
    )


def _steps(found: pd.DataFrame, labels: list[str], words: Words) -> list[Step]:
    level, end = float(found["start_eur"].iloc[0]), float(found["end_eur"].iloc[0])
    listed = [_total(labels[0], level, words)]
    for row in found.itertuples():
        text = ("+" if row.effect_eur > 0 else "") + formats.euro(row.effect_eur, words.language, digits=2)
        after = level + row.effect_eur
        listed.append(
            Step(words.gettext(DRIVERS[row.driver]), level, after, after, after, text, _short(text))
        )
        level = after
    return [*listed, _total(labels[1], end, words)]


def _total(label: str, amount: float, words: Words) -> Step:
    text = formats.euro(amount, words.language)
    return Step(label, 0.0, amount, amount, amount, text, _short(text), total=True)


def _short(text: str) -> str:
    """An amount without euro sign and scale, which the axis already shows."""
    return re.sub(r"€\u00a0?|\u00a0\D+$| (?:million|billion)$", "", text)


def _alternative(listed: list[Step], words: Words) -> str:
    parts = "; ".join(f"{step.label} {step.text}" for step in listed[1:-1])
    return words.gettext(
        "Step chart from {first} to {last}: {parts}.",
        parts=parts,
        first=f"{listed[0].label} ({listed[0].text})",
        last=f"{listed[-1].label} ({listed[-1].text})",
    )


def _sentences(found: pd.DataFrame, values: dict[str, Any], words: Words) -> str:
    """The steps in words: those that raise costs, those that lower them, and those that hardly matter."""
    small = SMALL_FRACTION * float(found["effect_eur"].abs().max())
    groups: dict[str, list[str]] = {"more": [], "less": [], "little": []}
    for row in found.itertuples():
        kind = "little" if abs(row.effect_eur) < small else "more" if row.effect_eur > 0 else "less"
        amount = formats.euro(abs(row.effect_eur), words.language, digits=2)
        name = words.gettext(DRIVERS[row.driver])
        groups[kind].append(name if kind == "little" else f"{name} ({amount})")
    said = {kind: sentences.listing(listed, words.language) for kind, listed in groups.items() if listed}
    texts = {
        "more": words.gettext(
            "{last} spends more through {parts}.",
            last=values["names"][1] if values["year"] else values["last"],
            parts=said.get("more"),
        ),
        "less": words.gettext("It spends less through {parts}.", parts=said.get("less")),
        "little": words.gettext("Hardly any difference comes from {parts}.", parts=said.get("little")),
    }
    end = words.gettext("The steps add up exactly. They say what differs, not why.")
    return " ".join([*(texts[kind] for kind in said), end])


def _table(found: pd.DataFrame, labels: list[str], words: Words) -> tables.Table:
    listed = [
        (labels[0], found["start_eur"].iloc[0]),
        *found[["driver", "effect_eur"]].itertuples(index=False, name=None),
        (labels[1], found["end_eur"].iloc[0]),
    ]
    unit = N_("Amount per youth") if found["unit"].iloc[0] == PER_YOUTH else N_("Amount")
    columns = {"step": tables.Column("Step", terms=DRIVERS), "effect_eur": tables.Column(unit, "euro")}
    caption = words.gettext("What differs between {first} and {last}", first=labels[0], last=labels[1])
    return tables.build(listed, columns, caption, words.language)
