"""What pages on declarations must not tell, from the store that they were made from: the truth for ``attack``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from analyse.history.completion.triangle import label, month_number
from analyse.monitor import duration, flows, mirror, queries, waiting
from analyse.monitor.inputs import Inputs, norms
from analyse.monitor.residence import OUTCOME
from analyse.present.monitor import names
from analyse.present.monitor.page import Page
from analyse.report.period_rows import BEFORE, MONTH, PERIOD, YEAR, between, until
from analyse.report.read_back import ENDED, LASTED, LEFT, MIRROR, TOGETHER, WEEKLY, together

FLOWS = ("inflow", "outflow", "stock")
COLUMNS = ["area", "dimension", "measure", "category", "category_shown", "youths", "value"]


def amounts(inputs: Inputs, areas: Mapping[str, Sequence[str]], *, language: str) -> pd.DataFrame:
    """Every amount of a category on every page, with the youths it is of.

    Parameters
    ----------
    inputs : Inputs
        The store that the set was made from.
    areas : mapping of str to sequence of str
        Code of the area of each page -> its municipalities.
    language : str
        Language of the pages.

    Returns
    -------
    DataFrame
        ``COLUMNS``: measure is "now", "before", "settled" or "rule ..."; value in EUR.
    """
    page = Page("", False, language, providers=inputs.providers)
    parts = []
    for code, members in areas.items():
        settled = inputs.settled_year(members)
        years = {
            "now": inputs.quantities_until(inputs.year, members),
            "before": inputs.quantities_until(inputs.year - 1, members),
            "settled": inputs.whole_year(settled, members),
        }
        for measure, found in years.items():
            for dimension in queries.SHOWN_BY:
                cost = found.cells.groupby(dimension)["cost_eur"].sum()
                youths = found.by(dimension).reindex(cost.index).fillna(0).to_numpy(dtype=float)
                parts.append(_part(code, dimension, measure, cost, page).assign(youths=youths))
        parts.append(_payers(inputs, members, page).assign(area=code))
        parts += list(_rules(inputs, code, members, page))
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def counts(inputs: Inputs, areas: Mapping[str, Sequence[str]], *, language: str) -> pd.DataFrame:
    """Every count of trajectories of a category on every page, and on the page of each provider, as ``COLUMNS``.

    The column value is the count, and so is youths, since ten is the limit of both.

    Parameters
    ----------
    inputs, areas, language
        As for ``amounts``.
    """
    page = Page("", False, language, providers=inputs.providers)
    parts = []
    for code, members in areas.items():
        started = inputs.started(members)
        if started.empty:
            continue
        for dimension in ("care_form", "referrer"):
            table = flows.monthly(started, by=[dimension], **inputs.span(members))
            summed = table.groupby(dimension)[list(FLOWS)].sum()
            summed["stock"] = (
                table[table["period"].eq(table["period"].max())].groupby(dimension)["stock"].sum()
            )
            parts += [_part(code, dimension, one, summed[one], page) for one in FLOWS]
        asked = {"until": inputs.last_day, "norm_weeks": norms()["waiting_weeks"].value}
        waits = waiting.times(started, **asked).set_index("care_form")["allocated"]
        parts.append(_part(code, "care_form", "allocated", waits, page))
        recent = waiting.by_provider(started, inputs.last_day, norm_weeks=asked["norm_weeks"])
        if len(recent):
            parts.append(
                _part(code, "provider", "allocated", recent.set_index("provider")["allocated"], page)
            )
        parts += list(_together(inputs, code, members, page))
        parts.append(_payers(inputs, members, page, "clients").assign(area=code, measure="youths"))
    return pd.concat(parts, ignore_index=True).assign(youths=lambda table: table["value"])[COLUMNS]


def periods(inputs: Inputs, areas: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """What was declared of all care of each area in each period, as ``COLUMNS`` (``period_rows`` names them).

    Parameters
    ----------
    inputs : Inputs
        The store that the set was made from.
    areas : mapping of str to sequence of str
        Code of every area, those without a page too -> its municipalities: the others of a region would tell theirs.
    """
    parts = []
    for code, members in areas.items():
        own = inputs.cells[inputs.cells["municipality_code"].isin(members)]
        care = month_number(own["product_month"])
        came_in = care + own["development_month"].to_numpy()
        cells = pd.DataFrame(
            {"care": care, "came_in": came_in, "value": own["amount_cents"].to_numpy() / 100}
        )
        for measure, found in (
            (MONTH, _months(inputs, cells, members)),
            (YEAR, _years(inputs, cells, members)),
        ):
            parts.append(found.assign(area=code, dimension=PERIOD, measure=measure))
    whole = pd.concat(parts, ignore_index=True)
    return whole.assign(category_shown=whole["category"])[COLUMNS]


def _months(inputs: Inputs, cells: pd.DataFrame, members: Sequence[str]) -> pd.DataFrame:
    """Each month of care: category, value (EUR, as known at the cut-off) and youths."""
    last = _number(inputs.cut_off)
    known = cells[(cells["care"] <= last) & (cells["came_in"] <= last)]
    value = known.groupby("care")["value"].sum()
    table = pd.DataFrame({"category": [label(int(one)) for one in value.index], "value": value.to_numpy()})
    youths = inputs.youths_by_month(members).sum(axis=1)
    return table.assign(youths=table["category"].map(youths).fillna(0.0).astype(float))


def _years(inputs: Inputs, cells: pd.DataFrame, members: Sequence[str]) -> pd.DataFrame:
    """The same of years, of the months of the year before, and of earlier cut-offs: known then, and come in after."""
    last, first = _number(inputs.cut_off), _number(f"{inputs.year}-01")

    def amount(begin: int, end: int) -> float:
        inside = cells["care"].between(begin, end) & (cells["came_in"] <= end)
        return float(cells.loc[inside, "value"].sum())

    known = cells[(cells["care"] <= last) & (cells["came_in"] <= last)]
    value = known.groupby(known["care"] // 12)["value"].sum()
    by_year = inputs.declared(members).youths_by_year(inputs.last_day).groupby("year")["clients"].sum()
    rows = [(str(year), one, float(by_year.get(year, 0.0))) for year, one in value.items()]
    day = inputs.same_day(inputs.year - 1)
    before = inputs.declared(members, day).youths_by_year(day)
    before = before.loc[before["year"].eq(inputs.year - 1), "clients"].sum()
    rows.append((BEFORE, amount(first - 12, last - 12), float(before)))
    declared, asked = inputs.declared(members), {"months": inputs.last_day.month}
    entered = declared.arrived(inputs.year, **asked).groupby("period")["entered"].sum()
    later = declared.after(inputs.year, **asked).set_index("period")["clients"]
    for month in range(first, last):
        name = label(month)
        youths = float(entered[entered.index <= name].sum())
        after = amount(first, last) - amount(first, month)
        rows += [(until(name), amount(first, month), youths), (between(name), after, later.get(name, 0.0))]
    found = pd.DataFrame(rows, columns=["category", "value", "youths"])
    return found.assign(youths=found["youths"].fillna(0.0))


def _number(month: str) -> int:
    return int(month_number(pd.Series([pd.Timestamp(month)]))[0])


def mirrored(inputs: Inputs, area: str, members: Sequence[str], *, language: str) -> pd.DataFrame:
    """Every count that the pages of single providers could hold, of the area that they are about.

    Parameters
    ----------
    inputs, language
        As for ``amounts``.
    area, members
        The area, and its municipalities.
    """
    page = Page("", False, language)
    started = inputs.started(members)
    parts = []
    for (measure, form), part in mirror.counted(started, inputs.last_day).groupby(["measure", "care_form"]):
        called = names.named([form], "care_form", page.words)[0]
        values = part.set_index("provider")["trajectories"]
        parts.append(_part(area, "provider", f"{MIRROR} {measure} {called}", values, page))
    return pd.concat(parts, ignore_index=True).assign(youths=lambda table: table["value"])[COLUMNS]


def _together(inputs: Inputs, area: str, members: Sequence[str], page: Page) -> Iterator[pd.DataFrame]:
    """Trajectories by form, product and provider: all, those that ended, and those with care of the last year.

    Of the form that stopped last the youths who left.
    """
    started = inputs.started(members)
    lasted = duration.observed(started, inputs.last_day)
    left = duration.left(started, inputs.last_day).drop_duplicates(["care_form", "client"])
    weekly = inputs.declared(members).delivered(inputs.settled_year(members))
    for measure, counted, divisions in (
        (LASTED, lasted, (["care_form"], ["care_form", "product_code"])),
        (LEFT, left, (["care_form"],)),
        (ENDED, lasted[duration.ended(lasted)], (["care_form", "provider"],)),
        (WEEKLY, weekly, (["care_form", "unit"], ["care_form", "provider", "unit"])),
    ):
        for by in divisions:
            sizes = counted.groupby(by, observed=True).size().reset_index(name="value")
            called = [_called(sizes[one], page) for one in by]
            shown = [together(*one) for one in zip(*called, strict=True)]
            codes = sizes[by].astype(str).agg(" · ".join, axis="columns")
            told = {"area": area, "dimension": TOGETHER, "measure": measure}
            yield sizes.assign(
                **told, category=codes, category_shown=shown, value=sizes["value"].astype(float)
            )


def _called(codes: pd.Series, page: Page) -> list[str]:
    """The codes of a column as pages write them."""
    if codes.name == "provider":
        return page.called(codes)
    if codes.name == "care_form":
        return list(names.named(codes, "care_form", page.words))
    if codes.name == "unit":
        return [page.words.gettext(names.UNITS[one]) if one in names.UNITS else "–" for one in codes]
    return [str(one) for one in codes]


def _part(area: str, dimension: str, measure: str, values: pd.Series, page: Page) -> pd.DataFrame:
    called = page.called(names.named(values.index, dimension, page.words))
    return pd.DataFrame(
        {
            "area": area,
            "dimension": dimension,
            "measure": measure,
            "category": values.index,
            "category_shown": called,
            "value": values.to_numpy(dtype=float),
        }
    )


def _rules(inputs: Inputs, area: str, members: Sequence[str], page: Page) -> Iterator[pd.DataFrame]:
    """Euros by provider of each integrity rule, of the last whole year."""
    found = inputs.integrity(members)
    own = found.found[found.found["year"].eq(inputs.settled_year(members))]
    called = found.rules.set_index("rule")[f"what_{page.language}"]
    for rule, part in own.groupby("rule"):
        summed = part.groupby("provider")[["amount_cents", "clients"]].sum()
        table = _part(area, "provider", f"rule {called[rule]}", summed["amount_cents"] / 100, page)
        yield table.assign(youths=summed["clients"].to_numpy(dtype=float))


def _payers(inputs: Inputs, members: Sequence[str], page: Page, value: str = "cost_eur") -> pd.DataFrame:
    """Euros or youths by who should pay, which a page shows of one year only."""
    judged = inputs.residence(members)
    own = judged[judged["year"].eq(inputs.settled_year(members))]
    whole = own.groupby(OUTCOME)[["clients", "cost_eur"]].sum()
    table = _part("", OUTCOME, "now", whole[value], page)
    return table.assign(youths=whole["clients"].to_numpy(dtype=float))
