"""Write docs/data.md from the schema and the data package: ``python docs/make_data.py``."""

from collections.abc import Iterable
from pathlib import Path

from analyse import schema, store
from analyse.sources import corrections, snapshot


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
