"""Parts of pages that are not charts: comparison, regional vision, lists, care forms, provenance."""
