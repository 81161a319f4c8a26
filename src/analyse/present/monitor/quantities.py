"""The Q-analysis, shown: from last year to this year, from what was agreed to what was declared, and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analyse import small_cells
from analyse.monitor import few_in_period
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import steps as steps_chart
from analyse.present.figures.steps import Step
from analyse.present.monitor import names
from analyse.present.monitor.page import Page
from analyse.present.text import formats
from analyse.present.text.language import N_, Words

FACTORS = {
    "youths": N_("Number of youths"),
    "trajectories": N_("Trajectories per youth"),
    "mix": N_("Mix of care, providers and referrers"),
    "volume": N_("Volume per trajectory"),
    "tariff": N_("Tariff"),
}
SHORT = {"mix": N_("Shift in mix")}
AGREED = {
    "volume": N_("More or less volume"),
    "tariff": N_("Higher or lower tariff"),
    "outside": N_("Outside agreements, or not delivered"),
}
TOGETHER = {"more": N_("More or less volume, or outside agreements"), "tariff": AGREED["tariff"]}
"""The same where what is outside agreements is not shown by itself."""
DIVIDED = {
    "care_form": (
        N_("{area}: of all care forms, costs of {part} changed most ({amount})"),
        N_("{area}: of all care forms, most has been declared for {part} ({amount})"),
    ),
    "provider": (
        N_("{area}: of all providers, costs of {part} changed most ({amount})"),
        N_("{area}: of all providers, most has been declared by {part} ({amount})"),
    ),
    "referrer": (
        N_("{area}: of all referrers, costs after {part} changed most ({amount})"),
        N_("{area}: of all referrers, most has been declared after {part} ({amount})"),
    ),
}
"""Title by what the costs are divided over: of the change, and, without a year before, of what was declared."""
PARTED = {
    "care_form": N_("what was declared by care form"),
    "provider": N_("what was declared by provider"),
    "referrer": N_("what was declared by referrer"),
}
"""What is left out where it would tell what fewer than ten youths cost."""
YOUTHS = ("youths_before", "youths_after")


def quantities(split: pd.DataFrame, page: Page, *, years: Sequence[int], whole: bool = False) -> Exhibit:
    """From last year's cost to this year's in the steps of the Q-analysis.

    Parameters
    ----------
    split : DataFrame
        ``monitor.q_analysis.split``.
    years : sequence of int
        The year before and the year.
    whole : bool
        Whether these are whole years, not the year so far and the same months of the year before.
    """
    words, (first, last) = page.words, years
    if page.few(*(years if whole else (few_in_period.BEFORE, few_in_period.NOW))):
        return page.of_few(words.gettext("what changed the costs since the year before"))
    if not split["before_eur"].any():
        return page.no_year(words.gettext("what changed the costs since the year before"))
    effects = {words.gettext(text): float(split[name].sum()) for name, text in FACTORS.items()}
    ends = {str(first): float(split["before_eur"].sum()), str(last): float(split["after_eur"].sum())}
    driver = max(effects, key=lambda name: abs(effects[name]))
    title = words.gettext(
        "{area}: from {first} to {last} costs change most through: {driver} ({amount})",
        first=first,
        last=last,
        driver=driver.lower(),
        amount=_moved(effects[driver], words),
    )
    note = words.gettext(
        "The same months of both years, as far as declared equally long afterwards. The steps add up exactly."
    )
    return _waterfall(effects, ends, title, page, note=note)


def agreed(table: pd.DataFrame, page: Page, *, year: int, beside: pd.Series) -> Exhibit:
    """From what was agreed to what was delivered.

    Parameters
    ----------
    table : DataFrame
        ``monitor.q_analysis.against_agreed``.
    year : int
        Year of care.
    beside : Series
        Youths of each municipality with care outside agreements, untreated (``Inputs.beside_agreed``). Where they are
        fewer than ten in one, its amount is a part of that of the volume, on the page of the region too.
    """
    words = page.words
    if page.few(year):
        return page.of_few(words.gettext("what was declared beside what was agreed"))
    if not table["cost_eur"].any():
        return page.no_year(words.gettext("what was declared beside what was agreed"))
    named = TOGETHER if small_cells.small(beside).any() else AGREED
    sums = _together(table)[list(named)].sum()
    effects = {words.gettext(text): float(sums[name]) for name, text in named.items()}
    amounts = {"Agreed": float(table["agreed_eur"].sum()), "Declared": float(table["cost_eur"].sum())}
    cost, told = (formats.euro(amounts[name], page.language) for name in ("Declared", "Agreed"))
    title = words.gettext(
        "{area}, {year}: declared {cost} of the {agreed} that was agreed",
        year=year,
        cost=cost,
        agreed=told,
    )
    note = words.gettext("A whole year of care, as declared so far. The steps add up exactly.")
    ends = {words.gettext(name): amount for name, amount in amounts.items()}
    return _waterfall(effects, ends, title, page, note=note)


def _together(table: pd.DataFrame) -> pd.DataFrame:
    """What is outside agreements added to the volume: of one provider it may be of few youths."""
    return table.assign(more=table["volume"] + table["outside"])


def divided(table: pd.DataFrame, page: Page) -> Exhibit:
    """The Q-analysis by care form, provider or referrer.

    ``table`` is ``monitor.q_analysis.by``, with youths untreated; its first column says by what.
    """
    words, column = page.words, str(table.columns[0])
    if page.few(few_in_period.NOW):
        return page.of_few(words.gettext(PARTED[column]))
    if page.few(few_in_period.BEFORE):
        table = table.assign(before_eur=0.0, youths_before=0.0)
    if table.empty:
        said = words.gettext(
            "Of this year and the same months of the year before, nothing has been declared yet."
        )
        return page.text([said], words.gettext(PARTED[column]).capitalize())
    label, other = (words.gettext(one) for one in names.DIMENSIONS[column])
    whole = table.assign(
        change=table["after_eur"] - table["before_eur"], **{column: names.named(table[column], column, words)}
    )
    taken = {"largest": "change", "other": other, "also": page.closed(table[column])}
    shown = small_cells.merged(whole, column, YOUTHS, **taken)
    uncut = small_cells.merged(whole, column, YOUTHS, most=len(whole), **taken)
    named = shown[shown[column] != other]
    top = (named if len(named) else shown).iloc[0]
    if not table["before_eur"].any():
        return _declared(shown, uncut, top, page)
    title = words.gettext(
        DIVIDED[column][0],
        part=page.called([top[column]])[0],
        amount=_moved(top["change"], words),
    )
    columns = {
        column: tables.Column(label),
        "before_eur": tables.Column("Year before", "euro"),
        "after_eur": tables.Column("This year", "euro"),
        "change": tables.Column("Change", "euro"),
        **{name: tables.Column(text, "euro") for name, text in (FACTORS | SHORT).items()},
    }
    note = words.gettext(
        "The columns after the change add up to it. Rows with fewer than ten youths, and the smaller ones, are taken "
        "together in the last row."
    )
    return page.table(shown, columns, title, note=note, whole=uncut)


def _declared(shown: pd.DataFrame, uncut: pd.DataFrame, top: pd.Series, page: Page) -> Exhibit:
    """What was declared this year by care form, provider or referrer, where there is no year to compare it with."""
    words, column = page.words, str(shown.columns[0])
    title = words.gettext(
        DIVIDED[column][1],
        part=page.called([top[column]])[0],
        amount=formats.euro(top["after_eur"], page.language),
    )
    columns = {
        column: tables.Column(names.DIMENSIONS[column][0]),
        "after_eur": tables.Column("This year", "euro"),
    }
    note = words.gettext(
        "As declared so far. Rows with fewer than ten youths, and the smaller ones, are taken together in the last row."
    )
    return page.table(shown, columns, title, note=note, whole=uncut)


def agreed_by_provider(table: pd.DataFrame, page: Page, *, year: int, youths: pd.Series) -> Exhibit:
    """What was delivered against what was agreed, by provider.

    Parameters
    ----------
    table : DataFrame
        ``monitor.q_analysis.against_agreed``.
    youths : Series
        Youths with declarations by provider, untreated.
    year : int
        Year of care.
    """
    words = page.words
    if page.few(year):
        return page.of_few(words.gettext("which providers declared more than was agreed"))
    if not table["cost_eur"].any():
        return page.no_year(words.gettext("which providers declared more than was agreed"))
    amounts = ["agreed_eur", "cost_eur", *TOGETHER]
    summed = _together(table).groupby("provider", as_index=False)[amounts].sum()
    summed = summed.assign(
        youths=summed["provider"].map(youths).fillna(0), beyond=summed["cost_eur"] - summed["agreed_eur"]
    )
    _, other = (words.gettext(one) for one in names.DIMENSIONS["provider"])
    taken = {"largest": "beyond", "other": other, "also": page.closed(summed["provider"])}
    shown = small_cells.merged(summed, "provider", ["youths"], **taken)
    uncut = small_cells.merged(summed, "provider", ["youths"], most=len(summed), **taken)
    columns = {
        "provider": tables.Column(names.PROVIDER),
        "agreed_eur": tables.Column("Agreed", "euro"),
        "cost_eur": tables.Column("Declared", "euro"),
        "beyond": tables.Column("Difference", "euro"),
        **{name: tables.Column(text, "euro") for name, text in TOGETHER.items()},
    }
    title = page.counting(
        N_("{area}, {year}: {n} of the {all} providers declared more than was agreed"),
        summed["beyond"] > 0,
        year=year,
    )
    note = words.gettext(
        "The columns after the difference add up to it. Rows with fewer than ten youths, and the smaller ones, are "
        "taken together in the last row."
    )
    return page.table(shown, columns, title, note=note, whole=uncut)


def _waterfall(
    effects: Mapping[str, float], ends: Mapping[str, float], title: str, page: Page, *, note: str
) -> Exhibit:
    words, ((first, start), (last, end)) = page.words, ends.items()
    level, steps = start, [_total(first, start, words)]
    for name, effect in effects.items():
        text = _signed(effect, words)
        steps.append(Step(name, level, level + effect, level + effect, level + effect, text, text))
        level += effect
    steps.append(_total(last, end, words))
    shown = pd.DataFrame({"step": [first, *effects, last], "amount": [start, *effects.values(), end]})
    columns = {
        "step": tables.Column("Step"),
        "amount": tables.Column("Amount", "euro"),
    }
    figure = {"data": steps_chart.traces(steps), "layout": steps_chart.layout(steps, words)}
    alt = "; ".join(f"{step.label} {step.text}" for step in steps)
    return page.figure(title, figure, (shown, columns), alt=alt, note=note)


def _signed(amount: float, words: Words) -> str:
    return ("+" if amount > 0 else "") + formats.euro(amount, words.language)


def _moved(amount: float, words: Words) -> str:
    """A change in words."""
    size = formats.euro(abs(amount), words.language)
    return (
        words.gettext("{amount} more", amount=size)
        if amount > 0
        else words.gettext("{amount} less", amount=size)
    )


def _total(name: str, amount: float, words: Words) -> Step:
    text = formats.euro(amount, words.language)
    return Step(name, 0.0, amount, amount, amount, text, text, total=True)
