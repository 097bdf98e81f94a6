"""What counts in the digests of a pack: behaviour in one, wording in the other, and spelling in none."""

import json
import os
import random
import re
import subprocess
import sys
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import csflow

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {
    "cn": ROOT / "policies" / "cn",
    "corner_shop": ROOT / "tests" / "spec" / "checks" / "pack",
    "shapes": ROOT / "tests" / "domain" / "shapes",
}
NOW = "2026-01-20T10:00:00+08:00"
WORDING = frozenset({"title", "because", "notice"})
SEEDS = st.integers(0, 10**9)
# A seed does not shrink.
TIMES = 3 if os.environ.get("CSFLOW_SOAK") else 1
FEW = settings(max_examples=3 * TIMES, deadline=None, phases=(Phase.explicit, Phase.generate))
FEWER = settings(FEW, max_examples=2 * TIMES)
SOME = settings(FEW, max_examples=8 * TIMES)


@cache
def files_of(name):
    """The documents of a pack but its tests, which are in no digest."""
    folder = FOLDERS[name]
    paths = (path for path in sorted(folder.rglob("*.yaml")) if "tests" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@cache
def document_of(name, file):
    return read(files_of(name)[file])


def digests(files):
    pack = csflow.load_pack(files)
    return pack.digest, pack.text_digest


@cache
def digests_of(name):
    return digests(files_of(name))


def read(data):
    """A document as mappings, lists and text: no value is guessed."""
    return yaml.load(data, yaml.BaseLoader)


class Quoting(yaml.SafeDumper):
    """Single quotes around everything keep cells what they are; a grid keeps its lines."""


def quoted(dumper, text):
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else "'")


Quoting.add_representer(str, quoted)


def written(document):
    text = yaml.dump(document, Dumper=Quoting, allow_unicode=True, sort_keys=False, default_style="'", width=10**9)
    return text.encode()


def rows_of(grid):
    """The numbers of the lines of a grid that hold a rule."""
    lines = [number for number, line in enumerate(grid.split("\n")) if line.strip() and not line.startswith("#")]
    return lines[1:]


def changed(name, file, change):
    """The files with one document replaced by what `change` makes of it (or of it in place)."""
    document = read(files_of(name)[file])
    return files_of(name) | {file: written(change(document) or document)}


def shuffled(mapping, randomness):
    """The entries in another order, where there is one."""
    keys = list(mapping)
    order = list(keys)
    while order == keys and len(keys) > 1:
        randomness.shuffle(order)
    return {key: mapping[key] for key in order}


def places(node, path=()):
    """Every mapping, list and text of a document, with its path."""
    yield path, node
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def at(document, path):
    for key in path:
        document = document[key]
    return document


def put(document, path, node):
    at(document, path[:-1])[path[-1]] = node


both_packs = pytest.mark.parametrize("name", FOLDERS)


# What does not count


@both_packs
def test_quoting_and_layout_change_no_digest(name):
    files = {file: written(read(data)) for file, data in files_of(name).items()}
    assert digests(files) == digests_of(name)


@both_packs
def test_line_ends_change_no_digest(name):
    files = {file: data.replace(b"\n", b"\r\n") for file, data in files_of(name).items()}
    assert digests(files) == digests_of(name)


@both_packs
@FEW
@given(seed=SEEDS)
def test_comments_and_blank_lines_change_no_digest(name, seed):
    randomness = random.Random(seed)

    def spaced(data):
        lines, inside = [], None
        for line in data.decode().split("\n"):
            indent = len(line) - len(line.lstrip())
            ends_block = inside is not None and bool(line.strip()) and indent <= inside
            inside = None if ends_block else inside
            # Only before the start of an entry: inside a block text a comment would be text.
            if inside is None and re.match(r"\s*(- \S|[\w.-]+:)", line):
                spaces = [[], [""], ["# 说明: {a: b"], ["", "      # x", ""]]
                # Right after a block text, an indented comment would be a line of it.
                lines += randomness.choice(spaces[:3] if ends_block else spaces)
            if inside is None and re.search(r"[|>][+-]?$", line):
                inside = indent
            is_bare_key = re.fullmatch(r"\s*[\w.-]+:", line) is not None
            lines.append(line + ("   # note" if is_bare_key and randomness.random() < 0.3 else ""))
        return "\n".join(lines).encode()

    assert digests({file: spaced(data) for file, data in files_of(name).items()}) == digests_of(name)


