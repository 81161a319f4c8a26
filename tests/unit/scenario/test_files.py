"""Scenario files and levers: what fits is taken, what does not is refused with what is allowed."""

import datetime
from typing import get_args

import pytest

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
    # Of residential care 50 and 30 % move; a lever of our own would take 40 % more.
    shares = {"residential-to-family": {"size": 50}, "residential-to-foster": {"size": 30}}
    known = list(scenario.levers())
    first = next(lever for lever in known if lever.id == "residential-to-family")
    third = first.model_copy(update={"id": "third", "to": "closed"})

    assert set(_read(**shares).settings) == set(shares)
    with pytest.raises(ParameterError, match=r"could move 120 % of residential.*at most 100 %"):
        scenario.read(
            {"title": "x", "levers": shares | {"third": {"size": 40}}}, years=YEARS, known=[*known, third]
        )


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
    cap = next(lever for lever in known if lever.id == "closed-places")
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
    assert found.settings["own-contribution"].size == -260


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

    read = ("levers", "care_forms", "evidence", "scenarios/betaalbaar")
    assert set(noted) == {f"file/{name}.yaml" for name in read}
    for part, digest in noted.items():
        found = list(store.root().glob(f"*/{part.removeprefix('file/')}"))
        assert store.hash_files(found) == digest


def test_every_shipped_scenario_fits_and_every_ambition_has_one():
    vision = store.read_yaml(store.root() / "parameters" / "vision" / "haaglanden.yaml")
    titles = [scenario.load(name, years=YEARS).title.nl for name in scenario.names()]

    assert "base" in scenario.names()
    assert {ambition["scenario"] for ambition in vision["ambitions"]} <= set(scenario.names())
    assert {"Alle maatregelen", "Niets werkt en de prijzen stijgen"} <= set(titles)


LEVERS = scenario.levers()
NAMES = [lever.id for lever in LEVERS]
PAIRS = [(first, second) for first in LEVERS for second in LEVERS if first.id < second.id]


def test_every_fact_has_been_checked_and_is_not_past_its_date():
    """When this fails somebody must look whether the source still says so, and write the new dates in levers.yaml."""
    past = [lever.id for lever in LEVERS if lever.not_after < datetime.date.today()]

    assert past == []


def test_nothing_is_promised_for_a_year_that_has_gone_by():
    years = {lever.id: lever.promised.year for lever in LEVERS if lever.promised is not None}

    assert {name for name, year in years.items() if year < datetime.date.today().year} == set()


def test_what_nobody_measured_does_nothing_by_itself():
    for lever in LEVERS:
        if lever.evidence == "D":
            assert lever.default.size == 0, lever.id


def _biggest(lever):
    return lever.minimum if abs(lever.minimum) > abs(lever.maximum) else lever.maximum


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=lambda lever: lever.id)
def test_what_is_the_same_money_is_not_used_together(first, second):
    pair = {lever.id: {"size": _biggest(lever) / 10} for lever in (first, second)}
    if second.id in first.overlaps or first.id in second.overlaps:
        with pytest.raises(ParameterError, match="are the same money"):
            _read(**pair)
    else:
        assert set(_read(**pair).settings) == {first.id, second.id}


def test_the_package_overlaps_with_its_parts_and_the_nurse_shares_with_the_teams():
    known = {lever.id: lever for lever in LEVERS}

    assert {"own-contribution", "guideline-duration", "poh-jeugd", "closed-places"} <= set(
        known["reform-package"].overlaps
    )
    assert known["poh-jeugd"].shares_effect_with == ["normalise"]


def test_no_draw_exceeds_the_full_target():
    for lever in LEVERS:
        if lever.evidence in "BC":
            assert lever.comes_true().highest <= 1, lever.id


def test_a_lever_of_size_zero_overlaps_with_nothing():
    assert len(_read(**{"reform-package": {}, "poh-jeugd": {"size": 0}}).settings) == 2


