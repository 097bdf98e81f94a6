"""What an author gets wrong is found on its line, once, and the suggestion mends it."""

import os
import re

import pytest
from corpus import CORPUS, Files, Mistake
from making import ANALYSED, NOW, PACKS, expected, found, found_for, made, read, shown

import csflow
from csflow.cli.check import examined
from csflow.definitions import DOCUMENTS
from csflow.diagnostics import Finding
from csflow.loading.passes import load_files

FILES = PACKS["cn"]
IDS = [f"{mistake.pack}: {mistake.section}: {mistake.says}" for mistake in CORPUS]
# Every suggestion is put in place by `make soak`, and every third of them, and the first of a finding, in each run.
MENDED = [
    pytest.param(mistake, id=name)
    for number, (mistake, name) in enumerate(zip(CORPUS, IDS, strict=True))
    if mistake.meant and mistake.mends
    if os.environ.get("CSFLOW_SOAK")
    or number % 3 == 0
    or mistake.finding not in {earlier.finding for earlier in CORPUS[:number]}
]
ASKED_OF_CN = ("pack.yaml", "facts.yaml", "parameters.yaml", "codes.yaml", "reasons.yaml", "settlement.yaml")
ONE_OF_A_NAME = [
    pytest.param(mistake, id=name)
    for number, (mistake, name) in enumerate(zip(CORPUS, IDS, strict=True))
    if mistake.finding not in {earlier.finding for earlier in CORPUS[:number]}
]
every_mistake = pytest.mark.parametrize("mistake", CORPUS, ids=IDS)


@every_mistake
def test_a_mistake_gives_one_finding_on_its_line_with_the_suggestion_that_is_due(mistake):
    assert shown(found_for(mistake)) == expected(mistake)
    files, _, named = made(mistake)
    assert [_as_mended(finding, files, named) for finding in found_for(mistake)] == [
        mistake.meant,
        *(None for _ in mistake.also),
    ]


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
    # Loading alone: what else a table lacks, with a cell that was made up for the mistake, is not the suggestion's.
    assert shown(read(files | {finding.mark.path: mended.encode("utf-8")})) == []


@pytest.mark.parametrize("mistake", ONE_OF_A_NAME)
def test_a_pack_with_an_error_is_refused_and_one_with_less_is_loaded(mistake):
    files, _, _ = made(mistake)
    findings = read(files)
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
    backwards = found(dict(reversed(files.items())), mistake.pack)
    assert {finding.name for finding in backwards} == {finding.name for finding in found_for(mistake)}


@pytest.mark.parametrize("name", PACKS)
def test_the_clean_pack_gives_no_finding_at_all(name):
    assert shown(found(PACKS[name], name)) == []


@pytest.mark.parametrize("name", sorted(set(PACKS) - ANALYSED))
def test_the_analysis_finds_nothing_in_the_clean_pack_either(name):
    assert shown(examined(load_files(PACKS[name]), NOW).findings) == []


def test_every_kind_of_document_and_every_file_of_the_pack_has_a_mistake():
    for name, files in PACKS.items():
        held = [mistake for mistake in CORPUS if mistake.pack == name]
        # Of `cn` one file of each kind stands for the others: it has more than a hundred.
        asked = set(files) if name != "cn" else set(ASKED_OF_CN)
        assert {mistake.edits[0][0] if mistake.edits else mistake.file for mistake in held} >= asked, name
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
