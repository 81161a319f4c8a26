"""Need: what use a population would lead one to expect, below and beside the municipality. Pure: tables in, tables out.

- ``signals``: who lives in a district, in one table;
- ``use_model``: use by district on these signals, with effects of municipality and region;
- ``expected_use``: the expected use of municipalities, beside the use there is, and what a difference is made of;
- ``district_use``: use of districts drawn to what is expected, and their part of a municipality's futures;
- ``single_years``: use and costs by single year of age, and what the population does by itself.

What is expected is not what is right: it is what the same people use elsewhere, with the help, the waiting and the
registration there.
"""
