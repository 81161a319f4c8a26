"""What was asked is counted against what came: half a download never replaces a whole one."""

from __future__ import annotations

import copy

import pytest

from analyse import store
from analyse.errors import DataError
from analyse.sources import snapshot, update
from analyse.sources.update import Way

FORMS = Way(only=("83454NED",))


def _ends_early(page: dict, number: int) -> None:
    page.pop("@odata.nextLink", None)
    page.pop("odata.nextLink", None)


def _lacks_a_row(page: dict, number: int) -> None:
    if number == 1:
        del page["value"][3]


def _has_a_row_twice(page: dict, number: int) -> None:
    if number == 1:
        page["value"].append(page["value"][3])


def _has_another_row_twice_for_one_that_lacks(page: dict, number: int) -> None:
    if number == 1:
        page["value"][3] = page["value"][4]


def _is_empty_in_silence(page: dict, number: int) -> None:
    if number == 1:
        page["value"][3] |= {"Value": None, "ValueAttribute": "None"}


def _is_empty_for_an_unknown_reason(page: dict, number: int) -> None:
    if number == 1:
        page["value"][3] |= {"Value": None, "ValueAttribute": "Later"}


def _has_no_rows(page: dict, number: int) -> None:
    page["value"] = []
    _ends_early(page, number)


@pytest.mark.parametrize(
    ("versions", "change", "said"),
    [
        (("v4",), _ends_early, r"[\d,]+ cells were asked and 400 came"),
        (("v4",), _lacks_a_row, r"cells were asked and [\d,]+ came, so the answer is not whole"),
        (("v4",), _has_a_row_twice, "1 cells came twice, first "),
        (("v4",), _has_another_row_twice_for_one_that_lacks, "1 cells came twice, first "),
        (("v4",), _is_empty_in_silence, "1 cells are empty without a reason, first "),
        (("v4",), _is_empty_for_an_unknown_reason, "unknown reason for an empty cell: Later"),
        (("v4",), _has_no_rows, r"[\d,]+ cells were asked and 0 came"),
        (("v3",), _ends_early, r"cells were asked and [\d,]+ came, so the answer is not whole"),
        (("v3",), _lacks_a_row, r"cells were asked and [\d,]+ came, so the answer is not whole"),
        (("v3",), _has_a_row_twice, "cells came twice, first "),
        (("v3",), _has_another_row_twice_for_one_that_lacks, "cells came twice, first "),
    ],
)
def test_half_a_download_leaves_the_dataset_in_use(settings, server, home, versions, change, said):
    server.change("83454NED", versions=versions)
    server.page = 400 if versions == ("v4",) else 40
    whole, pages = server.content, []

    def changed(path: str):
        status, page = whole(path)
        if "/Observations" in path or "/UntypedDataSet" in path:
            page = copy.deepcopy(page)
            pages.append(path)
            change(page, len(pages))
        return status, page

    server.content = changed

    with pytest.raises(DataError, match=said):
        update.run(settings, FORMS)
    assert pages
    assert store.latest() == "open"
    assert len(snapshot.load("open")["costs"]) > 400
