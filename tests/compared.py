"""Small tables and figures of the comparison, for the tests of what is shown."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.compare import chance, choices, decompose, vision
from analyse.present import figures, monitoring
from analyse.present.exhibit import Exhibit

NAMES = {"GM0484": "Alphen aan den Rijn", "GM0503": "Delft", "GM0546": "Leiden", "GM0637": "Zoetermeer"}
CODES = list(NAMES)


def fair():
    """Costs per youth and use of four municipalities, with flags."""
    rows = []
    for measure, unit, values in (("cost_per_youth_eur", "EUR", [2100.0, 2460.0, 2060.0, 2870.0]),
                                  ("clients_per_100_youths", "per 100", [11.7, 9.8, float("nan"), 12.9])):  # fmt: skip
        for code, value in zip(CODES, values, strict=True):
            for period in (2023, 2024):
                flags = ("own-purchasing",) if code == "GM0484" and unit == "EUR" else ()
                rows.append({"area_code": code, "area": NAMES[code], "period": period, "measure": measure,
                             "value": value - 100 * (2024 - period), "low": value, "high": value, "unit": unit,
                             "status": "final", "flags": flags})  # fmt: skip
    return pd.DataFrame(rows)


def funnel(language="nl", outside=True):
    limits = chance.Funnel("rate", target=0.10, between=0.01)
    rows = pd.DataFrame({"area_code": CODES, "value": [0.101, 0.11, 0.09, 0.30 if outside else 0.1],
                         "size": [28000.0, 27000.0, 30000.0, 29000.0]})  # fmt: skip
    judged = chance.judged(limits, rows)
    return figures.funnel(
        limits, judged, NAMES, measure="clients_per_100_youths", period=2022, language=language
    )


def tiles(language="nl"):
    places = [one for one in choices.tiles() if one.municipality in NAMES]
    return figures.tile_map(fair(), places, NAMES, measure="cost_per_youth_eur", period=2024, flags=choices.flags(),
                            language=language)  # fmt: skip


def ranks(language="nl"):
    draws = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0], [4.0, 4.0]])
    places = chance.rank_intervals(draws, CODES)
    return figures.ranks(places, NAMES, measure="cost_per_youth_eur", period=2024, language=language)


def difference(language="nl", per_youth=True):
    areas = pd.DataFrame({
        "area_code": ["JZ29", "JZ24"], "period": 2022, "youths": [250e3, 226e3], "clients": [30e3, 25e3],
        "clients_status": "final", "cost_eur": [480e6, 371e6], "status": "final",
    })  # fmt: skip
    found = decompose.difference(areas, first=("JZ29", 2022), last=("JZ24", 2022), per_youth=per_youth)
    return figures.difference(found, first="Rijnmond", last="Haaglanden", language=language)


def peers(language="nl"):
    own = fair().query("area_code == 'GM0503' and measure == 'cost_per_youth_eur'")
    bands = pd.DataFrame({"period": [2023, 2024], "low": [1700.0, 1970.0], "middle": [1800.0, 2060.0],
                          "high": [2000.0, 2350.0], "number": 5})  # fmt: skip
    return figures.peers(own, bands, area="Delft", names=["Leiden", "Zoetermeer"], measure="cost_per_youth_eur",
                         language=language)  # fmt: skip


def monitor(language="nl"):
    """The vision of Delft."""
    declared = choices.vision()
    return monitoring.vision(
        vision.monitor(declared, fair(), "GM0503"), declared, area="Delft", language=language
    )


def every(language="nl") -> list[Exhibit]:
    """Every figure of the comparison."""
    return [funnel(language), funnel(language, outside=False), tiles(language), ranks(language), difference(language),
            difference(language, per_youth=False), peers(language)]  # fmt: skip
