"""What was agreed beside what happens, shown: the framework, contracts in time, proposed tariffs, and waiting."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analyse import small_cells
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.monitor import names
from analyse.present.monitor.length_of_care import SIGNALS
from analyse.present.monitor.page import Page
from analyse.present.monitor.rule_hits import TRENDS
from analyse.present.text import formats
from analyse.present.text.language import N_

MOST = 15
TOGETHER = N_("All municipalities together")
SOON_DAYS = 90
"""The title counts the contracts to be decided on within this many days."""

CONCENTRATION = {
    "care_form": tables.Column("Care form"),
    "providers": tables.Column("Providers", "integer"),
    "largest_three": tables.Column("Share of the three largest", "percent"),
    "equal_providers": tables.Column("As many of the same size", "decimal"),
}


def framework(table: pd.DataFrame, page: Page) -> Exhibit:
    """Agreed duration and intensity by care form or product, beside what happens (``agreed_framework.beside``)."""
    words = page.words
    few = small_cells.one_sided(table["trajectories"], table["longer"].astype(float))
    share = {name: table[name].astype(float).mask(few) * 100 for name in ("longer", "q0.025", "q0.975")}
    shown = small_cells.enough(table.assign(**share), "trajectories")
    over = shown["longer"] > 50
    shown = shown.assign(
        care_form=names.named(shown["care_form"], "care_form", words),
        product_code=shown["product_code"].where(shown["product_code"].ne(""), words.gettext("all")),
        unit=[words.gettext(names.UNITS[one]) if one in names.UNITS else "–" for one in shown["unit"]],
        **{
            f"{one}_status": tables.NOT_APPLICABLE
            for one in (*share, "agreed_per_week", "per_week", "median_months")
        },
    )
    columns = {
        "care_form": tables.Column("Care form"),
        "product_code": tables.Column("Product"),
        "trajectories": tables.Column("Trajectories", "persons"),
        "agreed_months": tables.Column("Agreed (months)", "decimal"),
        "median_months": tables.Column("Half lasts longer than (months)", "decimal"),
        "longer": tables.Column("Lasts longer than agreed", "percent"),
        **tables.intervals("percent", 95),
        "agreed_per_week": tables.Column("Agreed a week", "decimal"),
        "per_week": tables.Column("A week of care", "decimal"),
        "unit": tables.Column("Unit"),
    }
    title = page.counting(
        N_("{area}: of {n} of the {all} agreed durations, more than half lasts longer"), over
    )
    note = words.gettext(
        "What was agreed is in framework.csv. A trajectory that is still running counts as far as it is "
        "known."
    )
    return page.table(shown, columns, title, note=page.and_left_empty(note))


def framework_providers(table: pd.DataFrame, page: Page) -> Exhibit:
    """Providers beside the agreed duration of their form, with the funnel (``agreed_framework.by_provider``)."""
    words = page.words
    shown = small_cells.enough(table, "stops")
    shown = shown.assign(
        care_form=names.named(shown["care_form"], "care_form", words),
        signal=[words.gettext(SIGNALS[one]) if one else "–" for one in shown["signal"]],
    )
    longer = table["mean_months"].astype(float) > table["agreed_months"]
    columns = {
        "provider": tables.Column(names.PROVIDER),
        "care_form": tables.Column("Care form"),
        "stops": tables.Column("Ended within two years", "persons"),
        "agreed_months": tables.Column("Agreed (months)", "decimal"),
        "mean_months": tables.Column("Mean of the first two years (months)", "decimal"),
        "wide_low_998": tables.Column("Usual from", "decimal"),
        "wide_high_998": tables.Column("Usual to", "decimal"),
        "signal": tables.Column("Signal"),
    }
    title = page.counting(
        N_(
            "{area}: in {n} of the {all} pairs of provider and care form, care lasts longer than agreed on average"
        ),
        longer,
    )
    note = words.gettext(
        "The 15 furthest above what was agreed. Usual: the limits of the funnel. A reason to ask, no verdict."
    )
    return page.table(shown, columns, title, note=note, most=MOST)


def waits_by_provider(table: pd.DataFrame, page: Page, *, norm_weeks: float) -> Exhibit:
    """The share that waits longer than the norm, by provider, with the trend.

    Parameters
    ----------
    table : DataFrame
        ``monitor.waiting.by_provider``; counts untreated.
    norm_weeks : float
        The norm, in weeks.
    """
    words = page.words
    if table.empty:
        return page.without_messages(words.gettext("How long youths wait, by provider"))
    names_of = ("beyond_norm", "q0.025", "q0.975", "beyond_before")
    few = small_cells.one_sided(table["allocated"], table["beyond_norm"].astype(float))
    told = {one: table[one].astype(float).mask(few & (one != "beyond_before")) * 100 for one in names_of}
    shown = small_cells.enough(table.assign(**told), "allocated")
    shown = shown[~page.closed(shown["provider"])].sort_values("beyond_norm", ascending=False)
    rising = int(shown["trend"].eq("rises").sum())
    shown = shown.assign(
        trend=[words.gettext(TRENDS[one]) for one in shown["trend"]],
        **{f"{one}_status": tables.NOT_APPLICABLE for one in (*names_of, "median_weeks")},
    ).reset_index(drop=True)
    columns = {
        "provider": tables.Column(names.PROVIDER),
        "allocated": tables.Column("Allocations", "persons"),
        "median_weeks": tables.Column("Half waits longer than (weeks)", "decimal"),
        "beyond_before": tables.Column("Longer than the norm, year before", "percent"),
        "beyond_norm": tables.Column("Waits longer than the norm", "percent"),
        **tables.intervals("percent", 95),
        "trend": tables.Column("Which way it went"),
    }
    title = words.ngettext(
        "{area}: with {n} provider, more youths wait longer than the norm than a year ago",
        "{area}: with {n} providers, more youths wait longer than the norm than a year ago",
        rising,
    )
    note = words.gettext(
        "Allocations of the last twelve months, of the 15 providers where most wait longer than {weeks} "
        "weeks; the year before as it was known then. Of the trends that are named, at most one in twenty is "
        "chance.",
        weeks=formats.number(norm_weeks, page.language),
    )
    return page.table(shown, columns, title, note=page.and_left_empty(note), most=MOST)


def calendar(table: pd.DataFrame, page: Page) -> Exhibit:
    """The contracts that are to be decided on within a year (``contract_terms.calendar``)."""
    words = page.words
    soon = int(table["days_left"].between(0, SOON_DAYS).sum())
    shown = table.assign(
        **{name: _days(table[name], page) for name in ("notice_by", "ends_on", "renewed_until")}
    )
    columns = {
        "provider": tables.Column(names.PROVIDER),
        "notice_by": tables.Column("Decide by"),
        "days_left": tables.Column("Days left", "integer"),
        "ends_on": tables.Column("Contract ends"),
        "renewed_until": tables.Column("Can be renewed until"),
    }
    title = words.ngettext(
        "{area}: on {n} contract a decision is needed within {days} days",
        "{area}: on {n} contracts a decision is needed within {days} days",
        soon,
        days=SOON_DAYS,
    )
    note = words.gettext(
        "Days from the end of the last month of declarations; below zero the last day to give notice has "
        "passed."
    )
    return page.table(shown, columns, title, note=note, most=MOST)


def _days(days: pd.Series, page: Page) -> list[str]:
    return [formats.date(one, page.language) if one else "–" for one in days]


def tariff_effects(
    table: pd.DataFrame, page: Page, *, closed: Mapping[str, frozenset[str]], called: Mapping[str, str]
) -> Exhibit:
    """What proposed tariffs cost each municipality and all together in a whole year.

    Parameters
    ----------
    table : DataFrame
        ``monitor.contract_terms.effects``.
    closed : mapping of str to frozenset of str
        Municipality ("" for all together) -> providers, or "provider form", of which no amount is shown, since it
        would tell that of few youths (``category_plans.closed_providers``).
    called : mapping of str to str
        Names of the municipalities.
    """
    words = page.words
    hidden = [
        bool(
            {row.provider, f"{row.provider} {row.care_form}"} & closed.get(row.municipality_code, frozenset())
        )
        for row in table.itertuples()
    ]
    shown = table[[not one for one in hidden]].reset_index(drop=True)
    if shown.empty or shown["mean"].isna().all():
        return page.text(
            [
                words.gettext(
                    "The providers with a proposal have too few youths or months to tell what it costs."
                )
            ],
            words.gettext("What proposed tariffs cost"),
        )
    whole = shown[shown["municipality_code"].eq("")]
    together = {"": words.gettext(TOGETHER) if len(called) > 1 else page.area}
    shown = shown[shown["municipality_code"].eq("") | (len(called) > 1)].reset_index(drop=True)
    shown = shown.assign(
        municipality=[{**called, **together}.get(one, one) for one in shown["municipality_code"]],
        care_form=[
            names.named([one], "care_form", words)[0] if one else words.gettext("all")
            for one in shown["care_form"]
        ],
        starts=_days(shown["starts_on"], page),
    )
    columns = {
        "provider": tables.Column(names.PROVIDER),
        "care_form": tables.Column("Care form"),
        "starts": tables.Column("From"),
        "change_percent": tables.Column("Change of tariff (%)", "decimal"),
        "municipality": tables.Column("Municipality"),
        "mean": tables.Column("Cost in a whole year", "euro"),
        **tables.intervals("euro", 80, digits=tables.KNOWN),
    }
    title = words.gettext(
        "{area}: the proposed tariffs cost about {amount} in a whole year",
        amount=formats.euro(whole["mean"].sum(), page.language),
    )
    note = words.gettext("For the care expected this year; volumes are assumed to stay as they are.")
    return page.table(shown, columns, title, note=note)


def concentration(table: pd.DataFrame, page: Page, *, youths: pd.Series) -> Exhibit:
    """How the costs of each care form are divided over providers.

    Parameters
    ----------
    table : DataFrame
        ``monitor.contract_terms.concentration``.
    youths : Series
        Youths by care form, untreated; forms with fewer than ten are left out, and those that tell of few with one
        provider.
    """
    words = page.words
    count = table["care_form"].map(youths).fillna(0)
    hidden = (
        small_cells.small(count, zero=True) | page.closed(table["care_form"]) | table["told"].astype(bool)
    )
    kept = table[~hidden & (table["providers"] > 3)]
    kept = kept.sort_values("largest_three", ascending=False).reset_index(drop=True)
    if kept.empty:
        return page.text(
            [words.gettext("No care form has more than three providers and ten youths.")],
            words.gettext("How care is divided over providers"),
        )
    shown = kept.assign(
        care_form=names.named(kept["care_form"], "care_form", words),
        largest_three=kept["largest_three"] * 100,
    )
    title = words.gettext(
        "{area}: three providers have most of {form} ({share})",
        form=shown["care_form"].iloc[0],
        share=formats.percent(shown["largest_three"].iloc[0], page.language, decimals=0),
    )
    note = words.gettext(
        "Forms with four providers or more. As many of the same size: how many equal providers would divide it so."
    )
    return page.table(shown, CONCENTRATION, title, note=page.and_left_out(note))
