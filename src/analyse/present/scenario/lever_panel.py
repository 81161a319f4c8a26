"""The scenario panel of one area: a live widget in JupyterLab, and the same panel in the page of a report.

The script (``lever_script``) draws both. What a reader sees without a script is made here: the forecast without
measures in a sentence and a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import traitlets

from analyse import scenario, small_cells
from analyse.present import figures
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import SIMULATED, Exhibit
from analyse.present.figures import common
from analyse.present.scenario import panel_payload, panel_words
from analyse.present.text import formats
from analyse.present.text.language import translator
from analyse.present.widgets.explorer import live
from analyse.scenario import Inputs, Outcome, Setting
from analyse.schema import QUANTILES, quantile_names

MIME = "application/vnd.analyse.scenario+json"


class Panel(traitlets.HasTraits):
    """What a notebook cell shows: sliders for the levers, and what follows from them.

    In JupyterLab ``scenario`` follows the sliders and the sliders follow ``scenario``. Run by papermill, or where
    nobody can move a slider, nothing of ipywidgets is imported; a report shows the panel either way.

    Parameters
    ----------
    inputs : Inputs
        ``scenario.of`` of one area.
    history : DataFrame
        Rows of the area from ``panel.by_area``, for what is known.
    data_date : str
        ISO date of the data.
    language : str
        ``nl`` or ``en``.
    simulated : bool
        Whether the inputs rest on simulated declarations: everything that the panel gives away says so.

    Attributes
    ----------
    scenario : dict
        ``{"title": ..., "levers": {lever: {what differs from its default}}}``, as in a scenario file. Setting one
        that does not fit raises ``ParameterError`` and changes nothing.
    """

    scenario = traitlets.Dict()

    def __init__(
        self,
        inputs: Inputs,
        history: pd.DataFrame,
        *,
        data_date: str,
        language: str = "nl",
        simulated: bool = False,
    ) -> None:
        """Make the panel of one area, without measures at first."""
        self.inputs, self.history = inputs, history
        self.source = SIMULATED if simulated else common.SOURCE_COSTS
        self.hidden = False
        try:
            self.payload = panel_payload.payload(
                inputs, history, data_date=data_date, language=language, simulated=simulated
            )
        except panel_payload.TooFew:
            self.hidden, self.payload = True, {"language": language}
        super().__init__(scenario={"title": "", "levers": {}})

    @traitlets.validate("scenario")
    def _fits(self, proposal: Mapping[str, Any]) -> dict[str, Any]:
        scenario.read(proposal["value"], years=self.inputs.years, known=self.inputs.levers)
        return proposal["value"]

    @property
    def settings(self) -> Mapping[str, Setting]:
        """The chosen levers with every value filled in."""
        return scenario.read(self.scenario, years=self.inputs.years, known=self.inputs.levers).settings

    @cached_property
    def seen(self) -> Inputs:
        """The inputs as the script sees them: what a page works out from these agrees with the panel."""
        return self.inputs if self.hidden else panel_payload.rounded(self.inputs, self.payload)

    @property
    def outcome(self) -> Outcome:
        """The chosen scenario on all samples of the run; the panel itself shows fewer, rounded."""
        return scenario.run(self.inputs, self.settings)

    def bundle(self) -> dict[str, Any]:
        """The panel as data for a report; where there are too few youths, a sentence that says so."""
        if self.hidden:
            return _absent(self.inputs.area, self.payload["language"])._repr_mimebundle_()
        shown = base(self.inputs, self.payload, self.source)
        own = {"payload": self.payload, "base": shown.as_json()}
        without_script = replace(
            _base_chart(self.inputs, self.history, shown.language), table=shown.table, source=shown.source
        )
        drawn = without_script.pictures()
        return {MIME: own, **drawn, "text/plain": shown.title}

    def _ipython_display_(self) -> None:
        from IPython.display import display

        shown = self.bundle()
        if live() and not self.hidden:
            from analyse.present.scenario.lever_widget import Widget

            shown |= Widget.following(self).bundle()
        display(shown, raw=True)


def _absent(area: str, language: str) -> Exhibit:
    """Why an area has no panel: its futures would reveal counts of youths too small to show."""
    words = translator(language)
    said = words.gettext(
        "{area}: no scenarios to set. They would show how many youths get care, and here that can be fewer than "
        "{n}. The page of the region has them.",
        area=words.gettext(area),
        n=small_cells.SMALLEST,
    )
    return Exhibit("text", words.gettext(area), content={"paragraphs": [said]}, language=language)


def _base_chart(inputs: Inputs, history: pd.DataFrame, language: str) -> Exhibit:
    """The forecast without measures as a fan, for programs that show neither the widget nor a page."""
    found = np.quantile(inputs.cost_eur, QUANTILES, axis=1)
    expected = pd.DataFrame({"area_code": inputs.area_code, "period": inputs.years, "measure": "cost_eur"})
    expected = expected.assign(**dict(zip(quantile_names(), found, strict=True)))
    return figures.fan(history, expected, language=language)


def base(inputs: Inputs, packed: Mapping[str, Any], source: str = common.SOURCE_COSTS) -> Exhibit:
    """The forecast without measures, of all futures: what a reader without script sees.

    Parameters
    ----------
    inputs : Inputs
        ``scenario.of`` of one area.
    packed : mapping
        ``panel_payload.payload`` of it.
    source : str
        What the source line says, as a text to translate.
    """
    language, area = packed["language"], packed["area"]
    words = translator(language)
    low, middle, high = np.quantile(inputs.cost_eur, [0.1, 0.5, 0.9], axis=1)
    rows = packed["base"]
    frame = pd.DataFrame(
        {
            "year": inputs.years,
            "q0.5": middle,
            "q0.1": low,
            "q0.9": high,
            "budget_eur": [row["budget"] for row in rows],
            "above": [formats.chances(row["above_low"], row["above"], language) for row in rows],
        },
    ).astype({"budget_eur": float})
    columns = {
        "year": tables.Column("Year", "year"),
        "q0.5": tables.Column("Without measures", "euro", digits=tables.EXPECTED),
        **tables.intervals("euro", 80),
        "budget_eur": tables.Column("Budget", "euro"),
        "above": tables.Column("Chance of more than budgeted"),
    }
    caption = words.gettext("{area}: costs without measures", area=area)
    return Exhibit(
        kind="table",
        title=panel_words.base(area, inputs.years[-1], (low[-1], middle[-1], high[-1]), language),
        source=words.gettext(source),
        note=" · ".join(f"{line['label']}: {line['value']}" for line in packed["passport"]),
        table=tables.build(frame, columns, caption, language),
        language=language,
    )
