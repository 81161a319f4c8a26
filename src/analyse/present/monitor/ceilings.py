"""The room of providers (bestedingsruimte), shown: how much of what was agreed is used, and when it runs out."""

from __future__ import annotations

from typing import Any

import pandas as pd
from babel.dates import format_date

from analyse import small_cells
from analyse.monitor import few_in_period
from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import marks
from analyse.present.monitor import names
from analyse.present.monitor.page import Page, intervals, lying
from analyse.present.text import formats
from analyse.present.text.language import N_, Words

LATER = "later"
"""As in ``monitor.room``: after the end of the year."""
AGREEMENT = {
    "provider": tables.Column(names.PROVIDER),
    "agreed_eur": tables.Column("Agreed", "euro"),
    "declared_eur": tables.Column("Declared", "euro"),
}
"""The columns that each table of providers begins with."""
WIDEST = 22
"""Letters of a name beside a bar."""
MOST = {"chart": 12, "table": 15}


def used(table: pd.DataFrame, page: Page) -> Exhibit:
    """How much of its agreement each provider has used and will use, the furthest above it first.

    ``table`` is ``monitor.room.youths_at_risk``: with youths untreated. Providers with fewer than ten of them are left
    out.
    """
    words = page.words
    if table.empty:
        return _nothing(page)
    if page.few(few_in_period.NOW):
        return page.of_few(words.gettext("how much of its room each provider has used"))
    if not table["expected_eur"].notna().any():
        return page.too_short(words.gettext("when the room of each provider runs out"))
    shown = _shown(table, page)
    furthest = (shown["expected_eur"] / shown["agreed_eur"]).sort_values(ascending=False, kind="stable")
    shown = shown.loc[furthest.index].head(MOST["chart"]).reset_index(drop=True)
    amounts = {name: f"{name}_eur" for name in ("declared", "completed", "expected")} | {
        "q0.1": "q0.1",
        "q0.9": "q0.9",
    }
    share = {name: shown[amount] / shown["agreed_eur"] * 100 for name, amount in amounts.items()}
    title = page.counting(
        N_("{area}: the room of {n} of the {all} providers with an agreement likely runs out"),
        table["probability"] >= 0.5,
    )
    percent = {
        name: [formats.percent(one, page.language, decimals=0) for one in values]
        for name, values in share.items()
    }
    alt = "; ".join(
        f"{provider}: {done}, {expected}"
        for provider, done, expected in zip(
            page.called(shown["provider"]), percent["declared"], percent["expected"], strict=True
        )
    )
    columns = {
        "provider": tables.Column(names.PROVIDER),
        **{
            f"{name}_percent": tables.Column(label, "percent")
            for name, label in (
                ("declared", "Declared"),
                ("completed", "Completed"),
                ("expected", "Expected at year end"),
            )
        },
        **tables.intervals("percent", 80),
    }
    behind = shown.assign(
        **{name if name in ("q0.1", "q0.9") else f"{name}_percent": values for name, values in share.items()}
    )
    note = words.gettext(
        "In per cent of what was agreed for the year; the line at 100 is the agreement. Thin lines: 4 in 5 chance. The "
        "providers that come furthest above it; those with fewer than ten youths in care are left out."
    )
    short_names = _short(shown["provider"], page)
    figure = {"data": _bars(short_names, share, words), "layout": _layout(words)}
    said = words.gettext(
        "Per provider the part declared and the part expected at year end: {parts}.", parts=alt
    )
    return page.figure(title, figure, (behind, columns), alt=said, note=note)


def _short(providers: pd.Series, page: Page) -> list[str]:
    """Providers beside their bars: as much of a name as fits on a phone, with the code where two begin the same."""
    names_of = [page.providers.get(one, one) for one in providers]
    cut = [name if len(name) <= WIDEST else f"{name[: WIDEST - 1].rstrip()}…" for name in names_of]
    return [
        short if cut.count(short) == 1 else f"{name[: WIDEST - len(code) - 2].rstrip()}… {code}"
        for short, name, code in zip(cut, names_of, providers, strict=True)
    ]


def _bars(providers: list[str], share: dict[str, pd.Series], words: Words) -> list[dict[str, Any]]:
    ink, paper, accent, band = (style.TOKENS[name] for name in ("ink", "paper", "accent", "band80"))
    pieces = (
        (words.gettext("declared"), share["declared"] * 0, share["declared"], "", ink),
        (words.gettext("still to come"), share["declared"], share["completed"], "/", accent),
        (words.gettext("forecast"), share["completed"], share["expected"], "", band),
    )
    bars = [
        marks.bar(
            orientation="h",
            name=name,
            y=providers,
            base=begin.tolist(),
            x=(end - begin).tolist(),
            marker=marks.hatched(color, width=0.5, shape=pattern, bgcolor=paper),
            hover=[
                f"{provider} · {name}: {formats.percent(value, words.language, decimals=0)}"
                for provider, value in zip(providers, end - begin, strict=True)
            ],
        )
        for name, begin, end, pattern, color in pieces
    ]
    return [*bars, intervals(providers, share["q0.1"], share["q0.9"], upright=False)]


