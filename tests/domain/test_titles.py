"""Everything that a standard pack names has a title, and everything that it says a source, in all three languages."""

from collections.abc import Iterator

import pytest

from csflow.diagnostics import LANGUAGES, Phrase
from csflow.loading.passes import load_folder
from csflow.loading.standard import standard_folder, standard_names
from csflow.pack.model import LinkedPack, every_edition
from csflow.values.kinds import Kind

Titled = tuple[str, Phrase | None]


def pack_of(name: str) -> LinkedPack:
    found = load_folder(standard_folder(name), tests=False).pack
    assert found is not None
    return found


def titles(pack: LinkedPack) -> Iterator[Titled]:
    yield from ((pack.name, each) for each in (pack.title, pack.notice))
    for path, fact in pack.facts.items():
        yield path, fact.title
        for member in fact.kind.members:
            yield f"{path}.{member.name}", member.title
    for section in (pack.derived, pack.parameters, pack.codes, pack.reasons, pack.layers):
        yield from ((name, each.title) for name, each in section.items())
    for decision in pack.decisions.values():
        yield decision.name, decision.title
        yield from ((f"{decision.name}.{name}", output.title) for name, output in decision.outputs.items())
        rules = [rule for rule in decision.every_rule() if rule is not decision.otherwise]
        yield from ((f"{decision.name}/{rule.id}", rule.title) for rule in rules)


def sources(pack: LinkedPack) -> Iterator[tuple[str, Phrase | None, str | None]]:
    for decision in pack.decisions.values():
        for rule in decision.every_rule():
            if rule is not decision.otherwise:
                yield f"{decision.name}/{rule.id}", rule.because, rule.basis
    for name in pack.parameters:
        yield from ((f"param.{name}", edition.because, edition.basis) for edition in every_edition(pack, name))


def kinds(pack: LinkedPack) -> Iterator[tuple[str, Kind]]:
    for path, fact in pack.facts.items():
        yield path, fact.kind
        yield from ((f"{path}.{member.name}", member.kind) for member in fact.kind.members)
    yield from ((name, parameter.kind) for name, parameter in pack.parameters.items())
    for decision in pack.decisions.values():
        yield from ((f"{decision.name}.{name}", output.kind) for name, output in decision.outputs.items())


def is_whole(phrase: Phrase | None) -> bool:
    return phrase is not None and set(LANGUAGES) <= {language for language, _ in phrase.texts}


@pytest.mark.parametrize("name", standard_names())
def test_what_is_named_has_a_title_in_every_language(name):
    assert [where for where, title in titles(pack_of(name)) if not is_whole(title)] == []


@pytest.mark.parametrize("name", standard_names())
def test_every_choice_has_a_title_of_its_own_in_every_language(name):
    untitled = [
        f"{where}: {symbol}"
        for where, kind in kinds(pack_of(name))
        if kind.name == "enum"
        for symbol in kind.symbols
        if not is_whole(kind.titles.get(symbol))
    ]
    assert untitled == []


@pytest.mark.parametrize("name", standard_names())
def test_every_rule_and_value_has_a_source_in_every_language_and_a_basis(name):
    found = list(sources(pack_of(name)))
    assert [where for where, because, _ in found if not is_whole(because)] == []
    assert {basis for *_, basis in found} <= {"law", "platform", "own", "unverified"}
