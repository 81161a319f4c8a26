"""What the integrity rules found, shown by rule and by provider with the trend, and why a rule is off."""

from __future__ import annotations

import pandas as pd

from analyse import small_cells
from analyse.monitor import rule_plans
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.monitor import names
from analyse.present.monitor.page import Page
from analyse.present.text.language import N_, Words

TRENDS = {
    "rises": N_("rises"),
    "falls": N_("falls"),
    "unclear": N_("no more than chance"),
    "unknown": N_("not known"),
}
SEVERITIES = {"error": N_("error"), "warning": N_("warning"), "notice": N_("notice")}
NEEDS = {
    "no tariffs": N_("tariffs.csv is missing"),
    "no allocations": N_("there are no allocations (JW301)"),
    "no stops": N_("there are no stop messages (JW307)"),
}
CALLED = N_(
    "A rise or fall is judged by the youths concerned, since lines come in clusters, and named only "
    "beyond what providers differ from year to year anyway: of the changes that are named, one in twenty "
    "may be chance."
)
LATELY = N_(
    "The newest six months are beside the same months of a year before, as they had been declared by then. That is "
    "not known of rules that other messages may still decide, or with fewer than ten youths."
)
PER_MILLE = tables.Column("Per 1,000 lines, {year}", "decimal")
LINES = tables.Column("Lines, {year}", "integer")
MOST = 6
"""Rows of each severity."""


def rules(found: pd.DataFrame, declared: pd.DataFrame, page: Page, *, year: int) -> Exhibit:
    """Each rule: how many lines break it, and which way that goes.

    Parameters
    ----------
    found : DataFrame
        ``monitor.integrity_trends.by_rule`` of ``year``; clients untreated.
    declared : DataFrame
        ``rules`` of ``declarations.integrity``: every rule with its state and reason.
    year : int
        Year of care.
    """
    words, what = page.words, declared.set_index("rule")[f"what_{page.language}"]
    whole = declared.merge(found, on="rule", how="left", validate="1:1")
    broken = whole["lines"].gt(0) | whole["per_mille_before"].gt(0)
    small = broken & (
        small_cells.small(whole["clients"], zero=True)
        | small_cells.small(whole["clients_before"])
        | page.closed(whole["rule"])
    )
    shown = whole[broken & ~small].sort_values("amount_eur", ascending=False, ignore_index=True)
    trends = shown["trend"].to_list()
    shown = shown.assign(
        what=shown[f"what_{page.language}"],
        kind=[words.gettext(SEVERITIES[one]) for one in shown["severity"]],
        trend=[words.gettext(TRENDS[one]) for one in trends],
        trend_lately=[words.gettext(TRENDS[one]) for one in shown["trend_lately"]],
    )
    columns = {
        "what": tables.Column("Rule"),
        "kind": tables.Column("Severity"),
        "per_mille_before": PER_MILLE.of(year=year - 1),
        "per_mille": PER_MILLE.of(year=year),
        "trend": tables.Column("Which way it went"),
        "trend_lately": tables.Column("Newest six months"),
        "amount_eur": tables.Column("Euros concerned", "euro"),
    }
    values = {"area": page.area, "all": len(declared), "year": year}
    if found["per_mille_before"].notna().any():
        rising = trends.count("rises")
        title = words.ngettext(
            "{area}: of {all} rules for declarations, {n} is broken more often in {year} than the year before",
            "{area}: of {all} rules for declarations, {n} are broken more often in {year} than the year before",
            rising,
            **values,
        )
    else:  # no year before
        columns = {
            name: one
            for name, one in columns.items()
            if name not in ("per_mille_before", "trend", "trend_lately")
        }
        number = int(broken.sum())
        title = words.ngettext(
            "{area}: of {all} rules for declarations, {n} is broken in {year}",
            "{area}: of {all} rules for declarations, {n} are broken in {year}",
            number,
            **values,
        )
    names_of = {
        "none": what[whole.loc[whole["state"].eq("checked") & ~broken, "rule"]],
        "few": what[whole.loc[small, "rule"]],
    }
    note = [
        words.gettext(
            "A signal is no proof of a fault. A rule can be switched off for a reason, which is then given here."
        )
    ]
    if "trend" in columns:
        note += [words.gettext(CALLED), words.gettext(LATELY)]
    if len(names_of["none"]):
        note.append(words.gettext("Nothing found: {rules}.", rules="; ".join(names_of["none"])))
    if len(names_of["few"]):
        note.append(
            words.gettext(
                "With fewer than ten youths here or in another municipality, so not shown: {rules}.",
                rules="; ".join(names_of["few"]),
            )
        )
    note += [
        _unchecked(row, words, page.language)
        for row in declared.to_dict("records")
        if row["state"] != "checked"
    ]
    return page.table(shown, columns, title, note=" ".join(note))


