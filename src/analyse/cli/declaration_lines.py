"""What ``analyse declarations`` prints: totals and reasons, never a line of a youth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

STATUSES = ("accepted", "quarantined", "duplicate", "credited")
MOST = 10


def of_reading(reading: Any, output: Path, label: str) -> Iterator[str]:
    """What was read, what was not and why, and whether every euro is accounted for."""
    from analyse.sources.declarations import rules

    if label:
        yield label
    counted = reading.files["status"].value_counts() if len(reading.files) else {}
    for status in ("read", "already read", "refused"):
        yield f"{counted.get(status, 0):>12,} files {status}"
    if counted.get("passed over", 0):
        kinds = (
            reading.files.loc[reading.files["status"] == "passed over", "kind"].value_counts().sort_index()
        )
        named = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items())
        yield f"{counted['passed over']:>12,} files passed over, of which nothing is used: {named}"
    refused = reading.files.loc[reading.files["status"] == "refused"] if len(reading.files) else reading.files
    for row in refused.head(MOST).itertuples():
        yield f"             {row.name}: {row.reason}"
    if len(refused) > MOST:
        yield f"             and {len(refused) - MOST:,} more"
    totals = reading.reconciliation.sum(numeric_only=True)
    if len(reading.reconciliation):
        yield from _reconciled(reading.reconciliation, totals)
    said = {rule.id: rule.what.en for rule in rules.load().rules}
    for row in reading.quarantine.itertuples():
        yield (
            f"quarantine   {row.rule:<24}{row.lines:>10,} lines{_eur(row.amount_cents)}  "
            f"{said.get(row.rule, '')}".rstrip()
        )
    for row in reading.unmapped.head(MOST).itertuples():
        yield (
            f"no care form {row.product_category or '-'} {row.product_code or '-':<21}{row.lines:>10,} lines"
            + _eur(row.amount_cents)
        )
    yield f"store        {output}"


def _reconciled(table: Any, totals: Any) -> Iterator[str]:
    for status in STATUSES:
        yield f"{status:<37}{int(totals[f'{status}_lines']):>10,} lines{_eur(totals[f'{status}_cents'])}"
    yield f"{'together':<37}{int(totals['lines']):>10,} lines" + _eur(
        sum(totals[f"{status}_cents"] for status in STATUSES)
    )
    yield f"{'control total of the files':<37}{int(totals['file_lines']):>10,} lines" + _eur(
        totals["control_total_cents"]
    )
    wrong = int((~table["balanced"].astype(bool)).sum())
    unread = int(totals["unread_lines"])
    if unread:
        yield f"{'without an amount that can be read':<37}{unread:>10,} lines, in no total"
    yield "reconciled to the cent" if not wrong else f"{wrong} files do not reconcile"


def _eur(cents: float) -> str:
    return f"{int(cents) / 100:>20,.2f} EUR"


def of_check(checked: Any, label: str) -> Iterator[str]:
    """Each rule with its trend, without numbers below ten youths."""
    if label:
        yield label
    trend = checked.trend()
    years = sorted(int(year) for year in checked.checked_lines["year"] if year)
    yield f"{'rule':<24}{'severity':<10}" + "".join(f"{year:>10}" for year in years)
    for row in checked.rules.itertuples():
        if row.state != "checked":
            yield f"{row.rule:<24}{row.severity:<10}{row.state}: {row.reason}"
            continue
        own = trend.loc[trend["rule"] == row.rule].set_index("year")["lines"]
        counts = "".join(f"{_cell(own, year):>10}" for year in years)
        yield f"{row.rule:<24}{row.severity:<10}{counts}  {row.what_en}"
    yield "lines a year of care; <10: fewer than ten youths, not shown"


def _cell(lines: Any, year: int) -> str:
    if year not in lines.index:
        return "0"
    return f"{lines[year]:,}" if lines.notna()[year] else "<10"


def with_names(checked: Any, providers: Any) -> Any:
    """What a check may show, with what each rule says and the known names of providers beside their codes."""
    table, what = checked.shown(), checked.rules.set_index("rule")["what_en"]
    table.insert(1, "what", table["rule"].map(what))
    known = providers.set_index("provider")["name"]
    table.insert(table.columns.get_loc("provider") + 1, "provider_name", table["provider"].map(known))
    return table
