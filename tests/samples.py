"""Small tables in the shape of the real ones, for the tests of what is shown."""

from __future__ import annotations

from types import SimpleNamespace

import nbformat
import numpy as np
import pandas as pd

from analyse.present import figures
from analyse.present.exhibits import cards
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.pages import budget_cycle
from analyse.present.text import facts
from analyse.present.text.facts import Evidence

NAN = float("nan")
COSTS = {
    "GM0503": [21.1e6, 24.2e6, 27.0e6, 28.9e6, 30.1e6, 32.4e6, 35.3e6, 38.6e6],
    "JZ24": [235.5e6, 276.4e6, 314.8e6, 350.9e6, 359.7e6, 378.3e6, 407.8e6, 441.6e6],
}
NAMES = {"GM0503": "Delft", "JZ24": "Haaglanden"}
YOUTHS = {"GM0503": 15701.0, "JZ24": 226000.0}


def history(code: str = "GM0503", **changes: dict[int, float | str]) -> pd.DataFrame:
    """History by area of 2017-2026; ``changes`` are column={period: value}."""
    costs = COSTS[code]
    frame = pd.DataFrame(
        {
            "area_code": code,
            "area": NAMES[code],
            "care_form": "total",
            "period": range(2017, 2027),
            "youths": YOUTHS[code],
            "youths_status": ["estimated"] * 6 + ["final"] * 2 + ["estimated"] * 2,
            "youths_0_22": YOUTHS[code] * 1.5,
            "youths_0_22_status": "estimated",
            "clients": [NAN] * 4 + [2600.0, 2685.0] + [NAN] * 4,
            "clients_status": ["missing"] * 4 + ["final"] * 2 + ["missing"] * 4,
            "cost_eur": [*costs, NAN, NAN],
            "status": ["final"] * 8 + ["missing"] * 2,
            "budget_eur": [*(0.9 * np.array(costs)), costs[-1] * 0.95, costs[-1] * 1.02],
            "budget_status": "final",
            "source": "CBS",
        }
    )
    for column, values in changes.items():
        for period, value in values.items():
            frame.loc[frame["period"].eq(period), column] = value
    return frame


def summary(code: str = "GM0503", growth: float = 1.06, spread: float = 0.05) -> pd.DataFrame:
    """Forecast quantiles of 2025-2030 for costs, 2023-2030 for clients."""
    rows = []
    for measure, start, first in (("cost_eur", COSTS[code][-1], 2025), ("clients", 2685.0, 2023)):
        for step, period in enumerate(range(first, 2031), start=1):
            middle = start * growth**step
            wide = middle * spread * step**0.5
            rows.append(
                {
                    "area_code": code,
                    "period": period,
                    "measure": measure,
                    "mean": middle,
                    "q0.025": middle - 2 * wide,
                    "q0.1": middle - 1.28 * wide,
                    "q0.5": middle,
                    "q0.9": middle + 1.28 * wide,
                    "q0.975": middle + 2.1 * wide,
                }
            )
    return pd.DataFrame(rows)


def evidence(**changes: dict[int, float | str]) -> Evidence:
    """Everything the first screen of Delft needs, with Haaglanden as reference."""
    return Evidence(
        areas=pd.concat([history("GM0503", **changes), history("JZ24")], ignore_index=True),
        summary=pd.concat([summary("GM0503"), summary("JZ24", growth=1.05)], ignore_index=True),
        risk=pd.DataFrame(
            {
                "area_code": ["GM0503", "GM0503", "JZ24"],
                "period": [2025, 2026, 2026],
                "budget_eur": [36.7e6, 39.4e6, 450e6],
                "probability": [0.9, 0.79, 0.6],
            }
        ),
        residential=pd.DataFrame(
            {"area_code": ["GM0503", "JZ24"], "year": [2022, 2022], "share_percent": [8.5, 10.1]}
        ),
    )


def paths() -> pd.DataFrame:
    """Futures of Delft from the accounts of 2024 to 2030, each year a step of growth around its middle."""
    factor = np.linspace(0.9, 1.1, 41)
    rows = [
        pd.DataFrame(
            {
                "area_code": "GM0503",
                "period": period,
                "stage": "forecast" if ahead else "observed",
                "sample": range(41),
                "youths": 17e3,
                "clients": 2.7e3,
                "price": 1.03**ahead,
                "cost_eur": 41.2e6 * 1.05**ahead * factor**ahead,
            }
        )
        for ahead, period in enumerate(range(2024, 2031))
    ]
    return pd.concat(rows, ignore_index=True)


def risk() -> pd.DataFrame:
    """A budget of 2026 of which a part may be for other tasks."""
    return pd.DataFrame(
        {
            "area_code": ["GM0503"],
            "period": [2026],
            "budget_eur": [44e6],
            "largest_eur": [45e6],
            "probability": [0.6],
            "probability_low": [0.5],
        }
    )


def breaks() -> list[SimpleNamespace]:
    """Two declared breaks: one for all, one for another municipality."""
    text = SimpleNamespace(nl="Nieuwe boekingsregels", en="New booking rules")
    return [
        SimpleNamespace(
            number=1, period=2023, applies_to=["costs"], municipalities=[], title=text, reason=text
        ),
        SimpleNamespace(
            number=2, period=2021, applies_to=["costs"], municipalities=["GM0599"], title=text, reason=text
        ),
    ]


def drivers() -> pd.DataFrame:
    """Steps from 38.6 to 46.0 million."""
    return pd.DataFrame(
        {
            "area_code": "GM0503",
            "from_period": 2024,
            "to_period": 2027,
            "driver": ["population", "price", "use_and_rest"],
            "effect_eur": [0.4e6, 6.3e6, 0.7e6],
            "largest_share": [0.02, 0.9, 0.08],
            "q0.1": [0.1e6, 4.0e6, -3.0e6],
            "q0.9": [0.7e6, 8.5e6, 4.5e6],
            "start_eur": 38.6e6,
            "end_eur": 46.0e6,
            "end_q0.1": 41.0e6,
            "end_q0.9": 52.0e6,
        }
    )


