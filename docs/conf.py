"""The documentation as a site: ``make docs``. Sphinx reads the pages of this folder and the docstrings."""

from pathlib import Path

import analyse

GALLERY = Path(__file__).with_name("gallery.md")
if not GALLERY.exists():
    GALLERY.write_text(
        "# Gallery\n\nNot made here yet: `make gallery` runs the notebooks and puts them here.\n"
    )

project = "jeugdhulp-analyse"
version = release = analyse.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["attrs_block"]
myst_heading_anchors = 3
napoleon_google_docstring = False
autodoc_typehints = "none"
"""The docstrings say what a parameter is."""
autodoc_default_options = {"members": False}
html_theme = "pydata_sphinx_theme"
html_title = "Jeugdhulp-analyse"
html_show_copyright = False
html_show_sourcelink = False
html_theme_options = {"secondary_sidebar_items": ["page-toc"], "show_nav_level": 2, "footer_end": []}
html_static_path = ["site"]
html_css_files = ["site.css"]
exclude_patterns = ["built"]
suppress_warnings = ["misc.highlighting_failure", "myst.header"]
"""Listings of what a command prints are no code; a page may skip a level of headings."""
