"""The scenario panel as a widget; imported only where somebody can use it."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from analyse.present.scenario import lever_script


class Widget(anywidget.AnyWidget):
    """Sliders and charts, which the browser draws with the same script as a report."""

    _esm = lever_script.module()
    _css = lever_script.styles()
    payload = traitlets.Dict().tag(sync=True)
    scenario = traitlets.Dict().tag(sync=True)

    @classmethod
    def following(cls, panel: traitlets.HasTraits) -> Widget:
        """A widget with the payload of a panel; a change of the scenario in either shows in the other."""
        widget = cls(payload=panel.payload, scenario=panel.scenario)
        traitlets.link((panel, "scenario"), (widget, "scenario"))
        return widget

    def bundle(self) -> dict[str, Any]:
        """What a front end shows of it."""
        bundle = self._repr_mimebundle_() or {}
        return dict(bundle[0] if isinstance(bundle, tuple) else bundle)
