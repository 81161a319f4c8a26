"""``analyse declarations compare``: how near the completion came, beside the chain ladder of the actuaries."""

from __future__ import annotations

import importlib.util
import warnings
from typing import Annotated, Any

import typer

from analyse.cli import declaration_monitor
from analyse.cli.options import OptionalTableFile

PACKAGE = "chainladder"


def compare(
    folder: declaration_monitor.Store = declaration_monitor.STORE,
    back: Annotated[
        int, typer.Option(min=1, max=36, help="How many past cut-offs, a year old or more.")
    ] = 12,
    cut_off: declaration_monitor.CutOff = "",
    output: OptionalTableFile = None,
) -> None:
    """Complete the last twelve months as they were known then, and compare that with what they came to.

    Beside this method stand the chain ladder with Mack's interval and, where it is installed, the same by the
    `chainladder` package (benchmarks/checks/requirements.txt has its version).
    """
    import numpy as np

    from analyse import store
    from analyse.history.completion import compared
    from analyse.monitor import inputs

    known = inputs.read(folder, cut_off=cut_off)
    there = importlib.util.find_spec(PACKAGE) is not None
    others = {f"{PACKAGE} package": by_package} if there else {}
    rng = np.random.default_rng(declaration_monitor.SEED)
    found = compared.past(known.cells, known.cut_off, back=back, others=others, rng=rng)
    if known.about["label"]:
        typer.echo(known.about["label"])
    table = compared.nearness(found)
    shown = table.assign(**{name: (table[name] * 100).round(2) for name in ("error", "bias", "held")})
    typer.echo(shown.to_string(index=False))
    typer.echo(
        "per cent: median absolute error, mean error, and share of the cut-offs inside the 80 % interval"
    )
    if not there:
        typer.echo(
            f"The {PACKAGE} package is not installed, so the ladder above is the suite's own. To have it beside them"
            ": pip install -r benchmarks/checks/requirements.txt (docs/completion.md)."
        )
    if output is not None:
        store.write_table(found, output)


def by_package(cells: Any, _: str) -> tuple[float, float]:
    """What the `chainladder` package makes of the last twelve months, with Mack's standard error, EUR.

    Parameters
    ----------
    cells : DataFrame
        product_month, development_month and amount_cents, as known at the cut-off.
    """
    import chainladder as cl
    import numpy as np
    import pandas as pd

    month = pd.to_datetime(cells["product_month"]).dt.to_period("M")
    table = pd.DataFrame(
        {
            "origin": month.dt.to_timestamp(),
            "declared": (month + cells["development_month"]).dt.to_timestamp(),
            "eur": cells["amount_cents"] / 100,
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = cl.Triangle(table, origin="origin", development="declared", columns=["eur"], cumulative=False)
        development = cl.Development(average="volume", sigma_interpolation="mack")
        fitted = cl.MackChainladder().fit(development.fit_transform(made.incr_to_cum()))
        ultimate = np.asarray(fitted.ultimate_.set_backend("numpy").values)[0, 0, :, 0]
        latest = np.asarray(made.incr_to_cum().latest_diagonal.set_backend("numpy").values)[0, 0, :, 0]
        error = float(fitted.total_mack_std_err_.to_numpy().ravel()[0])
    whole = np.where(
        np.isfinite(ultimate), ultimate, np.nan_to_num(latest)
    )  # a month without a figure is as declared
    return float(whole[-12:].sum()), error
