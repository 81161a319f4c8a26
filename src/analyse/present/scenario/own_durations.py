"""The scenario panel of an area with the durations of its own declarations, and which durations these are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse import scenario, shared
from analyse.monitor import lever_durations
from analyse.parameters import Run
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.monitor import Page
from analyse.present.scenario.lever_panel import Panel
from analyse.present.text.language import N_
from analyse.scenario.model import Inputs

OWN, NATIONAL = N_("these declarations"), N_("the mean of the country")
COLUMNS = {
    "form": tables.Column("Care form"),
    "months": tables.Column("Mean duration (months)", "decimal"),
    **tables.intervals("decimal", 80),
    "national": tables.Column("Mean of the country (months)", "decimal"),
    "source": tables.Column("Taken from"),
}


@dataclass(frozen=True)
class Durations:
    """The inputs of a scenario as they are for the country, and with the durations of an area."""

    national: Inputs
    own: Inputs
    measured: pd.DataFrame
    """``lever_durations.measured``."""


def of(run: Run, observed: pd.DataFrame) -> Durations:
    """The durations of the area of a run in its scenarios.

    Parameters
    ----------
    run : Run
        With ``area``.
    observed : DataFrame
        ``monitor.duration.observed`` of the area.
    """
    national, measured = scenario.of(run, run.area), lever_durations.measured(observed)
    own = lever_durations.applied(national, measured, run.rng("own durations", run.area))
    return Durations(national, own, measured)


def shown(run: Run, observed: pd.DataFrame, page: Page, *, data_date: str) -> tuple[Panel, Exhibit]:
    """The panel on these durations, and a table of where the duration of each form comes from.

    Parameters
    ----------
    run, observed
        As for ``of``.
    page, data_date
        The page on declarations, and the ISO date of the published figures.
    """
    durations = of(run, observed)
    past = shared.read("past", run, [run.area])
    panel = Panel(durations.own, past, data_date=data_date, language=page.language, simulated=page.simulated)
    return panel, table(durations, page)


def table(durations: Durations, page: Page) -> Exhibit:
    """Mean duration by form, and whether it is from the declarations or the mean of the country.

    Parameters
    ----------
    durations : Durations
        From ``of``.
    page : Page
        The page on declarations.
    """
    words, measured = page.words, set(durations.measured["form"])
    known = [form for form in scenario.care_forms().forms if form.months is not None]
    low, middle, high = np.quantile(durations.own.months, [0.1, 0.5, 0.9], axis=1)
    rows = {
        "form": [getattr(form.title, page.language) for form in known],
        "months": middle,
        "q0.1": low,
        "q0.9": high,
        "national": np.median(durations.national.months, axis=1),
        "source": [words.gettext(OWN if form.id in measured else NATIONAL) for form in known],
    }
    title = words.gettext(
        "{area}: of {n} of the {all} care forms the duration comes from these declarations",
        n=len(measured),
        all=len(known),
    )
    note = words.gettext(
        "From {n} trajectories that stopped on, the duration is that of these declarations; trajectories that "
        "still run count as far as they are known. The page on published figures has the mean of the country "
        "for all forms.",
        n=lever_durations.FEWEST,
    )
    return page.table(pd.DataFrame(rows), COLUMNS, title, note=note)
