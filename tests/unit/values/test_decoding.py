import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csflow.diagnostics import LANGUAGES, Finding, Phrase, Word
from csflow.values import Money
from csflow.values import kinds as k
from csflow.values.decoding import Misfit, bounds_of, exact, from_text, from_value, spellings
from csflow.values.kinds import Kind

CNY, JPY, BHD = k.money("CNY"), k.money("JPY"), k.money("BHD")
WEIGHT = Kind("decimal", places=2)
WHOLE = Kind("decimal", places=0)
STATE = Kind(
    "enum",
    symbols=("intact", "opened"),
    titles={
        "intact": Phrase((("zh-CN", "完好"), ("zh-TW", "完好無損"), ("en", "Intact"))),
        "opened": Phrase.of("已拆封"),
    },
)
KINDS = [
    *(k.BOOL, k.INT, k.PERCENT, k.DAYS, k.DURATION, k.DATE, k.DATETIME, k.TEXT, k.PARTY, k.LIABILITY),
    *(CNY, JPY, WEIGHT, WHOLE, STATE),
]
HOUR = 3_600_000_000
CHINA = dt.timezone(dt.timedelta(hours=8))
AFTERNOON = 1_762_776_000_000_000  # 2025-11-10T20:00:00+08:00


def misfit(read: Callable[[Kind, Any], Any], kind: Kind, given: Any) -> Misfit:
    """The misfit of a value that is refused; it must fill the wording of its entry in every language."""
    with pytest.raises(Misfit) as raised:
        read(kind, given)
    found = raised.value
    finding = Finding(found.name, values=found.values, suggestion=found.suggestion)
    for language in LANGUAGES:
        assert "{" not in finding.message(language).replace(str(given), "")
        assert finding.remedy(language) is not None
    return found


# Texts, as YAML and CSV have them


@pytest.mark.parametrize(
    ("kind", "text", "held"),
    [
        (k.BOOL, "true", True),
        (k.BOOL, "false", False),
        (k.INT, "0", 0),
        (k.INT, "7", 7),
        (k.INT, "-120", -120),
        (WEIGHT, "0.25", 25),
        (WEIGHT, "3", 300),
        (WEIGHT, "3.5", 350),
        (WEIGHT, "-0.05", -5),
        (WHOLE, "12", 12),
        (k.PERCENT, "80%", 8000),
        (k.PERCENT, "12.5%", 1250),
        (k.PERCENT, "0.01%", 1),
        (k.PERCENT, "-3%", -300),
        (CNY, "12.34 CNY", 1234),
        (CNY, "12 CNY", 1200),
        (CNY, "-0.5 CNY", -50),
        (JPY, "1200 JPY", 1200),
        (BHD, "1.005 BHD", 1005),
        (k.DAYS, "14 days", 14),
        (k.DAYS, "1 day", 1),
        (k.DAYS, "2 weeks", 14),
        (k.DURATION, "48 hours", 48 * HOUR),
        (k.DURATION, "90 minutes", 90 * HOUR // 60),
        (k.DURATION, "0.5 seconds", 500_000),
        (k.DATE, "2025-11-10", dt.date(2025, 11, 10).toordinal()),
        (k.DATETIME, "2025-11-10T20:00:00+08:00", AFTERNOON),
        (k.DATETIME, "2025-11-10T12:00:00Z", AFTERNOON),
        (k.TEXT, "", ""),
        (k.TEXT, "退货 A-1", "退货 A-1"),
        (k.PARTY, "merchant", "merchant"),
        (k.LIABILITY, "none", "none"),
        (STATE, "intact", "intact"),
    ],
)
def test_a_text_is_read_as_its_kind(kind: Kind, text: str, held: Any) -> None:
    assert from_text(kind, text) == held
    assert type(from_text(kind, text)) is type(held)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (k.BOOL, "maybe"),
        (k.BOOL, ""),
        (k.BOOL, "1"),
        (k.INT, ""),
        (k.INT, "ten"),
        (k.INT, "1.0"),
        (k.INT, "+1"),
        (k.INT, "1e3"),
        (k.INT, "1_000"),
        (k.INT, "1,000"),
        (k.INT, "--1"),
        (k.INT, "٣"),
        (WEIGHT, ".5"),
        (WEIGHT, "5."),
        (WEIGHT, "1e3"),
        (WEIGHT, "1.2.3"),
        (WEIGHT, "-"),
        (k.PERCENT, "%"),
        (k.PERCENT, "a%"),
        (k.PERCENT, "8 0%"),
        (CNY, "twelve CNY"),
        (CNY, "12.34  CNY"),
        (CNY, "12.34CNY"),
        (CNY, ""),
        (k.DAYS, "48 hours"),
        (k.DAYS, "1.5 days"),
        (k.DAYS, "7 months"),
        (k.DURATION, "14 days"),
        (k.DURATION, "0.5 hours"),
        (k.DATE, "2025-1-1"),
        (k.DATE, "2025/01/01"),
        (k.DATE, "2025-02-30"),
        (k.DATE, "2025-01-01T00:00:00Z"),
        (k.DATETIME, "2025-11-10"),
        (k.DATETIME, "2025-11-10T20:00:00"),
        (k.DATETIME, "2025-11-10T20:00+08:00"),
        (k.DATETIME, "2025-11-10T25:00:00+08:00"),
    ],
)
def test_a_text_that_is_not_of_its_kind_is_refused_with_an_example(kind: Kind, text: str) -> None:
    found = misfit(from_text, kind, text)
    assert found.name == "wrong-kind"
    assert found.values["kind"] == kind.word
    assert found.values["given"] in (text, text.removesuffix("%"))
    assert found.values["example"] == Word(f"example.{kind.name}")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.is_symbolic and kind.name != "text"])
