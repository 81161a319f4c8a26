"""Year-end forecast: what a year of care will have cost, from months completed and months to come, against the budget.

Joint samples of the months (``history.completion``) are added up within a sample; lump sums, which bring no
declarations, are added in full. The forecasts of earlier months stay beside the newest one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.history import completion
from analyse.history.completion.triangle import label, month_number
from analyse.monitor import store_cache
from analyse.schema import QUANTILES, quantile_column

YEAR = 12
BY = ("municipality_code", "care_form")
MOSTLY = 0.5
"""Share declared from which the completed amount of a month or year tells what was declared."""
OF_WHOLE = ("mean", *(quantile_column(share) for share in QUANTILES), "to_come_eur", "probability")
"""What says of a forecast of the year how much it comes to."""


def looked_back(
    cells: pd.DataFrame,
    cut_off: str,
    *,
    by: Sequence[str] = BY,
    within: Sequence[str] = BY,
    trajectories: pd.DataFrame | None = None,
) -> completion.Uncertain:
    """Months completed at the cut-off and forecast to the end of its year, with what is needed to draw samples.

    Parameters
    ----------
    cells : DataFrame
        ``within``, provider, product_month, development_month, amount_cents: of every municipality there is,
        because how providers declare is learned from all of them.
    cut_off : last month of which the declarations are known, "2024-09"
    by : names of the columns that name a series of the result
    within : names of the columns that months are completed by; ``by`` and perhaps finer
    trajectories : DataFrame, optional
        With start_date and stop_date: products billed at their end are then in the months in which the care is given,
        work in progress included; without them in the month of the bill. Cells need volume and lines for it.
    """
    if trajectories is not None:
        cells = completion.accrual.accrued(cells, trajectories, cut_off)

    def make() -> dict[str, object]:
        last = int(month_number(pd.Series([pd.Timestamp(cut_off)]))[0])
        whole = completion.classed(cells, cut_off, by=tuple(within))
        uncertain = completion.look_back(whole, by=tuple(by), ahead=YEAR - 1 - last % YEAR)
        return {"errors": uncertain.errors, **vars(uncertain.completed)}

    choices = {"cut_off": cut_off, "by": list(by), "within": list(within)}
    made = dict(store_cache.once("looked_back", store_cache.whole_store(cells), choices, make))
    return completion.Uncertain(errors=made.pop("errors"), completed=completion.Completed(**made))


def known(
    cells: pd.DataFrame,
    cut_off: str,
    *,
    by: Sequence[str] = BY,
    within: Sequence[str] = BY,
    members: Sequence[str] = (),
) -> completion.Uncertain:
    """The completion and forecast of ``looked_back``, also where there are too few months to complete.

    Then it holds what has been declared, and NaN for what is still to come. With ``members`` the months of these
    municipalities count: of one that has only just joined a store of others, nobody knows how far its completion
    would have been off.

    Parameters
    ----------
    cells, cut_off, by, within
        As for ``looked_back``.
    members : sequence of str
        Municipality codes; none is all of them.
    """
    if long_enough(cells, cut_off, members):
        return looked_back(cells, cut_off, by=by, within=within)
    return completion.short.declared(cells, cut_off, by=by, ahead=YEAR - pd.Timestamp(cut_off).month)


def long_enough(cells: pd.DataFrame, cut_off: str, members: Sequence[str] = ()) -> bool:
    """Whether there are enough months at the cut-off, of the members or of all, to estimate what is still to come.

    Parameters
    ----------
    cells, cut_off, members
        As for ``known``.
    """
    own = cells[cells["municipality_code"].isin(members)] if len(members) else cells
    return completion.short.months(own, cut_off) >= completion.short.NEEDED


def year_samples(
    found: completion.Uncertain,
    samples: int,
    rng: np.random.Generator,
    *,
    series: np.ndarray | slice = slice(None),
) -> np.ndarray:
    """Cost of the calendar year of the cut-off, EUR (series, sample), of all series or of some.

    Parameters
    ----------
    found : Uncertain
        From ``looked_back``.
    samples : int
        Number of samples.
    rng : Generator
        Source of the random numbers.
    series : ndarray or slice
        Which series; by default all.
    """
    this_year = found.months // YEAR == found.completed.cut_off // YEAR
    return found.draw(samples, rng, series=series, months=this_year).sum(axis=1)


def forecast(
    found: completion.Uncertain,
    contracts: dict[str, pd.DataFrame],
    *,
    members: Sequence[str],
    samples: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Year-end forecast of one area.

    Parameters
    ----------
    found : Uncertain
        From ``known``.
    contracts : mapping of DataFrame
        ``budgets`` and ``lump_sums``, where given.
    members : sequence of str
        Municipality codes of the area.
    samples, rng
        As for ``year_samples``.

    Returns
    -------
    DataFrame
        One row: cut_off, year, declared_eur (to date), completed_eur (months past, completed), to_come_eur (months
        to come), lump_sum_eur, mean, quantiles q0.1 and so on, budget_eur (NaN unless every member has one), and
        probability of spending more than that (NaN without a budget). With too few months (``known``) what is completed
        or forecast is NaN.
    """
    own = found.completed
    year = own.cut_off // YEAR
    inside = own.keys["municipality_code"].isin(members).to_numpy()
    total = year_samples(found, samples, rng, series=inside).sum(axis=0)
    lump = float(_of_year(contracts["lump_sums"], year, members)["amount_eur"].sum())
    this_year = own.months // YEAR == year
    past = this_year & (own.months <= own.cut_off)
    budgets = _of_year(contracts["budgets"], year, members)
    whole = set(budgets["municipality_code"]) >= set(members)
    budget = float(budgets["budget_eur"].sum()) if whole else np.nan
    return pd.DataFrame(
        [
            {
                "cut_off": label(own.cut_off),
                "year": year,
                "declared_eur": float(own.declared[inside][:, past].sum()),
                "completed_eur": float(own.cost[inside][:, past].sum()),
                "to_come_eur": float(own.cost[inside][:, this_year & ~past].sum()),
                "lump_sum_eur": lump,
                "mean": float(total.mean() + lump),
                **{quantile_column(share): float(np.quantile(total, share) + lump) for share in QUANTILES},
                "budget_eur": budget,
                "probability": chance_above(total + lump, budget),
            }
        ]
    )


