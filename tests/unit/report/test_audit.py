"""What one table hides no other table gives away; a planted one that does is found."""

import json

import pandas as pd
import pytest

from analyse import small_cells
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.report import audit, exporter

TOTALS = {"age": "totaal", "form": "totaal"}
AGES = pd.DataFrame({"age": ["totaal", "0-11", "12-17"], "clients": [62, 31, 31]})
FORMS = pd.DataFrame({"age": ["12-17", "12-17", "totaal", "totaal"], "form": ["thuis", "verblijf"] * 2,
                      "clients": [24, 7, 37, 25]})  # fmt: skip
WORDS = {"age": Column("Leeftijd"), "form": Column("Vorm"), "clients": Column("Jongeren", "persons")}


def page(samples, folder, name, frames):
    """A page with each table, as it is written in a set."""
    cells = []
    for caption, frame in frames.items():
        shown = {column: WORDS[column] for column in WORDS if column in frame}
        made = tables.build(frame, shown, caption, "nl")
        cells.append(samples.cell(Exhibit("table", caption, table=made, language="nl")))
    exporter.export(
        samples.notebook(samples.prose("# Delft"), *cells), folder / f"{name}.html", language="nl"
    )


def alone(frames):
    return {name: small_cells.protect(frame, "clients", totals={key: TOTALS[key] for key in TOTALS if key in frame})
            for name, frame in frames.items()}  # fmt: skip


def as_one(frames):
    """Tables of the same persons put below each other and protected as one."""
    whole = pd.concat([frame.assign(**{key: frame.get(key, TOTALS[key]) for key in TOTALS}, of=name)
                       for name, frame in frames.items()], ignore_index=True)  # fmt: skip
    made = small_cells.protect(whole, "clients", totals=TOTALS)
    return {name: made.loc[made["of"] == name, [*frame, "clients_status"]] for name, frame in frames.items()}


def test_tables_protected_together_pass(samples, tmp_path):
    made = as_one({"per leeftijd": AGES, "per vorm": FORMS})
    page(samples, tmp_path, "delft", made)

    assert audit.across(tmp_path) == []
    assert made["per vorm"]["clients_status"].tolist() == ["suppressed"] * 2 + ["final"] * 2


@pytest.mark.parametrize("pages", [("delft", "delft"), ("delft", "more")])
def test_tables_protected_one_by_one_are_found(samples, tmp_path, pages):
    """Alone, the forms of 12-17 have no total, so only the 7 is hidden; the other table holds that total."""
    made = alone({"per leeftijd": AGES, "per vorm": FORMS.iloc[:2]})
    if len(set(pages)) == 1:
        page(samples, tmp_path, pages[0], made)
    else:
        listed = [{"name": name, "title": "Delft"} for name in pages]
        (tmp_path / "manifest.json").write_text(json.dumps({"notebooks": listed}))
        for name, (caption, frame) in zip(pages, made.items(), strict=True):
            page(samples, tmp_path, name, {caption: frame})

    (found,) = audit.across(tmp_path)
    assert "Vorm verblijf" in found and "follows from sums" in found
    assert "7" not in found.replace("12-17", "")


def test_a_count_hidden_here_and_shown_there_is_found(samples, tmp_path):
    hidden = as_one({"a": AGES, "b": FORMS})["b"]
    page(samples, tmp_path, "delft", {"verborgen": hidden, "open": FORMS.iloc[[0]]
                                      .assign(clients=25.0)})  # fmt: skip

    assert any("Vorm thuis" in one and "shown in" in one for one in audit.across(tmp_path))


def test_a_municipality_follows_from_its_region_and_the_others(tmp_path):
    for name, count in (("Haaglanden", 100), ("Delft", ""), ("Rijswijk", 90)):
        folder = tmp_path / "tables" / name
        folder.mkdir(parents=True)
        text = f'Leeftijd,"Jongeren (personen, afgerond op 5)"\r\n0-11,{count}\r\n'
        (folder / "01-a.csv").write_bytes(text.encode())

    assert audit.across(tmp_path) == []
    (found,) = audit.across(tmp_path, nested={"Haaglanden": ["Delft", "Rijswijk"]})
    assert found.startswith("Delft, ")