def test_the_example_that_is_shown_for_a_kind_can_be_typed(kind: Kind) -> None:
    example = "3" if kind is WHOLE else kind.example.in_language("en").split(" or ")[0]
    from_text(kind, example.replace("CNY", kind.currency or "CNY").replace("12.34 JPY", "12 JPY"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *((word, "true") for word in ("yes", "Yes", "on", "True", "TRUE", "ture", "是", "对")),
        *((word, "false") for word in ("no", "NO", "off", "False", "flase", "否", "假")),
        *((word, None) for word in ("maybe", "1", "")),
    ],
)
def test_yes_and_no_in_other_words_are_refused_with_the_word_to_write(text: str, meant: str | None) -> None:
    found = misfit(from_text, k.BOOL, text)
    assert (found.name, found.suggestion) == ("wrong-kind", meant)


@pytest.mark.parametrize(("text", "meant"), [("007", "7"), ("00", "0"), ("-010", "-10")])
def test_a_whole_number_with_a_leading_zero_is_refused_with_the_number_without_it(text: str, meant: str) -> None:
    found = misfit(from_text, k.INT, text)
    assert (found.name, found.suggestion, found.values["given"]) == ("leading-zero", meant, text)
    assert from_text(k.INT, meant) == int(text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (k.INT, "1" * 19),
        (WEIGHT, "1" * 17 + ".55"),
        (k.PERCENT, "1" * 19 + "%"),
    ],
)
def test_a_number_of_more_than_eighteen_digits_is_refused(kind: Kind, text: str) -> None:
    found = misfit(from_text, kind, text)
    assert (found.name, found.values["limit"]) == ("number-too-long", 18)


def test_a_number_of_eighteen_digits_is_read_where_its_bounds_allow_it() -> None:
    assert from_text(Kind("int", high=10**18), "9" * 18) == 10**18 - 1
    assert from_text(Kind("decimal", places=2, high=10**18), "9" * 16 + ".99") == 10**18 - 1


def test_what_is_quoted_of_a_very_long_value_is_short() -> None:
    assert len(misfit(from_text, k.INT, "9" * 5000).values["given"]) <= 60
    assert len(misfit(from_text, k.DATE, "9" * 5000).values["given"]) <= 60
    assert len(misfit(from_value, k.BOOL, "9" * 5000).values["given"]) <= 60


@pytest.mark.parametrize(
    ("kind", "text", "places"),
    [(WEIGHT, "0.125", 2), (WHOLE, "1.5", 0), (k.PERCENT, "12.345%", 2)],
)
def test_decimals_beyond_the_declared_places_are_refused_and_never_rounded(kind: Kind, text: str, places: int) -> None:
    found = misfit(from_text, kind, text)
    assert (found.name, found.values["places"]) == ("too-many-places", places)


