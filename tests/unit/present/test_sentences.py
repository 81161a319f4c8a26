"""Sentences are right for every number, also the ones nobody thought of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyse.present.text import sentences
from analyse.present.text.facts import Cost, KeyFigure
from analyse.present.text.formats import NBSP

AMOUNTS = st.floats(min_value=1e5, max_value=2e9) | st.just(float("nan"))
STATUSES = st.sampled_from(
    ["final", "provisional", "estimated", "incomplete", "faulty", "missing", "suppressed"]
)
COSTS = st.builds(
    Cost,
    area=st.sampled_from(["Delft", "Kaag en Braassem", "Haaglanden, Rijnmond and Holland Rijnland"]),
    period=st.sampled_from([2022, 2024]),
    cost_eur=AMOUNTS,
    status=STATUSES,
    target=st.sampled_from([2027, None]),
    middle_eur=AMOUNTS,
    low_eur=AMOUNTS,
    high_eur=AMOUNTS,
    together=st.booleans(),
)


def spaced(text: str) -> str:
    return text.replace(NBSP, " ")


def test_the_finding_says_what_it_cost_and_what_it_will_cost():
    rising = Cost("Delft", 2024, 41.2e6, "final", 2027, 47.1e6, 43.2e6, 51.8e6)

    assert spaced(sentences.finding(rising)) == (
        "Delft gaf in 2024 € 41,2 miljoen uit aan jeugdhulp. Bij ongewijzigd beleid stijgt dat in 2027 naar "
        "ongeveer € 47 miljoen (80 % kans tussen € 43 en € 52 miljoen)."
    )
    assert spaced(sentences.finding(rising, "en")) == (
        "In 2024 Delft spent €41.2 million on youth care. If policy does not change, that rises to about "
        "€47 million in 2027 (80% chance between €43 and €52 million)."
    )


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (43e6, 52e6, "stijgt"),
        (30e6, 40e6, "daalt"),
        (40e6, 43e6, "blijft dat ongeveer gelijk"),
        (40e6, 60e6, "stijgt dat in 2027 waarschijnlijk"),
    ],
)
def test_the_trend_word_follows_the_interval(low, high, word):
    assert word in sentences.finding(Cost("Delft", 2024, 41.2e6, "final", 2027, (low + high) / 2, low, high))


@pytest.mark.parametrize(
    ("status", "amount", "text"),
    [
        ("faulty", float("nan"), "is niet bekend: er staat een fout in de bron"),
        ("missing", float("nan"), "is niet bekend: het is niet gepubliceerd"),
        ("incomplete", 30e6, "ten minste € 30,0 miljoen"),
        ("estimated", 30e6, "ongeveer € 30,0 miljoen"),
    ],
)
def test_what_is_not_known_is_said(status, amount, text):
    assert text in spaced(sentences.finding(Cost("Nieuwkoop", 2022, amount, status, 2025, 31e6, 29e6, 33e6)))


@given(cost=COSTS, language=st.sampled_from(["nl", "en"]))
def test_every_finding_is_whole(cost, language):
    text = spaced(sentences.finding(cost, language))

    assert text.endswith(".")
    assert not re.search(r"nan|None|\{|\}|  ", text)
    if language == "nl":
        assert " and " not in text
        if cost.target:
            assert "ongeveer" in text or "niet bekend" in text or "geen prognose" in text


def test_how_sure():
    said = {"horizon": 1, "checked": 171}

    assert spaced(sentences.certainty(5.2, 13.6, "de regio’s", **said)) == (
        "1 jaar vooruit zat deze prognose er voor de regio’s meestal 5 % naast. Dat is nagerekend voor 171 "
        "jaarrekeningen. Hun eigen begrotingen zaten er 14 % naast; die worden pas vlak voor het jaar zelf gemaakt."
    )
    assert "niet bekend" in sentences.certainty(float("nan"), 13.6, "de regio’s", **said)
    assert "begrotingen" not in sentences.certainty(5.2, float("nan"), "de regio’s", **said)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2460, "Hoger dan in Haaglanden (1)."),
        (1900, "Ongeveer gelijk aan Haaglanden (1)."),
        (1500, "Lager dan in Haaglanden (1)."),
    ],
)
def test_the_place_beside_the_region(value, text):
    figure = KeyFigure(value, 2024, reference=1950, reference_name="Haaglanden")

    assert sentences.place(figure, "1") == text


def test_without_a_reference_nothing_is_said():
    assert sentences.place(KeyFigure(2460, 2024), "1") == ""


def test_the_change_since_the_year_before():
    assert (
        spaced(sentences.change(KeyFigure(110, 2024, previous=100, previous_period=2023)))
        == "10 % meer dan in 2023."
    )
    assert (
        spaced(sentences.change(KeyFigure(90, 2024, previous=100, previous_period=2023)))
        == "10 % minder dan in 2023."
    )
    assert (
        sentences.change(KeyFigure(100, 2024, previous=100.2, previous_period=2023))
        == "Ongeveer gelijk aan 2023."
    )
    assert sentences.change(KeyFigure(100, 2024)) == ""


def test_a_list_in_words():
    assert sentences.listing(["a", "b", "c"]) == "a, b en c"
    assert sentences.listing(["a"]) == "a"
    assert sentences.listing([]) == ""
