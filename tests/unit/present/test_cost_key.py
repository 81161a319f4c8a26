"""The rules of cooperation on a page: the document's own figure beside ours, assumptions named as such."""

import pytest
from typer.testing import CliRunner

from analyse.cli import app
from analyse.parameters import Run
from analyse.present.pages import cost_key
from analyse.sources import snapshot


@pytest.fixture(scope="module")
def tables():
    return snapshot.load()


def plain(text):
    return text.replace("\u00a0", " ")


def test_haaglanden_shows_key_groups_and_the_departure_of_voorschoten(tables):
    key, groups, left = cost_key.of_region(Run(region="JZ24"), tables)

    assert plain(key.title) == (
        "Den Haag heeft 48,6 % van de stemmen: alleen geen meerderheid, maar met elke andere gemeente wel"
    )
    assert "van € 1.000.000 in 2021 betaalde Rijswijk € 47.653; het document zegt ongeveer € 50.000" in plain(
        key.note
    )
    assert "gaat over 2021 tot en met 2023" in key.note and "vervallen op 19 januari 2024" in key.source
    assert len(key.table.cells) == 9 and sum(row[3] for row in key.table.values) == pytest.approx(1e6, abs=5)
    assert [row[0] for row in groups.table.cells] == ["H1", "H4", "H5"]
    assert "Voorschoten" not in groups.table.cells[2][1]
    assert plain(left.title) == "Zonder Voorschoten delen de anderen € 22.119 meer van dezelfde € 1.000.000"
    assert sum(row[3] for row in left.table.values) == pytest.approx(0, abs=6)


def test_a_region_whose_rule_is_not_known_says_so(tables):
    (key,) = cost_key.of_region(Run(region="JZ29", language="en"), tables)

    assert key.title.startswith("By inhabitants Rotterdam would have 49.1%")
    assert "an assumption of our own" in key.note
    assert cost_key.of_region(Run(region="JZ13"), tables) == []


def test_the_commands_print_key_votes_and_groups(tmp_path):
    run = CliRunner().invoke

    told = run(app, ["rules", "cost-key", "--year", "2021"]).output
    assert "47,653.35" in told and "CVDR637433" in told
    left = run(app, ["rules", "cost-key", "--year", "2023", "--leaves", "Voorschoten", "--json"]).output
    assert '"change_eur"' in left
    told = run(app, ["rules", "votes", "--year", "2021", "--for", "Den Haag"]).output
    assert "1 of 10 in favour with 47.8% of the votes: does not pass" in told
    told = run(app, ["rules", "groups", "--year", "2021", "--output", str(tmp_path / "groups.csv")]).output
    assert "477,704.45" in told and (tmp_path / "groups.csv").read_text().startswith("group,")
    wrong = run(app, ["rules", "groups", "--region", "Rijnmond"])
    assert wrong.exit_code and "has no groups" in str(wrong.exception)
