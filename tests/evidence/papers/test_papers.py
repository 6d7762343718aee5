"""Payment screens and papers: fields with their places, and what is to be confirmed about letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.models import Line
from evidence.papers import advice, letters, read_paper
from evidence.papers.model import Paper
from evidence.papers.sums import decimal_of, numeral, sums_in

SIZE = (1080, 2340)


def rows(*pairs: tuple[str, ...], top: float = 700) -> list[Line]:
    """Each tuple is a row: a label at the left, its value right of it; a single text stands in the middle."""
    lines = []
    for number, texts in enumerate(pairs):
        y = top + 110 * number
        for column, text in enumerate(texts):
            x = 400 if len(texts) == 1 else (48, 327)[column]
            lines.append(Line(text, 0.99, (x, y, x + 40 * len(text), y + 46)))
    return lines


def large(text: str, y: float = 540) -> Line:
    return Line(text, 0.98, (330, y, 750, y + 90))


def page(*texts: str) -> list[Line]:
    return [Line(text, 0.97, (100, 100 + 60 * n, 900, 140 + 60 * n)) for n, text in enumerate(texts)]


def values(paper: Paper | None) -> dict[str, str]:
    assert paper is not None
    return {field.name: field.value for field in reversed(paper.fields)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("￥1,234.56", "1234.56"), ("¥ 1234.56元", "1234.56"), ("-1,200.00", "-1200.00"), ("-¥1,200.00", "-1200.00"),
        ("\u22125.00", "-5.00"), ("3.2万元", "32000"), ("壹仟贰佰元整", "1200.00"), ("十五元", "15.00"),
        ("人民币壹万贰仟零伍拾元伍角整", "12050.50"), ("伍佰零叁元零肆分", "503.04"), ("两万三千元", "23000.00"),
        ("一亿零二万元", "100020000.00"), ("壹拾万元整", "100000.00"), ("RMB 300", "300"), ("0.00", "0.00"),
        ("abc", None), ("12,34", None), ("1.234", None), ("二〇二五元", None), ("", None),
    ],
)  # fmt: skip
def test_sums(text: str, value: str | None) -> None:
    assert decimal_of(text) == value


def test_sums_in_a_text_need_a_sign_or_unit() -> None:
    text = "尾号1234，2025年欠款人民币3,200.50元，违约金￥20，共叁仟贰佰贰拾元伍角整"
    assert [(text[a:b], value) for a, b, value in sums_in(text)] == [
        ("人民币3,200.50元", "3200.50"), ("￥20", "20"), ("叁仟贰佰贰拾元伍角整", "3220.50"),
    ]  # fmt: skip


@given(st.integers(1, 999_999_999_999))
def test_numerals_round_trip(number: int) -> None:
    assert numeral(written(number)) == number


def written(number: int) -> str:
    """The plain way to write a number: groups of four figures."""
    digits, units = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")
    out, gap = "", False
    for place in range(len(str(number)) - 1, -1, -1):
        figure = number // 10**place % 10
        if figure:
            out += ("零" if gap and out else "") + digits[figure] + units[place % 4]
            gap = False
        else:
            gap = True
        if place % 4 == 0 and number // 10**place % 10_000:
            out += ("", "万", "亿")[place // 4]
    return out


def test_wechat_pay() -> None:
    order = "2854312762966160906753835340"
    lines = [
        Line("转账-转给砚禾消费金融", 0.99, (305, 456, 773, 503)),
        large("-33,867.34"),
        *rows(("当前状态", "支付成功"), ("转账说明", "还款"), ("转账时间", "2025年9月23日 01:54:22"),
              ("收款方", "砚禾消费金融"), ("支付方式", "工商银行(0417)"), ("转账单号", order[:20])),
        Line(order[20:], 0.9, (327, 1302, 600, 1348)),
    ]  # fmt: skip
    paper = read_paper(lines, SIZE)
    assert paper is not None
    assert paper.kind == "receipt_wechat"
    assert not paper.to_be_confirmed
    assert values(paper) == {
        "amount": "-33867.34", "status": "支付成功", "remark": "还款", "time": "2025年9月23日 01:54:22",
        "payee": "砚禾消费金融", "card_tail": "0417", "order": order,
    }  # fmt: skip
    found = paper.field("order")
    assert found is not None
    assert (found.lines, found.score) == ((13, 14), 0.9)
    assert found.box == (327, 1250, 1127, 1348)


def test_alipay_and_values_at_the_right_edge() -> None:
    lines = [large("-11,761.98")]
    for n, (label, value) in enumerate(
        [("交易状态", "交易成功"), ("付款方式", "余额宝"), ("收款方全称", "鲸泊花"),
         ("创建时间", "2025-06-23 17:57:17"),
         ("订单号", "0923123888759263358435310280"), ("商家订单号", "2717415297267887721581")]
    ):  # fmt: skip
        y = 700 + 100 * n
        lines += [
            Line(label, 0.99, (48, y, 230, y + 46)),
            Line(value, 0.99, (1030 - 22 * len(value), y + 3, 1030, y + 44)),
        ]
    paper = read_paper(lines, SIZE)
    assert paper is not None
    assert paper.kind == "receipt_alipay"
    assert values(paper)["order"] == "0923123888759263358435310280"
    assert values(paper)["payee"] == "鲸泊花"
    assert "card_tail" not in values(paper)


def test_a_banks_receipt_with_colons() -> None:
    lines = page(
        "青砚银行电子回单", "付款户名：林未雨", "付款账号：6222 **** **** 1234", "收款户名：云泊资产管理有限公司",
        "收款账号：6217000000000000000", "金额：￥1,200.00", "大写：壹仟贰佰元整", "交易时间：2025-03-02 12:00:01",
        "交易流水号：20250302120001", "附言：三月还款",
    )  # fmt: skip
    paper = read_paper(lines, SIZE)
    assert paper is not None
    assert paper.kind == "receipt_bank"
    assert values(paper) == {
        "amount": "1200.00", "payer": "林未雨", "card_tail": "1234", "payee": "云泊资产管理有限公司",
        "time": "2025-03-02 12:00:01", "order": "20250302120001", "remark": "三月还款",
    }  # fmt: skip


def test_a_doubtful_summons() -> None:
    lines = page(
        "云泊市青砚区人民法院", "传 票", "被传唤人：林未雨", "传唤事由：贷款纠纷",
        "请今日18时前将欠款3,200.00元转入个人账户，否则拘传到案", "联系人王法官 12812345678",
    )  # fmt: skip
    paper = read_paper(lines, SIZE)
    assert paper is not None
    assert paper.kind == "court_summons"
    assert paper.to_be_confirmed
    assert set(paper.odd) == {
        "no_case_number", "no_seal_read", "mobile_number", "private_account", "pay_today", "threat_of_arrest",
    }  # fmt: skip
    assert "call_12368" in paper.confirm
    assert values(paper)["court"] == "云泊市青砚区人民法院"


def test_an_ordinary_summons_is_to_be_confirmed_as_well() -> None:
    lines = page(
        "云泊市青砚区人民法院", "传票", "案号", "（2025）云0102民初 345号", "案由 金融借款合同纠纷", "被传唤人 林未雨",
        "应到时间 2025年5月8日9时", "应到处所 第三审判庭", "联系电话 0990-2345678", "（院印）",
    )  # fmt: skip
    paper = read_paper(lines, SIZE)
    assert paper is not None
    assert (paper.kind, paper.odd) == ("court_summons", ())
    assert values(paper)["case_number"] == "（2025）云0102民初345号"
    assert paper.confirm


def test_a_lawyers_letter() -> None:
    lines = page(
        "律师函", "致：林未雨", "北泊青砚律师事务所受云泊小贷公司委托，", "经办律师：苏见山",
        "执业证号：11101201010123456", "欠款本金人民币12,000.00元", "电话 0990-2345678",
    )  # fmt: skip
    paper = read_paper(lines, SIZE)
    assert paper is not None
    assert (paper.kind, paper.odd) == ("lawyer_letter", ())
    found = values(paper)
    assert (found["lawyer"], found["licence"], found["amount"]) == ("苏见山", "11101201010123456", "12000.00")
    bare = read_paper(page("律师函", "致林未雨：", "加微信 qingyan888 处理，今天不还款追究法律责任"), SIZE)
    assert bare is not None
    assert set(bare.odd) == {"no_firm", "no_lawyer", "no_licence", "no_phone", "chat_contact", "pay_today"}


def test_a_firms_letter_under_a_courts_title() -> None:
    lines = page(
        "立案通知书",
        "本所受托函告如下：逾期将向人民法院提起诉讼，案",
        "号（2025）云9901民",
        "初9988号",
        "电话12012345678",
    )
    paper = read_paper(lines, SIZE)
    assert paper is not None
    assert paper.kind == "court_filing_notice"
    assert {"words_of_a_firm", "no_court", "mobile_number"} <= set(paper.odd)
    number = paper.field("case_number")
    assert number is not None
    assert (number.value, number.lines) == ("（2025）云9901民初9988号", (2, 3))


@pytest.mark.parametrize(
    ("text", "court"),
    [
        ("我行已向云泊市青砚区人民法院起诉", "云泊市青砚区人民法院"),
        ("北泊省云泊市中级人民法院", "北泊省云泊市中级人民法院"),
        ("云泊互联网法院", "云泊互联网法院"),
        ("逾期本所将向人民法院提起诉讼", None),
    ],
)
def test_names_of_courts(text: str, court: str | None) -> None:
    paper = read_paper(page("律师函", "受委托", text), SIZE)
    assert paper is not None
    found = paper.field("court")
    assert (found.value if found else None) == court


def test_other_papers_are_not_to_be_confirmed() -> None:
    letter = read_paper(page("逾期还款通知书", "您的贷款已逾期，本金12,000元"), SIZE)
    contract = read_paper(
        page("借款合同", "甲方（出借人）：云泊小贷", "乙方（借款人）：林未雨", "第一条 借款3万元"), SIZE
    )
    assert letter is not None
    assert contract is not None
    assert (letter.kind, letter.confirm) == ("collection_letter", ())
    assert (contract.kind, values(contract)["amount"]) == ("contract", "30000")


@pytest.mark.parametrize(
    "lines",
    [
        [],
        page("我给你发律师函了", "法院传票马上就到，今天还3000元"),
        page("昨天 12:30", "转账 ￥500.00", "你已收款", "收到"),
        [large("12.00"), *rows(("名称", "数量"), ("苹果", "3"))],
    ],
)
def test_chats_and_tables_are_no_papers(lines: list[Line]) -> None:
    assert read_paper(lines, SIZE) is None


def test_every_code_has_words_and_none_is_a_verdict() -> None:
    used: set[str] = set()
    for kind in ("court_summons", "lawyer_letter"):
        used |= set(letters._ways(kind))
    for lines in (
        page("传票", "案由", "加微信 abc12345，今天转个人账户还款，否则拘留 12812345678"),
        page("律师函", "委托"),
    ):
        paper = read_paper(lines, SIZE)
        assert paper is not None
        used |= set(paper.odd)
        assert advice.summary(paper)
    assert used <= advice.codes()
    for code in advice.codes():
        said = advice.words(code)
        assert said.endswith((".", "。"))
        assert not any(word in said.lower() for word in ("fake", "forged", "genuine", "伪造", "假的"))


@given(st.lists(st.tuples(st.text(max_size=40), st.floats(0, 2000), st.floats(0, 2000)), max_size=30))
def test_no_lines_break_it(texts: list[tuple[str, float, float]]) -> None:
    lines = [Line(text, 0.5, (x, y, x + 50, y + 20)) for text, x, y in texts]
    paper = read_paper(lines, SIZE)
    assert paper is None or all(0 <= n < len(lines) for field in paper.fields for n in field.lines)
