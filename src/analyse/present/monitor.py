"""Steering on declarations as tables and sentences: small counts hidden, simulated figures named as such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analyse.present import cards, disclosure, formats, tables
from analyse.present.exhibit import Exhibit
from analyse.present.language import N_, Words, translator

TOTAL = "total"
SOURCE = N_("Declarations of providers, completed for what still comes; calculation: this analysis")
SIMULATED = N_("Simulated declarations: no figure here is of a real youth or provider")
MARK = N_("Simulated declarations")
PARTS = {
    "tariffs": N_("agreed tariffs"),
    "budgets": N_("the budget, and so the chance of spending more"),
    "agreements": N_("the room of each provider and what was agreed"),
    "lump_sums": N_("care that is paid as a sum, without declarations"),
}
SIGNALS = {"longer": N_("longer than usual"), "shorter": N_("shorter than usual")}


def source(about: Mapping[str, Any], words: Words) -> str:
    """Where the figures come from."""
    return words.gettext(SIMULATED) if about["simulated"] else words.gettext(SOURCE)


def head(area: str, about: Mapping[str, Any], cut_off: str, language: str = "nl") -> Exhibit:
    """The head of the report, with a banner where the declarations are simulated."""
    words = translator(language)
    banner = words.gettext(SIMULATED) + "." if about["simulated"] else ""
    made = cards.head(area, banner=banner, language=language)
    rows = [{"label": words.gettext("Declared up to and including"), "value": cut_off}]
    content = {
        **made.content,
        "subject": words.gettext("Youth care: steering on declarations"),
        "facts": rows,
    }
    return Exhibit("head", made.title, content=content, language=language)


def finding(track: pd.DataFrame, about: Mapping[str, Any], *, area: str, language: str = "nl") -> Exhibit:
    """What the year will cost, against the budget, and what the forecast was a month ago.

    Parameters
    ----------
    track : DataFrame
        ``monitor.year_end.track``.
    """
    words = translator(language)
    now = track.iloc[-1]
    sentences = [_expected(now, area, words), _done(now, words), _risk(now, words)]
    if len(track) > 1:
        before = track.iloc[-2]
        sentences.append(words.gettext(
            "A month earlier ({month}) the forecast was {amount}.", month=before["cut_off"],
            amount=formats.euro(before["mean"], language)))  # fmt: skip
    if about["simulated"]:
        sentences.insert(0, words.gettext(SIMULATED) + ".")
    title = words.gettext("What will {year} cost", year=int(now["year"]))
    return cards.text([" ".join(sentences)], title=title, language=language)


def _expected(now: pd.Series, area: str, words: Words) -> str:
    return words.gettext(
        "{area} will spend about {amount} on care of {year} (80% chance of between {between}).",
        area=area, year=int(now["year"]), amount=formats.euro(now["mean"], words.language),
        between=formats.euro_between(now["0.1"], now["0.9"], words.language, digits=3))  # fmt: skip


def _done(now: pd.Series, words: Words) -> str:
    share = now["declared_eur"] / now["completed_eur"] * 100 if now["completed_eur"] else float("nan")
    return words.gettext(
        "Of care up to and including {month}, {declared} has been declared, about {share} of what it will cost.",
        month=now["cut_off"], declared=formats.euro(now["declared_eur"], words.language),
        share=formats.percent(share, words.language, decimals=0))  # fmt: skip


def _risk(now: pd.Series, words: Words) -> str:
    if not formats.known(now["budget_eur"]):
        return words.gettext("There is no budget to compare it with: put it in budgets.csv.")
    return words.gettext(
        "The budget is {budget}. The chance of spending more is {chance} ({percent}).",
        budget=formats.euro(now["budget_eur"], words.language),
        chance=formats.chance(now["probability"], words.language),
        percent=formats.percent(now["probability"] * 100, words.language, decimals=0))  # fmt: skip


def missing(absent: Sequence[str], language: str = "nl") -> Exhibit:
    """Which contract tables are not there, and what cannot be shown without them."""
    words = translator(language)
    found = [words.gettext("{name}.csv: without it {part} cannot be shown.", name=name, part=words.gettext(PARTS[name]))
             for name in absent]  # fmt: skip
    found = found or [words.gettext("All tables of contracts and budgets are there.")]
    return cards.text(found, title=words.gettext("What was agreed and budgeted"), language=language)


def room(table: pd.DataFrame, about: Mapping[str, Any], *, area: str, language: str = "nl") -> Exhibit:
    """The room of each provider, those of which most is at risk first.

    Parameters
    ----------
    table : DataFrame
        ``monitor.room.youths_at_risk``: with youths untreated. Providers with fewer than ten of them are left out.
    """
    words = translator(language)
    shown = table[table["youths"] >= disclosure.SMALLEST].sort_values("at_risk_eur", ascending=False).head(25)
    amounts = {name: [formats.euro(one, language) for one in shown[name]] for name in ("low_eur", "high_eur")}
    months = {name: [_month(one, words) for one in shown[name]]
              for name in ("exhausted_early", "exhausted", "exhausted_late")}  # fmt: skip
    shown = shown.assign(
        between=_between(amounts["low_eur"], amounts["high_eur"], words),
        exhausted=months["exhausted"],
        window=_between(months["exhausted_early"], months["exhausted_late"], words),
        youths_at_risk=shown["youths_at_risk"].where(shown["youths_at_risk"] > 0).map(disclosure.rounded),
        youths_at_risk_status=tables.NOT_APPLICABLE,
    )
    columns = {
        "provider": tables.Column(words.gettext("Provider (AGB code)")),
        "agreed_eur": tables.Column(words.gettext("Agreed"), "euro"),
        "declared_eur": tables.Column(words.gettext("Declared"), "euro"),
        "completed_eur": tables.Column(words.gettext("Completed"), "euro"),
        "expected_eur": tables.Column(words.gettext("Expected at year end"), "euro"),
        "between": tables.Column(words.gettext("80% interval")),
        "probability": tables.Column(words.gettext("Chance that it runs out"), "probability"),
        "exhausted": tables.Column(words.gettext("Runs out in")),
        "window": tables.Column(words.gettext("80% interval of the month")),
        "at_risk_eur": tables.Column(words.gettext("Euros at risk"), "euro"),
        "youths_at_risk": tables.Column(words.gettext("Youths in care where it likely runs out"), "persons"),
    }
    likely = int((table["probability"] >= 0.5).sum())
    title = words.gettext("{area}: the room of {n} of the {all} providers with an agreement likely runs out",
                          area=area, n=likely, all=len(table))  # fmt: skip
    note = words.gettext(
        "The 25 providers with most at risk. Those with fewer than ten youths in care are left out."
    )
    return _table(shown, columns, title, about, note=note, words=words)


def _between(low: Iterable[str], high: Iterable[str], words: Words) -> list[str]:
    return [
        words.gettext("{early} to {late}", early=one, late=two) for one, two in zip(low, high, strict=True)
    ]


def _month(month: str, words: Words) -> str:
    return words.gettext("after the year") if month == "later" else month


def durations(table: pd.DataFrame, about: Mapping[str, Any], *, area: str, language: str = "nl") -> Exhibit:
    """How long care lasts by form, running trajectories counted."""
    words = translator(language)
    columns = {
        "care_form": tables.Column(words.gettext("Care form")),
        "trajectories": tables.Column(words.gettext("Trajectories"), "persons"),
        "median_months": tables.Column(words.gettext("Half lasts longer than (months)"), "decimal"),
        "low": tables.Column(words.gettext("95% interval from"), "decimal"),
        "high": tables.Column(words.gettext("95% interval to"), "decimal"),
        "mean_months": tables.Column(words.gettext("Mean of the first two years (months)"), "decimal"),
        "closed_only_months": tables.Column(words.gettext("Mean of closed ones only (months)"), "decimal"),
    }
    shown = _rounded(
        table, "trajectories", ["median_months", "low", "high", "mean_months", "closed_only_months"]
    )
    title = words.gettext("{area}: how long care lasts, by care form", area=area)
    note = words.gettext("A trajectory that still runs counts for as long as it has lasted. Closed ones alone leave "
                         "out the long ones.")  # fmt: skip
    return _table(shown, columns, title, about, note=note, words=words)


def waits(
    table: pd.DataFrame, about: Mapping[str, Any], *, area: str, norm_weeks: float, language: str = "nl"
) -> Exhibit:
    """How long youths wait by form, against the norm."""
    words = translator(language)
    shown = _rounded(table.assign(beyond=table["beyond_norm"] * 100), "allocated", ["median_weeks", "beyond"])
    columns = {
        "care_form": tables.Column(words.gettext("Care form")),
        "allocated": tables.Column(words.gettext("Allocations"), "persons"),
        "median_weeks": tables.Column(words.gettext("Half waits longer than (weeks)"), "decimal"),
        "beyond": tables.Column(words.gettext("Waits longer than the norm"), "percent"),
    }
    title = words.gettext("{area}: from allocation to start of care, against the norm of {weeks} weeks",
                          area=area, weeks=formats.number(norm_weeks, language))  # fmt: skip
    note = words.gettext("Who still waits is counted for as long as is known. The norm is the Treeknorm: ten weeks to "
                         "the start of treatment.")  # fmt: skip
    return _table(shown, columns, title, about, note=note, words=words)


def flows(table: pd.DataFrame, about: Mapping[str, Any], *, area: str, language: str = "nl") -> Exhibit:
    """Inflow, outflow and stock by form over the months of a table; a row with a small count is hidden whole.

    Parameters
    ----------
    table : DataFrame
        ``monitor.flows.monthly`` by care_form.
    """
    words = translator(language)
    last = table["period"].max()
    grouped = table.groupby("care_form")[["inflow", "outflow"]].sum()
    stock = table[table["period"] == last].set_index("care_form")["stock"]
    forms = grouped.assign(stock=stock).reset_index()
    whole = pd.concat([forms, pd.DataFrame([{"care_form": TOTAL, **forms.drop(columns="care_form").sum()}])])
    counts = ["inflow", "outflow", "stock"]
    shown = whole.reset_index(drop=True)
    for name in counts:
        shown = disclosure.protect(shown, name, totals={"care_form": TOTAL})
    small = shown[[f"{name}_status" for name in counts]].eq(disclosure.HIDDEN).any(axis=1)
    for name in counts:
        shown[name] = shown[name].mask(small)
        shown[f"{name}_status"] = shown[f"{name}_status"].mask(small, disclosure.HIDDEN)
    shown["care_form"] = shown["care_form"].replace(TOTAL, words.gettext("Total"))
    columns = {
        "care_form": tables.Column(words.gettext("Care form")),
        "inflow": tables.Column(words.gettext("Started"), "persons"),
        "outflow": tables.Column(words.gettext("Stopped"), "persons"),
        "stock": tables.Column(words.gettext("In care at the end"), "persons"),
    }
    title = words.gettext("{area}: trajectories that started and stopped, {first} to {last}", area=area,
                          first=table["period"].min(), last=last)  # fmt: skip
    note = words.gettext("Rounded to five. A trajectory is one allocation; a youth can have more than one.")
    return _table(shown, columns, title, about, note=note, words=words)


def standing_out(
    table: pd.DataFrame, about: Mapping[str, Any], *, area: str, language: str = "nl"
) -> Exhibit:
    """Providers whose duration lies outside the limits of the funnel; no order of merit.

    Parameters
    ----------
    table : DataFrame
        ``monitor.duration.funnel``.
    """
    words = translator(language)
    out = table[table["signal"] != ""].sort_values("provider")
    shown = _rounded(out, "trajectories", ["mean_months", "low_0.998", "high_0.998"])
    shown = shown.assign(signal=[words.gettext(SIGNALS[one]) for one in shown["signal"]])
    columns = {
        "provider": tables.Column(words.gettext("Provider (AGB code)")),
        "trajectories": tables.Column(words.gettext("Trajectories"), "persons"),
        "mean_months": tables.Column(words.gettext("Mean of the first two years (months)"), "decimal"),
        "low_0.998": tables.Column(words.gettext("Usual from"), "decimal"),
        "high_0.998": tables.Column(words.gettext("Usual to"), "decimal"),
        "signal": tables.Column(words.gettext("Signal")),
    }
    title = words.gettext("{area}: of {n} of the {all} providers care lasts longer or shorter than usual",
                          area=area, n=len(out), all=len(table))  # fmt: skip
    note = words.gettext(
        "Outside the 99.8% limits of a funnel plot, widened by how much providers differ anyway. Other youths or "
        "other care can explain it: a reason to ask, no verdict."
    )
    return _table(shown, columns, title, about, note=note, words=words)


def reconciled(table: pd.DataFrame, about: Mapping[str, Any], *, area: str, language: str = "nl") -> Exhibit:
    """Declarations, contracts, ledger and CBS side by side."""
    words = translator(language)
    shown = _rounded(table, "clients", [])
    columns = {
        "year": tables.Column(words.gettext("Year of care"), "year"),
        "declared_eur": tables.Column(words.gettext("Declared"), "euro"),
        "completed_eur": tables.Column(words.gettext("Completed"), "euro"),
        "lump_sum_eur": tables.Column(words.gettext("Lump sums"), "euro"),
        "agreed_eur": tables.Column(words.gettext("Agreed"), "euro"),
        "ledger_eur": tables.Column(words.gettext("Ledger (Iv3)"), "euro"),
        "explained_percent": tables.Column(words.gettext("Share of the ledger"), "percent"),
        "clients": tables.Column(words.gettext("Youths with declarations"), "persons"),
        "cbs_clients": tables.Column(words.gettext("Youths with care (CBS)"), "about"),
    }
    title = words.gettext("{area}: declarations beside contracts, ledger and CBS", area=area)
    note = words.gettext(
        "The ledger also holds personal budgets, lump sums and subsidies, so declarations explain a part. The last "
        "year holds the months up to the last declaration."
    )
    return _table(shown, columns, title, about, note=note, words=words)


def _rounded(table: pd.DataFrame, count: str, beside: Sequence[str]) -> pd.DataFrame:
    """Counts rounded to five; a row with a small one keeps nothing that says something of the same persons."""
    counted = table[count].map(disclosure.rounded)
    hidden = counted.isna() & table[count].notna()
    found = table.assign(**{count: counted})
    for name in (count, *beside):
        status = pd.Series(tables.NOT_APPLICABLE, index=table.index)
        found[name] = found[name].mask(hidden)
        found[f"{name}_status"] = status.mask(hidden, disclosure.HIDDEN)
    return found


def _table(shown: pd.DataFrame, columns: Mapping[str, tables.Column], title: str, about: Mapping[str, Any], *,
           note: str, words: Words) -> Exhibit:  # fmt: skip
    built = tables.build(shown, columns, title, words.language)
    return Exhibit(
        "table", title, table=built, source=source(about, words), note=note, language=words.language
    )
