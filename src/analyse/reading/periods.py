"""Years, half-years, months and days as people and CBS write them; a year has four digits and precedes the month."""

from __future__ import annotations

import datetime
import re

FIRST_YEAR, LAST_YEAR = 1900, 2150
PARTS = {"year": 1, "half-year": 2, "month": 12}
"""The frequencies, and how many periods of each a year has."""
EXAMPLES = {"year": "2024", "half-year": "2024H1", "month": "2024-05"}
_MIDNIGHT = r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
_YEAR = "(?P<year>[0-9]{4})"
PATTERNS = {
    "year": re.compile(rf"{_YEAR}(?:JJ00|-01-01{_MIDNIGHT}|\.0+)?"),
    "half-year": re.compile(rf"{_YEAR}-?H(?:J0)?(?P<part>[12])"),
    "month": re.compile(rf"{_YEAR}-?M{{0,2}}(?P<part>0[1-9]|1[0-2])(?:-01{_MIDNIGHT})?"),
}
_DAY = (
    re.compile(rf"(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}}){_MIDNIGHT}"),
    re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    re.compile(rf"(?P<day>[0-9]{{1,2}})[-/.](?P<month>[0-9]{{1,2}})[-/.](?P<year>[0-9]{{4}}){_MIDNIGHT}"),
)
"""Year first, or day, month and year as the Dutch write it; a year of two digits is no year."""


def step(written: object, frequency: str) -> int | None:
    """The number of a period since year 0: years, half-years or months; None when it is not a period.

    Parameters
    ----------
    written : object
        Text, a number or a date of a spreadsheet.
    frequency : {"year", "half-year", "month"}
        What one period is.

    Examples
    --------
    >>> step("2024JJ00", "year"), step(2024.0, "year"), step("2024HJ02", "half-year"), step("2024MM05", "month")
    (2024, 2024, 4049, 24292)
    >>> step("24", "year"), step("Totaal", "year"), step(None, "year"), step("2024-13", "month")
    (None, None, None, None)
    """
    if written is None or isinstance(written, bool):
        return None
    match = PATTERNS[frequency].fullmatch(str(written).strip())
    if match is None or not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
        return None
    part = 1 if frequency == "year" else int(match["part"])
    return int(match["year"]) * PARTS[frequency] + part - 1


def label(number: int, frequency: str) -> str | int:
    """The period of a step, as it is written.

    Examples
    --------
    >>> label(2024, "year"), label(2024 * 2 + 1, "half-year"), label(2024 * 12 + 4, "month")
    (2024, '2024H2', '2024-05')
    """
    year, part = divmod(number, PARTS[frequency])
    return {"year": year, "half-year": f"{year}H{part + 1}", "month": f"{year}-{part + 1:02d}"}[frequency]


def day(written: object) -> datetime.date | None:
    """The day that a text or a date of a spreadsheet means; None when there is no such day.

    Examples
    --------
    >>> day("2024-05-31"), day("31-5-2024"), day("20240531")
    (datetime.date(2024, 5, 31), datetime.date(2024, 5, 31), datetime.date(2024, 5, 31))
    >>> day("31-04-2024"), day("31-5-24"), day("05/31/2024")
    (None, None, None)
    """
    if isinstance(written, datetime.datetime):
        return written.date()
    if isinstance(written, datetime.date):
        return written
    for pattern in _DAY:
        match = pattern.fullmatch(str(written).strip())
        if match and FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
            try:
                return datetime.date(int(match["year"]), int(match["month"]), int(match["day"]))
            except ValueError:
                return None
    return None
