"""Simulated declarations: made from a seed, calibrated to published totals, with the truth beside them.

Real declarations cannot be public. What is made here describes no real youth or provider, and everything that is
written says so: ``LABEL``.
"""

LABEL = "Gesimuleerde declaraties"
"""Stands in every file that is made here; a store that holds one such file is a simulated store."""
