"""Sentences from numbers, in Dutch or English: short, active, grammatical, never NaN.

Every function takes facts (``present.text.facts``) or plain numbers and returns one or more whole sentences.
An estimate says "ongeveer"; a figure that is not there is said in words, with the reason if known.
"""

from __future__ import annotations

from dataclasses import replace

from analyse.present.text import formats
from analyse.present.text.facts import TOGETHER, Budget, Cost, KeyFigure
from analyse.present.text.language import N_, Words, translator

PLACES = {
    "higher": N_("Higher than in {name} ({value})."),
    "lower": N_("Lower than in {name} ({value})."),
    "alike": N_("About the same as in {name} ({value})."),
}
EXPECTED = {
    "rises": N_(
        "If policy does not change, that rises to about {middle} in {target} (80% chance between {between})."
    ),
    "falls": N_(
        "If policy does not change, that falls to about {middle} in {target} (80% chance between {between})."
    ),
    "steady": N_(
        "If policy does not change, that stays about the same: about {middle} in {target} "
        "(80% chance between {between})."
    ),
    "probably rises": N_(
        "If policy does not change, that probably rises to about {middle} in {target} (80% chance between {between})."
    ),
    "probably falls": N_(
        "If policy does not change, that probably falls to about {middle} in {target} (80% chance between {between})."
    ),
    "unknown": N_(
        "If policy does not change, {area} spends about {middle} in {target} (80% chance between {between})."
    ),
}
EQUAL_AGES = {
    "higher": N_("At equal ages ({year}) {own}: higher than in {name} ({value})."),
    "lower": N_("At equal ages ({year}) {own}: lower than in {name} ({value})."),
    "alike": N_("At equal ages ({year}) {own}: about the same as in {name} ({value})."),
}
FOR_ITS_PEOPLE = {
    "more": N_("More than is usual for the people who live here ({low} to {high})."),
    "less": N_("Less than is usual for the people who live here ({low} to {high})."),
    "usual": N_("Usual for the people who live here ({low} to {high})."),
}
BUDGETED = {
    ("unknown", "above"): N_("{area} lies {gap} above the middle of the forecast."),
    ("unknown", "below"): N_("{area} lies {gap} below the middle of the forecast."),
    ("more", "above"): N_(
        "{area} budgets {growth} more than for {before}, {gap} above the middle of the forecast."
    ),
    ("more", "below"): N_(
        "{area} budgets {growth} more than for {before}, {gap} below the middle of the forecast."
    ),
    ("less", "above"): N_(
        "{area} budgets {growth} less than for {before}, {gap} above the middle of the forecast."
    ),
    ("less", "below"): N_(
        "{area} budgets {growth} less than for {before}, {gap} below the middle of the forecast."
    ),
}
WHOSE = {
    "small": N_("municipalities of this size (below 6,000 youths)"),
    "middle": N_("municipalities of this size (6,000 to 15,000 youths)"),
    "large": N_("municipalities of this size (15,000 youths or more)"),
    "municipality": N_("all municipalities together"),
    "region": N_("the regions"),
    "all": N_("all regions together"),
}
"""Of which areas an error is: what ``backtest.score`` was taken over."""
UNKNOWN_COST = {
    "faulty": N_("What {area} spent on youth care in {period} is not known: the source holds an error."),
    "missing": N_("What {area} spent on youth care in {period} is not known: it has not been published."),
    "suppressed": N_("What {area} spent on youth care in {period} is not known: the source hides it."),
}


def finding(facts: Cost, language: str = "nl") -> str:
    """The finding of a report: what it cost, and what it is expected to cost.

    Examples
    --------
    >>> known = Cost("Delft", 2024, 41.2e6, "final", 2027, 47.1e6, 43.2e6, 51.8e6)
    >>> finding(known).replace(formats.NBSP, " ")
    'Delft gaf in 2024 € 41,2 miljoen uit aan jeugdhulp. Bij ongewijzigd beleid stijgt dat in 2027 naar ongeveer \
€ 47 miljoen (80 % kans tussen € 43 en € 52 miljoen).'
    """
    words = translator(language)
    sentences = [_spent(facts, language)]
    if facts.target is not None and formats.known(facts.middle_eur):
        trend = facts.trend if formats.known(facts.cost_eur) else "unknown"
        sentences.append(
            words.gettext(
                EXPECTED[trend],
                area=words.gettext(facts.area),
                target=facts.target,
                middle=formats.euro(facts.middle_eur, language, digits=2),
                between=formats.euro_between(facts.low_eur, facts.high_eur, language),
            )
        )
    else:
        sentences.append(words.gettext("There is no forecast."))
    return " ".join(sentences)


def _spent(facts: Cost, language: str) -> str:
    words = translator(language)
    area = words.gettext(facts.area)
    if not formats.known(facts.cost_eur):
        if facts.period is None:
            return words.gettext("What {area} spends on youth care is not known.", area=area)
        template = UNKNOWN_COST.get(facts.status, UNKNOWN_COST["missing"])
        return words.gettext(template, area=area, period=facts.period)
    values = {"area": area, "period": facts.period, "amount": formats.euro(facts.cost_eur, language)}
    if facts.status == "incomplete":
        return words.gettext(
            "In {period} {area} spent at least {amount} on youth care; a part is not known.", **values
        )
    if facts.status == "estimated":
        return words.gettext("In {period} {area} spent about {amount} on youth care.", **values)
    if facts.together:
        return words.gettext(
            "In {period} the regions {area} together spent {amount} on youth care.", **values
        )
    return words.gettext("In {period} {area} spent {amount} on youth care.", **values)


