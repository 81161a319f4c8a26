"""The table of an exhibit as a widget: to copy, and with rows to point at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from analyse.present.exhibits import tables
from analyse.present.text.language import translator
from analyse.present.widgets import copying


class Grid(anywidget.AnyWidget):
    """A table in the browser; ``selected`` is the key of the row that is pointed at."""

    _esm = Path(__file__).with_name("grid.js")
    content = traitlets.Dict().tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)


def content(table: tables.Table, keys: Mapping[str, str], language: str) -> dict[str, Any]:
    """What ``grid.js`` shows.

    Parameters
    ----------
    table : Table
        As it is shown.
    keys : mapping of str to str
        Text of a row heading -> what pointing at it chooses.
    """
    words = translator(language)
    marks = table.marks or ((("",) * len(table.columns)),) * len(table.cells)
    return {
        "caption": table.caption,
        "columns": [
            {"label": one.label, "number": place > 0 and one.kind in tables.NUMERIC}
            for place, one in enumerate(table.columns)
        ],
        "rows": [
            [f"{text} ({letters})" if letters else text for text, letters in zip(row, signs, strict=True)]
            for row, signs in zip(table.cells, marks, strict=True)
        ],
        "keys": [keys.get(row[0], "") for row in table.cells],
        "copies": [
            {
                "label": words.gettext("Copy for a spreadsheet"),
                "text": copying.for_spreadsheet(table, language),
            },
            {"label": words.gettext("Copy as CSV"), "text": copying.as_csv(table)},
        ],
        "done": words.gettext("Copied."),
        "failed": words.gettext("The browser does not allow copying; select the table and copy it."),
    }
