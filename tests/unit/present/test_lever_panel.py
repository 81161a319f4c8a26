"""The scenario panel without a browser: its numbers, its refusals, and the two places that it is shown in."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright._impl._driver import compute_driver_executable

from analyse import __version__, scenario
from analyse.errors import ParameterError
from analyse.parameters import Run
from analyse.present.exhibits import style
from analyse.present.scenario import lever_panel, lever_script, packing, panel_payload, panel_words
from analyse.present.text import formats
from analyse.report import assets, exporter, page_context
from analyse.scenario import business_case, payers, seek, society, subset

LARGEST_KB = 300


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """Run lines of JavaScript in Node with the module of the panel as ``m`` and ``input``; what they return.

    Node comes with playwright.
    """
    place = tmp_path_factory.mktemp("node")
    (place / "panel.mjs").write_text(lever_script.module(), encoding="utf-8")

    def run(lines: str, given: object) -> object:
        (place / "input.json").write_text(json.dumps(given), encoding="utf-8")
        code = (
            'import * as m from "./panel.mjs"; import fs from "node:fs";\n'
            'const input = JSON.parse(fs.readFileSync("input.json", "utf8"));\n'
            f"console.log(JSON.stringify((() => {{ {lines} }})()));\n"
        )
        (place / "run.mjs").write_text(code, encoding="utf-8")
        binary = compute_driver_executable()[0]
        done = subprocess.run([binary, "run.mjs"], cwd=place, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize("by_year", [False, True])
def test_javascript_gives_the_numbers_of_python(node, panels, by_year):
    panel = panels.panel(by_year=by_year)
    seen = panel_payload.rounded(panel.inputs, panel.payload)
    given = [{"title": "", "levers": {}}, *panels.scenarios(panel.inputs, 20)]
    found = node(
        f"const model = m.unpack(input.payload), read = {panels.READ};"
        "return input.given.map((one) => read(m.shown(model, m.effective(m.checked(model, one)), { amount: 48e6 })));",
        {"payload": panel.payload, "given": given},
    )
    right = [panels.expected(seen, one, amount=48e6, whole=panel.inputs) for one in given]

    assert max(panels.worst(a, b) for a, b in zip(found, right, strict=True)) < 1e-6


def test_the_base_is_the_forecast_to_the_bit(node, panels):
    panel = panels.panel()
    seen = panel_payload.rounded(panel.inputs, panel.payload)
    found = node("return [...m.apply(m.unpack(input), {}).cost_eur];", panel.payload)

    assert found == seen.cost_eur.ravel().tolist()


def test_a_packed_number_is_off_by_at_most_half_a_step():
    values = np.random.default_rng(1).normal(5e7, 4e6, (6, 300))
    back = packing.unpack(packing.pack(values), samples=300)

    assert (np.abs(back - values) <= 0.51 * np.ptp(values, axis=1)[:, None] / packing.LEVELS).all()


def test_what_a_panel_shows_hardly_differs_from_all_samples(panels):
    panel = panels.panel()
    seen = panel_payload.rounded(panel.inputs, panel.payload)

    np.testing.assert_allclose(seen.cost_eur, panel.inputs.cost_eur, rtol=2e-5)
    np.testing.assert_allclose(seen.shares.sum(axis=0), 1, atol=1e-3)


@pytest.mark.parametrize(("samples", "of"), [(300, 300), (300, 301), (310, 320), (321, 1000), (5, 18)])
def test_no_future_is_chosen_twice(samples, of):
    costs, strength = np.random.default_rng(1).normal(size=(2, of))
    chosen = subset.spread(costs, samples, within=strength)

    assert len(set(chosen.tolist())) == len(chosen) == samples


def test_a_real_municipality_and_region_are_small_enough(panels):
    run = Run(samples=300)
    history = panels.history()
    for code in ("GM0503", "GM0599", "JZ29"):
        made = panel_payload.payload(scenario.of(run, code, version="1"), history, data_date="2026-11-21")
        assert len(json.dumps(made, ensure_ascii=False).encode()) / 1000 <= LARGEST_KB


def test_too_few_youths_are_not_shown(panels):
    small = panels.inputs()
    small.clients[3, 5] = 9.0

    with pytest.raises(ValueError, match="fewer than 10 youths"):
        panel_payload.payload(small, panels.history(), data_date="2026-11-21")
    shown = lever_panel.Panel(small, panels.history(), data_date="2026-11-21").bundle()
    assert lever_panel.MIME not in shown, "no number of the panel leaves the notebook"
    assert "minder dan 10" in shown["text/html"]


def test_a_measure_that_starts_after_a_short_horizon_is_shifted_and_a_ready_scenario_left_out(panels):
    panel = panels.panel(years=(2025, 2026))

    assert {one["default"]["start"] for one in panel.payload["levers"]} == {2026}
    assert panel.payload["ready"] == []


REFUSED = {
    "list": [],
    "refused_key": {"levers": {}, "levels": {}},
    "refused_lever": {"title": "x", "levers": {"poh-jeugt": {}}},
    "size": {"title": "x", "levers": {"poh-jeugd": {"size": -99}}},
    "start": {"title": "x", "levers": {"poh-jeugd": {"start": 2040}}},
    "half a year": {"title": "x", "levers": {"poh-jeugd": {"start": 2027.5}}},
    "ramp": {"title": "x", "levers": {"poh-jeugd": {"ramp_months": 121}}},
    "cost": {"title": "x", "levers": {"poh-jeugd": {"running_eur_per_youth": -1}}},
    "ratio": {"title": "x", "levers": {"poh-jeugd": {"cost_ratio": 1}}},
    "text": {"title": "x", "levers": {"poh-jeugd": {"size": "ten"}}},
    "not a mapping": {"title": "x", "levers": {"poh-jeugd": 5}},
    "the same money": {"title": "x", "levers": {"reform-package": {}, "own-contribution": {}}},
    "new care only": {"title": "x", "levers": {"poh-jeugd": {"new_only": True}}},
    "as set": {"title": "x", "works_as_set": "yes", "levers": {}},
    "as set by lever": {"title": "x", "levers": {"poh-jeugd": {"works_as_set": True}}},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_python_refuses_the_panel_refuses_in_words(node, panels, name):
    panel = panels.panel()
    with pytest.raises(ParameterError):
        scenario.read(REFUSED[name], years=panels.YEARS, known=panel.inputs.levers)
    found = node(
        "const model = m.unpack(input.payload);"
        "try { m.checked(model, input.given); return null; } catch (error) { return [error.text, error.values]; }",
        {"payload": panel.payload, "given": REFUSED[name]},
    )

    assert found is not None
    sentence = panel_words.texts("nl")[found[0]]
    assert set(re.findall(r"\{(\w+)\}", sentence)) <= set(found[1])


def test_more_than_all_of_a_form_is_refused(node, panels):
    # Of residential care 80 and 30 %: the range of one lever is made wider here, because those of the suite cannot.
    payload = panels.panel().payload
    levers = {"residential-to-family": {"size": 80}, "residential-to-foster": {"size": 30}}
    found = node(
        "const model = m.unpack(input.payload), levers = input.levers;"
        "model.levers.find((one) => one.id === 'residential-to-family').maximum = 90;"
        "try { m.checked(model, { title: '', levers }); } catch (error) { return [error.text, error.values.total]; }",
        {"payload": payload, "levers": levers},
    )

    assert found == ["refused_more", 110]


@pytest.mark.parametrize(
    ("given", "own"),
    [
        ({"levers": {"poh-jeugd": {"size": -10}}}, False),  # within what was found
        ({"levers": {"poh-jeugd": {"size": -30}}}, True),
        ({"levers": {"normalise": {"size": -15}}}, True),
        ({"levers": {"own-contribution": {"size": -260}}}, False),
        ({"levers": {"own-contribution": {"size": -300}}}, True),
        ({"levers": {"guideline-intensity": {"size": -3}}}, True),
        ({"levers": {"poh-jeugd": {"size": -10}}, "works_as_set": True}, True),
    ],
)
def test_what_no_evidence_carries_is_said_everywhere(node, panels, given, own):
    """In the sentence, the passport (which stands under every chart and on paper), the link and the file."""
    panel = panels.panel()
    chosen = scenario.read({"title": "x", **given}, years=panels.YEARS, known=panel.inputs.levers).settings
    known = {lever.id: lever for lever in panel.inputs.levers}
    sentence, passport, address, file = node(
        "const model = m.unpack(input.payload), one = m.checked(model, input.given);"
        "return [m.finding(model, m.shown(model, m.effective(one)), one), JSON.stringify(m.passport(model, one)),"
        "decodeURIComponent(m.toAddress(model, one)).replaceAll('+', ' '), m.toYaml(model, one)];",
        {"payload": panel.payload, "given": {"title": "x", **given}},
    )

    assert [known[name].rests_on(setting) == "own" for name, setting in chosen.items()] == [own]
    assert ["w aanname, geen bewijs" in text for text in (sentence, passport, address, file)] == [own] * 4


def test_without_a_measure_the_panel_shows_the_forecast_itself(node, panels):
    """The numbers of the page, of all futures: not those of the part of them that the panel reckons with."""
    panel = panels.panel(samples=1000)
    inputs = panel.inputs
    found = node(
        "return m.shown(m.unpack(input), {}).years"
        ".map((one) => [...one.cost.quantiles, ...one.clients.quantiles, one.above && one.above[1]]);",
        panel.payload,
    )
    for at, year in enumerate(inputs.years):
        right = [
            *np.quantile(inputs.cost_eur[at], panels.QUANTILES),
            *np.quantile(inputs.clients[at], panels.QUANTILES),
        ]
        above = (inputs.cost_eur[at] > inputs.budgets[year]).mean() if year in inputs.budgets else None
        assert found[at] == [*right, above]


def test_a_budget_of_a_later_year_rises_with_prices(node, panels):
    panel = panels.panel()
    found = node(
        "return m.shown(m.unpack(input), {}, { amount: 45e6 }).years.map((one) => one.budget);", panel.payload
    )
    prices = np.median(panel.inputs.price, axis=1)

    assert found[:2] == [41e6, 45e6]  # known
    np.testing.assert_allclose(found[2:], 45e6 * prices[2:] / prices[1])


def test_the_business_case_and_who_pays_are_those_of_python(node, panels):
    panel = panels.panel()
    seen = panel_payload.rounded(panel.inputs, panel.payload)
    given = [one for one in panels.scenarios(panel.inputs, 12) if one["levers"]]
    found = node(
        "const model = m.unpack(input.payload); return input.given.map((one) => {"
        "const chosen = m.effective(m.checked(model, one)), own = m.businessCase(model, chosen);"
        "return [[own.once, own.running, own.saved.mean, own.value.mean, own.value.quantiles[1], own.society,"
        "own.room, own.pays_back], own.paid, m.whoPays(model, chosen, 2030).map((row) => [row.who, row.mean])]; });",
        {"payload": panel.payload, "given": given},
    )
    for (amounts, paid, whose), one in zip(found, given, strict=True):
        settings = scenario.read(one, years=panels.YEARS, known=seen.levers).settings
        row = society.table(seen, settings, rates=business_case.rates()).iloc[-1]
        names = [
            "investment_eur",
            "running_eur",
            "saving_eur",
            "present_value_eur",
            "q0.1",
            "social_value_eur",
            "yearly_room_eur",
            "pays_back",
        ]
        assert panels.worst(amounts, [float(row[name]) for name in names]) < 1e-6
        assert paid == (None if row["payback_year"] is pd.NA else row["payback_year"])
        pays = payers.table(seen, settings, year=2030)
        assert [who for who, _ in whose] == pays["who"].replace({payers.FUND: "fund"}).tolist()
        assert panels.worst([mean for _, mean in whose], pays["mean"].tolist()) < 1e-6


@pytest.mark.parametrize("name", ["inflow", "tariff-growth", "residential-to-family", "poh-jeugd"])
def test_goal_seek_in_the_panel_is_that_of_python(node, panels, name):
    panel = panels.panel()
    seen = panel_payload.rounded(panel.inputs, panel.payload)
    right = seek.find(seen, name, year=2029, budget_eur=43e6, probability=0.5)
    found, sentence = node(
        "const model = m.unpack(input.payload), wanted = { year: 2029, budget: 43e6, probability: 0.5 };"
        "const own = m.sought(model, {}, input.name, wanted); return [own, m.answered(model, own)];",
        {"payload": panel.payload, "name": name},
    )

    assert found["size"] == (None if right.size is None else pytest.approx(right.size, abs=1e-4))
    assert found["reached"] == pytest.approx(right.reached, abs=0.004)
    assert (right.size is None) == ("geen enkele grootte" in sentence)
    if right.size is None:
        assert found["needed"] == pytest.approx(right.needed_eur, abs=2e5)
        assert found["change"] == pytest.approx(right.at_best_eur, abs=2e5)
        assert "Nodig is €" in sentence


def test_goal_seek_says_that_a_measure_starts_later_than_the_year(node, panels):
    panel = panels.panel()
    sentence = node(
        "const model = m.unpack(input), wanted = { year: 2026, budget: 40e6, probability: 0.5 };"
        "return m.answered(model, m.sought(model, {}, 'inflow', wanted));",
        panel.payload,
    )

    assert "begint in 2027 en doet dus niets in 2026" in sentence


def test_a_saved_file_is_read_by_python_and_by_the_panel(node, panels):
    panel = panels.panel()
    given = panels.scenarios(panel.inputs, 10)
    given[0]["title"] = 'Met "aanhaling", # en: dubbele punt {x}'
    found = node(
        "const model = m.unpack(input.payload); return input.given.map((one) => { const own = m.checked(model, one);"
        "const text = m.toYaml(model, own); return [text, own, m.checked(model, m.fromYaml(text))]; });",
        {"payload": panel.payload, "given": given},
    )
    for (text, own, again), one in zip(found, given, strict=True):
        read = scenario.read(_yaml(text), years=panels.YEARS, known=panel.inputs.levers)
        assert again == own
        assert read.settings == scenario.read(one, years=panels.YEARS, known=panel.inputs.levers).settings
        assert read.title.nl == one["title"]


def test_the_panel_reads_the_files_that_come_with_the_suite(node, panels):
    panel = panels.panel()
    folder = Path(lever_script.__file__).parents[4] / "parameters" / "scenarios"
    files = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.yaml")}
    assert files
    found = node(
        "const model = m.unpack(input.payload);"
        "return Object.values(input.files).map((text) => m.checked(model, m.fromYaml(text)).levers);",
        {"payload": panel.payload, "files": files},
    )
    for name, levers in zip(files, found, strict=True):
        own = scenario.read({"title": name, "levers": levers}, years=panels.YEARS, known=panel.inputs.levers)
        assert own.settings == scenario.load(name, years=panels.YEARS).settings


@pytest.mark.parametrize(
    "text",
    [
        "title: x\nlevers: [poh-jeugd]",
        "title: !!python/object/apply:os.system ['x']",
        "title: x\n  levers: {}",
        "title: &a x\nlevers: *a",
        "title: x\ntitle: y",
        "__proto__: {size: 1}",
        "a" * 70_000,
        "- title: x",
        'title: "unfinished',
    ],
)
def test_a_file_that_is_no_scenario_is_refused_with_its_line(node, panels, text):
    found = node(
        "const model = m.unpack(input.payload);"
        "try { m.checked(model, m.fromYaml(input.text)); return null; } catch (error) { return error.text; }",
        {"payload": panels.panel().payload, "text": text},
    )

    assert found in ("refused_line", "refused_size", "refused_shape", "refused_key")


def test_an_address_holds_the_scenario_and_refuses_another(node, panels):
    panel = panels.panel()
    given = panels.scenarios(panel.inputs, 10)
    found = node(
        "const model = m.unpack(input.payload); return input.given.map((one) => { const own = m.checked(model, one);"
        "return [own, m.checked(model, m.fromAddress(m.toAddress(model, own))), m.toAddress(model, own)]; });",
        {"payload": panel.payload, "given": given},
    )

    assert all(own == again for own, again, _ in found)
    assert all(
        re.fullmatch(r"#scenario=random(&works_as_set=1)?(&[a-z-]+=[-\d.%C,]*)*(&note=[^&]*)?", address)
        for _, _, address in found
    )
    wrong = ["#scenario=x&poh-jeugd=<b>", "#scenario=x&poh-jeugd=1,2,3,4,5,6,7,8", "#scenario=x&__proto__=1",
             "#scenario=x&poh-jeugd=-10&poh-jeugd=-20"]  # fmt: skip
    refused = node(
        "const model = m.unpack(input.payload); return input.wrong.map((one) => {"
        "try { m.checked(model, m.fromAddress(one)); return null; } catch (error) { return error.text; } });",
        {"payload": panel.payload, "wrong": wrong},
    )
    assert refused == ["refused_value", "refused_address", "refused_lever", "refused_address"]


def test_the_scenario_of_a_panel_is_checked_and_worked_out(panels):
    panel = panels.panel(samples=100)
    panel.scenario = {"title": "Korter", "levers": {"duration": {"size": -20, "start": 2026}}}

    assert panel.settings["duration"].size == -20
    assert (panel.outcome.cost_eur[-1] < panel.inputs.cost_eur[-1]).all()
    with pytest.raises(ParameterError, match="allowed is -60 to 60"):
        panel.scenario = {"title": "", "levers": {"duration": {"size": -80}}}
    assert panel.scenario["title"] == "Korter"


def test_where_no_script_runs_the_cell_shows_the_chart_and_the_table_without_measures(panels):
    bundle = panels.panel(samples=100).bundle()
    shown = bundle["text/html"].replace("\u00a0", " ")

    assert bundle["image/svg+xml"].startswith("<svg")
    assert shown.count('<img src="data:image/svg+xml;base64,') == 1
    assert "zonder maatregelen" in shown
    assert all(f">{year}</" in shown for year in range(2025, 2031))


def test_a_widget_follows_the_panel_and_the_panel_the_widget(panels):
    from analyse.present.scenario.lever_widget import Widget

    panel = panels.panel(samples=100)
    widget = Widget.following(panel)
    panel.scenario = {"title": "", "levers": {"duration": {"size": -20}}}
    assert widget.scenario == panel.scenario
    widget.scenario = {"title": "Van de schuif", "levers": {}}
    assert panel.scenario["title"] == "Van de schuif"
    assert "application/vnd.jupyter.widget-view+json" in widget.bundle()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_without_a_script_a_page_has_the_base_in_words_and_numbers(panels, language):
    page = exporter.html(panels.notebook(language), language=language)
    shown = page[: page.index('<script type="application/json" data-scenario')].replace("\u00a0", " ")

    assert {"nl": "zonder maatregelen kost jeugdhulp in 2030 ongeveer € 44 miljoen",
            "en": "without measures youth care costs about €44 million in 2030"}[language] in shown  # fmt: skip
    assert shown.count("<tr>") >= 7
    assert __version__ in shown


def test_a_page_without_a_panel_does_not_carry_its_script(samples):
    assert "data-scenario" not in exporter.html(samples.report(), language="nl")


def test_the_colours_outside_a_report_are_those_of_the_house_style():
    fallen = dict(re.findall(r"--jeugdhulp-color-([a-z0-9]+),(#[0-9a-f]{6})\)", lever_script.styles()))

    assert fallen
    assert fallen == {name: style.TOKENS[name] for name in fallen}


def test_every_text_that_the_script_uses_exists(panels):
    script = lever_script.module()
    used = set(re.findall(r'(?:say\(model|say\(this\.model|words)\(?,? ?"(\w+)"', script))
    used |= set(re.findall(r'Refused\("(\w+)"', script))

    assert len(used) > 40
    assert used <= set(panel_words.TEXTS)


def _yaml(text: str) -> object:
    import yaml

    return yaml.safe_load(text)


def test_the_payload_unpacked_is_the_payload_of_the_model(panels):
    panel = panels.panel()
    whole = subset.of(panel.inputs, 300)
    seen = panel_payload.rounded(panel.inputs, panel.payload)

    np.testing.assert_allclose(seen.cost_eur, whole.cost_eur, rtol=1e-5)
    np.testing.assert_allclose(seen.draws, whole.draws, atol=1e-4)
    np.testing.assert_allclose(seen.found, whole.found, atol=1e-3)


def test_pages_share_the_script_and_a_page_to_mail_has_it_inside(panels, tmp_path):
    """A browser loads no module from a file, so the shared one is a plain script that starts by itself."""
    assets.write(tmp_path / "assets")
    shared = (tmp_path / "assets" / assets.PANEL).read_text(encoding="utf-8")
    page = exporter.html(panels.notebook("nl"), language="nl")
    alone = exporter.html(panels.notebook("nl"), language="nl", place=page_context.Place(single_file=True))

    assert f'<script defer src="assets/{assets.PANEL}"></script>' in page and "function mount" not in page
    assert re.search(r"^export", shared, flags=re.MULTILINE) is None and shared.rstrip().endswith(
        "start();\n})();"
    )
    assert "function mount" in alone and assets.PANEL not in alone


def test_the_chance_is_the_range_of_the_page_also_for_a_raised_budget(node, panels):
    """Of the budget it is not known which part is for youth care: the panel says both ends, as the page does."""
    history = panels.history().assign(budget_with_policy_eur=[float("nan")] * 5 + [49e6])
    inputs = panels.inputs(samples=1000)
    packed = panel_payload.payload(inputs, history, data_date="2026-11-21")
    found = node(
        "return m.shown(m.unpack(input), {}, { amount: 45e6 }).years.map((one) => one.above);", packed
    )
    rise = np.median(inputs.price, axis=1)[-1] / np.median(inputs.price, axis=1)[1]
    ends = [[(inputs.cost_eur[at] > amount).mean() for amount in budgets]
            for at, budgets in ((1, (49e6, 45e6)), (-1, (49e6 * rise, 45e6 * rise)))]  # fmt: skip

    assert [found[1], found[-1]] == ends
    sentence = node(
        "const model = m.unpack(input); return m.finding(model, m.shown(model, {}, { amount: 45e6 }), { levers: {} });",
        packed,
    )
    assert f"is {formats.chances(*ends[1])}. Dat is de begroting van 2026" in sentence


def test_a_measure_keeps_the_range_of_the_chance(node, panels):
    history = panels.history().assign(budget_with_policy_eur=[float("nan")] * 5 + [49e6])
    inputs = panels.inputs(samples=321)
    packed = panel_payload.payload(inputs, history, data_date="2026-11-21")
    chosen = {"normalise": {}}
    found = node(
        "const model = m.unpack(input.payload);"
        "return m.shown(model, m.effective(m.checked(model, { title: '', levers: input.levers })), {}).years[1].above;",
        {"payload": packed, "levers": chosen},
    )
    seen = panel_payload.rounded(inputs, packed)
    cost = scenario.run(
        seen, scenario.read({"title": "", "levers": chosen}, years=panels.YEARS, known=seen.levers).settings
    )
    right = [(cost.cost_eur[1] > amount).mean() for amount in (49e6, 45e6)]

    assert found == pytest.approx(right)
    assert right[0] < right[1]
