"""With downloaded figures: history by form of care, its forecast, and trajectories begun and ended."""

from __future__ import annotations

import numpy as np
import pytest

from analyse import forecast, parameters
from analyse.errors import DataError
from analyse.forecast import forms as futures
from analyse.forecast import known
from analyse.history import areas, form_history, panel, youths
from analyse.present.pages import by_form as by_form_shown
from analyse.present.pages import one_area
from analyse.sources import snapshot, update


@pytest.fixture(scope="module")
def loaded(downloaded):
    folder, outcome = downloaded
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSE_HOME", str(folder))
        yield snapshot.load(outcome.dataset)


@pytest.fixture(scope="module")
def by_form(loaded):
    return panel.build(loaded, care_forms=["total", *form_history.known(loaded)])


def test_the_embedded_figures_have_no_forms_and_the_history_is_the_same(tables, history):
    assert form_history.known(tables) == []
    assert set(history["care_form"]) == {"total"}
    assert panel.build(tables, care_forms=["pleegzorg"]).empty
    assert form_history.flows(tables, "region").empty
    page = one_area.read(parameters.load(None, samples=100, horizon=3), "GM0503")
    (said,) = by_form_shown.shown(page, parameters.load(None, samples=100, horizon=3))
    assert "staat niet in deze cijfers" in said.content["paragraphs"][0]
    with pytest.raises(DataError, match="`analyse update` downloads them"):
        futures.futures(panel.build(tables, care_forms=["pleegzorg"]), horizon=1)


def test_the_history_runs_by_form_in_today_s_municipalities(loaded, by_form):
    assert {"total", "jeugdhulp", "met-verblijf", "pleegzorg", "jb-jr"} <= set(by_form["care_form"])
    row = by_form.set_index(["municipality_code", "care_form", "period"]).loc[
        ("GM1992", "met-verblijf", 2019)
    ]
    parts = loaded["usage_by_form"].query(
        "care_form == 'met-verblijf' and measure == 'youths' and year == 2019 and part == 'year'"
        " and municipality_code in ['GM0501', 'GM0530', 'GM0614']"
    )
    assert row["clients"] == parts["count"].sum()
    assert row["status"] == "final"
    assert row["cost_eur"] > 1e6
    assert "GM0501" not in set(by_form["municipality_code"])


def test_a_sum_with_a_hidden_part_is_a_lower_bound(by_form):
    region = panel.by_area(by_form, "region").set_index(["area_code", "care_form", "period"])

    assert region.loc[("JZ18", "pleegzorg", 2022), "clients_status"] == "incomplete"
    assert region.loc[("JZ24", "pleegzorg", 2022), "clients_status"] == "final"


def test_use_is_forecast_by_form_and_adds_up_within_a_future(by_form):
    local = by_form.query("care_form != 'total'")
    paths = futures.futures(local, horizon=2, samples=60, declared=parameters.breaks(), revision_percent=1.0)

    assert set(paths["period"]) == {2024, 2025}
    assert set(paths["care_form"]) == set(local.dropna(subset="clients")["care_form"])
    one = paths.query("care_form == 'pleegzorg' and period == 2024 and sample == 7 and region_code == 'JZ24'")
    regions = futures.quantiles(paths, "region")
    row = regions.query("area_code == 'JZ24' and care_form == 'pleegzorg' and period == 2024").iloc[0]
    all_samples = paths.query("care_form == 'pleegzorg' and period == 2024 and region_code == 'JZ24'")
    sums = all_samples.groupby("sample")["clients"].sum()
    assert sums[7] == pytest.approx(one["clients"].sum())
    assert row["q0.5"] == pytest.approx(np.quantile(sums, 0.5))
    assert row["q0.1"] < row["q0.5"] < row["q0.9"]
    last = local.query("municipality_code == 'GM0518' and care_form == 'met-verblijf' and period == 2023")[
        "clients"
    ].iloc[0]
    hague = futures.quantiles(paths, "municipality").query(
        "area_code == 'GM0518' and care_form == 'met-verblijf' and period == 2024"
    )
    assert 0.8 * last < hague["q0.5"].iloc[0] < 1.3 * last


