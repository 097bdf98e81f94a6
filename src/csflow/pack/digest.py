"""Owns the identity of a pack: a digest of its behaviour and one of its wording.

File order, key order, marks, comments and line ends do not count; the order of rules does.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from csflow.pack.model import LinkedPack

_NOTHING: tuple[Any, ...] = (None, {}, [])


def with_digests(pack: LinkedPack) -> LinkedPack:
    """The pack with `sha256:...` of its behaviour and of its wording."""
    return replace(pack, digest=_digest(_behaviour(pack)), text_digest=_digest(_wording(pack)))


def _digest(content: Any) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _behaviour(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kept = [part for part in fields(value) if part.compare and "digest" not in part.metadata]
        return [type(value).__name__, *(_behaviour(getattr(value, part.name)) for part in kept)]
    return _plain(value, _behaviour)


def _wording(value: Any) -> Any:
    """The same shape with behaviour left out: wording counts with the place it stands in."""
    if is_dataclass(value) and not isinstance(value, type):
        parts: dict[str, Any] = {}
        for part in fields(value):
            inner = getattr(value, part.name)
            if "digest" in part.metadata:
                parts[part.name] = _behaviour(inner)
            elif part.compare:
                parts[part.name] = _wording(inner)
        return {name: content for name, content in parts.items() if content not in _NOTHING}
    if isinstance(value, (str, int, set, frozenset)) or value is None:
        return None
    found = _plain(value, _wording)
    # What holds no wording is not there: a day more in a calendar is no change of wording.
    if isinstance(found, dict):
        return {name: content for name, content in found.items() if content not in _NOTHING}
    return found if any(content not in _NOTHING for content in found) else []


def _plain(value: Any, read: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): read(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [read(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted(json.dumps(read(inner), sort_keys=True) for inner in value)
    return value
