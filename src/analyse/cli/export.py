"""The tables of ``analyse history`` and ``analyse forecast``: by area and year, or of a table brought along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analyse import store
from analyse.compare import choices
from analyse.errors import DataError, ParameterError
from analyse.history import panel
from analyse.parameters import Run
from analyse.reading import digits, plain_yaml
from analyse.reading.sheets import Sheet, as_text
from analyse.schema import quantile_column
from analyse.sources import snapshot

HORIZON = 6
FIGURES = (
    *("youths", "clients", "cost_eur", "budget_eur"),
    *("status", "youths_status", "clients_status", "budget_status"),
)


def known_figures(run: Run, level: str, *, only: Sequence[str] = ()) -> pd.DataFrame:
    """Return the known figures, one row per area and year.

    Columns: region, region_code, municipality_code and municipality (by municipality only), period,
    youths, clients, cost_eur (accounts), budget_eur, status (of the costs), youths_status,
    clients_status, budget_status. An empty figure is unknown, never zero: its status says why.
    """
    history = panel.build(
        snapshot.load(run.dataset, regions=run.regions),
        composition=run.composition,
        composition_year=run.composition_year,
    )
    groups = _groups(run, history["municipality_code"], only) if level == "group" else None
    rows = panel.by_area(history, level, groups=groups)
    return _sorted(_keyed(rows, history, level)[[*_key(level), *FIGURES]], level)


def expected_costs(run: Run, level: str) -> pd.DataFrame:
    """Return the expected costs, one row per area and year.

    Columns: the key of ``known_figures``, mean_eur, and the quantiles 0.025, 0.1, 0.5, 0.9 and 0.975
    in euro: 80 % of the joint futures lie between 0.1 and 0.9, 95 % between 0.025 and 0.975. The future
    has one set of boundaries, so the composition is always the fixed one.
    """
    from analyse import forecast, shared
    from analyse.schema import QUANTILES

    learned = shared.pool(run)
    paths = forecast.simulate(
        learned.history,
        learned.tables,
        horizon=run.horizon,
        samples=run.samples,
        rng=run.rng("forecast"),
        only=learned.codes,
        assumptions=run.assumptions,
    )
    groups = _groups(run, learned.codes) if level == "group" else None
    summary = forecast.quantiles(forecast.by_area(paths, level, groups=groups), measures=["cost_eur"])
    future = summary.loc[summary["stage"] == "forecast"]
    headings = {quantile_column(quantile): f"{quantile:g}" for quantile in QUANTILES}
    costs = future.rename(columns={"mean": "mean_eur", **headings})
    columns = ["mean_eur", *headings.values()]
    return _sorted(_keyed(costs, learned.history, level)[[*_key(level), *columns]], level)


def _groups(run: Run, codes: Iterable[str], only: Sequence[str] = ()) -> dict[str, Sequence[str]]:
    """The groups asked for; by default those of the run, and the others whose municipalities are all there."""
    there, own = set(codes), dict(run.groups)
    return {
        name: members
        for name, members in choices.groups(run, only).items()
        if only or name in own or set(members) <= there
    }


def assumptions(texts: Sequence[str]) -> dict[str, Any]:
    """Return the assumptions of ``--assume``, each a name and a value as YAML would have it.

    Raises
    ------
    ParameterError
        If a text is no name with a value, or a name comes twice.

    Examples
    --------
    >>> assumptions(["price_growth_percent=3", "leave_out_years=[2020, 2021]", "budget_signal=no"])
    {'price_growth_percent': 3, 'leave_out_years': [2020, 2021], 'budget_signal': False}
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, _, value = text.partition("=")
        if not value or name in found:
            why = "is there twice" if name in found else "has no value"
            raise ParameterError(f"--assume {text}: {name} {why}; write such as price_growth_percent=3")
        try:
            found[name] = plain_yaml.parsed(value)
        except plain_yaml.ERRORS as error:
            why = " ".join(str(error).split())
            raise ParameterError(
                f"--assume {text}: {value!r} is no value ({why}); write such as {name}=3"
            ) from error
    return found


def brings_table(by: Any, table: Path | None, parameters: Path | None, columns: Mapping[str, Any]) -> bool:
    """Whether the forecast is of a table of one's own; what does not go together is refused."""
    if (by is None) == (table is None):
        raise ParameterError(
            "forecast: give either --by municipality, --by region, or --input with a table of your own"
        )
    if table is not None and parameters is not None:
        raise ParameterError("forecast: --parameters goes with --by; give the settings of --input as options")
    given = [f"--{name}" for name, value in columns.items() if value is not None]
    if by is not None and given:
        raise ParameterError(f"forecast: {given[0]} goes with --input, not with --by")
    return table is not None


def forecast_of_table(
    table: Path, *, key: Sequence[str] | None, horizon: int | None, **settings: Any
) -> pd.DataFrame:
    """Return the forecast of every series of a file, in six digits.

    Columns: the key, the period, mean, and the quantiles (0.025, 0.1, 0.5, 0.9 and 0.975 unless levels are given) in
    the unit of the value.

    Parameters
    ----------
    table : Path
        The file with the series.
    key : sequence of str or None
        Columns, or several with commas between them.
    horizon : int or None
        Periods ahead; None is 6.
    **settings
        As given on the command line: known is a file, role and lead are lists of ``column=...``, breaks and levels have
        commas. None is not given.
    """
    from analyse import forecast_table

    given = {name: value for name, value in settings.items() if value is not None}
    if "breaks" in given:
        given["breaks"] = given["breaks"].split(",")
    if "levels" in given:
        given["levels"] = [_number(text, "--levels") for text in given["levels"].split(",")]
    if key:
        given["key"] = [column for names in key for column in names.split(",")]
    figures = [given.get("value", "value"), given.get("period", "period"), "year"]
    sheet = store.read_sheet(table, wanted=figures)
    if sheet.layout is not None:
        given["decimal"] = sheet.layout.decimal
    given |= _beforehand(
        given.pop("known", None), given.pop("role", []), given.pop("lead", []), sheet, figures
    )
    try:
        forecasts = forecast_table(
            _with_keys(sheet, figures), horizon=HORIZON if horizon is None else horizon, **given
        )
    except DataError as error:
        raise DataError(f"{table}: {str(error).removeprefix('forecast: ')}") from error
    return significant(forecasts)


