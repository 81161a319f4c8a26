"""Floor 1, history: published tables become one boundary-consistent table. Pure: tables in, tables out.

- ``areas``: names, codes and regions of the municipalities by year;
- ``boundaries``: predecessors added up into fixed codes, with the status of the sum;
- ``youths``: youths on 1 January, published where they are published and reconstructed by cohort elsewhere;
- ``panel``: the history table, by municipality, region and all three regions together;
- ``breaks``: which declared breaks touch an area and which growth the trend must leave out.
"""
