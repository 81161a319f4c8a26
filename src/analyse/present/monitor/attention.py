"""The first screen of a page on declarations: five figures, and what asks for attention this month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from analyse import small_cells
from analyse.monitor import few_in_period
from analyse.monitor.residence import ELSEWHERE, OUTCOME
from analyse.present.exhibits import cards
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.monitor import expected_year, warnings
from analyse.present.monitor.page import Page
from analyse.present.text import formats
from analyse.present.text.language import N_, Words

MOST = 7
"""Rows that ask for attention."""
PARTS = ("to come", "changes", "room", "length", "flows", "vision", "what if", "checks")
"""The headings of the notebook, in order: where a row leads to."""
LIKELY = 0.5
SOON_DAYS = 60
LEFT = {True: N_("{amount} left"), False: N_("{amount} short")}
CAME = {
    True: N_("More than expected at the start of the year: {percent} ({what})."),
    False: N_("Less than expected at the start of the year: {percent} ({what})."),
}


def figures(track: pd.DataFrame, page: Page, *, youths: tuple[float, float]) -> Exhibit:
    """Five figures: the year end, against the budget, since last month, declared so far, and youths.

    Parameters
    ----------
    track, page
        ``monitor.year_end.track``, and the page itself.
    youths : tuple of float
        Youths with care this year and in the same months of the year before, untreated; zero where that is not known.
    """
    words, now = page.words, track.iloc[-1]
    year, known = int(now["year"]), formats.known(now["mean"])
    between = words.gettext(
        "80% chance between {between}.",
        between=formats.euro_between(now["q0.1"], now["q0.9"], page.language, digits=3),
    )
    figures = [
        cards.card(
            words.gettext("Expected for {year}", year=year),
            formats.euro(now["mean"], page.language) if known else "–",
            between
            if known
            else page.not_shown(words.gettext(expected_year.WHOLE_YEAR))
            if expected_year.of_few(now)
            else "",
        ),
        _beside_budget(now, words),
        _since(track, words),
        _declared(now, page),
        _youths(youths, page),
    ]
    title = words.gettext("The year in five figures")
    return Exhibit("cards", title, content={"cards": figures}, language=page.language)


def _declared(now: pd.Series, page: Page) -> dict[str, object]:
    words, year, known = page.words, int(now["year"]), formats.known(now["declared_eur"])
    return cards.card(
        words.gettext("Declared so far"),
        formats.euro(now["declared_eur"], page.language) if known else "–",
        words.gettext(
            "Care of {year} up to and including {month}.", year=year, month=page.month(now["cut_off"])
        )
        if known
        else page.not_shown(expected_year.so_far(page, now["cut_off"])),
    )


def _beside_budget(now: pd.Series, words: Words) -> dict[str, object]:
    label = words.gettext("Beside the budget")
    if not (formats.known(now["budget_eur"]) and formats.known(now["mean"])):
        return cards.card(
            label, "–", words.gettext("There is no budget to compare it with: put it in budgets.csv.")
        )
    left = now["budget_eur"] - now["mean"]
    return cards.card(
        label,
        words.gettext(LEFT[bool(left >= 0)], amount=formats.euro(abs(left), words.language)),
        words.gettext("The budget is {budget}.", budget=formats.euro(now["budget_eur"], words.language)),
        words.gettext(
            "Chance of spending more: {percent}.",
            percent=formats.likelihood(now["probability"], words.language),
        ),
    )


def _since(track: pd.DataFrame, words: Words) -> dict[str, object]:
    label = words.gettext("Forecast since last month")
    if len(track) < 2 or not track["mean"].iloc[-2:].notna().all():
        return cards.card(label, "–", words.gettext("There is no forecast of a month earlier."))
    before, now = (float(one) for one in track["mean"].iloc[-2:])
    return cards.card(
        label,
        _signed(now - before, words),
        words.gettext("It was {amount}.", amount=formats.euro(before, words.language)),
    )


def _youths(youths: tuple[float, float], page: Page) -> dict[str, object]:
    words = page.words
    now, before = (
        float("nan") if page.few(period) else small_cells.rounded(float(one))
        for period, one in zip((few_in_period.NOW, few_in_period.BEFORE), youths, strict=True)
    )
    said = words.gettext(
        "In the same months of the year before: {n}.", n=formats.number(before, page.language)
    )
    return cards.card(
        words.gettext("Youths with declared care this year"),
        formats.number(now, page.language) if formats.known(now) else "–",
        said if formats.known(before) else "",
    )


def _signed(amount: float, words: Words) -> str:
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    return f"{sign}{formats.euro(abs(amount), words.language)}"


@dataclass(frozen=True)
class Row:
    """Something that asks for attention: a sentence with its amount, and the part of the page it leads to."""

    text: str
    part: str
    weight: float


def attention(
    page: Page,
    *,
    track: pd.DataFrame,
    room: pd.DataFrame,
    calendar: pd.DataFrame,
    inflow: pd.DataFrame,
    waits: pd.DataFrame,
    misplaced: pd.DataFrame,
    missing: Sequence[str] = (),
) -> Exhibit:
    """What asks for attention this month: at most seven rows, each with its amount and a link to the part it is from.

    Parameters
    ----------
    page, track
        As for ``figures``.
    room, calendar, inflow, waits : DataFrame
        ``monitor.room.youths_at_risk`` (providers that may not be named count in no sum),
        ``contract_terms.calendar``, ``early_warning.shown`` and ``waiting.by_provider``.
    misplaced : DataFrame
        ``residence_table.shown``.
    missing : sequence of str
        Names of the tables of contracts that are not there.
    """
    words = page.words
    found = [
        *_of_year(track, page),
        *_of_room(room, page),
        *_of_calendar(calendar, room, page),
        *_of_inflow(inflow, words),
        *_of_waits(waits, page),
        *_of_residence(misplaced, words),
    ]
    rows = sorted(found, key=lambda one: -one.weight)[:MOST]
    if not rows:
        rows = [Row(words.gettext("Nothing stands out this month."), "", 0.0)]
    if missing:
        files = ", ".join(f"{one}.csv" for one in missing)
        said = words.gettext("Not checked, because these files are missing: {files}.", files=files)
        rows = [*rows[: MOST - 1], Row(said, "room", 0.0)]
    content = {
        "paragraphs": [one.text for one in rows],
        "links": [f"#part-{PARTS.index(one.part) + 1}" if one.part else "" for one in rows],
        "role": "attention",
    }
    title = words.gettext("What asks for attention this month")
    return Exhibit("text", title, content=content, language=page.language)


def _of_year(track: pd.DataFrame, page: Page) -> Iterator[Row]:
    now, words = track.iloc[-1], page.words
    if formats.known(now["probability"]) and now["probability"] >= LIKELY:
        said = words.gettext(
            "The year likely comes out above the budget: {amount} on average, a chance of {percent}.",
            amount=formats.euro(max(now["mean"] - now["budget_eur"], 0.0), page.language),
            percent=formats.likelihood(now["probability"], page.language),
        )
        yield Row(said, "to come", 1e9)
    if len(track) > 1 and formats.known(now["mean"]) and formats.known(track["mean"].iloc[-2]):
        before = track.iloc[-2]
        if not before["q0.1"] <= now["mean"] <= before["q0.9"]:
            said = words.gettext(
                "The forecast moved by {amount} in a month, beyond the interval of the month before.",
                amount=_signed(now["mean"] - before["mean"], words),
            )
            yield Row(said, "to come", 5e8)


def _of_room(room: pd.DataFrame, page: Page) -> Iterator[Row]:
    if room.empty or not room["probability"].notna().any():
        return
    words, short = page.words, room[room["probability"] >= LIKELY]
    hidden = small_cells.small(short["youths"], zero=True) | page.closed(short["provider"])
    named = short[~hidden].sort_values("at_risk_eur", ascending=False)
    for row in named.head(3).itertuples():
        said = words.gettext(
            "{provider}: the room likely runs out, {amount} more than agreed.",
            provider=page.called([row.provider])[0],
            amount=formats.euro(row.at_risk_eur, page.language),
        )
        yield Row(said, "room", float(row.at_risk_eur))
    if len(named) > 3:
        amount = float(named["at_risk_eur"].sum())
        said = words.gettext(
            "In all, the room of {n} providers likely runs out: {amount} more than agreed.",
            n=len(named),
            amount=formats.euro(amount, page.language),
        )
        yield Row(said, "room", amount)


def _of_calendar(calendar: pd.DataFrame, room: pd.DataFrame, page: Page) -> Iterator[Row]:
    """The contracts to decide on soon in one row, with what was agreed with the providers that may be named."""
    soon, words = calendar[calendar["days_left"].between(0, SOON_DAYS)], page.words
    if soon.empty:
        return
    first = soon.iloc[0]
    n, days, day = len(soon), first["days_left"], formats.date(first["notice_by"], page.language)
    if n == 1:
        said = words.ngettext(
            "{provider}: decide on the contract by {day} ({n} day).",
            "{provider}: decide on the contract by {day} ({n} days).",
            days,
            provider=page.called([first["provider"]])[0],
            day=day,
        )
    else:
        said = words.gettext(
            "{n} contracts need a decision within {days} days, the first by {day}.",
            n=n,
            days=SOON_DAYS,
            day=day,
        )
    agreed = _agreed(room[room["provider"].isin(soon["provider"])], page)
    yield Row(" ".join([said, *agreed]), "room", 4e8 - days)


def _agreed(room: pd.DataFrame, page: Page) -> Iterator[str]:
    """What was agreed for the year, with the providers that may be named."""
    if room.empty:
        return
    hidden = small_cells.small(room["youths"], zero=True) | page.closed(room["provider"])
    if hidden.all():
        return
    amount = formats.euro(float(room.loc[~hidden, "agreed_eur"].sum()), page.language)
    if hidden.any():
        yield page.words.gettext(
            "For this year {amount} was agreed there with providers of ten youths or more.", amount=amount
        )
    else:
        yield page.words.gettext("For this year {amount} was agreed there.", amount=amount)


def _of_inflow(inflow: pd.DataFrame, words: Words) -> Iterator[Row]:
    for row in inflow[inflow["alarm"].astype(bool)].head(2).itertuples() if len(inflow) else ():
        percent = formats.percent(row.change * 100, words.language, decimals=0)
        what = warnings.named(row, words).lower()
        yield Row(words.gettext(CAME[bool(row.change > 0)], percent=percent, what=what), "flows", 3e8)


def _of_residence(misplaced: pd.DataFrame, words: Words) -> Iterator[Row]:
    for row in misplaced[misplaced[OUTCOME].eq(ELSEWHERE)].itertuples():
        said = words.gettext(
            "By the rule of residence another municipality should pay {amount} of the last whole year.",
            amount=formats.euro(row.cost_eur, words.language),
        )
        yield Row(said, "checks", float(row.cost_eur))


def _of_waits(waits: pd.DataFrame, page: Page) -> Iterator[Row]:
    told = small_cells.one_sided(waits["allocated"], waits["beyond_norm"].astype(float))
    hidden = told | page.closed(waits["provider"])
    worse = waits[~hidden.astype(bool) & waits["trend"].eq("rises")].sort_values(
        "beyond_norm", ascending=False
    )
    for row in worse.head(1).itertuples():
        said = page.words.gettext(
            "{provider}: {share} waits longer than the norm, more than a year ago.",
            provider=page.called([row.provider])[0],
            share=formats.percent(row.beyond_norm * 100, page.language, decimals=0),
        )
        yield Row(said, "flows", 1e5)
