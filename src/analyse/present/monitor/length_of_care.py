"""How long care lasts, how intensive it is and who comes back, shown: funnels instead of rankings."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse import small_cells
from analyse.compare.funnel import Funnel
from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import funnels, marks
from analyse.present.monitor import names
from analyse.present.monitor.page import Page
from analyse.present.text import formats
from analyse.present.text.language import N_, Words

SIGNALS = {"more": N_("longer than usual"), "less": N_("shorter than usual")}
INTENSITY = {"more": N_("more than usual"), "less": N_("less than usual"), "": N_("usual")}
LARGEST = 15
"""Of how many pairs of provider and care form, the largest, the intensity is shown though it is usual."""
TITLE = N_("How long care lasts")
LIMITS = {
    "wide_low_998": tables.Column("Usual from", "decimal"),
    "wide_high_998": tables.Column("Usual to", "decimal"),
}
"""The columns of the limits of a funnel."""
LASTED = {
    "stops": tables.Column("Ended within two years", "persons"),
    "mean_months": tables.Column("Mean of the first two years (months)", "decimal"),
    **LIMITS,
    "signal": tables.Column("Signal"),
}
"""The columns of a funnel of durations."""


def durations(table: pd.DataFrame, page: Page) -> Exhibit:
    """How long care lasts by form, including trajectories still running (``monitor.duration.summary`` by care form)."""
    words = page.words
    if table.empty:
        return page.without_messages(words.gettext(TITLE))
    longest_first = table.sort_values("median_months", ascending=False, na_position="last")
    shown = small_cells.enough(longest_first, "trajectories")
    known = shown.dropna(subset=["median_months"])
    shown["care_form"] = names.named(shown["care_form"], "care_form", words)
    columns = {
        "care_form": tables.Column("Care form"),
        "trajectories": tables.Column("Trajectories", "persons"),
        "median_months": tables.Column("Half lasts longer than (months)", "decimal"),
        **tables.intervals("decimal", 95),
        "mean_months": tables.Column("Mean of the first two years (months)", "decimal"),
        "closed_only_months": tables.Column("Mean of closed ones only (months)", "decimal"),
    }
    note = words.gettext(
        "A trajectory that is still running counts for as long as it has lasted. Closed ones alone would "
        "leave out the long ones."
    )
    return page.table(shown, columns, _longest(known, page), note=page.and_left_out(note))


def _longest(known: pd.DataFrame, page: Page) -> str:
    words = page.words
    if known.empty:
        return words.gettext("{area}: how long care lasts, by care form")
    first = known.sort_values("median_months").iloc[-1]
    return words.gettext(
        "{area}: {form} lasts longest; half of it lasts longer than {months} months",
        form=names.named([first["care_form"]], "care_form", words)[0],
        months=formats.number(first["median_months"], page.language, decimals=1),
    )


def funnel(table: pd.DataFrame, page: Page, *, form: str = "") -> Exhibit:
    """Mean duration of each provider of one care form by its expected stops, between the limits of the usual.

    Parameters
    ----------
    table : DataFrame
        ``monitor.duration.funnel``.
    form : str
        Care form; by default the one with most providers. Of one that is not in the table, a sentence names those
        that are.
    """
    words = page.words
    if table.empty:
        return page.text([], words.gettext(TITLE))
    chosen = form or table["care_form"].mode().iloc[0]
    if chosen not in set(table["care_form"]):
        there = ", ".join(sorted(table["care_form"].unique()))
        return page.text(
            [
                words.gettext(
                    "There is no funnel of {form}; there are those of {forms}.", form=chosen, forms=there
                )
            ],
            words.gettext(TITLE),
        )
    rows = small_cells.enough(table[table["care_form"] == chosen].astype({"mean_months": float}), "stops")
    out = rows["signal"].ne("")
    title = page.counting(
        N_("{area}, {form}: of {n} of the {all} providers care lasts longer or shorter than usual"),
        out,
        form=names.named([chosen], "care_form", words)[0],
    )
    named = "; ".join(
        f"{provider} {formats.number(months, page.language, decimals=1)}"
        for provider, months in zip(
            page.called(rows.loc[out, "provider"]), rows.loc[out, "mean_months"], strict=True
        )
    )
    alt = words.gettext(
        "Funnel chart: mean duration of each provider by the number of ends expected. All together: {months} "
        "months. Outside the limits: {named}.",
        named=named or "–",
        months=formats.number(rows["target"].iloc[0], page.language, decimals=1),
    )
    columns = {
        "provider": tables.Column(names.PROVIDER),
        **LASTED,
    }
    shown = rows.assign(signal=[words.gettext(SIGNALS[one]) if one else "–" for one in rows["signal"]])
    note = words.gettext(
        "Each mark is a provider. Solid lines: 99.8% limits of the usual, dashed: 95%, widened by how much "
        "providers differ anyway. Diamond: outside them. A place in the chart is no judgement. Ends are set "
        "against those expected in the time that each trajectory was followed, so a provider does not seem "
        "long or short for being new."
    )
    layout = funnels.layout(
        rows["expected_stops"],
        words,
        across=words.gettext("expected ends (each step to the right is a factor)"),
        ticks=(10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000),
        unit=words.gettext("months"),
        top=56,
    )
    figure = {
        "data": [*_limits(rows), _marks(rows.assign(provider=page.called(rows["provider"])), out, words)],
        "layout": layout,
    }
    return page.figure(title, figure, (shown.sort_values("provider"), columns), alt=alt, note=note)


def _limits(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The curves of a funnel by number of stops expected."""
    first = rows.iloc[0]
    usual = Funnel("cost", float(first["target"]), float(first["between"]), by_size=float(first["by_size"]))
    return funnels.curves(usual, rows["expected_stops"], prefix="wide_")


