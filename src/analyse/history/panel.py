"""History: one row per municipality and year, with youths, clients, costs and budget side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analyse import schema
from analyse.errors import DataError, ParameterError
from analyse.history import areas, boundaries, bridge, form_history, youths
from analyse.history.shape import AREA_HISTORY, HISTORY, VALUES
from analyse.schema import VALUE_STATUSES, Table

COMPOSITIONS = ("fixed", "of-the-time")
LEVELS = ("municipality", "region", "all")
TOTAL = "total"
_COSTS = {"accounts": "cost_eur", "budget": "budget_eur", "budget with policy": "budget_with_policy_eur"}
_YOUTHS_SOURCE = {"final": "BZK gemeentefonds (youths)", "estimated": "CBS population, own estimate"}
_USAGE_SOURCE = {2021: "CBS 85075NED", 2022: "CBS 85335NED", 2023: "CBS 85618NED"}


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    composition: str = "fixed",
    composition_year: int = 2026,
    care_forms: Sequence[str] = (TOTAL,),
) -> pd.DataFrame:
    """Build the history table.

    Parameters
    ----------
    tables : mapping of DataFrame
        The tables of a dataset, with known source errors marked as ``faulty``.
    composition : {"fixed", "of-the-time"}
        ``fixed``: predecessors are added up into today's municipalities, and every year has the regions of
        ``composition_year``. ``of-the-time``: the municipalities and regions of each year itself.
    composition_year : int
        Year whose regions are used when the composition is fixed.
    care_forms : sequence of str
        Rows wanted; ``form_history.known(tables)`` names the forms a dataset has. A form without figures gives no rows.

    Returns
    -------
    DataFrame
        One row per (municipality_code, care_form, period), see ``HISTORY``: municipality, region_code,
        region, cost_eur and budget_eur (EUR; budget_with_policy_eur is the largest budget that can be meant), youths
        (0 to 17 on 1 January), youths_0_22 and clients (youths with care in kind), each with a status, and source.

    Raises
    ------
    ParameterError
        When ``composition`` or ``composition_year`` is not one of those possible.
    DataError
        When a figure contradicts its status.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> rows = build(snapshot.load()).query("municipality_code == 'GM0503' and period == 2024")
    >>> rows[["municipality", "youths", "cost_eur"]].to_dict("records")
    [{'municipality': 'Delft', 'youths': 15701.0, 'cost_eur': 38631000.0}]

    Delft had 15,701 youths on 1 January 2024 and spent EUR 38.6 million on youth care in that year.
    """
    _check_composition(tables, composition, composition_year)
    fixed = composition == "fixed"
    parts = [*costs(tables), clients(tables)]
    young = youths.reconstruct(tables)
    if fixed:
        parts = [_today(part, tables) for part in parts]
    else:
        young = youths.of_the_time(young, tables)
    history = _frame(tables, composition_year if fixed else None)
    for part in (young, *parts):
        history = history.merge(
            part.astype({"period": "int64"}), on=["municipality_code", "period"], how="left", validate="1:1"
        )
    history = _filled(history.assign(care_form=TOTAL))
    history = history.assign(source=_source(history))
    apart = [form for form in care_forms if form != TOTAL]
    rows = [history] if TOTAL in care_forms else []
    rows += [_forms(history, tables, apart, fixed)] if apart else []
    return _checked(pd.concat(rows, ignore_index=True) if rows else history.head(0), HISTORY)


def _today(part: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A figure and its status in the municipalities of today."""
    value = next(column for column in part.columns if column in VALUES)
    return boundaries.recode(part, tables, {value: VALUES[value]}, time="period")


def _filled(history: pd.DataFrame) -> pd.DataFrame:
    statuses = history[list(VALUES.values())]
    return history.assign(**statuses.astype("str").where(statuses.notna(), "missing"))


def _forms(
    history: pd.DataFrame, tables: Mapping[str, pd.DataFrame], wanted: Sequence[str], fixed: bool
) -> pd.DataFrame:
    """Rows by form: the youths of the total, beside the figures of the form."""
    figures = form_history.rows(tables, wanted, fixed=fixed)
    shared = ["municipality_code", "municipality", "region_code", "region", "period"]
    people = ["youths", "youths_status", "youths_0_22", "youths_0_22_status"]
    rows = history[[*shared, *people]].merge(
        figures, on=["municipality_code", "period"], how="inner", validate="1:m"
    )
    rows = _filled(rows.reindex(columns=history.columns))
    return rows.assign(source="CBS StatLine, by form of care")


