"""Floor 4, monitor: steering on declarations. Tables in, tables out; ``inputs`` reads.

- ``year_end``: completed and forecast against the budget; ``room``: what is left of each provider's agreement;
- ``q_analysis``: a change of cost in youths, mix, trajectories, volume and tariff, exactly;
- ``duration``, ``waiting``: survival analysis that counts who is still in care or waiting; ``flows``: in, out, stock;
- ``reconciled``: declarations, contracts, ledger and CBS side by side.

Counts of persons leave this room untreated: ``present.monitor`` hides the small ones.
"""
