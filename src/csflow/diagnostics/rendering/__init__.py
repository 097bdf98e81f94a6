"""Owns findings in every form in which people and machines read them: one file a format."""
