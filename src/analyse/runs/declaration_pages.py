"""Which areas get a page on declarations, and from which store; it is opened once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analyse import small_cells, store
from analyse.errors import ParameterError
from analyse.history import areas
from analyse.parameters import Run

NOTEBOOK = "07_declarations"
PAGE = "declarations"
"""What the name of such a page begins with."""
ROOMS = (
    *("analyse.monitor", "analyse.present.monitor", "analyse.present.scenario.own_durations"),
    *("analyse.history.completion", "analyse.sources.declarations"),
)
"""What only such a page imports; with their libraries it is half as much again as what every page imports."""
MANIFEST = "store.json"
NAMED = ("declarations", "contracts")
"""The parameters that name the folders such a page is made from."""


@dataclass(frozen=True)
class Declared:
    """What a run does with the declarations that it names."""

    codes: tuple[str, ...] = ()
    """The areas that get a page: municipalities with lines, and regions of which every municipality has lines."""
    absent: tuple[dict[str, Any], ...] = ()
    """The chosen areas that get none: area_code, title, members (how many municipalities it has) and present (how many
    of them have lines)."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What the store says of itself: whether it is simulated, and the label that everything made from it bears."""

    def as_json(self) -> dict[str, Any]:
        """What the manifest says about it; nothing when there are no declarations."""
        if not self.about:
            return {}
        told = {
            "notebook": NOTEBOOK,
            "simulated": bool(self.about["simulated"]),
            "label": self.about["label"],
        }
        return {"declarations": {**told, "absent": [dict(one) for one in self.absent]}}


def chosen(run: Run, tables: Mapping[str, pd.DataFrame], codes: Sequence[str]) -> Declared:
    """Decide which of the chosen areas get a page on their declarations.

    A region of which some municipalities have no lines gets none: its sums would be too small, and look whole. An
    area with fewer than ten youths in the last twelve months gets none either: its last row would be of these few.

    Parameters
    ----------
    run : Run
        Names the folder of the declarations; an empty name leaves them out.
    tables : mapping of DataFrame
        The tables of the dataset, to know which municipalities a region has.
    codes : sequence of str
        The chosen municipalities and regions.

    Raises
    ------
    ParameterError
        If the run names another folder than the usual one, and there is no store in it.
    DataError
        If the store cannot be read.
    """
    if not run.declarations:
        return Declared()
    folder = store.root() / run.declarations
    if not (folder / MANIFEST).is_file():
        if run.declarations != Run.model_fields["declarations"].default:
            raise ParameterError(
                f"declarations {folder}: no {MANIFEST} there; make it with `analyse declarations read PATH --output "
                f"{folder}`, or name another folder"
            )
        return Declared()
    about, present = _opened(folder)
    made, absent = [], []
    for code in codes:
        members = [code] if code.startswith("GM") else areas.members(tables, code)
        found = sum(one in present for one in members)
        few = bool(small_cells.small(sum(present.get(one, 0) for one in members)))
        if found == len(members) and not few:
            made.append(code)
        else:
            told = {"area_code": code, "title": areas.name(tables, code)}
            absent.append(
                {**told, "members": len(members), "present": found} | ({"few": True} if few else {})
            )
    return Declared(tuple(made), tuple(absent), about)


def digests(folders: Mapping[str, Any]) -> dict[str, str]:
    """Hashes of the declarations and of the contracts that a run or notebook names.

    ``store.json`` names every file of the store, and none of these is ever changed: the hash of it is that of all.

    ``folders`` is ``declarations`` and ``contracts``, as folders seen from the root of the suite.
    """
    declarations, contracts = (store.root() / str(folders[name]) for name in NAMED)
    return {
        "declarations": store.hash_files([declarations / MANIFEST]),
        "contracts": store.hash_files(sorted(contracts.glob("*.csv"))),
    }


def named(jobs: Iterable[Any]) -> dict[str, str]:
    """The folders named by the pages on declarations among some jobs; empty without such a page."""
    on_them = next((job for job in jobs if job.made_from), None)
    return {name: str(on_them.parameters[name]) for name in NAMED} if on_them else {}


def rooms(jobs: Iterable[Any]) -> tuple[str, ...]:
    """The packages imported by the pages on declarations among some jobs; empty without such a page."""
    return ROOMS if any(job.made_from for job in jobs) else ()


def seen_from_root(folder: Path) -> str:
    """A folder as a parameter: relative to the root of the suite if below it, to mean the same elsewhere."""
    whole, root = folder.resolve(), store.root().resolve()
    return str(whole.relative_to(root) if whole.is_relative_to(root) else whole)


def _opened(folder: Path) -> tuple[Mapping[str, Any], dict[str, int]]:
    """What the store says of itself, and the municipalities with lines that count, with their youths in a year."""
    from analyse.sources import declarations

    about = declarations.about(folder)
    with declarations.open(folder) as connection:
        rows = connection.execute(_YOUTHS).fetchall()
    return about, {code: youths for code, youths in rows if code}


_YOUTHS = """
    select municipality_code, count(distinct client) filter (
        where product_month > (select max(product_month) from payable) - interval 12 month
    ) from payable group by all
"""