@both_packs
@FEW
@given(seed=SEEDS)
def test_names_and_order_of_files_change_no_digest(name, seed):
    randomness = random.Random(seed)
    contents = list(files_of(name).values())
    randomness.shuffle(contents)
    renamed = {f"{randomness.choice('abc')}/{number}.{randomness.choice(['yaml', 'yml'])}": data
               for number, data in enumerate(contents)}  # fmt: skip
    assert digests(renamed) == digests_of(name)


SPLIT = ("facts", "parameters", "reasons", "codes")


@both_packs
@pytest.mark.parametrize("kind", SPLIT)
def test_splitting_a_document_in_order_changes_no_digest(name, kind):
    file = f"{kind}.yaml"
    document = read(files_of(name)[file])
    parts = {
        f"{kind}_{number}.yaml": written({kind: {key: held}})
        for number, (key, held) in enumerate(document[kind].items())
    }
    rest = {key: held for key, held in document.items() if key != kind}
    for key, held in rest.items():
        parts[f"{key}.yaml"] = written({key: held})
    others = {other: data for other, data in files_of(name).items() if other != file}
    assert digests(others | parts) == digests_of(name)


@both_packs
@pytest.mark.parametrize("kind", SPLIT)
@FEW
@given(seed=SEEDS)
def test_moving_definitions_to_other_files_changes_no_digest(name, kind, seed):
    randomness = random.Random(seed)
    file = f"{kind}.yaml"
    document = read(files_of(name)[file])
    piles = [{}, {}, {}]
    for key, held in document[kind].items():
        randomness.choice(piles)[key] = held
    rest = {key: held for key, held in document.items() if key != kind}
    parts = {
        f"{randomness.choice('az')}{number}.yaml": written({kind: pile}) for number, pile in enumerate(piles) if pile
    }
    for key, held in rest.items():
        parts[f"{key}.yaml"] = written({key: held})
    others = {other: data for other, data in files_of(name).items() if other != file}
    assert digests(others | parts) == digests_of(name)


def is_title(path, node):
    return bool(path) and path[-1] in WORDING and isinstance(node, dict)


# Which mappings are shuffled: by the path to them and what they hold. `of:` is left out: there, order counts.
KEY_ORDERS = {
    "titles": is_title,
    "facts and records": lambda path, node: path[:1] == ("facts",) and len(path) <= 2,
    "derived values": lambda path, node: path == ("derived",),
    "parameters": lambda path, node: path == ("parameters",),
    "reasons": lambda path, node: path == ("reasons",) or path[-1:] == ("under",),
    "codes": lambda path, node: path == ("codes",),
    "inputs": lambda path, node: path == ("inputs",),
    "outputs": lambda path, node: path == ("outputs",),
    "cells": lambda path, node: path[-1:] == ("when",),
    "output cells": lambda path, node: path[-1:] == ("then",) or path == ("otherwise",),
    "mapped values": lambda path, node: path[-1:] == ("values",),
    "fields of a rule": lambda path, node: len(path) >= 2 and path[-2] in ("rules", "exceptions"),
    "fields of a parameter": lambda path, node: path[:1] == ("parameters",) and len(path) >= 2 and path[-1] not in WORDING,
    "fields of a fact": lambda path, node: path[:1] == ("facts",) and len(path) == 3,
    "local names": lambda path, node: path == ("let",),
    "roles and their fields": lambda path, node: path[:1] == ("roles",) and path[-1] not in WORDING,
    "parties, channels, customer types": lambda path, node: path in (("parties",), ("channels",), ("customer_types",)),
    "fields of a record": lambda path, node: path[-1:] == ("each",) or ("each" in path[:-1] and path[-1] not in WORDING),
    "parameters of a layer": lambda path, node: path[:1] == ("parameters",) and len(path) <= 2,
    "fields of an option": lambda path, node: len(path) >= 2 and path[-2] == "options",
    "limits": lambda path, node: "is" in node,
    "requirements": lambda path, node: len(path) == 2 and path[0] == "requires",
    "calendars by a fact": lambda path, node: path[-1:] in (("calendar",), ("zone",)) and "by" in node,
    "fields of a document": lambda path, node: path == (),
}  # fmt: skip


