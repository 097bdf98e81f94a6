"""`csflow explain`: the example of a finding, whatever it is made of."""

import re

import pytest

from csflow.cli import explain
from csflow.cli.options import Language
from csflow.diagnostics import LANGUAGES, catalogue


@pytest.fixture
def explained(capsys):
    def told(code: str, language: str = "en") -> str:
        explain.run(code, Language(language))
        return capsys.readouterr().out

    return told


def test_a_sheet_is_shown_by_its_cells_with_the_document_beside_it(explained):
    text = explained("CS187")
    assert "beside it (decisions/fees.yaml):\n    decision: fees\n" in text
    assert "    > opened | opened | #REF! |  | TRUE | '5 CNY | 店铺规则 第六条\n" in text


def test_facts_are_shown_with_the_command_that_reads_them(explained):
    text = explained("CS501", "zh-CN")
    assert "    >   conditon: intact\n" in text
    assert text.endswith(
        "运行：csflow decide no_reason_return --facts ../claim.yaml\n\n"
        "相近的：CS201 unknown-fact, CS502 record-not-a-mapping, CS503 facts-not-a-mapping, CS509 fact-given-twice\n"
    )


def test_a_command_is_shown_as_it_is_typed(explained):
    text = explained("CS903", "zh-TW")
    assert "錯誤寫法：\n    csflow explain unknown-facts\n\n正確寫法：\n    csflow explain unknown-fact\n" in text


def test_what_is_repeated_and_another_encoding_are_told(explained):
    assert "    (⋯ stands for `非常`, 12000 times)\n" in explained("CS024")
    assert "錯誤寫法 (gifts.yaml, 存為 gbk)：\n" in explained("CS001", "zh-TW")


def test_a_sign_that_nobody_sees_is_shown_by_its_number(explained):
    text = explained("CS003")
    assert "\\u0007" in text and "\x07" not in text


def test_near_findings_name_each_other(explained):
    assert "see also: CS404 unconfirmed-gap\n" in explained("CS401")
    assert "see also: CS401 gap\n" in explained("CS404")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_explained(explained, language):
    for name in catalogue.names():
        text = explained(name, language)
        assert text.startswith(f"{catalogue.by_name(name).code} {name} ("), name
        meaning = "".join(text.split("\n\n")[:3])
        # Braces of the template are single where they are braces of a pack, too.
        assert "{{" not in meaning and not re.search(r"\{\w+\}", meaning), name
