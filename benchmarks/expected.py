"""How well use can be expected from who lives somewhere, on municipalities and districts that the model has not seen.

``python benchmarks/expected.py`` prints five tables. Folds leave out whole municipalities (``crc32(code) % FOLDS``);
everything is also given for half 1 (``crc32(code) % 2 == 1``), on which nothing was chosen.
"""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from analyse import parameters
from analyse.compare import peers
from analyse.forecast.expected import centred, robust_line
from analyse.history import panel
from analyse.need import district_use, expected_use, signals, use_model
from analyse.schema.districts import DETERMINANTS
from analyse.sources import snapshot

FOLDS = 5
THREE = ("JZ18", "JZ24", "JZ29")


def _fold(codes: pd.Series, folds: int = FOLDS) -> np.ndarray:
    return codes.map(lambda code: zlib.crc32(code.encode()) % folds).to_numpy()


def _scores(rows: pd.DataFrame, ways: dict[str, np.ndarray], actual: np.ndarray) -> pd.DataFrame:
    """Correlation and mean absolute error in points, of all, of half 1 and of the three regions."""
    parts = {
        "all": np.ones(len(rows), bool),
        "half 1": _fold(rows["municipality_code"], 2) == 1,
        "three regions": rows["region_code"].isin(THREE).to_numpy(),
    }
    found = []
    for name, expected in ways.items():
        line: dict[str, object] = {"way": name}
        for part, inside in parts.items():
            line[f"r, {part}"] = np.corrcoef(expected[inside], actual[inside])[0, 1]
            line[f"error, {part}"] = np.abs(expected - actual)[inside].mean()
        found.append(line)
    return pd.DataFrame(found)


