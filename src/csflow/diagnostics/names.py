"""Owns the refusal of a name that a caller asks for and nothing has."""

from collections.abc import Iterable

from csflow.diagnostics.suggestions import nearest


class UnknownName(KeyError):
    """A decision or mapping that the pack does not have, or a rule that the decision does not have."""

    def __init__(self, what: str, name: str, known: Iterable[str], holder: str = "this pack") -> None:
        names = sorted(known)
        near = nearest(name, names)
        hint = f"; did you mean {near!r}?" if near else ""
        self._text = f"no {what} {name!r} in {holder}{hint} (known: {', '.join(names)})"
        super().__init__(self._text)

    def __str__(self) -> str:
        return self._text
