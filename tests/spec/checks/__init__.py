"""The catalogue of findings: each entry's example is run, and its page is made of what it shows."""
