"""Payment screens of WeChat Pay, Alipay and banks' apps: kind and fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evidence.models import Line
from evidence.papers.model import Field, FieldName, Paper, PaperKind
from evidence.papers.pairs import Pair, field_of, pairs, plain
from evidence.papers.sums import decimal_of, sums_in

LABELS: Mapping[str, FieldName] = {
    "收款方": "payee", "收款方全称": "payee", "收款人": "payee", "收款户名": "payee", "收款人姓名": "payee",
    "收款账户名": "payee", "收款人户名": "payee", "对方户名": "payee", "对方账户": "payee", "商户全称": "payee",
    "商户名称": "payee", "收款单位": "payee", "收款名称": "payee", "收款人名称": "payee", "转入户名": "payee",
    "付款方": "payer", "付款人": "payer", "付款户名": "payer", "付款人姓名": "payer", "付款人户名": "payer",
    "付款方户名": "payer", "付款人名称": "payer", "转出户名": "payer",
    "转账时间": "time", "支付时间": "time", "付款时间": "time", "创建时间": "time", "交易时间": "time",
    "转账日期": "time", "交易日期": "time", "收款时间": "time", "到账时间": "time", "完成时间": "time",
    "转账单号": "order", "交易单号": "order", "订单号": "order", "流水号": "order", "交易流水号": "order",
    "电子回单号码": "order", "回单编号": "order", "凭证号": "order", "交易流水": "order", "业务流水号": "order",
    "转账说明": "remark", "转账备注": "remark", "备注": "remark", "附言": "remark", "用途": "remark",
    "商品说明": "remark", "商品": "remark", "摘要": "remark", "付款备注": "remark", "留言": "remark",
    "当前状态": "status", "交易状态": "status", "支付状态": "status", "转账状态": "status",
    "金额": "amount", "转账金额": "amount", "交易金额": "amount", "付款金额": "amount", "支付金额": "amount",
    "金额小写": "amount", "小写": "amount", "订单金额": "amount",
    "付款卡号": "card_tail", "付款账号": "card_tail", "付款账户": "card_tail", "付款人账号": "card_tail",
    "支付方式": "card_tail", "付款方式": "card_tail", "付款卡": "card_tail", "转出卡号": "card_tail",
}  # fmt: skip
OTHER_LABELS = (
    "商户单号",
    "商家订单号",
    "收款账号",
    "收款卡号",
    "收款银行",
    "收款人账号",
    "账单分类",
    "转入卡号",
    "大写",
)
_WECHAT = (
    "转账-转给", "转账单号", "微信支付", "零钱", "零钱通", "账单详情", "对订单有疑惑", "当前状态",
    "扫二维码付款", "亲属卡",
)  # fmt: skip
_ALIPAY = (
    "支付宝", "余额宝", "花呗", "收款方全称", "商家订单号", "对此订单有疑问", "账单分类", "创建时间", "交易成功",
    "联系收款方", "计入收支", "标签和备注", "余额",
)  # fmt: skip
_BANK = (
    "银行", "电子回单", "转账凭证", "付款卡号", "付款账号", "收款账号", "收款银行", "交易流水号", "手续费", "转账汇款",
    "收款户名",
    "付款户名", "网上银行", "手机银行", "收款卡号", "付款账户", "转账成功",
)  # fmt: skip
_STRONG: Mapping[PaperKind, tuple[str, ...]] = {
    "receipt_wechat": ("转账-转给", "微信支付", "零钱通", "转账单号"),
    "receipt_alipay": ("余额宝", "花呗", "商家订单号", "收款方全称"),
    "receipt_bank": ("电子回单", "转账凭证", "收款户名", "付款户名", "收款银行", "付款卡号", "收款卡号", "手机银行"),
}
_TAIL = re.compile(r"(?:尾号|\(|（|\*{2,}\s?)[为是:： ]?(\d{4})(?!\d)")
_BIG = re.compile(r"[-\u2212–+]?\s?[¥￥]?\s?(?:\d{1,3}(?:[,，]\d{3})+|\d+)\.\d{2}\s?元?")
_TO = re.compile(r"^(?:转账[-—–]转给|转账给|付款给|向)(?P<who>.{1,30}?)(?:转账|付款)?$")


def read_receipt(lines: Sequence[Line]) -> Paper | None:
    """The payment that a screen shows; None when the screen shows none (a sum and two known labels are needed)."""
    found = pairs(lines, (*LABELS, *OTHER_LABELS))
    told = {LABELS[pair.label] for pair in found if pair.label in LABELS}
    amount = _amount(lines, found)
    if amount is None or len(told) < 2 or not told & {"order", "time", "status"}:
        return None
    kind, reasons = _kind(lines)
    fields: dict[FieldName, Field] = {"amount": amount}
    for pair in found:
        name = LABELS.get(pair.label)
        if name is None or name == "amount" or name in fields:
            continue
        made = _field(lines, name, pair)
        if made is not None:
            fields[name] = made
    if "payee" not in fields and (payee := _payee_above(lines, amount)) is not None:
        fields["payee"] = payee
    return Paper(kind, tuple(fields.values()), reasons)


def _field(lines: Sequence[Line], name: FieldName, pair: Pair) -> Field | None:
    if name == "card_tail":
        tail = _TAIL.search(pair.value) or re.search(r"[*x]+\s?(\d{4})$", pair.value)
        return field_of(lines, name, pair.value, pair.lines, tail[1]) if tail else None
    if name == "order":
        value = re.sub(r"\s", "", pair.value)
        return field_of(lines, name, pair.value, pair.lines, value) if re.search(r"\d{6}", value) else None
    if name == "time" and not re.search(r"\d", pair.value):
        return None
    return field_of(lines, name, pair.value, pair.lines)


def _amount(lines: Sequence[Line], found: Sequence[Pair]) -> Field | None:
    """The sum under its label, else the one in the largest letters."""
    for pair in found:
        if LABELS.get(pair.label) == "amount":
            value = decimal_of(pair.value) or next((s[2] for s in sums_in(pair.value)), None)
            if value is not None:
                return field_of(lines, "amount", pair.value, pair.lines, value)
    large = [
        (line.box[3] - line.box[1], -n)
        for n, line in enumerate(lines)
        if line.box and _BIG.fullmatch(line.text.strip())
    ]
    if not large:
        return None
    n = -max(large)[1]
    value = decimal_of(lines[n].text)
    return field_of(lines, "amount", lines[n].text.strip(), (n,), value) if value is not None else None


def _payee_above(lines: Sequence[Line], amount: Field) -> Field | None:
    """转账-转给NAME over the sum."""
    for n, line in enumerate(lines[: amount.lines[0]]):
        who = _TO.match(plain(line.text))
        if who is not None:
            return field_of(lines, "payee", line.text, (n,), who["who"])
    return None


def _kind(lines: Sequence[Line]) -> tuple[PaperKind, tuple[str, ...]]:
    text = "\n".join(plain(line.text) for line in lines)
    best: tuple[int, PaperKind, tuple[str, ...]] = (0, "other", ())
    kinds: tuple[tuple[PaperKind, tuple[str, ...]], ...] = (
        ("receipt_wechat", _WECHAT), ("receipt_alipay", _ALIPAY), ("receipt_bank", _BANK),
    )  # fmt: skip
    for kind, words in kinds:
        seen = tuple(word for word in words if word in text)
        weight = len(seen) + 2 * sum(word in text for word in _STRONG[kind])
        if weight > best[0]:
            best = (weight, kind, seen)
    return best[1], best[2]