def reordered(name, order, seed):
    """The files with every mapping of one sort in another order; the first key names the document, so it stays."""
    randomness = random.Random(seed)
    files = dict(files_of(name))
    for file in files:
        concerned = [
            path
            for path, node in places(document_of(name, file))
            if isinstance(node, dict) and KEY_ORDERS[order](path, node) and "of" not in path[-1:]
        ]
        document = deepcopy(document_of(name, file)) if concerned else None
        for path in concerned:
            if path:
                put(document, path, shuffled(at(document, path), randomness))
            else:
                first, *rest = document.items()
                document = dict([first, *shuffled(dict(rest), randomness).items()])
        if concerned:
            files[file] = written(document)
    return files


@both_packs
@pytest.mark.parametrize("order", KEY_ORDERS)
@FEWER
@given(seed=SEEDS)
def test_the_order_of_keys_changes_no_digest(name, order, seed):
    assert digests(reordered(name, order, seed)) == digests_of(name)


def claims(pack):
    """Facts of the pack: none, and some that are partly unknown."""
    facts = pack.linked.facts
    instants = {path: "2025-11-10T12:00:00Z" for path, fact in facts.items() if fact.kind.name == "datetime"}
    symbols = {path: fact.kind.symbols[-1] for path, fact in facts.items() if fact.kind.symbols}
    flags = {path: False for path, fact in facts.items() if fact.kind.name == "bool"}
    yield {}
    yield symbols
    yield instants | symbols
    yield instants | symbols | flags


@both_packs
@pytest.mark.parametrize("order", ["inputs", "outputs", "cells", "output cells", "reasons", "codes"])
def test_packs_of_one_digest_give_the_same_bytes_for_the_same_facts(name, order):
    pack = csflow.load_pack(files_of(name))
    for seed in range(2):
        other = csflow.load_pack(reordered(name, order, seed))
        if other.digest != pack.digest:
            continue
        for decision in pack.decisions:
            for facts in claims(pack):
                told, told_by_other = (json.dumps(p.decide(decision, facts, at=NOW).to_json()) for p in (pack, other))
                assert told == told_by_other