def _marks(rows: pd.DataFrame, out: pd.Series, words: Words) -> dict[str, Any]:
    texts = [
        f"{row.provider}: {formats.number(row.mean_months, words.language, decimals=1)}"
        for row in rows.itertuples()
    ]
    return marks.scatter(
        "markers",
        showlegend=False,
        x=rows["expected_stops"].round().tolist(),
        y=rows["mean_months"].tolist(),
        hover=texts,
        marker={
            "symbol": ["diamond" if one else "circle" for one in out],
            "size": [12 if one else 8 for one in out],
            "color": [style.TOKENS["orange" if one else "accent"] for one in out],
        },
    )


def standing_out(table: pd.DataFrame, page: Page) -> Exhibit:
    """Providers outside the limits of the funnel of their form (``monitor.duration.funnel``), not ranked."""
    words = page.words
    if table.empty:
        return page.text([], words.gettext(TITLE))
    out = table[table["signal"] != ""].sort_values(["care_form", "provider"], ignore_index=True)
    shown = small_cells.enough(out, "stops")
    shown = shown.assign(
        signal=[words.gettext(SIGNALS[one]) for one in shown["signal"]],
        care_form=names.named(shown["care_form"], "care_form", words),
    )
    columns = {
        "provider": tables.Column(names.PROVIDER),
        "care_form": tables.Column("Care form"),
        **LASTED,
    }
    title = words.gettext(
        "{area}: in {n} of the {all} pairs of provider and care form, care lasts longer or shorter "
        "than usual",
        n=len(out),
        all=len(table),
    )
    return page.table(shown, columns, title, note=_usual(words))


