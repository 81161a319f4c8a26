"""Exhibits: a figure, table or text with its title, source and text alternative."""
