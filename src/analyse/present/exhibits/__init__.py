"""Exhibits: a figure, table or text with title, source and what it says to whoever cannot see it."""
