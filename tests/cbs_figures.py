"""Tables in the shape of CBS for the test server, with figures near those of the embedded snapshot."""

from __future__ import annotations

import zlib
from types import ModuleType

import pandas as pd

from analyse.history import youths

FORMS = {
    "A045561": ("JZ Totaal jeugdzorg", 1.0), "A045560": ("JH 1 Totaal jeugdhulp", 0.95),
    "A042503": ("JH 121 Totaal jeugdhulp zonder verblijf", 0.9), "A017916": ("Uitgevoerd door het wijkteam", 0.15),
    "A027917": ("Niet uitgevoerd door het wijkteam", 0.8), "A027918": ("JH 122 Totaal jeugdhulp met verblijf", 0.09),
    "A900011": ("Pleegzorg", 0.045), "A027919": ("JB 1 Totaal jeugdbescherming", 0.07),
    "A027920": ("JR 1 Totaal jeugdreclassering", 0.012), "A999999": ("Iets nieuws", 0.01),
}  # fmt: skip
COSTS = {
    "A045561": ("JZ Totaal jeugdzorg", 1.0), "A045560": ("JH 1 Totaal jeugdhulp", 0.8),
    "A800018": ("JH met verblijf (Zin+PGB)", 0.4), "A800021": ("Totaal Jeugdbescherming en - reclasserin", 0.2),
}  # fmt: skip
REFERRERS = {"T001": ("Totaal verwijzer", 1.0), "A1": ("Gemeentelijke toegang", 0.3), "A2": ("Huisarts", 0.4)}
AGES = {"10000": "Totaal", "10010": "0 jaar", **{f"1{age:02d}00": f"{age} jaar" for age in range(1, 25)}}
DYNAMICS = {
    "BevolkingOp1Januari_1": ("Bevolking op 1 januari", "inhabitants_start"),
    "LevendGeborenKinderen_3": ("Levend geboren kinderen", "births"),
    "Overledenen_5": ("Overledenen", "deaths"),
    "Immigratie_10": ("Immigratie", "immigration"),
    "UitAndereGemeente_11": ("Uit andere gemeente", "arrivals"),
    "EmigratieInclusiefAdministratieveC_14": ("Emigratie inclusief administratieve correcties", "emigration"),
    "NaarAndereGemeente_16": ("Naar andere gemeente", "departures"),
    "VestigingsoverschotInclusiefCorrecties_17": (
        "Vestigingsoverschot inclusief correcties",
        "net_migration",
    ),
    "BevolkingOp31December_20": ("Bevolking op 31 december", "inhabitants_end"),
}


def rounded(number: float) -> float | str:
    """A count as CBS publishes it: a multiple of 5, and a dot below 10."""
    whole = 5 * round(number / 5)
    return float(whole) if whole >= 10 else "."


def noise(*names: object) -> float:
    """A number from -1 to 1 that belongs to names."""
    return zlib.crc32("/".join(map(str, names)).encode()) / 2**31 - 1


def make(cbs: ModuleType, tables: dict[str, pd.DataFrame], *, revised: float = 0.0) -> dict:
    """All tables of ``parameters/open_data.yaml``; ``revised`` is by how much 2023 is higher than it was."""
    makers = (
        _usage,
        _flows,
        _persons,
        _indicators,
        _costs_by_form,
        _population,
        _accounts,
        _areas,
        _districts,
    )
    regions = _regions(cbs, tables)
    made = {}
    for maker in makers:
        made |= maker(cbs, tables, regions, revised)
    return made


def _regions(cbs: ModuleType, tables: dict[str, pd.DataFrame]) -> list:
    listed = (
        tables["municipalities"]
        .dropna(subset="region_code")
        .drop_duplicates("municipality_code", keep="last")
    )
    own = [cbs.Item(row.municipality_code, row.municipality) for row in listed.itertuples()]
    return [cbs.Item("NL01", "Nederland"), cbs.Item("GM0363", "Amsterdam"), *own]


