"""What the year will cost, shown: the finding, the forecast of each of the last months, and its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analyse import small_cells
from analyse.history.completion.arrivals import Late
from analyse.monitor import few_in_period, year_end
from analyse.monitor.breakdown import OTHER
from analyse.present.exhibits import cards, style, tables
from analyse.present.exhibits.exhibit import SIMULATED, Exhibit
from analyse.present.figures import common, marks
from analyse.present.monitor import names
from analyse.present.monitor.months import layout
from analyse.present.monitor.page import Page, intervals
from analyse.present.text import formats
from analyse.present.text.language import N_, Words

LARGEST = {
    True: N_("{area}: most of the forecast for the year is {part} ({amount})"),
    False: N_("{area}: most of what was declared of the year is {part} ({amount})"),
}
EUROS_80 = tables.intervals("euro", 80, digits=tables.KNOWN)
WHOLE_YEAR = N_("what the year will cost, and the chance of spending more than the budget")
WHOLE = 0.8
"""Simulated costs smaller than this part of the real ones are said to be."""


def head(page: Page, cut_off: str, *, late: Sequence[Late] = (), scale: float = 1.0) -> Exhibit:
    """The head of the page, with a banner where the declarations are simulated.

    Parameters
    ----------
    cut_off : str
        Last month of which the declarations are known, "2024-09".
    late : sequence of Late
        Months after it that are left out, because declarations are still missing.
    scale : float
        Size of the simulated costs, as a fraction of the real ones.
    """
    words = page.words
    banner = words.gettext(SIMULATED) + "." if page.simulated else ""
    if page.simulated and scale < WHOLE:
        part = formats.percent(scale * 100, page.language, decimals=0)
        banner += " " + words.gettext("To keep it fast, they are about {part} of the real size.", part=part)
    made = cards.head(page.area, banner=banner, language=page.language)
    rows = [{"label": words.gettext("Declared up to and including"), "value": page.month(cut_off)}]
    rows += [{"label": words.gettext("Left out"), "value": _left_out(one, page)} for one in late]
    subject = words.gettext("Youth care: managing by declarations")
    return Exhibit(
        "head",
        made.title,
        content={**made.content, "subject": subject, "facts": rows},
        language=page.language,
    )


def _left_out(one: Late, page: Page) -> str:
    share = formats.percent(one.share * 100, page.language, decimals=0)
    if one.provider:
        return page.words.gettext(
            "{month}: {share} of what was expected from provider {provider} has come in",
            month=page.month(one.month),
            provider=page.called([one.provider])[0],
            share=share,
        )
    return page.words.gettext(
        "{month}: {share} of what was expected has come in", month=page.month(one.month), share=share
    )


def finding(track: pd.DataFrame, page: Page) -> Exhibit:
    """What the year will cost, against the budget and the forecast of a month ago (``monitor.year_end.track``)."""
    words, now = page.words, track.iloc[-1]
    if of_few(now):
        said = [page.not_shown(words.gettext(WHOLE_YEAR)), _budget(now, words)]
        return page.text([" ".join(said)], words.gettext("What will {year} cost", year=int(now["year"])))
    if not formats.known(now["mean"]):
        said = [_so_far(now, page), _budget(now, words)]
        return page.text(
            [" ".join(said)], words.gettext("What was declared of {year}", year=int(now["year"]))
        )
    sentences = [_expected(now, page), _risk(now, words)]
    if len(track) > 1 and formats.known(track["mean"].iloc[-2]):
        before = track.iloc[-2]
        sentences.append(
            words.gettext(
                "A month earlier ({month}) the forecast was {amount}.",
                month=page.month(before["cut_off"]),
                amount=formats.euro(before["mean"], page.language),
            )
        )
    sentences.append(_done(now, page))
    return page.text([" ".join(sentences)], words.gettext("What will {year} cost", year=int(now["year"])))


def of_few(row: pd.Series) -> bool:
    """Whether a forecast of the year is left out because it would tell what fewer than ten youths cost."""
    return bool(row.get("mean_status") == small_cells.HIDDEN)


def _expected(now: pd.Series, page: Page) -> str:
    return page.words.gettext(
        "{area} will spend about {amount} on care of {year} (80% chance between {between}).",
        year=int(now["year"]),
        amount=formats.euro(now["mean"], page.language),
        between=formats.euro_between(now["q0.1"], now["q0.9"], page.language, digits=3),
    )


def so_far(page: Page, cut_off: str) -> str:
    """What a page calls the amount declared of a year up to a month."""
    year = pd.Timestamp(cut_off).year
    return page.words.gettext(
        "what was declared of {year} up to and including {month}", year=year, month=page.month(cut_off)
    )


def _so_far(now: pd.Series, page: Page) -> str:
    if not formats.known(now["declared_eur"]):
        return page.not_shown(so_far(page, now["cut_off"]))
    return page.words.gettext(
        "{area}: of the care of {year} up to and including {month}, {declared} has been declared so far; "
        "declarations for the last months are still coming in.",
        year=int(now["year"]),
        month=page.month(now["cut_off"]),
        declared=formats.euro(now["declared_eur"], page.language),
    )


def _done(now: pd.Series, page: Page) -> str:
    if not formats.known(now["declared_eur"]):
        return page.not_shown(so_far(page, now["cut_off"]))
    share = now["declared_eur"] / now["completed_eur"] * 100 if now["completed_eur"] else float("nan")
    return page.words.gettext(
        "Of care up to and including {month}, {declared} has been declared, about {share} of what it will cost.",
        month=page.month(now["cut_off"]),
        declared=formats.euro(now["declared_eur"], page.language),
        share=formats.percent(share, page.language, decimals=0),
    )


def _risk(now: pd.Series, words: Words) -> str:
    if not formats.known(now["budget_eur"]):
        return _budget(now, words)
    return words.gettext(
        "The budget is {budget}. The chance of spending more is {chance} ({percent}).",
        budget=formats.euro(now["budget_eur"], words.language),
        chance=formats.chance(now["probability"], words.language),
        percent=formats.likelihood(now["probability"], words.language),
    )


def _budget(now: pd.Series, words: Words) -> str:
    if not formats.known(now["budget_eur"]):
        return words.gettext("There is no budget to compare it with: put it in budgets.csv.")
    return words.gettext("The budget is {budget}.", budget=formats.euro(now["budget_eur"], words.language))


def track(table: pd.DataFrame, page: Page) -> Exhibit:
    """The year-end forecast of each month, beside the budget (``monitor.year_end.track``)."""
    words, now = page.words, table.iloc[-1]
    if of_few(now):
        return page.of_few(words.gettext(WHOLE_YEAR))
    if not formats.known(now["mean"]):
        return page.too_short(words.gettext(WHOLE_YEAR))
    table = table[table["mean"].notna()]
    shown = table.assign(month=[page.month(one) for one in table["cut_off"]])
    title = words.gettext(
        "{area}: the forecast for {year} is {amount}, month by month",
        year=int(now["year"]),
        amount=formats.euro(now["mean"], page.language),
    )
    alt = "; ".join(
        f"{row['month']}: {formats.euro(row['mean'], page.language)} "
        f"({formats.euro_between(row['q0.1'], row['q0.9'], page.language, digits=3)})"
        for row in shown.to_dict("records")
    )
    places = list(range(len(table)))
    data = [
        intervals(places, table["q0.1"] / common.MILLION, table["q0.9"] / common.MILLION),
        _points(shown, places, words),
    ]
    if table["budget_eur"].notna().any():
        data.append(
            marks.scatter(
                "lines",
                x=places,
                name=words.gettext("budget"),
                hoverinfo="skip",
                y=(table["budget_eur"] / common.MILLION).tolist(),
                line={"color": style.TOKENS["ink"], "width": 2, "dash": "dash"},
            )
        )
    columns = {
        "month": tables.Column("Declared up to and including"),
        "mean": tables.Column("Forecast for the year", "euro"),
        **EUROS_80,
        "budget_eur": tables.Column("Budget", "euro"),
        "probability": tables.Column("Chance of spending more", "likelihood"),
    }
    note = words.gettext(
        "Each point is the forecast from what was known then; the outcome lies on the line through it with a "
        "chance of 4 in 5."
    )
    drawn = {"data": data, "layout": layout(words, [page.month(one, short=True) for one in table["cut_off"]])}
    return page.figure(title, drawn, (shown, columns), alt=alt, note=note)


def _points(shown: pd.DataFrame, places: list[int], words: Words) -> dict[str, Any]:
    texts = [
        f"{row['month']}: {formats.euro(row['mean'], words.language)}" for row in shown.to_dict("records")
    ]
    return marks.scatter(
        "markers",
        name=words.gettext("forecast"),
        x=places,
        y=(shown["mean"] / common.MILLION).tolist(),
        marker={"size": 10, "color": style.TOKENS["accent"]},
        hover=texts,
    )


def parts(table: pd.DataFrame, page: Page, *, called: Mapping[str, str] | None = None) -> Exhibit:
    """The year-end forecast by municipality or care form.

    Parameters
    ----------
    table : DataFrame
        ``monitor.breakdown.by``; its first column says by what.
    called : mapping of str to str, optional
        Names of the parts; by default those of the care forms.
    """
    words, column = page.words, str(table.columns[0])
    few = page.few(few_in_period.NOW)
    if few and not _tells_nothing(table):
        return page.of_few(words.gettext(WHOLE_YEAR))
    label, other = (words.gettext(one) for one in names.DIMENSIONS[column])
    known = bool(table["mean"].notna().any())
    amount = "mean" if known else "declared_eur"
    shown = table.sort_values(amount, ascending=False)
    shown = pd.concat([shown[shown[column] != OTHER], shown[shown[column] == OTHER]], ignore_index=True)
    own = {OTHER: other, **(called or {})}
    shown[column] = names.named([own.get(one, one) for one in shown[column]], column, words)
    title = words.gettext(
        LARGEST[known],
        part=shown[column].iloc[0],
        amount=formats.euro(shown[amount].iloc[0], page.language),
    )
    columns = {
        column: tables.Column(label),
        **({} if few else {"declared_eur": tables.Column("Declared", "euro")}),
    }
    if known:
        columns["mean"] = tables.Column("Forecast for the year", "euro")
        columns |= EUROS_80
    if shown["budget_eur"].notna().any():
        columns["budget_eur"] = tables.Column("Budget", "euro")
    if shown["probability"].notna().any():
        columns["probability"] = tables.Column("Chance of spending more", "likelihood")
    note = words.gettext("Parts with fewer than ten youths are taken together.")
    return page.table(shown, columns, title, note=note)


def _tells_nothing(table: pd.DataFrame) -> bool:
    """Whether the forecast of the year in parts is far from what was declared of it."""
    forecast = table["mean"].sum(min_count=1) - table["lump_sum_eur"].sum()
    return bool(table["declared_eur"].sum() <= year_end.MOSTLY * forecast)
