"""docs/scenarios.md says what the levers and the scenarios are now."""

import importlib.util

from analyse import store


def test_the_page_about_scenarios_is_up_to_date():
    path = store.root() / "docs" / "make_scenarios.py"
    spec = importlib.util.spec_from_file_location("make_scenarios", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run python docs/make_scenarios.py"
