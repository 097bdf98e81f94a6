"""Lines: what is computed with them holds at every step that is left of their stretch."""

import operator
import random
from fractions import Fraction

import pytest

from csflow.evaluators.lines import Line, Stretch, Undetermined, between, greatest, straight
from csflow.values.rounding import Rounding, round_exact

OPERATIONS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda one, other: (one if isinstance(one, Line) else Fraction(one)) / other,
}
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]


def at(step, number):
    """What a line may be at a step: all that is known of it."""
    if not isinstance(number, Line):
        return number, number
    return Line(
        Stretch(step, step), *(getattr(number, f"_{name}") for name in ("slope", "low", "high", "least", "most"))
    ).range()


def computed(chance, step):
    """One random computation, over the stretch or at one step of it: the same seed gives the same one."""
    value = straight(step, chance.randint(-3, 3) or 1, chance.randint(-20, 20)) if isinstance(step, Stretch) else None
    if value is None:
        slope, offset = chance.randint(-3, 3) or 1, chance.randint(-20, 20)
        value = slope * step + offset
    start = value
    for _ in range(chance.randint(1, 5)):
        match chance.choice("+-*/rkcmx"):
            case "r":
                mode = chance.choice(list(Rounding))
                value = value.rounded(mode) if isinstance(value, Line) else round_exact(value, mode)
            case "k":
                value = value * Fraction(chance.randint(-9, 9), chance.randint(1, 9))
            case "c":
                value = OPERATIONS[chance.choice("+-")](chance.randint(-9, 9), value)
            case "m":
                value = max(value, chance.randint(-9, 9))
            case "x":
                value = (
                    greatest([value, chance.randint(-5, 5), start])
                    if isinstance(step, Stretch)
                    else max(value, chance.randint(-5, 5), start)
                )
            case sign:
                value = OPERATIONS[sign](value, start if sign != "/" else start * start + 1)
    return value, chance.choice(COMPARISONS)(value, chance.randint(-30, 30))


@pytest.mark.parametrize("seed", range(40))
def test_a_computation_over_a_stretch_holds_at_each_of_its_steps(seed):
    held = 0
    for number in range(60):
        low = random.Random(f"{seed} {number}").randint(-15, 15)
        stretch = Stretch(low, low + random.Random(number).randint(1, 30))
        try:
            value, answer = computed(random.Random(f"{seed} {number}"), stretch)
        except Undetermined:
            continue
        held += 1
        for step in range(stretch.low, stretch.high + 1):
            exact, truth = computed(random.Random(f"{seed} {number}"), step)
            least, most = at(step, value)
            assert least <= exact <= most, (number, step)
            assert truth is answer, (number, step)
    assert held > 15


@pytest.mark.parametrize("compare", COMPARISONS)
@pytest.mark.parametrize("slope", [1, -1, 3, -2])
def test_an_exact_line_is_cut_at_the_very_last_step_with_the_same_answer(compare, slope):
    for first in range(-12, 12):
        stretch = Stretch(first, 40)
        answer = compare(straight(stretch, slope, 5), 2)
        same = [step for step in range(first, 41) if compare(slope * step + 5, 2) is not answer]
        assert stretch.high == (min(same) - 1 if same else 40)


def test_what_is_the_same_at_each_step_is_a_number_again():
    line = straight(Stretch(0, 9), 2, 1)
    assert line - line == 0 and not isinstance(line - line, Line)
    assert line / line == 1
    assert (line * 7) / (line * 2) == Fraction(7, 2)
    assert not isinstance((line * 0), Line)


def test_where_nothing_says_where_it_turns_smaller_stretches_are_asked_for():
    with pytest.raises(Undetermined):
        bool(between(Stretch(0, 9), 0, 5) > 3)
    with pytest.raises(Undetermined):
        1 / straight(Stretch(-3, 3), 1, 0)


def test_a_line_is_no_text_and_nothing_absent():
    line = straight(Stretch(0, 9), 1, 0)
    assert line != "0"
    assert line != None  # noqa: E711
