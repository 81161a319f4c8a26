"""The texts of the scenario panel, by the name that its script calls them by; and the sentences of its base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import analyse
from analyse.present.exhibits.exhibit import MARK
from analyse.present.text import formats
from analyse.present.text.language import N_, translator

BASE = N_(
    "{area}: without measures youth care costs about {middle} in {year} (80% chance between {between})."
)
TEXTS = {
    "panel": N_("What if: choose measures"),
    "examples": N_("Examples"),
    "levers": N_("Measures"),
    "look_at": N_("Year to look at"),
    "compare_with": N_("Budget of {year}, in million euros; it rises with prices after that"),
    "name": N_("Name of this scenario"),
    "keep": N_("Keep to compare"),
    "kept": N_("Kept scenarios side by side"),
    "table_kept": N_("Table of kept scenarios"),
    "kept_name": N_("Scenario {count}"),
    "kept_said": N_("{name} is kept."),
    "kept_dropped": N_("{name} is taken away."),
    "kept_full": N_("There is room for {count} scenarios side by side. Take one away first. Nothing has changed."),
    "kept_open": N_("Choose"),
    "kept_drop": N_("Take away"),
    "kept_here": N_("Kept in this browser on this device; nothing is sent."),
    "kept_now": N_("Kept until this page is closed. Save a scenario as a file to keep it longer."),
    "caption_kept": N_("{area}: scenarios side by side, {year}"),
    "kept_cost": N_("Costs in {year}"),
    "kept_difference": N_("Difference in {year}"),
    "kept_saves": N_("Chance that it saves money"),
    "save": N_("Save as a file"),
    "open": N_("Open a file"),
    "copy": N_("Copy the link"),
    "copied": N_("The link is copied"),
    "print": N_("Print"),
    "reset": N_("Back to the forecast"),
    "more": N_("Evidence, pace and cost"),
    "as_set": N_("Assume that every measure works as set"),
    "as_set_note": N_("assumed to work as set; not what evidence expects"),
    "as_set_sentence": N_("You assume that every measure works as set: your own assumption, not evidence."),
    "as_set_less": N_("If everything worked as set it would be about {amount} less."),
    "as_set_more": N_("If everything worked as set it would be about {amount} more."),
    "saves": N_("The chance that it saves money is {percent}."),
    "own_assumption": N_("your own assumption, not evidence"),
    "own_assumption_here": N_("This size is your own assumption, not evidence."),
    "own_assumption_count": N_("Of {count} measures the size is your own assumption, not evidence."),
    "own_assumption_of": N_("Your own assumption, not evidence: {levers}."),
    "evidence_class": N_("evidence {class}"),
    "of_country": N_("{amount} in the whole country"),
    "youths_of_country": N_("{count} youths in the whole country"),
    "opponent": N_("An opponent would say:"),
    "checked": N_("checked {date}"),
    "setting_new_only": N_("For new care only"),
    "budget_indexed": N_("That is the budget of {year}, raised with prices."),
    "off": N_("not used"),
    "unused": N_("Choose a measure or an example: then charts and tables show here what changes."),
    "count": N_("({count} used)"),
    "group_demand": N_("Fewer youths who need help"),
    "group_duration": N_("Shorter or lighter help"),
    "group_place": N_("Help in another place"),
    "group_price": N_("Prices and payments"),
    "group_own": N_("Your own assumptions"),
    "setting_size": N_("Size"),
    "setting_start": N_("From"),
    "setting_ramp_months": N_("Months until it works in full"),
    "setting_one_off_eur_per_youth": N_("One-off cost, euro per youth"),
    "setting_running_eur_per_youth": N_("Yearly cost, euro per youth"),
    "setting_cost_ratio": N_("Price of the new place against the old one (1 = equal)"),
    "a_year": N_("{size} a year"),
    "comes_true": N_("80% chance that it becomes {low} to {high}"),
    "evidence": N_("Evidence"),
    "evidence_A": N_("a study that compared places or people; the calculation uses that result, not your own number"),
    "evidence_B": N_("a pilot without a comparison group"),
    "evidence_C": N_("a target of policy, not measured"),
    "evidence_D": N_("a bound or assumption of this analysis"),
    "evidence_interval": N_("Found: {middle}, with {coverage} chance between {low} and {high}."),
    "evidence_none": N_("Nobody has found what it does; of the size you set, part or nothing comes true."),
    "evidence_promised": N_("Promised: {size} in {year}."),
    "source": N_("Source:"),
    "action_line": N_("Action line of the region:"),
    "forecast": N_("forecast"),
    "known": N_("known"),
    "budgeted": N_("budgeted"),
    "with": N_("this scenario"),
    "without": N_("without measures"),
    "unknown": N_("not known"),
    "million": N_("million"),
    "billion": N_("billion"),
    "million_euros": N_("million euros"),
    "youths_with_care": N_("youths with care"),
    "low_and_high": N_("{low} and {high}"),
    "more_than": N_("more than {percent}"),
    "less_than": N_("less than {percent}"),
    "nearly_always": N_("more than 99 in 100"),
    "nearly_never": N_("less than 1 in 100"),
    "part_in_whole": N_("{part} in {whole}"),
    "finding": N_("{area}: with this scenario youth care costs about {middle} in {year} (80% chance between "
                  "{between}); without measures about {base}."),
    "finding_base": BASE,
    "less": N_("That is about {amount} less (80% chance between {between} less)."),
    "more_cost": N_("That is about {amount} more (80% chance between {between} more)."),
    "unsure": N_("The difference is uncertain: 80% chance between {less} less and {more} more."),
    "same": N_("In that year it makes no difference."),
    "perhaps_less": N_("Perhaps it makes no difference, and at most {amount} less (80% chance)."),
    "perhaps_more": N_("Perhaps it makes no difference, and at most {amount} more (80% chance)."),
    "finding_chance": N_("The chance of more than the budget of {amount} is {percent}; without measures {before}."),
    "finding_chance_base": N_("The chance of more than the budget of {amount} is {percent}."),
    "low_to_high": N_("{low} to {high}"),
    "title_cost": N_("{area}: costs with this scenario and without measures"),
    "title_cost_base": N_("{area}: costs without measures"),
    "title_clients": N_("{area}: youths with care with this scenario and without measures"),
    "title_clients_base": N_("{area}: youths with care without measures"),
    "title_steps": N_("{area}: what changes the costs from {start} to {year}"),
    "alt_clients": N_("In {year} about {middle} youths with care (80% chance between {low} and {high}); without "
                      "measures about {base}."),
    "alt_steps": N_("Steps: {parts}."),
    "note_fan": N_("Inner band: 4 in 5 chance that the outcome with the scenario lies in it; outer band: 19 in 20. "
                   "Thin dashed lines: 4 in 5 without measures. The bands count how unsure the effect of measures is."),
    "note_fan_base": N_("Inner band: 4 in 5 chance that the outcome lies in it. Outer band: 19 in 20."),
    "note_partial": N_("Hollow: a part is not known, so it is at least this much."),
    "note_years": N_("* No budget is known for this year: compared with the amount above the charts, at first the "
                     "budget of {year}, raised with prices. Amounts are middle outcomes; a difference is taken in each "
                     "possible future, so it can differ a little from the difference of two middle outcomes. With "
                     "measures this panel reckons with a part of the possible futures; without measures it shows the "
                     "forecast."),
    "note_years_unknown": N_("* No budget is known: compared with the amount that you fill in above the charts."),
    "note_steps": N_("Thin lines: 4 in 5 chance that the effect lies between the ends. The steps add up to the "
                     "middle outcome."),
    "step_population": N_("number of youths"),
    "step_usage": N_("use of care"),
    "step_price": N_("wages and prices"),
    "step_mix": N_("heavier or longer care, all else"),
    "step_interaction": N_("measures together"),
    "as_table": N_("Data as a table"),
    "table_years": N_("Table by year"),
    "table_cost": N_("Table of costs"),
    "table_clients": N_("Table of youths with care"),
    "table_steps": N_("Table of steps"),
    "caption_years": N_("{area}: costs by year with this scenario and without measures"),
    "caption_clients": N_("{area}: youths with care by year"),
    "caption_steps": N_("{area}: steps from {start} to {end}"),
    "head_year": N_("Year"),
    "head_with": N_("This scenario"),
    "head_without": N_("Without measures"),
    "head_interval": N_("80% chance between"),
    "likely": N_("80%: between {between}"),
    "none": N_("none"),
    "head_difference": N_("Difference"),
    "head_budget": N_("Budget"),
    "head_above": N_("Chance of more than budgeted"),
    "chance_without": N_("without: {percent}"),
    "head_step": N_("Step"),
    "head_amount": N_("Amount"),
    "table_case": N_("Business case"),
    "table_payers": N_("Who pays and who gains"),
    "caption_case": N_("{area}: business case of this scenario"),
    "caption_payers": N_("{area}: who pays and who gains in {year}"),
    "head_question": N_("What is asked"),
    "head_who": N_("Who"),
    "head_pays": N_("Pays more or less"),
    "case_once": N_("One-off cost"),
    "case_running": N_("Running cost, all years"),
    "case_saved": N_("Saved in {year}"),
    "case_value": N_("Present value for the municipality"),
    "case_room": N_("What must be true: so much more may be spent a year (below 0: it must be so much less)"),
    "case_society": N_("Value for society"),
    "case_paid": N_("Paid back in"),
    "case_chance": N_("Chance that it pays back"),
    "case_no_cost": N_("no cost filled in"),
    "case_not_paid": N_("not within the horizon"),
    "note_case": N_("Averages over the possible futures. The municipality with {interest} interest a year above "
                    "inflation; society with {social}, and what another payer takes over is no saving. For "
                    "anyone not in the table, nothing was found that they pay or gain."),
    "payer_municipality": N_("the municipality, for youth care and measures"),
    "payer_national_fund": N_("the state, which has taken it from the municipal fund"),
    "payer_families": N_("families, who pay or go without"),
    "payer_schools": N_("schools"),
    "payer_long-term_care_act": N_("the long-term care act (Wlz)"),
    "payer_health_insurer": N_("the health insurer"),
    "payer_region": N_("the region, which gets fewer orders"),
    "payer_fund": N_("taken from the municipal fund, whether it works or not"),
    "seek": N_("How much is needed?"),
    "seek_lever": N_("Measure taken"),
    "seek_chance": N_("Chance to stay within the budget"),
    "seek_find": N_("Find the size"),
    "sought": N_("‘{lever}’: {size} keeps {year} within {budget} with a chance of {wanted}. Without it the chance is "
                 "{without}."),
    "sought_nothing": N_("‘{lever}’ is not needed: {year} stays within {budget} with a chance of {without}."),
    "sought_late": N_("‘{lever}’ starts in {start}, so it does nothing in {year}. Choose an earlier start or a later "
                      "year."),
    "sought_none": N_("No size of ‘{lever}’ keeps {year} within {budget} with a chance of {wanted}; at best the chance "
                      "is {best}."),
    "sought_no_budget": N_("Fill in a budget above the charts first."),
    "limit_late": N_("It starts in {start}, so it does nothing in {year}."),
    "limit_evidence": N_("Studies found what it does, and a larger size does not change that."),
    "limit_places": N_("Places limit it: only so many come free in a year."),
    "limit_nothing": N_("In a part of the futures it does nothing, whatever its size."),
    "sought_gap": N_("At best it changes {year} by {change} in the middle; {needed} must go."),
    "limit_range": N_("Its range or its price limits it."),
    "passport": N_("What this rests on"),
    "passport_title": N_("Scenario"),
    "passport_levers": N_("Measures"),
    "passport_none": N_("none"),
    "lever_in_passport": N_("{title} ({size} from {start}; {evidence})"),
    "passport_effect": N_("Effect"),
    "refused_shape": N_("This is not a scenario: expected a title and a list of measures. Nothing has changed."),
    "refused_key": N_("Unknown word {name}; a scenario has title, text, works_as_set and levers, a measure has size, "
                      "start, ramp_months, one_off_eur_per_youth, running_eur_per_youth, cost_ratio and new_only. "
                      "Nothing has changed."),
    "refused_new": N_("{lever}: only the duration of care can be for new care only. Nothing has changed."),
    "refused_twice": N_("{first} and {second} are the same money; choose one. Nothing has changed."),
    "refused_title": N_("The title must be a text of at most 120 characters. Nothing has changed."),
    "refused_lever": N_("Unknown measure {name}; did you mean {near}? Nothing has changed."),
    "refused_ratio": N_("{lever}: has no price of a new place, because care does not move. Nothing has changed."),
    "refused_value": N_("{lever}: {setting} is {value}; allowed is {low} to {high}. Nothing has changed."),
    "refused_caps": N_("{levers} both limit the places of {form}; choose one. Nothing has changed."),
    "refused_more": N_("{levers} together could move {total}% of {form}; more than 100% is not there. "
                       "Nothing has changed."),
    "refused_circle": N_("Care would move away from {form} and come back to it; leave one measure out. "
                         "Nothing has changed."),
    "refused_address": N_("The address of this page does not hold a scenario that can be read. Nothing has changed."),
    "refused_size": N_("The file is too large for a scenario. Nothing has changed."),
    "refused_line": N_("Line {line} of the file cannot be read as part of a scenario. Nothing has changed."),
}  # fmt: skip
"""Name in the script -> English text; ``texts`` gives them in a language."""


def texts(language: str) -> dict[str, str]:
    """Every text of the panel in one language, placeholders included."""
    words = translator(language)
    return {name: words.gettext(text) for name, text in TEXTS.items()}


def passport(
    values: Mapping[str, Any], *, data_date: str, samples: int, language: str
) -> list[dict[str, str]]:
    """What every chart of the panel states beside the measures: label and value.

    Parameters
    ----------
    values : mapping
        ``Inputs.passport`` (composition, composition_year, horizon), ``until``, and ``simulated``: whether anything
        in it rests on simulated declarations.
    data_date : str
        ISO date of the data.
    samples : int
        Number of joint futures in the panel.
    """
    words = translator(language)
    composed = (
        words.gettext("boundaries of {year}", year=values["composition_year"])
        if values["composition"] == "fixed"
        else words.gettext("boundaries of each year")
    )
    day = formats.date(data_date, language)
    lines = {
        words.gettext("Data"): f"{day}; {words.gettext(MARK).lower()}" if values["simulated"] else day,
        words.gettext("Composition"): composed,
        words.gettext("Horizon"): str(values["until"]),
        words.gettext("Version"): words.gettext(
            "{version}, {samples} possible futures", version=analyse.__version__, samples=samples
        ),
    }
    return [{"label": label, "value": value} for label, value in lines.items()]


def base(area: str, year: int, quantiles: Sequence[float], language: str) -> str:
    """The sentence on the forecast without measures.

    Parameters
    ----------
    area : str
        Name of the area.
    year : int
        Year of the forecast.
    quantiles : sequence of float
        The 10 %, 50 % and 90 % of the costs, in EUR.
    language : {"nl", "en"}
        Language of the sentence.
    """
    words, (low, middle, high) = translator(language), quantiles
    return words.gettext(
        BASE,
        area=words.gettext(area),
        year=year,
        middle=formats.euro(middle, language, digits=2),
        between=formats.euro_between(low, high, language),
    )
