"""A folder with the user's own data, parameters and notebooks, where the package stands without its repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

MARK = ".analyse-home"
"""File that makes a folder the home of the commands that are run in it."""
PARTS = ("data", "parameters", "notebooks", "requirements.lock")


def register(app: typer.Typer, epilog: str) -> None:
    """Add the command."""
    app.command(name="init", epilog=epilog)(make)
    new = typer.Typer(help="Begin something of your own.", no_args_is_help=True)
    new.command(name="notebook", epilog=epilog)(notebook)
    app.add_typer(new, name="new")


def make(
    folder: Annotated[Path, typer.Argument(help="Folder to make; new or empty.")],
) -> None:
    """Make a folder with the figures, parameters and notebooks, to change and to add datasets of your own to."""
    import shutil

    from analyse import store
    from analyse.errors import OutputError

    source, folder = store.root(), folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(f"{folder}: is not an empty folder; name another one")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in PARTS:
            if name == "data":
                (folder / name).mkdir()
                shutil.copytree(source / name / "open", folder / name / "open")
                shutil.copy(source / name / "corrections.yaml", folder / name)
            elif (source / name).is_dir():
                ignored = shutil.ignore_patterns(".ipynb_checkpoints")
                shutil.copytree(source / name, folder / name, ignore=ignored)
            else:
                shutil.copy(source / name, folder)
        (folder / MARK).touch()
    except OSError as error:
        raise store.cannot_write(folder, error) from error
    typer.echo(f"{folder}: figures, parameters and notebooks; commands that are run in this folder use them")
    typer.echo(f"for papermill and JupyterLab: export ANALYSE_HOME={folder}")


def notebook(
    name: Annotated[str, typer.Argument(help="Name of the notebook, such as delft-and-leiden.")],
) -> None:
    """Write a notebook to begin an own question with, here: figures, a forecast and its chart."""
    from analyse.runs import own_notebook

    path = own_notebook.write(name, Path.cwd())
    typer.echo(f"{path.name}: open it with `make lab` or VS Code, and choose Run All Cells")


def adopt(folder: Path) -> None:
    """Let the commands use this folder when ``analyse init`` made it, and no other one is named."""
    if not os.environ.get("ANALYSE_HOME") and (folder / MARK).is_file():
        os.environ["ANALYSE_HOME"] = str(folder)
