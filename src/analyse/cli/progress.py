"""What a run reports: its progress, a closing line, a summary that can be mailed, and a log that does not grow."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyse import store

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from analyse.runs import Result, Verdict

Tell = Callable[[dict[str, Any]], None]
LOG, SUMMARY = "analyse.log", "summary.txt"
LOG_BYTES, LOG_FILES = 1_000_000, 5


@contextlib.contextmanager
def shown(total: int, *, quiet: bool, console: Console | None = None) -> Iterator[Tell]:
    """Return a function to be called with the entry of each notebook that ends."""
    from rich.console import Console

    console = console or Console(stderr=True)
    if quiet:
        yield lambda entry: None
    elif console.is_terminal:
        with bar(console) as shown_bar:
            task = shown_bar.add_task("reports", total=total, last="")

            def advance(entry: dict[str, Any]) -> None:
                if entry["reason"]:
                    shown_bar.console.print(
                        f"failed: {_line(entry)}", style="red", markup=False, highlight=False
                    )
                shown_bar.update(task, advance=1, last=entry["title"])

            yield advance
    else:
        done = 0

        def tell(entry: dict[str, Any]) -> None:
            nonlocal done
            done += 1
            print(f"{done}/{total} {_line(entry)}", file=sys.stderr, flush=True)

        yield tell


def print_closing(result: Result, *, quiet: bool = False) -> None:
    """Print what was made, how long it took and where to look; one line when quiet."""
    if quiet:
        print(sentence(result), flush=True)
        return
    notebooks = result.manifest["notebooks"]
    if result.ran:
        seconds = f"in {result.manifest['seconds']:.0f} seconds"
        print(f"{len(notebooks) - len(result.failed)} of {len(notebooks)} reports {seconds}")
    else:
        print(f"nothing changed since these {len(notebooks)} reports were made")
    print(f"open {result.index}", flush=True)


def bar(console: Console, first: str = "{task.description}") -> Progress:
    """A bar that counts on a terminal, with the time that passed and a word on the last part."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    last = TextColumn("{task.fields[last]}")
    return Progress(
        TextColumn(first), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), last, console=console
    )


def _line(entry: dict[str, Any]) -> str:
    outcome = f"failed: {entry['reason']}" if entry["reason"] else f"{entry['seconds']:.1f} s"
    return f"{entry['name']} ({entry['title']}) {outcome}"


def sentence(result: Result) -> str:
    """One sentence: how many reports there are, how many were made, how many failed."""
    reports = len(result.manifest["notebooks"])
    counted = "1 report" if reports == 1 else f"{reports} reports"
    return (
        f"{result.manifest['run']}: {counted}, {len(result.ran)} made, {reports - len(result.ran)} unchanged, "
        f"{len(result.failed)} failed"
    )


def summary(result: Result) -> str:
    """What changed and what failed, as plain text for a mail."""
    entries = {entry["name"]: entry for entry in result.manifest["notebooks"]}
    made = [f"  {name} ({entries[name]['title']}): {why}" for name, why in result.ran.items()]
    failed = [
        f"  {entry['name']} ({entry['title']}), cell {entry['cell'] or '-'}: {entry['reason']}"
        for entry in result.failed
    ]
    parts = [sentence(result), f"index: {result.index}", *_declared(result.manifest.get("declarations"))]
    parts += ["", "failed:", *failed] if failed else []
    parts += ["", "made:", *made] if made else ["", "nothing changed"]
    return "\n".join(parts) + "\n"


def _declared(told: Mapping[str, Any] | None) -> list[str]:
    """What the pages on declarations are made from, and which areas get none; empty for a set without such pages."""
    if not told:
        return []
    absent = ", ".join(
        f"{area['title']} ({area['present']} of {area['members']})" if area["present"] else area["title"]
        for area in told["absent"]
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
    log.info(sentence(result))
    for entry in result.failed:
        log.error("%s failed in cell %s: %s", entry["name"], entry["cell"] or "-", entry["reason"])
    handler.close()


def print_plan(verdicts: Sequence[Verdict]) -> None:
    """Print what would run and why, and how many would not."""
    for verdict in verdicts:
        if verdict.why:
            print(f"{verdict.job.name} ({verdict.job.title}): {verdict.why}")
    running = sum(bool(verdict.why) for verdict in verdicts)
    print(f"{running} of {len(verdicts)} notebooks would run")


def print_comparison(compared: Mapping[str, Any]) -> None:
    """Print whether a rerun gave the same, and with what it differed."""
    for part in compared["differences"]:
        print(f"made with another {part}")
    for name in compared["other"]:
        print(f"not the same: {name}")
    print(f"{compared['same']} of {compared['notebooks']} reports are the same, byte for byte")