def _unchecked(row: dict[str, str], words: Words, language: str) -> str:
    """Why a rule is not looked at."""
    reason = row["reason"]
    reason = words.gettext(NEEDS[reason]) if reason in NEEDS else reason
    said = (
        N_("Switched off: {rule} ({reason}).")
        if row["state"] == "off"
        else N_("Not possible: {rule} ({reason}).")
    )
    return words.gettext(said, rule=row[f"what_{language}"], reason=reason)


def providers(found: pd.DataFrame, declared: pd.DataFrame, page: Page, *, year: int) -> Exhibit:
    """Rules and providers with most euros concerned, with the lines of each year.

    Parameters
    ----------
    found : DataFrame
        ``monitor.integrity_trends.by_provider``; clients untreated. Only rows with ten youths or more in every year, or
        none, are shown, and never so many that the others follow from a total.
    declared : DataFrame
        ``rules`` of ``declarations.integrity``.
    year : int
        Year of care.
    """
    words = page.words
    years = sorted(int(name.removeprefix("lines_")) for name in found if name.startswith("lines_"))
    shown = pd.concat([_apart(part, years, page) for _, part in found.groupby("rule")] or [found])
    order = declared.set_index("rule")
    what, rank = order[f"what_{page.language}"], order["severity"].map(list(SEVERITIES).index)
    shown = shown.assign(rank=shown["rule"].map(rank)).sort_values(
        ["rank", "amount_eur"], ascending=[True, False]
    )
    shown = shown.assign(
        what=shown["rule"].map(what),
        trend=[words.gettext(TRENDS[one]) for one in shown["trend"]],
    )
    columns = {
        "provider": tables.Column(names.PROVIDER),
        "what": tables.Column("Rule"),
        **{f"lines_{one}": LINES.of(year=one) for one in years},
        "trend": tables.Column("Which way it went"),
        "amount_eur": tables.Column("Euros concerned", "euro"),
    }
    if len(years) < 2:
        del columns["trend"]
    title = words.gettext("{area}: rules and providers with most euros concerned in {year}", year=year)
    note = words.gettext(
        "The six with most euros of each severity, faults first, of those with ten youths or more in every year. A "
        "reason to ask, no verdict: a large provider has more lines."
    )
    first = shown.groupby("rank").head(MOST)
    return page.table(first, columns, title, note=note, whole=shown)


def _apart(part: pd.DataFrame, years: list[int], page: Page) -> pd.DataFrame:
    """Rows of one rule that may be shown beside its total: what is left out holds a row with ten youths, or nothing."""
    rows = part.sort_values("amount_eur")
    hidden = small_cells.hidden_beside_total(
        rows[[f"clients_{year}" for year in years]],
        order=range(len(rows)),
        also=(
            page.closed(rows["provider"])
            | page.closed(rule_plans.of_provider(rows["rule"], rows["provider"]))
        ).to_numpy(),
    )
    return rows[~hidden]
