"""The page of one provider: its own figures beside the usual, and nobody else named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.compare.funnel import Funnel
from analyse.monitor import mirror
from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import funnels, marks
from analyse.present.monitor import names
from analyse.present.monitor.page import Page
from analyse.present.text import formats
from analyse.present.text.language import N_, Words

MEASURES = {
    "duration": (
        N_("mean of the first two years (months)"),
        N_("expected ends (each step to the right is a factor)"),
        N_("months"),
    ),
    "waiting": (
        N_("waits longer than the norm"),
        N_("allocations (each step to the right is a factor)"),
        N_("% of allocations"),
    ),
    "re-entry": (
        N_("comes back within a year"),
        N_("times that all care of a youth stopped (each step to the right is a factor)"),
        N_("% of departures"),
    ),
}
"""What is measured, what goes along the axis of its funnel, and its unit."""
SIGNALS = {"more": N_("above the usual"), "less": N_("below the usual"), "": N_("usual")}
VOLUMES = {
    "in care": N_("In care"),
    "started": N_("Started"),
    "stopped": N_("Stopped"),
}
TICKS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
NOTE = N_(
    "Each mark is a provider; yours is the diamond, the others have no name. Solid lines: 99.8% limits of the usual, "
    "dashed: 95%, widened by how much providers differ anyway. Outside them is a reason to talk, no verdict: other "
    "youths or other care can explain it."
)


def about(page: Page) -> Exhibit:
    """What the page is, and what it is not."""
    words = page.words
    return page.text(
        [
            words.gettext(
                "Your own figures in {area}, beside those of all providers together. No other provider has a name "
                "here.",
                area=page.area,
            ),
            words.gettext(
                "This page is for your own conversation with the municipality. It says nothing about what is good care."
            ),
        ],
        words.gettext("About this page"),
    )


def volume(counts: pd.DataFrame, provider: str, page: Page) -> Exhibit:
    """How many trajectories the provider had in the last twelve months, by care form, beside all providers.

    Parameters
    ----------
    counts, provider
        ``monitor.mirror.volume``, and the code of the provider.
    """
    words = page.words
    wide = {
        who: counts[counts["provider"].eq(code)].pivot(
            index="care_form", columns="measure", values="trajectories"
        )
        for who, code in (("own", provider), ("all", mirror.TOTAL))
    }
    forms = list(wide["own"].index)
    rows = pd.DataFrame({"care_form": names.named(forms, "care_form", words)})
    columns = {"care_form": tables.Column("Care form")}
    for measure, label in VOLUMES.items():
        for who in ("own", "all"):
            name = f"{measure} {who}"
            given = wide[who].reindex(index=forms, columns=list(VOLUMES))[measure]
            rows[name], rows[f"{name}_status"] = given.to_numpy(), small_cells.HIDDEN
            said = words.gettext("all providers") if who == "all" else words.gettext("you")
            columns[name] = tables.Column(f"{words.gettext(label)}, {said}", "persons")
    return page.table(
        rows,
        columns,
        words.gettext(
            "{area}: your trajectories of the last twelve months, beside all providers", area=page.area
        ),
        note=words.gettext(
            "Rounded to five; fewer than ten, and what would give such a number away, is not shown. A trajectory is "
            "one or more allocations of a youth that follow each other."
        ),
    )


def standing(judged: pd.DataFrame, provider: str, page: Page) -> Exhibit:
    """The provider's own duration, waiting and re-entry by care form, beside what is usual.

    Parameters
    ----------
    judged : DataFrame
        ``monitor.mirror.beside``.
    provider : str
        As for ``volume``.
    """
    words = page.words
    own = judged[judged["provider"].eq(provider)]
    title = words.gettext(
        "{area}: {n} of your {all} figures lie outside the usual",
        area=page.area,
        n=int(own["signal"].ne("").sum()),
        all=len(own),
    )
    if own.empty:
        return page.text(
            [
                words.gettext(
                    "There are too few trajectories to lay duration, waiting and re-entry beside the usual."
                )
            ],
            words.gettext("{area}: beside the usual", area=page.area),
        )
    rows = pd.DataFrame(
        {
            "measure": words.gettext(MEASURES[one.measure][0]).capitalize(),
            "care_form": names.named([one.care_form], "care_form", words)[0],
            "n": one.n,
            "own": _value(one, "value", page),
            "all": _value(one, "target", page),
            "between": words.gettext(
                "{low} to {high}",
                low=_value(one, "wide_low_998", page),
                high=_value(one, "wide_high_998", page),
            ),
            "signal": words.gettext(SIGNALS[one.signal]),
        }
        for one in own.itertuples()
    )
    columns = {
        "measure": tables.Column("What is measured"),
        "care_form": tables.Column("Care form"),
        "n": tables.Column("Counted", "persons"),
        "own": tables.Column("You"),
        "all": tables.Column("All together"),
        "between": tables.Column("Usual between"),
        "signal": tables.Column("Signal"),
    }
    return page.table(rows, columns, title, note=page.and_left_out(words.gettext(NOTE)))


def charts(judged: pd.DataFrame, provider: str, page: Page) -> Iterator[Exhibit]:
    """A funnel of each measure, of the care form in which the provider has most.

    Parameters
    ----------
    judged, provider
        As for ``standing``.
    """
    for measure in mirror.MEASURES:
        own = judged[judged["provider"].eq(provider) & judged["measure"].eq(measure)]
        if len(own):
            form = own.sort_values("n")["care_form"].iloc[-1]
            rows = judged[judged["measure"].eq(measure) & judged["care_form"].eq(form)]
            yield _chart(rows, provider, page)


def _chart(rows: pd.DataFrame, provider: str, page: Page) -> Exhibit:
    words, own = page.words, rows[rows["provider"].eq(provider)].iloc[0]
    measure, factor = own.measure, 1.0 if own.measure == "duration" else 100.0
    form = names.named([own.care_form], "care_form", words)[0]
    values = {
        "own": _value(own, "value", page),
        "all": _value(own, "target", page),
        "low": _value(own, "wide_low_998", page),
        "high": _value(own, "wide_high_998", page),
        "form": form[:1].upper() + form[1:],
        "what": words.gettext(MEASURES[measure][0]),
    }
    usual = Funnel(
        "cost" if measure == "duration" else "rate",
        float(own.target),
        float(own["between"]),
        by_size=float(own.by_size) if measure == "duration" else 0.0,
    )
    sizes = rows["size"].astype(float)
    figure = {
        "data": [
            *funnels.curves(usual, sizes, prefix="wide_", factor=factor),
            _marks(rows[rows["provider"].ne(provider)], factor, words, own=False),
            _marks(rows[rows["provider"].eq(provider)], factor, words, own=True),
        ],
        "layout": funnels.layout(
            sizes,
            words,
            across=words.gettext(MEASURES[measure][1]),
            ticks=TICKS,
            unit=words.gettext(MEASURES[measure][2]),
            top=56,
        ),
    }
    shown = pd.DataFrame([{"who": words.gettext("You"), "value": values["own"], "between": ""}])
    shown = pd.concat(
        [
            shown,
            pd.DataFrame(
                [
                    {
                        "who": words.gettext("All together"),
                        "value": values["all"],
                        "between": words.gettext("{low} to {high}", low=values["low"], high=values["high"]),
                    }
                ]
            ),
        ],
        ignore_index=True,
    )
    columns = {
        "who": tables.Column("Who"),
        "value": tables.Column("Figure"),
        "between": tables.Column("Usual between"),
    }
    return page.figure(
        words.gettext("{form}, {what}: you {own}, all together {all}", **values),
        figure,
        (shown, columns),
        alt=words.gettext(
            "Funnel chart of {n} providers. {form}, {what}: you {own}; all together {all}; usual at your size between "
            "{low} and {high}.",
            n=len(rows),
            **values,
        ),
        note=words.gettext(NOTE),
    )


def _marks(rows: pd.DataFrame, factor: float, words: Words, *, own: bool) -> dict[str, Any]:
    """Marks without a name; their sizes are rounded as counts are."""
    step = small_cells.STEP
    across = (np.round(rows["size"].astype(float) / step) * step).clip(lower=step)
    return marks.scatter(
        "markers",
        showlegend=False,
        x=across.tolist(),
        y=(rows["value"].astype(float) * factor).round(1).tolist(),
        hover=[words.gettext("you") if own else words.gettext("another provider")] * len(rows),
        marker={
            "symbol": "diamond" if own else "circle",
            "size": 14 if own else 7,
            "color": style.TOKENS["orange" if own else "accent"],
        },
    )


def _value(row: Any, name: str, page: Page) -> str:
    if row.measure == "duration":
        return formats.number(getattr(row, name), page.language, decimals=1)
    return formats.percent(100 * getattr(row, name), page.language, decimals=0)