def _years(cbs: ModuleType, first: int, last: int, halves: bool = False) -> list:
    items = []
    for year in range(first, last + 1):
        status = "Voorlopig" if year == 2023 else "Definitief"
        if halves:
            items += [cbs.Item(f"{year}HJ0{half}", f"{year} {half}e halfjaar", status) for half in (1, 2)]
        items.append(cbs.Item(f"{year}JJ00", f"{year}{'*' if year == 2023 else ''}", status))
    return items


def _youths(tables: dict[str, pd.DataFrame], revised: float):
    usage = tables["usage"]
    total = usage[(usage["measure"] == "youths") & (usage["breakdown"] == "total")]
    base = total[total["year"] == 2022].set_index("municipality_code")["count"].astype(float)

    def level(code: str, period: str) -> float | None:
        if code == "NL01":
            return 440_000.0 + 5_000 * (int(period[:4]) - 2021)
        if code not in base.index:
            return 250.0 if code.startswith("GM0") and code != "GM0363" else None
        year = int(period[:4])
        growth = 1 + 0.02 * (year - 2022) + 0.01 * noise(code, year) - (0.08 if year < 2021 else 0)
        late = 1 + revised if year == 2023 else 1.0
        return base[code] * growth * late * (0.7 if "HJ" in period else 1.0)

    return level


def _usage(cbs, tables, regions, revised):
    level = _youths(tables, revised)

    def cell(codes, key):
        youths_in_care = level(codes["RegioS"], codes["Perioden"])
        if youths_in_care is None:
            return None
        share = FORMS[codes["VormenVanJeugdzorg"]][1] * (
            1 + 0.05 * noise(codes["RegioS"], codes["VormenVanJeugdzorg"])
        )
        if codes["VormenVanJeugdzorg"] == "A900011" and codes["RegioS"] == "GM0638":
            return "x"
        whole = 1.0 if codes["VormenVanJeugdzorg"] == "A045561" else share
        return rounded(youths_in_care * whole * (1.6 if "Trajecten" in key else 1.0))

    forms = [cbs.Item(code, title) for code, (title, _) in FORMS.items()]
    measures = {"JongerenMetJeugdzorg_1": ("Jongeren met jeugdzorg", "aantal"),
                "TrajectenJeugdzorg_3": ("Trajecten jeugdzorg", "aantal")}  # fmt: skip

    def table(first, last, title, versions):
        dimensions = {"VormenVanJeugdzorg": ("Dimension", forms), "RegioS": ("GeoDimension", regions),
                      "Perioden": ("TimeDimension", _years(cbs, first, last, halves=True))}  # fmt: skip
        return cbs.Table(title, dimensions, measures, cell, versions)

    return {
        "85099NED": table(2021, 2023, "Kerncijfers over jeugdzorg", ("v4", "v3")),
        "84134NED": table(2017, 2020, "Kerncijfers over jeugdzorg (2015-2020)", ("v3",)),
    }


def _flows(cbs, tables, regions, revised):
    level = _youths(tables, revised)

    def cell(codes, key):
        youths_in_care = level(codes["RegioS"], codes["Perioden"])
        if youths_in_care is None:
            return None
        if key.startswith("Gemiddelde"):
            return 300.0 + round(20 * noise(codes["RegioS"]))
        return rounded(youths_in_care * 0.6 * REFERRERS[codes["VerwijzerJeugdzorg"]][1])

    measures = {"TotaalBegonnenTrajecten_2": ("Totaal begonnen trajecten", "aantal"),
                "TotaalBeeindigdeTrajecten_4": ("Totaal beeindigde trajecten", "aantal"),
                "GemiddeldeDuur_9": ("Gemiddelde duur", "dagen")}  # fmt: skip
    referrers = [cbs.Item(code, title) for code, (title, _) in REFERRERS.items()]

    def table(first, last, title):
        dimensions = {"VerwijzerJeugdzorg": ("Dimension", referrers), "RegioS": ("GeoDimension", regions),
                      "Perioden": ("TimeDimension", _years(cbs, first, last))}  # fmt: skip
        return cbs.Table(title, dimensions, measures, cell)

    return {"85097NED": table(2021, 2023, "Jeugdhulptrajecten in natura; verwijzer, regio (gemeente)"),
            "82970NED": table(2018, 2020, "Jeugdhulptrajecten in natura; verwijzer, regio (2015-2020)")}  # fmt: skip


