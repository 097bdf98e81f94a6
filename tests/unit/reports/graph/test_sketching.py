"""A picture says of each state, arrow and clock what the flow says, in every language."""

import pytest
from tests.unit.reports.graph.drawings import desk, picture

from csflow.diagnostics import LANGUAGES
from csflow.reports.graph.picture import Shape, Tone


def texts(part):
    return [line.text for line in part.lines]


def box(key, **asked):
    return next(each for each in picture(**asked).boxes if each.key == key)


def arrow(source, target, **asked):
    return [texts(each) for each in picture(**asked).arrows if (each.source, each.target) == (source, target)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["complaint", "payout"])
def test_every_row_is_an_arrow_or_a_line_of_its_box(name, language):
    flow, drawn = desk().linked.flows[name], picture(name, language)
    rows = [row for _, _, choice in flow.choices() for row in choice.rows]
    staying = sum(row.to is None for row in rows)
    # The first arrow comes from the start.
    assert len(drawn.arrows) - 1 == len(rows) - staying
    inner = sum(
        line.tone in (Tone.REFUSAL,) or "：由" in line.text or ": by " in line.text
        for each in drawn.boxes
        for line in each.lines
    )
    assert inner == staying
    assert [each.key for each in drawn.boxes if each.shape in (Shape.STATE, Shape.PASSING, Shape.FINAL)] == list(
        flow.states
    )


def test_an_arrow_says_what_happens_who_may_cause_it_when_and_what_follows():
    assert arrow("communicating", "investigating") == [
        ["顾客不同意", "由消费者发出", "「移交次数」改为移交次数+1，最高3", "接着触发「升级」"]
    ]
    assert arrow("communicating", "working_out", language="en") == [
        [
            "the customer agrees",
            "by customer",
            "if amount claimed is at most CNY 5,000 and party found at fault is “merchant” or “platform”",
        ]
    ]
    assert arrow("grading", "investigating", language="zh-TW") == [
        [
            "隨即轉入",
            "如果「嚴重程度」得出的等級為「嚴重」或「重大」",
            "辦理：電話聯繫顧客",
            "「處理層級」改為客訴專員",
        ],
        ["隨即轉入", "其餘情形"],
    ]


def test_senders_are_named_with_who_stands_above_them():
    assert arrow("recording", "grading")[0][1] == "由一线客服及以上发出"
    # Nobody stands above a supervisor.
    assert arrow("approving", "investigating")[0][1] == "由客服主管发出"
    assert arrow("investigating", "communicating")[0][1] == "由「处理级别」所指的角色发出"
    assert arrow("following_up", "summing_up", language="en")[0][1] == "by front line or above or system"
    # Of three, the last two are joined by a word.
    assert arrow("testing", "investigating")[0][1] == "由供应商、承运人或平台发出"
    assert arrow("testing", "investigating", language="en")[0][1] == "by supplier, carrier or platform"


def test_how_a_child_ends_is_told_by_its_own_titles():
    assert arrow("carrying_out", "approving") == [["「付款」已结束：付款未成"]]
    assert arrow("carrying_out", "following_up", language="en") == [["“Payout” has ended: Done"]]


def test_what_leaves_a_case_where_it_is_stands_in_its_box():
    assert texts(box("recording"))[2:] == ["不予受理：由投诉专员及以上发出；拒绝：不属于投诉"]
    assert texts(box("sending", name="payout", language="en"))[2:] == [
        "does: pay",
        "payment failed: by system; if attempts is less than 3; does again what failed: pay; attempts becomes attempts + 1, at most 3",
    ]
    assert texts(box("[everywhere]"))[2:] == [
        "升级：由一线客服及以上或计时器发出；办理：移交上一级；「处理级别」升一级",
        "催办：由计时器发出；办理：移交上一级",
    ]


def test_a_box_says_what_is_asked_opened_timed_and_taken_in_late():
    assert texts(box("grading"))[1:] == ["grading", "先判断：严重程度"]
    assert texts(box("working_out"))[2:] == ["先算退款方案：赔付"]
    assert texts(box("carrying_out"))[2:] == ["另开流程：付款（交付算出的退款方案）"]
    assert "进入后满等待答复的时限（7天）：触发「升级」" in texts(box("communicating"))
    assert texts(box("testing"))[2:] == ["检测超期，进入后满15天：触发「催办」"]
    assert texts(box("archived"))[2:] == ["迟到的只记录：「付款」已结束：已付款"]
    assert texts(box("dismissed", language="en"))[2:] == ["the case that opened it hears: refused"]


def test_clocks_are_listed_with_their_length_and_all_that_moves_them():
    first, second = picture().clocks
    assert texts(first) == [
        "首次响应",
        "限首次响应时限（2小时或1小时）（只计「客服时间」）",
        "起：开案",
        "止：分类",
        "用去 80% 时触发「催办」",
        "超时触发「升级」",
    ]
    assert texts(second) == [
        "办结",
        "限「严重程度」给出的办结时限（只计「客服时间」）",
        "起：分类",
        "止：进入「归档」、进入「已撤诉」、进入「不予受理」",
        "暂停于：沟通反馈、送检",
        "超时触发「升级」",
    ]


def test_shapes_tell_what_waits_what_is_passed_and_what_ends():
    shapes = {each.key: each.shape for each in picture().boxes}
    assert [key for key, shape in shapes.items() if shape is Shape.PASSING] == ["grading", "working_out"]
    assert [key for key, shape in shapes.items() if shape is Shape.FINAL] == ["archived", "withdrawn", "dismissed"]
