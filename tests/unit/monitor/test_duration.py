"""Running trajectories count, closed ones alone are short, and chance is told from difference."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse.monitor import duration, flows, waiting


def table(*rows: tuple[str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["start_date", "stop_date"]).assign(care_form="ggz")


def test_a_running_trajectory_lasts_at_least_so_long():
    found = duration.observed(table(("2024-01-01", "2024-03-01"), ("2024-01-01", None)), "2024-12-31")

    assert found["stopped"].tolist() == [True, False]
    assert found["lasted"].tolist() == pytest.approx([2.0, 12.02], abs=0.01)


def test_a_stop_that_is_not_known_yet_does_not_count():
    found = duration.observed(table(("2024-01-01", "2025-03-01")), "2024-12-31")

    assert not found["stopped"].any()


def test_closed_ones_alone_are_biased_short_and_survival_is_not():
    """Durations of eight months on average, entering evenly over two years: half are cut off by the end."""
    rng = np.random.default_rng(5)
    start = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 730, 4000), unit="D")
    stop = start + pd.to_timedelta(rng.exponential(8 * duration.DAYS_A_MONTH, 4000), unit="D")
    whole = duration.observed(
        pd.DataFrame({"start_date": start, "stop_date": stop, "care_form": "ggz"}), "2024-12-31"
    )

    found = duration.summary(whole).iloc[0]

    assert found["median_months"] == pytest.approx(8 * np.log(2), rel=0.05)
    assert found["q0.025"] < 8 * np.log(2) < found["q0.975"]
    assert found["mean_months"] == pytest.approx(8 * (1 - np.exp(-3)), rel=0.05)
    assert found["closed_only_months"] < 0.75 * found["mean_months"]


def test_those_that_came_into_sight_halfway_do_not_make_care_look_longer():
    """Only trajectories still running on the first known day are seen of those before it."""
    rng = np.random.default_rng(6)
    start = pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 365 * 5, 20000), unit="D")
    stop = start + pd.to_timedelta(rng.exponential(8 * duration.DAYS_A_MONTH, 20000), unit="D")
    frame = pd.DataFrame({"start_date": start, "stop_date": stop, "care_form": "ggz"})

    found = duration.summary(duration.observed(frame, "2022-12-31", since="2022-01-01")).iloc[0]

    assert found["median_months"] == pytest.approx(8 * np.log(2), rel=0.1)


def test_a_funnel_signals_the_provider_that_differs_and_not_the_small_one():
    rng = np.random.default_rng(7)
    parts = []
    usual = [(f"usual {place}", 6, 150) for place in range(12)]
    for provider, mean, size in [*usual, ("long", 12, 200), ("small", 6, 12), ("too few", 30, 5)]:
        stop = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.exponential(mean * 30, size), unit="D")
        parts.append(
            pd.DataFrame(
                {"provider": provider, "care_form": "ggz", "start_date": "2023-01-01", "stop_date": stop}
            )
        )

    found = duration.funnel(duration.observed(pd.concat(parts), "2026-12-31")).set_index("provider")

    assert found["signal"].to_dict() == {"long": "more", "small": "", **{name: "" for name, _, _ in usual}}
    assert (found["wide_low_998"] < found["wide_low_95"]).all()


def test_who_left_and_came_back_within_a_year():
    rows = [
        ("a", "2022-01-01", "2022-03-01"),
        ("a", "2022-06-01", "2022-09-01"),
        ("b", "2022-01-01", "2022-03-01"),
        ("c", "2022-01-01", "2022-12-01"),
        ("c", "2022-02-01", "2022-03-01"),
    ]
    frame = pd.DataFrame(rows, columns=["client", "start_date", "stop_date"]).assign(care_form="ggz")

    found = duration.returning(frame, "2024-12-31").iloc[0]

    assert found["left"] == 4  # a twice, b once, c once: one form stopped while the other ran on
    assert found["youths"] == 3
    assert found["returned"] == pytest.approx(1 / 4)
    assert 0 <= found["q0.025"] < 1 / 4 < found["q0.975"] <= 1


def test_care_that_goes_on_the_next_day_is_no_return():
    """Hundred youths with an allocation for 2023 and one for half of 2024: nobody was ever out of care."""
    rows = [
        (f"{youth}", *days)
        for youth in range(100)
        for days in (("2023-01-01", "2023-12-31"), ("2024-01-01", "2024-06-30"))
    ]
    frame = pd.DataFrame(rows, columns=["client", "start_date", "stop_date"]).assign(
        care_form="ggz", provider="p"
    )

    found = duration.returning(frame, "2025-12-31").iloc[0]

    assert (found["left"], found["returned"]) == (100, 0.0)
    assert len(duration.chained(frame)) == 100
    assert duration.observed(duration.chained(frame), "2025-12-31")["lasted"].round(1).unique().tolist() == [
        18.0
    ]


@pytest.mark.parametrize(
    ("begin", "gap", "returned"), [("2024-01-01", 2, 0), ("2024-01-02", 2, 1), ("2024-01-20", 28, 0)]
)
def test_a_return_begins_after_a_gap(begin: str, gap: int, returned: int):
    rows = [("a", "2023-01-01", "2023-12-31"), ("a", begin, "2024-06-30")]
    frame = pd.DataFrame(rows, columns=["client", "start_date", "stop_date"]).assign(care_form="ggz")

    found = duration.returning(frame, "2025-12-31", gap_days=gap)

    assert int(found["left"].iloc[0]) - 1 == returned


def test_another_provider_or_form_is_a_trajectory_of_its_own():
    rows = [
        ("a", "p", "ggz", "2023-01-01", "2023-12-31"),
        ("a", "q", "ggz", "2024-01-01", None),
        ("a", "p", "ambulant", "2024-01-01", None),
        ("a", "p", "ggz", "2024-01-02", None),
        ("a", "p", "ggz", None, None),
        (None, "p", "ggz", "2024-01-01", None),
    ]
    frame = pd.DataFrame(rows, columns=["client", "provider", "care_form", "start_date", "stop_date"])

    assert len(duration.chained(frame)) == 6


@pytest.mark.parametrize("months", [3, 6, 12])
def test_a_new_provider_is_not_long_for_being_new(months: int):
    """Everybody's care lasts eight months; twelve old providers, and one that began 3, 6 or 12 months ago: 20 worlds.

    With the curve kept flat beyond what was seen, 46 of 60 such worlds called the new one longer after half a year.
    """
    called = 0
    for seed in range(20):
        rng = np.random.default_rng([seed, months])
        end = pd.Timestamp("2024-12-31")
        parts = []
        for provider, size, since in [*((f"old {one}", 60, 48) for one in range(12)), ("new", 40, months)]:
            start = end - pd.to_timedelta(
                rng.uniform(0, since * duration.DAYS_A_MONTH, size), unit="D"
            ).round("D")
            stop = start + pd.to_timedelta(rng.exponential(8 * duration.DAYS_A_MONTH, size), unit="D")
            parts.append(
                pd.DataFrame(
                    {"provider": provider, "care_form": "ggz", "start_date": start, "stop_date": stop}
                )
            )
        whole = pd.concat(parts).assign(care_form="ggz")
        found = duration.funnel(duration.observed(whole, end))
        called += int((found["signal"] != "").sum())

    assert called <= 1


def test_providers_of_another_care_form_are_no_measure():
    """A family home lasts longer than guidance: each is held against its own form."""
    rng = np.random.default_rng(9)
    parts = [
        pd.DataFrame(
            {
                "provider": f"{form} {place}",
                "care_form": form,
                "start_date": "2020-01-01",
                "stop_date": pd.Timestamp("2020-01-01")
                + pd.to_timedelta(rng.exponential(days, 80), unit="D"),
            }
        )
        for form, days in (("ambulant", 120), ("gezinshuis", 480))
        for place in range(8)
    ]

    found = duration.funnel(duration.observed(pd.concat(parts), "2026-12-31"))

    expected = found.groupby("care_form")["target"].first()
    assert expected["gezinshuis"] > 2 * expected["ambulant"]
    assert (found["signal"] == "").all()


def test_without_trajectories_there_is_nothing():
    empty = pd.DataFrame(columns=["client", "provider", "care_form", "start_date", "stop_date"])

    lasting = duration.observed(empty, "2024-12-31")

    for found in (
        duration.summary(lasting),
        duration.funnel(lasting),
        duration.returning(empty, "2024-12-31"),
    ):
        assert found.empty and "care_form" in found


def test_waiting_counts_who_still_waits():
    rows = [
        ("2024-01-01", "2024-01-08", None),
        ("2024-01-01", "2024-01-15", None),
        ("2024-01-01", None, None),
        ("2024-01-01", None, "2024-02-01"),
    ]
    frame = pd.DataFrame(rows, columns=["allocated_on", "start_date", "stop_date"]).assign(care_form="ggz")

    found = waiting.times(frame, "2024-06-30", norm_weeks=10).iloc[0]

    # Of four one starts after a week, one of the three others after two; of the two left one gives up, one waits on.
    assert (found["allocated"], found["waiting"], found["withdrawn"]) == (4, 1, 1)
    assert found["beyond_norm"] == pytest.approx(3 / 4 * 2 / 3)
    assert np.isnan(found["median_weeks"]), "exactly half have not started"


def test_who_gives_up_is_one_who_waits_long():
    """Waits of eight weeks on average, and one in twenty a week gives up: without those 18 % seem to wait too long."""
    rng = np.random.default_rng(9)
    wait, patience = rng.exponential(8, 4000), rng.exponential(20, 4000)
    day = pd.Timestamp("2022-01-03")
    ends = day + pd.to_timedelta((np.minimum(wait, patience) * 7).round(), unit="D")
    frame = pd.DataFrame({"allocated_on": day, "start_date": ends, "stop_date": ends, "care_form": "ggz"})
    frame["start_date"] = frame["start_date"].where(wait <= patience)
    frame["stop_date"] = frame["stop_date"].where(wait > patience)

    found = waiting.times(frame, "2024-06-30", norm_weeks=10).iloc[0]

    assert found["beyond_norm"] == pytest.approx(np.exp(-10 / 8), abs=0.03)
    assert found["q0.025"] < np.exp(-10 / 8) < found["q0.975"]
    assert found["median_weeks"] == pytest.approx(8 * np.log(2), rel=0.05)


def test_declared_care_has_begun_though_no_start_message_came():
    frame = pd.DataFrame({
        "allocated_on": ["2024-01-10", "2024-01-10"], "start_date": None, "stop_date": None, "care_form": "ggz",
        "first_declared_on": ["2024-02-01", None]})  # fmt: skip

    found = waiting.times(frame, "2024-06-30", norm_weeks=10).iloc[0]

    assert (found["allocated"], found["waiting"]) == (2, 1)
    assert found["beyond_norm"] == pytest.approx(1 / 2)


def test_flows_balance_in_every_month():
    rng = np.random.default_rng(8)
    start = pd.Timestamp("2022-06-01") + pd.to_timedelta(rng.integers(0, 800, 500), unit="D")
    stop = (start + pd.to_timedelta(rng.integers(0, 400, 500), unit="D")).to_series(index=range(500))
    frame = pd.DataFrame({"start_date": start, "stop_date": stop.where(rng.random(500) < 0.7)})
    frame["care_form"] = rng.choice(["ggz", "verblijf"], 500)

    found = flows.monthly(frame, first="2023-01", last="2024-12")

    before = found.groupby("care_form")["stock"].shift()
    gap = (found["stock"] - before - found["inflow"] + found["outflow"]).dropna()
    assert (gap == 0).all()
    last = pd.Timestamp("2024-12-31")
    running = (frame["start_date"] <= last) & ~(frame["stop_date"] <= last)
    assert found.loc[found["period"] == "2024-12", "stock"].sum() == running.sum()


def in_region(sizes: dict[tuple[str, str], int]) -> pd.DataFrame:
    """Trajectories of a year by provider and municipality, each of three months."""
    rows = [
        {"provider": provider, "municipality_code": code, "client": f"{provider} {code} {place}"}
        for (provider, code), size in sizes.items()
        for place in range(size)
    ]
    same = {
        "care_form": "ggz",
        "start_date": "2023-01-01",
        "stop_date": "2023-03-31",
        "allocated_on": "2022-12-01",
    }
    return pd.DataFrame(rows).assign(**same)


def test_a_provider_of_a_region_that_tells_of_few_in_one_municipality_is_left_out():
    """Of 44 with provider a 40 are in A, whose page shows it: four are left for B. Of b and c it tells nothing."""
    care = in_region({("a", "A"): 40, ("a", "B"): 4, ("b", "A"): 40, ("c", "A"): 30, ("c", "B"): 30})
    lasted = duration.observed(care, "2024-12-31")

    assert sorted(duration.funnel(lasted)["provider"]) == ["b", "c"]
    assert sorted(duration.funnel(lasted.drop(columns="municipality_code"))["provider"]) == ["a", "b", "c"]


def test_a_form_of_a_region_that_tells_of_few_in_one_municipality_is_left_out():
    care = in_region({("a", "A"): 40, ("b", "B"): 4})
    lasted = duration.observed(care, "2024-12-31")
    asked = {"norm_weeks": 10}

    assert (
        duration.summary(lasted).empty
        and len(duration.summary(lasted.query("municipality_code == 'A'"))) == 1
    )
    assert duration.returning(care, "2024-12-31").empty
    assert waiting.by_form(care, "2024-12-31", **asked).empty
    assert len(waiting.by_form(care.query("municipality_code == 'A'"), "2024-12-31", **asked)) == 1


def test_a_provider_where_few_stopped_is_left_out_and_one_where_nobody_did_is_not():
    """From the mean, 8 times expected per actual stops, a reader would compute the six of a."""
    sizes = {("a", "A"): 30, ("b", "A"): 300, ("c", "A"): 60}
    care = in_region(sizes)
    running = care["provider"].eq("c") | (
        care["provider"].eq("a") & (care.groupby("provider").cumcount() >= 6)
    )
    care.loc[running, "stop_date"] = None

    found = duration.funnel(duration.observed(care, "2023-12-31"))

    assert sorted(found["provider"]) == ["b", "c"]


def test_the_funnel_does_not_say_how_many_trajectories_there_are():
    """Of the 30 of a, 24 stopped, which mean and limits tell: with the 30 a reader would know that six are in care."""
    care = in_region({("a", "A"): 30, ("b", "A"): 300})
    care.loc[care["provider"].eq("a") & (care.groupby("provider").cumcount() >= 24), "stop_date"] = None

    found = duration.funnel(duration.observed(care, "2023-12-31")).set_index("provider")

    assert found.loc["a", "stops"] == 24 and "trajectories" not in found


def test_a_provider_of_a_region_that_tells_of_few_stops_in_one_municipality_is_left_out():
    """The page of A tells that 40 stopped there, that of the region 44: four are left for B."""
    care = in_region({("a", "A"): 60, ("a", "B"): 60, ("b", "A"): 300})
    place = care.groupby(["provider", "municipality_code"]).cumcount()
    stays = care["provider"].eq("a") & (place >= care["municipality_code"].map({"A": 40, "B": 4}))
    care.loc[stays, "stop_date"] = None

    found = duration.funnel(duration.observed(care, "2023-12-31"))

    assert list(found["provider"]) == ["b"]
