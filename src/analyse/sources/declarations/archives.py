"""The files among what was named: single files, folders, zip and gzip, as streams that cannot blow up.

Nothing is unpacked to disk: what is in an archive goes from memory to the reader. A member that would unfold to more
than ``MOST_BYTES``, or to more than ``MOST_RATIO`` times its size, is refused; so is one whose name leads outside.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from analyse.errors import DataError
from analyse.sources.declarations import xml
from analyse.sources.declarations.pseudonyms import masked

MOST_BYTES = 16 * 2**30
MOST_RATIO = 400
MOST_MEMBERS = 100_000
FREE_BYTES = 16 * 2**20
"""Below this size the ratio of an archive does not matter."""
SMALL = 8 * 2**20
KINDS = {".xml": "xml", ".csv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}
ARCHIVES = (".zip", ".gz")


@dataclass(frozen=True)
class Source:
    """One file to read, wherever it is; ``open`` gives a new stream from its beginning."""

    name: str
    kind: str
    open: Callable[[], BinaryIO]
    path: Path | None = None

    def held(self) -> Source:
        """The same file, in memory where it is small: what is small is read from disk once."""
        with self.open() as stream:
            content = stream.read(SMALL + 1)
        if len(content) > SMALL:
            return self
        return Source(self.name, self.kind, lambda: io.BytesIO(content))

    def sha256(self) -> tuple[str, int]:
        """Hash of the content, and its size in bytes.

        Raises
        ------
        DataError
            If the file is damaged, or unfolds to more than is allowed.
        """
        found, size = hashlib.sha256(), 0
        with self.open() as stream:
            while part := stream.read(2**20):
                found.update(part)
                size += len(part)
        return found.hexdigest(), size


@dataclass(frozen=True)
class Refused:
    """A file that is not read, and why."""

    name: str
    reason: str


def find(paths: Iterable[Path | str]) -> Iterator[Source | Refused]:
    """Every file of a known kind in ``paths``, in order of name; what cannot be opened comes as ``Refused``.

    Raises
    ------
    DataError
        If none of the paths is there.
    """
    named = [Path(given) for given in paths]
    if not any(path.exists() for path in named):
        raise DataError(f"declarations: {named[0]}: no such file or folder; name an existing one")
    for path in named:
        if not path.exists():
            yield Refused(masked(path.name), "no such file or folder; name an existing one")
        elif path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file() and _is_known(one.name))
            for one in inside:
                yield from _of_file(one, str(one.relative_to(path)))
        elif not path.is_file():
            yield Refused(
                masked(path.name), "is no regular file, such as a pipe or a device; it is not opened"
            )
        elif _is_known(path.name):
            yield from _of_file(path, path.name)
        else:
            known = ", ".join((*KINDS, *ARCHIVES))
            yield Refused(masked(path.name), f"not a kind of file that is read; expected one of {known}")


def _is_known(name: str) -> bool:
    return Path(name).suffix.lower() in (*KINDS, *ARCHIVES)


def _of_file(path: Path, name: str) -> Iterator[Source | Refused]:
    suffix = path.suffix.lower()
    try:
        if suffix == ".zip":
            yield from _of_zip(path, name)
        elif suffix == ".gz":
            inner = KINDS.get(Path(path.stem).suffix.lower())
            if inner is None:
                raise DataError(
                    f"a gzip file must be named as what is in it, such as .csv.gz; got {masked(path.name)}"
                )
            size = path.stat().st_size
            yield Source(masked(name), inner, lambda: _Bounded(gzip.GzipFile(path), size))
        else:
            yield Source(masked(name), KINDS[suffix], lambda: path.open("rb"), path)
    except (OSError, zipfile.BadZipFile, DataError) as error:
        yield Refused(masked(name), _reason(error))


def _of_zip(path: Path, name: str) -> Iterator[Source | Refused]:
    archive = zipfile.ZipFile(path)  # stays open for as long as one of its files may be read
    members = sorted((one for one in archive.infolist() if not one.is_dir()), key=lambda one: one.filename)
    if len(members) > MOST_MEMBERS:
        raise DataError(f"{len(members)} files in one archive, at most {MOST_MEMBERS}; split it")
    for member in members:
        label = masked(f"{name}/{member.filename}")
        suffix = PurePosixPath(member.filename).suffix.lower()
        try:
            _check_member(member)
        except DataError as error:
            yield Refused(label, str(error))
            continue
        if suffix in KINDS:
            yield Source(label, KINDS[suffix], _opener(archive, member))
        elif suffix in ARCHIVES:
            yield Refused(label, "an archive inside an archive is not read; unpack the outer one")


def _opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    return lambda: _Bounded(archive.open(member), member.compress_size)


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or re.match(r"^[A-Za-z]:", name):
        raise DataError("its name leads outside the archive; it is not read")
    if member.flag_bits & 1:
        raise DataError("it is encrypted; unpack it first")
    if (member.external_attr >> 16) & 0o170000 == 0o120000:
        raise DataError("it is a link to another file; it is not read")
    _check_size(member.file_size, member.compress_size)


def _check_size(unfolded: int, folded: int) -> None:
    if unfolded > MOST_BYTES or (unfolded > FREE_BYTES and unfolded > MOST_RATIO * max(folded, 1)):
        raise DataError(
            f"it unfolds from {folded:,} to {unfolded:,} bytes or more, "
            f"at most {MOST_BYTES:,} and {MOST_RATIO} times its size; it is not read"
        )


def check_workbook(content: BinaryIO) -> None:
    """Refuse a workbook, an archive of XML, that unfolds without end, leads outside or declares a document type.

    Raises
    ------
    DataError
        If it is so, or is not an archive.
    """
    try:
        with zipfile.ZipFile(content) as archive:
            for member in archive.infolist():
                _check_member(member)
                if member.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        xml.prolog(part)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError) as error:
        raise DataError("not a workbook that can be read; save it again as .xlsx") from error


def _reason(error: Exception) -> str:
    if isinstance(error, DataError):
        return str(error)
    return f"cannot be opened ({getattr(error, 'strerror', None) or 'damaged archive'})"


class _Bounded(io.RawIOBase):
    """A stream that stops when more comes out of an archive than is allowed, whatever its header said."""

    def __init__(self, stream: BinaryIO, folded: int) -> None:
        self._stream, self._folded = stream, folded
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        try:
            part = self._stream.read(len(buffer))
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError) as error:
            raise DataError("damaged archive; ask for it again") from error
        self._given += len(part)
        _check_size(self._given, self._folded)
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._stream.close()
        super().close()
