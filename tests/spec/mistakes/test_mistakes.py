"""What an author gets wrong is found on its line, once, and the suggestion mends it."""

import re
from functools import cache
from pathlib import Path

import corpus_of_shapes
import corpus_of_tests  # noqa: F401
import pytest
from corpus import CLOSE, CORPUS, OPEN, Files, Mistake

import csflow
from csflow.definitions import DOCUMENTS
from csflow.diagnostics import Finding
from csflow.loading.passes import load_files

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = {"cn": ROOT / "policies" / "cn", corpus_of_shapes.PACK: ROOT / "tests" / "domain" / "shapes"}
PACKS: dict[str, Files] = {
    name: {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.csv")))
    }
    for name, folder in FOLDERS.items()
}
FILES = PACKS["cn"]
IDS = [f"{mistake.pack}: {mistake.section}: {mistake.says}" for mistake in CORPUS]
MENDED = [
    pytest.param(mistake, id=name) for mistake, name in zip(CORPUS, IDS, strict=True) if mistake.meant and mistake.mends
]
ONE_OF_A_NAME = [
    pytest.param(mistake, id=name)
    for number, (mistake, name) in enumerate(zip(CORPUS, IDS, strict=True))
    if mistake.finding not in {earlier.finding for earlier in CORPUS[:number]}
]
every_mistake = pytest.mark.parametrize("mistake", CORPUS, ids=IDS)


def made(mistake: Mistake) -> tuple[Files, int, tuple[int, int] | None]:
    """The pack with the mistake in it, the line of the finding, and the place that `⟦...⟧` names."""
    original = PACKS[mistake.pack]
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


def _named(new: str, at: int) -> tuple[int, int] | None:
    if OPEN not in new:
        return None
    start = new.index(OPEN)
    end = new.index(CLOSE) - 1 if CLOSE in new else start
    return at + start, at + end


def _common(old: str, new: str) -> int:
    """How many signs two texts begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def found(files: Files) -> list[Finding]:
    return list(load_files(files).diagnostics)


@cache
def found_for(mistake: Mistake) -> list[Finding]:
    return found(made(mistake)[0])


def shown(findings: list[Finding]) -> list[tuple[str, str | None, int]]:
    return [(f.name, f.mark.path if f.mark else f.subject, f.mark.line if f.mark else 1) for f in findings]


@every_mistake
def test_a_mistake_gives_one_finding_on_its_line(mistake):
    _, line, _ = made(mistake)
    assert shown(found_for(mistake)) == [(mistake.finding, mistake.file, line)]


@every_mistake
def test_a_mistake_gives_the_suggestion_that_is_due(mistake):
    files, _, named = made(mistake)
    assert [_as_mended(finding, files, named) for finding in found_for(mistake)] == [mistake.meant]


def _as_mended(finding: Finding, files: Files, named: tuple[int, int] | None) -> str | None:
    """The suggestion, in place of what is marked, with what else stands between `⟦` and `⟧`."""
    if finding.suggestion is None or named is None or named[0] == named[1]:
        return finding.suggestion
    start, end = named
    text = files[finding.mark.path].decode("utf-8")
    assert start <= finding.mark.start and finding.mark.end <= end, "the finding reaches out of what it is about"
    return text[start : finding.mark.start] + finding.suggestion + text[finding.mark.end : end]


@pytest.mark.parametrize("mistake", MENDED)
def test_the_suggestion_in_place_of_the_mistake_makes_the_pack_clean(mistake):
    files, _, _ = made(mistake)
    finding = found_for(mistake)[0]
    assert finding.suggestion is not None
    text = files[finding.mark.path].decode("utf-8")
    start, end = finding.mark.start, finding.mark.end
    assert start < end, "the finding marks nothing"
    mended = text[:start] + finding.suggestion + text[end:]
    assert shown(found(files | {finding.mark.path: mended.encode("utf-8")})) == []


@pytest.mark.parametrize("mistake", ONE_OF_A_NAME)
def test_a_pack_with_an_error_is_refused_and_one_with_less_is_loaded(mistake):
    files, _, _ = made(mistake)
    findings = found_for(mistake)
    if mistake.section == "tests":
        # What decides does not hang on tests: `check` refuses the pack, `load_pack` passes over them.
        assert csflow.load_pack(files).digest == csflow.load_pack(FILES).digest
        return
    if any(finding.severity == "error" for finding in findings):
        with pytest.raises(csflow.PackError) as refused:
            csflow.load_pack(files)
        reported = refused.value.diagnostics
    else:
        reported = csflow.load_pack(files).diagnostics
    assert sorted(shown(reported), key=str) == sorted(shown(findings), key=str)


@pytest.mark.parametrize("mistake", ONE_OF_A_NAME)
def test_the_findings_do_not_depend_on_the_order_of_the_files(mistake):
    files, _, _ = made(mistake)
    backwards = found(dict(reversed(files.items())))
    assert {finding.name for finding in backwards} == {finding.name for finding in found_for(mistake)}


@pytest.mark.parametrize("name", PACKS)
def test_the_clean_pack_gives_no_finding_at_all(name):
    assert shown(found(PACKS[name])) == []


def test_every_kind_of_document_and_every_file_of_the_pack_has_a_mistake():
    for name, files in PACKS.items():
        held = [mistake for mistake in CORPUS if mistake.pack == name]
        assert {mistake.edits[0][0] if mistake.edits else mistake.file for mistake in held} >= set(files), name
    assert {mistake.section for mistake in CORPUS} >= set(DOCUMENTS)


def test_the_corpus_is_large_and_names_no_mistake_twice():
    assert len(CORPUS) >= 250
    assert len(set(IDS)) == len(IDS)


def test_the_reader_of_the_corpus_refuses_a_text_that_stands_twice():
    twice = Mistake("pack", "twice", (("pack.yaml", "zh-CN", "zh"),), "unknown-language")
    with pytest.raises(AssertionError, match=re.escape("stands 2 times")):
        made(twice)


UNREACHABLE = {
    "name": "#1",
    "processed_at": "2026-01-01T00:00:00Z",
    "current_subtotal_price": "1.00",
    "currency": "CNY",
}


@pytest.mark.parametrize(
    ("old", "new", "near"),
    [
        ("order.id: name", "order.id: nane", "name"),
        ("path: current_subtotal_price", "path: current_subtotal_prize", "current_subtotal_price"),
        ("order.paid_at: processed_at", "order.paid_at: customer.processed_at", None),
    ],
)
def test_a_path_that_leads_nowhere_is_named_when_a_document_is_read(old, new, near):
    text = FILES["mappings/shopify_order.yaml"].decode("utf-8")
    assert text.count(old) == 1
    pack = csflow.load_pack(FILES | {"mappings/shopify_order.yaml": text.replace(old, new).encode()})
    with pytest.raises(csflow.FactError) as refused:
        pack.map("shopify_order", {"order": UNREACHABLE})
    [finding] = refused.value.diagnostics
    assert finding.name == "missing-field"
    assert finding.suggestion == near
