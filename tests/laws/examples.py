"""How many cases a law is tried on: many in a soak, and as few as a run that tries it often says (`make mutants`)."""

import os


def examples(usual: int) -> int:
    return 20_000 if os.environ.get("CSFLOW_SOAK") else min(usual, int(os.environ.get("CSFLOW_EXAMPLES", usual)))
