"""The errors a user can cause and mend: each says what, where, got, expected and the cure."""


class AnalyseError(Exception):
    """Base of every error that the command line shows as one line, without a traceback."""

    exit_code = 1

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone in a notebook as well; IPython asks for this name."""
        return [f"{type(self).__name__}: {self}"]


class DataError(AnalyseError):
    """A table or file is missing, altered or wrong."""

    exit_code = 3


class ParameterError(AnalyseError):
    """A parameter, or a parameter file, is unknown or impossible."""

    exit_code = 2


class OutputError(AnalyseError):
    """A result cannot be written where it was asked for."""

    exit_code = 4


class ReportFailure(AnalyseError):
    """At least one notebook of a run failed; the others are whole."""

    exit_code = 5


MOST_SHOWN = 40
"""Signs of a cell that a message shows."""


def shortened(text: str) -> str:
    """The beginning of a text, for a message.

    Examples
    --------
    >>> shortened("x" * 41)[-3:]
    'xx…'
    """
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