def beside_scp(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The districts of 2017: SCP's own model, and this one with less and more known of the municipality."""
    rows = signals.of_2017(tables, list(DETERMINANTS)).dropna(subset=["use_percent"]).reset_index(drop=True)
    names = list(rows.columns[rows.columns.get_loc("youths") + 1 :])
    actual, size = rows["use_percent"].to_numpy(), rows["youths"].to_numpy()
    rows = rows.assign(year=2017, offset=0.0, with_care=actual / 100 * size)
    ways = {"SCP, fitted on these very districts": rows["scp_expected_percent"].to_numpy(dtype=float)}
    people, region, beside = (np.zeros(len(rows)) for _ in range(3))
    of_municipality, of_district = _fold(rows["municipality_code"]), _fold(rows["district_code"])
    for fold in range(FOLDS):
        away = of_municipality == fold
        fitted = use_model.fit(rows[~away], names)
        people[away] = 100 * expit(fitted.log_odds(rows[away]))
        region[away] = 100 * expit(fitted.log_odds(rows[away], region=True))
        away = of_district == fold
        fitted = use_model.fit(rows[~away], names)
        beside[away] = 100 * expit(fitted.log_odds(rows[away], region=True, municipality=True))
    ways["people only, municipality unseen"] = people
    ways["people and region, municipality unseen"] = region
    ways["people, region and municipality, district unseen"] = beside
    level = rows.groupby("municipality_code")["scp_expected_percent"].transform("mean").astype(float)
    mean = rows.groupby("municipality_code")["use_percent"].transform("mean")
    known = float(level.corr(mean))
    print(f"correlation over municipalities of SCP's expected and the real use: {known:.2f}")
    return _scores(rows, ways, actual)


def unseen(tables: dict[str, pd.DataFrame], rows: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Districts of 2021 and 2022, and municipalities of 2023, of municipalities that the model has not seen."""
    seen = rows["with_care"].notna().to_numpy()
    actual = (100 * rows["with_care"] / rows["youths"]).to_numpy()
    people, region, parts = np.zeros(len(rows)), np.zeros(len(rows)), []
    fold_of = _fold(rows["municipality_code"])
    for fold in range(FOLDS):
        away = fold_of == fold
        fitted = use_model.fit(rows[~away], signals.SIGNALS)
        people[away] = 100 * expit(fitted.log_odds(rows[away]))
        region[away] = 100 * expit(fitted.log_odds(rows[away], region=True))
        found = expected_use.municipalities(rows, fitted, history)
        parts.append(found[_fold(found["municipality_code"]) == fold])
    ages = 100 * expit(rows["offset"].to_numpy() + logit(actual[seen].mean() / 100) - rows["offset"].mean())
    ways = {"ages only": ages, "people": people, "people and region": region}
    shown = {name: values[seen] for name, values in ways.items()}
    print(_scores(rows[seen], shown, actual[seen]).round(3).to_string(index=False))
    last = pd.concat(parts).query("period == 2023")
    half = _fold(last["municipality_code"], 2) == 1
    found = []
    for name, inside in (("all", half | True), ("half 1", half)):
        own = last[inside]
        found.append(
            {
                "municipalities, 2023": name,
                "r": own["use"].corr(own["expected"]),
                "error": (own["use"] - own["expected"]).abs().mean(),
                "held by the usual 80 %": own["use"].between(own["usual_low"], own["usual_high"]).mean(),
            }
        )
    return pd.DataFrame(found)


def next_year(rows: pd.DataFrame) -> pd.DataFrame:
    """How often 80 % intervals made with 2021 hold 2022; how much areas move is measured on half 0."""
    first = use_model.fit(rows[rows["year"] == 2021], signals.SIGNALS)
    half = _fold(rows["municipality_code"], 2)
    moved = district_use.moved(rows[half == 0], first)
    places = district_use.next_year(rows, first, moved, samples=1000, rng=np.random.default_rng(1))
    half = _fold(places["municipality_code"], 2)
    labels = ["<250", "<1000", "<3000", "<6000", "more"]
    size = pd.cut(places["youths"], [0, 250, 1000, 3000, 6000, np.inf], labels=labels)
    groups = {
        "all": half >= 0,
        "half 1": half == 1,
        **{f"half 1, {name}": (half == 1) & (size == name) for name in size.cat.categories},
    }
    print(
        f"moves in a year, log use: municipality {moved[0]:.3f} (scale of t), district {moved[1]:.3f} (deviation)"
    )
    return pd.DataFrame(
        [
            {"districts": name, "n": int(inside.sum()), "held": district_use.held(places["place"][inside])}
            for name, inside in groups.items()
        ]
    )


def _levels(history: pd.DataFrame) -> pd.DataFrame:
    whole = history[history["status"].isin(["final", "provisional"]) & (history["cost_eur"] > 0)]
    return np.log(
        (whole["cost_eur"] / whole["youths"])
        .groupby([whole["municipality_code"], whole["period"]])
        .first()
        .unstack()
    )


def pull(tables: dict[str, pd.DataFrame], history: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """What costs lying above the level of need say of growth in one, two and three years.

    ``need`` is income support per inhabitant (as the forecast has it), expected use per youth, or both. The slope is
    fitted on half 0 with the level known at the origin; ``error`` is the mean absolute error of log growth beside the
    country on half 1, ``plain`` that of no pull at all. Expected use is fitted on 2021 and 2022: at earlier origins it
    knows more than was known then, income support does not.
    """
    level = _levels(history)
    support = tables["costs"].query("taakveld == '6.3' and report == 'accounts'")
    per_head = support.pivot_table(
        index="municipality_code", columns="year", values="cost_eur", aggfunc="sum"
    )
    people = (
        tables["population"]
        .query("age_group == 'total'")
        .pivot_table(index="municipality_code", columns="year", values="count", aggfunc="sum")
    )
    years = per_head.columns.intersection(people.columns)
    income = np.log((per_head[years].astype(float) / people[years].astype(float)).replace(0, np.nan)).mean(
        axis=1
    )
    use = np.log(found.query("period == 2022").set_index("municipality_code")["expected"])
    half = _fold(level.index.to_series(), 2)
    lines = []
    for ahead in (1, 2, 3):
        for name, needs in {"income support": [income], "expected use": [use], "both": [income, use]}.items():
            design = np.column_stack(
                [np.nan_to_num(centred(one.reindex(level.index).to_numpy())) for one in needs]
            )
            parts = []
            for origin in range(2019, 2024 - ahead + 1):
                if not {origin, origin + ahead} <= set(level.columns):
                    continue
                start = centred(level[origin].to_numpy())
                left = centred(start - design @ robust_line(design, start), middle=0.0)
                growth = (level[origin + ahead] - level[origin]).to_numpy()
                growth = growth - np.nanmedian(growth)
                kept = np.isfinite(left) & np.isfinite(growth) & (np.abs(growth) < 1)
                parts.append((left[kept], growth[kept], half[kept]))
            left, growth, own = (np.concatenate(one) for one in zip(*parts, strict=True))
            slope = robust_line(left[own == 0, None], growth[own == 0])[0]
            errors = np.abs(growth - slope * left)[own == 1]
            plain = np.abs(growth)[own == 1]
            lines.append(
                {
                    "years": ahead,
                    "need": name,
                    "slope": slope,
                    "error": 100 * errors.mean(),
                    "plain": 100 * plain.mean(),
                }
            )
    return pd.DataFrame(lines)


def peers_by(tables: dict[str, pd.DataFrame], history: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Which peers say most of next year's costs per youth: those alike in looks, or those alike in need.

    The peers of 2022; ``level`` is the mean absolute error of their middle as the figure of a municipality itself in
    the year after, ``growth`` that of their middle growth as its growth (per cent, of log).
    """
    level = _levels(history)
    need = found.query("period == 2022").set_index("municipality_code")
    features = peers.features(history, tables, year=2022).set_index("municipality_code")
    by_need = pd.DataFrame({"expected": np.log(need["expected"])}).reindex(features.index).dropna()
    both = features.join(by_need, how="inner")
    sets = {
        "looks (as on the pages)": features.loc[both.index],
        "need": by_need.loc[both.index],
        "need and size": both[["expected", "log_inhabitants"]],
        "looks and need": both,
    }
    lines = []
    for name, one in sets.items():
        alike = peers.alike(one.reset_index(), number=5)
        for year in (2023, 2024):
            errors = {"level": [], "growth": []}
            growth = level[year] - level[year - 1]
            for code, others in alike.items():
                if _fold(pd.Series([code]), 2)[0] == 1 and np.isfinite(level[year].get(code, np.nan)):
                    errors["level"].append(abs(level[year][code] - level[year].reindex(others).median()))
                    errors["growth"].append(abs(growth.get(code, np.nan) - growth.reindex(others).median()))
            lines.append(
                {"peers": name, "year": year, **{k: 100 * float(np.nanmean(v)) for k, v in errors.items()}}
            )
    return pd.DataFrame(lines)


def main() -> None:
    """Print every table."""
    tables = snapshot.load(regions=parameters.COUNTRY)
    history, rows = panel.build(tables), signals.of_districts(tables)
    fitted = use_model.fit(rows, signals.SIGNALS)
    found = expected_use.municipalities(rows, fitted, history)
    for title, table in (
        ("Districts of 2017 beside SCP", lambda: beside_scp(tables)),
        ("Municipalities that the model has not seen", lambda: unseen(tables, rows, history)),
        ("From 2021 to 2022", lambda: next_year(rows)),
        ("The pull of need", lambda: pull(tables, history, found)),
        ("Peers", lambda: peers_by(tables, history, found)),
    ):
        print(f"\n{title}")
        print(table().round(3).to_string(index=False), flush=True)


if __name__ == "__main__":
    main()
