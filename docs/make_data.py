"""Write docs/data.md from the schema and the data package: ``python docs/make_data.py``."""

from collections.abc import Iterable
from pathlib import Path

from analyse import parameters, schema, store
from analyse.history import bridge, panel
from analyse.sources import corrections, snapshot

WORKED = "GM0626"
"""Voorschoten: personal budgets and policy make a fifth of its budget."""

BRIDGE = """\
- not in any year: access (6.2, 6.21-6.23), personal budgets of adults (6.791) and income support (6.3);
- policy and coordination (6.92) stands apart from 2025 on only, so it is a bound: costs that go on as they were lie
  between the budget (`budget_eur`) and the budget with policy (`budget_with_policy_eur`), and a chance of spending
  more than the budget is a range.

Until 2024 the accounts hold the personal budgets of youths (in 6.72 to 6.74). From 2025 they stand with those of adults
in 6.79; the sub-code 6.792 gives the youth part in the budgets of 2025. Later it is 6.79 times the youth share of that
year, with an interval (80 %) of 0.67 to 1.55 times the amount, at most all of 6.79: what the budgets for 6.79 changed
by between 2025 and 2026 in four of five municipalities. Accounts without 6.79 take what was budgeted for the same year.
`history.bridge.table(tables)` gives the bridge of every municipality."""


def page() -> str:
    """The whole page as Markdown: every table with its source, key, columns and units; then known errors."""
    package = snapshot.package()
    lines = [
        "# The tables",
        "",
        "Made by `python docs/make_data.py` from `src/analyse/schema/tables.py` and `data/open/datapackage.json`, "
        f"version {package['version']}.",
        "",
        "Every figure is one that the publisher named below has published. The project states them in tables of "
        "its own: the same keys, units and status everywhere. `analyse data verify` checks each file against its "
        "checksum.",
        "",
        "## Status of a cell",
        "",
        *(f"- `{name}`: {meaning}." for name, meaning in schema.STATUSES.items()),
        "",
    ]
    for resource in package["resources"]:
        lines += _table(schema.TABLES[resource["name"]], resource)
    lines += _bridge()
    named = {resource["name"] for resource in package["resources"]}
    lines += [
        "## Tables that come with a download",
        "",
        "`analyse update` adds these, see `docs/sources.md`; without it they have no rows.",
        "",
    ]
    for name, table in schema.TABLES.items():
        if table.optional and name not in named:
            lines += [f"## `{name}`", "", f"{table.title}. {_key(table)}", "", *_columns(table)]
    data = store.root() / "data"
    lines += ["## Known errors of the sources", "", *_cells(corrections.read(data / "corrections.yaml")), ""]
    lines += ["## Cells looked at and kept", "", *_cells(corrections.read(data / "kept.yaml"))]
    return "\n".join(lines) + "\n"


def _bridge() -> list[str]:
    """What counts as costs of youth care in each year, worked out for one municipality."""
    tables = snapshot.load()
    costs = panel.build(tables).query("municipality_code == @WORKED").set_index("period")
    bridged = bridge.table(tables).query("municipality_code == @WORKED and report == 'budget'")
    lines = [
        "## One definition of the costs of youth care, 2017 to 2026",
        "",
        *(
            f"- from {year}: {', '.join(fields)}{' and 6.792' if year >= parameters.bridge().apart else ''};"
            for year, fields in parameters.bridge().task_fields.items()
        ),
        *BRIDGE.splitlines(),
        "",
        f"Worked out for {costs['municipality'].iloc[0]}, EUR:",
        "",
        "| year | report | part | amount | 80 % | status | reason |",
        "|---|---|---|---|---|---|---|",
    ]
    spent = costs.loc[2024]
    lines.append(
        f"| 2024 | accounts | task fields | {spent['cost_eur']:,.0f} | | {spent['status']} | personal budgets inside |"
    )
    for row in bridged.itertuples():
        interval = "" if row.status != "estimated" else f"{row[7]:,.0f} to {row[8]:,.0f}"
        lines.append(
            f"| {row.period} | budget | {row.part} | {row.cost_eur:,.0f} | {interval} | {row.status} | {row.reason} |"
        )
    for year in (2025, 2026):
        row = costs.loc[year]
        lines.append(
            f"| {year} | budget | **together** | **{row['budget_eur']:,.0f}** | | {row['budget_status']} "
            f"| {row['budget_with_policy_eur']:,.0f} with policy |"
        )
    return [*lines, ""]


def _cells(rows: Iterable[corrections.Correction]) -> list[str]:
    """One line per row of ``corrections.yaml`` or ``kept.yaml``."""
    lines = ["| where | cells | why |", "|---|---|---|"]
    for row in rows:
        place = ", ".join(
            "/".join(map(str, v)) if isinstance(v, list) else str(v) for v in row.where.values()
        )
        lines.append(f"| {row.table}: {place} | {row.cells} | {row.reason} |")
    return lines


def _table(table: schema.Table, resource: dict) -> list[str]:
    return [
        f"## `{table.name}`",
        "",
        f"{table.title}. {resource['rows']} rows, {resource['temporal'].replace('/', '–')}. {_key(table)}",
        "",
        f"Source: {'; '.join(source['title'] for source in resource['sources'])}. "
        f"Licence: {', '.join(licence['title'] for licence in resource['licenses'])}.",
        "",
        *_columns(table),
    ]


def _key(table: schema.Table) -> str:
    return f"Key: {', '.join(f'`{name}`' for name in table.key)}."


def _columns(table: schema.Table) -> list[str]:
    lines = ["| column | kind | unit | meaning |", "|---|---|---|---|"]
    for column in table.columns:
        allowed = f" One of {', '.join(f'`{a}`' for a in column.allowed)}." if column.allowed else ""
        kind = column.kind + ("" if column.required else ", may be empty")
        lines.append(f"| `{column.name}` | {kind} | {column.unit} | {column.description}.{allowed} |")
    return [*lines, ""]


if __name__ == "__main__":
    Path(__file__).with_name("data.md").write_text(page(), encoding="utf-8")
