"""Choices that the commands offer by name."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """What one row is."""

    municipality = "municipality"
    region = "region"


class Composition(StrEnum):
    """Which boundaries hold."""

    fixed = "fixed"
    of_the_time = "of-the-time"


class Language(StrEnum):
    """Language of the pages."""

    nl = "nl"
    en = "en"


class Frequency(StrEnum):
    """What one period of a table of your own is."""

    year = "year"
    half_year = "half-year"
    month = "month"
