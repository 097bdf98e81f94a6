"""What changed from one look to the next, told as the looks come."""

from csflow.loading.watching import changes


def test_the_first_look_changes_nothing_and_later_ones_name_what_is_new_written_or_gone() -> None:
    looks = [
        {"a": (1, 1), "b": (1, 1)},
        {"a": (1, 1), "b": (1, 1)},
        {"a": (2, 1), "b": (1, 1)},
        {"b": (1, 9), "c": (3, 3)},
        {},
    ]
    assert list(changes(looks)) == [(), (), ("a",), ("a", "b", "c"), ("b", "c")]


def test_each_look_is_answered_before_the_next_is_taken() -> None:
    taken = []

    def looks():
        for number in range(3):
            taken.append(number)
            yield {"a": (number, 0)}

    told = changes(looks())
    assert next(told) == () and taken == [0]
    assert next(told) == ("a",) and taken == [0, 1]
