"""Owns which obligations no case can meet, as far as exact analysis proves it."""

from collections.abc import Iterable

from csflow.pack.model import LinkedPack
from csflow.testing.obligations import Obligation


def impossible(pack: LinkedPack, waiting: Iterable[Obligation]) -> frozenset[Obligation]:
    return frozenset()