def _persons(cbs, tables, regions, revised):
    level = _youths(tables, revised)
    ages = {"P1": ("0 tot 4 jaar", 0.05), "P2": ("4 tot 12 jaar", 0.4), "P3": ("12 tot 18 jaar", 0.45),
            "P4": ("18 tot 23 jaar", 0.1)}  # fmt: skip

    def cell(codes, key):
        whole = level(codes["RegioS"], codes["Perioden"])
        return None if whole is None else rounded(whole * ages[codes["Persoonskenmerken"]][1])

    items = [cbs.Item(code, title) for code, (title, _) in ages.items()]
    dimensions = {
        "Persoonskenmerken": ("Dimension", items),
        "RegioS": ("GeoDimension", regions),
        "Perioden": ("TimeDimension", _years(cbs, 2021, 2023)),
    }
    measures = {"TotaalJongerenMetJeugdzorg_1": ("Totaal jongeren met jeugdzorg", "aantal")}
    return {"85100NED": cbs.Table("Jongeren met jeugdzorg; persoonskenmerken", dimensions, measures, cell)}


def _districts(cbs, tables, regions, revised):
    """Two districts of each municipality; one so small that it is hidden."""
    level = _youths(tables, revised)
    codes = [
        f"WK{one.code[2:]}{number:02d}" for one in regions if one.code.startswith("GM") for number in (1, 2)
    ]
    items = [cbs.Item(code, f"Wijk {code[-2:]}") for code in codes] + [cbs.Item("BU05030101", "Buurt")]

    def cell(codes, key):
        code = codes.get("WijkenEnBuurten") or codes["Wijken"]
        whole = level(f"GM{code[2:6]}", codes.get("Perioden", "2023JJ00"))
        if whole is None or not code.startswith("WK"):
            return "."
        own = 7.0 if code.endswith("02") else whole
        return (
            rounded(own * {"k_0Tot4Jaar_3": 0.1}.get(key, 1.0))
            if "Jeugdzorg" in key or "Tot4" in key
            else 900.0
        )

    known = {"AantalInwoners_5": "Aantal inwoners", "k_0Tot15Jaar_8": "0 tot 15 jaar",
             "k_15Tot25Jaar_9": "15 tot 25 jaar", "HuishoudensTotaal_28": "Huishoudens totaal",
             "HuishoudensMetKinderen_31": "Huishoudens met kinderen",
             "JongerenMetJeugdzorgInNatura_96": "Jongeren met jeugdzorg in natura"}  # fmt: skip
    of_people = {key: (title, "aantal") for key, title in known.items()}
    of_care = {"TotaalJongerenMetJeugdzorg_1": ("Totaal jongeren met jeugdzorg", "aantal"),
               "k_0Tot4Jaar_3": ("0 tot 4 jaar", "aantal")}  # fmt: skip
    people = {"WijkenEnBuurten": ("GeoDimension", items)}
    care = {"VormenVanJeugdzorg": ("Dimension", [cbs.Item("A045561", "Totaal")]),
            "Wijken": ("GeoDimension", items), "Perioden": ("TimeDimension", _years(cbs, 2023, 2023))}  # fmt: skip
    return {
        "85618NED": cbs.Table("Kerncijfers wijken en buurten 2023", people, of_people, cell, width=10),
        "85685NED": cbs.Table("Jongeren met jeugdzorg; wijken", care, of_care, cell, width=10),
    }


