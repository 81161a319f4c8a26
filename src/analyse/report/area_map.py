"""The map of the index: every municipality in its place, coloured by its chance and linked to its page.

It is drawn here, without a script: a link per area that the keyboard reaches, with its name and figure in words. The
table beside it holds the same figures.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from analyse.present.exhibits import style
from analyse.present.figures import maps
from analyse.present.figures import outlines as drawn
from analyse.present.text import formats
from analyse.present.text.language import Words

FEWEST = 3
"""A map of fewer pages than this says less than the table."""
POINTS, OF_MANY, MANY = 350, 180, 60
"""Points of the grid along the longer side: fewer with more than so many municipalities."""
BOUNDS = (0.2, 0.4, 0.6, 0.8)
"""Chances at which the next darker colour begins."""


def shown(
    rows: Sequence[Mapping[str, Any]], outlines: pd.DataFrame, codes: Sequence[str], words: Words
) -> dict[str, Any] | None:
    """Heading, text, picture and key of the map; None when there are too few pages.

    Parameters
    ----------
    rows : sequence of mapping
        Of the index, see ``index.html``: code, name, link (empty without a page), and the cells, the last of which is
        the chance that the budget is exceeded.
    outlines : DataFrame
        The table of that name.
    codes : sequence of str
        The municipalities that are drawn, those without a page included.
    words : Words
        Texts in the language of the page.
    """
    linked = {row["code"]: row for row in rows if row["link"]}
    found = drawn.shapes(outlines, codes, points=OF_MANY if len(codes) > MANY else POINTS)
    if len(linked) < FEWEST or not found:
        return None
    parts = [_area(found[code], linked.get(code), words) for code in found if code not in linked]
    parts += [_area(found[code], row, words) for code, row in linked.items() if code in found]
    wide, high = (
        max(one[axis] for shape in found.values() for ring in shape.rings for one in ring) for axis in (0, 1)
    )
    edges = ["0", *(formats.percent(100 * bound, words.language, decimals=0) for bound in BOUNDS)]
    return {
        "title": words.gettext("On the map"),
        "text": words.gettext(
            "The darker a municipality, the larger the chance that it spends more than its budget. Choose one for its "
            "page."
        ),
        "skip": words.gettext("Skip the map"),
        "picture": Markup('<svg class="map" viewBox="-4 -4 {} {}">{}</svg>').format(
            wide + 8,
            high + 8,
            Markup('<g transform="matrix(1 0 0 -1 0 {})">{}</g>').format(high, Markup("").join(parts)),
        ),
        "key": [
            {"color": _color(step), "text": words.gettext("from {low}", low=low)}
            for step, low in enumerate(edges, 1)
        ],
        "source": words.gettext(maps.SOURCE),
    }


def _area(shape: drawn.Shape, row: Mapping[str, Any] | None, words: Words) -> Markup:
    """The path of an area; with a page it is a link that says what the area is and has."""
    steps = "".join(_path(ring) for ring in shape.rings) or _dot(shape.middle)
    if row is None:
        return Markup('<path d="{}" fill="{}"/>').format(steps, _color(None))
    chance = row["cells"][-1]
    fill = _color(_step(float(chance["sort"])) if chance["sort"] else None)
    return Markup(
        '<a href="{}" aria-label="{}: {}"><path d="{}" fill="{}"><title>{}: {}</title></path></a>'
    ).format(row["link"], row["name"], chance["text"], steps, fill, row["name"], chance["text"])


def _path(ring: drawn.Ring) -> str:
    """A ring as steps from point to point, which is shorter than the points themselves."""
    moves = [f"{x - before[0]:g} {y - before[1]:g}" for before, (x, y) in itertools.pairwise(ring)]
    return f"M{ring[0][0]:g} {ring[0][1]:g}l{' '.join(moves)}z"


def _dot(place: tuple[float, float]) -> str:
    """A small square for an area smaller than a cell of the grid."""
    return f"M{place[0] - 1:.0f} {place[1] - 1:.0f}h2v2h-2z"


def _step(chance: float) -> int:
    return 1 + sum(chance >= bound for bound in BOUNDS)


def _color(step: int | None) -> str:
    return f"var({style.PREFIX}{f'scale-{step}' if step else 'paper'})"
