"""What the machine does to a run: a full disk, a folder that is removed, a clock that jumps, its locale and zone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analyse import runs
from analyse.errors import OutputError
from analyse.parameters import Run
from analyse.runs import Effort, Plan, Reuse

CODES = ("GM0503", "GM0518", "GM0599")
DISK_MB = 24


def _make(folder: Path, *jobs, **reuse) -> runs.Result:
    plan = Plan("try", Run(), jobs, whole=True)
    return runs.make(plan, folder, effort=Effort(workers=1), reuse=Reuse(**reuse))


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own, of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", place], capture_output=True
    )
    if made.returncode:
        pytest.skip(f"NO SMALL DISK: a full disk was not tested ({made.stderr.decode().strip()})")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_fills_up_ends_the_run_in_words_and_loses_nothing(job, tmp_path, small_disk, folders):
    fill = f"""import os
if os.path.exists({str(tmp_path / "fill")!r}):
    with open({str(small_disk / "rest")!r}, "wb", buffering=0) as rest:
        try:
            while rest.write(bytes(4096)): pass
        except OSError: pass
"""
    jobs = [job("GM0503", "1 + 1"), job("GM0599", fill, "'x' * 100_000")]
    whole = folders.files(_make(tmp_path / "whole", *jobs).folder)
    earlier = folders.files(_make(small_disk / "reports", *jobs).folder)
    (tmp_path / "fill").touch()

    with pytest.raises(OutputError, match="No space left on device; free space"):
        _make(small_disk / "reports", *jobs, fresh=True)
    assert folders.files(small_disk / "reports" / "try") == earlier
    (tmp_path / "fill").unlink()
    (small_disk / "rest").unlink()
    result = _make(small_disk / "reports", *jobs, resume=True)

    found = folders.files(result.folder)  # the index apart, which tells what changed since the earlier set
    for name in [one for one in whole if "index" in one]:
        del whole[name], found[name]
    assert folders.differences(whole, found) == ""


def test_a_reports_folder_that_is_removed_meanwhile_is_said_and_made_again(job, tmp_path, folders):
    flag, reports = tmp_path / "flag", tmp_path / "reports"
    flag.touch()
    code = f"import os, shutil; os.path.exists({str(flag)!r}) and shutil.rmtree({str(reports)!r})"
    jobs = [job("GM0503", code), job("GM0599", "1 + 1")]

    with pytest.raises(OutputError, match="cannot write .*No such file or directory"):
        _make(reports, *jobs)
    flag.unlink()
    result = _make(reports, *jobs)

    assert result.failed == []
    assert sorted(result.ran) == sorted(one.name for one in jobs)


SCRIPT = """
import sys
from pathlib import Path
from analyse import runs
from analyse.parameters import Run
from analyse.runs.plan import Job
if __name__ == "__main__":
    jobs = [Job(f"municipality-{c}", "municipality", Path(sys.argv[2]) / f"{c}.ipynb", c, "Delft", {"municipality": c})
            for c in sys.argv[3:]]
    runs.make(runs.Plan("try", Run(), tuple(jobs), True), Path(sys.argv[1]), effort=runs.Effort(workers=1))
"""
CLOCK = """
import os, time
_now, _now_ns, _flag = time.time, time.time_ns, os.environ["JUMPED"]
def _jump():
    return 400 * 86400 if os.path.exists(_flag + ".on") else -400 * 86400 if os.path.exists(_flag + ".back") else 0
time.time = lambda: _now() + _jump()
time.time_ns = lambda: _now_ns() + _jump() * 10**9
"""


def test_a_clock_that_jumps_a_year_on_and_back_changes_nothing(job, tmp_path, folders):
    """The clock as Python tells it, in every process of the run: that of the machine is not ours to set."""
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(CLOCK)
    (tmp_path / "script.py").write_text(SCRIPT)
    flag = tmp_path / "jumped"
    look = "import os, time; jumped = abs(time.time() - os.stat('/proc/self').st_ctime) > 300 * 86400"
    for code, change in zip(CODES, ("", ".on", ".back"), strict=True):
        begin = f"from pathlib import Path; Path({f'{flag}.on'!r}).unlink(missing_ok=True)"
        jump = f"Path({f'{flag}{change}'!r}).touch()" if change else "1 + 1"
        job(code, begin, jump, look, "print(jumped)")
    environment = {
        **os.environ,
        "JUMPED": str(flag),
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "clock"), os.environ.get("PYTHONPATH", "")]),
    }
    command = [sys.executable, tmp_path / "script.py", tmp_path / "jumping", tmp_path / "notebooks", *CODES]
    subprocess.run(command, env=environment, check=True, timeout=300)
    found = folders.files(tmp_path / "jumping" / "try")
    printed = [found[f"notebooks/municipality-{code}.ipynb"].count(b"True\\n") for code in CODES]
    flag.with_suffix(".back").unlink()
    jobs = [job(code, *_sources(tmp_path, code)) for code in CODES]

    assert printed == [0, 1, 1], "the clock jumped in the notebooks"
    again = _make(tmp_path / "jumping", *jobs)
    assert again.ran == {}, "and what was made then still counts"


def _sources(folder: Path, code: str) -> list[str]:
    import nbformat

    node = nbformat.read(folder / "notebooks" / f"{code}.ipynb", as_version=4)
    return [cell.source for cell in node.cells[2:]]


NUMBERS = """
import locale, time
print(locale.setlocale(locale.LC_ALL, ""), locale.localeconv()["decimal_point"], time.tzname[0])
from analyse import parameters, shared
run = parameters.Run(samples=100, horizon=2)
print(shared.read("future", run).to_json(double_precision=15)[:20000], shared.read("past", run).to_csv())
"""
SETTINGS = (
    ("Europe/Amsterdam", "C.UTF-8", "."),
    ("Pacific/Kiritimati", "nl_NL.UTF-8", ","),
    ("Europe/Amsterdam", "tr_TR.UTF-8", ","),
)


@pytest.fixture(scope="module")
def locales(tmp_path_factory) -> Path:
    """The locales, made from the descriptions of the system, which need not have them compiled."""
    folder = tmp_path_factory.mktemp("locales")
    if shutil.which("localedef") is None or not Path("/usr/share/i18n/locales/nl_NL").exists():
        pytest.skip("NO LOCALES: install the package `locales`; other locales were not tested")
    for name in ("nl_NL", "tr_TR"):
        subprocess.run(["localedef", "-i", name, "-f", "UTF-8", folder / f"{name}.UTF-8"], check=True)
    return folder


def test_time_zone_and_locale_of_the_machine_change_no_number(locales):
    numbers = set()
    for zone, name, point in SETTINGS:
        where = {} if name.startswith("C") else {"LOCPATH": str(locales)}
        environment = {**os.environ, **where, "TZ": zone, "LC_ALL": name, "LANG": name}
        done = subprocess.run(
            [sys.executable, "-c", NUMBERS], env=environment, capture_output=True, check=True
        )
        head, _, rest = done.stdout.partition(b"\n")
        assert head.decode().split()[:2] == [name, point], "the locale is really in use"
        numbers.add(rest)

    assert len(numbers) == 1