@pytest.mark.parametrize(("text", "meant"), [("0.8", "80%"), ("0.05", "5%"), ("0.125", "12.5%"), ("abc", None)])
def test_a_percentage_without_its_sign_is_refused_with_the_percentage(text: str, meant: str | None) -> None:
    found = misfit(from_text, k.PERCENT, text)
    assert (found.name, found.suggestion) == ("percent-without-sign", meant)
    if meant:
        assert from_text(k.PERCENT, meant) == Decimal(text) * 10_000


@pytest.mark.parametrize(
    ("kind", "text", "meant"), [(CNY, "100", "100 CNY"), (CNY, "12.34", "12.34 CNY"), (JPY, "-7", "-7 JPY")]
)
def test_an_amount_without_its_currency_is_refused_with_the_currency_of_the_pack(
    kind: Kind, text: str, meant: str
) -> None:
    found = misfit(from_text, kind, text)
    assert (found.name, found.suggestion, found.values["given"]) == ("money-without-currency", meant, text)
    assert exact(kind, from_text(kind, meant)).endswith(kind.currency)


@pytest.mark.parametrize("amount", ["12.34 USD", "12 JPY"])
def test_an_amount_in_another_currency_is_refused(amount: str) -> None:
    found = misfit(from_text, CNY, amount)
    assert (found.name, found.values["currency"]) == ("other-currency", "CNY")
    assert misfit(from_value, CNY, Money(amount)).name == "other-currency"


@pytest.mark.parametrize(("kind", "text", "meant"), [(k.DAYS, "30", "30 days"), (k.DURATION, "48", "48 hours")])
def test_a_number_without_its_unit_is_refused_with_the_unit(kind: Kind, text: str, meant: str) -> None:
    found = misfit(from_text, kind, text)
    assert (found.name, found.suggestion, found.values["kind"]) == ("number-without-unit", meant, kind.word)
    assert isinstance(from_text(kind, meant), int)


def test_a_text_has_a_greatest_length_in_characters() -> None:
    short = Kind("text", max_length=4)
    assert from_text(short, "四个汉字") == "四个汉字"
    found = misfit(from_text, short, "五个汉字啊")
    assert (found.name, found.values["length"], found.values["limit"]) == ("text-too-long", 5, 4)
    assert misfit(from_value, k.TEXT, "x" * 100_000).name == "text-too-long"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("opend", "opened"), ("完好", "intact"), ("完好無損", "intact"), ("Intact", "intact"), ("已拆封", "opened")],
)
def test_a_symbol_is_refused_with_the_one_that_was_meant(written: str, meant: str) -> None:
    found = misfit(from_text, STATE, written)
    assert (found.name, found.suggestion, found.values["symbol"]) == ("unknown-symbol", meant, written)
    assert misfit(from_value, STATE, written).suggestion == meant


def test_a_symbol_that_resembles_none_is_refused_without_a_guess() -> None:
    assert misfit(from_text, STATE, "zzzzzz").suggestion is None


def test_an_author_may_have_meant_a_symbol_or_any_of_its_titles() -> None:
    assert spellings(STATE) == {
        "intact": "intact",
        "opened": "opened",
        "完好": "intact",
        "完好無損": "intact",
        "Intact": "intact",
        "已拆封": "opened",
    }


# Bounds


