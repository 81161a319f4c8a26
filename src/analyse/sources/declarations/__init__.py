"""Declarations: messages and files in, a checked and pseudonymised store out.

>>> from analyse.sources import declarations
>>> sorted(name for name in declarations.__all__)
['Integrity', 'Reading', 'about', 'integrity', 'open', 'read', 'triangle']
"""

from analyse.sources.declarations.integrity import Integrity, integrity
from analyse.sources.declarations.reading import Reading, read
from analyse.sources.declarations.storage import about
from analyse.sources.declarations.storage import open_store as open
from analyse.sources.declarations.triangles import triangle

__all__ = ["Integrity", "Reading", "about", "integrity", "open", "read", "triangle"]
