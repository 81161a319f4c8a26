"""What changed between two runs: data, settings, revised figures and forecasts, by area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analyse.history.areas import ALL
from analyse.present.text import formats
from analyse.present.text.language import N_, Words
from analyse.report import BELOW, declaration_section

REVISED_FRACTION = 0.0005
"""Accounts that differ by less are the same, written with another number of digits."""
FORECAST_FRACTION = 0.01
"""An expected amount that differs by less is the same to the two digits that are shown."""

SENTENCES = {
    "data": N_("New or changed data: {what}."),
    "settings": N_("Other settings: {what}."),
    "version": N_("Other version of the program: {before} became {after}."),
    "new": N_("Not in the previous run."),
    "gone": N_("No longer in this run."),
    "failed": N_("This report could not be made now."),
    "ready": N_("This report could not be made last time and has been made now."),
    "accounts": N_("New accounts of {period}: {after}."),
    "revised": N_("Accounts of {period} revised: {before} became {after}."),
    "forecast": N_("Forecast for {period}: about {before} became about {after}."),
}


@dataclass(frozen=True)
class Change:
    """One change: its area, its kind (see ``SENTENCES``), and the values before and after.

    Amounts in EUR; ``what`` lists names of tables or settings.
    """

    area_code: str
    title: str
    kind: str
    period: int | None = None
    before: Any = None
    after: Any = None
    what: tuple[str, ...] = ()


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Everything that changed from one manifest to another; first the whole set, then the areas in order.

    Parameters
    ----------
    old, new : mapping
        Manifests, see ``index.write``.

    Examples
    --------
    >>> entry = {"area_code": "GM0503", "title": "Delft", "status": "ok", "notebook": "municipality"}
    >>> old, new = (
    ...     {"notebooks": [entry | {"highlights": {"target": 2027, "expected_eur": amount}}]} for amount in (46e6, 48e6)
    ... )
    >>> [(one.kind, one.period, one.before, one.after) for one in changes(old, new)]
    [('forecast', 2027, 46000000.0, 48000000.0)]
    """
    before, after = _entries(old), _entries(new)
    found = list(_whole(old, new))
    for code in [*after, *(one for one in before if one not in after)]:
        found += _area(before.get(code), after.get(code))
    return found


def sentence(change: Change, words: Words) -> str:
    """A change in words."""
    values = {"period": change.period, "what": ", ".join(change.what)}
    for name in ("before", "after"):
        value = getattr(change, name)
        digits = 2 if change.kind == "forecast" else 3
        values[name] = formats.euro(value, words.language, digits=digits) if formats.known(value) else value
    return words.gettext(SENTENCES[change.kind], **values)


def _entries(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The reports on published figures by area; those on declarations change every month and say so themselves."""
    return {
        one["area_code"]: one
        for one in manifest["notebooks"]
        if one["area_code"] != ALL
        and one.get("notebook") not in BELOW
        and not declaration_section.is_page(one, manifest)
    }


def _whole(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    was, now = ({one["table"]: one["sha256"] for one in run.get("data", [])} for run in (old, new))
    tables = tuple(sorted(name for name in now if was.get(name) != now[name]))
    if tables:
        yield Change(ALL, "", "data", what=tables)
    before, after = old.get("parameters", {}), new.get("parameters", {})
    settings = tuple(
        f"{name} {before[name]} → {after[name]}"
        for name in after
        if before.get(name, after[name]) != after[name]
    )
    if settings:
        yield Change(ALL, "", "settings", what=settings)
    versions = [run.get("packages", {}).get("jeugdhulp-analyse", "") for run in (old, new)]
    if versions[0] and versions[1] and versions[0] != versions[1]:
        yield Change(ALL, "", "version", before=versions[0], after=versions[1])


def _area(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> Iterator[Change]:
    known = now or was or {}
    place = {"area_code": known["area_code"], "title": known["title"]}
    if was is None or now is None:
        yield Change(**place, kind="new" if was is None else "gone")
        return
    if was["status"] != now["status"]:
        yield Change(**place, kind="failed" if now["status"] == "failed" else "ready")
    before, after = was.get("highlights") or {}, now.get("highlights") or {}
    amounts, later = _accounts(before), _accounts(after)
    for period, amount in later.items():
        earlier = amounts.get(period)
        if earlier is None and amounts and period > max(amounts):
            yield Change(**place, kind="accounts", period=period, after=amount)
        elif earlier is not None and abs(amount - earlier) > REVISED_FRACTION * abs(earlier):
            yield Change(**place, kind="revised", period=period, before=earlier, after=amount)
    futures, next_futures = _expected(before), _expected(after)
    target = after.get("target")
    if target in futures and target in next_futures:
        one, other = futures[target], next_futures[target]
        if abs(other - one) > FORECAST_FRACTION * abs(one):
            yield Change(**place, kind="forecast", period=int(target), before=one, after=other)


def _accounts(highlights: Mapping[str, Any]) -> dict[int, float]:
    """Known accounts by year."""
    listed = (highlights.get("series") or {}).get("accounts") or [
        [highlights.get("period"), highlights.get("cost_eur")]
    ]
    return {int(period): float(value) for period, value in listed if formats.known(value)}


def _expected(highlights: Mapping[str, Any]) -> dict[int, float]:
    """The middle of the forecast by year."""
    listed = (highlights.get("series") or {}).get("forecast") or []
    found = {int(period): float(middle) for period, middle, *_ in listed}
    if formats.known(highlights.get("expected_eur")):
        found |= {int(highlights["target"]): float(highlights["expected_eur"])}
    return found
