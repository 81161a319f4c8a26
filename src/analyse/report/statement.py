"""The accessibility statement of a set of reports: a draft that the municipality completes and signs."""

from __future__ import annotations

from pathlib import Path

from analyse import store
from analyse.present.text.language import N_, translator
from analyse.report import page_context

SECTIONS = (
    (
        N_("What this is about"),
        (
            N_(
                "This draft is about the reports on youth care in this folder: web pages, tables to download and PDF."
            ),
            N_(
                "Whoever publishes them completes it, lets the pages be examined and signs. Square brackets mark what "
                "has to be filled in."
            ),
        ),
    ),
    (
        N_("Status"),
        (
            N_(
                "[name of the municipality] wants everyone to be able to use these reports, as the Dutch decree on "
                "digital accessibility of government asks (EN 301 549, WCAG 2.1 level A and AA)."
            ),
            N_(
                "Proposed status: first measures taken (C). The pages have not been examined yet by an independent "
                "expert; until then a higher status cannot be stated."
            ),
        ),
    ),
    (
        N_("What was done"),
        (
            N_(
                "Every type of page is checked automatically with axe-core, in Dutch and in English, at three widths,"
                " light and dark; none may have a fault. That finds some of the possible faults, not all."
            ),
            N_(
                "Every chart has a text alternative and a table with the same figures. Colour is never the only sign. "
                "Everything works by keyboard, at 200% zoom and on a screen of 320 pixels."
            ),
        ),
    ),
    (
        N_("What is known to fall short"),
        (
            N_(
                "The values shown when you point at a chart cannot be reached by keyboard; the table below the "
                "chart holds them."
            ),
            N_("People who depend on screen readers have not tried the pages with them."),
            N_(
                "The PDF has its language, title, headings, lists, tables, links and the text alternative of every "
                "chart; the drawing of a chart is marked as decoration. It has not been checked against PDF/UA and "
                "does not claim to meet it. Who uses a screen reader is better off with the page."
            ),
        ),
    ),
    (
        N_("A problem, or another form"),
        (
            N_(
                "Does something not work, or do you need the figures in another form? Write to [e-mail address] or "
                "call [telephone number]. We answer within [number] working days."
            ),
            N_(
                "Not satisfied with the answer? You can file a complaint with [name of the municipality], and after "
                "that with the National Ombudsman."
            ),
        ),
    ),
)


def write(folder: Path | str, *, language: str, dataset: str = "open") -> Path:
    """Write the draft statement beside the index, where the foot of every page links to it.

    Parameters
    ----------
    folder : Path
        Folder of the set.
    language : {"nl", "en"}
        Language of the statement.
    dataset : str
        Dataset whose sources are named at its foot.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    return store.write_text(Path(folder) / page_context.STATEMENT, html(language=language, dataset=dataset))


def html(*, language: str, dataset: str = "open") -> str:
    """The statement as text, see ``write``."""
    words = translator(language)
    title = words.gettext("Accessibility statement (draft)")
    resources = page_context.page(language, title=title, dataset=dataset) | {
        "heading": title,
        "sections": [
            {"title": words.gettext(heading), "paragraphs": [words.gettext(text) for text in texts]}
            for heading, texts in SECTIONS
        ],
    }
    return page_context.environment().get_template("statement.html.j2").render(resources=resources)
