"""A small server that answers as CBS does, with figures in their shape, and misbehaves on demand.

One address for all hosts: ``/datasets.cbs.nl/odata/v1/CBS/<table>/<entity>`` is version 4, the feeds below
``/opendata.cbs.nl`` and ``/dataderden.cbs.nl`` version 3, ``/service.pdok.nl`` the map service. Pages are small, codes
padded, cells null or marked.
"""

from __future__ import annotations

import gzip
import itertools
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Cell = Callable[[dict[str, str], str], float | str | None]
V4, V3 = (
    "/datasets.cbs.nl/odata/v1/CBS/",
    ("/opendata.cbs.nl/ODataFeed/odata/", "/dataderden.cbs.nl/ODataFeed/odata/"),
)
MAPS = "/service.pdok.nl/cbs/wijkenbuurten/2022/wfs/v1_0"
MARKS = {".": "NotAvailable", "x": "Confidential", None: "Impossible"}


@dataclass(frozen=True)
class Item:
    """One code of a dimension."""

    code: str
    title: str
    status: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its dimensions (kind and items), its measures (key of version 3: title and unit), and its cells."""

    title: str
    dimensions: dict[str, tuple[str, list[Item]]]
    measures: dict[str, tuple[str, str]]
    cell: Cell
    versions: tuple[str, ...] = ("v4", "v3")
    modified: str = "2026-10-31T02:00:00+01:00"
    width: int = 9

    def rows(self, wanted: dict[str, set[str]], *, padded: bool) -> Iterator[dict[str, str]]:
        """Codes of all keys that a filter lets through."""
        kept = [
            [
                one.code
                for one in items
                if name not in wanted or self.written(name, one.code, padded) in wanted[name]
            ]
            for name, (_, items) in self.dimensions.items()
        ]
        for codes in itertools.product(*kept):
            yield dict(zip(self.dimensions, codes, strict=True))

    def written(self, dimension: str, code: str, padded: bool) -> str:
        """A code as version 3 writes it: regions and codes of accounts with spaces behind them."""
        wide = padded and self.dimensions[dimension][0] != "TimeDimension"
        return code.ljust(self.width) if wide and not code.startswith(("T0", "A0")) else code


@dataclass
class Trouble:
    """What to do instead of answering, for so many requests whose address holds a text; -1 is always."""

    where: str
    kind: str
    times: int = 1
    target: str = ""


class _Patient(ThreadingHTTPServer):
    """A client that hangs up is no news."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@dataclass
