"""A table in gzip or zip: its bytes, unfolded no further than is allowed."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Collection
from pathlib import PurePosixPath

from analyse.errors import DataError

DAMAGED = "damaged, or no such archive; pack it again, or give the table itself"


def unpacked(content: bytes, where: str, *, kinds: Collection[str], most: int) -> tuple[str, bytes]:
    """The name and the bytes of the one table in an archive; what is not an archive comes back as it is.

    Parameters
    ----------
    content : bytes
        Of the whole file.
    where : str
        Name of the file; its extension says whether it is an archive.
    kinds : collection of str
        Extensions of tables, such as ``.csv``.
    most : int
        The table is no larger, in bytes.

    Raises
    ------
    DataError
        If the archive is damaged, locked or unfolds too far, or does not hold one table.

    Examples
    --------
    >>> unpacked(gzip.compress(b"key,year"), "own.csv.gz", kinds=[".csv"], most=100)
    ('own.csv', b'key,year')
    """
    extension = PurePosixPath(where).suffix.lower()
    try:
        if extension == ".gz":
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
                return where[: -len(extension)], _bounded(stream.read(most + 1), where, most)
        if extension == ".zip":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                member = _only(archive, where, kinds)
                with archive.open(member) as stream:
                    name = f"{where}/{PurePosixPath(member.filename).name}"
                    return name, _bounded(stream.read(most + 1), where, most)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{where}: {DAMAGED}") from error
    return where, content


def _only(archive: zipfile.ZipFile, where: str, kinds: Collection[str]) -> zipfile.ZipInfo:
    tables = [
        one
        for one in archive.infolist()
        if not one.is_dir()
        and PurePosixPath(one.filename).suffix.lower() in kinds
        and not one.filename.startswith("__MACOSX/")
    ]
    if len(tables) != 1:
        raise DataError(
            f"{where}: holds {len(tables)} tables ({', '.join(kinds)}), and one is read; unpack the one that is meant"
        )
    if tables[0].flag_bits & 1:
        raise DataError(f"{where}: is locked with a password; unpack it first")
    return tables[0]


def _bounded(content: bytes, where: str, most: int) -> bytes:
    if len(content) > most:
        raise DataError(f"{where}: unfolds to more than {most:,} bytes; divide the table")
    return content
