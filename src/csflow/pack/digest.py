"""Owns the identity of a pack: a digest of its behaviour and one of its wording.

File order, key order, marks, comments and line ends do not count; the order of rules does.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, lru_cache
from typing import Any

from csflow.expressions.terms import Term
from csflow.pack.model import LinkedPack
from csflow.values.kinds import Kind

_NOTHING: tuple[Any, ...] = (None, {}, [])
_COUNTS, _WORDS = "counts", "words"


def with_digests(pack: LinkedPack) -> LinkedPack:
    """The pack with `sha256:...` of its behaviour and of its wording."""
    return replace(pack, digest=_digest(_behaviour(pack)), text_digest=_digest(_wording(pack)))


def _digest(content: Any) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _behaviour(value: Any) -> Any:
    if isinstance(value, Kind):
        return _kind(value)
    kind: Any = type(value)
    parts = _parts(kind)
    if parts is not None:
        return [type(value).__name__, *(_behaviour(getattr(value, name)) for name, place in parts if place == _COUNTS)]
    return _plain(value, _behaviour)


def _wording(value: Any) -> Any:
    """The same shape with behaviour left out: wording counts with the place it stands in."""
    kind: Any = type(value)
    parts = _parts(kind)
    if parts is not None:
        found = {}
        for name, place in parts:
            # A kind's titles count where it is declared, not in every term that has it.
            if place == _WORDS:
                found[name] = _behaviour(getattr(value, name))
            elif not (name == "kind" and isinstance(value, Term)):
                found[name] = _wording(getattr(value, name))
        return {name: content for name, content in found.items() if content not in _NOTHING}
    if isinstance(value, (str, int, set, frozenset)) or value is None:
        return None
    found = _plain(value, _wording)
    # What holds no wording is not there: a day more in a calendar is no change of wording.
    if isinstance(found, dict):
        return {name: content for name, content in found.items() if content not in _NOTHING}
    return found if any(content not in _NOTHING for content in found) else []


@cache
def _parts(kind: Any) -> tuple[tuple[str, str], ...] | None:
    """The fields of a dataclass that count, each as behaviour or as wording; None for any other type."""
    if not is_dataclass(kind):
        return None
    counted = [(part.name, _WORDS if "digest" in part.metadata else _COUNTS) for part in fields(kind) if part.compare]
    worded = [(part.name, _WORDS) for part in fields(kind) if not part.compare and "digest" in part.metadata]
    return (*counted, *worded)


@lru_cache(maxsize=4096)
def _kind(kind: Kind) -> str:
    """A kind stands in many terms, with all its symbols: its own digest stands for it there."""
    counted = [getattr(kind, name) for name, place in _parts(Kind) or () if place == _COUNTS]
    return _digest([_behaviour(value) for value in counted])


def _plain(value: Any, read: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): read(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [read(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted(json.dumps(read(inner), sort_keys=True) for inner in value)
    return value