def _layout(words: Words) -> dict[str, Any]:
    line = {
        "type": "line",
        "x0": 100,
        "x1": 100,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": style.TOKENS["alert"], "width": 2, "dash": "dash"},
    }
    label = words.gettext("per cent of what was agreed")
    return lying(
        words,
        label,
        first_on_top=True,
        barmode="overlay",
        showlegend=True,
        shapes=[line],
        meta={"tall": True},
    )


def room(table: pd.DataFrame, page: Page) -> Exhibit:
    """The room of each provider: amounts, the date on which it runs out, and who is at risk.

    ``table`` is as for ``used``; so are the providers that are left out.
    """
    words = page.words
    if table.empty:
        return _nothing(page)
    if page.few(few_in_period.NOW):
        return page.of_few(words.gettext("when the room of each provider runs out"))
    if not table["expected_eur"].notna().any():
        return _declared(table, page)
    shown = _shown(table, page)
    days = {
        name: [_day(one, words) for one in shown[name]]
        for name in ("exhausted_early", "exhausted", "exhausted_late")
    }
    at_risk = small_cells.shown_count(shown["youths_at_risk"])
    shown = shown.assign(
        expected=[
            formats.euro_between(one, two, page.language, digits=3)
            for one, two in zip(shown["q0.1"], shown["q0.9"], strict=True)
        ],
        exhausted=days["exhausted"],
        window=[
            one if one == two else f"{one} – {two}"
            for one, two in zip(days["exhausted_early"], days["exhausted_late"], strict=True)
        ],
        youths_at_risk=at_risk,
        youths_at_risk_status=tables.NOT_APPLICABLE,
    )
    columns = {
        **AGREEMENT,
        "completed_eur": tables.Column("Completed", "euro"),
        "expected_eur": tables.Column("Expected at year end", "euro"),
        "expected": tables.Column("80% chance: between"),
        "probability": tables.Column("Chance that it runs out", "likelihood"),
        "exhausted": tables.Column("Runs out on about"),
        "window": tables.Column("80% interval of the date"),
        "at_risk_eur": tables.Column("Euros at risk", "euro"),
        "youths_at_risk": tables.Column("Youths in care where it likely runs out", "persons"),
    }
    title = words.gettext(
        "{area}: providers whose room likely runs out are expected to go {amount} over what was agreed, "
        "together",
        amount=formats.euro(shown.loc[shown["probability"] >= 0.5, "at_risk_eur"].sum(), page.language),
    )
    note = words.gettext(
        "The 15 providers with most at risk. Those with fewer than ten youths in care are left out. The care "
        "of a month is assumed to be spread evenly over its days."
    )
    return page.table(shown, columns, title, note=note, most=MOST["table"])


def _shown(table: pd.DataFrame, page: Page) -> pd.DataFrame:
    few = small_cells.small(table["youths"], zero=True) | page.closed(table["provider"])
    kept = table[~few & (table["agreed_eur"] > 0)]
    return kept.sort_values("at_risk_eur", ascending=False).reset_index(drop=True)


def _declared(table: pd.DataFrame, page: Page) -> Exhibit:
    """What each provider has declared of what was agreed, where what is still to come cannot be estimated."""
    words = page.words
    part = table.assign(
        share=table["declared_eur"] / table["agreed_eur"] * 100, at_risk_eur=table["declared_eur"]
    )
    columns = {
        **AGREEMENT,
        "share": tables.Column("Declared of what was agreed", "percent"),
    }
    title = page.counting(
        N_(
            "{area}: {n} of the {all} providers with an agreement have declared more than was agreed for the year"
        ),
        table["declared_eur"] > table["agreed_eur"],
    )
    note = words.gettext(
        "The 15 providers that declared most. Those with fewer than ten youths in care are left out. "
        "Declarations are still coming in."
    )
    return page.table(_shown(part, page), columns, title, note=note, most=MOST["table"])


def _day(day: str, words: Words) -> str:
    """A day and month in short; the year is that of the table."""
    if day == LATER:
        return words.gettext("after the year").replace(" ", formats.NBSP)
    said = format_date(pd.Timestamp(day).date(), "d MMM", locale=words.language)
    return said.replace(".", "").replace(" ", formats.NBSP)


def _nothing(page: Page) -> Exhibit:
    words = page.words
    title = words.gettext("The room of providers")
    return page.text(
        [words.gettext("There are no agreements for this year: put them in agreements.csv.")], title
    )
