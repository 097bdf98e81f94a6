"""Writes the golden pictures: `python -m tests.unit.reports.graph.generate`. The change is to be looked at, then kept."""

from tests.unit.reports.graph.drawings import GOLDEN, desk

from csflow.diagnostics import LANGUAGES
from csflow.reports import flow_mermaid, flow_svg

WRITERS = {"mmd": flow_mermaid, "svg": flow_svg}
FILES = {f"payout.{language}.{end}": (language, end) for language in LANGUAGES for end in WRITERS}


def golden(name):
    language, end = FILES[name]
    return WRITERS[end](desk(), "payout", language)


if __name__ == "__main__":
    for name in FILES:
        (GOLDEN / name).write_text(golden(name), encoding="utf-8")
