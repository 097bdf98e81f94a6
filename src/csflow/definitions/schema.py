"""Owns the JSON Schemas of a pack's documents, made from the definitions and explained from `hovers.toml`.

Draft 7, as editors read it best. What a value looks like is for `shapes`; what is wrong beyond its
shape is for `check`.
"""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from csflow.definitions.hovers import hovers
from csflow.definitions.reading import Definition
from csflow.definitions.sections import DOCUMENTS, LimitedCell, OptionSection, WindowSection
from csflow.definitions.shapes import Schema
from csflow.diagnostics import Word
from csflow.values.kinds import LIABILITY

DRAFT = "http://json-schema.org/draft-07/schema#"
# The schema that takes a document of any kind, beside one for each kind.
ANY = "csflow"

_PLACE = "#/definitions/{model}"
_SUBSCHEMAS = ("items", "additionalProperties", "propertyNames", "not")
# One of several forms is told by its shape alone, so that an editor may take any.
_CHOICES = ("anyOf", "allOf", "oneOf")
# What pydantic says of a class and its fields, which hovers say better.
_DROPPED = ("title", "description", "default", "$section")
# Keys of which one group has to be there.
_EITHER = {
    "PackSection": (["extends"], ["language", "currency", "rounding", "time_zone", "in_force", "reviewed_on"]),
    "FactSection": (["type"], ["each"]),
    "DecisionDocument": (["rules"], ["requires"]),
    "ParameterSection": (["editions"], ["value"]),
    "CaseSection": (["expect"], ["steps"]),
}
# Sections that no field names as its type: values that linking reads by their kinds.
_READ_LATER = {model.__name__: model for model in (LimitedCell, OptionSection, WindowSection)}


def build_schemas(language: str) -> dict[str, Schema]:
    """A schema for every kind of document by its first key, and `ANY`; explained in `language` and English."""
    writer = _Writer(language)
    documents = {kind: writer.document(model) for kind, model in DOCUMENTS.items()}
    definitions = writer.definitions
    alone = {
        kind: {"$schema": DRAFT} | document | {"definitions": _reached(document, definitions)}
        for kind, document in documents.items()
    }
    return alone | {ANY: {"$schema": DRAFT} | _by_first_key(documents, writer) | {"definitions": definitions}}


def hovers_asked() -> set[tuple[str, str]]:
    """Every (section, key) for which a hover is wanted: each field at the class that declares it, and each word."""
    writer = _Writer("zh-CN")
    for model in DOCUMENTS.values():
        writer.document(model)
    writer.first_keys()
    return writer.asked


