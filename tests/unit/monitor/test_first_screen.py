"""The whole page of a small store, with every file of contracts: first screen, attention, framework, tariffs."""

from __future__ import annotations

import json
import re
import shutil

import pandas as pd
import pytest

from analyse import store
from analyse.present.exhibits import markup
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.monitor import attention
from tests import declaration_page

FILES = {
    "providers": "provider,name\n99900001,De Horizon\n99900002,De Kim\n",
    "framework": "care_form,product_code,agreed_months,agreed_per_week,unit\nambulant,,6,2.0,04\nggz,54001,9,,\n",
    "calendar": "provider,starts_on,ends_on,notice_days,renewal_months\n99900001,2023-01-01,2024-12-31,60,12\n",
    "proposals": "provider,care_form,starts_on,change_percent\n99900001,,2025-01-01,3\n",
}


@pytest.fixture(scope="module", params=["nl", "en"])
def page(request: pytest.FixtureRequest, stored, tmp_path_factory: pytest.TempPathFactory) -> list[Exhibit]:
    """The exhibits of the page."""
    folder = shutil.copytree(stored.contracts, tmp_path_factory.mktemp("terms") / "contracts")
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return declaration_page.of(stored.store, folder, samples=100, language=request.param)


def test_the_first_screen_has_five_figures_and_what_asks_for_attention(page):
    kinds = [one.kind for one in page[:4]]
    assert kinds == ["head", "text", "cards", "text"]
    assert len(page[2].content["cards"]) == 5
    assert all(one["value"] for one in page[2].content["cards"])
    asks = page[3].content
    assert 1 <= len(asks["paragraphs"]) <= attention.MOST
    assert any("De Horizon (99900001)" in text for text in asks["paragraphs"]), (
        "the contract ends in two months"
    )
    assert len(asks["links"]) == len(asks["paragraphs"])


def test_each_link_leads_to_the_heading_that_it_is_about():
    book = json.loads((store.notebooks("nl") / "07_declarations.ipynb").read_text(encoding="utf-8"))
    heads = [
        found
        for cell in book["cells"]
        if cell["cell_type"] == "markdown"
        for found in re.findall(r"^## (.*)$", "".join(cell["source"]), re.M)
    ]
    words = dict(
        zip(
            attention.PARTS,
            ("nog", "veranderen", "ruimte", "lang duurt", "wachten", "visie", "Wat als", "Kloppen"),
            strict=True,
        )
    )

    for (part, word), head in zip(words.items(), heads, strict=False):
        assert word in head, f"{part} leads to {head}"


def test_contracts_in_time_and_proposed_tariffs_stand_on_the_page(page):
    titles = " | ".join(one.title for one in page)
    assert re.search(r"1 contract\b", titles)
    assert re.search(r"voorgestelde tarieven|proposed tariffs|What proposed|Wat voorgestelde", titles)
    assert re.search(r"afgesproken duren|agreed durations", titles)


def test_a_list_of_links_is_made_of_sentences_that_are_escaped():
    content = {"paragraphs": ["a < b", "c"], "links": ["#part-1", ""], "role": "attention"}
    made = markup.text({"content": content, "title": "T"})

    assert made == (
        '<div class="attention"><h3>T</h3><ul><li><a href="#part-1">a &lt; b</a></li><li>c</li></ul></div>'
    )


def test_attention_names_no_provider_of_few_youths_and_stays_within_seven_rows():
    from analyse.present import monitor

    shown = monitor.Page("Delft", False, "nl", apart={"provider": frozenset({"p5"})})
    room = pd.DataFrame({"provider": [f"p{n}" for n in range(9)], "probability": 0.9, "at_risk_eur": 1e5,
                         "agreed_eur": 4e5, "youths": [7.0, *[20.0] * 8]})  # fmt: skip
    track = pd.DataFrame({"year": 2024, "cut_off": ["2024-08", "2024-09"], "mean": [9e6, 12e6], "q0.1": [8e6, 11e6],
                          "q0.9": [10e6, 13e6], "budget_eur": 10e6, "probability": [0.2, 0.97],
                          "declared_eur": 6e6})  # fmt: skip
    calendar = pd.DataFrame(
        {"provider": ["p1", "p2", "p3"], "notice_by": "2024-11-01", "days_left": [32, 33, 400]}
    )
    inflow = pd.DataFrame({"series": "inflow", "care_form": ["total", "ggz"], "alarm": [True, False],
                           "change": [0.12, 0.3]})  # fmt: skip
    misplaced = pd.DataFrame({"residence": ["here", "elsewhere"], "cost_eur": [9e6, 2e6]})
    waits = pd.DataFrame({"provider": ["p1"], "allocated": [40], "trend": "rises", "beyond_norm": 0.4})

    made = attention.attention(
        shown,
        track=track,
        room=room,
        calendar=calendar,
        inflow=inflow,
        waits=waits,
        misplaced=misplaced,
        missing=["tariffs"],
    )
    said = made.content["paragraphs"]

    assert len(said) == 7 and said[0].startswith(
        "Het jaar komt waarschijnlijk boven de begroting uit: gemiddeld"
    )
    assert not any("p0" in one or "p5" in one for one in said)
    alone = attention.attention(shown, track=track.iloc[:0].reindex([0]), room=room, calendar=calendar.iloc[:0],
                                inflow=inflow.iloc[:0], waits=waits.iloc[:0], misplaced=misplaced.iloc[:0])  # fmt: skip
    together = next(one for one in alone.content["paragraphs"] if " 7 aanbieders" in one)
    assert "€\u00a0700.000" in together, "the two that may not be named are not in the sum"
    assert "tariffs.csv" in said[-1] and any("Meer dan aan het begin" in one for one in said)
    assert any("woonplaatsbeginsel" in one and "€\u00a02,00" in one for one in said)


def test_a_contract_to_decide_on_has_its_day_and_the_amount_agreed():
    from analyse.present import monitor

    days = pd.DataFrame({"provider": ["p1", "p2", "p3"], "notice_by": "2025-01-01", "days_left": [1, 2, 400]})
    room = pd.DataFrame(
        {"provider": ["p1", "p2", "p3"], "youths": [20.0, 7.0, 30.0], "agreed_eur": 250_000.0}
    )
    page = monitor.Page("Delft", False)

    def said(soon: pd.DataFrame) -> str:
        (row,) = attention._of_calendar(soon, room, page)
        return row.text.replace("\u00a0", " ")

    assert said(days.iloc[[0]]).endswith("(over 1 dag). Voor dit jaar is daar € 250.000 afgesproken.")
    assert said(days.iloc[[1]]).endswith("(over 2 dagen).")
    assert said(days) == (
        "Over 2 contracten is binnen 60 dagen een besluit nodig, over het eerste uiterlijk 1 januari 2025. Voor dit "
        "jaar is daar € 250.000 afgesproken met aanbieders met tien jongeren of meer."
    )
