"""Parts of a page in one call: what the room ``monitor`` makes of a store, and what is shown of it."""

from __future__ import annotations

from collections.abc import Sequence

from analyse.monitor import integrity_trends
from analyse.monitor.inputs import Inputs
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.monitor import rule_hits
from analyse.present.monitor.page import Page


def checks(inputs: Inputs, members: Sequence[str], page: Page, *, year: int) -> tuple[Exhibit, ...]:
    """What the integrity rules find: by rule with its trend, and by provider.

    Parameters
    ----------
    inputs : Inputs
        The declarations.
    members : sequence of str
        The municipalities of the page.
    page : Page
        The page.
    year : int
        Year of care.
    """
    found = inputs.integrity(members)
    rules = integrity_trends.by_rule(found.totals, found.checked_lines, found.found, year=year)
    firms = integrity_trends.by_provider(found.found, year=year)
    return (
        rule_hits.rules(rules, found.rules, page, year=year),
        rule_hits.providers(firms, found.rules, page, year=year),
    )
