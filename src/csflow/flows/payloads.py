"""Owns what an event carries: its keys are those that the flow declares, each checked like any fact."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from csflow.diagnostics import LANGUAGES
from csflow.facts import ABSENT, Decoder, FactError
from csflow.flows.happenings import Refused
from csflow.pack.flows import Flow
from csflow.pack.model import LinkedPack


class Payloads:
    """The payloads of the events of one flow."""

    def __init__(self, pack: LinkedPack, flow: Flow) -> None:
        self._facts = {name: {path: pack.facts[path] for path in event.carries} for name, event in flow.events.items()}
        self._decoders = {name: Decoder(replace(pack, facts=facts)) for name, facts in self._facts.items() if facts}

    def read(self, event: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What an event brings, by path, in held form. Raises `Refused` for what it must not, or must, carry.

        Nothing is taken for granted of the data: a host may hand on what it was sent.
        """
        if not isinstance(data, Mapping):
            raise Refused("payload.wrong", event=event, fault=type(data).__name__)
        decoder = self._decoders.get(event)
        if decoder is None:
            if data:
                raise Refused("payload.unknown", event=event, facts=_paths(data))
            return {}
        facts = self._facts[event]
        unknown = [path for path in _paths(data) if path not in facts]
        if unknown:
            raise Refused("payload.unknown", event=event, facts=unknown)
        try:
            values = decoder.facts(data).values
        except FactError as error:
            raise Refused(
                "payload.wrong", event=event, fault={language: _fault(error, language) for language in LANGUAGES}
            ) from None
        missing = [path for path, fact in facts.items() if not fact.optional and path not in values]
        if missing:
            raise Refused("payload.missing", event=event, facts=missing)
        return {path: values.get(path, ABSENT) for path in facts}


def _paths(data: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for key, value in data.items():
        is_record = isinstance(value, Mapping) and "." not in str(key)
        found += [f"{key}.{field}" for field in value] if is_record else [str(key)]
    return found


def _fault(error: FactError, language: str) -> str:
    """What is wrong, in a line: by fact, with what may be meant."""
    between, stop = ("; ", ", ") if language == "en" else ("；", "，")
    return between.join(
        stop.join(filter(None, (f"{each.subject}: {each.message(language)}", each.hint(language))))
        for each in error.diagnostics
    )
