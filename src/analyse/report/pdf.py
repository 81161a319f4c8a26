"""A page as PDF, printed by headless Chromium: A4, tagged, bookmarked, with the dates of the data, not the clock."""

from __future__ import annotations

import html
import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from analyse import store
from analyse.errors import DataError, OutputError
from analyse.report import pdf_marks

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "chrome")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
LANGUAGE = re.compile(r'<html[^>]* lang="([^"]+)"')
LINK = re.compile(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
TIMEOUT_SECONDS = 120.0


def browser() -> str:
    """Path of Chromium or a browser made from it; the environment variable ``CHROMIUM`` names another.

    Raises
    ------
    OutputError
        If there is none.
    """
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        what = f"CHROMIUM={named} is no program" if named else "no Chromium found"
        raise OutputError(
            f"pdf: {what}; install it (Debian: `apt install chromium`), name one in CHROMIUM, "
            "or open the page in a browser and print it"
        )
    return found


def write(
    page: Path | str,
    target: Path | str,
    *,
    created: str = "2000-01-01",
) -> Path:
    """Print a page to PDF, charts included.

    Parameters
    ----------
    page : Path
        The HTML file, with its ``assets`` beside it or made with ``single_file``.
    target : Path
        The PDF.
    created : str
        ISO date that the PDF bears, ``snapshot.package()["created"]``: the same page gives the same bytes.

    Raises
    ------
    DataError
        If the page is not there.
    OutputError
        If there is no Chromium, it does not print, or the PDF cannot be written.
    """
    page = Path(page).resolve()
    if not page.is_file():
        raise DataError(f"{page}: no such page; make it first with `analyse report`")
    with tempfile.TemporaryDirectory(prefix="analyse-pdf-") as folder:
        made = Path(folder) / "page.pdf"
        asked = ("--no-pdf-header-footer", "--generate-pdf-document-outline", f"--print-to-pdf={made}")
        _print(page, made, asked, b"%PDF")
        about = _about(page, Path(target), created)
        try:
            return store.write_bytes(target, pdf_marks.completed(made.read_bytes(), about))
        except PyPdfError as error:
            raise OutputError(f"pdf: {page.name} was printed as a broken PDF ({error}); try again") from error


def lines(content: bytes) -> Iterator[str]:
    """Each line of the text of a PDF, which a row of a table is too.

    Parameters
    ----------
    content : bytes
        The file.
    """
    for page in PdfReader(io.BytesIO(content)).pages:
        yield from page.extract_text().splitlines()


def _about(page: Path, target: Path, created: str) -> pdf_marks.Page:
    """What the PDF must say of a page."""
    text = page.read_text(encoding="utf-8")
    title, language = TITLE.search(text), LANGUAGE.search(text)
    there = Path(os.path.relpath(page.parent, target.resolve().parent)).as_posix()
    return pdf_marks.Page(
        title=html.unescape(title[1]).strip() if title else "",
        language=language[1] if language else "",
        created=created,
        folder=f"{page.parent.as_uri()}/",
        from_here="" if there == "." else f"{there}/",
        links={html.unescape(href): _words(inside) for href, inside in reversed(LINK.findall(text))},
    )


def _words(inside: str) -> str:
    """The words of a link, without its tags."""
    return " ".join(html.unescape(TAG.sub("", inside)).split())


def picture(page: str, width: int, height: int) -> bytes:
    """A page without other files as a PNG of twice the size, sharp on paper.

    Parameters
    ----------
    page : str
        The page, as HTML.
    width, height : int
        In pixels of the page.

    Raises
    ------
    OutputError
        If there is no Chromium, or it draws nothing.
    """
    with tempfile.TemporaryDirectory(prefix="analyse-picture-") as folder:
        source, made = Path(folder) / "page.html", Path(folder) / "page.png"
        source.write_text(page, encoding="utf-8")
        asked = (f"--window-size={width},{height}", "--force-device-scale-factor=2", f"--screenshot={made}")
        _print(source, made, asked, b"\x89PNG")
        return made.read_bytes()


def _print(page: Path, made: Path, asked: Sequence[str], begins: bytes) -> None:
    """Let Chromium make a file that begins in a known way."""
    command = [
        browser(),
        "--headless",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--no-first-run",
        "--disable-background-networking",
        "--virtual-time-budget=20000",
        f"--user-data-dir={made.parent / 'profile'}",
        *asked,
        page.as_uri(),
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.insert(1, "--no-sandbox")  # as root, as in a container, Chromium does not start with one
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        reason = f"took more than {TIMEOUT_SECONDS:.0f} s"
        raise OutputError(f"pdf: {page.name} {reason}; try again, or print it by hand") from error
    except OSError as error:
        raise OutputError(
            f"pdf: {command[0]} does not start ({error.strerror}); name another in CHROMIUM"
        ) from error
    if not made.is_file() or not made.read_bytes().startswith(begins):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        reason = said[-1][:300] if said else f"exit status {done.returncode}"
        raise OutputError(f"pdf: {page.name} was not printed ({reason}); print it by hand from a browser")
