"""Everything that the notebook on declarations shows of a store, without a kernel."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from analyse import store
from analyse.present.exhibits.exhibit import Exhibit


def of(declarations: Path, contracts: Path, **choices: Any) -> list[Exhibit]:
    """The exhibits of the notebook, in order.

    Parameters
    ----------
    declarations, contracts : Path
        The folders that a run names.
    **choices
        Other parameters of the notebook; 200 samples unless said otherwise.
    """
    book = json.loads((store.notebooks("nl") / "07_declarations.ipynb").read_text(encoding="utf-8"))
    code = ["".join(one["source"]) for one in book["cells"] if one["cell_type"] == "code"]
    chosen = {"declarations": str(declarations), "contracts": str(contracts), "samples": 200} | choices
    code[0] += "".join(f"\n{name} = {value!r}" for name, value in chosen.items())
    shown: list[Exhibit] = []
    names: dict[str, object] = {"In": code}
    for text in code:
        tree = ast.parse(text)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        names["display"] = lambda *made: made
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
        shown += [
            one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Exhibit)
        ]
    return shown
