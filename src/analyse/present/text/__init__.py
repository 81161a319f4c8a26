"""Texts: languages and their catalogues, formats of numbers, sentences, and the facts that they state."""
