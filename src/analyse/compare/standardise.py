"""Use of youth care as it would be with the same ages everywhere: direct and indirect standardisation.

Direct: the area's own rate in each age band, weighted with the ages of the standard population,
``D = sum_b w_b x_b / n_b``. Interval: gamma method of Fay and Feuer (Statistics in Medicine 16, 1997),
which holds for small counts. Indirect: the youths with care against the number expected at the standard's
rates, ``O / sum_b n_b R_b``. Interval: exact Poisson. The standard is all three regions together in that
year. Both intervals are for chance in one year alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from analyse.compare.indicators import HIDDEN_AT_MOST
from analyse.compare.membership import in_order, membership
from analyse.errors import ParameterError
from analyse.history import areas as names
from analyse.history import boundaries, youths

BANDS = {"0-3": (0, 3), "4-11": (4, 11), "12-17": (12, 17), "18-22": (18, 22)}
"""Age bands of CBS: first and last age."""

Tables = Mapping[str, pd.DataFrame]


def _bands(tables: Tables, members: Mapping[str, Collection[str]], people: pd.DataFrame) -> pd.DataFrame:
    """Youths with care (between clients_low and clients_high where cells are hidden) and inhabitants by age band."""
    usage = tables["usage"].rename(columns={"year": "period", "category": "band"})
    usage = usage[(usage["breakdown"] == "age") & (usage["measure"] == "youths")]
    usage = usage.assign(
        municipality_code=boundaries.current_codes(usage["municipality_code"], tables),
        period=usage["period"].astype("int64"),
        low=usage["count"].astype("float64").fillna(0.0),
        high=usage["count"].astype("float64").fillna(HIDDEN_AT_MOST),
    )
    people = people[people["period"].isin(usage["period"])]
    keys, listed = ["area_code", "period", "band"], membership(members)
    in_bands = people.groupby(["municipality_code", "period", "band"], as_index=False)["count"].sum()
    inhabitants = in_bands.merge(listed, on="municipality_code").groupby(keys)["count"].sum()
    counts = boundaries.add_up(
        usage.merge(listed, on="municipality_code"), keys, {"low": "status", "high": "status"}
    )
    found = counts.set_index(keys).assign(youths=inhabitants).reset_index()
    columns = [*keys, "clients_low", "clients_high", "youths", "status"]
    return in_order(found, members).rename(columns={"low": "clients_low", "high": "clients_high"})[columns]


def _inhabitants(tables: Tables) -> pd.DataFrame:
    """Inhabitants of 0-22 by municipality, year, age and band."""
    people = youths.single_ages(tables)
    people = people[people["age"] < 23]
    edges = [first for first, _ in BANDS.values()]
    place = np.searchsorted(edges, people["age"].to_numpy(), side="right") - 1
    return people.assign(band=np.array(list(BANDS))[place])


def standardised(
    tables: Tables, members: Mapping[str, Collection[str]], *, coverage: float = 0.95
) -> pd.DataFrame:
    """Plain, directly and indirectly standardised use per 100 youths of 0-22.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``usage`` and what ``history.youths`` needs.
    members : mapping of str to collection of str
        The municipality codes of today of each area, see ``compare.members``.
    coverage : float
        Chance that an interval holds the rate behind a year's figures.

    Returns
    -------
    DataFrame
        One row per area and year: area_code, period, clients (youths with care, the published total),
        youths_0_22, plain_per_100, direct_per_100, direct_low, direct_high, expected_clients (at the
        standard's rates), ratio (clients / expected, 1 is as everywhere), ratio_low, ratio_high,
        indirect_per_100 (ratio times the standard's plain rate), indirect_low, indirect_high, hidden_bands
        (number of bands with a hidden cell; direct_per_100 is then the middle of its bounds and the interval
        holds both), status.

    Raises
    ------
    ParameterError
        If the coverage does not lie between 0 and 1.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> found = standardised(snapshot.load(), {"GM0503": ["GM0503"]}).set_index("period").loc[2022]
    >>> [float(round(found[name], 1)) for name in ("plain_per_100", "direct_per_100", "indirect_per_100")]
    [9.8, 12.8, 12.5]

    Delft has many students of 18-22, who seldom have youth care: with the ages of the three regions its use
    would be 12.5 to 12.8 instead of 9.8 per 100.
    """
    if not 0 < coverage < 1:
        raise ParameterError(f"standardised: coverage {coverage} must lie between 0 and 1, for example 0.95")
    people = _inhabitants(tables)
    standard = _bands(tables, {names.ALL: names.municipalities(tables)}, people)
    standard = standard.assign(middle=(standard["clients_low"] + standard["clients_high"]) / 2)
    cells = _bands(tables, members, people).merge(
        standard[["period", "band", "youths", "middle"]].rename(columns={"youths": "all_youths"}),
        on=["period", "band"],
        validate="m:1",
    )
    totals = _totals(tables, members)
    rows = []
    for (area_code, period), part in cells.groupby(["area_code", "period"], sort=False):
        total = totals.loc[(area_code, period)]
        row = {"area_code": area_code, "period": int(period), "clients": total["clients"]}
        row |= direct(part, weights=part["all_youths"] / part["all_youths"].sum(), coverage=coverage)
        row |= indirect(part, float(total["clients"]), part["middle"] / part["all_youths"], coverage=coverage)
        everywhere = 100 * part["middle"].sum() / part["all_youths"].sum()
        row |= {
            name.replace("ratio", "indirect"): row[name] * everywhere for name in ("ratio_low", "ratio_high")
        }
        row |= {
            "indirect_per_100": row["ratio"] * everywhere,
            "youths_0_22": part["youths"].sum(),
            "plain_per_100": 100 * total["clients"] / part["youths"].sum(),
            "status": total["clients_status"],
            "hidden_bands": int((part["clients_low"] < part["clients_high"]).sum()),
        }
        rows.append(row)
    columns = [
        "area_code",
        "period",
        "clients",
        "youths_0_22",
        "plain_per_100",
        "direct_per_100",
        "direct_low",
        "direct_high",
        "expected_clients",
        "ratio",
        "ratio_low",
        "ratio_high",
        "indirect_per_100",
        "indirect_low",
        "indirect_high",
        "hidden_bands",
        "status",
    ]
    return pd.DataFrame(rows, columns=columns)


def direct(cells: pd.DataFrame, weights: pd.Series, *, coverage: float = 0.95) -> dict[str, float]:
    """The directly standardised rate per 100 of one area, with its interval.

    Parameters
    ----------
    cells : DataFrame
        One row per age band: clients_low, clients_high, youths.
    weights : Series
        Share of each band in the standard population, adding up to 1.
    coverage : float
        Coverage of the interval.

    Examples
    --------
    Two bands of equal weight with rates of 10 and 20 %:

    >>> cells = pd.DataFrame({"clients_low": [10.0, 40.0], "clients_high": [10.0, 40.0], "youths": [100.0, 200.0]})
    >>> {name: float(round(value, 1)) for name, value in direct(cells, pd.Series([0.5, 0.5])).items()}
    {'direct_per_100': 15.0, 'direct_low': 10.9, 'direct_high': 20.3}
    """
    per_youth = (weights / cells["youths"]).to_numpy()
    low, high = cells["clients_low"].to_numpy(), cells["clients_high"].to_numpy()
    return {
        "direct_per_100": 100 * float(per_youth @ (low + high) / 2),
        "direct_low": 100 * _gamma(per_youth, low, coverage)[0],
        "direct_high": 100 * _gamma(per_youth, high, coverage)[1],
    }


def indirect(
    cells: pd.DataFrame, clients: float, rates: pd.Series, *, coverage: float = 0.95
) -> dict[str, float]:
    """The clients of one area against the number expected at standard rates, with an exact Poisson interval.

    Parameters
    ----------
    cells : DataFrame
        youths, one row per age band.
    clients : float
        Youths with care in the area.
    rates : Series
        Youths with care per youth in each band, everywhere.
    coverage : float
        Chance that an interval holds the ratio behind a year's figures.

    Returns
    -------
    dict
        expected_clients, ratio, ratio_low, ratio_high.

    Examples
    --------
    Of 300 youths 40 are expected at 10 and 15 %; there are 50, a quarter more:

    >>> cells = pd.DataFrame({"youths": [100.0, 200.0]})
    >>> {k: float(round(v, 2)) for k, v in indirect(cells, 50.0, pd.Series([0.10, 0.15])).items()}
    {'expected_clients': 40.0, 'ratio': 1.25, 'ratio_low': 0.93, 'ratio_high': 1.65}
    """
    expected = float((cells["youths"] * rates).sum())
    tail = (1 - coverage) / 2
    low = _chi_square(tail, 2 * clients) / 2 if clients > 0 else 0.0
    high = _chi_square(1 - tail, 2 * clients + 2) / 2
    return {
        "expected_clients": expected,
        "ratio": clients / expected,
        "ratio_low": float(low / expected),
        "ratio_high": float(high / expected),
    }


def _chi_square(chance: float, degrees: float) -> float:
    """The quantile; scipy.stats has it too, and takes longer to import than all of pandas."""
    return 2 * gammaincinv(degrees / 2, chance)


def _gamma(per_youth: np.ndarray, counts: np.ndarray, coverage: float) -> tuple[float, float]:
    """Both ends of the interval of Fay and Feuer around ``sum(per_youth * counts)``."""
    tail = (1 - coverage) / 2
    rate, variance, largest = per_youth @ counts, per_youth**2 @ counts, per_youth.max()
    low = 0.0 if rate == 0 else variance / (2 * rate) * _chi_square(tail, 2 * rate**2 / variance)
    above, spread = rate + largest, variance + largest**2
    return float(low), float(spread / (2 * above) * _chi_square(1 - tail, 2 * above**2 / spread))


def _totals(tables: Tables, members: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """The published number of youths with care by area and year, with its status."""
    usage = tables["usage"]
    rows = usage[(usage["measure"] == "youths") & (usage["breakdown"] == "total")]
    rows = rows.rename(columns={"year": "period", "status": "clients_status"}).assign(
        municipality_code=boundaries.current_codes(rows["municipality_code"], tables),
        clients=rows["count"].astype("float64"),
    )
    inside = rows.merge(membership(members), on="municipality_code")
    summed = boundaries.add_up(inside, ["area_code", "period"], {"clients": "clients_status"})
    return summed.astype({"period": "int64"}).set_index(["area_code", "period"])
