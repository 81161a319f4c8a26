"""How a command ends: the exit status of every kind of error, and the one line that says what went wrong."""

from __future__ import annotations

import os
import signal
import sys

import typer

from analyse.errors import AnalyseError

MEANINGS = (
    "Exit status: 0 done; 1 unexpected error; 2 wrong parameter or usage; 3 data missing, altered or wrong; "
    "4 output cannot be written; 5 at least one notebook failed; 130 interrupted."
)
INTERRUPTED = 130


def of_error(error: Exception) -> int:
    """Print the error as one line; its exit status."""
    if isinstance(error, AnalyseError):
        return complain(str(error), error.exit_code)
    if isinstance(error, typer.TyperException):
        message = getattr(error, "format_message", error.__str__)().replace("Value error, ", "")
        return complain(f"{message} See `analyse --help`.", 2) if message else 2
    if isinstance(error, OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left to print goes nowhere
        if isinstance(error, BrokenPipeError):
            return 128 + signal.SIGPIPE
        place = f" ({error.filename})" if error.filename else ""
        reason = error.strerror or type(error).__name__
        return complain(f"cannot read or write{place}: {reason}; free space, or choose another place", 4)
    if isinstance(error, MemoryError):
        return complain(
            "this needs more memory than there is; ask for less at once, or use a larger machine", 4
        )
    return complain(
        f"unexpected {type(error).__name__}: {error}; run again with --debug for the traceback", 1
    )


def complain(text: str, status: int) -> int:
    """Print a complaint as one line; the exit status again."""
    print(f"analyse: {' '.join(text.split())}", file=sys.stderr)
    return status
