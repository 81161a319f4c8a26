"""Numbers and dates as people write them: € 41,2 miljoen, 12,3 %, 1 januari 2025, 4 van de 5.

Every function takes the value first and the language second, never prints NaN, and says
"niet bekend" ("not known") when there is no value.
"""

from __future__ import annotations

import datetime
import math
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from analyse.present.text.language import LANGUAGES, translator

NBSP = "\u00a0"
MINUS = "\u2212"
SIGNS = {
    one: str.maketrans({"-": MINUS, ",": get_group_symbol(one), ".": get_decimal_symbol(one)})
    for one in LANGUAGES
}
"""What stands for the signs of a number as Python writes it; ``babel`` knows them but takes ten times as long."""
CHANCES = tuple((part, whole) for whole in (2, 3, 4, 5, 10, 20, 100) for part in range(1, whole))
STEADY_FRACTION = 0.025
"""A middle change smaller than this is called about the same."""


def known(value: object) -> bool:
    """Whether there is a finite number."""
    try:
        return value is not None and math.isfinite(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def unknown(language: str = "nl") -> str:
    """The words for a missing number."""
    return translator(language).gettext("not known")


def number(value: float | None, language: str = "nl", *, decimals: int = 0) -> str:
    """A number with a fixed number of decimals.

    Parameters
    ----------
    value : float or None
        Not known where it is None or NaN.
    language : {"nl", "en"}
        Language it is written in.
    decimals : int
        How many, zeros included.

    Examples
    --------
    >>> number(1234567.4), number(12.345, "en", decimals=1)
    ('1.234.567', '12.3')

    A negative one has the sign of subtraction, not a hyphen.

    >>> number(-1234, "en") == MINUS + "1,234"
    True
    """
    if not known(value):
        return unknown(language)
    exact = _rounded(float(value), decimals)  # type: ignore[arg-type]
    return f"{exact:,.{decimals}f}".translate(SIGNS[language])


def about(value: float | None, language: str = "nl", *, digits: int = 3) -> str:
    """A whole number rounded to ``digits`` significant digits.

    Parameters
    ----------
    value, language
        As for ``number``.
    digits : int
        Significant digits.
    """
    if not known(value):
        return unknown(language)
    return number(significant(float(value), digits), language)  # type: ignore[arg-type]


def euro_exact(value: float | None, language: str = "nl") -> str:
    """An amount to the euro.

    Examples
    --------
    >>> euro_exact(1234567).replace(NBSP, " ")
    '€ 1.234.567'
    """
    return (
        _euro(number(abs(value), language), round(value) < 0, language) if known(value) else unknown(language)
    )  # type: ignore


def euro(value: float | None, language: str = "nl", *, digits: int = 3) -> str:
    """An amount rounded to ``digits`` significant digits, in millions where it is large.

    Parameters
    ----------
    value : float
        Amount in EUR.
    digits : int
        Significant digits.

    Examples
    --------
    >>> euro(41_213_847).replace(NBSP, " "), euro(2345).replace(NBSP, " ")
    ('€ 41,2 miljoen', '€ 2.350')
    """
    if not known(value):
        return unknown(language)
    text, scale = _scaled(float(value), language, digits)  # type: ignore[arg-type]
    return _euro(text, float(value) < 0 and text.strip("0,.") != "", language) + (
        NBSP + scale if scale else ""
    )  # type: ignore


def euro_between(low: float | None, high: float | None, language: str = "nl", *, digits: int = 2) -> str:
    """Two amounts that share one unit: "€ 43 en € 52 miljoen".

    Parameters
    ----------
    low, high : float or None
        In EUR.
    language, digits
        As for ``about``.

    Examples
    --------
    >>> euro_between(43.1e6, 52.4e6).replace(NBSP, " ")
    '€ 43 en € 52 miljoen'
    """
    if not (known(low) and known(high)):
        return unknown(language)
    ends = [significant(float(end), digits) for end in (low, high)]  # type: ignore[arg-type]
    wanted = max(abs(ends[0]), abs(ends[1]))
    texts = [_scaled(end, language, digits, unit_of=wanted) for end in ends]
    amounts = [_euro(text, end < 0, language) for (text, _), end in zip(texts, ends, strict=True)]
    scale = NBSP + texts[1][1] if texts[1][1] else ""
    return translator(language).gettext("{low} and {high}", low=amounts[0], high=amounts[1]) + scale


def percent(value: float | None, language: str = "nl", *, decimals: int = 1, signed: bool = False) -> str:
    """A percentage; ``value`` is in per cent, so 12.3 is 12,3 %.

    Parameters
    ----------
    value, language, decimals
        As for ``number``; 12.3 is written as 12,3 %.
    signed : bool
        Whether a rise gets a plus.

    Examples
    --------
    >>> percent(12.345).replace(NBSP, " "), percent(12.345, "en")
    ('12,3 %', '12.3%')
    """
    if not known(value):
        return unknown(language)
    text = number(abs(float(value)), language, decimals=decimals)  # type: ignore[arg-type]
    nothing = not text.strip("0,.")
    sign = "" if nothing else MINUS if float(value) < 0 else "+" if signed else ""  # type: ignore[arg-type]
    return f"{sign}{text}{NBSP if language == 'nl' else ''}%"


def chance(probability: float | None, language: str = "nl") -> str:
    """A probability (0 to 1) as a number of times out of a small number: "4 van de 5".

    Examples
    --------
    >>> chance(0.79), chance(0.34), chance(0.999, "en")
    ('4 van de 5', '1 van de 3', 'more than 99 in 100')
    """
    if not known(probability):
        return unknown(language)
    words, value = translator(language), float(probability)  # type: ignore[arg-type]
    if value > 0.99:
        return words.gettext("more than 99 in 100")
    if value < 0.01:
        return words.gettext("less than 1 in 100")
    tolerance = 0.025 if 0.075 <= value <= 0.925 else 0.01 if 0.03 <= value <= 0.97 else 0.005
    near = [one for one in CHANCES if abs(one[0] / one[1] - value) <= tolerance]
    whole = near[0][1] if near else 100
    part = round(value * whole)
    return words.gettext("{part} in {whole}", part=part, whole=whole)


def likelihood(probability: float | None, language: str = "nl") -> str:
    """A probability (0 to 1) in per cent; never 0 % or 100 %, because a future is never that sure.

    Examples
    --------
    >>> likelihood(0.79, "en"), likelihood(1.0, "en"), likelihood(0.0, "en")
    ('79%', 'more than 99%', 'less than 1%')
    """
    if not known(probability):
        return unknown(language)
    words, value = translator(language), float(probability)  # type: ignore[arg-type]
    if value > 0.99:
        return words.gettext("more than {percent}", percent=percent(99, language, decimals=0))
    if value < 0.01:
        return words.gettext("less than {percent}", percent=percent(1, language, decimals=0))
    return percent(100 * value, language, decimals=0)


def chances(low: float | None, high: float | None, language: str = "nl") -> str:
    """A probability (0 to 1) of which only the ends are known, in per cent; one number where they round to the same.

    Parameters
    ----------
    low, high : float or None
        Probabilities, 0 to 1.
    language : {"nl", "en"}
        Language they are written in.

    Examples
    --------
    >>> chances(0.612, 0.741).replace(NBSP, " "), chances(0.741, 0.742).replace(NBSP, " ")
    ('61–74 %', '74 %')
    >>> chances(0.95, 0.999).replace(NBSP, " ")
    '95 % tot meer dan 99 %'
    """
    ends = [likelihood(low, language), likelihood(high, language)]
    if ends[0] == ends[1] or not known(low):
        return ends[1]
    if not (ends[0][0].isdigit() and ends[1][0].isdigit()):
        return translator(language).gettext("{low} to {high}", low=ends[0], high=ends[1])
    return f"{ends[0].removesuffix('%').rstrip()}–{ends[1]}"


def date(day: datetime.date | str | None, language: str = "nl") -> str:
    """A date in words; text must be ISO (2025-01-01).

    Examples
    --------
    >>> date("2025-01-01"), date("2025-01-01", "en")
    ('1 januari 2025', '1 January 2025')
    """
    if not day:
        return unknown(language)
    if isinstance(day, str):
        day = datetime.date.fromisoformat(day[:10])
    return format_date(day, "d MMMM y", locale=language)


def trend(low: float | None, middle: float | None, high: float | None) -> str:
    """The one rule for a trend word: does the 80 % interval of a change exclude zero?

    Parameters
    ----------
    low, middle, high : float
        The ends of the interval and the middle of a change, as a fraction of where it starts.

    Returns
    -------
    str
        ``"rises"`` or ``"falls"`` when the interval excludes zero; otherwise ``"steady"`` when the middle is
        within ``STEADY_FRACTION`` of zero, and ``"probably rises"`` or ``"probably falls"`` when it is not;
        ``"unknown"`` without a change.

    Examples
    --------
    >>> trend(0.02, 0.10, 0.18), trend(-0.03, 0.01, 0.05), trend(-0.05, 0.20, 0.50)
    ('rises', 'steady', 'probably rises')
    """
    if not (known(low) and known(middle) and known(high)):
        return "unknown"
    if float(low) > 0 or float(high) < 0:  # type: ignore[arg-type]
        return "rises" if float(low) > 0 else "falls"  # type: ignore[arg-type]
    if abs(float(middle)) < STEADY_FRACTION:  # type: ignore[arg-type]
        return "steady"
    return "probably rises" if float(middle) > 0 else "probably falls"  # type: ignore[arg-type]


def significant(value: float, digits: int) -> float:
    """A number rounded half up to significant digits."""
    if value == 0:
        return 0.0
    return float(_rounded(value, digits - 1 - math.floor(math.log10(abs(value)))))


def _rounded(value: float, decimals: int) -> Decimal:
    step = Decimal(1).scaleb(-decimals)
    result = Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def _scaled(value: float, language: str, digits: int, unit_of: float | None = None) -> tuple[str, str]:
    """The digits of an amount without sign, and the word for its scale."""
    words, value = translator(language), abs(significant(value, digits))
    largest = unit_of if unit_of is not None else value
    for unit, scale in ((1e9, words.gettext("billion")), (1e6, words.gettext("million"))):
        if largest >= unit:
            decimals = max(digits - 1 - math.floor(math.log10((value or largest) / unit)), 0)
            return number(value / unit, language, decimals=decimals), scale
    return number(value, language), ""


def _euro(text: str, negative: bool, language: str) -> str:
    sign = MINUS if negative else ""
    return f"{sign}€{NBSP}{text}" if language == "nl" else f"{sign}€{text}"
