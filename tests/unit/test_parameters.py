"""Parameters: known ones are taken, unknown or impossible ones are refused by name."""

import datetime

import numpy as np
import pytest

from analyse import parameters, store
from analyse.errors import ParameterError


def test_the_shipped_file_holds_the_defaults():
    assert parameters.load("parameters/run.yaml") == parameters.Run()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"horizn": 3}, "unknown key 'horizn'; did you mean horizon"),
        ({"horizon": "drie"}, "horizon: got 'drie'"),
        ({"horizon": 11}, "less than or equal to 10"),
        ({"horizon": 2.5}, "horizon: got 2.5"),
        ({"municipality": ""}, "municipality: got '', expected a CBS code such as GM0503"),
        (
            {"region": "Haaglanden"},
            "region: got 'Haaglanden', expected the code of a youth region such as JZ24",
        ),
        ({"language": "fr"}, "'nl' or 'en'"),
    ],
)
def test_what_is_refused(values, message):
    with pytest.raises(ParameterError, match=message):
        parameters.load(**values)


def test_a_file_with_something_else_than_keys_is_refused(tmp_path):
    (tmp_path / "run.yaml").write_text("- horizon\n")
    with pytest.raises(ParameterError, match="expected keys and values"):
        parameters.load(tmp_path / "run.yaml")


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(ParameterError, match=r"nergens\.yaml: no such file"):
        parameters.load("nergens.yaml")


ASKING = "run = parameters.from_notebook(globals())"


def test_a_notebook_gives_the_values_of_its_parameters_cell_and_what_was_put_below_it():
    cells = [
        "",
        'municipality = "GM0503"\nhorizon = 6',
        'municipality = "GM0599"',
        "%matplotlib inline",
        ASKING,
    ]
    namespace = {"In": cells, "municipality": "GM0599", "horizon": 6}
    assert parameters.from_notebook(namespace) == parameters.Run(municipality="GM0599", horizon=6)


def test_a_cell_can_be_run_again_when_the_notebook_has_gone_on():
    cells = ["", "horizon = 3", ASKING, "x = 5", ASKING]
    assert parameters.from_notebook({"In": cells, "horizon": 3, "x": 5}) == parameters.Run(horizon=3)


def test_parameters_count_too_where_cells_are_run_without_being_kept():
    namespace = {
        "In": [""],
        "group": "both",
        "members": ["GM0503", "GM0603"],
        "contracts": parameters,
        "x": 5,
    }
    assert parameters.from_notebook(namespace) == parameters.Run(group="both", members=("GM0503", "GM0603"))


def test_a_mistyped_notebook_parameter_is_refused():
    namespace = {"In": ["", 'municpality = "GM0503"', ASKING], "municpality": "GM0503"}
    with pytest.raises(ParameterError, match="did you mean municipality"):
        parameters.from_notebook(namespace)


def test_random_numbers_depend_on_seed_and_name_only():
    run = parameters.Run()
    first, again, other = run.rng("population"), run.rng("population"), run.rng("price")
    draws = [generator.standard_normal(5) for generator in (first, again, other)]
    assert np.array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])


def test_declared_breaks_have_their_own_number_and_both_languages():
    breaks = parameters.breaks()
    assert [one.number for one in breaks] == list(range(1, len(breaks) + 1))
    assert {one.id for one in breaks} >= {
        "usage-2021",
        "woonplaatsbeginsel-2022",
        "iv3-2023",
        "iv3-2025",
        "covid-2020",
    }
    assert all(one.title.nl and one.title.en and one.reason.nl and one.reason.en for one in breaks)


def test_an_assumption_outside_its_interval_is_refused(tmp_path, monkeypatch):
    text = (store.root() / "parameters" / "assumptions.yaml").read_text().replace("low: 1.6", "low: 6.1")
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "assumptions.yaml").write_text(text)
    monkeypatch.setattr(store, "root", lambda: tmp_path)
    with pytest.raises(ParameterError, match=r"price_growth_percent.*must be in that order"):
        parameters.assumptions()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"covrage": 0.9}, "a.yaml: unknown key 'x.covrage'; did you mean coverage?"),
        ({"zz": 1}, "unknown key 'x.zz'; known are value, unit, low, high"),
        ({"low": 3.0}, "a.yaml: x: low 3.0, value 2.0 and high 4.0 must be in that order"),
    ],
)
def test_a_mistake_in_a_file_names_its_own_keys_not_those_of_a_run(changed, message):
    good = {
        "value": 2.0, "unit": "%", "low": 1.0, "high": 4.0, "coverage": 0.8, "date": datetime.date(2026, 1, 1),
        "status": "assumption", "description": "a", "source": "b",
    }  # fmt: skip
    assert parameters.validated(dict[str, parameters.Assumption], {"x": good}, "a.yaml")["x"].value == 2.0
    with pytest.raises(ParameterError) as refused:
        parameters.validated(dict[str, parameters.Assumption], {"x": good | changed}, "a.yaml")
    assert message in str(refused.value)


@pytest.mark.parametrize("name", ["municipality", "area"])
def test_digits_that_papermill_made_a_number_of_are_refused_with_the_code_to_write(name: str):
    with pytest.raises(
        ParameterError, match=rf"{name}: got 503; .*write it with its letters, such as GM0503"
    ):
        parameters.load(None, **{name: 503})