def _indicators(cbs, tables, regions, revised):
    """In a shape that nobody expects: a table that was only described, and is otherwise."""
    dimensions = {"RegioS": ("GeoDimension", regions), "Perioden": ("TimeDimension", _years(cbs, 2021, 2023))}
    measures = {"HeelIetsAnders_1": ("Heel iets anders", "%")}
    return {
        "85098NED": cbs.Table(
            "Indicatoren jeugdzorg in natura; gemeenten", dimensions, measures, lambda *_: 1.0
        )
    }


def _costs_by_form(cbs, tables, regions, revised):
    level = _youths(tables, 0.0)

    def cell(codes, key):
        youths_in_care = level(codes["Regio"], codes["Perioden"])
        share = COSTS[codes["VormenVanJeugdzorg"]][1]
        if youths_in_care is None or (codes["Regio"] == "GM0638" and share < 0.5):
            return "."
        growth = 1.07 ** (int(codes["Perioden"][:4]) - 2021) * (0.9 if "Begroot" in key else 1.0)
        return round(youths_in_care * 12.0 * share * growth)

    items = [cbs.Item(code, title) for code, (title, _) in COSTS.items()]
    dimensions = {
        "VormenVanJeugdzorg": ("Dimension", items),
        "Regio": ("GeoDimension", regions),
        "Perioden": ("TimeDimension", _years(cbs, 2017, 2024)),
    }
    measures = {"BegroteKosten_1": ("Begrote kosten", "1 000 euro"),
                "GerealiseerdeKosten_2": ("Gerealiseerde kosten", "1 000 euro")}  # fmt: skip
    return {"83454NED": cbs.Table("Gemeentelijke kosten; jeugdzorg, regio", dimensions, measures, cell)}


def _population(cbs, tables, regions, revised):
    single = youths.single_ages(tables).astype({"count": float})
    counts = single.set_index(["municipality_code", "period", "age"])["count"].round().to_dict()
    people = tables["population"]
    totals = (
        people[people["age_group"] == "total"].set_index(["municipality_code", "year"])["count"].to_dict()
    )
    moves = tables["population_dynamics"].set_index(["municipality_code", "year"])

    def aged(codes, key):
        code, year = codes["RegioS"], int(codes["Perioden"][:4])
        if key.startswith("Gemiddelde"):
            return None
        if codes["Leeftijd"] == "10000":
            return totals.get((code, year))
        title = AGES[codes["Leeftijd"]]
        return counts.get((code, year, int(title.split()[0])))

    def moved(codes, key):
        place = (codes["RegioS"], int(codes["Perioden"][:4]))
        return float(moves.loc[place, DYNAMICS[key][1]]) if place in moves.index else None

    sexes = ("Dimension", [cbs.Item("T001038", "Totaal mannen en vrouwen"), cbs.Item("3000", "Mannen")])
    married = ("Dimension", [cbs.Item("T001019", "Totaal burgerlijke staat")])
    years = ("TimeDimension", _years(cbs, 2017, 2026))
    ages = ("Dimension", [cbs.Item(code, title) for code, title in AGES.items()])
    regio = ("GeoDimension", regions)
    by_age = cbs.Table(
        "Bevolking op 1 januari en gemiddeld; geslacht, leeftijd en regio",
        {"Geslacht": sexes, "Leeftijd": ages, "BurgerlijkeStaat": married, "RegioS": regio, "Perioden": years},
        {"BevolkingOp1Januari_1": ("Bevolking op 1 januari", "aantal"),
         "GemiddeldeBevolking_2": ("Gemiddelde bevolking", "aantal")}, aged,
    )  # fmt: skip
    dynamics = cbs.Table(
        "Bevolkingsontwikkeling; levend geborenen, overledenen en migratie per regio",
        {"Geslacht": sexes, "RegioS": regio, "Perioden": ("TimeDimension", _years(cbs, 2012, 2025))},
        {key: (title, "aantal") for key, (title, _) in DYNAMICS.items()}, moved, ("v3",),
    )  # fmt: skip
    prognosis = cbs.Table(
        "Regionale prognose 2023-2050; bevolking, regio-indeling 2021",
        {"RegioIndeling2021": regio, "Perioden": ("TimeDimension", _years(cbs, 2025, 2027))},
        {"TotaleBevolking_1": ("Totale bevolking", "x 1 000")},
        lambda codes, key: round(totals.get((codes["RegioIndeling2021"], 2025), 0) / 1000, 1) or None,
    )
    return {"03759ned": by_age, "37259ned": dynamics, "85171NED": prognosis}


