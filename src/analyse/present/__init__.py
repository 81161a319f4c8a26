"""Figures, tables, words and number formats: what a reader of a report sees, in Dutch or English."""
