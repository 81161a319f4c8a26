"""What a table is: its key, its columns, and what a cell may hold."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

REACH_80, REACH_95 = (NormalDist().inv_cdf((1 + coverage) / 2) for coverage in (0.8, 0.95))
"""Standard errors from the middle to either end of an 80 % and of a 95 % interval of the normal distribution."""
STATUSES = {
    "final": "a published, settled figure",
    "provisional": "published, and usually revised later",
    "estimated": "reconstructed here from other published figures",
    "incomplete": "a sum of which a part is not known: a lower bound",
    "suppressed": "hidden by the publisher because the cell is small",
    "faulty": "a known error of the source, see data/corrections.yaml",
    "missing": "not published",
}
WHOLE_STATUSES = ("final", "provisional", "estimated")
"""A figure with one of these is whole; an incomplete sum is a lower bound, and gives no rate and no trend."""
VALUE_STATUSES = (*WHOLE_STATUSES, "incomplete")
"""A cell with one of these statuses has a value; with any other it is empty."""


def quantile_column(level: float) -> str:
    """Name of the column with the quantile at ``level``, a probability: an 80 % interval is ``q0.1`` to ``q0.9``.

    Examples
    --------
    >>> quantile_column(0.1), quantile_column(0.025)
    ('q0.1', 'q0.025')
    """
    return f"q{level:g}"


QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)
"""The ends of the 95 % and 80 % intervals, and the middle: what is told of every future number."""


def quantile_names() -> list[str]:
    """Column names of ``QUANTILES``: ``q0.025`` and so on."""
    return [quantile_column(level) for level in QUANTILES]


@dataclass(frozen=True)
class Column:
    """One column: its kind (text, integer or number), meaning, unit and limits."""

    name: str
    kind: str
    description: str
    unit: str = ""
    required: bool = True
    minimum: float | None = None
    allowed: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Table:
    """One table: its key (no two rows share it) and its columns, in order."""

    name: str
    title: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    optional: bool = False
    """Whether a dataset may lack it; it is then read with no rows."""

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.columns]


MUNICIPALITY = Column("municipality_code", "text", "CBS municipality code of that year, GM and four digits")
COUNTED = Column("measure", "text", "what is counted", allowed=("youths", "trajectories"))
STATUS = Column("status", "text", "what kind of figure it is", allowed=tuple(STATUSES))
REPORT = Column(
    "report",
    "text",
    "accounts (jaarrekening) or budget (primitieve begroting)",
    allowed=("accounts", "budget"),
)
COUNT = Column("count", "integer", "number, rounded to 5 by CBS; empty below 10", required=False, minimum=0)
INHABITANTS = Column("count", "integer", "inhabitants", required=False, minimum=0)
COST = Column("cost_eur", "number", "spending; empty where not given", unit="EUR", required=False)


def year(description: str = "calendar year") -> Column:
    """The column of a year."""
    return Column("year", "integer", description, unit="year", minimum=1995)


def rings(place: str) -> tuple[Column, ...]:
    """The columns of an outline: closed lines, holes included."""
    points = "longitude latitude, pair after pair, WGS 84; the last joins the first"
    return (
        Column("ring", "integer", f"number of the closed line within the {place}", minimum=1),
        Column("kind", "text", "land, or a hole in it", allowed=("land", "hole")),
        Column("points", "text", points, unit="degrees"),
    )


def by_municipality(
    name: str, title: str, *columns: Column, key: tuple[str, ...] = (), optional: bool = False
) -> Table:
    """A table with a row per municipality and calendar year, whose last column says what kind of figure it is.

    Parameters
    ----------
    name, title : str
        Of the table.
    *columns : Column
        Those between the year and the status.
    key : tuple of str
        What distinguishes rows of one municipality and year.
    optional : bool
        Whether a dataset may lack it.
    """
    whole = (MUNICIPALITY, year(), *columns, STATUS)
    return Table(name, title, ("municipality_code", "year", *key), whole, optional)
