"""`csflow schema`: what an editor is told is what the definitions say, and what `check` finds."""

import json
import re
from functools import cache

import jsonschema
import pytest
from running import ROOT, contents, csflow, named

from csflow.definitions import DOCUMENTS
from csflow.definitions.hovers import hovers
from csflow.definitions.schema import ANY, build_schemas, hovers_asked
from csflow.diagnostics import LANGUAGES, Diagnostics
from csflow.loading.passes import load_files, load_folder
from csflow.source import Mapping, Scalar, Sequence, read_yaml

SHAPES = ROOT / "tests" / "domain" / "shapes"
PACKS = [*sorted((ROOT / "policies").iterdir()), SHAPES, ROOT / "tests" / "spec" / "checks" / "pack"]
FILES = [path for pack in PACKS for path in sorted(pack.rglob("*.yaml"))]


def texts_of(pack):
    return {
        path.relative_to(pack).as_posix(): path.read_text(encoding="utf-8") for path in sorted(pack.rglob("*.yaml"))
    }


SHOP, TW = texts_of(PACKS[-1]), texts_of(ROOT / "policies" / "tw")


def as_an_editor_reads(node):
    """The values of a document by the core schema of YAML 1.2."""
    match node:
        case Mapping():
            return {entry.key.text: as_an_editor_reads(entry.value) for entry in node.entries}
        case Sequence():
            return [as_an_editor_reads(item) for item in node.items]
        case Scalar(style="plain", text=text):
            if re.fullmatch(r"|~|null|Null|NULL", text):
                return None
            if re.fullmatch(r"(true|false)", text, re.IGNORECASE):
                return text.lower() == "true"
            if re.fullmatch(r"[-+]?[0-9]+", text):
                return int(text)
            if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
                return float(text)
            return text
        case Scalar(text=text):
            return text


def values_of(text):
    tree = read_yaml("x.yaml", text.encode(), Diagnostics())
    assert tree is not None
    return as_an_editor_reads(tree)


@cache
def schemas():
    return build_schemas("zh-CN")


def refused(schema, values):
    return [*jsonschema.Draft7Validator(schemas()[schema]).iter_errors(values)]


