"""The small pack of the specs, with facts of every kind, and a short way to say what was found."""

from pathlib import Path
from typing import Any

import pytest

from csflow import FactError, Facts, Pack, load_pack
from csflow.diagnostics import Finding, Word

SMALL_PACK = Path(__file__).parents[2] / "spec" / "checks" / "pack"
FILES = {path.relative_to(SMALL_PACK).as_posix(): path.read_bytes() for path in sorted(SMALL_PACK.rglob("*.yaml"))}
MORE_FACTS = """\
facts:
  parcel:
    pieces: {type: int, min: 1, max: 99}
    counted: {type: int, optional: true}
    discount: {type: percent, min: 0%, max: 100%}
    answer: {type: code}
    payer: {type: party}
    fault: {type: liability}
    sent_on: {type: date}
    travelled: {type: duration, min: 0 hours, max: 240 hours}
    phone: {type: text, max_length: 11, pii: true}
    deposit: {type: money, max: 500 CNY, pii: true, optional: true}
    note: {type: text, optional: true}
"""


def pack_with(**files: str) -> Pack:
    """The small pack with more files; `mapping="..."` is mapping.yaml."""
    written = {f"{name}.yaml": text.encode() for name, text in files.items()}
    return load_pack(FILES | {"parcel.yaml": MORE_FACTS.encode()} | written)


SHOP = pack_with()

# Name, subject, values and suggestion of a finding.
Found = tuple[str, str | None, dict[str, Any], str | None]


def found(findings: list[Finding]) -> list[Found]:
    """What is asserted of each finding; csflow's own words stand by their keys."""
    return [
        (
            finding.name,
            finding.subject,
            {key: _plain(value) for key, value in finding.values.items()},
            finding.suggestion,
        )
        for finding in findings
    ]


def refused(given: Any, pack: Pack = SHOP) -> list[Found]:
    """What is found when these facts are given."""
    with pytest.raises(FactError) as caught:
        pack.facts(given)
    return found(caught.value.diagnostics)


def one(path: str, value: Any) -> Facts:
    """The facts when one of them is given."""
    return SHOP.facts({path: value})


def _plain(value: Any) -> Any:
    return value.key if isinstance(value, Word) else value
