"""Choices: YAML and notebook parameters turned into checked, frozen settings.

An unknown key is an error that names the nearest known one; an impossible value is an error that says
what is allowed. Policy numbers and assumptions live in ``parameters/``, never in code.
"""

from analyse.parameters.contents import once, read_declared
from analyse.parameters.declared import (
    Assumption,
    Break,
    Bridge,
    ForecastConstants,
    ListedAssumption,
    Publication,
    Question,
    assumptions,
    breaks,
    bridge,
    forecast_constants,
    publications,
    questions,
)
from analyse.parameters.run import COUNTRY, THREE_REGIONS, Run, chosen_regions, from_notebook, load
from analyse.parameters.validation import BothLanguages, Strict, near, validated

__all__ = [
    "COUNTRY",
    "THREE_REGIONS",
    "Assumption",
    "BothLanguages",
    "Break",
    "Bridge",
    "ForecastConstants",
    "ListedAssumption",
    "Publication",
    "Question",
    "Run",
    "Strict",
    "assumptions",
    "breaks",
    "bridge",
    "chosen_regions",
    "forecast_constants",
    "from_notebook",
    "load",
    "near",
    "once",
    "publications",
    "questions",
    "read_declared",
    "validated",
]
