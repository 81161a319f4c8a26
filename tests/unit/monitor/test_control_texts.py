"""The control texts that declarations add: numbers in tables, labelled where simulated, and nothing without lines."""

from __future__ import annotations

import re

from analyse import parameters
from analyse.present.exhibits.exhibit import SIMULATED
from analyse.present.monitor import control_texts
from analyse.present.text.language import translator
from analyse.sources import snapshot

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def asked(stored, **more):
    chosen = {"area": "GM0503", "declarations": str(stored.store), "contracts": str(stored.contracts), **more}
    return parameters.Run(samples=200).model_copy(update=chosen)


def test_the_interim_report_says_what_its_tables_say_and_that_declarations_are_simulated(stored):
    run, tables = asked(stored), snapshot.load()
    text, behind, *parts = control_texts.interim(run, tables)
    label, told = text.content["paragraphs"]
    assert label == translator("nl").gettext(SIMULATED) + "."
    cells = " ".join(cell for row in behind.table.cells for cell in row)
    plain = told.replace("80\u00a0% kans", "")
    loose = set(NUMBER.findall(plain)) - set(NUMBER.findall(cells)) - {"2024"}
    assert not loose, (told, behind.table.cells)
    assert behind.source == translator("nl").gettext(SIMULATED)
    assert parts


def test_why_the_accounts_differ_has_the_steps_of_the_last_whole_year(stored):
    (shown,) = control_texts.difference(asked(stored), snapshot.load())
    first, *steps, last = [row[1] for row in shown.table.as_json()["values"]]
    assert abs(first + sum(steps) - last) < 1
    assert [row[0] for row in shown.table.cells][::6] == ["2022", "2023"]


def test_nothing_is_made_up_for_an_area_without_lines_or_a_run_without_a_store(stored):
    tables = snapshot.load()
    for run in (asked(stored, area="GM0518"), asked(stored, area="JZ24"), asked(stored, declarations="")):
        assert control_texts.interim(run, tables) == []
        assert control_texts.difference(run, tables) == []