def score() -> pd.DataFrame:
    """Errors of the forecast, two naive methods and the budget."""
    rows = []
    for method, errors in {
        "forecast": [5.2, 8.1, 11.0],
        "last_year": [8.0, 15.0, 21.0],
        "last_growth": [6.5, 12.0, 19.0],
        "budget": [13.6],
    }.items():
        for horizon, error in enumerate(errors, start=1):
            covered = (0.81, 0.94) if method == "forecast" else (NAN, NAN)
            rows.append(
                {
                    "method": method,
                    "horizon": horizon,
                    "n": 180,
                    "median_absolute_percentage_error": error,
                    "bias_percent": -error / 2,
                    "coverage_80": covered[0],
                    "coverage_95": covered[1],
                }
            )
    return pd.DataFrame(rows)


def mix() -> pd.DataFrame:
    """Youths with care by age, one cell hidden."""
    return pd.DataFrame(
        {
            "year": [2021] * 4 + [2022] * 4,
            "category": ["0-3", "4-11", "12-17", "18-22"] * 2,
            "count": [95.0, 1100.0, 1180.0, 225.0, NAN, 1180.0, 1200.0, 230.0],
            "status": ["final"] * 4 + ["suppressed"] + ["final"] * 3,
        }
    ).assign(share=lambda rows: rows["count"] / 2610)


def measures() -> pd.DataFrame:
    """Costs per youth of the three regions."""
    rows = [
        ("JZ24", "Haaglanden", [1050, 1230, 1400, 1560, 1600, 1680, 1810, 1950]),
        ("JZ29", "Rijnmond", [950, 1050, 1200, 1350, 1500, 1600, 2050, 2150]),
        ("JZ18", "Holland Rijnland", [900, 960, 980, 1030, 1090, NAN, 1320, 1510]),
    ]
    return pd.concat(
        [
            pd.DataFrame(
                {"area_code": code, "area": name, "period": range(2017, 2025), "cost_per_youth_eur": values}
            )
            for code, name, values in rows
        ],
        ignore_index=True,
    )


def cell(*exhibits: Exhibit, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    """A code cell that was executed and showed these exhibits."""
    made = nbformat.v4.new_code_cell("exhibits", metadata={"tags": list(tags)})
    made.outputs = [
        nbformat.v4.new_output("display_data", data=one._repr_mimebundle_(), metadata={}) for one in exhibits
    ]
    return made


def prose(text: str) -> nbformat.NotebookNode:
    """A markdown cell."""
    return nbformat.v4.new_markdown_cell(text)


def notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """An executed notebook."""
    return nbformat.v4.new_notebook(cells=list(cells))


def report(language: str = "nl") -> nbformat.NotebookNode:
    """The notebook of a municipality with every kind of exhibit."""
    known = history()
    broken = history(cost_eur={2022: NAN}, status={2020: "incomplete", 2022: "faulty"})
    return notebook(
        prose("# Wat kost jeugdhulp?\n\nEen vraag."),
        cell(
            cards.head("Delft", region="Haaglanden", data_date="2026-11-21", language=language),
            cards.finding(evidence(), "GM0503", language=language),
            budget_cycle.cycle(paths(), risk(), area="Delft", this_year=2026, language=language),
            figures.fan(known, summary(), breaks=breaks(), language=language),
            cards.first_screen(evidence(), "GM0503", reference_code="JZ24", language=language),
            cards.certainty(score(), whose="large", horizon=1, language=language),
        ),
        prose("## Waardoor veranderen de kosten?\n\nDrie *zinnen*."),
        cell(figures.waterfall(drivers(), area="Delft", language=language)),
        cell(
            figures.fan(known, summary(), measure="clients", language=language),
            figures.usage_breakdown(mix(), breakdown="age", area="Delft", language=language),
            figures.budget_against_accounts(broken, language=language),
            figures.regions_per_youth(measures(), breaks=breaks(), language=language),
            figures.backtest(score(), language=language),
            Exhibit(
                "table", "Tabel", table=figures.backtest(score(), language=language).table, language=language
            ),
        ),
    )


def manifest(language: str = "nl") -> dict:
    """The manifest of a run with two municipalities, of which one failed, a region and two other pages."""
    numbers = facts.highlights(evidence(), "GM0503")

    def entry(name: str, code: str, title: str, **changes: object) -> dict:
        return {
            "name": name, "notebook": name.split("-")[0], "area_code": code, "title": title, "parameters": {},
            "status": "ok", "reason": "", "cell": None, "html": f"{name}.html", "executed": f"notebooks/{name}.ipynb",
            "seconds": 3.1, "highlights": {} if code == "ALL" else numbers, **changes,
        }  # fmt: skip

    failed = {
        "status": "failed",
        "reason": "DataError: a <b>column</b> is missing",
        "cell": 7,
        "highlights": {},
    }
    return {
        "run": "open-2026.11-nl", "language": language, "parameters": {"dataset": "open", "composition_year": 2026},
        "data": [], "seed": 1, "notebooks": [
            entry("regions", "ALL", "De jeugdregio’s vergeleken"),
            entry("sources", "ALL", "Bronnen"),
            entry("region-JZ24", "JZ24", "Haaglanden"),
            entry("municipality-GM0503", "GM0503", "Delft"),
            entry("municipality-GM0546", "GM0546", "Leiden", **failed),
        ],
    }  # fmt: skip