class _Writer:
    """Turns what pydantic says of the definitions into what an editor is told."""

    def __init__(self, language: str) -> None:
        self._languages = [language, "zh-CN" if language == "en" else "en"]
        self._classes = {model.__name__: model for model in _subclasses(Definition)}
        self.definitions: dict[str, Schema] = {}
        self.asked: set[tuple[str, str]] = set()
        for model in _READ_LATER.values():
            self._define(model)

    def document(self, model: type[Definition]) -> Schema:
        """The schema of one kind of document; what it refers to is put to the definitions."""
        return self._define(model)

    def first_keys(self) -> Schema:
        """Every key that a document may begin with."""
        return {kind: self._described({}, model.__name__, kind) for kind, model in DOCUMENTS.items()}

    def _define(self, model: type[Definition]) -> Schema:
        raw = model.model_json_schema(ref_template=_PLACE)
        for name, definition in raw.pop("$defs", {}).items():
            if name not in self.definitions:
                self.definitions[name] = self._finished(definition)
        finished = self._finished(raw)
        if model.__name__ in _READ_LATER:
            self.definitions[model.__name__] = finished
        return finished

    def _finished(self, raw: Schema) -> Schema:
        section: str | None = raw.get("$section")
        if section in _READ_LATER and "properties" not in raw:
            return {"$ref": _PLACE.format(model=section)}
        done: Schema = {}
        for key, value in raw.items():
            if key == "properties":
                done[key] = {name: self._described(self._finished(one), section, name) for name, one in value.items()}
            elif key in _SUBSCHEMAS and isinstance(value, dict):
                done[key] = self._finished(value)
            elif key in _CHOICES:
                done |= self._choices("anyOf" if key == "oneOf" else key, value)
            elif key not in _DROPPED:
                done[key] = value
        if section in _EITHER and "properties" in raw:
            done["anyOf"] = [{"required": keys} for keys in _EITHER[section]]
        return done

    def _choices(self, key: str, raw: list[Schema]) -> Schema:
        # A field that may be left out may not be written without a value.
        kept = [self._finished(one) for one in raw if one != {"type": "null"}]
        return kept[0] if len(kept) == 1 else {key: kept}

    def _described(self, schema: Schema, section: str | None, key: str) -> Schema:
        if section is None:
            return schema
        if "$ref" in schema:
            # Draft 7 looks at nothing that stands beside a reference.
            schema = {"allOf": [schema]}
        for part in _parts(schema):
            if "enum" in part and part["enum"] != ["true", "false"]:
                texts = [self._word(section, key, word) for word in part["enum"]]
                part |= {"enumDescriptions": texts, "markdownEnumDescriptions": texts}
        texts_of_key = self._texts(section, key)
        if not texts_of_key:
            return schema
        lines = [texts_of_key[language] for language in self._languages]
        return schema | {"description": "\n".join(lines), "markdownDescription": "\n\n".join(lines)}

    def _texts(self, section: str, key: str) -> Mapping[str, str]:
        """The hover of a key, which may stand at a class that its section is made from."""
        lines = [section]
        if section in self._classes:
            lines = [one.__name__ for one in self._classes[section].__mro__ if issubclass(one, Definition)]
        for line in lines:
            if key in hovers().get(line, {}):
                self.asked.add((line, key))
                return hovers()[line][key]
        declared = [line for line in lines if line in self._classes and _declares(self._classes[line], key)]
        self.asked.add((declared[-1] if declared else section, key))
        return {}

    def _word(self, section: str, key: str, word: str) -> str:
        own = f"{section}.{key}.{word}"
        if own in hovers()["words"]:
            self.asked.add(("words", own))
            texts = hovers()["words"][own]
        elif word in hovers()["words"]:
            self.asked.add(("words", word))
            texts = hovers()["words"][word]
        elif key == "type":
            texts = {language: Word(f"kind.{word}").in_language(language) for language in self._languages}
        elif key == "liability" and word in LIABILITY.titles:
            texts = {language: LIABILITY.titles[word].in_language(language) for language in self._languages}
        else:
            self.asked.add(("words", word))
            return ""
        return " / ".join(texts[language] for language in self._languages)


def _by_first_key(documents: Mapping[str, Schema], writer: _Writer) -> Schema:
    """The document that its keys tell; one that may stand inside another's document is asked for last."""
    unknown = {
        "type": "object",
        "properties": writer.first_keys(),
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    schema: Schema = unknown
    for kind in reversed(_in_order()):
        schema = {"if": {"type": "object", "required": [kind]}, "then": documents[kind], "else": schema}
    return schema


def _in_order() -> list[str]:
    """The kinds of documents, each before those whose first key it may hold as a section."""
    before: dict[str, set[str]] = {kind: set() for kind in DOCUMENTS}
    for kind, model in DOCUMENTS.items():
        for name, field in model.model_fields.items():
            key = field.alias or name
            if key in before and key != kind:
                before[key].add(kind)
    try:
        return list(TopologicalSorter(before).static_order())
    except CycleError:
        return list(DOCUMENTS)


def _reached(schema: Any, definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """The definitions that a schema refers to, and those that they do."""
    found: dict[str, Schema] = {}
    waiting = [*_references(schema)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = definitions[name]
            waiting += _references(definitions[name])
    return {name: found[name] for name in sorted(found)}


def _references(value: Any) -> Iterator[str]:
    for part in _parts(value):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]


def _parts(value: Any) -> Iterator[Schema]:
    """Every mapping inside a schema, itself too, properties and their names left out."""
    if isinstance(value, dict):
        yield value
        for inner in [*value.values()]:
            yield from _parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner)


def _subclasses(model: type[Definition]) -> Iterator[type[Definition]]:
    for below in model.__subclasses__():
        yield below
        yield from _subclasses(below)


def _declares(model: type[Definition], key: str) -> bool:
    return any((field.alias or name) == key for name, field in model.model_fields.items())