def track(
    cells: pd.DataFrame,
    contracts: dict[str, pd.DataFrame],
    cut_off: str,
    *,
    members: Sequence[str],
    hidden: Mapping[str, str],
    months: int,
    samples: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The forecast of each of the last ``months`` months of the year, each on what was known then; newest last.

    Months before there was enough to forecast from are left out; the last one is always there. What fewer than ten
    youths cost is left out (``without_few_to_date``).

    Parameters
    ----------
    cells, cut_off
        As for ``known``.
    contracts, members, samples, rng
        As for ``forecast``.
    hidden : mapping of str to str
        As for ``without_few_to_date``.
    months : int
        How many months to look back.
    """
    last = int(month_number(pd.Series([pd.Timestamp(cut_off)]))[0])
    first = max(last // YEAR * YEAR, last - months + 1)
    shown = [label(month) for month in range(first, last) if long_enough(cells, label(month), members)]
    rows = [
        forecast(known(cells, month, members=members), contracts, members=members, samples=samples, rng=rng)
        for month in [*shown, label(last)]
    ]
    return without_few_to_date(pd.concat(rows, ignore_index=True), hidden)


def without_few_to_date(table: pd.DataFrame, hidden: Mapping[str, str]) -> pd.DataFrame:
    """Forecasts of a year without what was declared of fewer than ten youths, or would tell it.

    Where most of what the months past come to has been declared, their completed amount is left out too; where most of
    the year has been, so is the forecast.

    Parameters
    ----------
    table : DataFrame
        From ``forecast``, of any number of cut-offs.
    hidden : mapping of str to str
        Cut-off -> why what was declared up to then is hidden (``few_in_period.to_date``).

    Returns
    -------
    DataFrame
        The same rows, with NaN for what is hidden, and ``declared_eur_status`` and those of the forecast saying so.

    Examples
    --------
    >>> row = {"cut_off": "2024-01", "declared_eur": 4e3, "completed_eur": 5e3, "to_come_eur": 9e4}
    >>> table = pd.DataFrame([row | dict.fromkeys(OF_WHOLE, 9.5e4) | {"to_come_eur": 9e4}])
    >>> made = without_few_to_date(table, {"2024-01": "few"})
    >>> made[["declared_eur", "completed_eur", "mean"]].iloc[0].tolist()
    [nan, nan, 95000.0]
    """
    few = table["cut_off"].isin(hidden)
    of_few = table["cut_off"].map(hidden).eq(small_cells.FEW)
    completed = few & (table["declared_eur"] > MOSTLY * table["completed_eur"])
    whole = of_few & (table["declared_eur"] > MOSTLY * (table["completed_eur"] + table["to_come_eur"]))
    gone = {"declared_eur": few, "completed_eur": completed} | dict.fromkeys(OF_WHOLE, whole)
    gone["to_come_eur"] = completed | whole  # the forecast less this is what the months past come to
    status = {
        f"{name}_status": np.where(rows, small_cells.HIDDEN, "estimated") for name, rows in gone.items()
    }
    return table.assign(**{name: table[name].mask(rows) for name, rows in gone.items()}, **status)


def chance_above(total: np.ndarray, amount: float) -> float:
    """Share of samples above an amount; NaN where either is not known."""
    return float((total > amount).mean()) if np.isfinite(amount) and np.isfinite(total).all() else np.nan


def by_month(
    found: completion.Uncertain,
    *,
    youths: pd.DataFrame,
    members: Sequence[str],
    samples: int,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Months of an area: period, declared_eur, cost_eur, stage; and samples of the last ones, (month, sample).

    Parameters
    ----------
    found, members, samples, rng
        As for ``forecast``.
    youths : DataFrame
        As for ``without_few``, which the months have been through.
    """
    own = found.completed
    inside = own.keys["municipality_code"].isin(members).to_numpy()
    table = pd.DataFrame(
        {
            "period": [label(int(month)) for month in own.months],
            "declared_eur": own.declared[inside].sum(axis=0),
            "cost_eur": own.cost[inside].sum(axis=0),
            "stage": np.where(own.months > own.cut_off, "forecast", "completed"),
        }
    )
    return without_few(table, youths), found.draw(samples, rng, series=inside).sum(axis=0)


def without_few(table: pd.DataFrame, youths: pd.DataFrame) -> pd.DataFrame:
    """The months of an area without what was declared of fewer than ten youths in it, or in a municipality of it.

    The year to date stands on the page too, and so does each year before, so where one month would follow from it the
    newest other one of its year goes as well. The page of a region hides all months that those of its municipalities
    hide: the region less the others would tell them. What a month comes to in the end is left out where it is nearly
    what was declared.

    Parameters
    ----------
    table : DataFrame
        One row per month: period, declared_eur, cost_eur, stage.
    youths : DataFrame (month, municipality)
        Youths of whom care was declared, untreated (``Inputs.youths_by_month``).

    Returns
    -------
    DataFrame
        The same rows, with declared_eur and cost_eur NaN where they are hidden and their ``_status`` saying so.
    """
    past = table["stage"] == "completed"
    counts = youths.reindex(table.loc[past, "period"], fill_value=0)
    year = table["period"].str[:4]
    hidden = past.copy()
    hidden[past] = _few_months(counts, year[past].to_numpy())
    told = hidden & (table["declared_eur"] > MOSTLY * table["cost_eur"])
    declared = hidden & told.groupby(year).transform(
        "any"
    )  # one alone would follow from the forecast of the year
    return table.assign(
        declared_eur=table["declared_eur"].mask(hidden),
        cost_eur=table["cost_eur"].mask(declared),
        declared_eur_status=np.where(hidden, small_cells.HIDDEN, "final"),
        cost_eur_status=np.where(declared, small_cells.HIDDEN, "estimated"),
    )


def _few_months(counts: pd.DataFrame, years: np.ndarray) -> np.ndarray:
    """Which months (month, municipality) are hidden, for the sake of one municipality or another."""
    hidden = np.zeros(len(counts), dtype=bool)
    for year in np.unique(years):
        own = counts[years == year]
        newest_first = range(len(own))[::-1]
        for code in own:
            hidden[years == year] |= small_cells.hidden_beside_total(own[[code]], order=newest_first)
    return hidden


def _of_year(table: pd.DataFrame, year: int, members: Sequence[str]) -> pd.DataFrame:
    return table[(table["year"] == year) & table["municipality_code"].isin(members)]
