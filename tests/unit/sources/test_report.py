"""From a download to a page: a whole report of one municipality on figures that were not embedded."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from analyse import runs
from analyse.parameters import Run
from analyse.runs.plan import plan
from analyse.sources import snapshot

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def result(downloaded, tmp_path_factory):
    folder, outcome = downloaded
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSE_HOME", str(folder))
        shutil.copy(ROOT / "requirements.lock", folder)
        run = Run(dataset=outcome.dataset, municipality="GM0503", horizon=3, samples=100, language="nl")
        tables, version = snapshot.load(run.dataset), snapshot.package(run.dataset)["version"]
        chosen = plan(run, tables, version=version, municipalities=["Delft"], notebooks=ROOT / "notebooks")
        return runs.make(
            chosen, tmp_path_factory.mktemp("reports"), effort=runs.Effort(workers=1, warm=False)
        )


def test_a_municipality_gets_its_whole_page_on_downloaded_figures(result, downloaded):
    (entry,) = result.manifest["notebooks"]
    page = unescape((result.folder / "municipality-GM0503.html").read_text(encoding="utf-8"))
    created = re.findall(r"<h2[^>]*>(.*?)</h2>", page)

    assert (entry["status"], entry["reason"]) == ("ok", "")
    assert "niet volledig" not in page
    assert len(created) >= 6
    assert page.count('<figure class="chart"') >= 9
    assert result.manifest["parameters"]["dataset"] == downloaded[1].dataset


def test_the_figures_on_it_are_those_of_the_download(result, downloaded, monkeypatch):
    """The youths counted in 2021 to 2023 on the page are those of the download, not the embedded ones."""
    folder, outcome = downloaded
    monkeypatch.setenv("ANALYSE_HOME", str(folder))
    usage = snapshot.load(outcome.dataset)["usage"]
    counted = usage.query(
        "municipality_code == 'GM0503' and measure == 'youths' and breakdown == 'total' and year >= 2021"
    )
    (listed,) = (result.folder / "tables/municipality-GM0503").glob("*-jongeren-met-jeugdhulp-per-jaar.csv")
    shown = pd.read_csv(listed).set_index("Jaar")["Geteld"].dropna()

    assert shown.loc[2021:2023].to_dict() == counted.set_index("year")["count"].loc[2021:2023].to_dict()
    assert set(shown.index) >= {2021, 2022, 2023}


def test_the_page_shows_use_costs_and_referrers_by_form_over_the_years(result, downloaded, monkeypatch):
    """With these figures the page has three tables more; their numbers are those of the source."""
    folder, outcome = downloaded
    monkeypatch.setenv("ANALYSE_HOME", str(folder))
    tables = snapshot.load(outcome.dataset)
    place = result.folder / "tables/municipality-GM0503"
    (youths,), (costs,), (begun,) = (
        place.glob(f"*-delft-{what}-*.csv")
        for what in ("jongeren-per-vorm", "kosten-per-vorm", "begonnen-hulp")
    )
    shown = pd.read_csv(youths).set_index("Vorm van hulp")
    used = tables["usage_by_form"].query(
        "municipality_code == 'GM0503' and measure == 'youths' and part == 'year' and care_form == 'pleegzorg'"
    )
    for row in used.dropna(subset="count").itertuples():
        assert shown.loc["pleegzorg", f"{row.year} (personen, afgerond op 5)"] == row.count
    booked = tables["costs_by_form"].query("municipality_code == 'GM0503' and report == 'accounts'")
    table = pd.read_csv(costs).set_index("Vorm van hulp")
    for row in booked.query("care_form == 'pleegzorg'").dropna(subset="cost_eur").itertuples():
        assert table.loc["pleegzorg", f"{row.year} (euro)"] == row.cost_eur
    flows = tables["usage_flows"].query(
        "municipality_code == 'GM0503' and part == 'year' and measure == 'begun'"
        " and referrer == 'general practitioner'"
    )
    referred = pd.read_csv(begun).set_index("Verwijzer")
    assert len(flows)
    for row in flows.dropna(subset="value").itertuples():
        assert referred.loc["huisarts", str(row.year)] == row.value
