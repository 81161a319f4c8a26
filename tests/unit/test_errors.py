"""An error that a user can mend is one sentence, in a notebook as on the command line."""

from IPython.core.interactiveshell import InteractiveShell

from analyse.errors import ParameterError


def test_a_notebook_shows_the_sentence_without_a_traceback(capsys):
    shell = InteractiveShell()
    shell.user_ns["error"] = ParameterError("horizon: got 99; choose 1 to 10")
    shell.run_cell("def deep():\n    raise error\ndeep()")

    assert capsys.readouterr().out.strip() == "ParameterError: horizon: got 99; choose 1 to 10"
