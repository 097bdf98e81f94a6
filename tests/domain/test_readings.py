"""What is a reading of the law is a parameter, and a test of the packs is decided by each of its values.

A reading says so where it stands: in a comment, or in the source that it gives.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

import pytest

from csflow.loading.passes import Loaded, load_folder
from csflow.loading.standard import standard_folder, standard_names
from csflow.pack.model import LinkedPack, every_edition

READING = re.compile(r"\b(?:a|the) reading\b|解[读讀]|一[种種]理解")
FINITE = ("enum", "bool", "party", "role")


@cache
def loaded(name: str) -> Loaded:
    return load_folder(standard_folder(name))


def pack_of(name: str) -> LinkedPack:
    pack = loaded(name).pack
    assert pack is not None
    return pack


def readings(name: str) -> Iterator[tuple[str, str, str]]:
    """Each parameter or rule that speaks of a reading: its file, its name, and what it says or reads."""
    for path in sorted(standard_folder(name).rglob("*.yaml")):
        if path.parent.name != "tests":
            file, text = path.relative_to(standard_folder(name)).as_posix(), path.read_text(encoding="utf-8")
            read_by_every_rule = text.partition("\nrules:")[0]
            for part in re.split(r"(?m)^  (?=\w|- id: )", text):
                if READING.search(part):
                    yield (
                        file,
                        re.split(r"[:,}\n]", part.removeprefix("- id: "), maxsplit=1)[0],
                        read_by_every_rule + part,
                    )


def tried(name: str) -> dict[str, set[object]]:
    """Of each parameter the values that tests give it in place of the pack's."""
    found: dict[str, set[object]] = {}
    for parameter, value in chain.from_iterable(case.parameters.items() for case in loaded(name).cases):
        found.setdefault(parameter, set()).add(value)
    return found


@pytest.mark.parametrize("name", standard_names())
def test_a_reading_stands_at_a_parameter_whose_other_value_is_tested(name: str) -> None:
    parameters = pack_of(name).parameters
    for file, part, text in readings(name):
        asked = {part} if file.startswith("parameters") else set(re.findall(r"\bparam\.(\w+)", text))
        assert asked and asked <= set(parameters), f"{file}: {part} is a reading, and no parameter decides it"
        assert asked & set(tried(name)), f"{file}: {part} is a reading, and no test is decided by the other"


@pytest.mark.parametrize("name", standard_names())
def test_every_choice_that_a_parameter_offers_is_tested(name: str) -> None:
    untried = []
    for parameter in pack_of(name).parameters.values():
        if parameter.kind.name in FINITE:
            given = {edition.value for edition in every_edition(pack_of(name), parameter.name)}
            choices = set(parameter.kind.symbols) if parameter.kind.name == "enum" else {True, False}
            values = given | tried(name).get(parameter.name, set())
            if len(values) < 2 or (parameter.kind.name in ("enum", "bool") and choices - values):
                untried.append(parameter.name)
    assert untried == []


def test_readings_are_found_and_a_parameter_that_no_test_changes_is_told_apart() -> None:
    found = {(file, part) for file, part, _ in readings("cn")}
    assert ("parameters.yaml", "no_reason_window") in found and len(found) >= 5
    assert "no_reason_window" in tried("cn") and "refund_window" not in tried("cn")
