"""Scenarios, shown: the panel of levers in a notebook and in a page, and the tables of results."""
