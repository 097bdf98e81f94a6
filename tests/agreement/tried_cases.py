"""What there is to find in a small table, by trying every case: written from the semantics, and nothing of the engine.

Sets of cases are bits, as in `small_tables`.
"""

from itertools import groupby

from tests.agreement.small_tables import ALL, GRADES, Condition, Row, Small, conjunction

Finding = tuple[object, ...]


class Tried:
    """One table in every case."""

    def __init__(self, table: Small) -> None:
        self._table = table
        self._sets = [row.condition.sets for row in table.rows]
        self._known = ALL
        for yes, no in self._sets:
            self._known &= yes | no
        self._none = ALL
        for _, no in self._sets:
            self._none &= no

    def answers(self) -> dict[str, dict[object, int]] | None:
        """By output, the cases in which each value is given; None of a table that gives lists."""
        table = self._table
        if table.policy == "collect":
            return None
        if table.policy == "checklist":
            unmet = self._known & ~self._none
            return {"met": {"true": self._none, "false": unmet}}
        grades: dict[object, int] = {}
        points: dict[object, int] = {}
        for row, cases in self._deciding():
            grades[row.gives[0]] = grades.get(row.gives[0], 0) | cases
            points[row.gives[1]] = points.get(row.gives[1], 0) | cases
        return {"grade": grades, "points": points}

    def findings(self) -> set[Finding]:
        found: set[Finding] = set(self._idle_rules())
        if self._table.policy != "checklist":
            found |= {("input-never-matters", name) for name in self._table.columns if not self._matters(name)}
        if self._none and self._table.otherwise is None and self._table.policy != "collect":
            found.add(("gap",))
        return found | set(self._meeting()) | set(self._exceptions())

    # Which rule decides

    def _deciding(self) -> list[tuple[Row, int]]:
        """What gives the outputs, after exceptions, and in which cases: each case at most once."""
        found = []
        for number, row in enumerate(self._table.rows):
            found += [(applied, cases & self._decides(number, applied)) for applied, cases in self._applied(row)]
        if self._table.otherwise is not None:
            found += [(applied, cases & self._none) for applied, cases in self._applied(self._table.otherwise)]
        return found

    def _decides(self, number: int, applied: Row) -> int:
        """The cases in which a rule decides, if it gives the outputs of `applied`."""
        policy, cases = self._table.policy, self._hit(number)
        if policy not in ("any", "priority"):
            return cases
        for other, row in enumerate(self._table.rows):
            if other == number:
                continue
            fits = self._sets[other][1]
            for theirs, where in self._applied(row):
                if policy == "any":
                    may = other > number and theirs.gives == applied.gives
                else:
                    may = (GRADES.index(theirs.gives[0]), other) > (GRADES.index(applied.gives[0]), number)
                fits |= self._sets[other][0] & where if may else 0
            cases &= fits
        return cases

    def _hit(self, number: int) -> int:
        cases = self._sets[number][0]
        for other, (_, no) in enumerate(self._sets):
            if (self._table.policy == "first" and other < number) or (
                self._table.policy == "unique" and other != number
            ):
                cases &= no
        return cases if self._table.policy == "first" else cases & self._known

    def _applied(self, row: Row) -> list[tuple[Row, int]]:
        """A row or its exceptions, and where each gives the outputs if the row holds."""
        found, clear = [], ALL
        for group in _by_rank(row):
            for exception in group:
                alone = clear & exception.condition.sets[0]
                for other in group:
                    alone &= ALL if other is exception else other.condition.sets[1]
                found += [(applied, cases & alone) for applied, cases in self._applied(exception)]
            for exception in group:
                clear &= exception.condition.sets[1]
        return [*found, (row, clear)]

    def _clean(self, row: Row) -> int:
        """Where the exceptions of a row are known and do not contradict each other."""
        found = 0
        for _, cases in self._applied(row):
            found |= cases
        return found

    def _all_clean(self) -> int:
        found = ALL
        for row, (yes, no) in zip(self._table.rows, self._sets, strict=True):
            found &= no | (yes & self._clean(row))
        return found

    # What there is to find

    def _idle_rules(self) -> list[Finding]:
        found: list[Finding] = []
        for number, row in enumerate(self._table.rows):
            if self._ever_decides(number, row):
                continue
            if any(not cell.sets[0] for name, cell in row.cells.items() if name) and len(row.cells) > 0:
                found.append(("cell-never-true", row.id))
            elif not self._sets[number][0]:
                found.append(("never", row.id))
            else:
                found.append(("shadowed-rule", row.id))
        return found

    def _ever_decides(self, number: int, row: Row) -> bool:
        if self._table.policy == "first":
            return bool(self._hit(number))
        if self._table.policy == "priority":
            return any(cases & self._decides(number, applied) for applied, cases in self._applied(row))
        return bool(self._sets[number][0])

    def _meeting(self) -> list[Finding]:
        found: list[Finding] = []
        for one in range(len(self._table.rows)):
            for other in range(one + 1, len(self._table.rows)):
                together = self._sets[one][0] & self._sets[other][0] & self._known
                if self._table.policy == "unique" and together:
                    found.append(("overlapping-rules", f"r{one}", f"r{other}"))
                if self._table.policy == "any" and together & self._differing(one, other):
                    found.append(("disagreeing-rules", f"r{one}", f"r{other}"))
        return found

    def _differing(self, one: int, other: int) -> int:
        """Where two rules give different outputs, the first of the two before all others that hold."""
        cases = self._all_clean()
        for _, no in self._sets[:one]:
            cases &= no
        differing = 0
        for mine, where in self._applied(self._table.rows[one]):
            for theirs, there in self._applied(self._table.rows[other]):
                differing |= where & there if mine.gives != theirs.gives else 0
        return cases & differing

    def _exceptions(self) -> list[Finding]:
        found: list[Finding] = []
        for number, row in enumerate(self._table.rows):
            below = self._below(row, self._hit(number))
            is_idle = not self._ever_decides(number, row)
            # What never applies below a rule that never decides is not said again.
            found += [each for each in below if not (is_idle and each[0] == "exception-never-applies")]
        if self._table.otherwise is not None:
            found += self._below(self._table.otherwise, self._none)
        return found

    def _below(self, row: Row, cases: int) -> list[Finding]:
        """The exceptions of a row that is looked at in these cases."""
        found: list[Finding] = []
        for group in _by_rank(row):
            known = cases
            for exception in group:
                known &= exception.condition.sets[0] | exception.condition.sets[1]
            for place, exception in enumerate(group):
                if not cases & exception.condition.sets[0]:
                    found.append(("exception-never-applies", exception.id))
                    continue
                for other in group[:place]:
                    if known & exception.condition.sets[0] & other.condition.sets[0]:
                        found.append(("conflicting-exceptions", other.id, exception.id))
                alone = cases & exception.condition.sets[0]
                for other in group:
                    alone &= ALL if other is exception else other.condition.sets[1]
                found += self._below(exception, alone)
            for exception in group:
                cases &= exception.condition.sets[1]
        return found

    def _matters(self, column: str) -> bool:
        """Whether some case is decided by another rule without the cells of a column."""
        rows = [
            Row(row.id, row.condition, row.gives, exceptions=row.exceptions)
            if not row.cells or column not in row.cells
            else self._without(row, column)
            for row in self._table.rows
        ]
        other = Tried(Small("", self._table.policy, rows, self._table.otherwise, {}))
        return self._verdicts() != other._verdicts()

    def _without(self, row: Row, column: str) -> Row:
        rest = conjunction([cell.sets for name, cell in row.cells.items() if name not in (column, "")])
        return Row(row.id, Condition("", rest), row.gives, exceptions=row.exceptions)

    def _verdicts(self) -> list[int]:
        """What tells two tables apart: under `first` and `priority` the rule that decides, else those that are hit."""
        if self._table.policy == "first":
            found, clear = [], ALL
            for yes, no in self._sets:
                found += [clear & yes, clear & ~(yes | no)]
                clear &= no
            return found
        if self._table.policy == "priority":
            decides = [
                sum(cases & self._decides(number, applied) for applied, cases in self._applied(row))
                for number, row in enumerate(self._table.rows)
            ]
            return [self._known, self._known & self._all_clean(), *decides]
        return [self._known, *(yes & self._known for yes, _ in self._sets)]


def _by_rank(row: Row) -> list[list[Row]]:
    ranked = sorted(row.exceptions, key=lambda exception: -exception.rank)
    return [list(group) for _, group in groupby(ranked, key=lambda exception: exception.rank)]
