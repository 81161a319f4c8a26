"""The tables below the municipality: their sums, what they say of each other, and that packing changes nothing."""

import gzip
import shutil

import pytest

from analyse import parameters, schema, store
from analyse.errors import DataError
from analyse.schema.districts import AGES, HOUSEHOLDS
from analyse.sources import snapshot, update


@pytest.fixture(scope="module")
def country():
    return snapshot.load(regions=parameters.COUNTRY)


def test_districts_stay_below_their_municipality_by_no_more_than_is_hidden_or_not_placed(country):
    districts = country["usage_districts"]
    shown = districts.groupby(["municipality_code", "year"])["with_care"].agg(["sum", "size"])
    totals = country["usage"].query("measure == 'youths' and breakdown == 'total' and year < 2023")
    totals = totals.set_index(["municipality_code", "year"])["count"]
    beside = shown.join(totals, how="inner").astype(float)
    assert len(beside) > 690
    assert (beside["sum"] <= beside["count"] + 2.5 * beside["size"] + 2.5).all()
    assert beside["sum"].sum() / beside["count"].sum() == pytest.approx(0.89, abs=0.05)


@pytest.mark.parametrize("parts", [AGES, HOUSEHOLDS])
def test_the_parts_of_a_district_add_up_within_rounding(country, parts):
    whole = country["usage_districts"].dropna(subset=["with_care", *parts])
    apart = (whole[list(parts)].sum(axis=1) - whole["with_care"]).abs()
    assert len(whole) > 300 and (apart <= 2.5 * (len(parts) + 1)).all()


def test_no_published_count_of_a_district_is_below_ten(country):
    counts = country["usage_districts"][["with_care", *AGES, *HOUSEHOLDS]]
    assert counts.min().min() == 10 and (counts.stack() % 5 == 0).all()


def test_the_difference_scp_publishes_is_use_less_expected(country):
    need = country["district_need"].dropna(subset=["use_percent"])
    assert len(need) == 2632
    apart = need["use_percent"] - need["scp_expected_percent"]
    assert apart.abs().mean() == pytest.approx(1.4465, abs=0.0005)
    assert need["use_percent"].corr(need["scp_expected_percent"]) == pytest.approx(0.7593, abs=0.0005)


def test_single_ages_add_up_to_the_published_bands(country):
    ages = country["care_by_age"].query("measure == 'youths_with_care'").set_index("age")["value"]
    bands = [ages.loc[first:last].sum() for first, last in ((0, 3), (4, 11), (12, 17), (18, 19))]
    assert bands == pytest.approx([13_100, 140_565, 135_195, 18_940], abs=10)


def test_a_packed_table_is_read_as_any_other_and_noticed_when_it_is_cut(tmp_path, monkeypatch):
    shutil.copytree(store.root() / "data" / "open", tmp_path / "data" / "open")
    shutil.copy(store.root() / "data" / "corrections.yaml", tmp_path / "data")
    monkeypatch.setenv("ANALYSE_HOME", str(tmp_path))
    resources = {one["name"]: one["path"] for one in snapshot.package()["resources"]}
    path = store.root() / "data" / "open" / resources["usage_districts"]
    names = schema.TABLES["usage_districts"].column_names
    assert gzip.decompress(path.read_bytes()).decode().splitlines()[0].split(",") == names
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match=r"usage_districts\.csv\.gz: altered"):
        snapshot.load()


def test_a_download_brings_newer_districts_from_two_tables(settings, server):
    outcome = update.run(settings, update.Way(only=("85618NED", "85685NED")))
    rows = snapshot.load(outcome.dataset, regions=parameters.COUNTRY)["usage_districts"].query("year == 2023")
    large, small = (rows[rows["district_code"].str.endswith(end)] for end in ("01", "02"))

    assert outcome.left == {} and len(large) == len(small) >= 6
    assert (large["with_care"] >= 10).all() and (large["inhabitants"] == 900).all()
    assert large["age_0_3"].notna().any() and large["district"].eq("Wijk 01").all()
    assert small["with_care"].isna().all() and set(small["status"]) == {"suppressed"}
    assert (rows["municipality_code"].str[2:] == rows["district_code"].str[2:6]).all()
