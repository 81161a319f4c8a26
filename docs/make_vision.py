"""Write the tables of docs/vision.md from ``parameters/vision/`` and the figures: ``python docs/make_vision.py``."""

from pathlib import Path

import pandas as pd

from analyse import shared
from analyse.compare import choices
from analyse.parameters import Run
from analyse.present.pages import regional_vision

PAGE = Path(__file__).with_name("vision.md")
MARK, END = "<!-- indicators -->\n", "<!-- end -->"


def page() -> str:
    """The page with its tables made anew; what stands outside the marks stays as it is."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(MARK, 1)
    _, after = rest.split(END, 1)
    return f"{before}{MARK}" + "\n".join(_tables()) + f"\n{END}{after}"


def _tables() -> list[str]:
    lines, filled = [], 0
    for region, declared in choices.visions().items():
        monitor = shared.read("followed", Run(), [region]).set_index("indicator")
        rows = regional_vision.rows(monitor.reset_index(), declared, language="en")
        lines += [
            f"### {declared.title.en}",
            "",
            f"{declared.source}.",
            "",
            "| ambition | indicator | direction | last figure | which way | from declarations | otherwise filled by |",
            "|---|---|---|---|---|---|---|",
        ]
        for (ambition, one), row in zip(declared.followed, rows.itertuples(), strict=True):
            filled += bool(row.known)
            needs = "" if row.known or one.needs is None else one.needs.en
            cells = [
                *(ambition.title.en, one.title.en, one.direction, row.now),
                *(str(row.movement).replace("–", ""), f"`{one.declared}`" if one.declared else "", needs),
            ]
            lines.append(f"| {' | '.join(cells)} |".replace("\u00a0", " "))
        lines.append("")
    indicators = pd.DataFrame(
        [one.model_dump() for one in next(iter(choices.visions().values())).known.values()]
    )
    named = sum(len(one.followed) for one in choices.visions().values())
    head = (
        f"{filled} of the {named} indicators of the three visions have a figure without declarations; "
        f"{len(indicators)} different ones, {int(indicators['declared'].notna().sum())} of which declarations show."
    )
    return [head, "", *lines[:-1]]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
