"""What goes out of the program has the digits that are known, by one rule, whichever command or page writes it."""

import ast
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import analyse
from analyse import store
from analyse.cli import export

SOURCE = Path(analyse.__file__).parent
WRITERS = {"to_csv", "to_json", "to_excel"}
OWNERS = {
    "store.py": "the one writer of tables",
    "cli/export.py": "the one writer of tables as JSON",
    "cli/earlier_forecasts.py": "the register, in whole euros",
    "sources/vintages.py": "a dataset, as it was published",
    "sources/declarations/demo/message_files.py": "texts of simulated lines",
    "runs/cluster.py": "checksums",
    "runs/preloaded.py": "a figure",
    "present/exhibits/exhibit.py": "a figure",
    "shared/judgements.py": "published figures on which a plan was judged",
}


@pytest.mark.parametrize("name", ["q0.1", "0.1", "cost_eur", "end_eur_low"])
@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
def test_no_estimate_of_a_thousand_or_more_has_decimals(tmp_path, name, extension):
    table = pd.DataFrame({name: [471931874.045, 1000.4321, 12.3456789], "period": [2025, 2026, 2027]})
    if extension == "json":
        written = [row[name] for row in json.loads(export.as_json(table))]
    else:
        path = store.write_table(table, tmp_path / f"own.{extension}")
        read = pd.read_csv if extension == "csv" else pd.read_excel
        written = read(path)[name].tolist()

    assert written[:2] == [471931874, 1000]
    assert written[2] == (12.35 if "eur" in name else 12.3457)


def test_what_was_paid_keeps_its_cents_and_unknown_stays_unknown(tmp_path):
    table = pd.DataFrame({"share_eur": [123456.78, None, 0.05], "name": ["a", "b", "c"]})
    path = store.write_table(table, tmp_path / "own.xlsx")
    cells = [row[0].value for row in openpyxl.load_workbook(path).active.iter_rows(min_row=2)]

    assert cells == [123456.78, None, 0.05]


def test_a_table_leaves_through_a_writer_that_rounds():
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in WRITERS:
                found[path.relative_to(SOURCE).as_posix()] = node.attr

    assert set(found) == set(OWNERS)


def test_a_dictionary_printed_as_json_by_a_command_is_rounded_or_holds_choices():
    bare = []
    for path in sorted((SOURCE / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "dumps":
                said = ast.unparse(node)
                if "digits.of_values(" not in said and "levers" not in said and "model_dump" not in said:
                    bare.append(f"{path.name}: {said}")

    assert bare == []
