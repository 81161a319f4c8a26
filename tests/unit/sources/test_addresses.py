"""docs/sources.md lists exactly the addresses that are asked."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ENTITIES = {
    "Properties", "Dimensions", "MeasureCodes", "Observations", "TableInfos", "DataProperties", "UntypedDataSet",
    "TypedDataSet",
}  # fmt: skip


def _pattern(path: str, declared) -> str:
    """An address with the table and the dimension left open."""
    place, entity = path.split("?")[0].rsplit("/", 1)
    for base in declared.hosts.values():
        host = "/" + base.removeprefix("https://")
        if place.startswith(host) and place.removeprefix(host).strip("/") in declared.tables:
            kind = (
                entity
                if entity in ENTITIES
                else "<dimension>" + ("Codes" if entity.endswith("Codes") else "")
            )
            return f"{base}/<table>/{kind}"
    raise AssertionError(f"asked at no declared place: {path}")


def test_the_page_lists_every_address_that_is_asked_and_no_other(downloaded, declared):
    folder, _ = downloaded
    asked = (folder / "asked.txt").read_text(encoding="utf-8").splitlines()
    page = (ROOT / "docs/sources.md").read_text(encoding="utf-8")
    listed = re.findall(r"- `(.+)`", page.split("<!-- addresses -->")[1].split("<!-- /addresses -->")[0])

    maps = {
        f"{declared.hosts[one.host]}/{one.path.format(year='<year>')}" for one in declared.boundaries.values()
    }
    assert sorted({_pattern(address, declared) for address in asked} | maps) == sorted(listed)


def test_the_page_names_every_table(declared):
    page = (ROOT / "docs/sources.md").read_text(encoding="utf-8")

    assert [name for name in declared.tables if name not in page] == []


def test_every_question_fits_what_a_web_server_takes(downloaded):
    folder, _ = downloaded
    asked = (folder / "asked.txt").read_text(encoding="utf-8").splitlines()

    assert max(len(one.split("?")[-1]) for one in asked) < 2048
