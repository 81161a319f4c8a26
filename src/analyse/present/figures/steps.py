"""A horizontal step chart: from one amount to another, each step with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analyse.present.exhibits import style
from analyse.present.figures import common, marks
from analyse.present.text.language import Words

NAME_WIDTH = 16
"""Letters in a line of the name of a step, so that the bars keep their width."""
LETTER_SHARE = 0.037
"""Width of a letter of an amount, as a fraction of that of the bars on a narrow screen."""


@dataclass(frozen=True)
class Step:
    """One bar: from where to where it runs (EUR), the ends of its interval, and what is written beside it."""

    label: str
    begin: float
    end: float
    low: float
    high: float
    text: str
    short: str
    total: bool = False


def traces(steps: list[Step], *, scale: float = common.MILLION) -> list[dict[str, Any]]:
    """The bars and the amounts beside them; ``scale`` is EUR per unit of the axis."""
    return [_bars(steps, scale), _texts(steps, scale)]


def _bars(steps: list[Step], scale: float) -> dict[str, Any]:
    """Horizontal bars: names stay readable on a narrow screen and amounts start from zero."""
    up = [step.end >= step.begin for step in steps]
    colors = [
        style.TOKENS["muted"] if step.total else style.TOKENS["band80"] if rise else style.TOKENS["brown"]
        for step, rise in zip(steps, up, strict=True)
    ]
    return marks.bar(
        orientation="h",
        y=[style.broken(step.label, NAME_WIDTH) for step in steps],
        base=[step.begin / scale for step in steps],
        x=[(step.end - step.begin) / scale for step in steps],
        width=0.6,
        marker=marks.hatched(
            colors, shape=["" if rise else "/" for rise in up], bgcolor=style.TOKENS["paper"]
        ),
        error_x=marks.reaching(
            [max(step.high - step.end, 0) / scale if step.low < step.high else None for step in steps],
            [max(step.end - step.low, 0) / scale if step.low < step.high else None for step in steps],
        ),
        hover=[f"{style.plain(step.label)}: {step.text}" for step in steps],
    )


def _texts(steps: list[Step], scale: float) -> dict[str, Any]:
    return marks.scatter(
        "text",
        y=[style.broken(step.label, NAME_WIDTH) for step in steps],
        x=[max(step.begin, step.end, step.high) / scale for step in steps],
        text=[f" {step.text}" for step in steps],
        meta={"narrow": [f" {step.short}" for step in steps]},
        textposition="middle right",
        hoverinfo="skip",
        cliponaxis=False,
    )


def layout(
    steps: list[Step], words: Words, *, scale: float = common.MILLION, unit: str = common.MILLIONS
) -> dict[str, Any]:
    """Amounts from zero on the horizontal axis, the names of the steps beside it.

    Parameters
    ----------
    steps : list of Step
        The bars, from top to bottom.
    words : Words
        Texts in the language of the page.
    scale : float
        EUR per unit of the axis.
    unit : str
        Title of the axis, in English.
    """
    widest = max(max(step.begin, step.end, step.high) for step in steps) / scale
    lowest = min(min(step.begin, step.end, step.low) for step in steps) / scale
    letters = max(len(step.short) for step in steps)
    narrow = widest / (1 - min(LETTER_SHARE * letters, 0.6))
    return style.layout(
        words.language,
        margin={"l": 16, "r": 16, "t": 16, "b": 48},
        meta={"narrow_axis": {"range": [min(lowest, 0), max(narrow, widest * 1.32)]}},
        xaxis=style.axis(
            range=[min(lowest, 0), widest * 1.32],
            title=style.along(words.gettext(unit)),
        ),
        yaxis=style.names_axis(),
    )
