"""Owns the handbook of a pack: its rules as prose and tables, one page for each language."""
