"""Letters of lawyers, papers of courts, collectors' letters and contracts: kind, fields, and what is odd about them.

A genuine paper of a court has a case number and can be confirmed with the court; see the law notes on false papers
(impersonating an authority, forged papers). Nothing here decides whether a paper is genuine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from evidence.models import Line
from evidence.papers.model import Field, FieldName, Paper, PaperKind
from evidence.papers.pairs import field_of, plain
from evidence.papers.sums import sums_in

_PLACE = r"[\u4e00-\u9fff]{1,14}?(?:省|自治区|市|县|区|州|旗|盟|岛)"
_COURT = (
    rf"(?:{_PLACE}(?:第[一二三四])?(?:高级|中级)?|最高)人民法院|"
    r"[\u4e00-\u9fff]{2,8}(?:铁路运输|互联网|金融|知识产权|海事)(?:中级)?法院"
)
_BEFORE_NAME = re.compile(r"^.*(?:向|由|到|在|请|致|经|于|被)(?=.{4})")
_CASE = (
    r"[(（\u3014\[]\s?(?:19|20)\d{2}\s?[)）\u3015\]]\s?[\u4e00-\u9fff]{1,3}\s?\d{0,4}\s?[\u4e00-\u9fff]{1,6}\s?"
    r"\d{1,6}\s?号"
)
_MOBILE = r"(?<!\d)1[2-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)"
_PHONE = "|".join(
    (
        _MOBILE,
        r"(?<!\d)(?:0\d{2,3}[\s-]?)?[2-8]\d{6,7}(?!\d)",
        r"(?<!\d)(?:400|800)[\s-]?\d{3}[\s-]?\d{4}(?!\d)",
        r"(?<!\d)12368(?!\d)",
    )
)
_FIELDS: tuple[tuple[FieldName, re.Pattern[str]], ...] = (
    ("case_number", re.compile(_CASE)),
    ("court", re.compile(_COURT)),
    ("firm", re.compile(r"[\u4e00-\u9fff()（）]{2,20}律师事务所")),
    (
        "lawyer",
        re.compile(
            r"(?:经办律师|承办律师|律师姓名|律师)\s?[:：]\s?(?P<value>[\u4e00-\u9fff·]{2,6})|"
            r"(?P<value2>[\u4e00-\u9fff]{2,3})律师(?!事务|函|费|所|协会|执业|姓名)"
        ),
    ),
    ("licence", re.compile(r"执业证(?:书)?(?:号|编号|号码)?\s?[:：]?\s?(?P<value>1\d{16})(?!\d)")),
    ("phone", re.compile(_PHONE)),
)  # fmt: skip
TITLES: tuple[tuple[PaperKind, re.Pattern[str]], ...] = (
    (
        "court_summons",
        re.compile(r"(?:.{0,20}(?:人民)?法院)?(?:开庭)?(?:电子)?(?:传票|拘传票|拘传证|出庭通知书)(?:\(副本\))?"),
    ),
    (
        "court_filing_notice",
        re.compile(
            r"(?:.{0,20}(?:人民)?法院)?(?:刑事|民事|执行)?(?:立案(?:告知书|通知书|决定书|通知)|受理(?:案件)?通知书|"
            r"应诉通知书|(?:强制)?执行通知书|限制消费令|执行裁定书|起诉通知书)"
        ),
    ),
    (
        "lawyer_letter",
        re.compile(r"(?:.{0,20}律师事务所)?(?:关于.{0,40}的)?律师(?:函|催告函|催款函|警告函|声明)(?:\(.{0,10}\))?"),
    ),
    (
        "collection_letter",
        re.compile(
            r".{0,20}(?:催收函|催收通知书?|催款函|催款通知书?|催告函|逾期(?:还款)?通知书?|还款通知书?|"
            r"债务催收通知书?|催缴通知书?|诉前(?:通知|告知|警告)[函书]?|债权转让通知书?)"
        ),
    ),
    (
        "contract",
        re.compile(
            r".{0,20}(?:合同|协议|协议书|借条|欠条|借据|还款计划书|委托书|授权书|承诺书)(?:书)?(?:\(.{0,12}\))?"
        ),
    ),
)
_NEEDED: Mapping[PaperKind, tuple[str, ...]] = {
    "court_summons": ("被传唤人", "传唤事由", "应到时间", "应到处所", "案号", "案由", "人民法院", "审判员", "书记员"),
    "court_filing_notice": ("案号", "人民法院", "立案", "受理", "审判庭", "案由", "原告", "被告", "申请执行人"),
    "lawyer_letter": ("律师", "委托", "律师事务所", "致", "法律责任", "本所", "执业"),
    "collection_letter": ("欠款", "逾期", "还款", "本金", "利息", "债权", "贷款", "借款"),
    "contract": ("甲方", "乙方", "借款人", "出借人", "贷款人", "签订", "签字", "签署", "条", "借到", "欠"),
}
_COURTS: tuple[PaperKind, ...] = ("court_summons", "court_filing_notice")
_PRIVATE = re.compile(
    r"(?:转|打|汇|还|付|存|缴|交)(?:款|账|到|至|入|给|进)?.{0,12}"
    r"(?:个人账户|私人账户|个人账号|微信|支付宝|二维码|以下账户|下列账户|指定账户)|"
    r"(?:户名|收款人|账户名)\s?[:：]?\s?[\u4e00-\u9fff]{2,3}(?![\u4e00-\u9fff])|收款码"
)
_TODAY = re.compile(
    r"(?:今天|今日|当日|本日|即刻|立即|马上|\d{1,2}\s?小时内?|下午\s?\d+\s?[点时]前|\d{1,2}[点时:：]\d{0,2}分?之?前).{0,16}"
    r"(?:还|缴|付|转|处理|结清|联系|拘|抓|强制|逮捕|上门)"
)
_ARREST = re.compile(r"拘传|拘留|逮捕|批捕|抓捕|通缉|坐牢|刑事责任|判刑|网上追逃")
_CHAT_CONTACT = re.compile(r"(?:微信|QQ|扣扣|支付宝)(?:号|联系)?\s?[:：]?\s?[A-Za-z0-9_-]{5,}|加(?:我)?微信")
_FIRM_WORDS = re.compile(r"本所|我所|本公司|我司|受.{0,20}委托|委托人|本律师")
_HELD = re.compile(r"印章|盖章|公章|院印|\(印\)|（印）|\u3014印\u3015")


def read_letter(lines: Sequence[Line]) -> Paper | None:
    """The paper that a picture shows, told by its title and by words that belong to it; None for anything else."""
    kind, reasons = _kind(lines)
    if kind is None:
        return None
    fields = tuple(_fields(lines, kind))
    if kind not in (*_COURTS, "lawyer_letter"):
        return Paper(kind, fields, reasons)
    text = "\n".join(plain(line.text) for line in lines)
    odd = tuple(_odd(kind, text, {field.name: field for field in fields}))
    return Paper(kind, fields, reasons, odd, _ways(kind))


def _kind(lines: Sequence[Line]) -> tuple[PaperKind | None, tuple[str, ...]]:
    text = "\n".join(plain(line.text) for line in lines)
    for kind, title in TITLES:
        for at, line in enumerate(lines[:14]):
            words = plain(line.text)
            # a title may be spaced out so far that every letter is a line of its own
            if title.fullmatch(words) or (at + 1 < len(lines) and title.fullmatch(words + plain(lines[at + 1].text))):
                seen = tuple(word for word in _NEEDED[kind] if word in text)
                if len(seen) >= (1 if kind in (*_COURTS, "lawyer_letter") else 2):
                    return kind, (words, *seen)
    return None, ()


def _fields(lines: Sequence[Line], kind: PaperKind) -> Iterator[Field]:
    for name, pattern in _FIELDS:
        if kind == "contract" and name in ("court", "lawyer", "firm", "licence", "case_number"):
            continue
        hit = _first(lines, pattern)
        if hit is None:
            continue
        found, numbers = hit
        groups = found.groupdict()
        text = groups.get("value") or groups.get("value2") or found.group(0)
        if name == "court":
            text = _BEFORE_NAME.sub("", text)
        yield field_of(lines, name, text, numbers, re.sub(r"\s", "", text))
    for n, line in enumerate(lines):
        for start, end, value in sums_in(line.text):
            yield field_of(lines, "amount", line.text[start:end].strip(), (n,), value)


def _first(lines: Sequence[Line], pattern: re.Pattern[str]) -> tuple[re.Match[str], tuple[int, ...]] | None:
    """The first hit within one line, else the first that runs from one line into the next."""
    for n, line in enumerate(lines):
        if (found := pattern.search(line.text)) is not None:
            return found, (n,)
    for n, (line, after) in enumerate(pairwise(lines)):
        if (found := pattern.search(line.text + after.text)) is not None:
            return found, (n, n + 1)
    return None


def _odd(kind: PaperKind, text: str, fields: Mapping[FieldName, Field]) -> Iterator[str]:
    """Codes of what is missing on such a paper, or unusual for it."""
    phone = fields.get("phone")
    if kind in _COURTS:
        if "case_number" not in fields:
            yield "no_case_number"
        if "court" not in fields:
            yield "no_court"
        if not _HELD.search(text):
            yield "no_seal_read"
        if _FIRM_WORDS.search(text):
            yield "words_of_a_firm"
    else:
        if "firm" not in fields:
            yield "no_firm"
        if "lawyer" not in fields:
            yield "no_lawyer"
        if "licence" not in fields:
            yield "no_licence"
    if phone is None:
        yield "no_phone"
    elif re.fullmatch(_MOBILE, phone.text):
        yield "mobile_number"
    if _CHAT_CONTACT.search(text):
        yield "chat_contact"
    if _PRIVATE.search(text):
        yield "private_account"
    if _TODAY.search(text):
        yield "pay_today"
    if _ARREST.search(text):
        yield "threat_of_arrest"


def _ways(kind: PaperKind) -> tuple[str, ...]:
    if kind in _COURTS:
        return ("call_12368", "court_switchboard", "court_platform", "pay_nothing_yet")
    return ("lawyer_licence", "call_firm", "pay_nothing_yet")
