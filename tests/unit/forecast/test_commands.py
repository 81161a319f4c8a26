"""The commands of the forecast, from what is typed to what is written."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analyse.cli import app, forecast_flows
from analyse.errors import AnalyseError, DataError
from analyse.forecast import stock_flow


def _run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


@pytest.fixture
def files(tmp_path):
    """Sixty series that move at random, and plans that knew the year ahead."""
    rng = np.random.default_rng(3)
    values = 100 * np.exp(np.cumsum(rng.normal(0, 0.15, (60, 10)), axis=1))
    keys, years = [f"s{number}" for number in range(60)], [*range(2015, 2025)]
    history = pd.DataFrame(
        {"key": np.repeat(keys, 9), "year": years[:9] * 60, "value": values[:, :9].ravel()}
    )
    known = pd.DataFrame({"key": np.repeat(keys, 9), "year": years[1:] * 60, "plan": values[:, 1:].ravel()})
    history.assign(area=history["key"].str[-1]).to_csv(tmp_path / "panel.csv", index=False)
    known.to_csv(tmp_path / "known.csv", index=False)
    return tmp_path, pd.Series(values[:, 9], index=keys)


def test_a_plan_on_the_command_line_is_followed(files):
    folder, came = files
    options = [
        "--input",
        folder / "panel.csv",
        "--key",
        "key",
        "--horizon",
        1,
        "--output",
        folder / "out.csv",
    ]
    plan = ["--known", folder / "known.csv", "--role", "plan=level", "--lead", "plan=1"]
    _run("forecast", *options, *plan, "--region", "area", "--breaks", "2018,2020", "--levels", "50")
    table = pd.read_csv(folder / "out.csv").set_index("key")
    assert list(table) == ["year", "mean", "0.25", "0.5", "0.75"]
    assert (table["0.5"] / came - 1).abs().median() < 0.03


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--role", "plan=level"], "give that table too"),
        (["--known", "known.csv", "--role", "plan"], "such as budget_eur=level"),
        (["--known", "known.csv", "--role", "plan=plan"], "choose level or peer"),
        (
            ["--known", "known.csv", "--role", "plan=level", "--lead", "plan=soon"],
            "--lead plan=soon: expected a whole",
        ),
        (
            ["--known", "known.csv", "--role", "plan=level", "--lead", "plan=1.5"],
            "--lead plan=1.5: expected a whole",
        ),
        (
            ["--known", "known.csv", "--role", "plan=level", "--lead", "plan=inf"],
            "--lead plan=inf: expected a whole",
        ),
        (
            ["--known", "known.csv", "--role", "plan=level", "--role", "plan=peer"],
            "--role: plan is there twice",
        ),
        (["--known", "known.csv", "--lead", "plan=1", "--lead", "plan=2"], "--lead: plan is there twice"),
        (["--levels", "most"], "'most' is no number"),
    ],
)
def test_a_mistake_in_an_option_is_refused_in_words(files, options, message):
    folder, _ = files
    named = [folder / option if option.endswith(".csv") else option for option in options]
    with pytest.raises(AnalyseError, match=message):
        _run(
            "forecast",
            "--input",
            folder / "panel.csv",
            "--key",
            "key",
            "--output",
            folder / "out.csv",
            *named,
        )


def test_the_backtest_writes_scores_and_forecasts(tmp_path):
    scores, forecasts = tmp_path / "scores.csv", tmp_path / "forecasts.csv"
    _run("backtest", "--method", "last_year", "--half", "1", "--output", scores, "--forecasts", forecasts)
    table = pd.read_csv(scores)
    assert list(table)[:6] == ["level", "size", "origin", "horizon", "method", "n"]
    assert set(table["method"]) == {"last_year"}
    rows = pd.read_csv(forecasts)
    assert " ".join(rows) == "municipality_code origin period mean 0.025 0.1 0.5 0.9 0.975"
    assert "GM0599" in set(rows["municipality_code"])
    assert "GM0503" not in set(rows["municipality_code"])  # half 0


def test_the_country_and_a_region_at_once_are_refused(tmp_path):
    with pytest.raises(AnalyseError, match="either --country or --region"):
        _run("backtest", "--country", "--region", "Haaglanden", "--output", tmp_path / "scores.csv")


def test_a_registered_forecast_is_kept_once_and_scored(tmp_path):
    options = ["--folder", tmp_path / "register"]
    _run("register", "add", *options, "--origin", 2023, "--horizon", 1)
    assert "unchanged" in _run("register", "show", *options)
    with pytest.raises(AnalyseError, match="there already"):
        _run("register", "add", *options, "--origin", 2023, "--horizon", 1)
    _run("register", "score", *options, "--output", tmp_path / "scores.csv")
    row = pd.read_csv(tmp_path / "scores.csv").iloc[0]
    assert (row["horizon"], row["period"], row["n"]) == (1, 2024, 35)
    file = next((tmp_path / "register").rglob("*.csv"))
    file.write_text(file.read_text().replace("mean", "Mean", 1))
    with pytest.raises(AnalyseError, match="its file was changed"):
        _run("register", "score", *options)


def test_flows_give_the_number_in_care_by_form_and_age(tmp_path):
    # A hundred of age 10 and eighty of 11 each year; a fifth of age 10 leaves, all others pass the last age.
    flows = pd.DataFrame(
        {
            **{"care_form": "pleegzorg", "period": [2022, 2022, 2023, 2023], "age": [10, 11] * 2},
            **{"stock": [0, 80] * 2, "joined": [100, 0] * 2, "left": [20, 0] * 2},
        }
    )
    people = pd.DataFrame({"period": np.repeat([2022, 2023, 2024], 2), "age": [10, 11] * 3, "count": 1000})
    flows.to_csv(tmp_path / "flows.csv", index=False)
    people.to_csv(tmp_path / "people.csv", index=False)
    options = ["--input", tmp_path / "flows.csv", "--population", tmp_path / "people.csv", "--horizon", 2]
    said = _run("flows", *options, "--output", tmp_path / "out.csv")
    table = pd.read_csv(tmp_path / "out.csv", dtype={"age": "str"}).set_index(["period", "age"])
    assert table.loc[(2024, "11"), ["0.1", "0.5", "0.9"]].tolist() == [80.0, 80.0, 80.0]  # known already
    later = table.loc[(2025, "all")]
    assert later["0.1"] < 80 < later["0.9"]
    assert later["0.5"] == pytest.approx(80, abs=4)
    assert "pleegzorg: 6.5 years on average" in said  # (160 + 200 / 2) / 40


def test_flows_are_read_as_every_table_of_ones_own_is(tmp_path):
    head = "care_form;period;age;stock;joined;left\n"
    rows = [
        f"pleegzorg;{year};{age};{stock};0;0"
        for year in (2022, 2023)
        for age, stock in ((10, "1.000"), (11, 0))
    ]
    (tmp_path / "flows.csv").write_text(head + "\n".join(rows), encoding="utf-8")
    people = [f"{year}JJ00;{age};17.000" for year in (2022, 2023, 2024) for age in (10, 11)]
    (tmp_path / "people.csv").write_text("period;age;count\n" + "\n".join(people), encoding="utf-8")

    flows = forecast_flows._counts(tmp_path / "flows.csv", [*stock_flow.KEYS, *stock_flow.COUNTS])
    counted = forecast_flows._counts(tmp_path / "people.csv", ["period", "age", "count"])

    assert flows["stock"].tolist() == [1000, 0, 1000, 0]
    assert counted[["period", "count"]].drop_duplicates().to_numpy().tolist() == [
        [2022, 17000], [2023, 17000], [2024, 17000],
    ]  # fmt: skip
    (tmp_path / "flows.csv").write_text(head + "\n\npleegzorg;2022;10;;0;0\n", encoding="utf-8")
    with pytest.raises(
        DataError, match=r"flows.csv: row 4, column stock \(D4\): got None, expected a whole number"
    ):
        forecast_flows._counts(tmp_path / "flows.csv", [*stock_flow.KEYS, *stock_flow.COUNTS])