@pytest.mark.parametrize(
    ("kind", "inside", "outside", "low", "high"),
    [
        (Kind("int", low=1, high=99), ["1", "99"], ["0", "100"], "1", "99"),
        (Kind("decimal", places=2, low=0, high=1050), ["0", "10.5"], ["-0.01", "10.51"], "0", "10.5"),
        (Kind("percent", places=2, low=0, high=10_000), ["0%", "100%"], ["-1%", "100.01%"], "0%", "100%"),
        (
            Kind("money", currency="CNY", low=0, high=10_000),
            ["0 CNY", "100 CNY"],
            ["-0.01 CNY", "100.01 CNY"],
            "0.00 CNY",
            "100.00 CNY",
        ),
        (Kind("days", low=1, high=30), ["1 day", "30 days"], ["0 days", "5 weeks"], "1 day", "30 days"),
        (
            Kind("duration", low=HOUR, high=48 * HOUR),
            ["1 hour", "48 hours"],
            ["59 minutes", "2881 minutes"],
            "1 hour",
            "48 hours",
        ),
    ],
)
def test_bounds_are_included_and_named_in_the_unit_of_the_kind(
    kind: Kind, inside: list[str], outside: list[str], low: str, high: str
) -> None:
    for text in inside:
        assert kind.low is not None and kind.high is not None
        assert kind.low <= from_text(kind, text) <= kind.high
    for text in outside:
        found = misfit(from_text, kind, text)
        assert found.name == "out-of-bounds"
        assert (found.values["given"], found.values["low"], found.values["high"]) == (text, low, high)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (k.INT, str(10**12 + 1)),
        (k.INT, str(-(10**12) - 1)),
        (CNY, "10000000000.01 CNY"),
        (k.PERCENT, f"{10**11}%"),
        (k.DAYS, f"{10**13} days"),
        (k.DURATION, f"{10**12} hours"),
    ],
)
def test_a_number_without_declared_bounds_is_bounded_all_the_same(kind: Kind, text: str) -> None:
    assert misfit(from_text, kind, text).name == "out-of-bounds"


@pytest.mark.parametrize("kind", [k.INT, WEIGHT, CNY, k.DAYS])
@pytest.mark.parametrize("value", [10**30, -(10**30)])
def test_a_huge_value_is_refused_from_a_program_too(kind: Kind, value: int) -> None:
    found = misfit(from_value, kind, Money.from_minor(value, "CNY") if kind is CNY else value)
    assert found.name in ("out-of-bounds", "number-too-long")


def test_days_and_instants_have_no_bounds_but_those_of_the_calendar() -> None:
    assert from_text(k.DATE, "0001-01-01") == 1
    assert from_text(k.DATETIME, "9999-12-31T23:59:59Z") > 10**12 * 100


# Values of a program, as Python and JSON have them


@pytest.mark.parametrize(
    ("kind", "value", "held"),
    [
        (k.BOOL, True, True),
        (k.BOOL, False, False),
        (k.INT, 7, 7),
        (WEIGHT, Decimal("0.25"), 25),
        (WEIGHT, Decimal("3E+2"), 30_000),
        (WEIGHT, 3, 300),
        (WEIGHT, "3.5", 350),
        (k.PERCENT, "80%", 8000),
        (CNY, Money("12.34 CNY"), 1234),
        (CNY, "12.34 CNY", 1234),
        (CNY, {"amount": "12.34", "currency": "CNY"}, 1234),
        (k.DAYS, 14, 14),
        (k.DAYS, "2 weeks", 14),
        (k.DURATION, dt.timedelta(hours=48), 48 * HOUR),
        (k.DURATION, dt.timedelta(days=-1, microseconds=1), -24 * HOUR + 1),
        (k.DURATION, "48 hours", 48 * HOUR),
        (k.DATE, dt.date(2025, 11, 10), dt.date(2025, 11, 10).toordinal()),
        (k.DATE, "2025-11-10", dt.date(2025, 11, 10).toordinal()),
        (k.DATETIME, dt.datetime(2025, 11, 10, 20, tzinfo=CHINA), AFTERNOON),
        (k.DATETIME, dt.datetime(2025, 11, 10, 12, tzinfo=dt.UTC), AFTERNOON),
        (k.DATETIME, "2025-11-10T20:00:00+08:00", AFTERNOON),
        (k.TEXT, "A-1", "A-1"),
        (STATE, "opened", "opened"),
        (k.PARTY, "customer", "customer"),
    ],
)
def test_a_value_is_read_as_its_kind(kind: Kind, value: Any, held: Any) -> None:
    assert from_value(kind, value) == held
    assert type(from_value(kind, value)) is type(held)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (k.BOOL, 1),
        (k.BOOL, "true"),
        (k.BOOL, None),
        (k.INT, True),
        (k.INT, "7"),
        (k.INT, Decimal(7)),
        (WEIGHT, True),
        (WEIGHT, Decimal("NaN")),
        (WEIGHT, Decimal("Infinity")),
        (WEIGHT, [1]),
        (k.PERCENT, 80),
        (k.PERCENT, Decimal("0.8")),
        (CNY, 12),
        (CNY, Decimal("12.34")),
        (CNY, {"amount": "12.34"}),
        (CNY, {"amount": 12, "currency": "CNY"}),
        (CNY, {"amount": "12.34", "currency": "CNY", "note": ""}),
        (CNY, {"amount": "12.34 CNY", "currency": "CNY"}),
        (k.DAYS, True),
        (k.DAYS, dt.timedelta(days=1)),
        (k.DURATION, 48),
        (k.DATE, dt.datetime(2025, 11, 10, tzinfo=dt.UTC)),
        (k.DATE, 20251110),
        (k.DATETIME, dt.datetime(2025, 11, 10, 20)),
        (k.DATETIME, dt.date(2025, 11, 10)),
        (k.DATETIME, AFTERNOON),
        (k.TEXT, 1),
        (k.TEXT, b"A-1"),
        (STATE, 1),
        (STATE, None),
        (k.PARTY, ["customer"]),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: Kind, value: Any) -> None:
    found = misfit(from_value, kind, value)
    assert (found.name, found.values["kind"]) == ("wrong-kind", kind.word)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [0.5, 1.0, float("nan"), float("inf")])
