"""Showing how far a run is: a bar on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from analyse.runs import Result

Tell = Callable[[dict[str, Any]], None]


@contextlib.contextmanager
def shown(total: int, *, quiet: bool, console: Console | None = None) -> Iterator[Tell]:
    """Give a function that is told each finished notebook's entry."""
    console = console or Console()
    if quiet:
        yield lambda entry: None
    elif console.is_terminal:
        with _bar(console) as bar:
            task = bar.add_task("reports", total=total, last="")

            def advance(entry: dict[str, Any]) -> None:
                if entry["reason"]:
                    bar.console.print(f"failed: {_line(entry)}", style="red", markup=False, highlight=False)
                bar.update(task, advance=1, last=entry["title"])

            yield advance
    else:
        done = 0

        def tell(entry: dict[str, Any]) -> None:
            nonlocal done
            done += 1
            print(f"{done}/{total} {_line(entry)}", flush=True)

        yield tell


def print_closing(result: Result, *, quiet: bool = False) -> None:
    """Print what was made, how long it took and where to look; one line when quiet."""
    from analyse.cli import unattended

    if quiet:
        print(unattended.line(result), flush=True)
        return
    notebooks = result.manifest["notebooks"]
    if result.ran:
        seconds = f"in {result.manifest['seconds']:.0f} seconds"
        print(f"{len(notebooks) - len(result.failed)} of {len(notebooks)} reports {seconds}")
    else:
        print(f"nothing changed since these {len(notebooks)} reports were made")
    print(f"open {result.index}", flush=True)


def _bar(console: Console) -> Progress:
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[last]}"))
    return Progress(TextColumn("{task.description}"), *columns, console=console)


def _line(entry: dict[str, Any]) -> str:
    outcome = f"failed: {entry['reason']}" if entry["reason"] else f"{entry['seconds']:.1f} s"
    return f"{entry['name']} ({entry['title']}) {outcome}"
