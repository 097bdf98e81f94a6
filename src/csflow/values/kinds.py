"""Owns kinds: what a fact, parameter, input or output may hold, and how engines hold it.

| kind | held as |
|---|---|
| bool | bool |
| int, days | int |
| decimal | int, in units of its last declared place |
| percent | int, hundredths of a percent (80% is 8000) |
| money | int, minor units of the pack's currency |
| duration | int, microseconds |
| date | int, proleptic ordinal day |
| datetime | int, microseconds since 1970-01-01T00:00:00Z |
| quantity | int, units of goods |
| text, enum, code, reason, party, liability, role, channel, customer_type | str |
| window | `Window`, or `Longest` of several |
| list | tuple of mappings from field to held value; a field that was not given is missing |

Decoding and showing a value is for `decoding` and `presenting`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from csflow.diagnostics import Phrase, Word

SYMBOLIC = frozenset({"enum", "code", "reason", "party", "liability", "role", "channel", "customer_type"})
WHOLE = frozenset({"int", "quantity"})
NUMBERS = WHOLE | {"decimal"}
NUMERIC = NUMBERS | {"percent", "money", "days", "duration"}
ORDERED = NUMERIC | {"date", "datetime"}
PERCENT_PLACES = 2
DEFAULT_BOUND = 10**12


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. `symbols` are the values of a symbolic kind, in the order they were declared.

    `low`, `high`, `max_length`, `max_items` bound what may be given; they are in the held form and
    included. `members` are the fields of a list's records.
    """

    name: str
    symbols: tuple[str, ...] = ()
    places: int = 0
    currency: str = ""
    low: int | None = None
    high: int | None = None
    max_length: int | None = None
    max_items: int | None = None
    members: tuple["Member", ...] = ()
    titles: Mapping[str, Phrase] = field(default_factory=dict, compare=False, repr=False, metadata={"digest": "text"})

    @property
    def is_symbolic(self) -> bool:
        return self.name in SYMBOLIC

    @property
    def is_broken(self) -> bool:
        return self.name == "broken"

    @property
    def word(self) -> Word:
        """The kind as a person names it."""
        return Word(f"kind.{self.name}")

    @property
    def example(self) -> Word:
        """A value of the kind, as an author writes it."""
        return Word(f"example.{self.name}")

    def title_of(self, symbol: str, language: str) -> str:
        """The title of a symbol, or the symbol itself."""
        title = self.titles.get(symbol)
        return title.in_language(language) if title else symbol

    def member(self, name: str) -> "Member | None":
        """The field of that name in the records of a list."""
        return next((member for member in self.members if member.name == name), None)


@dataclass(frozen=True, slots=True)
class Member:
    """One field of the records of a list; an `optional` one may be absent."""

    name: str
    kind: Kind
    optional: bool = False
    pii: bool = False
    title: Phrase | None = field(default=None, metadata={"digest": "text"})


# INVARIANT: agrees with every kind, so that one typo yields one finding.
BROKEN = Kind("broken")

BOOL = Kind("bool")
INT = Kind("int")
NUMBER = Kind("decimal", places=-1)  # an unrounded number inside an expression
PERCENT = Kind("percent", places=PERCENT_PLACES)
QUANTITY = Kind("quantity")
DAYS = Kind("days")
DURATION = Kind("duration")
DATE = Kind("date")
DATETIME = Kind("datetime")
TEXT = Kind("text")
WINDOW = Kind("window")


def _vocabulary(name: str, titles: Mapping[str, tuple[str, str, str]]) -> Kind:
    phrases = {
        symbol: Phrase((("zh-CN", simplified), ("zh-TW", traditional), ("en", english)))
        for symbol, (simplified, traditional, english) in titles.items()
    }
    return Kind(name, symbols=tuple(titles), titles=phrases)


PARTY = _vocabulary(
    "party",
    {
        "customer": ("消费者", "消費者", "customer"),
        "merchant": ("商家", "商家", "merchant"),
        "platform": ("平台", "平台", "platform"),
        "carrier": ("承运人", "運送業者", "carrier"),
        "supplier": ("供应商", "供應商", "supplier"),
        "insurer": ("保险公司", "保險公司", "insurer"),
    },
)

LIABILITY = _vocabulary(
    "liability",
    {
        "customer": ("消费者责任", "消費者責任", "customer"),
        "merchant": ("商家责任", "商家責任", "merchant"),
        "carrier": ("承运人责任", "運送業者責任", "carrier"),
        "platform": ("平台责任", "平台責任", "platform"),
        "both": ("双方责任", "雙方責任", "both parties"),
        "unknown": ("责任不明", "責任不明", "not established"),
        "none": ("无人有责", "無人有責", "nobody"),
    },
)


# In which form something is paid that is no refund.
FORM = _vocabulary(
    "enum",
    {
        "money": ("现金", "現金", "money"),
        "coupon": ("优惠券", "優惠券", "a coupon"),
        "points": ("积分", "點數", "points"),
        "red_packet": ("红包", "紅包", "a red packet"),
        "gift_card": ("礼品卡", "禮品卡", "a gift card"),
        "free_freight": ("免运费", "免運費", "free freight"),
    },
)


def money(currency: str) -> Kind:
    """Money in one currency, unbounded."""
    return Kind("money", currency=currency)


def scale_of(kind: Kind) -> int:
    """How many held units make one: 10000 for a percent (80% is 8000, and 0.8 in arithmetic)."""
    if kind.name == "percent":
        return int(10 ** (kind.places + 2))
    return int(10 ** max(kind.places, 0))


def agree(left: Kind, right: Kind) -> bool:
    """Whether two kinds are of one family, bounds and places aside."""
    if left.is_broken or right.is_broken:
        return True
    if {left.name, right.name} <= NUMBERS:
        return True
    if left.name == right.name == "enum":
        return set(left.symbols) == set(right.symbols)
    return left.name == right.name


def fits(source: Kind, target: Kind) -> bool:
    """Whether every value of `source` is one of `target`: what an output or parameter may take."""
    if source.name == target.name == "enum":
        return set(source.symbols) <= set(target.symbols)
    return agree(source, target)
