"""Executed notebook to accessible HTML page, the index of pages, and the files they share."""
