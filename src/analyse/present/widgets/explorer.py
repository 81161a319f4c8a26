"""A figure or table with choices: controls where somebody can use them, the plain figure everywhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from analyse.errors import ParameterError
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.widgets import copying
from analyse.present.widgets.choice import Choice

View = Callable[..., Exhibit | tuple[Exhibit, ...]]


class Explorer:
    """What a notebook cell shows when a reader can choose.

    In JupyterLab and VS Code it has a control for every choice and a table to copy. Run by papermill, or where
    nobody can choose, it shows the exhibits of the choices made: the same as without controls, at no cost.

    Parameters
    ----------
    view : callable
        Takes each choice by name; returns one exhibit or several.
    choices : tuple of Choice
        What can be chosen.
    link : str
        Name of the choice that is made by pointing at a place in a chart or table: there, hover text and row
        headings begin with the text of an option.
    partner : Explorer, optional
        Another explorer that pointing here chooses in; with it ``link`` is the partner's.
    idle : callable, optional
        Takes the choices made; returns the names of those that change nothing beside them.
    """

    def __init__(
        self,
        view: View,
        choices: tuple[Choice, ...] = (),
        *,
        link: str = "",
        partner: Explorer | None = None,
        idle: Callable[[dict[str, Any]], set[str]] | None = None,
    ) -> None:
        """Store the arguments; exhibits are made on demand."""
        self.idle = idle or (lambda chosen: set())
        self.view, self.choices, self.link, self.partner = view, choices, link, partner
        self.chosen: dict[str, Any] = {one.name: one.value for one in choices}
        self._listeners: list[Callable[[], None]] = []
        self._made: tuple[dict[str, Any], tuple[Exhibit, ...]] | None = None

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """The exhibits of the choices made."""
        if self._made is None or self._made[0] != self.chosen:
            made = self.view(**self.chosen)
            self._made = dict(self.chosen), made if isinstance(made, tuple) else (made,)
        return self._made[1]

    @property
    def frame(self) -> pd.DataFrame:
        """The table behind the first exhibit, as a DataFrame."""
        return copying.frame(self.exhibits[0].table)

    def choose(self, **values: Any) -> Explorer:
        """The same with other choices, by value or by the text that is shown: ``choose(area="Leiden")``.

        Raises
        ------
        ParameterError
            If there is no such choice, or it cannot have this value.
        """
        other = Explorer(self.view, self.choices, link=self.link, partner=self.partner, idle=self.idle)
        other.chosen = {**self.chosen, **self._accepted(values)}
        return other

    def set(self, **values: Any) -> None:
        """Change choices of this explorer itself, and of the controls that show it.

        Raises
        ------
        ParameterError
            If there is no such choice, it cannot have this value, or there is nothing to show for it: then the
            choices stay as they were.
        """
        before = dict(self.chosen)
        self.chosen |= self._accepted(values)
        if self.chosen == before:
            return
        try:
            _ = self.exhibits
        except ParameterError:
            self.chosen = before
            raise
        for listener in list(self._listeners):
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call ``listener()`` after every change."""
        self._listeners.append(listener)

    def choice(self, name: str) -> Choice:
        """One of the choices by its name.

        Raises
        ------
        ParameterError
            If there is none of that name.
        """
        for one in self.choices:
            if one.name == name:
                return one
        known = ", ".join(one.name for one in self.choices) or "nothing"
        raise ParameterError(f"explorer: there is no choice {name!r}; one can choose {known}")

    def _accepted(self, values: dict[str, Any]) -> dict[str, Any]:
        language = self.chosen.get("language", "nl")
        return {name: self.choice(name).accept(value, language) for name, value in values.items()}

    def _ipython_display_(self) -> None:
        from IPython.display import display

        exhibits = self.exhibits
        if not live():
            for one in exhibits:
                display(one)
            return
        from analyse.present.widgets.controls import Panel

        static = exhibits[0]._repr_mimebundle_()
        display({**static, **Panel(self).bundle()}, raw=True)


def live() -> bool:
    """Whether the kernel is interactive: JupyterLab or VS Code started it for a notebook.

    A kernel that papermill or nbconvert starts from such a notebook inherits its environment, but not the name of
    its connection file, which only a Jupyter server gives.
    """
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return False
    if "__vsc_ipynb_file__" in shell.user_ns:
        return True
    connection = Path(str(shell.config.get("IPKernelApp", {}).get("connection_file", "")))
    return "JPY_SESSION_NAME" in os.environ and connection.name.startswith("kernel-")
