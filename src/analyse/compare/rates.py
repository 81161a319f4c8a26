"""Areas side by side: the same measure, with its denominator, for municipality, region and all."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analyse.errors import ParameterError
from analyse.history import areas as places
from analyse.history import boundaries, panel
from analyse.schema import WHOLE_STATUSES as WHOLE

NEARLY_ALL = 0.95
"""Part of the youths whose municipalities must have accounts for a figure of the country."""
COST_RATES = ["cost_per_youth_eur", "cost_per_client_eur"]
RESIDENTIAL_SHARE = "residential care, share of youth help"


def measures(areas: pd.DataFrame) -> pd.DataFrame:
    """Rates per area and year.

    Parameters
    ----------
    areas : DataFrame
        History by area, see ``history.panel.AREA_HISTORY``.

    Returns
    -------
    DataFrame
        area_code, area, period and

        - cost_per_youth_eur: accounts in EUR per inhabitant of 0 to 17;
        - budget_per_youth_eur: original budget, the same;
        - clients_per_100_youths: youths with youth care in kind per 100 inhabitants of 0 to 22;
        - cost_per_client_eur: accounts in EUR per youth with youth care in kind. Accounts hold personal budgets,
          protection and probation as well, so it compares areas; it does not say what the care of one youth costs;
        - cost_growth_fraction: accounts against the year before;
        - overspend_fraction: accounts against the original budget, 0.1 is 10 % more than budgeted.

        A rate is empty where numerator or denominator is not whole.

    Raises
    ------
    KeyError
        If a column of ``AREA_HISTORY`` is missing.
    MergeError
        If an area and year stand in more than one row: give one care form.

    Examples
    --------
    >>> from analyse.history import panel
    >>> from analyse.sources import snapshot
    >>> regions = measures(panel.by_area(panel.build(snapshot.load()), "region"))
    >>> regions.set_index(["area_code", "period"])["cost_per_youth_eur"][("JZ24", 2024)].round()
    np.float64(1950.0)

    In 2024 the municipalities of Haaglanden spent EUR 1,950 per inhabitant under 18.
    """
    cost, budget = _whole(areas, "cost_eur", "status"), _whole(areas, "budget_eur", "budget_status")
    clients = _whole(areas, "clients", "clients_status")
    rates = areas[["area_code", "area", "period"]].assign(
        cost_per_youth_eur=cost / areas["youths"],
        budget_per_youth_eur=budget / areas["youths"],
        clients_per_100_youths=100 * clients / areas["youths_0_22"],
        cost_per_client_eur=cost / clients,
        overspend_fraction=cost / budget - 1,
    )
    before = pd.DataFrame({"area_code": areas["area_code"], "period": areas["period"] + 1, "before": cost})
    before = areas[["area_code", "period"]].merge(before, how="left", validate="1:1")["before"]
    return rates.assign(cost_growth_fraction=cost / before.to_numpy() - 1).reset_index(drop=True)


def of_country(history: pd.DataFrame) -> pd.DataFrame:
    """Rates of the whole country: those of costs over the municipalities with accounts of the year.

    One municipality without accounts would make the costs of the country unknown. A year in which those with accounts
    have less than ``NEARLY_ALL`` of the youths has no such rates.

    Parameters
    ----------
    history : DataFrame
        Of every municipality, see ``history.panel.HISTORY``.

    Returns
    -------
    DataFrame
        As ``measures``, one row per year.

    Examples
    --------
    >>> from analyse.history import panel
    >>> from analyse.sources import snapshot
    >>> from analyse.parameters import COUNTRY
    >>> country = of_country(panel.build(snapshot.load(regions=COUNTRY)))
    >>> country.set_index("period")["cost_per_youth_eur"][2024].round()
    np.float64(2175.0)
    """
    there = history[history["status"].isin(WHOLE)]
    part = there.groupby("period")["youths"].sum() / history.groupby("period")["youths"].sum()
    there = there[there["period"].isin(part.index[part >= NEARLY_ALL])]
    every, known = (measures(panel.by_area(one, "all")).set_index("period") for one in (history, there))
    every[COST_RATES] = known[COST_RATES].reindex(every.index)
    return every.assign(area_code=places.COUNTRY, area=places.ALL_COUNTRY).reset_index()


def residential_share(tables: Mapping[str, pd.DataFrame], members: Mapping[str, list[str]]) -> pd.DataFrame:
    """Share of youths with youth help that is residential (met verblijf), per area.

    CBS publishes the share per municipality as it was in that year. The share of an area is the mean over
    its municipalities, weighted by their youths with youth care in kind.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``usage_indicators``, ``usage`` and ``boundary_changes``.
    members : mapping of str to list of str
        The municipality codes of today of each area, for example ``{"GM1992": ["GM1992"]}``.

    Returns
    -------
    DataFrame
        area_code, year, share_percent; a share of which a part is unknown is empty.
    """
    indicators = tables["usage_indicators"]
    indicators = indicators[indicators["indicator"] == RESIDENTIAL_SHARE]
    keys = ["municipality_code", "year"]
    wide = indicators.pivot(index=keys, columns="indicator", values="value_percent").reset_index()
    usage = tables["usage"]
    youths = usage[(usage["measure"] == "youths") & (usage["breakdown"] == "total")]
    wide = wide.merge(youths[[*keys, "count"]], on=keys, how="left", validate="1:1")
    wide["municipality_code"] = boundaries.current_codes(wide["municipality_code"], tables)
    weight = wide["count"].astype("float64")
    wide = wide.assign(weight=weight, weighted=wide[RESIDENTIAL_SHARE] * weight)
    rows = []
    for area_code, codes in members.items():
        inside = wide[wide["municipality_code"].isin(codes)]
        sums = (
            inside.groupby("year")[["weighted", "weight"]]
            .agg(lambda part: part.sum(skipna=False))
            .reset_index()
        )
        rows.append(sums.assign(area_code=area_code, share_percent=sums["weighted"] / sums["weight"]))
    return pd.concat(rows, ignore_index=True)[["area_code", "year", "share_percent"]]


def mix(tables: Mapping[str, pd.DataFrame], codes: list[str], *, breakdown: str) -> pd.DataFrame:
    """Youths or trajectories of an area by age, household or referrer.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``usage`` and ``boundary_changes``.
    codes : list of str
        Municipality codes of today.
    breakdown : {"age", "household", "referrer"}
        Ages and households count youths, referrers count trajectories.

    Returns
    -------
    DataFrame
        year, category, count, status; a sum with a suppressed part is a lower bound, status ``incomplete``. share: the
        part of all youths or trajectories of the year (0 to 1), also of those whose category is not given; of those
        whose category is, where the number of all is not known.

    Raises
    ------
    ParameterError
        If the breakdown is another one.
    """
    usage = tables["usage"]
    known = [name for name in usage["breakdown"].unique() if name != "total"]
    if breakdown not in known:
        raise ParameterError(
            f"compare: breakdown {breakdown!r} is not known; choose one of {', '.join(known)}"
        )
    own = usage[boundaries.current_codes(usage["municipality_code"], tables).isin(codes)]
    own = own.astype({"count": "float64"})
    rows = own[own["breakdown"] == breakdown]
    found = boundaries.add_up(rows, ["year", "category"], {"count": "status"})
    totals = own[own["breakdown"].eq("total") & own["measure"].isin(rows["measure"].unique())]
    everything = boundaries.add_up(totals, ["year"], {"count": "status"})
    whole = everything.loc[everything["status"].isin(WHOLE)].set_index("year")["count"]
    listed = found.groupby("year")["count"].sum()
    return found.assign(share=found["count"] / found["year"].map(whole.reindex(listed.index).fillna(listed)))


def _whole(areas: pd.DataFrame, value: str, status: str) -> pd.Series:
    return areas[value].where(areas[status].isin(WHOLE))
