"""Owns what a mistake of the corpus does to its pack, and what `csflow check` finds then."""

import datetime as dt
from functools import cache
from pathlib import Path

import corpus_of_flows  # noqa: F401
import corpus_of_shapes
import corpus_of_shop
import corpus_of_tests  # noqa: F401
from corpus import CLOSE, OPEN, Files, Mistake

from csflow.cli.check import examined
from csflow.diagnostics import Finding
from csflow.loading.passes import load_files
from csflow.values.instants import instant_from_datetime

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = {"cn": ROOT / "policies" / "cn", corpus_of_shapes.PACK: ROOT / "tests" / "domain" / "shapes"}
PACKS: dict[str, Files] = {
    name: {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.csv"), *folder.rglob("*.json")))
    }
    for name, folder in FOLDERS.items()
}
BEGUN = Path(__file__).parent / "shop"
PACKS[corpus_of_shop.PACK] = {
    name: (BEGUN / name).read_bytes().replace(b"{name}", b"shop").replace(b"{today}", b"2026-11-22")
    for name in ("pack.yaml", corpus_of_shop.LAYER)
}
# The packs whose mistakes are looked for by analysis, too.
ANALYSED = {"cn", corpus_of_shop.PACK}
# Far from the end of every calendar.
NOW = instant_from_datetime(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def made(mistake: Mistake) -> tuple[Files, int, tuple[int, int] | None]:
    """The pack with the mistake in it, the line of the finding, and the place that `⟦...⟧` names."""
    original = _pack_of(mistake)
    files, first_change, named = dict(original), 0, None
    for number, (file, old, new) in enumerate(mistake.edits):
        text = files[file].decode("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        at = text.index(old)
        if number == 0:
            named = _named(new, at)
            first_change = at + _common(old, new)
        files[file] = text.replace(old, new.replace(OPEN, "").replace(CLOSE, "")).encode("utf-8")
    if mistake.files:
        files = mistake.files(files)
    place = named[0] if named else first_change
    if mistake.at:
        file, wanted = mistake.at
        text = original[file].decode("utf-8") if mistake.files else files[file].decode("utf-8")
        assert text.count(wanted) == 1 or not wanted, f"{wanted!r} stands {text.count(wanted)} times in {file}"
        place = text.index(wanted)
    else:
        text = files[mistake.file].decode("utf-8")
        # Edits further up the file, which a mistake may need, move it down.
        place += sum(
            len(new) - len(old)
            for file, old, new in mistake.edits[1:]
            if file == mistake.file and original[file].decode("utf-8").index(old) < place
        )
        if named:
            named = (place, place + named[1] - named[0])
    return files, text.count("\n", 0, place) + 1, named


def _pack_of(mistake: Mistake) -> Files:
    """Its pack; without the tests of the pack, which say themselves what they miss in a rule that is not there."""
    files = PACKS[mistake.pack]
    return (
        files if mistake.section == "tests" else {name: files[name] for name in files if not name.startswith("tests/")}
    )


def _named(new: str, at: int) -> tuple[int, int] | None:
    if OPEN not in new:
        return None
    start = new.index(OPEN)
    end = new.index(CLOSE) - 1 if CLOSE in new else start
    return at + start, at + end


def _common(old: str, new: str) -> int:
    """How many signs two texts begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def read(files: Files) -> list[Finding]:
    """What loading finds."""
    return list(load_files(files).diagnostics)


def found(files: Files, pack: str) -> list[Finding]:
    """What `csflow check` finds, by loading and by analysis."""
    return list(examined(load_files(files), NOW).findings) if pack in ANALYSED else read(files)


@cache
def found_for(mistake: Mistake) -> list[Finding]:
    return found(made(mistake)[0], mistake.pack)


def shown(findings: list[Finding]) -> list[tuple[str, str | None, int]]:
    return [(f.name, f.mark.path if f.mark else f.subject, f.mark.line if f.mark else 1) for f in findings]


def expected(mistake: Mistake) -> list[tuple[str, str | None, int]]:
    """What must be found, as `shown` shows it: each finding on its line."""
    files, line, _ = made(mistake)
    text = files.get(mistake.file, b"").decode("utf-8", "replace") if mistake.also else ""
    further = [(name, mistake.file, text.count("\n", 0, text.index(place)) + 1) for name, place in mistake.also]
    return [(mistake.finding, mistake.file, line), *further]