@pytest.mark.parametrize("kind", [*DOCUMENTS, ANY])
def test_a_schema_is_one_by_the_metaschema(kind):
    jsonschema.Draft7Validator.check_schema(schemas()[kind])
    assert schemas()[kind]["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_files_of_the_packs_are_accepted_by_the_schema_of_their_kind_and_by_the_one_for_all(path):
    values = values_of(path.read_text(encoding="utf-8"))
    for schema in (next(iter(values)), ANY):
        assert [error.message for error in refused(schema, values)] == []


def test_a_schema_says_which_kind_it_is_for():
    for path in FILES:
        values = values_of(path.read_text(encoding="utf-8"))
        for kind in set(DOCUMENTS) - {next(iter(values))}:
            assert refused(kind, values), (path, kind)


# What an author mistypes: file, old text, new text.
MISTAKES = {
    "an unknown key of the pack": ("pack.yaml", "currency:", "curency:"),
    "a missing key of the pack": ("pack.yaml", "rounding: half_up\n", ""),
    "a wrong word for the rounding": ("pack.yaml", "half_up", "half_upp"),
    "a name in capitals": ("pack.yaml", "corner_shop", "CornerShop"),
    "a day with slashes": ("pack.yaml", "2026-11-22", "2026/11/22"),
    "a value left out": ("pack.yaml", "currency: CNY", "currency:"),
    "an unknown language of a title": ("pack.yaml", "zh-TW:", "zh-TV:"),
    "an unknown kind": ("facts.yaml", "type: money", "type: amount"),
    "an unknown key of a fact": ("facts.yaml", "max_length", "maxlength"),
    "a fact without a kind": ("facts.yaml", "{type: bool}", "{title: 会员}"),
    "a fact that is a word": ("facts.yaml", "{type: bool}", "bool"),
    "yes for true": ("facts.yaml", "optional: true", "optional: yes"),
    "a field in capitals": ("facts.yaml", "is_member", "isMember"),
    "an unknown basis": ("parameters.yaml", "basis: own", "basis: mine"),
    "editions that are no list": ("parameters.yaml", "      - from: 2024-01-01\n        value: 10%", "        from: 2024-01-01\n        value: 10%"),
    "an unknown key of a window": ("parameters.yaml", "counts_from", "count_from"),
    "an unknown start of a window": ("parameters.yaml", "next_day", "tomorrow"),
    "an unknown class of days": ("parameters.yaml", "rest_day", "sunday"),
    "an unknown liability": ("reasons.yaml", "liability: merchant", "liability: shop"),
    "reasons in a list": ("reasons.yaml", "{title: 七日无理由, liability: none}", "[none]"),
    "an unknown key of a code": ("codes.yaml", "alternatives", "alternative"),
    "alternatives that are one word": ("codes.yaml", "[ask.quality]", "ask.quality"),
    "an unknown hit policy": ("decisions/route.yaml", "hit_policy: first", "hit_policy: last"),
    "a rule without then": ("decisions/route.yaml", "    then: {outcome: allow, code: ok}\n", ""),
    "an unknown key of a rule": ("decisions/route.yaml", "because: 店铺规则 第三条", "becuase: 店铺规则 第三条"),
    "rules that are no list": ("decisions/route.yaml", "rules:\n", "rules: none\nrows:\n"),
    "an unknown key of a computed cell": ("decisions/route.yaml", "{expr: decision.no_reason_return.outcome}", "{exp: a}"),
    "a decision without outputs": ("decisions/route.yaml", "outputs:", "output:"),
    "a weekend that is no list": ("calendars/cn.yaml", "[saturday, sunday]", "sunday"),
    "an offset without its start": ("calendars/zone.yaml", "from: 1991-09-14T17:00:00Z, ", ""),
    "an unknown key of a path": ("mapping.yaml", "currency: currency", "curency: currency"),
    "an unknown kind of document": ("codes.yaml", "codes:", "code:"),
}  # fmt: skip


# The same in flows: one row stands for a list of rows, a state for a row, an event for nothing but its rows.
FLOW_MISTAKES = {
    "an unknown key of a row": ("flows/payout.yaml", "redo: [pay]", "redoes: [pay]"),
    "an unknown key of a row that stands alone": ("flows/payout.yaml", "go: {to: refunding", "go: {into: refunding"),
    "an unknown hit policy of rows": ("flows/payout.yaml", "hit_policy: first", "hit_policy: last"),
    "a state without a title": ("flows/payout.yaml", "title: {zh-TW: 送出退款, zh-CN: 发起退款, en: Asking for the payments}\n    ", ""),
    "an unknown key of a timer": ("flows/payout.yaml", "raise: retry", "raises: retry"),
    "an event without its senders": ("flows/payout.yaml", ", by: [merchant, clock]", ""),
    "an unknown key of a step": ("tests/flows/payout.cases.yaml", "wait: 2 hours", "waits: 2 hours"),
}  # fmt: skip


MADE = [(SHOP, *each) for each in MISTAKES.values()] + [(TW, *each) for each in FLOW_MISTAKES.values()]


@pytest.mark.parametrize(("files", "file", "old", "new"), MADE, ids=[*MISTAKES, *FLOW_MISTAKES])
def test_a_mistake_in_the_shape_is_refused_by_the_schema_as_by_check(files, file, old, new):
    assert old in files[file]
    text = files[file].replace(old, new, 1)
    values, kind = values_of(text), next(iter(values_of(files[file])))
    assert refused(kind, values) and refused(ANY, values)
    pack = {name: data.encode() for name, data in (files | {file: text}).items()}
    assert load_files(pack).diagnostics.has_errors


def test_every_key_and_word_has_a_hover_and_no_hover_is_left_over():
    present = {(section, key) for section, keys in hovers().items() for key in keys}
    missing = sorted(hovers_asked() - present)
    wanted = "\n".join(f'[{section}]\n{key} = {{zh-CN = "", zh-TW = "", en = ""}}' for section, key in missing)
    assert not missing, f"put into src/csflow/definitions/hovers.toml:\n{wanted}"
    assert present - hovers_asked() == set(), "hovers of keys or words that there are not"


def test_every_hover_is_in_every_language_and_in_its_own_characters():
    for keys in hovers().values():
        for key, texts in keys.items():
            assert set(texts) == set(LANGUAGES), key
            assert all(text.strip() for text in texts.values()), key


def properties(schema):
    if isinstance(schema, dict):
        for name, part in schema.get("properties", {}).items() if isinstance(schema.get("properties"), dict) else ():
            yield name, part
        for part in schema.values():
            yield from properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from properties(part)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_described_in_chinese_and_english(language):
    for schema in build_schemas(language).values():
        for name, part in properties(schema):
            assert re.search(r"[\u4e00-\u9fff]", part["description"]), name
            assert re.search(r"[a-z]{2} ", part["markdownDescription"]), name


def test_every_word_of_a_closed_list_is_described():
    def enumerations(part):
        if isinstance(part, dict):
            if "enum" in part:
                yield part
            for inner in part.values():
                yield from enumerations(inner)
        elif isinstance(part, list):
            for inner in part:
                yield from enumerations(inner)

    found = [part for part in enumerations(schemas()) if part["enum"] != ["true", "false"]]
    assert len(found) > 10
    for part in found:
        assert len(part["enumDescriptions"]) == len(part["enum"]) and all(part["enumDescriptions"]), part["enum"]


def test_traditional_characters_are_asked_for_by_language():
    assert "幣別" in json.dumps(build_schemas("zh-TW")["pack"], ensure_ascii=False)
    assert "币种" in json.dumps(build_schemas("en")["pack"], ensure_ascii=False)


# The command


def test_the_command_writes_a_schema_for_each_kind_and_one_for_all(tmp_path):
    done = csflow("schema", "--out", "schemas", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [f"schemas/{kind}.schema.json" for kind in (*DOCUMENTS, ANY)]
    for kind in (*DOCUMENTS, ANY):
        written = json.loads((tmp_path / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(written)


def test_the_modeline_names_the_schema_from_where_the_file_lies_and_is_written_once(shop):
    before = load_folder(shop).pack
    (shop / "codes.yaml").write_bytes(
        b"# yaml-language-server: $schema=elsewhere.json\r\n"
        + (shop / "codes.yaml").read_bytes().replace(b"\n", b"\r\n")
    )
    out = shop / ".schemas"
    done = csflow("schema", "--out", str(out), "--modeline", "--pack", str(shop))
    assert done.returncode == 0
    for name, data in contents(shop).items():
        if not name.endswith(".yaml"):
            continue
        line, first = data.decode().splitlines()[:2]
        target = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", line)[1]
        schema = (shop / name).parent / target
        assert schema.resolve() == (out / f"{first.partition(':')[0]}.schema.json").resolve()
        assert data.count(b"$schema") == 1
    assert b"\r\n" in (shop / "codes.yaml").read_bytes().split(b"codes:")[0]
    after = load_folder(shop).pack
    assert (after.digest, after.text_digest) == (before.digest, before.text_digest)
    files = contents(shop)
    assert csflow("schema", "--out", str(out), "--modeline", "--pack", str(shop)).returncode == 0
    assert contents(shop) == files


def test_the_modeline_of_a_file_with_a_mistake_still_names_its_schema(shop):
    (shop / "codes.yaml").write_bytes(b"\xef\xbb\xbf# mine\ncodes:\n  ok: [\n")
    csflow("schema", "--out", str(shop / "s"), "--modeline", "--pack", str(shop))
    assert (
        (shop / "codes.yaml")
        .read_bytes()
        .startswith(b"\xef\xbb\xbf# yaml-language-server: $schema=s/codes.schema.json\n# mine\n")
    )


def test_the_standard_pack_is_not_written_to_unasked(tmp_path):
    done = csflow("schema", "--out", "s", "--modeline", cwd=tmp_path)
    assert done.returncode == 2 and named(done.stdout) == {"no-pack-here"}
