"""Every text made in code has a Dutch one with the same blanks."""

import io
import itertools
import re
import string
from pathlib import Path

import nbformat
import pytest
from babel.messages.extract import extract, extract_from_dir

import analyse
from analyse import store
from analyse.errors import ParameterError
from analyse.present.text import language

SOURCE = Path(analyse.__file__).parent
NOTEBOOKS = sorted(store.notebooks("nl").glob("*.ipynb"))
PLAIN_PERCENT = re.compile(r"\d ?%")
HEADINGS = {"Column": None}
"""Of shown tables; a column of ``schema`` has a name instead."""
KEYWORDS = {"gettext": None, "N_": None, "ngettext": (1, 2)}


def messages() -> dict[str | tuple[str, str], str]:
    """Every text marked in the source, with the file it stands in."""
    found = [
        *extract_from_dir(str(SOURCE), [("**.py", "python")], keywords=KEYWORDS),
        *extract_from_dir(str(SOURCE / "present"), [("**.py", "python")], keywords=HEADINGS),
    ]
    found += [(path.name, 0, message, [], None) for path in NOTEBOOKS for message in in_notebook(path)]
    return {message: name for name, _, message, _, _ in found}


def in_notebook(path: Path) -> list[str]:
    """Every text marked in the code of a notebook."""
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return [
        message for _, message, _, _ in extract("python", io.BytesIO("\n".join(cells).encode()), KEYWORDS)
    ]


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_is_translated():
    catalogue = language.catalogue("nl")
    missing = []
    for message, name in messages().items():
        entry = catalogue.get(message)
        forms = () if entry is None else entry.string if isinstance(entry.string, tuple) else (entry.string,)
        if not forms or not all(forms) or entry.fuzzy:
            missing.append(f"{name}: {message!r}")

    assert not missing, "add to a file in src/analyse/present/text/locale/nl/LC_MESSAGES:\n" + "\n".join(
        missing
    )


def test_no_translation_is_left_over():
    known = {one if isinstance(one, str) else one[0] for one in messages()}
    spare = [
        one.id
        for one in language.catalogue("nl")
        if one.id and (one.id if isinstance(one.id, str) else one.id[0]) not in known
    ]

    assert not spare


def test_a_text_stands_in_one_catalogue():
    files = language.catalogues("nl")
    twice = [
        (first, second, one.id)
        for first, second in itertools.combinations(files, 2)
        for one in files[first]
        if one.id and files[second].get(one.id)
    ]

    assert not twice


def test_a_translation_has_the_same_blanks():
    wrong = []
    for entry in language.catalogue("nl"):
        originals = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        forms = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        if entry.id and not all(blanks(form) <= blanks(originals[-1]) for form in forms):
            wrong.append((entry.id, entry.string))

    assert not wrong


def test_plural_and_singular():
    words, english = language.translator("nl"), language.translator("en")
    texts = "{n} report could not be made.", "{n} reports could not be made."

    assert words.ngettext(*texts, 1, n=1) == "1 rapport kon niet worden gemaakt."
    assert words.ngettext(*texts, 0, n=0) == "0 rapporten konden niet worden gemaakt."
    assert english.ngettext(*texts, 2, n=2) == "2 reports could not be made."


def test_another_language_is_refused():
    with pytest.raises(ParameterError, match="choose one of nl, en"):
        language.translator("de")


def test_a_city_with_an_english_name_has_it_on_english_pages():
    assert language.translator("en").gettext("Den Haag") == "The Hague"
    assert language.translator("nl").gettext("Den Haag") == "Den Haag"


def test_a_number_and_its_per_cent_sign_stay_on_one_line():
    words = language.translator("nl")

    assert words.gettext("80% interval from") == "80\u00a0% kans: van"
    assert not [text for forms in words.messages.values() for text in forms if PLAIN_PERCENT.search(text)]
