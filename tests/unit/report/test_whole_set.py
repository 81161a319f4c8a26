"""The attack on a whole written set: nothing of few youths can be told, and what is planted is found."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from analyse import small_cells
from analyse.errors import DataError
from analyse.monitor import q_analysis
from analyse.present import monitor
from analyse.report import attack as attacking
from analyse.report import exporter, read_back, worst_case
from analyse.report import written as files

MEASURES = ("before", "now")
NAMES = {"00000001": "De Horizon", "00000002": "De Kim"}


def a_region(seed: int, municipalities: int = 7, providers: int = 24) -> pd.DataFrame:
    """Youths and euros of providers that work in some of the municipalities, in two years."""
    rng, rows = np.random.default_rng(seed), []
    for provider in range(1, providers + 1):
        size = rng.lognormal(2.4, 1.2)
        for place in range(municipalities):
            for measure in MEASURES if rng.random() < 0.6 else ():
                youths = int(rng.poisson(size * rng.lognormal(0, 0.6)))
                if youths:
                    cost = round(float(rng.lognormal(8.5, 0.8, youths).sum()), 2)
                    rows.append((f"GM{place:04d}", f"{provider:08d}", measure, float(youths), cost))
    return pd.DataFrame(rows, columns=["municipality_code", "provider", "year", "clients", "cost_eur"])


def truth_of(cells: pd.DataFrame) -> pd.DataFrame:
    """The same with the region, as ``told`` takes it."""
    page = monitor.Page("", True, providers=NAMES)
    region = cells.groupby(["provider", "year"], as_index=False)[["clients", "cost_eur"]].sum()
    whole = pd.concat([cells, region.assign(municipality_code=small_cells.REGION)], ignore_index=True)
    whole = whole.rename(columns={"municipality_code": "area", "provider": "category", "year": "measure",
                                  "clients": "youths", "cost_eur": "value"})  # fmt: skip
    return whole.assign(dimension="provider", category_shown=page.called(whole["category"]))


def written(truth: pd.DataFrame, plan: pd.DataFrame, folder: Path, samples) -> Path:
    """A page of each area with its table by provider, as a set has them."""
    for area, own in truth.groupby("area"):
        wide = own.pivot_table(
            index="category", columns="measure", values=["youths", "value"], fill_value=0.0
        )
        table = pd.DataFrame({"provider": wide.index, **dict.fromkeys(q_analysis.FACTORS, 0.0)})
        for measure, name in (("before", "before"), ("now", "after")):
            table[f"{name}_eur"] = wide[("value", measure)].to_numpy()
            table[f"youths_{name}"] = wide[("youths", measure)].to_numpy()
        apart = {"provider": frozenset(plan.columns[plan.loc[area]])}
        page = monitor.Page(str(area), True, apart=apart, providers=NAMES)
        cells = samples.cell(monitor.divided(table, page))
        exporter.export(samples.notebook(samples.prose("# X"), cells), folder / f"{area}.html", language="nl")
    return folder


def attack(truth: pd.DataFrame, place: Path) -> pd.DataFrame:
    tables = (one for one in files.read(place) if isinstance(one, files.Table))
    pages = {area: area for area in truth["area"].unique()}
    return attacking.told(read_back.read(tables, truth, pages), truth, region=small_cells.REGION)


def texts(place: Path) -> list[files.Text]:
    return [one for one in files.read(place) if isinstance(one, files.Text)]


@pytest.mark.parametrize("seed", range(2))
def test_no_amount_of_few_youths_can_be_told_from_all_files_of_a_set(seed, samples, tmp_path):
    cells = a_region(seed)
    truth = truth_of(cells)
    plan = small_cells.hidden_across(cells, category="provider")

    found = attack(truth, written(truth, plan, tmp_path, samples))

    assert len(found) > 60 and attacking.within_p(found).empty
    inside = found["value"].between(found["low"] - 2, found["high"] + 2)
    assert inside.all(), "the truth is never outside what a reader can tell"


def test_pages_that_each_hide_their_own_few_give_amounts_away(samples, tmp_path):
    truth = truth_of(a_region(0))
    plan = small_cells.hidden_across(a_region(0), category="provider")

    found = attack(truth, written(truth, plan & False, tmp_path, samples))

    told = attacking.within_p(found)
    assert len(told) >= 2 and (told["high"] - told["low"]).max() < 10, "to the euro"


def planted_csv(folder: Path, victim: pd.Series, called: str, column: str) -> None:
    with (folder / "tables" / victim["area"] / "99-more.csv").open(
        "w", encoding="utf-8", newline=""
    ) as stream:
        csv.writer(stream).writerows(
            [["Aanbieder (AGB-code)", f"{column} (euro)"], [called, str(round(victim["value"]))]]
        )


def planted_workbook(folder: Path, victim: pd.Series, called: str, column: str) -> None:
    path = next(folder.rglob(f"{victim['area']}.xlsx"))
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("Meer")
    for row in (["Meer"], ["Aanbieder (AGB-code)", f"{column} (euro)"], [called, round(victim["value"])]):
        sheet.append(row)
    book.save(path)


def planted_table(folder: Path, victim: pd.Series, called: str, column: str) -> None:
    path = folder / f"{victim['area']}.html"
    row = f"<tr><th>{called}</th><td>€ {victim['value']:,.0f}</td></tr>".replace(",", ".")
    heads = f"<thead><tr><th>Aanbieder (AGB-code)</th><th>{column}</th></tr></thead>"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "</main>", f"<table>{heads}<tbody>{row}</tbody></table></main>"
        ),
        encoding="utf-8",
    )


@pytest.mark.parametrize("plant", [planted_csv, planted_workbook, planted_table])
def test_a_planted_row_in_one_file_is_found(plant, samples, tmp_path):
    """Somebody adds the amount of a hidden provider to a page: it is told."""
    truth = truth_of(a_region(1))
    place = written(truth, small_cells.hidden_across(a_region(1), category="provider"), tmp_path, samples)
    victim = attack(truth, place).iloc[0]
    column = {"before": "Jaar ervoor", "now": "Dit jaar"}[victim["measure"]]
    called = monitor.Page("", True, providers=NAMES).called([victim["category"]])[0]
    plant(place, victim, called, column)

    told = attacking.within_p(attack(truth, place))

    same = told[told["area"].eq(victim["area"]) & told["category"].eq(victim["category"])]
    assert (same["high"] - same["low"]).min() <= 0.02 * victim["value"] + 1.0


@pytest.mark.parametrize(
    "said",
    [
        "<p>Aanbieder {called} declareerde {amount}.</p>",
        '<div role="img" aria-label="{called}: {amount}"></div>',
        '<script type="application/json">{{"data": [{{"y": ["{called}"], "x": [{plain}]}}]}}</script>',
    ],
)
def test_an_amount_in_a_sentence_label_or_chart_is_found_beside_the_name(said, samples, tmp_path):
    truth = truth_of(a_region(1))
    place = written(truth, small_cells.hidden_across(a_region(1), category="provider"), tmp_path, samples)
    pages = {area: area for area in truth["area"].unique()}
    assert attacking.named_beside(texts(place), truth, pages).empty
    victim = attack(truth, place).iloc[0]
    page = place / f"{victim['area']}.html"
    amount = f"€ {victim['value']:,.0f}".replace(",", ".")
    planted = said.format(called=victim["category_shown"], amount=amount, plain=victim["value"])
    page.write_text(
        page.read_text(encoding="utf-8").replace("</main>", f"{planted}</main>"), encoding="utf-8"
    )

    found = attacking.named_beside(texts(place), truth, pages)

    assert victim["category"] in found["category"].tolist()


def test_amounts_that_cannot_all_be_more_at_once_are_each_safe_and_one_by_itself_is_told():
    """Of a and b only the sum is known, so when one is a fifth more the other is less; c is all of its last row."""
    truth = pd.DataFrame([{"area": "GM0503", "dimension": "provider", "measure": what, "category": one,
                           "category_shown": one, "youths": 4.0, "value": 500.0}
                          for what, names in (("now", "ab"), ("before", "c")) for one in names])  # fmt: skip
    heads = ("Aanbieder (AGB-code)", "Dit jaar (euro)", "Jaar ervoor (euro)")
    table = files.Table("a.csv", "page", heads, (("Andere aanbieders", "1000", "500"),))

    found = attacking.told(read_back.read([table], truth, {"page": "GM0503"}), truth, region="")

    ends = found.set_index("category")
    assert attacking.within_p(found)["category"].tolist() == ["c"]
    assert (ends.loc[["a", "b"], "low"] <= 400).all() and (ends.loc[["a", "b"], "high"] >= 600).all()


def test_tables_that_contradict_each_other_count_as_told():
    truth = pd.DataFrame([{"area": "GM0503", "dimension": "provider", "measure": "now", "category": one,
                           "category_shown": one, "youths": 4.0, "value": 500.0} for one in "ab"])  # fmt: skip
    heads = ("Aanbieder (AGB-code)", "Dit jaar (euro)")
    table = files.Table("a.csv", "page", heads, (("Andere aanbieders", "1000"), ("Totaal", "3000")))
    again = files.Table("b.csv", "page", heads, (("Andere aanbieders", "3000"), ("Totaal", "1000")))

    found = attacking.told(read_back.read([table, again], truth, {"page": "GM0503"}), truth, region="")

    assert found["low"].isna().all() and len(attacking.within_p(found)) == 2


def test_a_count_that_follows_from_a_total_is_found():
    """Of 41 trajectories 38 stand with one form: what is left is below ten, whatever the rounding."""
    keys = {"area": "GM0503", "dimension": "care_form", "measure": "stock"}
    truth = pd.DataFrame([keys | {"category": one, "category_shown": one, "youths": n, "value": n}
                          for one, n in (("ggz", 38.0), ("crisis", 3.0))])  # fmt: skip
    heads = ("Zorgvorm", "In zorg aan het eind (personen, afgerond op 5)")
    table = files.Table("a.csv", "page", heads, (("ggz", "40"), ("Totaal", "40")))

    found = attacking.told(read_back.read([table], truth, {"page": "GM0503"}), truth, region="")

    assert attacking.below_ten(found)["category"].tolist() == ["crisis"]
    alone = attacking.told(read_back.read([], truth, {}), truth, region="")
    assert len(alone) == 1 and attacking.below_ten(alone).empty


def test_the_page_of_one_provider_that_leaves_a_few_for_another_is_found():
    """Of 41 in care with all providers 38 are with the first: its own page tells that the second has fewer than ten.

    Of 61 it does not: the second may have as many as 24.
    """
    keys = {"area": "JZ24", "dimension": "provider", "measure": "mirror in care ggz"}
    truth = pd.DataFrame([keys | {"category": one, "category_shown": one, "youths": n, "value": n}
                          for one, n in (("00000001", 38.0), ("00000002", 3.0))])  # fmt: skip
    heads = ("Zorgvorm", "In hulp, u", "In hulp, alle aanbieders")
    table, more = (
        files.Table("provider-00000001.html", "provider-00000001", heads, (("ggz", "40", whole),))
        for whole in ("40", "60")
    )

    rows = list(read_back.read([table], truth, {"provider-00000001": "JZ24"}))
    of_more = list(read_back.read([more], truth, {"provider-00000001": "JZ24"}))

    assert attacking.below_ten(attacking.told(of_more, truth, region="JZ24")).empty

    assert [one.categories for one in rows] == [("00000001",), ("00000001", "00000002")]
    assert attacking.below_ten(attacking.told(rows, truth, region="JZ24"))["category"].tolist() == [
        "00000002"
    ]


@pytest.mark.parametrize(
    ("measure", "counted", "said"),
    [
        (read_back.ENDED, "Geëindigd binnen twee jaar", "Gemiddeld binnen de eerste twee jaar (maanden)"),
        (read_back.WEEKLY, "Trajecten", "Per week zorg"),
    ],
)
def test_a_count_by_provider_and_form_that_follows_from_the_pages_of_others_is_found(measure, counted, said):
    """The region has 45 (44) with a provider, A 40: four are left for B. Where the region has 65 they may be ten."""
    keys = {"dimension": read_back.TOGETHER, "measure": measure, "category": "ggz · 01",
            "category_shown": "jeugd-ggz · De Kim"}  # fmt: skip
    truth = pd.DataFrame([keys | {"area": area, "youths": n, "value": n}
                          for area, n in (("JZ24", 44.0), ("A", 40.0), ("B", 4.0))])  # fmt: skip
    heads = ("Aanbieder (AGB-code)", "Zorgvorm", f"{counted} (personen, afgerond op 5)", said)

    def found(whole: str) -> list[str]:
        pages = [files.Table(f"{area}.csv", area, heads, (("De Kim", "jeugd-ggz", n, "8"),))
                 for area, n in (("JZ24", whole), ("A", "40"))]  # fmt: skip
        rows = read_back.read(pages, truth, {"JZ24": "JZ24", "A": "A", "B": "B"})
        return attacking.below_ten(attacking.told(rows, truth, region="JZ24"))["area"].tolist()

    assert found("45") == ["B"] and found("65") == []


@pytest.mark.parametrize(("share", "told"), [("5 %", True), ("95 %", True), ("50 %", False), ("0 %", False)])
def test_a_percentage_that_tells_of_few_is_found(share, told):
    """Of 100 youths 5 % are five, and so are the others of 95 %."""
    heads = ("Zorgvorm die als laatste stopte", "Jongeren die stopten", "Komt binnen een jaar terug")
    table = files.Table("a.html", "page", heads, (("jeugd-ggz", "100", share),))

    fraction = str(float(share.removesuffix(" %")) / 100)
    book = files.Table("a.xlsx", "page", heads, (("jeugd-ggz", "100", fraction),))

    found = read_back.few_parts([table], {"page": "GM0503"})

    assert read_back.few_parts([book], {"page": "GM0503"})["category"].tolist() == found["category"].tolist()
    assert found["category"].tolist() == (["jeugd-ggz"] if told else [])


@pytest.mark.parametrize(("amount", "told"), [("450", ["01"]), ("900", [])])
def test_what_the_set_of_another_month_shows_of_a_hidden_amount_is_found(amount, told):
    """€ 450 is within a fifth of € 500; € 900 is what came in since."""
    truth = pd.DataFrame([{"area": "GM0503", "dimension": "provider", "measure": "now", "category": "01",
                           "category_shown": "De Kim", "youths": 4.0, "value": 500.0}])  # fmt: skip
    table = files.Table("a.csv", "page", ("Aanbieder (AGB-code)", "Dit jaar (euro)"), (("De Kim", amount),))

    rows = read_back.read([table], truth, {"page": "GM0503"})

    assert attacking.shown_near(rows, truth)["category"].tolist() == told


def test_a_forecast_beside_a_category_of_few_counts_as_its_amount():
    """A municipality that a table of its region names, with what a tariff costs there, shows its amount as well."""
    truth = pd.DataFrame([{"area": area, "dimension": "provider", "measure": "now", "category": "01",
                           "category_shown": "De Kim", "youths": n, "value": 100.0 * n}
                          for area, n in (("JZ24", 40.0), ("GM0503", 4.0))])  # fmt: skip
    heads = ("Aanbieder (AGB-code)", "Zorgvorm", "Gemeente", "Kosten daarvan in een heel jaar (euro)")

    def found(*row: str) -> list[tuple[str, float]]:
        table = files.Table("a.csv", "page", heads, (row,))
        added = worst_case.rows([table], truth, {"page": "JZ24"}, {"Delft": "GM0503"})
        return [(one.area, one.low) for one in added]

    assert found("De Kim", "alle", "Delft", "12") == [("GM0503", 400.0)]
    assert found("De Kim", "alle", "alle gemeenten samen", "120") == [("JZ24", 4000.0)]
    assert found("De Kim", "jeugd-ggz", "Delft", "12") == found("De Kim", "alle", "Delft", "") == []


def test_an_amount_of_a_rule_is_one_only_where_the_rule_is_named():
    truth = pd.DataFrame([{"area": "GM0503", "dimension": "provider", "measure": "rule te laat", "category": "01",
                           "category_shown": "De Kim", "youths": 4.0, "value": 500.0}])  # fmt: skip
    said = [files.Text("a.html", "page", text) for text in ("De Kim · € 500", "De Kim · te laat · € 500")]

    found = [len(attacking.named_beside([one], truth, {"page": "GM0503"})) for one in said]

    assert found == [0, 1]


def test_documents_of_word_are_read_as_tables_and_texts(tmp_path):
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("Een zin met € 12.345")
    table = document.add_table(rows=2, cols=2)
    for place, text in enumerate(("Aanbieder", "Dit jaar", "De Kim", "€ 500")):
        table.cell(place // 2, place % 2).text = text
    document.save(tmp_path / "page.docx")

    found = list(files.read(tmp_path))

    assert [one.rows for one in found if isinstance(one, files.Table)] == [(("De Kim", "€ 500"),)]
    assert "Een zin met € 12.345" in [one.text for one in found if isinstance(one, files.Text)]


def test_what_is_not_read_of_a_set_is_counted_and_named(tmp_path):
    """A picture is not read, and an amount by month is of no category; a file that is no PDF stops the attack."""
    (tmp_path / "page.png").write_bytes(b"x")
    folder = tmp_path / "tables" / "page"
    folder.mkdir(parents=True)
    heads = "Dit jaar (euro),Verwacht (euro)"
    (folder / "1.csv").write_text(
        f"Aanbieder (AGB-code),{heads}\nDe Kim,500,600\nDe Laan,70,80\n", encoding="utf-8"
    )
    truth = pd.DataFrame([{"area": "GM0503", "dimension": "provider", "measure": "now", "category": "01",
                           "category_shown": "De Kim", "youths": 40.0, "value": 500.0}])  # fmt: skip

    tables = [one for one in files.read(tmp_path) if isinstance(one, files.Table)]
    found = read_back.by_column(tables, [truth], {"page": "GM0503"}).set_index("column")

    assert files.passed_over(tmp_path) == {".png": 1}
    assert found[["written", "read"]].to_dict("index") == {
        "Dit jaar": {"written": 2, "read": 1},  # nobody knows a provider of the name De Laan
        "Verwacht": {"written": 2, "read": 0},
    }
    (tmp_path / "page.pdf").write_bytes(b"no PDF at all")
    with pytest.raises(DataError, match=r"page\.pdf cannot be read as \.pdf"):
        list(files.read(tmp_path))


def test_a_chart_of_powerpoint_is_read_by_point(tmp_path):
    slides = pytest.importorskip("pptx")
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    data = CategoryChartData()
    data.categories = ["De Kim"]
    data.add_series("Dit jaar", [500.0])
    document = slides.Presentation()
    page = document.slides.add_slide(document.slide_layouts[6])
    page.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, 0, 900, 900, data)
    document.save(tmp_path / "page.pptx")

    assert "De Kim · € 500.0" in [one.text for one in texts(tmp_path)]


def a_pdf(line: str) -> bytes:
    """A page with one line of text, written out by hand."""
    stream = b"BT /F1 12 Tf 50 700 Td (" + line.encode("cp1252") + b") Tj ET"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             b"<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/MediaBox[0 0 600 800]>>",
             font, b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream)]  # fmt: skip
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(made)
    return made + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def test_an_amount_in_a_pdf_is_found_beside_the_name(tmp_path):
    (tmp_path / "page.pdf").write_bytes(a_pdf("De Kim € 500"))
    truth = pd.DataFrame([{"area": "GM0503", "dimension": "provider", "measure": "now", "category": "01",
                           "category_shown": "De Kim", "youths": 4.0, "value": 500.0}])  # fmt: skip

    found = attacking.named_beside(texts(tmp_path), truth, {"page": "GM0503"})

    assert found["file"].tolist() == ["page.pdf"]