def test_flows_and_durations_are_summed_by_area_and_forecast(loaded):
    region = form_history.flows(loaded, "region")
    local = form_history.flows(loaded, "municipality").set_index(["area_code", "period", "measure"])["value"]
    haaglanden = region.query("area_code == 'JZ24' and period == 2022").set_index("measure")["value"]
    ended = {code: local[(code, 2022, "ended")] for code in ("GM0503", "GM0518")}
    days = {code: local[(code, 2022, "duration_days")] for code in ended}

    assert haaglanden["begun"] == local[("GM0503", 2022, "begun")] + local[("GM0518", 2022, "begun")]
    assert haaglanden["duration_days"] == pytest.approx(
        sum(days[code] * ended[code] for code in ended) / sum(ended.values())
    )
    expected = futures.flows(region, horizon=2, declared=parameters.breaks())
    assert set(expected["measure"]) == set(form_history.MEASURES)
    assert set(expected["period"]) == {2024, 2025}
    assert (expected["q0.1"] <= expected["q0.9"]).all()


def test_the_whole_forecast_runs_on_downloaded_figures(loaded):
    history = panel.build(loaded)
    assert history.query("period == 2019 and municipality_code == 'GM0503'")["clients"].notna().all()

    paths = forecast.simulate(history, loaded, horizon=1, samples=100, rng=np.random.default_rng(1))

    assert set(paths["period"]) == {2024, 2025}, "clients are known to 2023 now"
    assert known.as_of(history, loaded).origin == 2024


def test_the_report_shows_forms_and_flows_or_says_that_they_are_not_there(loaded, by_form, tables):
    region = panel.by_area(by_form, "region")
    ahead = futures.expected(by_form, "region", horizon=3, samples=60, declared=parameters.breaks())
    shown = by_form_shown.use(region, ahead, language="nl")
    flows = form_history.flows(loaded, "region")
    moved = by_form_shown.flows(flows, futures.flows(flows, horizon=1), areas.regions(tables), language="en")

    assert [column.label for column in shown.table.columns][:4] == [
        "Gebied", "Vorm van hulp", "2023", "Verwacht in 2024"
    ]  # fmt: skip
    assert ("Haaglanden", "pleegzorg") in {row[:2] for row in shown.table.cells}
    assert all(row[0] != "total" for row in shown.table.cells)
    assert {row[1] for row in moved.table.cells} == {
        "Trajectories begun", "Trajectories ended", "Mean duration in days"
    }  # fmt: skip

    nothing = panel.build(tables, care_forms=form_history.known(tables))
    absent = by_form_shown.use(
        panel.by_area(nothing, "region"), futures.expected(nothing, "region", horizon=3), language="en"
    )
    assert "next update of the figures" in absent.content["paragraphs"][0]


def test_an_old_dataset_gives_the_same_numbers_after_a_new_one(settings, server):
    first = update.run(settings, update.Way(only=("83454NED",))).dataset
    before = _future(first)
    server.change("83454NED", cell=lambda codes, key: 900.0, modified="later")
    second = update.run(settings, update.Way(only=("83454NED", "85755NED"), partial=True)).dataset

    assert parameters.load(dataset="latest").dataset == second != first
    assert _future(first).equals(before)


def _future(dataset):
    tables = snapshot.load(parameters.load(dataset=dataset).dataset)
    paths = forecast.simulate(
        panel.build(tables), tables, horizon=1, samples=100, rng=np.random.default_rng(1)
    )
    return paths.assign(forms=len(tables["costs_by_form"]), sums=tables["costs_by_form"]["cost_eur"].sum())


def test_published_ages_take_the_place_of_reconstructed_ones(loaded, few):
    ages = loaded["population_by_age"].astype({"year": int})
    local = (
        ages.query("municipality_code == 'GM0503' and year == 2020").set_index("age")["count"].astype(float)
    )
    found = (
        youths.single_ages(loaded)
        .query("municipality_code == 'GM0503' and period == 2020")
        .set_index("age")["count"]
    )
    assert found.tolist() == local.sort_index().tolist()

    row = youths.reconstruct(loaded).set_index(["municipality_code", "period"]).loc[("GM0503", 2020)]
    assert row["youths_0_22"] == local.loc[:22].sum()
    assert row["youths_0_22_status"] == row["youths_status"] == "final"
    before = youths.reconstruct(few).set_index(["municipality_code", "period"]).loc[("GM0503", 2020)]
    assert before["youths_0_22_status"] == "estimated"
    part = loaded | {"population_by_age": ages[ages["age"] != 7]}
    assert set(youths.reconstruct(part)["youths_0_22_status"]) == {"estimated"}, "an age is missing"
