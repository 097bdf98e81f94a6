"""Nothing in a drawing lies on another thing: of the small desk, and of flows made by chance."""

import pytest
from tests.laws.chance import Chance
from tests.unit.reports.graph.drawings import difference, picture

from csflow.diagnostics import LANGUAGES
from csflow.reports.graph.arranging import arranged
from csflow.reports.graph.layering import layered
from csflow.reports.graph.picture import Arrow, Box, Line, Picture, Shape, Tone
from csflow.reports.graph.setting import PADDING, indent_of, width_in


def by_chance(seed):
    """A flow with stages or without, loops, ways back and far ahead, and states that nothing leads to."""
    chance = Chance(seed)
    count = chance.randint(1, 14)
    stages = [None, None, "intake", "收货", "closing"] if chance.is_so() else [None]
    boxes = [Box("[*]", Shape.START, None, ())]
    for number in range(count):
        lines = tuple(
            Line(chance.choice((Tone.PLAIN, Tone.TIME)), "状态 state " * chance.randint(1, 8))
            for _ in range(chance.randint(1, 4))
        )
        boxes.append(Box(f"s{number}", Shape.STATE, chance.choice(stages), lines))
    arrows = [Arrow(("[*]", "s0"), "[*]", "s0", ())]
    for number in range(chance.randint(0, 26)):
        ends = f"s{chance.randrange(count)}", f"s{chance.randrange(count)}"
        arrows.append(
            Arrow(
                (*ends, str(number)),
                *ends,
                (Line(Tone.HEAD, "事件"), Line(Tone.GUARD, "如果金额 " * chance.randint(1, 12))),
            )
        )
    return Picture("made", "en", "made", "by chance", tuple(boxes), tuple(arrows), (), ())


def plates(arrangement):
    yield from (place for _, place in arrangement.boxes)
    yield from (place for _, place in arrangement.labels)
    yield from (loop.label for loop in arrangement.loops)


def overlap(one, other):
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def every_picture(folder):
    for language in LANGUAGES:
        yield picture(language=language)
        yield picture("payout", language)
    yield difference(folder / "new")
    yield from map(by_chance, range(120))


def test_no_two_boxes_or_labels_overlap(tmp_path):
    for drawn in every_picture(tmp_path):
        found = list(plates(arranged(drawn, 80)))
        assert len(found) == len(drawn.boxes) + sum(bool(arrow.lines) for arrow in drawn.arrows)
        for number, one in enumerate(found):
            assert not [other for other in found[number + 1 :] if overlap(one, other)]


def test_no_line_runs_through_a_box_or_the_label_of_another(tmp_path):
    """Straight parts keep clear at their sides; between two rows, where lines bend, nothing else stands."""
    for drawn in every_picture(tmp_path):
        arrangement = arranged(drawn, 80)
        own = {id(arrow): place for arrow, place in arrangement.labels}
        for route in arrangement.routes:
            for place in plates(arrangement):
                if place is own.get(id(route.arrow)):
                    continue
                for stop in route.stops:
                    runs_inside = place.x < stop.x < place.x + place.width
                    assert not (runs_inside and stop.top < place.y + place.height and place.y < stop.bottom)
                for above, below in zip(route.stops, route.stops[1:], strict=False):
                    assert above.bottom <= below.top
                    between = place.y < below.top and above.bottom < place.y + place.height
                    assert not between


def test_every_line_begins_and_ends_at_its_boxes(tmp_path):
    for drawn in every_picture(tmp_path):
        arrangement = arranged(drawn, 80)
        places = {box.key: place for box, place in arrangement.boxes}
        drawn_arrows = [route.arrow for route in arrangement.routes] + [loop.arrow for loop in arrangement.loops]
        assert sorted(arrow.key for arrow in drawn_arrows) == sorted(arrow.key for arrow in drawn.arrows)
        for route in arrangement.routes:
            ends = (places[route.arrow.source], places[route.arrow.target])
            upper, lower = reversed(ends) if route.rises else ends
            assert upper.x <= route.stops[0].x <= upper.x + upper.width
            assert lower.x <= route.stops[-1].x <= lower.x + lower.width
            assert (route.stops[0].top, route.stops[-1].bottom) == (upper.y + upper.height, lower.y)


def test_lines_of_one_side_of_a_box_are_told_from_each_other():
    ports = [route.stops[-1 if side else 0] for side in (0, 1) for route in arranged(picture(), 80).routes]
    found = [(stop.x, stop.top, stop.bottom) for stop in ports]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("seed", range(40))
def test_every_text_fits_what_it_stands_in(seed):
    for place in plates(arranged(by_chance(seed), 80)):
        for line, text, _ in place.block.lines:
            # A word that is wider than all lines makes its box wider.
            assert indent_of(line) + width_in(line, text) <= place.width - 2 * PADDING


def test_each_stage_is_a_lane_with_its_states_and_no_others():
    arrangement = arranged(picture(), 80)
    assert [stage for stage, _, _ in arrangement.lanes] == ["intake", "inquiry", "talks", "redress", "closing"]
    for box, place in arrangement.boxes:
        inside = [stage for stage, top, height in arrangement.lanes if top < place.y < top + height]
        assert inside == ([] if box.stage is None else [box.stage])


def test_what_is_passed_on_the_way_stands_straight():
    """A line that nothing pushes aside has no bends between its label and its end."""
    [route] = [each for each in arranged(picture(), 80).routes if each.arrow.target == "withdrawn"]
    assert len({stop.x for stop in route.stops[1:-1]}) == 1


def test_no_lane_has_a_row_without_a_state(tmp_path):
    for drawn in every_picture(tmp_path):
        rows = layered(drawn, {box.key: (1, 1, 1) for box in drawn.boxes}, {})
        for _, first, last in rows.bands:
            assert all(any(item.key for item in row) for row in rows.rows[first : last + 1 : 2])
