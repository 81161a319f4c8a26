"""The controls, charts and tables of an explorer as widgets; imported only where somebody can use them."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import ipywidgets
import plotly.graph_objects as go

from analyse.errors import ParameterError
from analyse.present.exhibits import markup, style
from analyse.present.exhibits.exhibit import TALL, Exhibit, plotly_json
from analyse.present.text.language import translator
from analyse.present.widgets import grid
from analyse.present.widgets.choice import Choice

WIDE = ipywidgets.Layout(width="100%")
CONTROL = {"width": "auto", "margin": "0 16px 8px 0"}


class Choosing(Protocol):
    """What the controls need of an explorer."""

    choices: tuple[Choice, ...]
    chosen: dict[str, Any]
    link: str
    partner: Choosing | None
    idle: Callable[[dict[str, Any]], set[str]]

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """What the choices made show."""

    def choice(self, name: str) -> Choice:
        """One of the choices by its name."""

    def set(self, **values: Any) -> None:
        """Make choices."""

    def listen(self, listener: Callable[[], None]) -> None:
        """Call ``listener()`` after every change."""


class Shown:
    """One exhibit as widgets that can be filled again."""

    def __init__(self, exhibit: Exhibit) -> None:
        """Make the widgets; ``Panel`` fills them."""
        self.said = ipywidgets.HTML(layout=WIDE)
        self.chart = None
        if exhibit.drawing is not None:
            self.chart = go.FigureWidget()
            self.chart._config = {**self.chart._config, "displaylogo": False, "responsive": True}
        self.grid = grid.Grid() if exhibit.table else None
        self.below = ipywidgets.HTML(layout=WIDE)
        parts = [self.said, self.chart, self.below, self.grid]
        self.box = ipywidgets.VBox([one for one in parts if one is not None], layout=WIDE)


class Panel:
    """An explorer with live controls in a notebook."""

    def __init__(self, explorer: Choosing) -> None:
        """Make every widget of the explorer, filled."""
        self.explorer = explorer
        self.linked = explorer.partner or explorer
        self.controls = {
            one.name: ipywidgets.Dropdown(
                style={"description_width": "initial"}, layout=ipywidgets.Layout(**CONTROL)
            )
            for one in explorer.choices
        }
        self.problem, self.shown, self.filling = ipywidgets.HTML(), [], False
        self.row = ipywidgets.Box(
            list(self.controls.values()), layout=ipywidgets.Layout(flex_flow="row wrap")
        )
        self.box = ipywidgets.VBox(layout=WIDE)
        self.refresh()
        for name, control in self.controls.items():
            control.observe(partial(self._controlled, name), names="value")
        explorer.listen(self.refresh)
        if self.linked is not explorer:
            self.linked.listen(self.mark)

    @property
    def language(self) -> str:
        """The language chosen, or that of what is shown."""
        return self.explorer.chosen.get("language", self.explorer.exhibits[0].language)

    def bundle(self) -> dict[str, Any]:
        """The MIME bundle of the whole panel."""
        return {key: value for key, value in self.box._repr_mimebundle_().items() if key != "text/plain"}

    def refresh(self) -> None:
        """Fill every widget with the choices made, and hide those without an exhibit."""
        exhibits, before = self.explorer.exhibits, self.filling
        self.filling = True
        try:
            self._fill_controls()
            self.problem.value = ""
            for exhibit in exhibits[len(self.shown) :]:
                self.shown.append(Shown(exhibit))
                if self.shown[-1].grid is not None:
                    self.shown[-1].grid.observe(self._pointed, names="selected")
            for widgets, exhibit in zip(self.shown, exhibits, strict=False):
                self._fill(widgets, exhibit)
            self.mark()
        finally:
            self.filling = before
        self.box.children = [self.row, self.problem, *(one.box for one in self.shown[: len(exhibits)])]

    def mark(self) -> None:
        """Mark the row of what is chosen."""
        before, self.filling = self.filling, True
        key = str(self.linked.chosen.get(self.linked.link, ""))
        for one in self.shown:
            if one.grid is not None:
                one.grid.selected = key
            if one.chart is not None and self.linked.link:
                self._frame(one.chart, key)
        self.filling = before

    def choose(self, explorer: Choosing, name: str, value: Any) -> None:
        """Make a choice; an impossible one is explained in a sentence and changes nothing.

        Parameters
        ----------
        explorer : Choosing
            The explorer that has the choice.
        name : str
            Name of the choice.
        value : object
            One of its options.
        """
        try:
            explorer.set(**{name: value})
        except ParameterError as error:
            self.refresh()
            self.problem.value = f'<p role="alert"><strong>⚠ {html.escape(str(error))}</strong></p>'

    def _fill_controls(self) -> None:
        words = translator(self.language)
        for one in self.explorer.choices:
            control = self.controls[one.name]
            control.description = words.gettext(one.label)
            control.options = one.shown(self.language)
            control.value = self.explorer.chosen[one.name]
            control.disabled = one.name in self.explorer.idle(self.explorer.chosen)

    def _fill(self, widgets: Shown, exhibit: Exhibit) -> None:
        data = exhibit.as_json()
        look = TITLE if widgets.chart is not None else UNSEEN
        words = f'{html.escape(exhibit.title)}<span style="{UNSEEN}">. {html.escape(exhibit.alt)}</span>'
        widgets.said.value = f'<p role="status" style="{look}">{words}</p>'
        legend = markup.legend(data["table"]) if data["table"] else ""
        widgets.below.value = f'<div style="{NOTE}">{markup.credits(data)}{legend}</div>'
        if widgets.grid is not None:
            widgets.grid.content = grid.content(exhibit.table, self._keys(), exhibit.language)
        if widgets.chart is not None:
            self._draw(widgets.chart, plotly_json(exhibit.drawing))

    def _draw(self, chart: go.FigureWidget, figure: dict[str, Any]) -> None:
        """Draw a chart anew in the same widget: a new one would send plotly to the browser again."""
        with chart.batch_update():
            chart.data = []
            chart.add_traces(figure["data"])
            tall = (figure["layout"].get("meta") or {}).get("tall")
            height = TALL if tall else HEIGHT
            chart.layout = {**figure["layout"], "template": "none", "autosize": True, "height": height}
        for trace in chart.data:
            if self.linked.link and trace.customdata is not None:
                trace.on_click(self._clicked)

    def _frame(self, chart: go.FigureWidget, key: str) -> None:
        """Frame the text of the chosen item; figures mark points themselves."""
        places = [
            (x, y)
            for trace in chart.data
            if getattr(trace, "mode", "") == "text" and trace.customdata is not None
            for x, y, text in zip(trace.x, trace.y, trace.customdata, strict=True)
            if key and self._key(text) == key
        ]
        others = [one for one in chart.layout.shapes if one.name != FRAME]
        if places or len(others) < len(chart.layout.shapes):
            half = (chart.layout.meta or {}).get("frame", HALF)
            chart.layout.shapes = [*others, *(_around(x, y, half) for x, y in places)]

    def _key(self, hover: object) -> str | None:
        """The key of a point, which its hover text begins with."""
        return self._keys().get(html.unescape(str(hover)).split(": ")[0])

    def _keys(self) -> dict[str, str]:
        """Text of an option of the linked choice -> its value as a key."""
        if not self.linked.link:
            return {}
        choice = self.linked.choice(self.linked.link)
        return {text: str(value) for text, value in choice.shown(self.language)}

    def _controlled(self, name: str, change: dict[str, Any]) -> None:
        if not self.filling:
            self.choose(self.explorer, name, change["new"])

    def _pointed(self, change: dict[str, Any]) -> None:
        if not self.filling and change["new"]:
            self.choose(self.linked, self.linked.link, change["new"])

    def _clicked(self, trace: Any, points: Any, state: Any) -> None:
        for place in points.point_inds[:1]:
            key = self._key(trace.customdata[place])
            if key is not None:
                self.choose(self.linked, self.linked.link, key)


def _around(x: float, y: float, half: float) -> dict[str, Any]:
    line = {"color": style.TOKENS["orange"], "width": 5}
    return {
        "type": "rect",
        "name": FRAME,
        "x0": x - half,
        "x1": x + half,
        "y0": y - half,
        "y1": y + half,
        "line": line,
    }


FRAME, HALF = "chosen", 0.48
UNSEEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);margin:0"
TITLE = "font-size:1.15em;font-weight:600;line-height:1.35;margin:8px 0 0;position:relative"
HEIGHT = 420
NOTE = "max-width:75ch;line-height:1.45"