def by_area(
    history: pd.DataFrame, level: str, *, groups: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """Add the history up to a level.

    Parameters
    ----------
    history : DataFrame
        See ``HISTORY``.
    level : {"municipality", "region", "all", "group"}
        What one row is.
    groups : mapping of str to sequence of str, optional
        With level ``group``: the municipality codes of each group by its name. A municipality may be in several.

    Returns
    -------
    DataFrame
        One row per (area_code, care_form, period), see ``AREA_HISTORY``: the columns of ``build``, with area and
        area_code instead of municipality and region; the area code of a group is its name. A sum
        of which a part is unknown is a lower bound, with status ``incomplete``.

    Raises
    ------
    ParameterError
        When ``level`` is not one of these, or a group has a municipality that is not in the history.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> regions = by_area(build(snapshot.load()), "region")
    >>> sorted(regions["area_code"].unique())
    ['JZ18', 'JZ24', 'JZ29']
    """
    if level == "group":
        return _summed(areas.grouped(history, groups or {}))
    if level not in LEVELS:
        raise ParameterError(f"history: level {level!r} is not known; choose one of {', '.join(LEVELS)}")
    if level == "municipality":
        coded = history.rename(columns={"municipality_code": "area_code", "municipality": "area"})
        return _checked(coded.drop(columns=["region_code", "region"]), AREA_HISTORY)
    if level == "region":
        coded = history.assign(area_code=history["region_code"], area=history["region"])
    else:
        coded = history.assign(area_code=areas.ALL, area=areas.all_name(set(history["region"])))
    return _summed(coded)


def _summed(coded: pd.DataFrame) -> pd.DataFrame:
    """Rows of municipalities with the area each belongs to, added up by area."""
    keys = ["area_code", "area", "care_form", "period"]
    summed = boundaries.add_up(coded, keys, VALUES)
    sources = coded.groupby(keys, sort=True)["source"].agg(_joined).reset_index()
    return _checked(summed.merge(sources, on=keys, validate="1:1"), AREA_HISTORY)


def costs(tables: Mapping[str, pd.DataFrame]) -> list[pd.DataFrame]:
    """Return accounts, budget, and budget with policy, by municipality code of the time and year; see ``bridge``."""
    amounts = bridge.costs(tables)
    return [
        amounts[report].rename(columns={"cost_eur": value, "status": VALUES[value]})
        for report, value in _COSTS.items()
    ]


def clients(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return youths with youth care in kind: municipality_code of the time, period, clients, clients_status."""
    usage = tables["usage"]
    total = usage.loc[(usage["measure"] == "youths") & (usage["breakdown"] == "total")]
    renamed = total.rename(columns={"year": "period", "count": "clients", "status": "clients_status"})
    return renamed[["municipality_code", "period", "clients", "clients_status"]].astype(
        {"clients": "float64"}
    )


def _frame(tables: Mapping[str, pd.DataFrame], composition_year: int | None) -> pd.DataFrame:
    """One row per municipality and year, with name and region; None is the composition of each year."""
    periods = range(int(tables["costs"]["year"].min()), int(tables["costs"]["year"].max()) + 1)
    names = areas.regions(tables)
    if composition_year is None:
        listed = pd.concat([areas.in_year(tables, period).assign(period=period) for period in periods])
        return listed.assign(region=listed["region_code"].map(names))
    today = areas.in_year(tables)
    then = areas.in_year(tables, composition_year)
    then = then.assign(municipality_code=boundaries.current_codes(then["municipality_code"], tables))
    regions = then.drop_duplicates(["municipality_code", "region_code"])[["municipality_code", "region_code"]]
    placed = today.drop(columns="region_code").merge(
        regions, on="municipality_code", how="left", validate="1:1"
    )
    placed = placed.assign(region=placed["region_code"].map(names))
    return placed.merge(pd.DataFrame({"period": list(periods)}), how="cross")


def _check_composition(tables: Mapping[str, pd.DataFrame], composition: str, composition_year: int) -> None:
    if composition not in COMPOSITIONS:
        raise ParameterError(
            f"history: composition {composition!r} is not known; choose one of {', '.join(COMPOSITIONS)}"
        )
    known = tables["municipalities"].dropna(subset="region_code")["year"]
    if not known.min() <= composition_year <= known.max():
        raise ParameterError(
            f"history: no regions are known for composition year {composition_year}; "
            f"choose {known.min()} to {known.max()}"
        )


def _checked(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Check the table, and that every figure has a value exactly where its status says so."""
    typed = schema.check(frame, table)
    for value, status in VALUES.items():
        wrong = typed[value].notna() != typed[status].isin(VALUE_STATUSES)
        if wrong.any():
            row = typed.loc[wrong].iloc[0]
            key = "/".join(str(row[column]) for column in table.key)
            raise DataError(
                f"{table.name}: {key}: {status} {row[status]!r} contradicts {value} = {row[value]}"
            )
    return typed


def _source(history: pd.DataFrame) -> list[str]:
    texts = []
    for row in history[["period", "cost_eur", "budget_eur", "clients", "youths_status"]].itertuples():
        parts = [f"CBS Iv3 {row.period}X005"] if pd.notna(row.cost_eur) else []
        parts += [f"CBS Iv3 {row.period}X000"] if pd.notna(row.budget_eur) else []
        parts += [_USAGE_SOURCE.get(row.period, "CBS")] if pd.notna(row.clients) else []
        parts += [_YOUTHS_SOURCE[row.youths_status]] if row.youths_status in _YOUTHS_SOURCE else []
        texts.append("; ".join(parts))
    return texts


def _joined(texts: pd.Series) -> str:
    known = dict.fromkeys(texts.dropna())
    return "; ".join(dict.fromkeys(part for text in known for part in text.split("; ")))
