"""Scenario files and levers: what fits is taken, what does not is refused with what is allowed."""

import datetime

import pytest
import yaml

from analyse import scenario, store
from analyse.errors import ParameterError
from analyse.scenario import definitions

YEARS = range(2025, 2031)


def _read(**given):
    return scenario.read({"title": "test", "levers": given}, years=YEARS)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"poh-jeugt": {}}, "unknown lever 'poh-jeugt'; did you mean poh-jeugd?"),
        ({"poh-jeugd": {"sise": -10}}, "unknown key 'levers.poh-jeugd.sise'; did you mean size?"),
        ({"poh-jeugd": {"size": -80}}, r"poh-jeugd: size -80; allowed is -34 to 0 \(percent\)"),
        ({"poh-jeugd": {"size": float("nan")}}, "size nan; allowed is -34 to 0"),
        ({"poh-jeugd": {"size": "10"}}, "poh-jeugd.size: got '10'"),
        ({"poh-jeugd": {"size": True}}, "poh-jeugd.size: got True"),
        ({"poh-jeugd": {"start": 2031}}, "start 2031; allowed is 2025 to 2030"),
        ({"poh-jeugd": {"start": 2027.5}}, "start: got 2027.5"),
        ({"poh-jeugd": {"ramp_months": 200}}, "ramp_months 200; allowed is 0 to 120"),
        ({"poh-jeugd": {"running_eur_per_youth": -1}}, "running_eur_per_youth -1; allowed is 0 to 1000"),
        ({"poh-jeugd": {"cost_ratio": 1.0}}, "cost_ratio is only for levers that move care"),
        ({"regional-to-local": {"cost_ratio": 4.0}}, "cost_ratio 4; allowed is 0 to 3"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_is_allowed(given, message):
    with pytest.raises(ParameterError, match=message):
        _read(**given)


@pytest.mark.parametrize("content", [None, [], "poh-jeugd", 3])
def test_something_else_than_a_scenario_is_refused(content):
    with pytest.raises(ParameterError, match="expected `title` and `levers`"):
        scenario.read(content, years=YEARS)


def test_a_scenario_needs_a_title():
    with pytest.raises(ParameterError, match="title"):
        scenario.read({"levers": {}}, years=YEARS)


def test_more_than_all_of_a_care_form_cannot_move():
    # 50 and 30 %, at most 1.15 times as much comes true: 92 %; with 20 % to the Wlz (at most 2.5 times) it is 142 %.
    shares = {"residential-to-family": {"size": 50}, "residential-to-foster": {"size": 30}}

    assert set(_read(**shares).settings) == set(shares)
    with pytest.raises(ParameterError, match=r"could move 142 % of residential.*at most 100 %"):
        _read(**shares, wlz={"size": 20})


def test_care_does_not_go_round():
    known = {lever.id: lever for lever in scenario.levers()}
    back = known["residential-to-family"].model_copy(
        update={"id": "back", "forms": ["family-homes"], "to": "closed"}
    )
    levers_used = {"residential-to-family": {"size": 5}, "back": {"size": 5}, "closed-places": {}}

    with pytest.raises(ParameterError, match="moves from .* and by other levers back"):
        scenario.read({"title": "x", "levers": levers_used}, years=YEARS, known=[*known.values(), back])


def test_two_caps_on_one_form_are_refused():
    known = list(scenario.levers())
    cap = next(lever for lever in known if lever.mechanism == "cap")
    second = cap.model_copy(update={"id": "second"})

    with pytest.raises(ParameterError, match="closed-places and second both limit closed"):
        scenario.read(
            {"title": "x", "levers": {"closed-places": {"size": -10}, "second": {"size": -10}}},
            years=YEARS,
            known=[*known, second],
        )


def test_a_file_lists_only_what_differs():
    found = _read(**{"poh-jeugd": {"size": -10}, "own-contribution": None})

    assert found.settings["poh-jeugd"].size == -10
    assert found.settings["poh-jeugd"].start == 2027
    assert found.settings["own-contribution"].size == -3.6


def test_a_name_that_is_no_scenario_is_refused_with_the_nearest():
    with pytest.raises(ParameterError, match="did you mean betaalbaar"):
        scenario.load("betaalbar", years=YEARS)


def test_a_file_of_ones_own_is_read(tmp_path):
    (tmp_path / "mijn.yaml").write_text("title: Mijn plan\nlevers: {poh-jeugd: {}}\n")

    found = scenario.load(tmp_path / "mijn.yaml", years=YEARS)
    assert (found.id, found.title.nl, list(found.settings)) == ("mijn", "Mijn plan", ["poh-jeugd"])


def test_what_a_page_reads_of_scenarios_is_noted_so_that_it_is_found_again(tmp_path, monkeypatch):
    monkeypatch.setenv(store.READS, str(tmp_path / "reads"))
    scenario.load("betaalbaar", years=YEARS)
    noted = dict(reversed(line.split(" ", 1)) for line in (tmp_path / "reads").read_text().splitlines())

    assert set(noted) == {"file/levers.yaml", "file/care_forms.yaml", "file/scenarios/betaalbaar.yaml"}
    for part, digest in noted.items():
        found = list(store.root().glob(f"*/{part.removeprefix('file/')}"))
        assert store.hash_files(found) == digest


def test_every_shipped_scenario_fits_and_every_ambition_has_one():
    vision = store.read_yaml(store.root() / "parameters" / "vision.yaml")
    titles = [scenario.load(name, years=YEARS).title.nl for name in scenario.names()]

    assert "base" in scenario.names()
    assert {ambition["title"]["nl"] for ambition in vision["ambitions"]} <= set(titles)
    assert {"Alle maatregelen", "Niets werkt en de prijzen stijgen"} <= set(titles)


def test_every_lever_without_evidence_does_nothing_by_itself_and_says_so():
    for lever in scenario.levers():
        if lever.mid == 0:
            assert lever.default.size == 0, lever.id
        if lever.mid == 0 and lever.group != "own":
            assert "0" in lever.text.nl or "keuze" in lever.text.nl, lever.id
        assert lever.source.nl and lever.source.en
        assert lever.date <= datetime.date(2026, 12, 31)


def test_every_mechanism_has_a_lever():
    assert {lever.mechanism for lever in scenario.levers()} == set(definitions.MECHANISMS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mid": -60}, "low, mid and high must be in order"),
        ({"minimum": -90}, "the furthest effect is"),
        ({"evidence": "E"}, "evidence"),
        ({"forms": ["nergens"]}, "unknown care form 'nergens'"),
        ({"id": "usage"}, "is the name of something else too"),
        ({"realisation": None, "mid": 0, "low": 0, "high": 0}, "mid 0 needs `realisation`"),
        ({"delay_months": 3}, "are for moving"),
        ({"unit": "percent a year"}, "only price and population go by year"),
    ],
)
def test_a_lever_that_contradicts_itself_is_refused(tmp_path, monkeypatch, change, message):
    content = store.read_yaml(store.root() / "parameters" / "levers.yaml")
    place = next(number for number, one in enumerate(content) if one["id"] == "poh-jeugd")
    content[place] = {**content[place], **change}
    (tmp_path / "parameters").mkdir()
    forms = store.root() / "parameters" / "care_forms.yaml"
    (tmp_path / "parameters" / "care_forms.yaml").write_text(forms.read_text())
    (tmp_path / "parameters" / "levers.yaml").write_text(yaml.safe_dump(content))
    monkeypatch.setattr(definitions.store, "root", lambda: tmp_path)

    with pytest.raises(ParameterError, match=message):
        definitions.levers()
