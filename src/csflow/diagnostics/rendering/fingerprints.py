"""Owns what makes a finding the same finding after its file has changed elsewhere."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from csflow.diagnostics.findings import Finding


def fingerprints(findings: Iterable[Finding]) -> Iterator[str]:
    """One hexadecimal text a finding, each different: code, file and the marked text, but no line.

    Of several that are alike, the second differs by its number.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        mark = finding.mark
        # The message in one fixed language: what a run is asked to speak is no part of a fault.
        place = (mark.path, mark.text) if mark else (finding.subject or "", "")
        key = (finding.code, *place, finding.message("en"))
        seen[key] += 1
        yield hashlib.sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")).hexdigest()
