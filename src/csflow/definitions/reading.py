"""Owns how a marked tree becomes typed definitions. Door: pydantic.

Scalars stay what the author wrote (`Written`) or become expressions; nothing is resolved here.
What is wrong is reported at its own place to the run's diagnostics, which travel as pydantic's
validation context; pydantic then goes on with the rest, so one run finds everything.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from csflow.definitions import shapes
from csflow.definitions.hovers import titles_of
from csflow.definitions.shapes import Shape
from csflow.diagnostics import LANGUAGES, Diagnostics, Mark, Phrase, Word, half_width, nearest, nearest_spelling
from csflow.diagnostics.languages import LANGUAGE_SPELLINGS
from csflow.expressions import RESERVED, parse_cell, parse_condition
from csflow.expressions.syntax import ChoiceCell, IntervalCell, Syntax, TypedCell
from csflow.source import Entry, Mapping, Node, Scalar, Sequence, is_grid
from csflow.values.decoding import Misfit, from_text, spellings
from csflow.values.kinds import BOOL, DATE, INT, Kind
from csflow.values.mending import truth_meant

Model = TypeVar("Model", bound="Definition")
_ITEM = TypeVar("_ITEM")
_WALK = re.compile(r"([a-z][a-z0-9_]*) +in +([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)")
# What a definition holds beside its fields: where it and its keys stand.
_PLACES = frozenset({"mark", "key_marks"})
_PIECE = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Written:
    """A word or text as its author wrote it, with its place."""

    text: str
    mark: Mark = field(compare=False, repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Keyed:
    """A value that stands under a name of the author's choice: a fact, a parameter, an output."""

    name: Written
    value: Node

    @property
    def mark(self) -> Mark:
        return self.name.mark


@dataclass(frozen=True, slots=True)
class When:
    """What a rule asks: cells by input, or one condition."""

    cells: tuple[tuple[Written, Syntax], ...]
    condition: Syntax | None
    mark: Mark = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Walk:
    """`line in claim.lines`: a name for each record of a list."""

    variable: Written
    source: Written


@dataclass(frozen=True, slots=True)
class Place:
    """A calendar or zone by name; or, by the value of a fact, one of several."""

    name: Written | None
    fact: Written | None
    names: tuple[tuple[Written, Written], ...]
    mark: Mark = field(compare=False, repr=False)


Symbols = tuple[tuple[Written, Phrase | None], ...]


