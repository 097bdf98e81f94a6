"""The staircase from files to a checked pack: read, define, link, check."""
