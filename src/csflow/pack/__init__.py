"""The linked model and its digest: where loading, checks and engines meet."""
