"""The house style as a plotly template, for charts of your own; plotly is imported only when it is asked for."""

from __future__ import annotations

from analyse.present.exhibits import style

NAME = "jeugdhulp"
SHARED = ("font", "paper_bgcolor", "plot_bgcolor", "separators", "margin", "hoverlabel", "xaxis", "yaxis")
"""Parts of the layout of a figure that suit any chart; the others are for a page that scrolls."""
COLORS = ("accent", "orange", "brown", "scenario", "muted", "ink")


def registered() -> str:
    """Register the house style with plotly, and return the name it is registered under.

    Returns
    -------
    str
        ``"jeugdhulp"``, for ``template=`` of plotly express and ``update_layout``.

    Examples
    --------
    >>> import plotly.express
    >>> chart = plotly.express.line(x=[2023, 2024], y=[36.1, 38.6], template=registered())
    >>> chart.layout.template.layout.colorway[0]
    '#0b5cad'

    The first line is drawn in the accent colour of the pages.
    """
    import plotly.graph_objects as go
    import plotly.io

    if NAME not in plotly.io.templates:
        layout = {name: value for name, value in style.layout().items() if name in SHARED}
        layout |= {axis: {**layout[axis], "fixedrange": False} for axis in ("xaxis", "yaxis")}
        colorway = [style.TOKENS[name] for name in COLORS]
        plotly.io.templates[NAME] = go.layout.Template(layout={**layout, "colorway": colorway})
    return NAME
