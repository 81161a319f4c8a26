"""A small line of accounts and forecast for a row of the index: drawn here without a script, and told in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from analyse.present.text import formats
from analyse.present.text.language import Words

WIDTH, HEIGHT, EDGE = 112, 28, 2


def svg(series: Mapping[str, Any] | None, words: Words) -> Markup:
    """The line as inline SVG with a text alternative; a dash when there is nothing to draw.

    ``series`` is ``facts.highlights``: accounts (year, EUR or None) and forecast (year, middle, low, high in EUR).
    """
    accounts, forecast = (series or {}).get("accounts") or [], (series or {}).get("forecast") or []
    known = [(year, value) for year, value in accounts if formats.known(value)]
    if not known:
        return Markup("–")
    years = [row[0] for row in [*accounts, *forecast]]
    top = max(value for row in [*known, *forecast] for value in row[1:])

    def point(year: float, value: float) -> str:
        x = EDGE + (WIDTH - 2 * EDGE) * (year - min(years)) / max(max(years) - min(years), 1)
        return f"{x:.1f},{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * max(value, 0) / top:.1f}"

    lines = Markup("").join(
        Markup('<polyline class="known" points="{}"/>').format(" ".join(point(*row) for row in run))
        for run in _runs(accounts)
    )
    lines += Markup('<circle class="last" r="2" cx="{}" cy="{}"/>').format(*point(*known[-1]).split(","))
    if forecast:
        start = [known[-1]] if known[-1][0] + 1 == forecast[0][0] else []
        band = [point(year, high) for year, _, _, high in forecast] + [
            point(year, low) for year, _, low, _ in reversed(forecast)
        ]
        ends = [point(*row) for row in start]
        lines = Markup('<polygon class="band" points="{}"/>').format(" ".join([*ends, *band])) + lines
        middle = [*ends, *(point(year, value) for year, value, *_ in forecast)]
        lines += Markup('<polyline class="expected" points="{}"/>').format(" ".join(middle))
    return Markup(
        '<svg class="trend" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">{}</svg>'
    ).format(_words(known, forecast, words), WIDTH, HEIGHT, WIDTH, HEIGHT, lines)


def _runs(accounts: Sequence[Sequence[Any]]) -> list[list[tuple[int, float]]]:
    """Years with figures next to each other; a gap is never joined."""
    runs: list[list[tuple[int, float]]] = []
    for year, value in accounts:
        if not formats.known(value):
            continue
        if runs and runs[-1][-1][0] == year - 1:
            runs[-1].append((year, value))
        else:
            runs.append([(year, value)])
    return runs


def _words(known: Sequence[Any], forecast: Sequence[Any], words: Words) -> str:
    (first, low), (last, high) = known[0], known[-1]
    said = words.gettext(
        "From {low} in {first} to {high} in {last}",
        low=formats.euro(low, words.language),
        first=first,
        high=formats.euro(high, words.language),
        last=last,
    )
    if not forecast:
        return said
    year, middle = forecast[-1][:2]
    return said + words.gettext(
        "; expected in {year} about {middle}",
        year=year,
        middle=formats.euro(middle, words.language, digits=2),
    )
