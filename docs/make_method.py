"""Write the tables of errors in docs/method.md, with what the code that stands there gives.

python docs/make_method.py
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

PAGE = Path(__file__).with_name("method.md")
SCORES, NEARER, YOUTHS = (
    "| level | method | years ahead |",
    "| level | years ahead | error |",
    "| origin | for |",
)
ORDER = {
    "level": ["municipality", "region", "all"],
    "method": ["forecast", "last_year", "last_growth", "budget"],
}


def executed(page: str) -> dict[str, pd.DataFrame]:
    """The names that the Python blocks of the page make, run one after the other."""
    done: dict[str, pd.DataFrame] = {}
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(block, done)  # noqa: S102 - the page's own code
    return done


def scores(table: pd.DataFrame, methods: list[str]) -> list[list[str]]:
    """Rows of a table of errors, of these methods."""
    rows = table.loc[table["method"].isin(methods)]
    ranked = rows.sort_values(
        ["level", "method", "horizon"],
        key=lambda column: column.map(ORDER[column.name].index) if column.name in ORDER else column,
    )
    return [
        [
            row.level,
            row.method,
            str(row.horizon),
            str(row.n),
            f"{row.median_absolute_percentage_error:.1f}",
            f"{row.bias_percent:.1f}",
            *("" if pd.isna(share) else f"{share:.2f}" for share in (row.coverage_80, row.coverage_95)),
        ]
        for row in ranked.itertuples()
    ]


def nearer(table: pd.DataFrame) -> list[list[str]]:
    """Rows of the table that lays the forecast beside last year's growth."""
    ranked = table.assign(rank=table["level"].map(ORDER["level"].index)).sort_values(
        ["rank", "horizon", "summary"], ascending=[True, True, False]
    )
    return [
        [
            row.level,
            str(row.horizon),
            row.summary,
            str(row.n),
            f"{row.nearer:.2f}",
            f"{row.difference_points:.1f}",
            f"{row.low:.1f} to {row.high:.1f}",
        ]
        for row in ranked.itertuples()
    ]


def youths(table: pd.DataFrame) -> list[list[str]]:
    """Rows of the check of the number of youths."""
    return [
        [
            str(row.origin),
            str(row.period),
            f"{row.median_absolute_percentage_error:.1f} %",
            f"{row.coverage_80:.2f}",
            f"{row.coverage_95:.2f}",
        ]
        for row in table.itertuples()
    ]


def replaced(page: str, head: str, rows: list[list[str]], *, which: int = 0) -> str:
    """The page with the rows of the table that begins so (the first one, or a later one) written anew."""
    start = [match.start() for match in re.finditer(re.escape(head), page)][which]
    end = page.index("\n\n", start)
    kept = page[start:end].splitlines()[:2]
    lines = [f"| {' | '.join(row)} |".replace("|  |", "| |").replace("|  |", "| |") for row in rows]
    return page[:start] + "\n".join([*kept, *lines]) + page[end:]


def main() -> None:
    """Write the page."""
    page = PAGE.read_text(encoding="utf-8")
    done = executed(page)
    page = replaced(page, SCORES, scores(done["scores"], ORDER["method"]))
    page = replaced(page, SCORES, scores(done["unbroken"], ["forecast", "budget"]), which=1)
    page = replaced(page, NEARER, nearer(done["nearer"]))
    page = replaced(page, YOUTHS, youths(done["youths"]))
    PAGE.write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
