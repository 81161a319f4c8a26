"""Forecast, compare and explain youth care (jeugdhulp) of Dutch municipalities."""

__version__ = "0.1.0"
