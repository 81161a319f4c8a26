"""Reading and writing files: always whole, never half; the only room besides ``sources`` that touches disk."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analyse.errors import AnalyseError, DataError, OutputError, ParameterError

TABLE_EXTENSIONS = (".csv", ".parquet", ".xlsx")
LATEST = "latest"
"""File below ``data/`` with the name of the dataset in use, and what stands for it in parameters."""
SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
READS = "ANALYSE_READS"
"""Environment variable with the file in which is noted what a notebook reads; not set: nothing is noted."""


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
    repository = Path(__file__).resolve().parents[2]
    usual = repository if _holds_data(repository) else SHIPPED
    folder = Path(os.environ.get("ANALYSE_HOME") or usual)
    if not _holds_data(folder):
        raise DataError(
            f"store: no data/open/datapackage.json below {folder}; set ANALYSE_HOME to the folder of the repository "
            "or to one that `analyse init FOLDER` made"
        )
    return folder


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
    return (folder / "data" / "open" / "datapackage.json").is_file()


def latest() -> str:
    """Name of the dataset in use: the newest that ``analyse update`` or ``analyse import`` made, else open."""
    path = root() / "data" / LATEST
    name = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    return name if name and (root() / "data" / name / "datapackage.json").is_file() else "open"


def write_bytes(path: Path | str, content: bytes, *, private: bool = False) -> Path:
    """Write ``content`` to ``path`` in one step: readers see the old file or the new one, never a part.

    Only the owner can read a ``private`` file.

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


def cannot_write(path: Path | str, error: OSError) -> OutputError:
    """The error of the operating system as a sentence with its cure."""
    reason = error.strerror or type(error).__name__
    return OutputError(f"cannot write {path}: {reason}; free space or choose another folder with --output")


def write_table(frame: pd.DataFrame, path: Path | str) -> Path:
    """Write a table as CSV, Parquet or XLSX, told by the extension of ``path``.

    Raises
    ------
    ParameterError
        If the extension is another one.
    OutputError
        If it cannot be written.
    """
    path = Path(path)
    extension = path.suffix.lower()
    if extension not in TABLE_EXTENSIONS:
        raise ParameterError(f"output {path.name}: extension must be one of {', '.join(TABLE_EXTENSIONS)}")
    if extension == ".csv":
        return write_text(path, frame.to_csv(index=False, lineterminator="\n"))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / path.name
        if extension == ".parquet":
            frame.to_parquet(made, index=False)
        else:
            frame.to_excel(made, index=False)
        return write_bytes(path, made.read_bytes())


def read_table(path: Path | str) -> pd.DataFrame:
    """Read a table from CSV, Parquet or XLSX, told by the extension of ``path``.

    A CSV file is UTF-8 with commas or, when its first line has none, semicolons. Cells of CSV and XLSX are text: codes
    keep their zeros; an empty cell is unknown.

    Raises
    ------
    ParameterError
        If the extension is another one.
    DataError
        If it is not there or cannot be read as a table.
    """
    path = Path(path)
    extension = path.suffix.lower()
    if extension not in TABLE_EXTENSIONS:
        raise ParameterError(f"input {path.name}: extension must be one of {', '.join(TABLE_EXTENSIONS)}")
    try:
        if extension == ".parquet":
            return pd.read_parquet(path)
        if extension == ".xlsx":
            return pd.read_excel(path, dtype="str")
        with path.open(encoding="utf-8-sig") as stream:
            first = stream.readline()
        separator = ";" if ";" in first and "," not in first else ","
        return pd.read_csv(
            path, sep=separator, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8-sig"
        )
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file; name an existing one") from error
    except Exception as error:
        reason = " ".join(str(error).split())
        raise DataError(
            f"{path}: cannot be read as {extension[1:]} ({reason}); save it again in that form"
        ) from error


def read_yaml(path: Path | str, missing: type[AnalyseError] = ParameterError) -> Any:
    """The content of a YAML file.

    Raises
    ------
    AnalyseError
        Of the kind ``missing``: the file is absent, unreadable or not valid YAML.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        note(f"file/{path.name}", hash_files([path]))
        return yaml.load(text, Loader=SAFE_LOADER)  # noqa: S506 - both are safe, one is ten times as fast
    except FileNotFoundError as error:
        raise missing(f"{path}: no such file; name an existing one") from error
    except (OSError, UnicodeDecodeError) as error:
        raise missing(f"{path}: cannot be read ({error})") from error
    except yaml.YAMLError as error:
        raise missing(f"{path}: not valid YAML ({' '.join(str(error).split())})") from error


def note(part: str, digest: str) -> None:
    """Note that ``part`` was read with this content hash: a report is made again when the hash is another."""
    if path := os.environ.get(READS):
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(f"{digest} {part}\n")


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
