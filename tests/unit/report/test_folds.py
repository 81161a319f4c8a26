"""A page on declarations in folds: each subject with its finding, links that lead into them, files with every row."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

from analyse.present.exhibits import tables
from analyse.present.monitor.attention import PARTS
from analyse.present.monitor.page import Page
from analyse.report import exporter

PAGE = Page("Delft", True, "en")
ROWS = pd.DataFrame(
    {"provider": [f"999{number:05d}" for number in range(20)], "cost": [20.0 - n for n in range(20)]}
)
COLUMNS = {"provider": tables.Column("Provider (AGB code)"), "cost": tables.Column("Declared", "euro")}


def made(samples, folder: Path, name: str) -> str:
    table = PAGE.table(ROWS, COLUMNS, "Twenty providers", note="As declared.", most=15)
    subjects = [one for number, part in enumerate(PARTS) for one in (
        samples.prose(f"## Subject {number}: {part}\n\nWhat it is about."), samples.cell(table))]  # fmt: skip
    book = samples.notebook(samples.prose("# Delft\n\nFirst of all."), *subjects)
    exporter.export(book, folder / f"{name}.html", language="en")
    return (folder / f"{name}.html").read_text(encoding="utf-8")


def test_each_subject_is_a_fold_with_its_finding_and_the_contents_lead_to_it(samples, tmp_path):
    page = made(samples, tmp_path, "declarations-GM0503")

    folds = re.findall(
        r'<details class="subject" id="(part-\d)"><summary><h2 id="([^"]+)">(.*?)</h2><span>(.*?)</span>',
        page,
    )
    assert [one[0] for one in folds] == [f"part-{number}" for number in range(1, len(PARTS) + 1)]
    assert all(part in one[2] for part, one in zip(PARTS, folds, strict=True)), "where attention leads to"
    assert {one[3] for one in folds} == {"Twenty providers (simulated declarations)"}
    contents = re.findall(r'<a href="#([^"]+)">', page[page.index('class="contents"') :].split("</nav>")[0])
    assert contents == [one[1] for one in folds]
    assert page.index("First of all.") < page.index('<details class="subject"')
    assert page.count('<details class="subject"') == page.count("</details>") - page.count('class="below"')


def test_other_pages_have_no_folds(samples, tmp_path):
    assert 'class="subject"' not in made(samples, tmp_path, "municipality-GM0503")


def test_the_files_have_the_rows_that_the_page_leaves_out_and_each_says_that_it_is_simulated(
    samples, tmp_path
):
    page = made(samples, tmp_path, "declarations-GM0503")

    assert "99900014" in page and "99900015" not in page
    assert "The workbook has all 20 rows." in page
    path = next((tmp_path / "tables" / "declarations-GM0503").glob("01-*.csv"))
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert len(rows) == 20 and {one["Origin"] for one in rows} == {"Simulated declarations"}