@pytest.mark.parametrize(
    ("hash_seed", "zone", "locale"),
    [("0", "UTC", "C"), ("1", "Asia/Shanghai", "C.UTF-8"), ("4242", "America/St_Johns", "POSIX")],
)
def test_digests_are_the_same_in_another_process(hash_seed, zone, locale):
    program = (
        "import json, sys, csflow\n"
        "packs = [csflow.load_pack(path) for path in sys.argv[1:]]\n"
        "print(json.dumps([[pack.digest, pack.text_digest] for pack in packs]))\n"
    )
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "0"}
    told = subprocess.run(
        [sys.executable, "-c", program, *map(str, FOLDERS.values())],
        env=environment, cwd="/", capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(told.stdout) == [list(digests_of(name)) for name in FOLDERS]


# Wording


def wordings(name):
    """Where every title, source and notice of a pack stands, each language by itself."""
    found = []
    for file, data in files_of(name).items():
        document = read(data)
        for path, node in places(document):
            is_symbol_title = len(path) >= 2 and path[-2] == "of" and isinstance(path[-1], str)
            is_short_code = path[:1] == ("codes",) and len(path) == 2
            if not path or not (path[-1] in WORDING or is_symbol_title or is_short_code):
                continue
            if isinstance(node, dict):
                found += [(file, (*path, language)) for language in node if language in ("zh-CN", "zh-TW", "en")]
            elif isinstance(node, str):
                found.append((file, path))
    return found


def reworded(name, file, path):
    def change(document):
        put(document, path, at(document, path) + "！")

    return changed(name, file, change)


@pytest.mark.parametrize(
    ("file", "path"),
    wordings("corner_shop"),
    ids=lambda part: part if isinstance(part, str) else ".".join(map(str, part)),
)
def test_a_title_or_source_changes_the_text_digest_alone(file, path):
    behaviour, text = digests(reworded("corner_shop", file, path))
    assert behaviour == digests_of("corner_shop")[0]
    assert text != digests_of("corner_shop")[1]


@SOME
@given(st.sampled_from(wordings("cn")))
def test_a_title_or_source_of_the_standard_pack_changes_the_text_digest_alone(place):
    behaviour, text = digests(reworded("cn", *place))
    assert behaviour == digests_of("cn")[0]
    assert text != digests_of("cn")[1], place


def test_the_same_words_in_another_place_are_another_text():
    def swapped(document):
        one, two = document["rules"][0], document["rules"][1]
        one["because"], two["because"] = two["because"], one["because"]

    behaviour, text = digests(changed("corner_shop", "decisions/return.yaml", swapped))
    assert behaviour == digests_of("corner_shop")[0]
    assert text != digests_of("corner_shop")[1]


# Behaviour

BEHAVIOUR = {
    "a cell": ("decisions/return.yaml", "condition: [intact, opened]", "condition: [intact]"),
    "a condition": ("decisions/return.yaml", "<= promised", "< promised"),
    "an output": ("decisions/return.yaml", "{outcome: deny, code: window.expired}", "{outcome: deny, code: not.intact}"),
    "an output left out": ("decisions/return.yaml", ", fee: param.restocking_rate * order.paid", ""),
    "a computed output": ("decisions/return.yaml", "param.restocking_rate * order.paid", "param.restocking_rate * order.paid + 0.01 CNY"),
    "the output of otherwise": ("decisions/return.yaml", "otherwise: {outcome: manual", "otherwise: {outcome: deny"),
    "the order of an enum": ("decisions/return.yaml", "allow: 同意, deny: 拒绝", "deny: 拒绝, allow: 同意"),
    "the order of the enum of a fact": ("facts.yaml", "intact: 完好, opened: 已拆封", "opened: 已拆封, intact: 完好"),
    "a name of a rule": ("decisions/return.yaml", "id: too-late", "id: late"),
    "a name of an exception": ("decisions/return.yaml", "id: promise", "id: promised"),
    "a hit policy": ("decisions/route.yaml", "hit_policy: first", "hit_policy: unique"),
    "the governing fact": ("decisions/route.yaml", "governed_by: order.paid_at", "governed_by: claim.signed_at"),
    "an input": ("decisions/return.yaml", "claim.signed_at, claim.requested_at)\n  condition", "claim.signed_at, claim.signed_at)\n  condition"),
    "a number in a parameter": ("parameters.yaml", "value: 10%", "value: 10.01%"),
    "the length of a window": ("parameters.yaml", "length: 7 days", "length: 8 days"),
    "how a window counts": ("parameters.yaml", "counts_from: next_day", "counts_from: same_day"),
    "what a window extends over": ("parameters.yaml", "[statutory_holiday, rest_day]", "[statutory_holiday]"),
    "the start of an edition": ("parameters.yaml", "from: 2024-01-01", "from: 2023-12-31"),
    "a bound": ("facts.yaml", "max: 100000 CNY", "max: 100000.01 CNY"),
    "an optional": ("facts.yaml", "is_member: {type: bool}", "is_member: {type: bool, optional: true}"),
    "a derived value": ("facts.yaml", "liability_of(claim.reason)", "if claim.is_member then liability_of(claim.reason) else liability_of(claim.reason)"),
    "a liability": ("reasons.yaml", "liability: carrier", "liability: both"),
    "an alternative": ("codes.yaml", ", alternatives: [ask.quality]", ""),
    "a holiday": ("calendars/cn.yaml", "2025-10-01..2025-10-08", "2025-10-01..2025-10-07"),
    "a working day": ("calendars/cn.yaml", "  - 2025-10-11\n", ""),
    "a weekend": ("calendars/cn.yaml", "[saturday, sunday]", "[sunday]"),
    "the horizon of a calendar": ("calendars/cn.yaml", "2027-01-01", "2027-01-02"),
    "an offset": ("calendars/zone.yaml", "+08:00", "+08:30"),
    "the horizon of a zone": ("calendars/zone.yaml", "2100-01-01", "2101-01-01"),
    "the rounding": ("pack.yaml", "half_up", "half_even"),
    "the time in force": ("pack.yaml", "[2024-01-01..2027-01-01)", "[2024-01-01..2026-12-31)"),
    "the path of a mapping": ("mapping.yaml", "order.paid_at: paid_at", "order.paid_at: payed_at"),
    "a translated value": ("mapping.yaml", "ok: intact", "ok: opened"),
}  # fmt: skip


@pytest.mark.parametrize("change", BEHAVIOUR)
def test_what_can_change_an_answer_changes_the_behaviour_digest(change):
    file, before, after = BEHAVIOUR[change]
    text = files_of("corner_shop")[file].decode()
    assert before in text
    behaviour, _ = digests(files_of("corner_shop") | {file: text.replace(before, after, 1).encode()})
    assert behaviour != digests_of("corner_shop")[0]


@pytest.mark.parametrize(
    "change",
    [
        "a holiday",
        "a working day",
        "a weekend",
        "an offset",
        "a number in a parameter",
        "a bound",
        "a translated value",
    ],
)
def test_a_change_of_behaviour_without_a_word_changes_no_text_digest(change):
    file, before, after = BEHAVIOUR[change]
    text = files_of("corner_shop")[file].decode()
    assert (
        digests(files_of("corner_shop") | {file: text.replace(before, after, 1).encode()})[1]
        == digests_of("corner_shop")[1]
    )


def neighbours(name):
    """Every place where a rule follows another: its file, and the number of the first of the two."""
    rules = {file: read(data).get("rules", []) for file, data in files_of(name).items()}
    return [
        (file, number)
        for file, listed in rules.items()
        for number in range(len(rows_of(listed) if isinstance(listed, str) else listed) - 1)
    ]


@pytest.mark.parametrize(("name", "file", "number"), [(name, *place) for name in FOLDERS for place in neighbours(name)])
def test_the_order_of_rules_changes_the_behaviour_digest(name, file, number):
    def swap(document):
        rules = document["rules"]
        if not isinstance(rules, str):
            rules[number], rules[number + 1] = rules[number + 1], rules[number]
            return
        lines, rows = rules.split("\n"), rows_of(rules)
        lines[rows[number]], lines[rows[number + 1]] = lines[rows[number + 1]], lines[rows[number]]
        document["rules"] = "\n".join(lines)

    assert digests(changed(name, file, swap))[0] != digests_of(name)[0]


def leaves(name):
    """Every cell and every output cell of the rules of a pack."""
    return [
        (file, path)
        for file, data in files_of(name).items()
        for path, node in places(read(data))
        if isinstance(node, str) and "rules" in path and len(path) >= 2 and path[-2] in ("when", "then")
    ]


@SOME
@given(st.sampled_from(leaves("cn")))
def test_taking_a_cell_of_the_standard_pack_away_changes_the_behaviour_digest(place):
    file, path = place

    def change(document):
        if path[-2] == "when":
            put(document, path, "-")
        else:
            rule = at(document, path[:-2])
            rule["then"] = {key: held for key, held in rule["then"].items() if key != path[-1]}

    try:
        behaviour, _ = digests(changed("cn", file, change))
    except csflow.PackError as refused:
        assert "missing-output" in [finding.name for finding in refused.diagnostics]
    else:
        assert behaviour != digests_of("cn")[0]


@both_packs
def test_any_day_of_a_calendar_changes_the_behaviour_digest(name):
    file = "calendars/cn.yaml"
    for number in (0, -1):
        behaviour, _ = digests(
            changed(name, file, lambda document, number=number: document["statutory_holiday"].pop(number) and None)
        )
        assert behaviour != digests_of(name)[0]


def test_text_and_behaviour_digests_are_two():
    for name in FOLDERS:
        behaviour, text = digests_of(name)
        assert behaviour != text
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in (behaviour, text))


