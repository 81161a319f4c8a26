"""Every fair measure of every area beside its peers and at equal ages, as one table that pages read their part of."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from analyse.compare import peers, standardise, table
from analyse.history import areas as names
from analyse.history import panel

EQUAL_AGES = {"direct": "clients_direct_per_100", "indirect": "clients_indirect_per_100"}
"""Way of standardising -> the measure; see ``standardise``."""

COVERAGE = 0.80
"""Of all intervals here."""

PEERS = 5
FEATURES_YEAR = 2022
"""The last year with figures of use, by which municipalities are compared."""

COLUMNS = [*table.COLUMNS, "peer_low", "peer_middle", "peer_high", "peers"]


def figures(
    past: pd.DataFrame,
    fixed: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    *,
    composition_year: int | None = None,
    among: tuple[pd.DataFrame, Mapping[str, pd.DataFrame]] | None = None,
) -> pd.DataFrame:
    """Every fair measure of municipalities, regions and all together.

    Parameters
    ----------
    past : DataFrame
        History by area, see ``history.panel.AREA_HISTORY``.
    fixed : DataFrame
        History by municipality in fixed composition.
    tables : mapping of DataFrame
        The tables of the dataset.
    composition_year : int, optional
        Year whose regions are meant.
    among : tuple of (DataFrame, mapping of DataFrame), optional
        History and tables of the municipalities that peers are sought among, such as those of the whole country; by
        default ``fixed`` and ``tables``.

    Returns
    -------
    DataFrame
        One row per area, year and measure: ``COLUMNS``. To the measures of ``side_by_side`` come those of
        ``EQUAL_AGES`` (per 100 youths of 0-22; low and high for chance in one year and
        for the estimated youths, as for plain use). For municipalities peer_low,
        peer_middle and peer_high are the quartiles of the peers (empty when fewer than three have the figure) and
        peers their names, nearest first.
    """
    known = set(past["area_code"])
    inside = {
        code: codes
        for level in ("municipality", "region", "all")
        for code, codes in table.members(tables, level, composition_year).items()
        if code in known
    }
    fair = measured(past, tables, inside)
    history, every = (fixed, tables) if among is None else among
    alike = {code: others for code, others in nearest(history, every).items() if code in known}
    called = names.in_year(every).set_index("municipality_code")["municipality"]
    away = sorted({one for others in alike.values() for one in others} - known)
    beside = (
        measured(
            panel.by_area(history[history["municipality_code"].isin(away)], "municipality"),
            every,
            {code: [code] for code in away},
        )
        if away
        else fair.head(0)
    )
    bands = peers.bands(pd.concat([fair, beside]), alike)
    fair = fair.merge(bands, on=["area_code", "period", "measure"], how="left", validate="1:1")
    said = {code: ", ".join(called[found]) for code, found in alike.items()}
    return fair.assign(peers=fair["area_code"].map(said).fillna(""))[COLUMNS].reset_index(drop=True)


def measured(
    past: pd.DataFrame, tables: Mapping[str, pd.DataFrame], inside: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """Every fair measure of areas, and their use at equal ages; without peers.

    Parameters
    ----------
    past, tables, inside
        As for ``table.side_by_side``.
    """
    return pd.concat([table.side_by_side(past, tables, inside), _equal_ages(past, tables, inside)])


def nearest(fixed: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    """The codes of the municipalities most like each municipality, nearest first."""
    found = peers.features(fixed, tables, year=FEATURES_YEAR)
    return peers.alike(found, number=PEERS)


def _equal_ages(
    past: pd.DataFrame, tables: Mapping[str, pd.DataFrame], inside: Mapping[str, list[str]]
) -> pd.DataFrame:
    found = standardise.standardised(tables, inside, coverage=COVERAGE)
    found = found.merge(
        past[["area_code", "area"]].drop_duplicates("area_code"), on="area_code", validate="m:1"
    )
    parts = [
        found[["area_code", "area", "period", "status"]].assign(
            measure=measure,
            unit="per 100",
            value=found[f"{way}_per_100"],
            low=_widened(found, way, "low"),
            high=_widened(found, way, "high"),
            numerator=found["clients"],
            denominator=found["youths_0_22"],
            numerator_status=found["status"],
            denominator_status="estimated",
            source="CBS 85335NED",
        )
        for way, measure in EQUAL_AGES.items()
    ]
    return pd.concat(parts)


def _widened(found: pd.DataFrame, way: str, end: str) -> pd.Series:
    """The end of an interval of chance, with the error of the estimated youths in it."""
    value, chance = found[f"{way}_per_100"], found[f"{way}_{end}"] - found[f"{way}_per_100"]
    both = np.hypot(chance, value * table.YOUTHS_0_22_ERROR)
    return value + both if end == "high" else (value - both).clip(lower=0.0)
