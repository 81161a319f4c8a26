"""What was forecast beside the own budget and the accounts, replayed and registered."""

import json
import re

import pandas as pd
import pytest

from analyse.forecast import register
from analyse.present.pages.foretold import foretold
from analyse.shared import registered

QUANTILES = ("0.025", "0.1", "0.5", "0.9", "0.975")


def _tested():
    """Two forecasts of 2023 and one of 2022; of 2023 only the later one has the accounts in its interval."""
    forecast = {"method": "forecast", "actual_eur": [100e6, 120e6, 120e6], "origin": [2021, 2021, 2022]}
    rows = pd.DataFrame(
        {
            **forecast,
            "horizon": [1, 2, 1],
            "period": [2022, 2023, 2023],
            "q0.1": [90e6, 90e6, 110e6],
            "q0.5": [101e6, 100e6, 118e6],
            "q0.9": [110e6, 110e6, 130e6],
        }
    )
    budget = rows.iloc[[0, 2]].assign(method="budget", **{"q0.5": [95e6, 97e6]})
    return pd.concat([rows, budget])


@pytest.mark.parametrize(
    ("language", "made", "no"), [("nl", "zomer 2022", "nee"), ("en", "summer 2022", "no")]
)
def test_every_forecast_stands_beside_the_budget_and_the_accounts(language, made, no):
    shown = foretold(_tested(), pd.DataFrame(), area="Delft", language=language)
    assert [row[0] for row in shown.table.cells] == ["2022", "2023", "2023"]
    first_of_2023 = shown.table.cells[1]
    assert first_of_2023[1] == made
    assert first_of_2023[-1] == no
    budgets = [row[5] for row in shown.table.values]  # noqa: PD011
    assert budgets == [95e6, 97e6, 97e6]
    assert " 3 " in shown.title
    assert " 2 " in shown.title
    assert (
        re.search("registered in advance|vooraf vastgelegd", shown.note) and "register add" not in shown.note
    )


def _file(value):
    rows = pd.DataFrame(
        {
            "origin_date": "2022-12-01",
            "target": register.TARGET,
            "horizon": 1,
            "location": "GM0503",
            "target_end_date": "2023-12-31",
            "output_type": "quantile",
            "output_type_id": QUANTILES,
            "value": [value * part for part in (0.8, 0.9, 1.0, 1.1, 1.2)],
        }
    )
    return rows.to_csv(index=False).encode()


@pytest.fixture
def folder(tmp_path):
    entries = []
    for name, replayed in (("published.csv", False), ("replayed.csv", True)):
        content = _file(115e6)
        (tmp_path / name).write_bytes(content)
        entries.append(register.entry({"file": name, "replayed": replayed}, content, entries))
    (tmp_path / registered.LIST).write_text("".join(json.dumps(item) + "\n" for item in entries))
    return tmp_path


HISTORY = pd.DataFrame(
    {"municipality_code": "GM0503", "period": [2023], "budget_eur": [97e6], "cost_eur": [120e6]}
)


def test_a_registered_forecast_stands_with_its_day_and_a_replay_is_left_out(folder):
    found = registered.published(HISTORY, "GM0503", folder)
    assert found["origin_date"].tolist() == ["2022-12-01"]
    shown = foretold(_tested(), found, area="Delft", language="en")
    row = next(row for row in shown.table.cells if row[1] == "2022-12-01")
    assert row[-1] == "yes"
    assert "not been changed since" in shown.note


def test_a_registered_forecast_that_was_changed_is_not_shown(folder):
    (folder / "published.csv").write_bytes(_file(120e6))
    assert registered.published(HISTORY, "GM0503", folder).empty
    assert registered.published(HISTORY, "GM0599", folder).empty


def test_without_a_register_nothing_is_published(tmp_path):
    assert registered.published(HISTORY, "GM0503", tmp_path).empty
