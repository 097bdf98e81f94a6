"""Tests of a pack by its authors: what cases cover, drafts of the cases that are missing, facts by chance."""
