"""The index finds every report, and says which are not there and why."""

import re

from analyse.report import assets, index


def rows(page):
    return re.findall(r"<tr>.*?</tr>", page.split("<tbody>")[1], flags=re.S)


def test_every_area_is_a_row_with_its_figures(samples):
    page = index.html(samples.manifest())
    region, delft, leiden = (re.sub(r"\s+", " ", row.replace("\u00a0", " ")) for row in rows(page))

    assert '<a href="region-JZ24.html">Haaglanden</a>' in region
    assert '<a href="municipality-GM0503.html">Delft</a>' in delft
    assert "<td>Haaglanden</td>" in delft
    assert 'data-sort="3.86e+07">€ 38,6 miljoen' in delft
    assert "ongeveer € 46 miljoen" in delft and "79 %" in delft and "klaar" in delft
    assert "<td>Holland Rijnland</td>" in leiden
    assert 'data-sort="">niet bekend' in leiden


def test_a_failed_report_is_named_with_reason_and_cell(samples):
    page = index.html(samples.manifest())

    assert (
        '<span class="failed">mislukt</span>: cel 8: DataError: a &lt;b&gt;column&lt;/b&gt; is missing'
        in page
    )
    assert 'href="notebooks/municipality-GM0546.ipynb"' in page
    assert 'href="municipality-GM0546.html"' not in page
    assert "1 rapport kon niet worden gemaakt." in page


def test_links_get_the_prefix_of_the_run(samples):
    page = index.html(samples.manifest(), prefix="open-2026.11-nl/")

    links = re.findall(r'<a href="([^"#]+)"', page)
    assert links and all(link.startswith("open-2026.11-nl/") for link in links)


def test_the_same_manifest_gives_the_same_bytes(samples, tmp_path):
    first = index.write(samples.manifest(), tmp_path / "a").read_bytes()

    assert first == index.write(samples.manifest(), tmp_path / "b").read_bytes()


def test_english(samples):
    page = index.html(samples.manifest("en"))

    assert '<html lang="en">' in page
    assert "about €46 million" in page.replace("\u00a0", " ")
    assert "mislukt" not in page


def test_plotly_is_copied_once(tmp_path):
    path = assets.write(tmp_path / "assets")
    first = path.stat()

    assert assets.write(tmp_path / "assets") == path
    assert path.stat().st_mtime_ns == first.st_mtime_ns
    path.write_bytes(b"other")
    assert assets.write(tmp_path / "assets").stat().st_size == first.st_size
