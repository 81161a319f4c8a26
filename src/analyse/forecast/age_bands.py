"""Use of youth care by age band: what was counted, and what a generalised linear model makes of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analyse.history import boundaries

COLUMNS = ["municipality_code", "band", "clients", "youths"]


def counted(
    tables: dict[str, pd.DataFrame], ages: np.ndarray, codes: Sequence[str], *, last: int
) -> pd.DataFrame:
    """Clients and youths by municipality and age band, in the last year with bands.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``usage``, ``boundary_changes`` and ``municipalities``.
    ages : ndarray (series, year, age)
        Inhabitants by single year of age on 1 January.
    codes : sequence of str
        Municipalities of the series.
    last : int
        The year of the last column of ``ages``.

    Returns
    -------
    DataFrame
        ``COLUMNS``; band such as "4-11". No rows where no bands are published.
    """
    usage = tables["usage"]
    rows = usage.loc[(usage["measure"] == "youths") & (usage["breakdown"] == "age")]
    rows = rows.assign(municipality_code=boundaries.current_codes(rows["municipality_code"], tables))
    rows = rows.loc[rows["municipality_code"].isin(codes) & rows["count"].notna()]
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    year = int(rows["year"].max())
    rows = rows.loc[rows["year"] == year]
    on_first_january = dict(zip(codes, ages[:, ages.shape[1] - 1 - (last - year)], strict=True))
    youths = [
        on_first_january[code][int(low) : int(high) + 1].sum()
        for code, (low, high) in zip(rows["municipality_code"], rows["category"].str.split("-"), strict=True)
    ]
    return rows.assign(band=rows["category"], clients=rows["count"].astype(float), youths=youths)[COLUMNS]


def model(bands: pd.DataFrame) -> pd.DataFrame:
    """Use by age band as a Poisson model sees it (statsmodels), beside clients over youths of all together.

    The model has an effect of the band and one of the municipality; its errors are as much larger than those of a
    Poisson distribution as the counts lie from it (quasi-likelihood: P. McCullagh and J.A. Nelder, Generalized
    Linear Models, 1989).

    Parameters
    ----------
    bands : DataFrame
        From ``counted``.

    Returns
    -------
    DataFrame
        One row per band, youngest first: pooled_percent (clients over youths), model_percent (the same of a
        municipality whose level is the mean of all), low and high (95 % interval of it), and dispersion (1 where
        counts differ as chance alone makes them).

    Examples
    --------
    Twice as many of the older band, whatever the level of the municipality:

    >>> bands = pd.DataFrame({"municipality_code": ["a", "a", "b", "b"], "band": ["0-3", "4-11"] * 2,
    ...     "clients": [10.0, 40.0, 20.0, 80.0], "youths": [1000.0, 2000.0, 1000.0, 2000.0]})
    >>> table = model(bands)
    >>> (table["model_percent"] / table["model_percent"].iloc[0]).round(3).tolist()
    [1.0, 2.0]
    """
    import statsmodels.api as sm

    order = sorted(bands["band"].unique(), key=lambda band: int(band.split("-")[0]))
    design = pd.get_dummies(bands["band"], dtype=float)[order]
    own = pd.get_dummies(bands["municipality_code"], dtype=float)
    own = own.iloc[:, 1:].sub(own.iloc[:, 0], axis=0)  # the effects of all municipalities add up to nothing
    counts = sm.GLM(
        bands["clients"],
        design.join(own),
        family=sm.families.Poisson(),
        offset=np.log(bands["youths"].to_numpy(dtype=float)),
    )
    fit = counts.fit(scale="X2")
    interval = fit.conf_int().loc[order]
    total = bands.groupby("band")[["clients", "youths"]].sum().loc[order]
    return pd.DataFrame(
        {
            "band": order,
            "pooled_percent": 100 * (total["clients"] / total["youths"]).to_numpy(),
            "model_percent": 100 * np.exp(fit.params[order].to_numpy()),
            "low": 100 * np.exp(interval[0].to_numpy()),
            "high": 100 * np.exp(interval[1].to_numpy()),
            "dispersion": float(fit.scale),
        }
    )