@pytest.mark.parametrize(
    ("name", "size", "rests"),
    [
        ("poh-jeugd", -10, "A"),  # within what was found: 6 to -12
        ("poh-jeugd", -25, "own"),  # what a pilot promised
        ("reform-package", -650, "C"),
        ("reform-package", -1030, "own"),  # more than anybody called feasible
        ("guideline-intensity", -3, "own"),
        ("inflow", -10, "own"),
    ],
)
def test_a_size_that_no_evidence_carries_is_an_assumption_of_ones_own(name, size, rests):
    known = {lever.id: lever for lever in LEVERS}
    chosen = _read(**{name: {"size": size}}).settings[name]

    assert known[name].rests_on(chosen) == rests


def test_what_is_to_work_as_set_is_an_assumption_of_ones_own():
    content = {"title": "x", "works_as_set": True, "levers": {"poh-jeugd": {}}}
    chosen = scenario.read(content, years=YEARS)
    lever = LEVERS[NAMES.index("poh-jeugd")]

    assert chosen.works_as_set
    assert chosen.settings["poh-jeugd"].works_as_set
    assert lever.rests_on(chosen.settings["poh-jeugd"]) == "own"


def test_every_mechanism_has_a_lever():
    named = get_args(definitions.Lever.model_fields["mechanism"].annotation)

    assert {lever.mechanism for lever in scenario.levers()} == set(named)


FORMS = frozenset(form.id for form in scenario.care_forms().forms)


def _levers_with(name, change):
    content = store.read_yaml(store.root() / "parameters" / "levers.yaml")
    index = NAMES.index(name)
    kept = {key: value for key, value in content[index].items() if change.get(key, "") is not None}
    content[index] = kept | {key: value for key, value in change.items() if value is not None}
    today = datetime.date(2026, 11, 30)
    return definitions.check_levers(content, forms=FORMS, today=today, where="levers.yaml")


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("poh-jeugd", {"evidence": None}, "evidence"),
        ("poh-jeugd", {"evidence": "E"}, "evidence"),
        ("poh-jeugd", {"date": None}, "date"),
        ("poh-jeugd", {"checked": None}, "checked"),
        ("poh-jeugd", {"not_after": None}, "not_after"),
        ("poh-jeugd", {"source": None}, "source"),
        (
            "poh-jeugd",
            {"date": datetime.date(2027, 1, 1)},
            "date 2027-01-01 lies in the future; today is 2026-11-30",
        ),
        ("poh-jeugd", {"not_after": datetime.date(2025, 1, 1)}, "`checked` lies after `not_after`"),
        ("poh-jeugd", {"overlaps": ["reform-pakket"]}, "no other lever; did you mean reform-package"),
        ("poh-jeugd", {"overlaps": ["poh-jeugd"]}, "no other lever"),
        ("poh-jeugd", {"found": None}, "class A needs `found`"),
        ("poh-jeugd", {"found": {"low": 6, "mid": 9, "high": -12, "furthest": -25}}, "must be in order"),
        ("closed-places", {"promised": None}, "class C needs `promised`"),
        ("own-contribution", {"promised": {"size": -260, "year": 2028}}, "needs `prices_of`"),
        ("own-contribution", {"law": {"probability": 0, "status": {"nl": "x", "en": "x"}}}, "probability"),
        ("outflow", {"minimum": -190}, "the furthest effect is"),
        ("outflow", {"forms": ["nergens"]}, "unknown care form 'nergens'"),
        ("outflow", {"id": "usage"}, "is the name of something else too"),
        ("outflow", {"delay_months": 3}, "are for moving"),
        ("outflow", {"unit": "percent a year"}, "only price and population go by year"),
        (
            "outflow",
            {"realisation": {"why": {"nl": "x", "en": "x"}, "points": [[0, 1], [1, 0]]}},
            "values may not fall",
        ),
    ],
)
def test_a_lever_that_lacks_or_contradicts_something_is_refused(name, change, message):
    with pytest.raises(ParameterError, match=message):
        _levers_with(name, change)