# The rest of the language: the pack of shapes

SHAPES = {
    "the rank of a layer": ("layers/jd.yaml", "rank: platform", "rank: local"),
    "the condition of a layer": ("layers/jd.yaml", "order.platform = jd", "order.platform in [jd]"),
    "the name of a layer": ("layers/jd.yaml", "layer: jd", "layer: jingdong"),
    "what a layer says of a parameter": ("layers/jd.yaml", "value: platform", "value: max"),
    "the exception of a layer": ("layers/taobao.yaml", "{outbound: customer, return_leg: customer}", "{outbound: merchant, return_leg: customer}"),
    "the rule that a layer's exception is of": ("layers/taobao.yaml", "of: freight/no-fault", "of: freight/fault"),
    "the value of an option": ("decisions/damages.yaml", "at_least: 1000 CNY", "at_least: 999.99 CNY"),
    "the condition of an option": ("decisions/damages.yaml", "            when: claim.is_fraud\n", "            when: not claim.is_fraud\n"),
    "the name of an option": ("decisions/damages.yaml", "          fraud:\n", "          deceit:\n"),
    "a local name": ("decisions/damages.yaml", "claim.loss else 0 CNY", "claim.loss else 0.01 CNY"),
    "what a role approves": ("people.yaml", "approves: 500 CNY", "approves: 500.01 CNY"),
    "what a role is above": ("people.yaml", "above: supervisor, ", ""),
    "the order of a ranked output": ("decisions/severity.yaml", "critical: 重大, serious: 严重", "serious: 严重, critical: 重大"),
    "a hit policy": ("decisions/flags.yaml", "hit_policy: rule_order", "hit_policy: collect"),
    "what is done with the hits": ("decisions/score.yaml", "aggregate: sum", "aggregate: max"),
    "the direction of a floor": ("parameters.yaml", "    type: int\n    floor: at_least\n", "    type: int\n    floor: at_most\n"),
    "a floor": ("parameters.yaml", "    type: int\n    floor: at_least\n", "    type: int\n"),
    "how layers combine": ("parameters.yaml", "    combine: more_favourable\n    favours: longer\n", ""),
    "the transition": ("parameters.yaml", "value: by_fact_time", "value: by_decision_time"),
    "a day of an override": ("calendars/cn_2027.yaml", "2027-01-01..2027-01-03", "2027-01-01..2027-01-02"),
    "a working day of an override": ("calendars/cn_2027.yaml", "[2027-01-09]", "[2027-01-10]"),
    "the horizon of an override": ("calendars/cn_2027.yaml", "2027-02-01", "2027-02-02"),
    "the calendar for a fact": ("parameters.yaml", "cn: cn, de: de}", "cn: cn, de: cn}"),
    "a requirement": ("decisions/cancel.yaml", "[pending, packed]", "[pending]"),
    "the code of a requirement": ("decisions/cancel.yaml", "else: cancel.shipped", "else: cancel.reason"),
    "the name of a requirement": ("decisions/cancel.yaml", "id: not-shipped", "id: still-here"),
    "a quantifier": ("decisions/returnable.yaml", "every line in", "some line in"),
    "the list that is walked": ("decisions/returnable.yaml", "count(line in decision.exempt_lines, line.exempt)", "count(line in claim.lines, line.quantity > 0)"),
    "what is added up": ("decisions/returnable.yaml", "line.quantity * line.unit_price", "line.quantity * line.unit_price * 2"),
    "an optional field": ("facts.yaml", "category: {type: enum,", "category: {type: enum, optional: true,"),
    "how many records there may be": ("facts.yaml", "max_items: 200", "max_items: 199"),
    "a limit": ("decisions/improper_page.yaml", "at_most: 200 CNY", "at_most: 199 CNY"),
    "a bound of an output": ("decisions/improper_page.yaml", "max: 200 CNY}", "max: 201 CNY}"),
    "a party of the pack": ("parties.yaml", "warehouse:", "storehouse:"),
    "a channel": ("channels.yaml", "hotline:", "telephone:"),
    "a type of customer": ("types.yaml", "calm:", "quiet:"),
    "where a field comes from": ("mappings/claim.yaml", "quantity: count", "quantity: number"),
    "what the word of a field means": ("mappings/claim.yaml", "food: fresh_food", "food: digital"),
}  # fmt: skip


@pytest.mark.parametrize("change", SHAPES)
def test_what_can_change_an_answer_of_the_shapes_changes_the_behaviour_digest(change):
    file, before, after = SHAPES[change]
    text = files_of("shapes")[file].decode()
    assert before in text
    behaviour, _ = digests(files_of("shapes") | {file: text.replace(before, after, 1).encode()})
    assert behaviour != digests_of("shapes")[0]


SHAPED_WORDINGS = [place for place in wordings("shapes") if "calendars/" not in place[0]]


@SOME
@given(st.sampled_from(SHAPED_WORDINGS))
def test_a_title_or_source_of_the_shapes_changes_the_text_digest_alone(place):
    behaviour, text = digests(reworded("shapes", *place))
    assert behaviour == digests_of("shapes")[0]
    assert text != digests_of("shapes")[1], place