class Definition(BaseModel):
    """A section of a pack. `mark` is the name it stands under, or the whole section."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=False, protected_namespaces=()
    )

    # The field that a value stands for when it has none of the section's keys.
    short_form: ClassVar[str | None] = None

    mark: Annotated[Any, Field(exclude=True, repr=False)] = None
    key_marks: Annotated[Any, Field(exclude=True, repr=False)] = None

    def mark_of(self, key: str) -> Mark:
        """Where a key of the section stands; the section itself for one that is not written."""
        mark: Mark = self.key_marks.get(key, self.mark)
        return mark

    @model_validator(mode="before")
    @classmethod
    def _entries(cls, given: Any, info: ValidationInfo) -> Any:
        node, mark = (given.value, given.name.mark) if isinstance(given, Keyed) else (given, given.mark)
        if cls._is_short(node):
            return {cls.short_form: node, "mark": mark, "key_marks": {}}
        if not isinstance(node, Mapping):
            raise _reported(info, "wrong-shape", _where(given), wanted=Word("shape.mapping"), found=_shape(node))
        known = cls._require_keys(node, mark if isinstance(given, Keyed) else _head(node), info)
        return known | {"mark": mark, "key_marks": {entry.key.text: entry.key.mark for entry in node.entries}}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        written: dict[str, Any] = handler.resolve_ref_schema(handler(schema))
        return shapes.section(written | {"$section": cls.__name__}, cls.short_form)

    @classmethod
    def _is_short(cls, node: Node) -> bool:
        if cls.short_form is None or _is_empty(node):
            return False
        return not isinstance(node, Mapping) or not cls._keys().keys() & set(node.keys())

    @classmethod
    def _keys(cls) -> dict[str, Any]:
        return {field.alias or name: field for name, field in cls.model_fields.items() if name not in _PLACES}

    @classmethod
    def _require_keys(cls, node: Mapping, mark: Mark, info: ValidationInfo) -> dict[str, Node]:
        """The entries that this section has a field for; the others and the missing are reported."""
        fields = cls._keys()
        known: dict[str, Node] = {}
        # A key that is there already is not what another was meant to be.
        missing = fields.keys() - set(node.keys())
        meant: set[str | None] = set()
        for entry in node.entries:
            key = entry.key.text
            if key in fields:
                known[key] = entry.value
            else:
                near = nearest(key, missing)
                meant.add(near)
                _diagnostics(info).report("unknown-key", entry.key.mark, suggestion=near, key=key, known=sorted(fields))
        for key, field_info in fields.items():
            # A required key that was mistyped is not missing as well.
            if field_info.is_required() and key not in known and key not in meant:
                _diagnostics(info).report("missing-key", mark, key=key)
        return known


def read_definition(model: type[Model], node: Mapping | Keyed, diagnostics: Diagnostics) -> Model | None:
    """The tree as a definition; None when anything in it was reported."""
    before = len(diagnostics)
    try:
        definition = model.model_validate(node, context=diagnostics)
    except ValidationError:
        # INVARIANT: every fault was reported with its place by the validator that met it.
        assert len(diagnostics) > before
        return None
    return definition if len(diagnostics) == before else None


# Fields


def _diagnostics(info: ValidationInfo) -> Diagnostics:
    diagnostics = info.context
    assert isinstance(diagnostics, Diagnostics)
    return diagnostics


def _reported(
    info: ValidationInfo, name: str, mark: Mark, suggestion: str | None = None, **values: Any
) -> PydanticCustomError:
    _diagnostics(info).report(name, mark, suggestion=suggestion, **values)
    return PydanticCustomError("reported", "reported")


def _scalar(given: Any, info: ValidationInfo) -> Scalar:
    node = _node(given, info)
    if isinstance(node, Scalar) and not (node.text == "" and not node.is_quoted):
        return node
    if isinstance(node, Sequence) and _is_interval(node):
        raise _reported(info, "unquoted-interval", node.mark, f'"{node.mark.text}"', text=node.mark.text)
    raise _reported(info, "wrong-shape", _where(given), wanted=Word("shape.text"), found=_shape(node))


def _written(given: Any, info: ValidationInfo) -> Written:
    node = _scalar(given, info)
    return Written(node.text, node.mark)


def _name(given: Any, info: ValidationInfo) -> Written:
    node = _scalar(given, info)
    _require_name(node, info)
    return Written(node.text, node.mark)


def _require_name(node: Scalar, info: ValidationInfo, joiners: str = "") -> None:
    text = node.text
    pieces = text.replace("-", ".").split(".") if joiners == "-" else text.split(".") if joiners else [text]
    if text[:1].isalpha() and all(_PIECE.fullmatch(piece) for piece in pieces):
        return
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", half_width(text).strip()).lower()
    usable = re.sub(r"[^a-z0-9.-]+" if joiners else r"[^a-z0-9]+", "_", snake) if snake.isascii() else ""
    usable = usable.strip("_.-")
    raise _reported(info, "malformed-name", node.mark, suggestion=usable if usable[:1].isalpha() else None, text=text)


def _require_free(node: Scalar, info: ValidationInfo) -> None:
    """A name that stands alone in expressions may not be a word of the language."""
    if node.text in RESERVED or node.text in ("param", "decision"):
        raise _reported(info, "reserved-word", node.mark, word=node.text)


def _rule_id(given: Any, info: ValidationInfo) -> Written:
    node = _scalar(given, info)
    _require_name(node, info, joiners="-")
    return Written(node.text, node.mark)


def _decoded(kind: Any) -> Callable[[Any, ValidationInfo], Any]:
    def read(given: Any, info: ValidationInfo) -> Any:
        node = _scalar(given, info)
        try:
            return from_text(kind, node.text)
        except Misfit as misfit:
            raise _reported(info, misfit.name, node.mark, misfit.suggestion, **misfit.values) from None

    return read


def _flag_or_name(given: Any, info: ValidationInfo) -> bool | Written:
    """A truth, or a name: what people write instead of a truth is no name."""
    if truth_meant(_scalar(given, info).text) is None:
        return _name(given, info)
    is_true: bool = _decoded(BOOL)(given, info)
    return is_true


def _choice(words: MappingABC[str, str]) -> Callable[[Any, ValidationInfo], str]:
    known = list(dict.fromkeys(words.values()))

    def read(given: Any, info: ValidationInfo) -> str:
        node = _scalar(given, info)
        if node.text not in known:
            meant = nearest_spelling(node.text, {**titles_of(known), **words})
            raise _reported(info, "unknown-choice", node.mark, meant, text=node.text, known=known)
        return node.text

    return read


def _title(given: Any, info: ValidationInfo) -> Phrase:
    node = _node(given, info)
    if isinstance(node, Mapping):
        if not node.entries:
            raise _reported(info, "wrong-shape", _where(given), wanted=Word("shape.text"), found=Word("shape.nothing"))
        for entry in node.entries:
            if entry.key.text not in LANGUAGES:
                raise _reported(
                    info,
                    "unknown-language",
                    entry.key.mark,
                    nearest_spelling(entry.key.text, LANGUAGE_SPELLINGS),
                    text=entry.key.text,
                    known=list(LANGUAGES),
                )
        return Phrase(tuple(sorted((entry.key.text, _scalar(entry.value, info).text) for entry in node.entries)))
    return Phrase.of(_scalar(given, info).text)


def _expression(given: Any, info: ValidationInfo) -> Syntax:
    return _parsed(_scalar(given, info), parse_condition, info)


def _parsed(node: Scalar, parse: Callable[[Mark, Diagnostics], Syntax | None], info: ValidationInfo) -> Syntax:
    if node.has_escapes:
        raise _reported(info, "escape-in-expression", node.mark)
    syntax = parse(node.content, _diagnostics(info))
    if syntax is None:
        raise PydanticCustomError("reported", "reported")
    return syntax


def _cell(given: Any, info: ValidationInfo) -> Syntax:
    """One cell: a text, or a YAML list, which means any of its items."""
    node = _node(given, info)
    if isinstance(node, Sequence):
        return _any_of(node, info)
    if _is_empty(node):
        raise _reported(info, "empty-cell", given.mark)
    scalar = _scalar(given, info)
    if scalar.typed is not None:
        return TypedCell(scalar.mark, scalar.typed, scalar.text)
    return _parsed(scalar, parse_cell, info)


def _any_of(node: Sequence, info: ValidationInfo) -> Syntax:
    if len(node.items) == 1 and _is_interval(node):
        raise _reported(info, "unquoted-interval", node.mark, f'"{node.mark.text}"', text=node.mark.text)
    choices: list[Syntax] = []
    for item in node.items:
        cell = _parsed(_scalar(item, info), parse_cell, info)
        if not isinstance(cell, ChoiceCell) or cell.negated:
            name = "unquoted-interval" if isinstance(cell, IntervalCell) else "not-a-choice"
            raise _reported(info, name, item.mark, text=item.text if isinstance(item, Scalar) else item.mark.text)
        choices.extend(cell.choices)
    if not choices:
        raise _reported(info, "empty-cell", node.mark)
    return ChoiceCell(node.mark, tuple(choices), negated=False)


def _when(given: Any, info: ValidationInfo) -> When:
    """A condition, or a mapping from inputs to cells."""
    node = _node(given, info)
    if not isinstance(node, Mapping):
        return When((), _expression(given, info), node.mark)
    cells = tuple((Written(entry.key.text, entry.key.mark), _cell(_keyed(entry), info)) for entry in node.entries)
    return When(cells, None, node.mark)


def _walk(given: Any, info: ValidationInfo) -> Walk:
    """`line in claim.lines`"""
    node = _scalar(given, info)
    match = _WALK.fullmatch(node.content.text)
    if match is None:
        raise _reported(info, "malformed-walk", node.mark, text=node.text)
    variable, source = (Written(match[number], node.content.part(*match.span(number))) for number in (1, 2))
    if variable.text in RESERVED:
        raise _reported(info, "reserved-word", variable.mark, word=variable.text)
    return Walk(variable, source)


def _place_name(given: Any, info: ValidationInfo) -> Place:
    """A name, or `{by: customer.country, de: berlin, ...}`."""
    node = _node(given, info)
    if not isinstance(node, Mapping):
        name = _written(given, info)
        return Place(name, None, (), name.mark)
    by = node.entry("by")
    if by is None:
        raise _reported(info, "missing-key", _head(node), key="by")
    names = tuple(
        (Written(entry.key.text, entry.key.mark), _written(_keyed(entry), info))
        for entry in node.entries
        if entry is not by
    )
    return Place(None, _written(_keyed(by), info), names, node.mark)


def _vocabulary(given: Any, info: ValidationInfo) -> Symbols:
    """`{symbol: title}`, or a list of symbols."""
    node = _node(given, info)
    if isinstance(node, Sequence):
        names = [_name(item, info) for item in node.items]
        for item in node.items:
            _require_free(_scalar(item, info), info)
        return tuple((name, None) for name in names)
    if not isinstance(node, Mapping):
        raise _reported(info, "wrong-shape", _where(given), wanted=Word("shape.mapping"), found=_shape(node))
    for entry in node.entries:
        _require_name(entry.key, info)
        _require_free(entry.key, info)
    return tuple((Written(entry.key.text, entry.key.mark), _title(_keyed(entry), info)) for entry in node.entries)


def _node(given: Any, info: ValidationInfo) -> Node:
    node: Node = given.value if isinstance(given, Keyed) else given
    return node


def _mapping(given: Any, info: ValidationInfo) -> Mapping:
    node = _node(given, info)
    if not isinstance(node, Mapping):
        raise _reported(info, "wrong-shape", _where(given), wanted=Word("shape.mapping"), found=_shape(node))
    return node


def _named(names: str | None = "", is_free: bool = False) -> Callable[[Any, ValidationInfo], MappingABC[str, Keyed]]:
    def read(given: Any, info: ValidationInfo) -> MappingABC[str, Keyed]:
        node = _mapping(given, info)
        for entry in node.entries:
            if names is not None:
                _require_name(entry.key, info, joiners=names)
            if is_free:
                _require_free(entry.key, info)
        return {entry.key.text: _keyed(entry) for entry in node.entries}

    return read


def _keyed(entry: Entry) -> Keyed:
    return Keyed(Written(entry.key.text, entry.key.mark), entry.value)


def _items(given: Any, info: ValidationInfo) -> tuple[Node, ...]:
    node = _node(given, info)
    if not isinstance(node, Sequence):
        raise _reported(info, "wrong-shape", _where(given), wanted=Word("shape.list"), found=_shape(node))
    return node.items


def _one_or_several(given: Any, info: ValidationInfo) -> tuple[Node, ...]:
    """A list, or the one thing that would be its only item."""
    node = _node(given, info)
    return node.items if isinstance(node, Sequence) else (node,)


def _senders(given: Any, info: ValidationInfo) -> tuple[Written, ...] | Syntax:
    """A list of names, or an expression that gives one."""
    node = _node(given, info)
    if isinstance(node, Sequence):
        return tuple(_name(item, info) for item in node.items)
    return _expression(given, info)


def _where(given: Any) -> Mark:
    """Where a value of the wrong shape is reported: at its name when there is no value to show."""
    if isinstance(given, Keyed):
        return given.mark if _is_empty(given.value) else _short(given.value.mark)
    mark: Mark = given.mark
    return _short(mark)


def _short(mark: Mark) -> Mark:
    """Only the first line of a long mark."""
    end = mark.source.text.find("\n", mark.start, mark.end)
    return mark if end == -1 else Mark(mark.source, mark.start, end)


def _head(node: Mapping) -> Mark:
    """The first key of a section: where something missing from it is reported."""
    return node.entries[0].key.mark if node.entries else node.mark


def _is_empty(node: Any) -> bool:
    return isinstance(node, Scalar) and node.text == "" and not node.is_quoted


def _is_interval(node: Any) -> bool:
    """`[7..15]` without quotes, which YAML takes for a list of one."""
    text = node.mark.text
    return isinstance(node, Sequence) and node.flow and ".." in text and not {"'", '"'} & set(text)


def _shape(node: Any) -> Word:
    if isinstance(node, Mapping):
        return Word("shape.mapping")
    if isinstance(node, Sequence):
        return Word("shape.list")
    return Word("shape.nothing" if _is_empty(node) else "shape.text")


Text = Annotated[Written, PlainValidator(_written), Shape(shapes.TEXT)]
Name = Annotated[Written, PlainValidator(_name), Shape(shapes.NAME)]
RuleId = Annotated[Written, PlainValidator(_rule_id), Shape(shapes.RULE_ID)]
Title = Annotated[Phrase, PlainValidator(_title), Shape(shapes.TITLE)]
Flag = Annotated[bool, PlainValidator(_decoded(BOOL)), Shape(shapes.FLAG)]
FlagOrName = Annotated[bool | Written, PlainValidator(_flag_or_name), Shape(shapes.FLAG_OR_NAME)]
Whole = Annotated[int, PlainValidator(_decoded(INT)), Shape(shapes.WHOLE)]
Day = Annotated[int, PlainValidator(_decoded(DATE)), Shape(shapes.DAY)]
Expression = Annotated[Any, PlainValidator(_expression), Shape(shapes.TEXT)]
RoutingExpression = Annotated[Any, PlainValidator(_expression), Shape(shapes.ROUTING)]
CellOrCondition = Annotated[When, PlainValidator(_when), Shape(shapes.CELL_OR_CONDITION)]
Vocabulary = Annotated[Symbols, PlainValidator(_vocabulary), Shape(shapes.VOCABULARY)]
ListWalk = Annotated[Walk, PlainValidator(_walk), Shape(shapes.WALK)]
PlaceName = Annotated[Place, PlainValidator(_place_name), Shape(shapes.PLACE_NAME)]
Raw = Annotated[Any, PlainValidator(_node), Shape(shapes.VALUE)]
KeyedRaw = Annotated[Keyed, PlainValidator(lambda given, info: given), Shape(shapes.OUTPUT_CELL)]
KeyedValue = Annotated[Keyed, PlainValidator(lambda given, info: given), Shape(shapes.VALUE)]
KeyedExpectation = Annotated[Keyed, PlainValidator(lambda given, info: given), Shape(shapes.EXPECTED)]
Given = Annotated[Mapping, PlainValidator(_mapping), Shape(shapes.GIVEN)]
OrderOrFile = Annotated[Any, PlainValidator(_node), Shape(shapes.ORDER)]
ClaimedRecords = Annotated[Any, PlainValidator(_node), Shape(shapes.CLAIMED)]
ConcernedRecords = Annotated[Any, PlainValidator(_node), Shape(shapes.CONCERNED)]
ReversedPayments = Annotated[Any, PlainValidator(_node), Shape(shapes.REVERSED)]
NamesOrExpression = Annotated[Any, PlainValidator(_senders), Shape(shapes.SENDERS)]
PaymentOutcome = Annotated[Any, PlainValidator(_node), Shape(shapes.PAYMENT_OUTCOME)]
Items = Annotated[tuple[_ITEM, ...], BeforeValidator(_items)]
OneOrSeveral = Annotated[tuple[_ITEM, ...], BeforeValidator(_one_or_several), shapes.AlsoAlone()]
# A list of sections, or the grid that holds one in every row.
ItemsOrGrid = Annotated[
    Annotated[Items[_ITEM], Tag("list")] | Annotated[Any, PlainValidator(_node), Shape(shapes.GRID), Tag("grid")],
    Discriminator(lambda given: "grid" if is_grid(given.value if isinstance(given, Keyed) else given) else "list"),
]
Named = Annotated[dict[str, _ITEM], BeforeValidator(_named()), shapes.names(shapes.NAME)]
FreeNames = Annotated[dict[str, _ITEM], BeforeValidator(_named(is_free=True)), shapes.names(shapes.NAME)]
AnyNames = Annotated[dict[str, _ITEM], BeforeValidator(_named(None))]
DottedNames = Annotated[dict[str, _ITEM], BeforeValidator(_named(".")), shapes.names(shapes.DOTTED_NAME)]


def one_of(*words: str) -> Any:
    """A field that takes one of a few words."""
    return _OneOf({word: word for word in words})


def one_of_spellings(words: MappingABC[str, str]) -> Any:
    """A field that takes one of a few words; what others spell them is suggested."""
    return _OneOf(words)


def symbol_of(kind: Kind) -> Any:
    """A field that takes a symbol of a kind; its titles are suggested."""
    return _OneOf(spellings(kind))


class _OneOf:
    """A field that takes one of `words`; whoever writes a key of it is told the word."""

    def __init__(self, words: MappingABC[str, str]) -> None:
        self._words = words

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return PlainValidator(_choice(self._words)).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"enum": list(dict.fromkeys(map(str, self._words.values())))}
