"""A municipality's own template for Word or PowerPoint, whether it was saved as a document or as a template."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from analyse.errors import OutputError, ParameterError

WORD, SLIDES = (".docx", ".dotx"), (".pptx", ".potx")
TYPES = "[Content_Types].xml"
PACKAGES = ("docx", "pptx")


def named(paths: Iterable[Path]) -> dict[str, Path]:
    """The template for ``word`` and the one for ``slides`` among some files, by the ending of their names.

    Raises
    ------
    ParameterError
        If a file is not there or is of another kind, or two are of one kind.

    Examples
    --------
    >>> named([])
    {}
    """
    found: dict[str, Path] = {}
    for path in paths:
        suffix = path.suffix.lower()
        kind = "word" if suffix in WORD else "slides" if suffix in SLIDES else ""
        if not kind:
            known = ", ".join((*WORD, *SLIDES))
            raise ParameterError(f"template {path}: not one of {known}; save it as one of these")
        if not path.is_file():
            raise ParameterError(f"template {path}: no such file; give the path of the template")
        if kind in found:
            raise ParameterError(f"template {path}: {found[kind]} is one of the same kind; give one of each")
        found[kind] = path
    return found


def check_packages() -> None:
    """Refuse to begin without the packages that write Word and PowerPoint.

    Raises
    ------
    OutputError
        If one is not installed.
    """
    absent = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if absent:
        raise OutputError(
            f"office: python-{absent[0]} is not installed; pip install 'jeugdhulp-analyse[office]', or in a clone "
            "`pip install -e '.[office]'`"
        )


def opened(path: Path) -> io.BytesIO:
    """The bytes of a template as those of a document, which is what the libraries open.

    Raises
    ------
    OutputError
        If the file is no Office file.
    """
    stream = io.BytesIO()
    try:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                part = old.read(entry)
                if entry.filename == TYPES:
                    part = part.replace(
                        b"wordprocessingml.template.main+xml", b"wordprocessingml.document.main+xml"
                    ).replace(b"presentationml.template.main+xml", b"presentationml.presentation.main+xml")
                new.writestr(entry, part)
    except (zipfile.BadZipFile, KeyError) as error:
        raise OutputError(f"template {path}: not a readable Office file; open and save it again") from error
    stream.seek(0)
    return stream
