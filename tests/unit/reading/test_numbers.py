"""Numbers as people write them; the answers are worked out by hand, and compared with Babel's reader."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from babel.numbers import NumberFormatError, format_decimal, parse_decimal
from hypothesis import given
from hypothesis import strategies as st

from analyse.reading import numbers
from analyse.reading.numbers import DUTCH, ENGLISH


@pytest.mark.parametrize(
    ("text", "dutch", "english"),
    [
        ("1012", 1012, 1012),
        ("1.012", 1012, 1.012),
        ("1,012", 1.012, 1012),
        ("100.00", None, 100),
        ("1077,5", 1077.5, None),
        ("1.250.000,50", 1250000.5, None),
        ("1,250,000.50", None, 1250000.5),
        ("1.25.000", None, None),
        ("12.3456", None, 12.3456),
        ("0.125", None, 0.125),
        ("1\u202f250\u202f000", 1250000, 1250000),
        ("1\u00a0250,5", 1250.5, None),
        ("1 25", None, None),
        ("€ 100,00", 100, None),
        ("-€ 100,00", -100, None),
        ("€ -100,00", -100, None),
        ("100,00 EUR", 100, None),
        ("100,00-", -100, None),
        ("\u2212100", -100, -100),
        ("--100", None, None),
        ("-100-", None, None),
        ("1e5", None, 100000),
        ("1,25E+06", None, None),
        ("twaalf", None, None),
        ("١٢", None, None),
        ("1_000", None, None),
        ("inf", None, None),
        ("0x10", None, None),
        ("(100)", None, None),
        ("12 %", None, None),
    ],
)
def test_a_text_is_the_same_number_whatever_door_it_comes_through(text, dutch, english):
    assert (DUTCH.number(text), ENGLISH.number(text)) == (dutch, english)


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["nl", "en"]))
def test_what_babel_writes_is_read_as_babel_reads_it(value, locale):
    written = format_decimal(value, "#,##0.00", locale=locale)
    notation = DUTCH if locale == "nl" else ENGLISH
    assert (
        notation.number(written) == float(parse_decimal(written, locale=locale, strict=True)) == float(value)
    )


@given(st.from_regex(r"[0-9]{1,4}([.,][0-9]{1,4}){0,2}", fullmatch=True), st.sampled_from(["nl", "en"]))
def test_what_babel_refuses_is_refused(text, locale):
    notation = DUTCH if locale == "nl" else ENGLISH
    try:
        expected = float(parse_decimal(text, locale=locale, strict=True))
    except NumberFormatError:
        expected = None
    got = notation.number(text)
    assert got is None or got == expected or text[0] == "0" or len(text.split(notation.decimal)[0]) > 3


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["987", "1.012,5"], [987, 1012.5]),
        (["0.5", "1.012"], [0.5, 1.012]),
        (["1077,5", "1.012"], [1077.5, 1012]),
        (["1.250.000", "1.012"], [1250000, 1012]),
        ([Decimal("1.012"), "1012", None, "", " . ", "-", "x", "NaN"], [1.012, 1012] + 6 * [math.nan]),
    ],
)
def test_the_whole_column_tells_its_notation(cells, expected):
    np.testing.assert_array_equal(numbers.column(cells), expected)


def test_the_columns_go_before_what_the_file_suggests():
    assert numbers.column(["987", "1.012"], otherwise=DUTCH).tolist() == [987, 1012]
    assert numbers.column(["987.5", "1.012"], otherwise=DUTCH).tolist() == [987.5, 1.012]
    with pytest.raises(numbers.Unreadable):
        numbers.column(["100.00"], layout=DUTCH)


def test_a_told_layout_settles_what_the_column_cannot():
    assert numbers.column(["987", "1.012"], layout=DUTCH).tolist() == [987, 1012]
    assert numbers.column(["987", "1.012"], layout=ENGLISH).tolist() == [987, 1.012]


def test_three_digits_are_thousands_where_so_many_decimals_cannot_be():
    assert numbers.column(["16.749"], most_decimals=2).tolist() == [16749]
    assert numbers.column(["16,749"], most_decimals=2).tolist() == [16749]
    assert numbers.column(["16,749", "12.50"], most_decimals=2).tolist() == [16749, 12.5]
    with pytest.raises(numbers.Unreadable, match="is not written like '12.50'"):
        numbers.column(["12.50", "16.749"], most_decimals=2)


@pytest.mark.parametrize(
    ("cells", "position", "message"),
    [
        (["987", "1.012"], 1, "can be 1012 or 1.012; write 1012 or 1.0120"),
        (["1,5", "2.5"], 1, "is not written like '1,5'"),
        (["1", "twaalf"], 1, "is no number"),
        ([1.0, True], 1, "is no number"),
        ([1.0, float("inf")], 1, "infinite"),
        ([1.0, 10**400], 1, "infinite"),
    ],
)
def test_what_cannot_be_read_in_one_way_is_refused_with_its_place(cells, position, message):
    with pytest.raises(numbers.Unreadable, match=message) as refused:
        numbers.column(cells)
    assert refused.value.position == position
