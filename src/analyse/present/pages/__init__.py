"""What the pages of areas have beside figures: comparison, vision, lists, care forms and where it all comes from."""
