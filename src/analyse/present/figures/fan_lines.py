"""The lines, bands and steps of a fan chart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from analyse.present.exhibits import style
from analyse.present.figures import common, marks
from analyse.present.figures.common import MEASURES, NAMES, Measure
from analyse.present.text import formats
from analyse.present.text.language import N_, Words

BANDS = (("q0.025", "q0.975", "band95", N_("95% chance")), ("q0.1", "q0.9", "band80", N_("80% chance")))
"""Lower and upper quantile of each band, its colour and its name, the widest first."""


@dataclass(frozen=True)
class Fan:
    """What a fan chart of one area shows, and how it draws it."""

    observed: pd.DataFrame
    """Its rows from the first to the last year with a value."""
    forecast: pd.DataFrame
    """Rows of ``forecast.summary.quantiles`` of the measure by year."""
    budget: pd.DataFrame
    """Its rows with a budget."""
    marked: list[Any]
    """The breaks that are drawn."""
    shown: Measure
    words: Words

    @cached_property
    def last(self) -> pd.DataFrame:
        """The last observed row with a value, or no row."""
        return common.has_value(self.observed, self.shown.column, self.shown.status).tail(1)

    def traces(self) -> list[dict[str, Any]]:
        """The bands, the budgets, the middle of the forecast, and what was observed."""
        name = self.words.gettext(NAMES[self.shown.column])
        return [
            *self._bands(),
            *_budget_traces(self.budget, self.words),
            self._middle(),
            *common.observed_traces(self.observed, self.shown, name, self.words.language),
        ]

    def _bands(self) -> list[dict[str, Any]]:
        """The 95 % band below the 80 % band, with edges that show in grey."""
        traces = []
        for low, high, fill, name in BANDS:
            x, lower = self._from_last(low)
            _, upper = self._from_last(high)
            traces.append(
                marks.scatter(
                    "lines",
                    fill="toself",
                    fillcolor=style.TOKENS[fill],
                    x=[*x, *reversed(x)],
                    y=[*lower, *reversed(upper)],
                    hoverinfo="skip",
                    name=self.words.gettext(name),
                    line={"color": style.TOKENS["accent"], "width": 0.6},
                )
            )
        return traces

    def _from_last(self, column: str) -> tuple[list[int], list[float]]:
        """Years and values of the forecast, starting from the last whole observed year."""
        whole = self.last[self.last[self.shown.status].ne("incomplete")]
        values = [*whole[self.shown.column], *self.forecast[column]]
        years = [int(year) for year in [*whole["period"], *self.forecast["period"]]]
        return years, [value / self.shown.scale for value in values]

    def _middle(self) -> dict[str, Any]:
        """The dashed line through the middle of the forecast, from the last whole year."""
        x, y = self._from_last("q0.5")
        texts = [self.year_in_words(row) for row in self.forecast.to_dict("records")]
        return marks.scatter(
            "lines",
            name=self.words.gettext("forecast"),
            x=x,
            y=y,
            line={"color": style.TOKENS["accent"], "width": 2.5, "dash": "dash"},
            hover=[""] * (len(x) - len(texts)) + texts,
        )

    def year_in_words(self, row: dict[str, Any]) -> str:
        """One year of the forecast in words, with its 80 % interval."""
        words = self.words
        if self.shown.kind == "euro":
            middle = formats.euro(row["q0.5"], words.language, digits=2)
            between = formats.euro_between(row["q0.1"], row["q0.9"], words.language)
        else:
            middle = formats.about(row["q0.5"], words.language, digits=2)
            between = words.gettext(
                "{low} and {high}",
                low=formats.about(row["q0.1"], words.language, digits=2),
                high=formats.about(row["q0.9"], words.language, digits=2),
            )
        return words.gettext(
            "{year}: about {middle} (80% chance between {between})",
            year=int(row["period"]),
            middle=middle,
            between=between,
        )

    def layout(self) -> dict[str, Any]:
        """Axes from zero, the breaks, and a label at each line."""
        periods = [*self.budget["period"], *self.observed["period"], *self.forecast["period"]]
        return common.over_years(
            periods,
            self.words,
            unit=self.shown.unit,
            broken=self.marked,
            labels=self._labels(),
            margin={"l": 48, "r": 84, "t": 48, "b": 32},
        )

    def _labels(self) -> list[dict[str, Any]]:
        """A label at the end of the forecast, at the last observed year, and below the budgets."""
        words, column = self.words, self.shown.column
        known = common.has_value(self.observed, column, self.shown.status)
        last, end = self.last, self.forecast.iloc[-1]
        below = {"yanchor": "top", "yshift": -6} if known[column].diff().tail(1).lt(0).any() else {}
        ends = [("q0.5", N_("forecast"), "accent"), *((high, name, "muted") for _, high, _, name in BANDS)]
        labels = [
            style.end_label(
                int(end["period"]), end[quantile] / self.shown.scale, words.gettext(name), style.TOKENS[color]
            )
            for quantile, name, color in ends
        ]
        if len(last):
            at = style.end_label(
                int(last["period"].iloc[0]),
                last[column].iloc[0] / self.shown.scale,
                words.gettext(NAMES[column]),
                style.TOKENS["ink"],
                above=True,
            )
            labels.append({**at, "xanchor": "right", **below})
        if len(self.budget):
            middle = self.budget.iloc[len(self.budget) // 2]
            at = style.end_label(
                int(middle["period"]),
                middle["budget_eur"] / common.MILLION,
                words.gettext("budgeted"),
                style.TOKENS["muted"],
            )
            labels.append({**at, "yanchor": "top", "xanchor": "left", "xshift": 0, "yshift": -6})
        return labels


def budget_note(budget: pd.DataFrame, words: Words) -> str:
    """The sentence that explains open diamonds; empty when every budget is complete."""
    partial = budget.loc[budget["budget_status"].eq("incomplete"), "period"]
    if partial.empty:
        return ""
    return words.gettext(
        "Open diamond ({years}): a part of the budget is not known, so it is at least this much.",
        years=common.years(partial, words),
    )


def _budget_traces(budget: pd.DataFrame, words: Words) -> list[dict[str, Any]]:
    """Budgets as steps with a tick in each year; a lower bound is a separate diamond."""
    if budget.empty:
        return []
    whole = common.every_year(budget)
    amounts = common.runs(whole, "budget_eur", "budget_status")
    x, y = [], []
    for period, amount in zip(whole["period"], amounts, strict=True):
        x += [period - 0.5, period + 0.5]
        y += [amount / common.MILLION if amount is not None else None] * 2
    step = marks.scatter(
        "lines",
        name=words.gettext("budgeted"),
        x=x,
        y=y,
        hoverinfo="skip",
        line={"color": style.TOKENS["muted"], "width": 1.5},
        connectgaps=False,
    )
    at_least = budget["budget_status"].eq("incomplete")
    ticks = marks.scatter(
        "markers",
        showlegend=False,
        x=budget["period"].tolist(),
        y=(budget["budget_eur"] / common.MILLION).tolist(),
        marker={
            "symbol": ["diamond-open" if partial else "line-ns-open" for partial in at_least],
            "size": 9,
            "color": style.TOKENS["muted"],
            "line": {"width": 2, "color": style.TOKENS["muted"]},
        },
        hover=[
            common.hover(
                words.gettext("budgeted"),
                period,
                amount,
                MEASURES["cost_eur"],
                words.language,
                at_least=bool(partial),
            )
            for period, amount, partial in zip(budget["period"], budget["budget_eur"], at_least, strict=True)
        ],
    )
    return [step, ticks]
