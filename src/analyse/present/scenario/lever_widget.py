"""The scenario panel as a widget; imported only where somebody can use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from analyse.present.scenario.lever_panel import Panel

HERE = Path(__file__).parent


class Widget(anywidget.AnyWidget):
    """The sliders and charts of a ``Panel``, which the browser draws with the same script as a report."""

    _esm = HERE / "lever_panel.js"
    _css = HERE / "lever_panel.css"
    payload = traitlets.Dict().tag(sync=True)
    scenario = traitlets.Dict().tag(sync=True)

    @classmethod
    def of(cls, panel: Panel) -> Widget:
        """A widget whose scenario is that of the panel, whichever of the two changes."""
        widget = cls(payload=panel.payload, scenario=panel.scenario)
        traitlets.link((panel, "scenario"), (widget, "scenario"))
        return widget

    def bundle(self) -> dict[str, Any]:
        """What a front end shows of it."""
        found = self._repr_mimebundle_() or {}
        return dict(found[0] if isinstance(found, tuple) else found)
