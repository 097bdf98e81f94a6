"""Tests of a pack by its authors: cases run, what they cover, drafts of those that are missing, facts by chance."""
