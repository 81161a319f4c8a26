"""What is written down is true: generated pages equal what they are generated from."""

import importlib.util

from analyse import store


def test_the_page_about_the_tables_is_up_to_date():
    path = store.root() / "docs" / "make_data.py"
    spec = importlib.util.spec_from_file_location("make_data", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (store.root() / "docs" / "data.md").read_text(encoding="utf-8") == module.page(), (
        "run python docs/make_data.py"
    )
