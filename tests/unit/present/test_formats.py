"""Numbers and dates as people write them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyse.present.text import formats
from analyse.present.text.formats import NBSP

NUMBERS = st.floats(min_value=-1e15, max_value=1e15) | st.sampled_from([float("nan"), float("inf"), None])
WRITERS = [
    formats.number, formats.about, formats.euro, formats.euro_exact, formats.percent,
    lambda value, language: formats.euro_between(value, value, language),
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "dutch", "english"),
    [
        (41_213_847, "€ 41,2 miljoen", "€41.2 million"),
        (47_000_000, "€ 47,0 miljoen", "€47.0 million"),
        (999_960_000, "€ 1,00 miljard", "€1.00 billion"),
        (412_345, "€ 412.000", "€412,000"),
        (2_345, "€ 2.350", "€2,350"),
        (-1_200_000, "−€ 1,20 miljoen", "−€1.20 million"),
        (0, "€ 0", "€0"),
        (None, "niet bekend", "not known"),
        (float("nan"), "niet bekend", "not known"),
    ],
)
def test_an_amount_is_rounded_to_what_is_known(value, dutch, english):
    assert formats.euro(value).replace(NBSP, " ") == dutch
    assert formats.euro(value, "en").replace(NBSP, " ") == english


def test_an_exact_amount_has_every_euro():
    assert formats.euro_exact(1_234_567) == f"€{NBSP}1.234.567"
    assert formats.euro_exact(1_234_567, "en") == "€1,234,567"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (43.1e6, 52.4e6, "€ 43 en € 52 miljoen"),
        (4.31e6, 5.24e6, "€ 4,3 en € 5,2 miljoen"),
        (9.6e6, 12.4e6, "€ 9,6 en € 12 miljoen"),
        (950e3, 1.24e6, "€ 0,95 en € 1,2 miljoen"),
        (431e6, 1.24e9, "€ 0,43 en € 1,2 miljard"),
        (230_000, 412_345, "€ 230.000 en € 410.000"),
    ],
)
def test_two_amounts_share_their_unit(low, high, text):
    assert formats.euro_between(low, high).replace(NBSP, " ") == text


def test_a_percentage_has_a_sign_when_asked_and_none_for_nothing():
    assert formats.percent(12.34) == f"12,3{NBSP}%"
    assert formats.percent(12.5, decimals=0, signed=True) == f"+13{NBSP}%"
    assert formats.percent(-0.01, "en") == "0.0%"
    assert formats.percent(-4, "en", decimals=0) == "−4%"


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.8, "4 van de 5"), (0.79, "4 van de 5"), (0.5, "1 van de 2"), (0.34, "1 van de 3"), (0.9, "9 van de 10"),
        (0.05, "1 van de 20"), (0.02, "2 van de 100"), (0.001, "minder dan 1 van de 100"),
        (1.0, "meer dan 99 van de 100"), (0.99, "99 van de 100"),
        (0.985, "98 van de 100"),
        (float("nan"), "niet bekend"),
    ],
)  # fmt: skip
def test_a_chance_is_a_number_of_times_out_of_a_small_number(probability, text):
    assert formats.chance(probability) == text


@given(st.floats(min_value=0, max_value=1))
def test_a_chance_in_words_is_near_the_chance(probability):
    words = formats.chance(probability, "en")
    part, whole = (
        int(one) for one in words.removeprefix("more than ").removeprefix("less than ").split(" in ")
    )

    assert abs(part / whole - probability) <= 0.026


def test_a_date_in_words():
    assert formats.date("2025-01-01") == "1 januari 2025"
    assert formats.date(datetime.date(2025, 1, 1), "en") == "1 January 2025"
    assert formats.date(None) == "niet bekend"


@pytest.mark.parametrize(
    ("low", "middle", "high", "word"),
    [
        (0.01, 0.03, 0.05, "rises"),
        (-0.05, -0.02, -0.01, "falls"),
        (-0.01, 0.02, 0.06, "steady"),
        (-0.01, 0.03, 0.06, "probably rises"),
        (0, 0.02, 0.05, "steady"),
        (-0.1, 0.2, 0.5, "probably rises"),
        (-0.5, -0.2, 0.1, "probably falls"),
        (float("nan"), 0.02, 0.05, "unknown"),
    ],
)
def test_the_trend_word_asks_whether_the_interval_excludes_zero(low, middle, high, word):
    assert formats.trend(low, middle, high) == word


@given(value=NUMBERS, language=st.sampled_from(["nl", "en"]), write=st.sampled_from(WRITERS))
def test_no_number_is_ever_written_as_nan(value, language, write):
    text = write(value, language)

    assert text
    assert "nan" not in text.lower()
    assert "inf" not in text.lower()
