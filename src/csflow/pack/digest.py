"""Owns the identity of a pack: a digest of its behaviour and one of its wording.

File order, key order, marks, comments and line ends do not count; the order of rules does.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, lru_cache
from types import NoneType
from typing import Any

from csflow.expressions.terms import Options, Term
from csflow.pack.model import Decision, LinkedPack
from csflow.values.kinds import Kind

_NOTHING: tuple[Any, ...] = (None, {}, [])
_COUNTS, _WORDS = "counts", "words"
Reader = Callable[[Any], Any]


def with_digests(pack: LinkedPack) -> LinkedPack:
    """The pack with `sha256:...` of its behaviour and of its wording."""
    return replace(pack, digest=_hashed(_behaviour_text(pack)), text_digest=_digest(_wording(pack)))


def digest_of_decision(decision: Decision) -> str:
    """`sha256:...` of the behaviour of a decision, kept with it; in which order its names stand does not count."""
    return decision.kept_digest or _keep_digest(decision, _canonical(_behaviour(decision)))


def digest_as_written(value: Any) -> str:
    """`sha256:...` of the behaviour of a part of a pack, in the order in which it is written."""
    return _hashed(json.dumps(_behaviour(value), ensure_ascii=False, separators=(",", ":")))


def _behaviour_text(pack: LinkedPack) -> str:
    """The canonical text of all behaviour. It holds that of each decision, whose digest is kept: a cheap moment."""
    texts = []
    for name, place in _parts(LinkedPack) or ():
        if place == _COUNTS:
            value = getattr(pack, name)
            texts.append(_text_of_decisions(value) if name == "decisions" else _canonical(_behaviour(value)))
    return f"[{','.join([_canonical(LinkedPack.__name__), *texts])}]"


def _text_of_decisions(decisions: Mapping[str, Decision]) -> str:
    texts = []
    for name, decision in sorted(decisions.items()):
        text = _canonical(_behaviour(decision))
        _keep_digest(decision, text)
        texts.append(f"{_canonical(name)}:{text}")
    return f"{{{','.join(texts)}}}"


def _keep_digest(decision: Decision, text: str) -> str:
    digest = _hashed(text)
    object.__setattr__(decision, "kept_digest", digest)
    return digest


def _digest(content: Any) -> str:
    return _hashed(_canonical(content))


def _canonical(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hashed(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()


def _behaviour(value: Any) -> Any:
    kind: Any = type(value)
    read = _behaviour_of(kind)
    return value if read is None else read(value)


@cache
def _behaviour_of(kind: Any) -> Reader | None:
    """How the behaviour of a value of a type is read; None where it is the value itself."""
    if kind is Kind:
        return _kind
    parts = _parts(kind)
    if parts is None:
        return _plain(kind, _behaviour)
    name, counted = kind.__name__, [part for part, place in parts if place == _COUNTS]

    def read(value: Any) -> list[Any]:
        found = [name]
        for part in counted:
            inner = getattr(value, part)
            inside: Any = type(inner)
            reader = _behaviour_of(inside)
            found.append(inner if reader is None else reader(inner))
        return found

    return read


def _wording(value: Any) -> Any:
    """The same shape with behaviour left out: wording counts with the place it stands in."""
    kind: Any = type(value)
    return _wording_of(kind)(value)


@cache
def _wording_of(kind: Any) -> Reader:
    """How the wording in a value of a type is read: what holds none is not there."""
    parts = _parts(kind)
    if issubclass(kind, Term) and kind is not Options:
        # A kind's titles count where it is declared, not in every term that has it.
        return _silent
    if parts is not None:
        readers = [
            (name, _behaviour if place == _WORDS else _wording)
            for name, place in parts
            if place == _WORDS or not (name == "kind" and kind is Options)
        ]

        def read(value: Any) -> dict[str, Any]:
            found = {}
            for name, inner in readers:
                content = inner(getattr(value, name))
                if content is not None and content not in _NOTHING:
                    found[name] = content
            return found

        return read
    if issubclass(kind, (str, int, set, frozenset, NoneType)):
        return _silent
    plain = _plain(kind, _wording)
    return _silent if plain is None else lambda value: _worded(plain(value))


def _silent(value: Any) -> None:
    """A value without wording."""


def _worded(found: Any) -> Any:
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


def _kind(kind: Kind) -> str:
    """A kind stands in many terms, with all its symbols: its own digest stands for it there."""
    known = _KINDS.get(id(kind))
    if known is None:
        if len(_KINDS) == _MOST_KINDS:
            _KINDS.clear()
        known = _KINDS[id(kind)] = kind, _digest_of_kind(kind)
    return known[1]


# By identity, which costs less than to compare all symbols. INVARIANT: what is kept here lives, and nothing else is it.
_KINDS: dict[int, tuple[Kind, str]] = {}
_MOST_KINDS = 4096


@lru_cache(maxsize=_MOST_KINDS)
def _digest_of_kind(kind: Kind) -> str:
    counted = [getattr(kind, name) for name, place in _parts(Kind) or () if place == _COUNTS]
    return _digest([_behaviour(value) for value in counted])


def _plain(kind: Any, read: Reader) -> Reader | None:
    """How a collection is read by what stands in it; None for what is none."""
    if issubclass(kind, Mapping):
        return lambda value: {str(key): read(inner) for key, inner in value.items()}
    if issubclass(kind, (tuple, list)):
        return lambda value: [read(inner) for inner in value]
    if issubclass(kind, (set, frozenset)):
        return lambda value: sorted(json.dumps(read(inner), sort_keys=True) for inner in value)
    return None
