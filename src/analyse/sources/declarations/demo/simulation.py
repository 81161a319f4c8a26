"""The whole simulation: trajectories and lines of municipalities, with what is true in the end."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.sources.declarations.demo import care_given, faults, home_addresses, monthly_lines, providers
from analyse.sources.declarations.demo.settings import Shape

DECLARED = [
    "municipality_code", "provider", "bsn", "birth_date", "reference", "previous_reference", "allocation_number",
    "product_code", "care_form", "period_start", "period_end", "product_month", "volume", "unit", "tariff_cents",
    "amount_cents", "debit_credit", "declared_on", "referrer", "fault",
]  # fmt: skip
TRAJECTORY = [
    "municipality_code", "provider", "bsn", "birth", "person", "allocation_number", "care_form", "product_code", "unit",
    "referrer", "age", "postcode", "requested_on", "allocated_on", "start_date", "stop_date", "allocated_volume",
    "reason",
]  # fmt: skip
_OTHER = {str(digit): str((digit + 1) % 10) for digit in range(10)}
TRUE_KEY = ["municipality_code", "care_form", "provider", "product_month"]


@dataclass(frozen=True)
class Simulation:
    """What was made; every date is a date, every amount in eurocents."""

    lines: pd.DataFrame
    """All lines, also those declared after the last year; ``fault`` names what is wrong with one. ``bsn`` is a number
    that passes the eleven-test, in a series for tests."""
    months: pd.DataFrame
    """The truth: what care costs in the end by municipality, form, provider and month of care."""
    trajectories: pd.DataFrame
    """The truth: every trajectory, also where it stops after the last year."""
    tariffs: pd.DataFrame
    budgets: pd.DataFrame
    agreements: pd.DataFrame
    """Contracts as in ``data/contracts``."""
    postcodes: pd.DataFrame
    """The simulated postcode of each municipality: the digits of its code, no real one."""
    delays: pd.DataFrame
    """Each provider with its speed class."""


def simulate(
    targets: pd.DataFrame, shape: Shape, *, seed: int = 20241231, lines_a_year: int | None = None
) -> Simulation:
    """Make declarations that come out at ``targets``.

    Parameters
    ----------
    targets : DataFrame
        Persons and costs by municipality and year, see ``targets.from_history``.
    shape : Shape
        What a trajectory, a tariff and a provider look like.
    seed : int
        The same seed gives the same lines; those of a municipality do not depend on the others that are made.
    lines_a_year : int, optional
        About this many lines a year: persons and costs go up or down with it. By default the published totals.
    """
    years = range(int(targets["year"].min()), int(targets["year"].max()) + 1)
    offered = providers.make(shape, np.random.default_rng([seed, 1]))
    prices = providers.tariffs(shape, offered, years)
    if lines_a_year is not None:
        targets = _scaled(targets, lines_a_year, shape, offered, prices, seed=seed)
    made, first_person = [], 0
    for code, own in targets.groupby("municipality_code"):
        made.append(
            _municipality(str(code), own, shape, offered, prices=prices, seed=seed, first_person=first_person)
        )
        first_person = int(made[-1][0]["person"].max()) + 1
    found, declared, right = (pd.concat(part, ignore_index=True) for part in zip(*made, strict=True))
    numbers = test_numbers(first_person)
    declared["bsn"] = numbers[declared["person"]]
    wrong = declared["fault"] == "bsn_invalid"
    declared.loc[wrong, "bsn"] = declared.loc[wrong, "bsn"].str[:-1] + declared.loc[wrong, "bsn"].str[-1].map(
        _OTHER
    )
    first = declared["period_start"].to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    return Simulation(
        lines=declared.assign(product_month=first)[DECLARED],
        months=_months(right),
        trajectories=found.assign(
            bsn=numbers[found["person"]], postcode=home_addresses.postcodes(found, shape, seed=seed)
        )[TRAJECTORY],
        tariffs=prices.sort_values(["provider", "product_code", "year"], ignore_index=True),
        budgets=targets[["municipality_code", "year", "budget_eur"]].dropna().reset_index(drop=True),
        agreements=_agreements(right, np.random.default_rng([seed, 2])),
        postcodes=home_addresses.table(found["municipality_code"]),
        delays=offered.drop_duplicates("provider")[["provider", "speed", "pace"]].reset_index(drop=True),
    )


def _scaled(
    targets: pd.DataFrame,
    wanted: int,
    shape: Shape,
    offered: pd.DataFrame,
    prices: pd.DataFrame,
    *,
    seed: int,
) -> pd.DataFrame:
    """Targets for another number of lines: one municipality is made to see how many lines a person has."""
    smallest = targets.loc[targets["clients"].idxmin(), "municipality_code"]
    own = targets.loc[targets["municipality_code"] == smallest]
    _, declared, _ = _municipality(
        str(smallest), own, shape, offered, prices=prices, seed=seed, first_person=0
    )
    factor = (
        wanted * targets["year"].nunique() / (len(declared) / own["clients"].sum() * targets["clients"].sum())
    )
    return targets.assign(**{name: targets[name] * factor for name in ("clients", "cost_eur", "budget_eur")})


def _municipality(
    code: str,
    target: pd.DataFrame,
    shape: Shape,
    offered: pd.DataFrame,
    *,
    prices: pd.DataFrame,
    seed: int,
    first_person: int,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Trajectories, declared lines and right lines of one municipality."""
    rng = np.random.default_rng([seed, zlib.crc32(code.encode())])
    found = care_given.make(target, shape, offered, rng)
    made = monthly_lines.make(found, target, shape, offered, prices=prices, rng=rng)
    found = found.assign(
        municipality_code=code,
        provider=offered["provider"].to_numpy()[found["offer"]],
        product_code=[
            shape.forms[form].codes[place]
            for form, place in zip(found["care_form"], found["place"], strict=True)
        ],
        unit=found["care_form"].map({name: form.unit for name, form in shape.forms.items()}),
        allocation_number=np.arange(1, len(found) + 1),
        person=found["person"] + first_person,
        age=((found["start_date"] - found["birth"]).dt.days // 365.25).astype("int64"),
    )
    found = _allocated(found, made, shape, rng)
    own = found.iloc[made["trajectory"]].reset_index(drop=True)
    sequence = pd.Series(np.arange(1, len(made) + 1)).astype(str).str.zfill(7)
    made = made.assign(
        municipality_code=code,
        reference=f"{code[2:]}-" + sequence,
        person=own["person"].to_numpy(),
        birth_date=own["birth"].to_numpy(),
        referrer=own["referrer"].to_numpy(),
        stop_date=own["stop_date"].to_numpy(),
        allocation_number=own["allocation_number"].to_numpy(),
    )
    declared, right = faults.put_in(made, shape, rng)
    return found, declared, right


def _allocated(
    found: pd.DataFrame, made: pd.DataFrame, shape: Shape, rng: np.random.Generator
) -> pd.DataFrame:
    """The volume that was allocated, mostly some room above what comes, and the reason for the end."""
    months = ((found["stop_date"] - found["start_date"]).dt.days / 30.4375 + 1).to_numpy()
    typical = made["volume"].groupby(made["trajectory"]).mean()
    level = typical.reindex(np.arange(len(found))).to_numpy()
    level = np.where(
        np.isnan(level), found["care_form"].map({n: f.volume for n, f in shape.forms.items()}), level
    )
    once = found["care_form"].isin([name for name, form in shape.forms.items() if form.at_end]).to_numpy()
    volume = np.where(once, 1, np.ceil(level * months * rng.lognormal(0.35, 0.15, len(found))))
    reasons = rng.choice(["31", "32", "34", "38", "39"], len(found), p=[0.66, 0.12, 0.12, 0.07, 0.03])
    return found.assign(allocated_volume=np.minimum(volume, 99_999_999).astype("int64"), reason=reasons)


def test_numbers(count: int) -> np.ndarray:
    """So many numbers that pass the eleven-test, those of the official examples (9999xxxxx) first.

    Examples
    --------
    >>> test_numbers(3).tolist()
    ['999900006', '999900018', '999900031']
    """
    parts, found = [], 0
    for first, last in ((999_900_001, 1_000_000_000), (999_000_000, 999_900_000), (990_000_000, 999_000_000)):
        numbers = np.arange(first, last)
        digits = numbers[:, None] // 10 ** np.arange(8, -1, -1) % 10
        passed = (digits @ np.array([9, 8, 7, 6, 5, 4, 3, 2, -1])) % 11 == 0
        parts.append(numbers[passed])
        found += int(passed.sum())
        if found >= count:
            break
    return np.concatenate(parts)[:count].astype(str).astype(object)


def _months(right: pd.DataFrame) -> pd.DataFrame:
    """What care costs in the end: one row per municipality, form, provider and month of care."""
    month = right["period_start"].to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    keyed = right.assign(product_month=month)
    grouped = keyed.groupby(TRUE_KEY, observed=True)
    summed = grouped.agg(
        amount_cents=("amount_cents", "sum"), volume=("volume", "sum"), lines=("volume", "size")
    )
    clients = keyed.drop_duplicates([*TRUE_KEY, "person"]).groupby(TRUE_KEY, observed=True).size()
    return summed.assign(clients=clients).reset_index()


def _agreements(right: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """What was agreed with each provider: about what it will deliver, with some a good deal less."""
    keyed = right.assign(year=right["month"] // 12)
    agreed = keyed.groupby(["provider", "municipality_code", "year", "care_form", "unit"], observed=True).agg(
        agreed_volume=("volume", "sum"), agreed_cents=("amount_cents", "sum")
    )
    room = rng.lognormal(0.02, 0.12, len(agreed))
    agreed = agreed.assign(
        agreed_volume=(agreed["agreed_volume"] * room).round().astype("int64"),
        agreed_cents=(agreed["agreed_cents"] * room).round().astype("int64"),
    ).reset_index()
    order = ["provider", "municipality_code", "year", "care_form", "agreed_volume", "unit", "agreed_cents"]
    return agreed.loc[agreed["unit"].isin(["01", "04", "14", "16", "82", "84"]), order].reset_index(drop=True)
