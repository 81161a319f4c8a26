"""Small tables and figures of the comparison, for the tests of what is shown."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.compare import chance, choices, decompose, vision
from analyse.compare.funnel import Funnel
from analyse.present import figures
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.pages import comparison, regional_vision

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
    limits = Funnel("rate", target=0.10, between=0.01)
    rows = pd.DataFrame({"area_code": CODES, "value": [0.101, 0.11, 0.09, 0.30 if outside else 0.1],
                         "size": [28000.0, 27000.0, 30000.0, 29000.0]})  # fmt: skip
    return figures.funnel(
        limits, limits.beside(rows), NAMES, measure="clients_per_100_youths", period=2022, language=language
    )


def outlines():
    """Squares beside each other, and one elsewhere in the country."""
    squares = {code: 4.0 + 0.2 * place for place, code in enumerate([*CODES, "GM0014"])}
    return pd.DataFrame(
        [
            (code, 1, "land", f"{x} 52.0 {x + 0.2} 52.0 {x + 0.2} 52.1 {x} 52.1 {x} 52.0")
            for code, x in squares.items()
        ],
        columns=["municipality_code", "ring", "kind", "points"],
    )


def drawn_map(language="nl"):
    return figures.outline_map(fair(), outlines(), NAMES, measure="cost_per_youth_eur", period=2024,
                               flags=choices.flags(), language=language)  # fmt: skip


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


def with_peers():
    """What ``compare.overview.figures`` gives, for two measures."""
    own = fair().assign(peers="Leiden, Zoetermeer, Rijswijk", peer_low=1970.0, peer_middle=2060.0, peer_high=2350.0,
                        denominator=15700.0)  # fmt: skip
    return own.assign(peer_low=own["peer_low"] - 100 * (2024 - own["period"]))


def peers(language="nl"):
    own = with_peers().query("area_code == 'GM0503'")
    return figures.peers(own, area="Delft", measure="cost_per_youth_eur", language=language)


def beside(language="nl"):
    own, other = (with_peers().query("area_code == @code") for code in ("GM0503", "GM0484"))
    names = ("Delft", NAMES["GM0484"])
    return comparison.beside(own, other, names=names, flags=choices.flags(), language=language)


def together(language="nl"):
    names = {code: NAMES[code] for code in ("GM0503", "GM0484")}
    return comparison.together(with_peers(), names, flags=choices.flags(), language=language)


def composed(language="nl"):
    rows = pd.DataFrame(
        [("JZ24", "Haaglanden", 2023, "cost_eur", 407.8e6, 400.0e6, 7.8e6, 0.0, "final"),
         ("JZ18", "Holland Rijnland", 2023, "cost_eur", 160.0e6, 167.8e6, -7.8e6, 0.0, "final"),
         ("JZ29", "Rijnmond", 2023, "cost_eur", 550.0e6, 550.0e6, 0.0, 0.0, "final")],
        columns=["area_code", "area", "period", "measure", "of_the_time", "fixed", "move", "merger", "status"],
    )  # fmt: skip
    events = pd.DataFrame({"year": [2023, 2024], "kind": ["merger", "move"], "municipality": ["Brielle", "Voorschoten"],
                           "from_code": ["GM0501", "JZ24"], "to_code": ["GM1992", "JZ18"]})  # fmt: skip
    regions = {"JZ24": "Haaglanden", "JZ18": "Holland Rijnland", "JZ29": "Rijnmond"}
    return comparison.composition(rows, events, regions=regions, language=language)


def followed(declared):
    """The monitor of Delft, as of 20,000 youths."""
    grounds = {"flags": choices.flags(), "noise": (0.0, 20.0), "price_growth": pd.Series({2024: 0.06})}
    return vision.monitor(
        declared, fair().assign(denominator=20_000.0), "GM0503", members=["GM0503"], **grounds
    )


def monitor(language="nl"):
    """The vision of Delft."""
    declared = choices.visions()["JZ24"]
    return regional_vision.vision(followed(declared), declared, area="Delft", language=language)


def every(language="nl") -> list[Exhibit]:
    """Every figure of the comparison."""
    return [funnel(language), funnel(language, outside=False), drawn_map(language), ranks(language),
            difference(language), difference(language, per_youth=False), peers(language)]  # fmt: skip
