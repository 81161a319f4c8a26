"""The page of one provider: its numbers, the usual beside it, and what several pages together do not give away."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analyse import cli, small_cells
from analyse.errors import DataError, ParameterError
from analyse.monitor import inputs, mirror
from analyse.small_cells import proof

UNTIL = "2024-12-31"


def trajectories(providers: dict[str, int], *, form: str = "ggz", months: dict[str, int] | None = None):
    """So many trajectories of each provider, begun over three years, lasting so many months on average."""
    rows, rng = [], np.random.default_rng(7)
    for provider, count in providers.items():
        starts = pd.Timestamp("2022-01-01") + pd.to_timedelta(np.linspace(0, 1060, count).astype(int), "D")
        lasted = rng.exponential((months or {}).get(provider, 8) * 30.4, count).astype(int)
        stops = starts + pd.to_timedelta(lasted, "D")
        rows.append(
            pd.DataFrame(
                {
                    "client": [f"{provider}{form}{one}" for one in range(count)],
                    "care_form": form,
                    "provider": provider,
                    "allocated_on": starts - pd.Timedelta(days=30),
                    "start_date": starts,
                    "stop_date": stops.where(stops <= pd.Timestamp(UNTIL)),
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def test_volume_counts_what_ran_began_and_ended_in_the_last_twelve_months():
    care = trajectories({"A": 120, "B": 90, "C": 60})
    begun, ended = (pd.to_datetime(care[name]) for name in ("start_date", "stop_date"))
    since = pd.Timestamp("2023-12-31")
    right = {
        "in care": (begun <= UNTIL) & ~(ended <= since),
        "started": begun > since,
        "stopped": ended > since,
    }
    found = mirror.volume(care, UNTIL).set_index(["measure", "provider"])["trajectories"]

    for measure, chosen in right.items():
        for provider in "ABC":
            count = float((chosen & care["provider"].eq(provider)).sum())
            assert found[measure, provider] == small_cells.rounded(count)
        assert found[measure, mirror.TOTAL] == small_cells.rounded(float(chosen.sum()))


def test_no_small_count_follows_from_the_pages_of_all_providers_together():
    sizes = {f"P{number}": int(size) for number, size in enumerate([4, 9, 12, 30, 60, 75, 200, 3])}
    care = pd.concat([trajectories(sizes), trajectories({"P1": 40, "P2": 5, "P9": 18}, form="verblijf")])
    found = mirror.volume(care, UNTIL)
    start, stop = pd.to_datetime(care["start_date"]), pd.to_datetime(care["stop_date"])
    ran = care[(start <= UNTIL) & ~(stop <= pd.Timestamp("2023-12-31"))]
    attacked = 0
    for form, rows in found[found["measure"].eq("in care")].groupby("care_form"):
        own = rows[rows["provider"].ne(mirror.TOTAL)]
        true = (
            ran[ran["care_form"].eq(form)].groupby("provider").size()[own["provider"]].to_numpy(dtype=float)
        )
        hidden = own["trajectories"].isna().to_numpy()
        values, unseen = np.append(true, true.sum()), np.append(hidden, False)
        ends = proof.bounds(values, [(len(true), list(range(len(true))))], unseen)
        for place in np.flatnonzero(hidden & (true < small_cells.SMALLEST)):
            attacked += 1
            assert ends[place][1] >= small_cells.SMALLEST
        assert not (~hidden & (true < small_cells.SMALLEST)).any()

    assert attacked >= 4


def test_longer_care_of_one_provider_is_signalled_and_the_others_are_usual():
    codes = "ABCDEFGHIJKLMNOPQRST"
    months = {code: 6 + place % 2 for place, code in enumerate(codes)} | {"A": 20}
    care = trajectories(dict.fromkeys(codes, 150), months=months)
    found = mirror.beside(care, UNTIL, norm_weeks=10).query("measure == 'duration'").set_index("provider")

    assert found.loc["A", "signal"] == "more"
    assert set(found.drop("A")["signal"]) == {""}
    assert (found["n"] % small_cells.STEP == 0).all()


def test_waiting_beyond_the_norm_is_that_of_what_was_allocated_in_the_last_year():
    care = trajectories(dict.fromkeys("ABCD", 400))
    late = care["provider"].eq("A") & (np.arange(len(care)) % 2 == 0)
    some = (np.arange(len(care)) % 4 == 0) & ~care["provider"].eq("A")
    weeks = pd.to_timedelta(np.where(late | some, 20 * 7, 14), "D")
    care = care.assign(allocated_on=care["start_date"] - weeks)
    found = mirror.beside(care, UNTIL, norm_weeks=10).query("measure == 'waiting'").set_index("provider")

    begun, until = pd.to_datetime(care["allocated_on"]), pd.Timestamp(UNTIL)
    recent = care[(begun > until - pd.DateOffset(years=1)) & (begun <= until)]
    beyond = (recent["start_date"] - recent["allocated_on"]).dt.days > 70
    right = beyond.groupby(recent["provider"]).mean()

    assert right["A"] > 2 * right["B"]
    assert found["value"].to_dict() == pytest.approx(right.to_dict())
    assert found["target"].iloc[0] == pytest.approx(beyond.mean())


def test_a_fraction_of_which_one_side_is_small_is_left_out():
    care = trajectories({"A": 120, "B": 120, "C": 120, "D": 120})
    found = mirror.beside(care, UNTIL, norm_weeks=10)

    assert found.query("measure in ('waiting', 're-entry')").empty  # nobody waits long, nobody comes back


def page(stored, provider, place, *more):
    named = ["--declarations", str(stored.store), "--contracts", str(stored.contracts)]
    return CliRunner().invoke(
        cli.app, ["report", "--provider", provider, *named, "--output", str(place), *more]
    )


def test_the_page_names_nobody_else_says_that_it_is_simulated_and_hides_what_is_small(stored, tmp_path):
    seen = inputs.read(stored.store, stored.contracts)
    youths = seen.started(["GM0503"]).groupby("provider")["client"].nunique().sort_values()
    *others, own = youths.index
    done = page(stored, own, tmp_path)
    assert done.exception is None, done.output
    text = (tmp_path / f"provider-{own}.html").read_text(encoding="utf-8")

    assert own in text and "Gesimuleerde declaraties" in text
    assert others and not [one for one in others if re.search(rf"\b{one}\b", text)]
    assert not re.search(r'data-count="persons"[^>]*>\s*[1-9]\s*<', text)


def test_too_few_youths_and_an_unknown_provider_are_refused(stored, tmp_path):
    seen = inputs.read(stored.store, stored.contracts)
    youths = seen.started(["GM0503"]).groupby("provider")["client"].nunique().sort_values()
    small = page(stored, youths.index[0], tmp_path)
    unknown = page(stored, "12345678", tmp_path)

    assert youths.iloc[0] < small_cells.SMALLEST
    assert isinstance(small.exception, DataError) and "fewer than ten" in str(small.exception)
    assert isinstance(unknown.exception, ParameterError) and not list(tmp_path.iterdir())


def test_a_provider_with_enough_youths_sees_its_figures_beside_the_usual():
    from analyse.present import monitor
    from analyse.present.monitor import mirror_page

    judged = pd.DataFrame({"measure": "duration", "care_form": "ggz", "provider": ["a", "b"], "value": [14.0, 8.0],
                           "n": [40.0, 90.0], "target": 9.0, "wide_low_998": 5.0, "wide_high_998": 13.0,
                           "signal": ["more", ""]})  # fmt: skip

    shown = mirror_page.standing(judged, "a", monitor.Page("Delft", False))

    assert "1 van uw 1" in shown.title and len(shown.table.cells) == 1
    assert shown.note.endswith("Wat er minder dan tien heeft, staat er niet bij.")
