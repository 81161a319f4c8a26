"""Datasets made here: every download or import is a whole new one beside the others, put in use in one step.

A dataset is a folder below ``data/`` with tables and ``datapackage.json``, as ``data/open``. A new one is written to
one side, read back and checked, moved to its place, and only then named in ``data/latest``: whenever the machine
stops, the dataset in use is whole.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analyse import schema, store
from analyse.errors import DataError, OutputError
from analyse.parameters import COUNTRY
from analyse.schema import Table
from analyse.sources import snapshot

Tables = Mapping[str, pd.DataFrame]
ASIDE = ".new-"
SAME = {"national_reference": ["period", "area_code", "indicator"]}
"""Columns by which a new row takes the place of an old one, where that is not the key of the table."""
FAR, FEW = 0.5, 10
"""Figures that were final may differ by so much (logarithm, in the middle), judged from so many rows on."""
KINDS = {"text": "string", "integer": "integer", "number": "number"}


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Only one process at a time makes a dataset; what an earlier one left unfinished is removed.

    Raises
    ------
    OutputError
        If the folder of the data cannot be written.
    """
    data = store.root() / "data"
    try:
        with store.alone(data / ".making.lock"):
            for left in data.glob(f"{ASIDE}*"):
                shutil.rmtree(left, ignore_errors=True)
            yield
    except OSError as error:
        raise store.cannot_write(data, error) from error


def merged(base: Tables, new: Tables) -> dict[str, pd.DataFrame]:
    """Tables with new rows in the place of old ones with the same key; what is not new stays.

    Raises
    ------
    DataError
        If a new row does not fit the table.

    Examples
    --------
    >>> rows = pd.DataFrame({"municipality_code": ["GM0576"], "year": [2019], "successor_code": ["GM0575"]})
    >>> extra = pd.DataFrame({"municipality_code": ["GM0501"], "year": [2023], "successor_code": ["GM1992"]})
    >>> merged({"boundary_changes": rows}, {"boundary_changes": extra})["boundary_changes"]["year"].tolist()
    [2023, 2019]
    """
    result = dict(base)
    for name, rows in new.items():
        table = schema.TABLES[name]
        checked = schema.check(rows, table, f"new rows of {name}")
        by = SAME.get(name, list(table.key))
        old = base[name]
        kept = old.loc[~pd.MultiIndex.from_frame(old[by]).isin(pd.MultiIndex.from_frame(checked[by]))]
        together = pd.concat([kept, checked], ignore_index=True) if len(kept) else checked
        result[name] = schema.check(together.sort_values(list(table.key), ignore_index=True), table)
    return result


def check_plausible(base: Tables, new: Tables) -> None:
    """Refuse figures that cannot be right beside those in use.

    Raises
    ------
    DataError
        If, in a table, half of what was final changed by more than half, or half of what was known became empty.
    """
    for name, rows in new.items():
        table = schema.TABLES[name]
        value = value_column(table)
        if not value or base[name].empty:
            continue
        both = base[name].merge(rows, on=list(table.key), suffixes=("_old", "_new"))
        known = both.loc[both[f"{value}_old"].astype(float) > 0]
        if len(known) < FEW:
            continue
        fresh = known[f"{value}_new"].astype(float)
        if fresh.isna().mean() > 0.5:
            raise DataError(
                f"{name}: {int(fresh.isna().sum())} of {len(known)} figures that were known are empty now; "
                "nothing was replaced"
            )
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = np.abs(np.log(fresh / known[f"{value}_old"].astype(float))).dropna()
        if len(apart) >= FEW and apart.median() > FAR:
            raise DataError(
                f"{name}: half of {len(apart)} known figures changed by a factor {np.exp(apart.median()):.1f} or more; "
                "that cannot be right, nothing was replaced"
            )


def value_column(table: Table) -> str:
    """The first figure of a table; empty when it has none."""
    figures = [
        column.name for column in table.columns if column.kind != "text" and column.name not in table.key
    ]
    return figures[0] if figures and "status" in table.column_names else ""


