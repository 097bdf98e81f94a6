"""Owns reading records of JSON values: every field by its kind, every fault by its path."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from csflow.diagnostics import Diagnostics, nearest
from csflow.values.decoding import Misfit, from_text, from_value
from csflow.values.kinds import Kind

# What reads the value at a path; None where it reported a fault.
Read = Callable[[str, Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    read: Read
    optional: bool = False


class Fields:
    """Reads values by their kinds, lists and records of them; what does not fit is reported.

    `as_text`: values are text as YAML has it, to be read by their kinds.
    """

    def __init__(self, diagnostics: Diagnostics, *, as_text: bool = False) -> None:
        self._diagnostics = diagnostics
        self._as_text = as_text

    def place(self, path: str, id: str, places: Mapping[str, int]) -> int | None:
        if id not in places:
            self._diagnostics.report("unknown-order-line", subject=path, suggestion=nearest(id, places), id=id)
        return places.get(id)

    def of(self, kind: Kind) -> Read:
        def read(path: str, value: Any) -> Any:
            decode = from_text if self._as_text and isinstance(value, str) else from_value
            try:
                return decode(kind, value)
            except Misfit as misfit:
                self._diagnostics.report(misfit.name, subject=path, suggestion=misfit.suggestion, **misfit.values)
                return None

        return read

    def list(self, read: Read, limit: int) -> Read:
        def read_all(path: str, value: Any) -> Any:
            if not isinstance(value, (list, tuple)):
                self._diagnostics.report("records-not-a-list", subject=path, name=path)
                return None
            if len(value) > limit:
                self._diagnostics.report("too-many-items", subject=path, name=path, count=len(value), limit=limit)
                return None
            return [read(f"{path}[{number}]", each) for number, each in enumerate(value, 1)]

        return read_all

    def record(self, fields: Mapping[str, Field]) -> Read:
        def read(path: str, value: Any) -> Any:
            if not isinstance(value, Mapping):
                self._diagnostics.report("record-not-a-mapping", subject=path or "order", name=path or "order")
                return None
            found = {}
            for name in value:
                if name not in fields:
                    inner = f"{path}.{name}" if path else str(name)
                    meant = nearest(str(name), fields)
                    self._diagnostics.report("unknown-order-field", subject=inner, suggestion=meant, name=inner)
            for name, field in fields.items():
                inner = f"{path}.{name}" if path else name
                if value.get(name) is not None:
                    found[name] = field.read(inner, value[name])
                elif not field.optional:
                    self.missing(path, name)
            return found

        return read

    def missing(self, path: str, name: str) -> None:
        inner = f"{path}.{name}" if path else name
        self._diagnostics.report("missing-order-field", subject=inner, name=inner)