def _with_keys(sheet: Sheet, figures: Sequence[str]) -> pd.DataFrame:
    """The cells of a sheet, with all that is no figure as text: codes keep their form."""
    keys = [name for name in sheet.frame.columns if name not in figures]
    return sheet.frame.assign(**{name: sheet.frame[name].map(as_text) for name in keys})


def _beforehand(
    known: Path | None, roles: Sequence[str], leads: Sequence[str], history: Sheet, figures: Sequence[str]
) -> dict[str, Any]:
    """What is known beforehand, as ``forecast_table`` takes it."""
    if known is None:
        if roles or leads:
            raise ParameterError("forecast: --role and --lead say something of --known; give that table too")
        return {}
    by_role: dict[str, list[str]] = {}
    for column, role in _pairs(roles, "--role", "budget_eur=level"):
        by_role.setdefault(role, []).append(column)
    strange = set(by_role) - {"level", "peer"}
    if strange:
        raise ParameterError(f"--role: {min(strange)!r} is no role; choose level or peer")
    ahead = dict(_pairs(leads, "--lead", "budget_eur=1"))
    for column, text in ahead.items():
        if not re.fullmatch("[0-9]{1,4}", text):
            raise ParameterError(
                f"--lead {column}={text}: expected a whole number of periods, such as {column}=1"
            )
    sheet = store.read_sheet(known)
    covariates = [name for name in sheet.frame.columns if name not in history.frame.columns]
    return {
        "known": _with_keys(sheet, [*figures, *covariates]),
        **by_role,
        "lead": {name: int(text) for name, text in ahead.items()},
    }


def _pairs(texts: Sequence[str], option: str, example: str) -> list[tuple[str, str]]:
    """Column and what is said of it, from texts such as ``budget_eur=level``."""
    pairs = [text.rpartition("=") for text in texts]
    for text, (column, _, said) in zip(texts, pairs, strict=True):
        if not column or not said:
            raise ParameterError(f"{option} {text}: expected a column and what it is, such as {example}")
    columns = [column for column, _, _ in pairs]
    if twice := sorted({column for column in columns if columns.count(column) > 1}):
        raise ParameterError(f"{option}: {twice[0]} is there twice; give it once")
    return [(column, said) for column, _, said in pairs]


def _number(text: str, option: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ParameterError(f"{option}: {text!r} is no number") from None


def significant(frame: pd.DataFrame, digits: int = 6) -> pd.DataFrame:
    """The same table with its figures rounded to the digits that a forecast can be known to.

    Examples
    --------
    >>> significant(pd.DataFrame({"mean": [1043.28374651, 0.1234567891]}))["mean"].tolist()
    [1043.28, 0.123457]
    """
    figures = frame.select_dtypes("float").columns
    rounded = {name: frame[name].map(lambda value: float(f"{value:.{digits}g}")) for name in figures}
    return frame.assign(**rounded)


def _key(level: str) -> list[str]:
    if level == "group":
        return ["group", "period"]
    area = ["municipality_code", "municipality"] if level == "municipality" else []
    return ["region", "region_code", *area, "period"]


def _keyed(rows: pd.DataFrame, history: pd.DataFrame, level: str) -> pd.DataFrame:
    """Turn area_code into the columns of the key, with the region that holds for the row's year."""
    if level == "group":
        return rows.rename(columns={"area_code": "group"})
    if level == "region":
        keyed = rows.assign(region_code=rows["area_code"])
    else:
        names = history[["municipality_code", "municipality", "region_code", "period"]].drop_duplicates()
        last = names.sort_values("period").drop_duplicates("municipality_code", keep="last")
        keyed = rows.drop(columns=["area", "region_code"], errors="ignore")
        keyed = keyed.rename(columns={"area_code": "municipality_code"})
        by_year = set(keyed["period"]) <= set(names["period"])
        on = ["municipality_code", "period"] if by_year else ["municipality_code"]
        keyed = keyed.merge(names if by_year else last.drop(columns="period"), on=on, validate="m:1")
    regions = history.drop_duplicates("region_code").set_index("region_code")["region"]
    return keyed.assign(region=keyed["region_code"].map(regions))


def _sorted(table: pd.DataFrame, level: str) -> pd.DataFrame:
    return table.sort_values(_key(level), ignore_index=True)


def as_json(table: pd.DataFrame) -> str:
    """A table as a JSON list of rows; what is not known is null.

    Examples
    --------
    >>> as_json(pd.DataFrame({"period": [2024, 2025], "cost_eur": [1.5, None]}))
    '[{"period":2024,"cost_eur":1.5},{"period":2025,"cost_eur":null}]'
    """
    return digits.of_table(table).to_json(orient="records", force_ascii=False, date_format="iso")