def intensities(whole: pd.DataFrame, judged: pd.DataFrame, page: Page, *, year: int) -> Exhibit:
    """Volume per week of care: each form, below it its largest providers and those outside the limits of its funnel.

    Parameters
    ----------
    whole, judged : DataFrame
        ``monitor.intensity.summary`` and ``monitor.intensity.funnel``.
    year : int
        Year of care.
    """
    words = page.words
    if whole.empty:
        return page.without_messages(words.gettext("How much care a week"))
    everyone = whole.assign(who=words.gettext("All providers"), order=0, judged="–")
    everyone = everyone.sort_values("trajectories", ascending=False)
    rank = {
        kind: place for place, kind in enumerate(zip(everyone["care_form"], everyone["unit"], strict=True))
    }
    size = judged["trajectories"].astype(float).rank(ascending=False, method="first")
    chosen = judged[(judged["signal"] != "") | (size <= LARGEST)].rename(columns={"provider": "who"})
    chosen = chosen.assign(order=1, judged=[words.gettext(INTENSITY[one]) for one in chosen["signal"]])
    rows = pd.concat([everyone, chosen], ignore_index=True)
    kinds = zip(rows["care_form"], rows["unit"], strict=True)
    rows = rows.assign(
        rank=[rank.get(kind, len(rank)) for kind in kinds]
    )  # of some only providers may be shown
    rows = rows.sort_values(["rank", "order", "who"], ignore_index=True)
    shown = small_cells.enough(
        rows.assign(**{f"{one}_status": tables.NOT_APPLICABLE for one in ("wide_low_998", "wide_high_998")}),
        "trajectories",
    )
    shown = shown.assign(
        care_form=names.named(shown["care_form"], "care_form", words),
        unit=[words.gettext(names.UNITS[one]) for one in shown["unit"]],
    )
    columns = {
        "care_form": tables.Column("Care form"),
        "who": tables.Column(names.PROVIDER),
        "trajectories": tables.Column("Trajectories", "persons"),
        "per_week": tables.Column("A week of care", "decimal"),
        "unit": tables.Column("Unit"),
        **LIMITS,
        "judged": tables.Column("Signal"),
    }
    title = page.counting(
        N_(
            "{area}, {year}: in {n} of the {all} pairs of provider and care form, care is more or less "
            "intensive than usual"
        ),
        judged["signal"].ne(""),
        year=year,
    )
    return page.table(shown, columns, title, note=page.and_left_out(_usual(words)))


def returned(table: pd.DataFrame, page: Page) -> Exhibit:
    """Share of youths back within a year after all their care stopped (``duration.returning`` by care form)."""
    words = page.words
    if table.empty:
        return page.without_messages(words.gettext("Who comes back"))
    table = table.dropna(subset=["returned"])
    if table.empty:
        return page.text(
            [
                words.gettext(
                    "Nobody who left has been followed for a year yet, so who comes back is not known."
                )
            ],
            words.gettext("Who comes back"),
        )
    few = small_cells.one_sided(table["left"], table["returned"].astype(float))
    percent = {name: table[name].astype(float).mask(few) * 100 for name in ("returned", "q0.025", "q0.975")}
    shown = small_cells.enough(table.assign(**percent).sort_values("youths", ascending=False), "youths")
    shown = shown.assign(
        care_form=names.named(shown["care_form"], "care_form", words),
        **{f"{name}_status": tables.NOT_APPLICABLE for name in percent},
    )
    columns = {
        "care_form": tables.Column("Care form that stopped last"),
        "youths": tables.Column("Youths who left", "persons"),
        "returned": tables.Column("Comes back within a year", "percent"),
        **tables.intervals("percent", 95),
    }
    first = shown.dropna(subset=["returned"]).head(1)
    title = (
        words.gettext("{area}: who comes back within a year")
        if first.empty
        else words.gettext(
            "{area}: after {form} about {share} comes back within a year",
            form=first["care_form"].iloc[0],
            share=formats.percent(first["returned"].iloc[0], page.language, decimals=0),
        )
    )
    note = words.gettext(
        "Counted from the day on which all care of a youth stopped. Those who left recently count for as long"
        " as they have been followed."
    )
    return page.table(shown, columns, title, note=page.and_left_empty(note))


def _usual(words: Words) -> str:
    return words.gettext(
        "Outside the 99.8% limits of a funnel plot, widened by how much providers differ anyway. Other youths or "
        "other care can explain it: a reason to ask, no verdict."
    )