def certainty(
    forecast_percent: float,
    budget_percent: float,
    whose: str,
    *,
    horizon: int,
    checked: int,
    language: str = "nl",
) -> str:
    """How far off forecasts were at this number of years ahead, and how far off budgets were.

    Parameters
    ----------
    forecast_percent, budget_percent : float
        Median errors in per cent.
    whose : str
        The areas concerned, as in "municipalities of this size"; in the language of the page.
    horizon : int
        Years ahead.
    checked : int
        Accounts that forecasts were compared with.
    """
    words = translator(language)
    if not formats.known(forecast_percent):
        return words.gettext("How far off this forecast was in past years is not known.")
    values = {"whose": whose, "n": horizon, "checked": formats.number(checked, language)}
    said = words.ngettext(
        "{n} year ahead this forecast was usually {forecast} off for {whose} (checked against {checked} accounts).",
        "{n} years ahead this forecast was usually {forecast} off for {whose} (checked against {checked} accounts).",
        horizon,
        forecast=formats.percent(forecast_percent, language, decimals=0),
        **values,
    )
    if not formats.known(budget_percent):
        return said
    budgets = words.gettext(
        "Their budgets, made just before the year itself, were {budget} off.",
        budget=formats.percent(budget_percent, language, decimals=0),
    )
    return f"{said} {budgets}"


def beside_the_forecast(own: Budget, reference: Budget | None, language: str = "nl") -> str:
    """Why the chance of an area differs from that of its reference: where the budget of each lies beside its forecast.

    Parameters
    ----------
    own, reference : Budget
        Of the area, and of the reference where there is one.
    language : {"nl", "en"}
        Language of the sentence.
    """
    words = translator(language)
    said = [_budgeted(own, words)]
    if reference is not None and formats.known(reference.gap):
        said.append(_budgeted(replace(reference, growth=float("nan")), words))
    return paragraph(*said)


def _budgeted(budget: Budget, words: Words) -> str:
    if not formats.known(budget.gap):
        return ""
    grown = "unknown" if not formats.known(budget.growth) else "more" if budget.growth >= 0 else "less"
    name = words.gettext(TOGETHER.get(budget.area, budget.area))
    return words.gettext(
        BUDGETED[grown, "above" if budget.gap >= 0 else "below"],
        area=f"{name[:1].upper()}{name[1:]}",
        before=budget.period - 1,
        gap=formats.percent(abs(budget.gap), words.language, decimals=0),
        growth=formats.percent(abs(budget.growth), words.language, decimals=0),
    )


def place(figure: KeyFigure, written: str, language: str = "nl") -> str:
    """How a figure compares with that of the reference area; empty without one.

    Parameters
    ----------
    figure : KeyFigure
        Of the area, with that of its reference.
    written : str
        The figure of the reference, as it is written.
    language : {"nl", "en"}
        Language of the sentence.
    """
    if figure.place == "unknown":
        return ""
    equal = figure.equal_ages
    if equal is not None and equal.place != "unknown":
        return translator(language).gettext(
            EQUAL_AGES[equal.place],
            year=equal.period,
            own=formats.number(equal.value, language, decimals=1),
            name=translator(language).gettext(equal.reference_name),
            value=formats.number(equal.reference, language, decimals=1),
        )
    return translator(language).gettext(
        PLACES[figure.place], name=translator(language).gettext(figure.reference_name), value=written
    )


def for_its_people(figure: KeyFigure, language: str = "nl") -> str:
    """How a figure compares with what is usual for the people of the area; empty where nothing is expected."""
    if figure.for_its_people == "unknown":
        return ""
    low, high = (formats.number(one, language, decimals=1) for one in (figure.usual_low, figure.usual_high))
    return translator(language).gettext(FOR_ITS_PEOPLE[figure.for_its_people], low=low, high=high)


def comparable(figure: KeyFigure, language: str = "nl") -> str:
    """Why a figure, or that of the reference, is not comparable or only with care; empty when it is."""
    words = translator(language)
    said = []
    for flag, own in figure.flags:
        title = getattr(flag.title, language)
        if not own and (flag.kind != "not comparable" or figure.reference_name in TOGETHER.values()):
            continue  # it stands in the comparison; here it would say too much of another area
        if not own:
            name = words.gettext(figure.reference_name)
            said.append(words.gettext("Note for {name}: {title}.", name=name, title=title))
        elif flag.kind == "not comparable":
            said.append(words.gettext("Cannot well be compared: {title}.", title=title))
        else:
            said.append(words.gettext("Compare with care: {title}.", title=title))
    return " ".join(said)


def change(figure: KeyFigure, language: str = "nl") -> str:
    """The change since the year before in per cent; empty when that year is not known."""
    words = translator(language)
    if not (formats.known(figure.previous) and figure.previous):
        return ""
    percent = 100 * (figure.value / figure.previous - 1)
    values = {"percent": formats.percent(abs(percent), language, decimals=0), "year": figure.previous_period}
    if abs(percent) < 0.5:
        return words.gettext("About the same as in {year}.", **values)
    if percent > 0:
        return words.gettext("{percent} more than in {year}.", **values)
    return words.gettext("{percent} less than in {year}.", **values)


def paragraph(*said: str) -> str:
    """Sentences joined by spaces; empty ones are skipped."""
    return " ".join(one for one in said if one)


def lowered(title: str) -> str:
    """A title or name as it reads inside a sentence.

    Examples
    --------
    >>> lowered("Jeugd-ggz zonder verblijf")
    'jeugd-ggz zonder verblijf'
    """
    return f"{title[:1].lower()}{title[1:]}"


def listing(parts: list[str], language: str = "nl") -> str:
    """A list in words: "a, b en c"; empty for nothing."""
    if len(parts) < 2:
        return "".join(parts)
    conjunction = translator(language).gettext("and")
    return f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"
