"""Executed notebook to accessible HTML page, the index of pages, and the files they share."""

BELOW = ("districts", "planning")
"""Notebooks of pages below that of an area, made on request: they do not stand in its place."""
GROUP = "group"
"""Notebook of the page of an own group of municipalities, which stands in the index like a region."""
