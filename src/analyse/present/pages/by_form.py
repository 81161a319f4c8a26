"""Use and costs by form of care, and trajectories begun and ended: past, expected, or not available."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analyse.compare import membership
from analyse.forecast import forms as ahead
from analyse.forecast import own_assumptions, revised
from analyse.history import areas, boundaries, form_history, panel
from analyse.parameters import Run
from analyse.present.exhibits import cards
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column, expected_in
from analyse.present.figures.usage_bars import CATEGORIES
from analyse.present.pages.one_area import Area
from analyse.present.text.language import N_, Words, translator

FORMS = {
    "jeugdhulp": N_("youth help, all forms"),
    "zonder-verblijf": N_("youth help at home"),
    "wijkteam": N_("by the neighbourhood team"),
    "niet-wijkteam": N_("not by the neighbourhood team"),
    "ambulant": N_("ambulatory, at the provider"),
    "daghulp": N_("day care, at the provider"),
    "netwerk": N_("in the network of the youth"),
    "met-verblijf": N_("youth help with a stay elsewhere"),
    "pleegzorg": N_("foster family"),
    "gezinsgericht": N_("family home"),
    "gesloten": N_("closed institution"),
    "verblijf-overig": N_("other stay at a provider"),
    "jeugdbescherming": N_("child protection order"),
    "jeugdreclassering": N_("youth probation order"),
    "jb-jr": N_("protection and probation together"),
}
NO_FORMS = N_(
    "The figures of this set do not divide use by form of care. After the next update of the figures it "
    "will be shown here, with what is expected."
)
NO_REFERRERS = N_(
    "Which referrer sent youths to which form of care is not in the figures of municipalities at all."
)
NO_FLOWS = N_("Nor do they say how much help began and ended, and how long it took.")
FLOWS = {
    "begun": N_("Trajectories begun"),
    "ended": N_("Trajectories ended"),
    "duration_days": N_("Mean duration in days"),
}
MEASURES = {
    "clients": (N_("{area}: youths by form of care, {first} to {last}"), "clients_status", "persons"),
    "cost_eur": (N_("{area}: costs by form of care, {first} to {last}"), "status", "euro"),
}
"""Measure -> title, its status, and how it is written."""
SOURCE = N_("CBS StatLine, youth care by form of care")


def use(history: pd.DataFrame, expected: pd.DataFrame, *, language: str = "nl") -> Exhibit:
    """Youths with each form of care in the last year counted, and what is expected a year and three years later.

    Parameters
    ----------
    history : DataFrame
        ``panel.by_area`` of the history by form.
    expected : DataFrame
        ``forecast.forms.expected`` at the same level; both may have no rows.
    """
    words = translator(language)
    title = words.gettext("Youths by form of care")
    counted = history.loc[history["clients_status"].ne("missing") & history["care_form"].isin(list(FORMS))]
    if counted.empty or expected.empty:
        return cards.text([words.gettext(NO_FORMS)], title=title, language=language)
    last = int(counted["period"].max())
    rows = counted.loc[counted["period"] == last]
    form = Column("Form of care", terms=FORMS)
    shown = {"area": Column("Area"), "care_form": form, "clients": Column(str(last), "persons")}
    for step in (1, 3):
        ahead = expected.loc[expected["period"] == last + step].set_index(["area_code", "care_form"])
        if ahead.empty:
            continue
        key = pd.MultiIndex.from_frame(rows[["area_code", "care_form"]])
        for quantile, column in expected_in(last + step, "about").items():
            rows[f"{quantile} {step}"] = ahead[quantile].reindex(key).to_numpy()
            shown[f"{quantile} {step}"] = column
    order = {name: place for place, name in enumerate(FORMS)}
    rows = rows.assign(place=rows["care_form"].astype("str").map(order)).sort_values(["area", "place"])
    note = words.gettext(
        "A youth can have several forms of care: the forms do not add up. Figures before 2021 count other "
        "providers, so growth into 2021 is no trend."
    )
    return Exhibit.of_table(rows, shown, title, language, note=note)


def flows(
    history: pd.DataFrame, expected: pd.DataFrame, names: Mapping[str, str], *, language: str = "nl"
) -> Exhibit:
    """Trajectories begun and ended and how long they took, and what is expected the year after.

    Parameters
    ----------
    history : DataFrame
        ``history.form_history.flows``.
    expected : DataFrame
        ``forecast.forms.flows`` of it; both may have no rows.
    names : mapping of str to str
        Name of each area code.
    """
    words = translator(language)
    title = words.gettext("Youth help begun and ended")
    if history.empty or expected.empty:
        return cards.text([words.gettext(NO_FLOWS)], title=title, language=language)
    last = int(history["period"].max())
    rows = history.loc[history["period"] == last].merge(
        expected.loc[expected["period"] == last + 1].drop(columns="period"),
        on=["area_code", "measure"],
        how="left",
    )
    rows = rows.assign(area=rows["area_code"].map(names), value_status=rows["status"])
    shown = {
        "area": Column("Area", terms={}),
        "measure": Column("What", terms=FLOWS),
        "value": Column(str(last), "integer"),
        **expected_in(last + 1, "about"),
    }
    note = words.gettext("Four of five possible futures lie in the interval.")
    return Exhibit.of_table(rows.sort_values(["area", "measure"]), shown, title, language, note=note)


def shown(page: Area, run: Run) -> list[Exhibit]:
    """What the dataset has of an area by form of care; of the embedded figures, that they do not divide by form.

    Parameters
    ----------
    page : Area
        The area.
    run : Run
        The choices of the notebook.
    """
    found = form_history.known(page.nearby)
    words = translator(run.language)
    if not found:
        said = [f"{words.gettext(NO_FORMS)} {words.gettext(NO_REFERRERS)}"]
        return [cards.text(said, title=words.gettext("Youths by form of care"), language=run.language)]
    level = "region" if areas.is_region(page.code) else "municipality"
    history = panel.build(page.nearby, composition_year=run.composition_year, care_forms=found)
    own = panel.by_area(history, level).query("area_code == @page.code")
    expected = ahead.expected(
        history,
        level,
        horizon=run.horizon,
        samples=run.samples,
        seed=run.seed,
        declared=own_assumptions.settings(run.assumptions, None)[1]["declared"],
        revision_percent=revised.assumptions(own_assumptions.values(run.assumptions), page.tables)[
            "provisional_revision_percent"
        ].value,
    ).query("area_code == @page.code")
    made = [use(own, expected, language=run.language)]
    made += [_over_years(own, measure, words) for measure in MEASURES]
    return [one for one in (*made, _begun(page, words)) if one is not None]


def _over_years(own: pd.DataFrame, measure: str, words: Words) -> Exhibit | None:
    """A row for each form of care and a column for each year; None without any figure."""
    title, status, kind = MEASURES[measure]
    rows = own[own["care_form"].isin(list(FORMS)) & own[status].ne("missing")]
    if rows.empty:
        return None
    rows = rows.assign(value=rows[measure], value_status=rows[status])
    note = words.gettext("A youth can have several forms of care, so forms do not add up.")
    if measure == "clients":
        note += " " + words.gettext(
            "From 2021 on CBS counts more providers: figures before it cannot be compared with those after it."
        )
    return _wide(rows, "care_form", FORMS, kind, title, note, str(own["area"].iloc[0]), words)


def _begun(page: Area, words: Words) -> Exhibit | None:
    """Trajectories that began in each year, by who referred; None without any figure."""
    flows = page.nearby["usage_flows"]
    flows = flows[
        flows["part"].eq("year") & flows["measure"].eq("begun") & flows["referrer"].isin(list(CATEGORIES))
    ]
    if flows.empty:
        return None
    recoded = boundaries.recode(
        flows[["municipality_code", "year", "referrer", "value", "status"]], page.nearby, {"value": "status"}
    )
    own = recoded.merge(membership.membership({page.code: page.members}), on="municipality_code")
    rows = boundaries.add_up(own, ["year", "referrer"], {"value": "status"})
    if rows["value"].isna().all():
        return None
    rows = rows.rename(columns={"year": "period", "status": "value_status"})
    note = words.gettext("A trajectory is a period of help. One youth can begin several in a year.")
    title = N_("{area}: help begun, by who referred, {first} to {last}")
    return _wide(rows, "referrer", CATEGORIES, "integer", title, note, page.name, words)


def _wide(
    rows: pd.DataFrame,
    by: str,
    names: dict[str, str],
    kind: str,
    title: str,
    note: str,
    area: str,
    words: Words,
) -> Exhibit:
    """Rows with value and value_status by a category, as a table with a column for each year."""
    years = sorted(int(year) for year in rows["period"].unique())
    wide = rows.pivot(index=by, columns="period", values=["value", "value_status"])
    order = [name for name in names if name in wide.index]
    frame = pd.DataFrame({by: order})
    for year in years:
        frame[f"y{year}"] = wide["value"][year].reindex(order).astype("float64").to_numpy()
        frame[f"y{year}_status"] = wide["value_status"][year].reindex(order).fillna("missing").to_numpy()
    label = N_("Form of care") if by == "care_form" else N_("Referrer")
    columns = {
        by: Column(label, terms=names),
        **{f"y{year}": Column(str(year), kind, blank=True) for year in years},
    }
    said = words.gettext(title, area=words.gettext(area), first=years[0], last=years[-1])
    return Exhibit.of_table(frame, columns, said, words.language, note=note, source=words.gettext(SOURCE))
