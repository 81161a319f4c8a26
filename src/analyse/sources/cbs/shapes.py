"""What a table looks like, beside what was declared: every difference is reported before a single figure is taken."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from analyse.errors import DataError
from analyse.sources.cbs import odata
from analyse.sources.cbs.catalogue import Category, Dimension, Measure, Settings, Shape
from analyse.sources.cbs.client import Client
from analyse.sources.cbs.odata import Described, plain

SHORTENED = 30
"""CBS cuts off long names: names of at least this many letters are the same when one begins with the other."""
YEAR, HALF_YEAR = re.compile(r"^(\d{4})JJ00$"), re.compile(r"^(\d{4})HJ0([12])$")
NATION = "NL01"


class Changed(DataError):
    """A table does not look like what was declared."""


@dataclass(frozen=True)
class Fitted:
    """A table whose shape fits: what of it is asked, and what the codes and names mean here."""

    shape: Shape
    described: Described
    region: str
    measures: dict[str, str]
    chosen: dict[str, list[str]]
    meaning: dict[str, dict[str, str]]
    provisional: frozenset[str]
    new: tuple[str, ...] = ()


def fit(
    client: Client, settings: Settings, described: Described, shape: Shape, municipalities: Collection[str]
) -> Fitted:
    """Compare a table with its declaration, and choose what to ask of it.

    Parameters
    ----------
    client : Client
        For the codes of the dimensions.
    settings : Settings
        With the lists of categories.
    described : Described
        What the host says about the table.
    shape : Shape
        What was declared.
    municipalities : collection of str
        Codes of all years to take.

    Raises
    ------
    Changed
        If anything differs: every difference is in the message.
    """
    wrong: list[str] = []
    region = _region(described, shape, wrong)
    measures = _measures(described, shape, wrong)
    named = {name for name in (region, shape.period, *shape.dimensions) if name}
    wrong += [f"dimension {name} is gone" for name in sorted(named - set(described.dimensions))]
    wrong += [f"dimension {name} is new" for name in sorted(set(described.dimensions) - named)]
    if wrong:
        raise _changed(described, wrong)
    chosen, meaning, new = {}, {}, []
    for name, dimension in shape.dimensions.items():
        codes = odata.items(client, described, name)
        keys, words, extra = _dimension(codes, dimension, settings, f"{name}: ", wrong)
        new += extra
        if keys is not None:
            chosen[name] = keys
        meaning[name] = words
    provisional = frozenset()
    if region:
        codes = odata.items(client, described, region)
        chosen[region] = _municipalities(codes, shape, municipalities, wrong)
        meaning[region] = dict(zip(codes["code"], codes["title"], strict=True))
    if shape.period:
        chosen[shape.period], provisional = _periods(
            odata.items(client, described, shape.period), shape, settings, wrong
        )
    if wrong:
        raise _changed(described, wrong)
    return Fitted(shape, described, region, measures, chosen, meaning, provisional, tuple(new))


def _changed(described: Described, wrong: list[str]) -> Changed:
    return Changed(
        f"update: {described.table} ({described.title}) changed shape: {'; '.join(wrong)}. Nothing was replaced. "
        "Check what CBS changed, then its entry in parameters/open_data.yaml"
    )


def _region(described: Described, shape: Shape, wrong: list[str]) -> str:
    names = shape.region.split("|")
    found = [name for name in names if name in described.dimensions]
    if not found:
        wrong.append(
            f"dimension {' or '.join(names)} is gone; there are {', '.join(described.dimensions) or 'none'}"
        )
    return found[0] if found else ""


def _measures(described: Described, shape: Shape, wrong: list[str]) -> dict[str, str]:
    """Identifier of each declared measure, by our name."""
    found = {}
    for name, measure in shape.measures.items():
        hits = [key for key, (title, _) in described.measures.items() if _same(key, title, measure)]
        if not hits and measure.required:
            there = ", ".join(title or key for key, (title, _) in described.measures.items())
            wrong.append(f"measure {' or '.join(measure.names)} is gone; there are {there}")
        if len(hits) > 1:
            wrong.append(f"measure {measure.names[0]} is there {len(hits)} times: {', '.join(hits)}")
        if len(hits) == 1:
            unit = described.measures[hits[0]][1]
            if _unit(unit) not in {_unit(one) for one in measure.units}:
                wrong.append(
                    f"measure {measure.names[0]} is in {unit!r}, expected {' or '.join(measure.units)!r}"
                )
            found[name] = hits[0]
    return found


def _same(key: str, title: str, measure: Measure) -> bool:
    for wanted in (plain(name) for name in measure.names):
        for there in (plain(key), plain(title)):
            if there == wanted or (len(wanted) >= SHORTENED and there.startswith(wanted)):
                return True
    return False


def _unit(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def _dimension(
    codes: pd.DataFrame, dimension: Dimension, settings: Settings, place: str, wrong: list[str]
) -> tuple[list[str] | None, dict[str, str], list[str]]:
    """Keys to ask (None for all), the meaning of each code, and the items that no list knows."""
    if dimension.only:
        found = codes.loc[codes["code"] == dimension.only]
        if found.empty:
            wrong.append(f"{place}code {dimension.only} is gone")
        return list(found["key"]), {}, []
    if dimension.starts or dimension.ends:
        of = codes["code"].str.startswith(dimension.starts)
        of &= codes["code"].str.endswith(tuple(dimension.ends)) if dimension.ends else True
        if not of.any():
            wrong.append(f"{place}no code begins with {dimension.starts!r} or ends with {dimension.ends}")
        return list(codes.loc[of, "key"]), dict(zip(codes["code"], codes["title"], strict=True)), []
    if not dimension.listed:
        return None, dict(zip(codes["code"], codes["title"], strict=True)), []
    meaning = {}
    for name, category in settings.lists[dimension.listed].items():
        hits = _category(codes, category)
        if len(hits) > 1 and name in dimension.required:
            wrong.append(
                f"{place}{name} may be {', '.join(hits)}; give its code in open_data.yaml, {dimension.listed}"
            )
        elif not hits and name in dimension.required:
            sought = f"code {category.code} or " if category.code else ""
            wrong.append(f"{place}{name} is gone ({sought}a title like {category.title!r})")
        elif len(hits) == 1:
            meaning[hits[0]] = name
    known = codes["code"].isin(list(meaning))
    return (
        list(codes.loc[known, "key"]),
        meaning,
        [f"{place}{row.title} ({row.code})" for row in codes.loc[~known].itertuples()],
    )


def _category(codes: pd.DataFrame, category: Category) -> list[str]:
    """Codes that mean a category: its own code, or else every code with such a title."""
    if category.code and (codes["code"] == category.code).any():
        return [category.code]
    return list(codes.loc[codes["title"].str.casefold().str.contains(category.title, regex=True), "code"])


def _municipalities(
    codes: pd.DataFrame, shape: Shape, wanted: Collection[str], wrong: list[str]
) -> list[str]:
    if shape.districts:
        inside = "GM" + codes["code"].str[2:6]
        found = codes.loc[codes["code"].str.startswith("WK") & inside.isin(list(wanted))]
    else:
        found = codes.loc[codes["code"].isin([*wanted, *([NATION] if shape.national else [])])]
    if not found["code"].str.startswith("WK" if shape.districts else "GM").any():
        wrong.append(
            f"{shape.region}: none of the municipalities is there; codes look like {codes['code'].head(3).tolist()}"
        )
    return list(found["key"])


def _periods(
    codes: pd.DataFrame, shape: Shape, settings: Settings, wrong: list[str]
) -> tuple[list[str], frozenset[str]]:
    """Keys of the periods to ask, and the codes of those whose figures may still change."""
    patterns = {"year": YEAR, "half-year": HALF_YEAR}
    of_kind = codes["code"].map(lambda code: any(patterns[kind].match(code) for kind in shape.periods))
    found = codes.loc[of_kind & (codes["code"].str[:4] >= f"{shape.first_year:04d}")]
    if found.empty:
        wrong.append(
            f"{shape.period}: no {' or '.join(shape.periods)}; codes look like {codes['code'].head(3).tolist()}"
        )
    known = settings.period_status
    words = found["status"].str.strip()
    strange = sorted(set(words) - {*known.provisional, *known.final})
    if strange:
        wrong.append(f"{shape.period}: status {', '.join(strange)} is new")
    provisional = words.isin(known.provisional) | found["title"].str.contains("*", regex=False)
    return list(found["key"]), frozenset(found.loc[provisional, "code"])
