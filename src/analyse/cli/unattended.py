"""What an unattended run leaves for people: a line, a summary that can be mailed, and a log that does not grow."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from analyse import store
from analyse.runs import Result, Verdict

LOG, SUMMARY = "analyse.log", "summary.txt"
LOG_BYTES, LOG_FILES = 1_000_000, 5


def line(result: Result) -> str:
    """One sentence: how many reports there are, how many were made, how many failed."""
    reports = len(result.manifest["notebooks"])
    counted = "1 report" if reports == 1 else f"{reports} reports"
    return (
        f"{result.manifest['run']}: {counted}, {len(result.ran)} made, {reports - len(result.ran)} unchanged, "
        f"{len(result.failed)} failed"
    )


def summary(result: Result) -> str:
    """What changed and what failed, as plain text for a mail."""
    entries = {one["name"]: one for one in result.manifest["notebooks"]}
    made = [f"  {name} ({entries[name]['title']}): {why}" for name, why in result.ran.items()]
    failed = [
        f"  {one['name']} ({one['title']}), cell {one['cell'] or '-'}: {one['reason']}"
        for one in result.failed
    ]
    parts = [line(result), f"index: {result.index}", *_declared(result.manifest.get("declarations"))]
    parts += ["", "failed:", *failed] if failed else []
    parts += ["", "made:", *made] if made else ["", "nothing changed"]
    return "\n".join(parts) + "\n"


def _declared(told: Mapping[str, Any] | None) -> list[str]:
    """What the pages on declarations are made of, and who has none; nothing when the set has no such pages."""
    if not told:
        return []
    absent = ", ".join(
        f"{one['title']} ({one['present']} of {one['members']})" if one["present"] else one["title"]
        for one in told["absent"]
    )
    lines = [f"declarations: {told['label']}"] if told["simulated"] else []
    return lines + ([f"no page on declarations, for want of lines: {absent}"] if absent else [])


def record(result: Result, folder: Path) -> None:
    """Write the summary and add to the log in the reports folder."""
    store.write_text(folder / SUMMARY, summary(result))
    handler = RotatingFileHandler(
        folder / LOG, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.Logger("analyse.report", logging.INFO)
    log.addHandler(handler)
    log.info(line(result))
    for one in result.failed:
        log.error("%s failed in cell %s: %s", one["name"], one["cell"] or "-", one["reason"])
    handler.close()


def print_plan(verdicts: Sequence[Verdict]) -> None:
    """Print what would run and why, and how many would not."""
    for one in verdicts:
        if one.why:
            print(f"{one.job.name} ({one.job.title}): {one.why}")
    running = sum(bool(one.why) for one in verdicts)
    print(f"{running} of {len(verdicts)} notebooks would run")


def print_comparison(found: Mapping[str, Any]) -> None:
    """Print whether a rerun gave the same, and with what it differed."""
    for one in found["differences"]:
        print(f"made with another {one}")
    for name in found["other"]:
        print(f"not the same: {name}")
    print(f"{found['same']} of {found['notebooks']} reports are the same, byte for byte")
