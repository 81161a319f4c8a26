"""How fast the scenario panel follows a slider in Chromium, and how large it is in a page.

A slider is moved step by step; the time runs from the movement to the first frame with the new charts. The area is
made up, as large as it can be: every care form, ten years, 300 joint futures; first with one measure, then with all of
a ready scenario. Needs Debian's package ``chromium``, or one named in CHROMIUM.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from analyse import parameters, scenario, shared
from analyse.history import areas
from analyse.present.scenario import panel_payload
from analyse.report import assets, exporter
from analyse.sources import snapshot

RESULTS = Path(__file__).with_name("scenario_panel.csv")
YEARS = tuple(range(2025, 2035))
STEPS = 200
SLIDER = "[data-lever=guideline-duration] [type=range]"
MOVE = """async ([selector, steps]) => {
  const slider = document.querySelector(selector), times = [];
  for (let i = 0; i < steps; i++) {
    slider.value = Number(slider.min) + (i % (Number(slider.max) - Number(slider.min)));
    const begun = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const worked = performance.now() - begun;
    await new Promise((drawn) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel();
      port1.onmessage = drawn; port2.postMessage(0); }));
    times.push([worked, performance.now() - begun]);
    await new Promise((rested) => setTimeout(rested, 20));
  }
  return times;
}"""


def main() -> None:
    """Measure, print and write the table."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        sys.exit("NO BROWSER: install Debian's package chromium, or name one in CHROMIUM")
    panels = _panels()
    rows = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        assets.write(Path(folder) / "assets")
        page_file = exporter.export(panels.notebook(years=YEARS), Path(folder) / "panel.html", language="nl")
        started = playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        page = started.new_page(viewport={"width": 1280, "height": 800})
        page.goto(page_file.as_uri())
        page.wait_for_selector(".scenario-panel[data-state=drawn]")
        rows += _moved(page, "one measure")
        page.locator("[data-example]").first.click()
        rows += _moved(page, "all measures of a ready scenario")
        started.close()
    rows += _sizes()
    with RESULTS.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["what", "value", "unit"])
        writer.writerows(rows)
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(
        f"others on this machine: {busy:.1f} waiting for each processor; above 1 the times to a frame say little"
    )
    for what, value, unit in rows:
        print(f"{what}: {value} {unit}")


def _moved(page: Page, what: str) -> list[tuple[str, float, str]]:
    watched = page.context.new_cdp_session(page)
    watched.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _processor(watched)
    times = np.array(page.evaluate(MOVE, [SLIDER, STEPS]))[10:]
    busy = 1000 * (_processor(watched) - before) / STEPS
    worked, drawn = times[:, 0], times[:, 1]
    measures = {
        "script, middle": np.median(worked),
        "script, 95th percentile": np.quantile(worked, 0.95),
        "slider to frame, middle": np.median(drawn),
        "slider to frame, 95th percentile": np.quantile(drawn, 0.95),
        "processor time of the page, mean": busy,
    }
    return [(f"{what}: {name}", round(float(value), 1), "ms") for name, value in measures.items()]


def _processor(watched: CDPSession) -> float:
    """Processor time that the page has taken so far, in seconds: it does not count waiting for a busy machine."""
    metrics = {one["name"]: one["value"] for one in watched.send("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"]


def _sizes() -> list[tuple[str, float, str]]:
    """The largest payload of a municipality and of a region, as it stands in a page."""
    run, package = parameters.load(), snapshot.package("open")
    tables, found = shared.tables(run), {"municipality": 0.0, "region": 0.0}
    for code in [*areas.members(tables, areas.ALL), *areas.REGIONS]:
        inputs = scenario.of(run, code, version=package["version"])
        made = panel_payload.payload(inputs, shared.read("past", run, [code]), data_date=package["created"])
        kind = "municipality" if code.startswith("GM") else "region"
        found[kind] = max(found[kind], len(json.dumps(made, ensure_ascii=False).encode()) / 1000)
    return [(f"embedded data, largest {kind}", round(size), "kB") for kind, size in found.items()]


def _panels() -> ModuleType:
    """The made-up area of the tests."""
    path = Path(__file__).parents[1] / "tests" / "panels.py"
    spec = importlib.util.spec_from_file_location("panels", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
