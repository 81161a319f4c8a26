"""The words everyone uses: every table, its key, columns, units and allowed values.

``check`` is the door of each floor: a table goes in as it was read and comes out with the declared
types, or an error names the table, the column, the first offending row and the cure.
"""

from analyse.schema.checks import SHEET_ROW, check, check_columns, refuse
from analyse.schema.columns import (
    QUANTILES,
    REACH_80,
    REACH_95,
    STATUSES,
    VALUE_STATUSES,
    WHOLE_STATUSES,
    Column,
    Table,
    quantile_column,
    quantile_names,
)
from analyse.schema.tables import AGE_GROUPS, TABLES

__all__ = [
    "AGE_GROUPS",
    "QUANTILES",
    "REACH_80",
    "REACH_95",
    "SHEET_ROW",
    "STATUSES",
    "TABLES",
    "VALUE_STATUSES",
    "WHOLE_STATUSES",
    "Column",
    "Table",
    "check",
    "check_columns",
    "quantile_column",
    "quantile_names",
    "refuse",
]