def test_a_float_is_refused_whatever_the_kind(kind: Kind, value: float) -> None:
    assert misfit(from_value, kind, value).name == "float-value"


def test_faults_of_a_text_are_named_alike_when_a_program_gives_it() -> None:
    assert misfit(from_value, k.PERCENT, "0.8").name == "percent-without-sign"
    assert misfit(from_value, CNY, "100").name == "money-without-currency"
    assert misfit(from_value, k.DAYS, "30").name == "number-without-unit"
    assert misfit(from_value, WEIGHT, Decimal("0.125")).name == "too-many-places"
    assert misfit(from_value, WEIGHT, Decimal("1E+40")).name == "number-too-long"


# What holds of every number


KINDS = (k.INT, WEIGHT, WHOLE, Kind("decimal", places=12), k.PERCENT, CNY, JPY, BHD, k.DAYS, k.DURATION)
NUMBERS = st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), st.integers(*bounds_of(kind))))


@given(NUMBERS)
def test_what_is_shown_of_a_number_reads_back_to_it(number: tuple[Kind, int]) -> None:
    kind, held = number
    assert from_text(kind, exact(kind, held)) == held


@pytest.mark.parametrize(
    ("kind", "held", "shown"),
    [
        (k.INT, -7, "-7"),
        (WEIGHT, 5, "0.05"),
        (WEIGHT, -5, "-0.05"),
        (WEIGHT, 100_00, "100"),
        (WEIGHT, 0, "0"),
        (WHOLE, 100, "100"),
        (k.PERCENT, 8000, "80%"),
        (k.PERCENT, 100_00, "100%"),
        (k.PERCENT, 1, "0.01%"),
        (CNY, 1230, "12.30 CNY"),
        (JPY, 1200, "1200 JPY"),
        (k.DAYS, 1, "1 day"),
        (k.DAYS, 14, "14 days"),
        (k.DURATION, 48 * HOUR, "48 hours"),
        (k.DURATION, 500_000, "0.5 seconds"),
    ],
)
def test_a_number_is_shown_as_an_author_writes_it(kind: Kind, held: int, shown: str) -> None:
    assert exact(kind, held) == shown


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.decimals(places=3, min_value=-(10**20), max_value=10**20),
    st.text(max_size=30),
    st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{1,4})?(%| (CNY|USD|days|hours))?", fullmatch=True),
    st.binary(max_size=4),
    st.dates(),
    st.datetimes(timezones=st.none() | st.just(dt.UTC)),
    st.timedeltas(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["amount", "currency", "note"]), st.text(max_size=5), max_size=3),
)


@given(st.sampled_from(KINDS), SCALARS)
def test_any_value_is_either_held_or_refused_in_words_that_can_be_shown(kind: Kind, value: Any) -> None:
    readers = [from_value, from_text] if isinstance(value, str) else [from_value]
    for read in readers:
        try:
            held = read(kind, value)
        except Misfit as refused:
            finding = Finding(refused.name, values=refused.values)
            assert all(finding.message(language) for language in LANGUAGES)
            continue
        assert isinstance(held, str if kind.is_symbolic or kind.name == "text" else int)