class Server:
    """The running server: its tables, its troubles, and the addresses that were asked."""

    tables: dict[str, Table]
    troubles: list[Trouble] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    page: int = 400
    address: str = ""
    when_asked: Callable[[int], None] = lambda count: None
    outlines: list[dict] = field(default_factory=list)
    last: tuple = ((), None)
    halt: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Server:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.when_asked(len(outer.asked))
                try:
                    outer.answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def do_CONNECT(self) -> None:
                outer.asked.append(self.path)
                self.send_error(502)

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        self.http = _Patient(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.halt.set()
        self.http.shutdown()
        self.http.server_close()

    def change(self, table: str, **changes: object) -> None:
        """Let a table look different from now on."""
        self.tables[table] = replace(self.tables[table], **changes)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        for trouble in self.troubles:
            if trouble.where in request.path and trouble.times:
                trouble.times -= 1
                if self.misbehave(request, trouble):
                    return
                break
        status, content = self.content(request.path)
        self.send(request, status, json.dumps(content).encode())

    def send(self, request: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
        packed = gzip.compress(body, 1)
        request.send_response(status)
        sent = {"content_type": "application/json; charset=utf-8", "content_encoding": "gzip", **headers}
        for name, value in sent.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("content-length", str(len(packed)))
        request.end_headers()
        request.wfile.write(packed)

    def misbehave(self, request: BaseHTTPRequestHandler, trouble: Trouble) -> bool:
        """Do something else; False when the answer follows after all."""
        if trouble.kind == "slow":
            self.halt.wait(1.5)
            return False
        if trouble.kind in ("429", "500", "503"):
            headers = {"retry_after": "0"} if trouble.kind == "429" else {}
            self.send(request, int(trouble.kind), b"{}", **headers)
        elif trouble.kind == "html":
            self.send(request, 200, b"<html>Onderhoud</html>", content_type="text/html")
        elif trouble.kind == "truncated":
            self.send(request, 200, json.dumps(self.content(request.path)[1]).encode()[:-20])
        elif trouble.kind == "cut":
            request.send_response(200)
            request.send_header("content-type", "application/json")
            request.send_header("content-length", "100000")
            request.end_headers()
            request.wfile.write(b'{"value": [')
            request.wfile.flush()
            request.close_connection = True
        elif trouble.kind == "endless":
            again = f"{self.address}{request.path.split('&again')[0]}&again={len(self.asked)}"
            page = {"value": [], "@odata.nextLink": again, "odata.nextLink": again}
            self.send(request, 200, json.dumps(page).encode())
        elif trouble.kind == "big":
            self.send(request, 200, json.dumps({"value": ["x" * 3_000_000]}).encode())
        elif trouble.kind == "redirect":
            self.send(request, 302, b"", location=trouble.target or "http://elsewhere.example/data")
        elif trouble.kind == "list":
            self.send(request, 200, b"[1, 2]")
        return True

    def content(self, path: str) -> tuple[int, dict]:
        parts = urlsplit(path)
        question = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == MAPS:
            first = int(question["startIndex"])
            page = self.outlines[first : first + int(question["count"])]
            return 200, {"type": "FeatureCollection", "features": page}
        host = (
            V4 if parts.path.startswith(V4) else next((one for one in V3 if parts.path.startswith(one)), "")
        )
        name, _, entity = parts.path.removeprefix(host).partition("/")
        table = self.tables.get(name)
        version = "v4" if host == V4 else "v3"
        if not host or table is None or version not in table.versions:
            return 404, {"error": {"message": "Resource not found"}}
        rows = self.whole(path, table, version, entity, question)
        if not isinstance(rows, list):
            return (200, rows) if rows else (404, {})
        skip = int(question.get("$skip", 0))
        answer: dict = {
            "@odata.context" if version == "v4" else "odata.metadata": path,
            "value": rows[skip : skip + self.page],
        }
        if skip + self.page < len(rows):
            link = re.sub(r"[?&]\$skip=\d+", "", path)
            link += ("&" if "?" in link else "?") + f"$skip={skip + self.page}"
            answer["@odata.nextLink" if version == "v4" else "odata.nextLink"] = self.address + link
        return 200, answer

    def whole(
        self, path: str, table: Table, version: str, entity: str, question: dict[str, str]
    ) -> list | dict | None:
        """All rows of a question; worked out once for all its pages."""
        place = (re.sub(r"[?&]\$skip=\d+", "", path), id(table))
        if self.last[0] != place:
            read = self.v4 if version == "v4" else self.v3
            self.last = (place, read(table, entity, question))
        return self.last[1]

    def v4(self, table: Table, entity: str, question: dict[str, str]) -> list | dict | None:
        identifiers = {f"M{number:06d}": key for number, key in enumerate(table.measures, start=1)}
        if entity == "Properties":
            return {"Title": table.title, "Modified": table.modified, "Status": "Regulier"}
        if entity == "Dimensions":
            return [{"Identifier": name, "Kind": kind} for name, (kind, _) in table.dimensions.items()]
        if entity == "MeasureCodes":
            return [
                {"Identifier": one, "Title": table.measures[key][0], "Unit": table.measures[key][1]}
                for one, key in identifiers.items()
            ]
        if entity == "Observations":
            wanted = _filter(question)
            chosen = [one for one in identifiers if one in wanted.get("Measure", identifiers)]
            return list(_numbered(_observation(table, codes, one, identifiers[one])
                                  for codes in table.rows(wanted, padded=False) for one in chosen))  # fmt: skip
        name = entity.removesuffix("Codes")
        if name not in table.dimensions:
            return None
        return [
            {"Identifier": one.code, "Title": one.title, **({"Status": one.status} if one.status else {})}
            for one in table.dimensions[name][1]
        ]

    def v3(self, table: Table, entity: str, question: dict[str, str]) -> list | dict | None:
        if entity == "TableInfos":
            return [{"ID": 0, "Title": table.title, "Modified": table.modified}]
        if entity == "DataProperties":
            dimensions = [
                {"Key": name, "Type": kind, "Title": name} for name, (kind, _) in table.dimensions.items()
            ]
            return dimensions + [
                {"Key": key, "Type": "Topic", "Title": title, "Unit": unit}
                for key, (title, unit) in table.measures.items()
            ]
        if entity in ("UntypedDataSet", "TypedDataSet"):
            return list(
                _numbered(self._wide(table, codes) for codes in table.rows(_filter(question), padded=True))
            )
        if entity not in table.dimensions:
            return None
        return [
            {"Key": table.written(entity, one.code, True), "Title": one.title, "Status": one.status}
            for one in table.dimensions[entity][1]
        ]

    @staticmethod
    def _wide(table: Table, codes: dict[str, str]) -> dict:
        row = {name: table.written(name, code, True) for name, code in codes.items()}
        for key in table.measures:
            value = table.cell(codes, key)
            row[key] = (
                value
                if isinstance(value, str) and value not in (".", "x")
                else ""
                if value is None
                else f"{value:>10}"
            )
        return row


def _filter(question: dict[str, str]) -> dict[str, set[str]]:
    """What ``(A eq 'x' or A eq 'y') and (B eq 'z')`` lets through."""
    wanted: dict[str, set[str]] = {}
    for name, value in re.findall(r"(\w+) eq '((?:[^']|'')*)'", question.get("$filter", "")):
        wanted.setdefault(name, set()).add(value.replace("''", "'"))
    return wanted


def _observation(table: Table, codes: dict[str, str], identifier: str, key: str) -> dict:
    value = table.cell(codes, key)
    why = MARKS.get(value, "None") if isinstance(value, str) or value is None else "None"
    number = value if why == "None" else None
    return {"Measure": identifier, "ValueAttribute": why, "Value": number, "StringValue": None, **codes}


def _numbered(rows: Iterator[dict]) -> Iterator[dict]:
    for number, row in enumerate(rows):
        yield {"ID": number, "Id": number, **row}


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait at most five seconds for something that another thread does."""
    until = time.monotonic() + 5
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
