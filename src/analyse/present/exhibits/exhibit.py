"""One thing to show, in JupyterLab as in a report page: a figure, table, text, head or row of cards.

The notebook ends a cell with an ``Exhibit``. JupyterLab shows plotly's own figure or plain HTML. Where plotly is not at
hand (nbconvert, GitHub, VS Code), the output's picture and table are shown. The exporter reads the ``MIME`` entry and
makes an accessible figure of it, with caption, text alternative, source, note and the table behind it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analyse.errors import ParameterError
from analyse.present.exhibits import house_template, markup, picture, style, tables
from analyse.present.exhibits.tables import Column, Table
from analyse.present.text.language import N_

if TYPE_CHECKING:
    import plotly.graph_objects as go

MIME = "application/vnd.analyse.exhibit+json"
PLOTLY = "application/vnd.plotly.v1+json"
SVG = "image/svg+xml"
HIGHLIGHTS = "application/vnd.analyse.highlights+json"
"""The numbers of one area for the index of a set of reports."""
TALL = 760
"""Height in a notebook, in pixels, of a figure with a row or tile per municipality; a page has its own."""
TITLE_WIDTH = 80
"""Letters in a line of the title in a notebook."""
LINE = 21
"""Height of a line of the title, in pixels; plotly places the first one, the others come below it."""
FIGURE = "figure"
"""The property that an exhibit keeps once it has been read: after that it may have been changed."""
KINDS = ("figure", "table", "text", "cards", "choices", "head")
SIMULATED = N_("Simulated declarations: no figure here is of a real youth or provider")
"""Source line of anything made from simulated declarations."""
MARK = N_("Simulated declarations")
"""The same on a chart, in a caption and in every row of a download."""


@dataclass(frozen=True)
class Exhibit:
    """What a notebook cell shows.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    title : str
        States the finding, as a sentence without a full stop.
    alt : str
        The figure in words, for a reader who cannot see it.
    source, note : str
        Where the figures come from, and what the reader must know to read them well.
    drawing : dict, optional
        The chart as plotly's plain data and layout; ``figure`` makes a plotly figure of it.
    table : Table, optional
        The figures behind it, or the table itself.
    whole : Table, optional
        The same table with all its rows, where the page shows the first of them: for the files to download.
    content : dict
        What a head, cards or text holds: plain texts only, see ``present.exhibits.cards``.
    """

    kind: str
    title: str
    alt: str = ""
    source: str = ""
    note: str = ""
    drawing: dict[str, Any] | None = None
    table: Table | None = None
    whole: Table | None = None
    content: dict[str, Any] = field(default_factory=dict)
    language: str = "nl"

    def __post_init__(self) -> None:
        """Reject an exhibit that lacks what a reader needs."""
        if self.kind not in KINDS:
            raise ValueError(f"exhibit kind {self.kind!r} is not one of {', '.join(KINDS)}")
        if self.kind == "figure" and not (self.alt and self.source and self.table):
            raise ValueError(
                f"figure {self.title!r}: needs a text alternative, a source and the table behind it"
            )

    @classmethod
    def of_table(
        cls,
        rows: pd.DataFrame | Iterable[tuple[Any, ...]],
        columns: Mapping[str, Column],
        title: str,
        language: str = "nl",
        *,
        caption: str = "",
        flags: Iterable[Any] = (),
        **texts: str,
    ) -> Exhibit:
        """An exhibit that is only a table.

        Parameters
        ----------
        rows, columns, flags
            As in ``tables.build``.
        title : str
            States the finding; the caption too, unless there is one.
        **texts : str
            ``alt``, ``source`` and ``note``.
        caption : str
            Caption of the table, where it differs from the title.
        """
        table = tables.build(rows, columns, caption or title, language, flags=flags)
        return cls("table", title, table=table, language=language, **texts)

    def only_table(self) -> Exhibit:
        """The table behind it on its own, with its source and note."""
        credits = {"source": self.source, "note": self.note, "language": self.language}
        return Exhibit("table", self.table.caption, table=self.table, **credits)

    def as_json(self) -> dict[str, Any]:
        """The exhibit as it travels in a notebook; its plotly figure travels beside it."""
        return {
            "kind": self.kind,
            "title": self.title,
            "alt": self.alt,
            "source": self.source,
            "note": self.note,
            "table": self.table.as_json() if self.table else None,
            **({"whole": self.whole.as_json()} if self.whole else {}),
            "content": self.content,
            "language": self.language,
        }

    @cached_property
    def figure(self) -> go.Figure:
        """The chart as a plotly figure, to change or save; the exhibit shows what is changed in it.

        Raises
        ------
        ParameterError
            If the exhibit has no chart.
        """
        import plotly.graph_objects as go

        if self.drawing is None:
            raise ParameterError(f"exhibit {self.title!r}: has no chart; its table is `.table`")
        made = _titled(picture.labelled(plotly_json(self.drawing)), _wrapped(self.title))
        made["layout"]["template"] = house_template.registered()
        return go.Figure(made)

    def _shown(self) -> tuple[str, dict[str, Any] | None]:
        """Title and chart, as made or as changed since; the chart as plain JSON without its title."""
        if self.drawing is None:
            return self.title, None
        drawn = picture.labelled(plotly_json(self.drawing))
        if FIGURE not in self.__dict__:
            return self.title, drawn
        changed, title = plotly_json(self.figure), self.figure.layout.title.text or ""
        layout = {key: value for key, value in changed["layout"].items() if key != "title"}
        layout["margin"] = {**layout["margin"], "t": drawn["layout"]["margin"]["t"]}
        as_made = title == _wrapped(self.title)
        return self.title if as_made else style.unmarked(title), {**changed, "layout": layout}

    def pictures(self) -> dict[str, str]:
        """HTML with picture and table, and the picture, by MIME type: what programs show that do not know plotly."""
        return self._pictures(*self._shown())

    def _pictures(self, title: str, figure: dict[str, Any] | None) -> dict[str, str]:
        drawn = picture.alone(figure) if figure else ""
        told = {**self.as_json(), "title": title}
        return {"text/html": markup.exhibit(told, drawn), **({SVG: drawn} if drawn else {})}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        title, figure = self._shown()
        bundle: dict[str, Any] = {
            MIME: {**self.as_json(), "title": title},
            **self._pictures(title, figure),
            "text/plain": f"{title}. {self.alt}".strip(),
        }
        if "highlights" in self.content:
            bundle[HIGHLIGHTS] = self.content["highlights"]
        if figure:
            bundle[PLOTLY] = _titled(figure, _wrapped(title))
        return bundle


def plotly_json(figure: Any) -> dict[str, Any]:
    """A plotly figure as small plain JSON: no template or height, no base64 arrays, six significant digits."""
    plain = figure if isinstance(figure, dict) else json.loads(figure.to_json())
    plain = {"data": _slim(plain["data"]), "layout": _slim(plain["layout"])}
    for name in ("template", "height"):
        plain["layout"].pop(name, None)
    return plain


def _titled(figure: dict[str, Any], title: str) -> dict[str, Any]:
    """A figure for a notebook: with its title above everything, and as high as its rows need."""
    layout, lines = figure["layout"], title.count("<br>") + 1
    room = max(picture.break_room(layout) - 44, 0)
    above = {"y": 1, "yref": "paper", "yanchor": "bottom", "pad": {"b": 50 + room + LINE * (lines - 1)}}
    layout["title"] = {
        "text": title,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "font": {"size": 16},
        **above,
    }
    layout["margin"] = {**layout.get("margin", {}), "t": 64 + room + LINE * lines}
    if (layout.get("meta") or {}).get("tall"):
        layout["height"] = TALL
    return figure


def _slim(value: Any) -> Any:
    if isinstance(value, dict) and "bdata" in value:
        flat = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"])
        shape = [int(part) for part in str(value.get("shape", flat.size)).split(",")]
        return _slim(flat.reshape(shape).tolist())
    if isinstance(value, dict):
        return {key: _slim(one) for key, one in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_slim(one) for one in value]
    if isinstance(value, float | np.floating):
        return _short(float(value))
    return int(value) if isinstance(value, np.integer) else value


def _short(value: float) -> float | int | None:
    """Six significant digits, without a decimal where there is none to write."""
    if not np.isfinite(value):
        return None
    short = float(f"{value:.6g}")
    return int(short) if short.is_integer() else short


def _wrapped(text: str) -> str:
    """A long title broken into lines, for inside a plotly figure."""
    lines, line = [], ""
    for word in style.plain(text).split(" "):
        if line and len(line) + len(word) >= TITLE_WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "<br>".join([*lines, line])
