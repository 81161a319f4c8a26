"""Which municipality of today a declaration or a contract is of, whatever way its code or name is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from analyse.errors import ParameterError
from analyse.reading import codes, places
from analyse.schema.mergers import current_codes
from analyse.sources import snapshot


@dataclass(frozen=True)
class Municipalities:
    """Every municipality of the country, of every year.

    Attributes
    ----------
    tables : mapping of DataFrame
        ``municipalities`` and ``boundary_changes``.
    successors : dict of str to str
        The municipality of today of each that merged.
    """

    tables: places.Tables
    successors: dict[str, str]
    _ever: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Remember the codes that exist or existed."""
        object.__setattr__(self, "_ever", frozenset(self.tables["municipalities"]["municipality_code"]))

    @property
    def listed(self) -> pd.DataFrame:
        """The municipalities by year."""
        return self.tables["municipalities"]

    def code(self, written: str, year: int | None = None) -> str:
        """The code of a municipality as it stood in its year, or of today; it may have merged since.

        Raises
        ------
        ParameterError
            If there is no such municipality, nor ever was; the error names the nearest.
        """
        code = codes.municipality(written)
        if code in self._ever:
            return str(code)
        try:
            return places.resolve(self.tables, written, year)
        except ParameterError:
            if was := places.ever(self.tables, written):
                return was[0]
            raise

    def today(self, written: str) -> str:
        """The municipality of today that it is, or is part of; see ``code``."""
        code = self.code(written)
        return self.successors.get(code, code)

    def known(self, written: str | None) -> str | None:
        """The code that a text means; one of no municipality stays as it is, for the rules to judge; else nothing."""
        if written is None:
            return None
        try:
            return self.code(written)
        except ParameterError:
            return codes.municipality(written)


def load() -> Municipalities:
    """Those of the figures in use, read once as long as these stay the same."""
    return _loaded(snapshot.data_hash("open"))


@cache
def _loaded(_: str) -> Municipalities:
    tables = snapshot.some(["municipalities", "boundary_changes"])
    merged = tables["boundary_changes"]["municipality_code"]
    return Municipalities(tables, dict(zip(merged, current_codes(merged, tables), strict=True)))