def write(
    tables: Tables,
    *,
    base: str,
    description: str,
    changed: Mapping[str, Sequence[Mapping[str, str]]],
    extra: Mapping[str, Any] | None = None,
) -> str:
    """Write a new dataset, check it, and put it in use.

    Parameters
    ----------
    tables : mapping of DataFrame
        All tables, as published.
    base : str
        Dataset that it goes on from; its descriptions hold for what did not change.
    description : str
        What it is.
    changed : mapping
        Tables that changed, with their sources (title, and path where there is an address).
    extra : mapping, optional
        Said in the package, under ``vintage``.

    Returns
    -------
    str
        Its name: the day, with a number from the second of a day on.

    Raises
    ------
    DataError
        If it cannot be read back whole.
    OutputError
        If it cannot be written, as on a full disk. In both cases nothing was replaced.
    """
    data, name = store.own_root() / "data", next_name()
    aside = data / f"{ASIDE}{name}"
    contents = {
        table: _csv(frame) if table in changed else _stored(base, table, frame)
        for table, frame in tables.items()
    }
    package = _package(tables, contents, base, description=description, changed=changed)
    package["vintage"] = {"base": base, **(extra or {})}
    try:
        for resource in package["resources"]:
            store.write_bytes(aside / resource["path"], contents[resource["name"]])
        store.write_text(aside / "datapackage.json", json.dumps(package, indent=1, ensure_ascii=False) + "\n")
        snapshot.load(aside.name, regions=COUNTRY)
        aside.rename(data / name)
        store.write_text(data / store.LATEST, f"{name}\n")
    except (DataError, OutputError) as error:
        raise type(error)(f"{error}; data/{store.latest()} is still in use") from error
    except OSError as error:
        raise store.cannot_write(data / name, error) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return name


def next_name() -> str:
    """Name of the next dataset: the day, with a number from the second of a day on."""
    day = datetime.date.today().isoformat()
    names = [day, *(f"{day}-{number}" for number in range(2, 1000))]
    return next(name for name in names if not (store.root() / "data" / name).exists())


def _csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False, lineterminator="\n").encode()


def _stored(base: str, table: str, frame: pd.DataFrame) -> bytes:
    """The file of a table that did not change; a table that the base lacks is made."""
    paths = (folder(base) / f"{table}{ending}" for ending in (".csv", ".csv.gz"))
    return next((path.read_bytes() for path in paths if path.is_file()), _csv(frame))


def _package(
    tables: Tables,
    contents: Mapping[str, bytes],
    base: str,
    *,
    description: str,
    changed: Mapping[str, Sequence[Mapping[str, str]]],
) -> dict[str, Any]:
    before = snapshot.package(base)
    described = {resource["name"]: resource for resource in before["resources"]}
    today, name = datetime.date.today().isoformat(), next_name()
    resources = []
    for table_name, table in schema.TABLES.items():
        frame = tables[table_name]
        if table.optional and frame.empty:
            continue
        content = contents[table_name]
        resource = described.get(table_name) or _new_resource(table)
        resource = {
            **resource,
            "path": f"{table_name}.csv{'.gz' if content.startswith(snapshot.PACKED) else ''}",
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "bytes": len(content),
            "rows": len(frame),
            "temporal": _temporal(frame, resource.get("temporal", "")),
        }
        if table_name in changed:
            said = {source["title"]: dict(source) for source in [*resource["sources"], *changed[table_name]]}
            resource = {**resource, "sources": list(said.values()), "stated": today}
        resources.append(resource)
    return {
        **{key: value for key, value in before.items() if key != "vintage"},
        "name": f"jeugdhulp-{name}",
        "description": description,
        "version": name.replace("-", "."),
        "created": today,
        "resources": resources,
    }


def _new_resource(table: Table) -> dict[str, Any]:
    """The description of a table that the base lacks, in the form of the others."""
    fields = []
    for column in table.columns:
        constraints = {"required": True} if column.required else {}
        constraints |= {"minimum": column.minimum} if column.minimum is not None else {}
        constraints |= {"enum": list(column.allowed)} if column.allowed else {}
        field = {"name": column.name, "type": KINDS[column.kind], "description": column.description}
        field |= {"unit": column.unit} if column.unit else {}
        fields.append({**field, "constraints": constraints} if constraints else field)
    licence = {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Naamsvermelding 4.0",
        "path": "https://creativecommons.org/licenses/by/4.0/deed.nl",
    }
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "sources": [],
        "licenses": [licence],
        "temporal": "",
        "stated": "",
        "hash": "",
        "bytes": 0,
        "rows": 0,
        "schema": {"fields": fields, "primaryKey": list(table.key), "missingValues": [""]},
    }


def _temporal(frame: pd.DataFrame, otherwise: str) -> str:
    if "year" not in frame or frame.empty:
        return otherwise
    return f"{int(frame['year'].min())}/{int(frame['year'].max())}"


def folder(name: str) -> Path:
    """Where a dataset stands."""
    return store.root() / "data" / name
