"""Scenarios: what if fewer youths come in, care takes less long, or is given elsewhere. Pure.

inputs = scenario.of(run, "GM0503")
chosen = scenario.load("zo-thuis-mogelijk", years=inputs.years)
outcome = scenario.run(inputs, chosen.settings)
"""

from analyse.scenario.core import run
from analyse.scenario.definitions import Lever, Setting, care_forms, levers
from analyse.scenario.files import Scenario, load, names, read
from analyse.scenario.model import Inputs, Outcome
from analyse.scenario.prepared import of, of_group

__all__ = [
    "Inputs",
    "Lever",
    "Outcome",
    "Scenario",
    "Setting",
    "care_forms",
    "levers",
    "load",
    "names",
    "of",
    "of_group",
    "read",
    "run",
]
