"""What the analysis says of small packs."""

from typing import Any

from evaluators.laboratory import pack_of

from csflow.checks.analysis import Analysis, analyse
from csflow.diagnostics import Diagnostics, Finding


def analysed(*documents: str, **how: Any) -> tuple[list[Finding], Analysis]:
    """The findings about the decisions of a pack, and what was analysed."""
    diagnostics = Diagnostics()
    found = analyse(pack_of(*documents, **how).linked, diagnostics)
    return list(diagnostics), found


def names(*documents: str, **how: Any) -> list[str]:
    """The names of all findings."""
    return sorted(finding.name for finding in analysed(*documents, **how)[0])


def only(*documents: str, **how: Any) -> Finding:
    """The one finding there is."""
    (finding,), found = analysed(*documents, **how)
    assert found.not_analysed == []
    return finding


def rule(id: str, when: str, answer: Any = 1, exceptions: str = "") -> str:
    """A rule, with its exceptions as lines of YAML, as a line of YAML."""
    below = f", exceptions: [{exceptions}]" if exceptions else ""
    return f'  - {{id: {id}, when: "{when}", then: {{answer: {answer}}}, because: law{below}}}\n'


def cells(id: str, when: str, answer: Any = 1) -> str:
    """A rule with cells, as a line of YAML."""
    return f"  - {{id: {id}, when: {{{when}}}, then: {{answer: {answer}}}, because: law}}\n"


def exception(id: str, when: str, answer: Any = 1, exceptions: str = "") -> str:
    """An exception, as a flow mapping of YAML."""
    return rule(id, when, answer, exceptions).strip().removeprefix("- ")


def each(rules: str, source: str = "x.lines", name: str = "each") -> str:
    """A decision made for each record of a list."""
    head = f"decision: {name}\ntitle: each\nfor_each: line in {source}\n"
    return f"{head}outputs: {{answer: {{type: int}}}}\nrules:\n{rules}"
