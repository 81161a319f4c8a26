"""Open figures over the network: a careful client, the declared shape of every table, and their translation.

``catalogue`` reads ``parameters/open_data.yaml``; ``client`` asks one address; ``raw`` keeps every answer as it came;
``odata`` reads a table by the fourth or third version of the interface; ``shapes`` compares it with what was
declared; ``translate`` makes the tables of this project of it.
"""