def _accounts(cbs, tables, regions, revised):
    made = {}
    names = {2023: "45063NED", 2024: "45067NED", 2025: "45071NED", 2026: "45078NED"}
    reports = {"accounts": "X005", "budget": "X000"}
    sub = tables["costs_subcode"].rename(columns={"subcode": "taakveld"})
    for year, name in names.items():
        rows = pd.concat([sub[sub["year"] == year], _rest(tables["costs"], sub, year)])
        amounts = {
            (row.municipality_code, row.taakveld, f"{year}{reports[row.report]}"): row.cost_eur
            for row in rows.itertuples() if pd.notna(row.cost_eur)
        }  # fmt: skip

        def cell(codes, key, amounts=amounts):
            amount = amounts.get((codes["Gemeenten"], codes["TaakveldBalanspost"], codes["Verslagsoort"]))
            kind = codes["Categorie"]
            if key.startswith("k_2e") and kind == "L1.1":
                return None
            if amount is None or kind == "B3.1":
                return -99998 if kind == "L1.1" else None
            part = round(amount * 0.4 / 1000)
            return part if kind == "L1.1" else round(amount / 1000) - part

        fields = sorted({row.taakveld for row in rows.itertuples()} | {"0.4", "A111"})
        labels = dict(zip(sub["taakveld"], sub["label"], strict=True))
        dimensions = {
            "TaakveldBalanspost": (
                "Dimension",
                [cbs.Item(one, labels.get(one, f"taakveld {one}")) for one in fields],
            ),
            "Categorie": ("Dimension", [cbs.Item(one, one) for one in ("B3.1", "L1.1", "L3.8")]),
            "Gemeenten": ("GeoDimension", [one for one in regions if one.code.startswith("GM")]),
            "Verslagsoort": (
                "Dimension",
                [cbs.Item(f"{year}{one}", one) for one in ("X000", "X001", "X005")],
            ),
        }
        measures = {
            "k_1ePlaatsing_1": ("1e plaatsing", "1 000 euro"),
            "k_2ePlaatsing_2": ("2e plaatsing", "1 000 euro"),
        }
        made[name] = cbs.Table(
            f"Gemeenten {year} onbewerkte Iv3-data", dimensions, measures, cell, ("v3",), width=6
        )
    return made


def _rest(costs: pd.DataFrame, sub: pd.DataFrame, year: int) -> pd.DataFrame:
    """Task fields of which the sub-codes are not known."""
    known = sub.loc[sub["year"] == year, "report"].unique()
    return costs[(costs["year"] == year) & ~costs["report"].isin(known)]


def _areas(cbs, tables, regions, revised):
    listed = tables["municipalities"].dropna(subset="region_code")
    made = {}
    for year, name in ((2024, "85755NED"), (2025, "86059NED"), (2026, "86247NED")):
        rows = listed[listed["year"] == year].set_index("municipality_code")
        place = {
            "Code_1": lambda code, row: code,
            "Naam_2": lambda code, row: row["municipality"],
            "Code_16": lambda code, row: row["region_code"],
            "Naam_17": lambda code, row: "een jeugdregio",
        }

        def cell(codes, key, rows=rows, place=place):
            return f"{place[key](codes['RegioS'], rows.loc[codes['RegioS']])}   "

        dimensions = {
            "RegioS": ("GeoDimension", [cbs.Item(code, row["municipality"]) for code, row in rows.iterrows()])
        }
        measures = {key: (key.split("_")[0], "") for key in place}
        made[name] = cbs.Table(f"Gebieden in Nederland {year}", dimensions, measures, cell, ("v3",))
    return made
