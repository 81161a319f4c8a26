"""Names of areas lead to their pages, and words and breaks open their explanation, in finished HTML."""

from __future__ import annotations

import re

import pytest

from analyse.present.text import glossary
from analyse.present.text.language import translator
from analyse.report import exporter
from analyse.report.linking import Linker

AREAS = {"Haaglanden": "h.html", "Den Haag": "d.html", "Rotterdam": "r.html", "Best": "b.html"}


def linked(part: str, language: str = "nl") -> str:
    return str(Linker(AREAS, translator(language)).linked(part))


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("<p>Hoger dan in Haaglanden.</p>", '<p>Hoger dan in <a href="h.html">Haaglanden</a>.</p>'),
        ("<td>Den Haag</td><td>5</td>", '<td><a href="d.html">Den Haag</a></td><td>5</td>'),
        ("<p>Rotterdam, Rotterdam</p>", '<p><a href="r.html">Rotterdam</a>, Rotterdam</p>'),
        (
            "<p>In Rotterdam</p><p>Rotterdam</p><td>Rotterdam</td><h2>B</h2><p>Rotterdam</p>",
            '<p>In <a href="r.html">Rotterdam</a></p><p>Rotterdam</p><td><a href="r.html">Rotterdam</a></td>'
            '<h2>B</h2><p><a href="r.html">Rotterdam</a></p>',
        ),
        ("<p>Rotterdam-Rijnmond en Haaglandens</p>", "<p>Rotterdam-Rijnmond en Haaglandens</p>"),
        ('<h2>Haaglanden</h2><a href="x">Rotterdam</a>', '<h2>Haaglanden</h2><a href="x">Rotterdam</a>'),
        ("<svg><text>Rotterdam</text></svg><p>1</p>", "<svg><text>Rotterdam</text></svg><p>1</p>"),
        ('<p class="source">Bron: Iv3, Rotterdam</p>', '<p class="source">Bron: Iv3, Rotterdam</p>'),
        ("<p>Best veel</p><td>Best</td>", '<p>Best veel</p><td><a href="b.html">Best</a></td>'),
        ("<table><caption>Rotterdam</caption>", "<table><caption>Rotterdam</caption>"),
    ],
)
def test_a_name_leads_to_its_page_once_in_the_sentences_of_a_section_and_in_every_cell_that_is_it(
    part, expected
):
    assert linked(part) == expected


def test_a_word_is_explained_once_in_each_section_and_by_its_longest_form():
    linker = Linker({}, translator("nl"))
    found = linker.linked(
        "<p>Trajecten: een traject van hulp met verblijf.</p><p>traject</p><h2>B</h2><p>traject</p>"
    )

    opened = re.findall(r'popovertarget="([^"]*)">([^<]*)</button>', found)
    assert opened == [
        ("term-traject", "traject"),
        ("term-verblijf", "hulp met verblijf"),
        ("term-traject", "traject"),
    ]
    assert re.findall(r'<div popover id="([^"]*)"', linker.explanations()) == [
        "term-traject",
        "term-verblijf",
    ]


def test_the_number_of_a_break_opens_its_reason():
    linker = Linker({}, translator("nl"))
    found = linker.linked("<p>Nummers: 1 = Corona (2020); 6 = Nieuwe boekingsregels (2023).</p>")

    assert 'popovertarget="break-6">6 = Nieuwe boekingsregels (2023)</button>.' in found
    assert "boeken gemeenten jeugdzorg volgens nieuwe regels" in linker.explanations()


def test_every_form_of_a_word_belongs_to_one_term():
    for language in ("nl", "en"):
        forms = [form for one in glossary.terms() for form in getattr(one.word, language)]
        assert len(forms) == len(set(forms))


def test_all_text_of_a_page_stays(samples):
    """Links add elements, never words; the page of an area does not lead to itself."""
    around = [("area", "region-JZ24.html", "Haaglanden"), ("area", "municipality-GM0503.html", "Delft")]
    alone, within = (
        exporter.html(samples.report(), language="nl", place=exporter.page_context.Place(around=tuple(given)))
        for given in ((), around)
    )
    plain = [re.sub(r"<[^>]+>", "", one.split("<main")[1].split("</main>")[0]) for one in (alone, within)]

    assert plain[0] == plain[1]
    assert '<a href="region-JZ24.html">Haaglanden</a>' in within
    assert "municipality-GM0503.html" not in within.split("<main")[1]
