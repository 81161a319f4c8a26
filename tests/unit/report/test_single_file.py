"""A page that can be mailed holds everything, and a page beside its set links to what stands there."""

import base64
import re

import pytest

from analyse.errors import DataError, OutputError
from analyse.present.exhibits import style
from analyse.report import assets, exporter, index, page_context, pdf, statement


@pytest.fixture(scope="module")
def alone(samples):
    return exporter.html(
        samples.report(), language="nl", name="delft", place=page_context.Place(single_file=True)
    )


def test_a_single_file_points_to_nothing_beside_it(alone, samples, tmp_path):
    links = re.findall(r'(?:src|href)="([^"]*)"', alone.replace(assets.plotly(), ""))

    assert {link.split(":")[0] for link in links} == {"#content", "data"}
    exporter.export(samples.report(), tmp_path / "delft.html", language="nl", single_file=True)
    assert [path.name for path in tmp_path.iterdir()] == ["delft.html"]


def test_the_policy_of_a_single_file_allows_its_own_two_scripts_only(alone):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', alone).group(1).replace("&#39;", "'")
    allowed = policy.split("script-src ")[1].split(";")[0].split()

    assert allowed == [
        f"'sha256-{page_context.digest(code)}'" for code in (assets.plotly(), assets.own_script("page.js"))
    ]
    assert assets.plotly() in alone


def test_the_tables_are_inside_a_single_file(alone):
    first = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]*)" download="(01-[^"]*)"', alone)

    assert first.group(2).endswith(".csv")
    assert base64.b64decode(first.group(1)).decode().startswith("Jaar,")


def test_house_style_names_a_value_for_every_token_and_no_colour_stands_elsewhere():
    css = assets.source("page.css")

    tokens = set(re.findall(r"(--[a-z0-9-]+):", style.BASIC_STYLE))
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", css))
    assert {one for one in used if not re.fullmatch(r"--label-\d", one)} <= tokens, (
        "labels come with the index"
    )
    assert not re.search(r"#[0-9a-f]{3,6}\b", css)
    assert len(style.TOKENS) == len(set(style.TOKENS.values())), "a page puts its own colour in place of each"


def test_a_municipality_puts_its_own_house_style_in_place(tmp_path, monkeypatch):
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "house-style.css").write_text(":root{--jeugdhulp-color-accent:#006600}")
    monkeypatch.setattr("analyse.store.root", lambda: tmp_path)
    assets.write(tmp_path / "assets")

    assert (tmp_path / "assets" / "house-style.css").read_text() == ":root{--jeugdhulp-color-accent:#006600}"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_statement_is_a_draft_in_both_languages(language):
    made = statement.html(language=language)

    assert f'<html lang="{language}">' in made
    assert {"nl": "Toegankelijkheidsverklaring (concept)", "en": "Accessibility statement (draft)"}[
        language
    ] in made
    assert "EN 301 549" in made


def test_every_page_links_to_the_statement_beside_the_index(samples, tmp_path):
    page = exporter.html(
        samples.report(), language="nl", place=page_context.Place("../assets", "../index.html")
    )
    index.write(samples.manifest(), tmp_path)

    assert '<a href="../accessibility.html">Toegankelijkheid</a>' in page
    assert (tmp_path / "accessibility.html").is_file()


def test_a_pdf_without_a_browser_or_a_page_says_what_to_do(tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    with pytest.raises(DataError, match="no such page"):
        pdf.write(page, tmp_path / "page.pdf")
    page.write_text("<p>x</p>", encoding="utf-8")
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    with pytest.raises(OutputError, match="no-such-browser is no program; install it"):
        pdf.write(page, tmp_path / "page.pdf")
    monkeypatch.setenv("CHROMIUM", "false")
    with pytest.raises(OutputError, match="was not printed"):
        pdf.write(page, tmp_path / "page.pdf")
