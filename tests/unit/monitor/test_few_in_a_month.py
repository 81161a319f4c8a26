"""What was declared of fewer than ten youths in a month is on no page, and follows from no other."""

import numpy as np
import pandas as pd
import pytest

from analyse.monitor import year_end

MONTHS = pd.DataFrame(
    {
        "period": ["2024-08", "2024-09", "2024-10", "2024-11", "2024-12"],
        "declared_eur": [100e3, 90e3, 60e3, 2e3, 0.0],
        "cost_eur": [100e3, 100e3, 100e3, 100e3, 100e3],
        "stage": ["completed"] * 4 + ["forecast"],
    }
)


def youths(**by_municipality):
    return pd.DataFrame(by_municipality, index=pd.Index(MONTHS["period"].iloc[:4], name="period"))


def hidden(table):
    return table.index[table["declared_eur"].isna()].tolist()


def test_a_month_of_few_goes_with_the_newest_other_one_since_the_year_to_date_is_shown():
    made = year_end.without_few(MONTHS, youths(GM0503=[50, 45, 30, 4]))

    assert hidden(made) == [2, 3]
    assert made["declared_eur_status"].tolist() == ["final", "final", "suppressed", "suppressed", "final"]
    assert made["cost_eur"].isna().tolist() == [False, False, True, True, False], (
        "60 % of October was declared"
    )
    assert made["cost_eur_status"].tolist()[2] == "suppressed"


def test_a_month_of_few_goes_with_one_of_its_own_year_since_each_year_stands_on_the_page():
    years = MONTHS.assign(period=["2023-10", "2023-11", "2023-12", "2024-01", "2024-02"])
    known = youths(GM0503=[50, 45, 4, 30]).set_axis(years["period"].iloc[:4])

    assert hidden(year_end.without_few(years, known)) == [1, 2]


def test_a_page_of_a_region_hides_the_months_that_one_of_its_municipalities_hides():
    made = year_end.without_few(MONTHS, youths(GM0503=[500, 450, 300, 40], GM0518=[60, 50, 3, 12]))

    assert hidden(made) == [2, 3]


def test_months_of_ten_or_more_and_of_nobody_stay():
    made = year_end.without_few(MONTHS, youths(GM0503=[50, 45, 10, 0]))

    assert hidden(made) == []
    assert made["cost_eur"].tolist() == MONTHS["cost_eur"].tolist()


@pytest.mark.parametrize("declared", [year_end.MOSTLY, 0.9])
def test_the_completed_amount_goes_where_it_tells_the_declared_one(declared):
    months = MONTHS.assign(declared_eur=[100e3, 90e3, 100e3 * declared, 2e3, 0.0])
    made = year_end.without_few(months, youths(GM0503=[50, 45, 30, 4]))

    assert np.isnan(made["cost_eur"].iloc[2]) == (declared > year_end.MOSTLY)
