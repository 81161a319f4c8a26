"""Reading and writing files: always whole, never half; the only room besides ``sources`` that touches disk."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import yaml

from analyse.errors import AnalyseError, DataError, OutputError, ParameterError
from analyse.reading import digits, plain_yaml, sheets
from analyse.reading.formulas import harmless, looks_like_formula, printable
from analyse.reading.packed import unpacked
from analyse.reading.sheets import Sheet
from analyse.reading.text import decoded

TABLE_EXTENSIONS = (".csv", ".parquet", ".xlsx")
LATEST = "latest"
"""File below ``data/`` with the name of the dataset in use, and what stands for it in parameters."""
MOST_BYTES, MOST_YAML = 300_000_000, 5_000_000
"""A table and a YAML file are no larger, in bytes."""
MOST_SHEET_ROWS = 1_048_576
READS = "ANALYSE_READS"
"""Environment variable with the file in which is noted what a notebook reads; not set: nothing is noted."""

_AT_ONCE: ContextVar[bool] = ContextVar("at_once", default=True)
"""Whether writing a file ends when the disk has it, so that who loses power has the old file or the new one."""

REPOSITORY = Path(__file__).resolve().parents[2]
"""Where the package stands in a repository."""
SHIPPED = Path(__file__).parent / "shipped"
"""Data, parameters and notebooks inside an installed package."""


def root() -> Path:
    """Folder that holds ``data/``, ``parameters/`` and ``notebooks/``.

    The environment variable ``ANALYSE_HOME`` names another one; an installed package without a repository brings its
    own. The current folder plays no part: papermill runs in the caller's folder, nbval in the notebook's.

    Raises
    ------
    DataError
        If there is no ``data/open/datapackage.json`` below it.
    """
    own = os.environ.get("ANALYSE_HOME")
    folder = Path(own) if own else REPOSITORY if _holds_data(REPOSITORY) else SHIPPED
    if folder != REPOSITORY and not _holds_data(folder):
        raise DataError(
            f"store: no data/open/datapackage.json below {folder}; set ANALYSE_HOME to the folder of the repository "
            "or to one that `analyse init FOLDER` made"
        )
    return folder


def notebooks(language: str) -> Path:
    """The folder with the notebooks of a language: Dutch ones in ``notebooks/``, English ones in ``notebooks/en/``."""
    folder = root() / "notebooks"
    return folder if language == "nl" else folder / language


def own_root() -> Path:
    """The same, for what is added to ``data/``.

    Raises
    ------
    DataError
        If it is the folder inside an installed package, which the next installation replaces.
    """
    folder = root()
    if folder == SHIPPED:
        raise DataError(
            "store: datasets of your own need a folder of your own; make one with `analyse init FOLDER` and run the "
            "command in it, or set ANALYSE_HOME to it"
        )
    return folder


def reports_folder() -> Path:
    """Where reports are written unless another folder is named."""
    folder = root()
    return (Path.cwd() if folder == SHIPPED else folder) / "reports"


def _holds_data(folder: Path) -> bool:
    return os.path.isfile(f"{folder}/data/open/datapackage.json")


def latest() -> str:
    """Name of the dataset in use: the newest that ``analyse update`` or ``analyse import`` made, else open."""
    path = root() / "data" / LATEST
    name = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    return name if name and (root() / "data" / name / "datapackage.json").is_file() else "open"


def write_bytes(path: Path | str, content: bytes, *, private: bool = False) -> Path:
    """Write ``content`` to ``path`` in one step: readers see the old file or the new one, never a part.

    Only the owner can read a ``private`` file.

    Parameters
    ----------
    path : Path or str
        Where; folders are made.
    content : bytes
        What.
    private : bool
        Whether only the owner can read it.

    Raises
    ------
    OutputError
        If the folder is read-only, full, or is not a folder.
    """
    path = Path(path)
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            if _AT_ONCE.get():
                stream.flush()
                os.fsync(stream.fileno())
        temporary.chmod(0o600 if private else 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise cannot_write(path, error) from error
    return path


def write_text(path: Path | str, content: str) -> Path:
    """Write UTF-8 text in one step, see ``write_bytes``."""
    return write_bytes(path, content.encode("utf-8"))


@contextlib.contextmanager
def unsettled() -> Iterator[None]:
    """Write files without waiting for the disk after each of them; who does so calls ``settle`` at the end."""
    before = _AT_ONCE.set(False)
    try:
        yield
    finally:
        _AT_ONCE.reset(before)


def settle() -> None:
    """Wait until the disk has everything that was written; a system that cannot say so is not waited for."""
    if hasattr(os, "sync"):
        os.sync()


def cannot_write(path: Path | str, error: OSError) -> OutputError:
    """The error of the operating system as a sentence with its cure."""
    reason = error.strerror or type(error).__name__
    return OutputError(f"cannot write {path}: {reason}; free space or choose another folder with --output")


def check_extension(path: Path) -> None:
    """Refuse a table whose extension tells no form that can be written.

    Raises
    ------
    ParameterError
        If the extension is another one than ``TABLE_EXTENSIONS``.
    """
    if path.suffix.lower() not in TABLE_EXTENSIONS:
        raise ParameterError(f"output {path.name}: extension must be one of {', '.join(TABLE_EXTENSIONS)}")


def write_table(frame: pd.DataFrame, path: Path | str) -> Path:
    """Write a table as CSV, Parquet or XLSX, by the extension of ``path``.

    A text that a spreadsheet could take for a formula is written as text: with an apostrophe before it in CSV, as a
    quoted cell in XLSX. In these two a figure has the digits that ``reading.digits`` says are known: estimates and
    euros none behind the comma from a thousand on. Parquet keeps all of both.

    Parameters
    ----------
    frame : DataFrame
        Its index is not written.
    path : Path or str
        Ends in .csv, .parquet or .xlsx.

    Returns
    -------
    Path: where it stands now.

    Raises
    ------
    ParameterError
        If the extension is another one.
    OutputError
        If it cannot be written.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_table(pd.DataFrame({"name": ["=1+1"]}), f"{folder}/own.csv").read_text()
    "name\\n'=1+1\\n"
    """
    path = Path(path)
    check_extension(path)
    extension = path.suffix.lower()
    if extension != ".parquet":
        frame = digits.of_table(frame)
    if extension == ".csv":
        texts = frame.select_dtypes(["object", "str", "category"]).columns
        safe = frame.assign(**{str(name): frame[name].map(harmless, na_action="ignore") for name in texts})
        safe.columns = [harmless(str(name)) for name in safe.columns]
        return write_text(path, safe.to_csv(index=False, lineterminator="\n"))
    stream = io.BytesIO()
    if extension == ".parquet":
        frame.to_parquet(stream, index=False, write_page_checksum=True)
    else:
        _write_workbook(frame, stream)
    return write_bytes(path, stream.getvalue())


def _write_workbook(frame: pd.DataFrame, stream: BinaryIO) -> None:
    """One sheet, in which no text is a formula."""
    if len(frame) >= MOST_SHEET_ROWS:
        raise OutputError(f"{len(frame):,} rows do not fit in a sheet of XLSX; write .csv or .parquet")
    frame = frame.map(lambda value: printable(value) if isinstance(value, str) else value)
    frame = frame.rename(columns=lambda name: printable(str(name)))
    with pd.ExcelWriter(stream, engine="openpyxl") as writer:
        frame.to_excel(writer, index=False)
        for cell in (cell for cells in writer.book.active.iter_rows() for cell in cells):
            if isinstance(cell.value, str) and looks_like_formula(cell.value):
                cell.data_type, cell.quotePrefix = "s", True


def read_bytes(path: Path | str, *, most: int = MOST_BYTES) -> bytes:
    """The content of a regular file: a pipe or a device is not opened, a file that is too large not read.

    Raises
    ------
    DataError
        If it is not there, no regular file, too large, or cannot be read.
    """
    path = Path(path)
    try:
        if not path.exists():
            raise DataError(f"{path}: no such file; name an existing one")
        if not path.is_file():
            raise DataError(f"{path}: is no file; name a file with a table")
        if path.stat().st_size > most:
            raise DataError(f"{path}: is {path.stat().st_size:,} bytes, at most {most:,}; divide it")
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error


def read_sheet(path: Path | str, *, wanted: Collection[str] = ()) -> Sheet:
    """Read a table from CSV, Parquet or XLSX with its cells as they stand, and the row and letter of each.

    Parameters
    ----------
    path : Path or str
        The extension tells the form. CSV may be UTF-8, UTF-16 or Windows-1252, with any usual separator; each form
        may be packed in gzip (``own.csv.gz``) or, alone, in zip.
    wanted : collection of str, optional
        Names of columns that tell which sheet is meant, and in which row the names stand.

    Raises
    ------
    ParameterError
        If the extension is another one.
    DataError
        If it is not there, cannot be read as a table, or a cell cannot be taken as it stands.
    """
    path = Path(path)
    if not path.name.lower().endswith(
        (*TABLE_EXTENSIONS, ".zip", *(f"{one}.gz" for one in TABLE_EXTENSIONS))
    ):
        raise ParameterError(
            f"input {path.name}: extension must be one of {', '.join(TABLE_EXTENSIONS)}, with .gz behind it or in a "
            ".zip if you like"
        )
    name, content = unpacked(read_bytes(path), path.name, kinds=TABLE_EXTENSIONS, most=MOST_BYTES)
    if name.lower().endswith(".csv"):
        return sheets.of_csv(content, name, wanted=wanted)
    if name.lower().endswith(".xlsx"):
        return sheets.of_workbook(content, name, wanted=wanted)
    try:
        frame = pd.read_parquet(io.BytesIO(content), page_checksum_verification=True)
    except Exception as error:  # truncated or altered files end in many kinds of error
        raise DataError(f"{name}: is no Parquet table, or damaged; write it again") from error
    if frame.columns.has_duplicates:
        raise DataError(f"{name}: two columns are named {frame.columns[frame.columns.duplicated()][0]!r}")
    _check_cells(frame, name)
    return Sheet(name, frame.set_axis(range(1, len(frame) + 1)).rename(columns=str))


def _check_cells(frame: pd.DataFrame, where: str) -> None:
    """Refuse a column of lists, mappings or bytes, which a table of text, numbers and days does not have."""
    for name in frame.columns[frame.dtypes.eq(object)]:
        other = [one for one in frame[name] if isinstance(one, list | dict | bytes | np.ndarray)]
        if other:
            kinds = ", ".join(sorted({type(one).__name__ for one in other}))
            raise DataError(f"{where}: column {name} holds {kinds}; expected text, numbers or days")


def read_table(path: Path | str) -> pd.DataFrame:
    """Read a table from CSV, Parquet or XLSX as ``read_sheet`` does; cells of CSV and XLSX become text.

    Codes keep their zeros; an empty cell is unknown.

    Parameters
    ----------
    path : Path or str
        .csv, .xlsx or .parquet, packed in gzip or zip or not.

    Returns
    -------
    DataFrame: cells of CSV and XLSX as text, of Parquet as they are.

    Raises
    ------
    ParameterError
        If the extension is another one.
    DataError
        If it is not there or cannot be read as a table.

    Examples
    --------
    >>> read_table(root() / "parameters" / "product_codes.csv")["care_form"].iloc[0]
    'dagbehandeling'
    """
    sheet = read_sheet(path)
    plain = sheet.frame if Path(path).suffix.lower() == ".parquet" else sheet.texts()
    return plain.reset_index(drop=True)


def read_yaml(path: Path | str, missing: type[AnalyseError] = ParameterError) -> Any:
    """The content of a YAML file; a key that stands twice in one mapping is refused.

    Raises
    ------
    AnalyseError
        Of the kind ``missing``: the file is absent, unreadable or not valid YAML.
    """
    path = Path(path)
    try:
        content = read_bytes(path, most=MOST_YAML)
    except DataError as error:
        raise missing(str(error)) from error
    note_file(path)
    if not content.strip():
        raise missing(f"{path}: is empty; write in it what is chosen, or leave it out")
    try:
        return plain_yaml.parsed(decoded(content, str(path)))
    except DataError as error:
        raise missing(str(error)) from error
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        raise missing(f"{path}: not valid YAML ({' '.join(str(error).split())})") from error


def note(part: str, digest: str) -> None:
    """Note that ``part`` was read with this content hash: a report is made again when the hash is another."""
    if path := os.environ.get(READS):
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(f"{digest} {part}\n")


def note_file(path: Path) -> str:
    """Note that a file of ``parameters/`` or another folder at the top was read, and give the hash that it has now."""
    digest = hash_files([path])
    note(f"file/{_below(path)}", digest)
    return digest


def _below(path: Path) -> str:
    """The name of a file as ``parameters/`` or another folder at the top has it: ``vision/haaglanden.yaml``."""
    with contextlib.suppress(ValueError):
        _, *below = path.absolute().relative_to(root().absolute()).parts
        return "/".join(below) or path.name
    return path.name


@contextlib.contextmanager
def unnoted() -> Iterator[None]:
    """Read without noting it: for work whose result is noted itself."""
    path = os.environ.pop(READS, None)
    try:
        yield
    finally:
        if path is not None:
            os.environ[READS] = path


def hash_files(paths: Iterable[Path]) -> str:
    """The hash of the names and contents of files; an absent file counts as empty."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.name} {len(content)} ".encode() + content)
    return digest.hexdigest()[:20]


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no other process is inside this block for the same ``path``; the system frees it with the process."""
    with path.open("a") as stream:
        with contextlib.suppress(ImportError):  # no such locks on Windows: the work may be done twice
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX)
        yield
