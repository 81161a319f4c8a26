"""Use by form of care, and trajectories begun and ended: past, expected, or not available."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analyse.present.exhibits import cards
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.text.language import N_, translator

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
NO_FLOWS = N_("Nor do they say how much help began and ended, and how long it took.")
FLOWS = {
    "begun": N_("Trajectories begun"),
    "ended": N_("Trajectories ended"),
    "duration_days": N_("Mean duration in days"),
}


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
        for quantile in ("q0.1", "q0.5", "q0.9"):
            rows[f"{quantile} {step}"] = ahead[quantile].reindex(key).to_numpy()
        year = last + step
        shown |= {
            f"q0.5 {step}": Column(words.gettext("Expected in {year}", year=year), "about", digits=EXPECTED),
            f"q0.1 {step}": Column(
                words.gettext("80% interval in {year}: from", year=year), "about", digits=EXPECTED
            ),
            f"q0.9 {step}": Column(
                words.gettext("80% interval in {year}: to", year=year), "about", digits=EXPECTED
            ),
        }
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
    year = last + 1
    shown = {
        "area": Column("Area", terms={}),
        "measure": Column("What", terms=FLOWS),
        "value": Column(str(last), "integer"),
        "q0.5": Column(words.gettext("Expected in {year}", year=year), "about", digits=EXPECTED),
        "q0.1": Column(words.gettext("80% interval in {year}: from", year=year), "about", digits=EXPECTED),
        "q0.9": Column(words.gettext("80% interval in {year}: to", year=year), "about", digits=EXPECTED),
    }
    note = words.gettext("Four of five possible futures lie in the interval.")
    return Exhibit.of_table(rows.sort_values(["area", "measure"]), shown, title, language, note=note)
