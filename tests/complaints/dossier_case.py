"""An invented case for the dossier tests: about thirty records, findings, reviews, answers. No file is behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from evidence.models import (
    Answer,
    Basis,
    CaseView,
    Custody,
    Fact,
    Finding,
    LeftOut,
    Line,
    Link,
    Media,
    Party,
    Quote,
    Reading,
    Record,
    Review,
    Source,
    Stamp,
)

LENDER = "青梧消费金融有限公司"
AGENCY = "众恒信用管理有限公司"
C1, C2, SELF, SISTER = "12738200001", "12738200002", "12600020001", "12600020002"
BACKUP, SHOT, TAPE = "a" * 64, "b" * 64, "c" * 64
TODAY = "2026-06-01"


def utc(local: str) -> str:
    """A Beijing wall clock as UTC text."""
    moment = datetime.fromisoformat(f"{local}+08:00").astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def call(n: int, local: str, number: str, outcome: str = "answered", seconds: float = 45) -> Record:
    """An inbound call of the phone's own log."""
    length = seconds if outcome == "answered" else 0.0
    return Record(
        "call",
        "call",
        f"call[{n}]",
        Stamp(utc(local), local, "export", "epoch_utc", None, 1.0),
        "in",
        number,
        number,
        duration_s=length,
        outcome=outcome,
        id=f"r-call-{n:02d}",
        source=BACKUP,
    )


def sms(n: int, local: str, number: str, text: str, out: bool = False) -> Record:
    """A text message."""
    return Record(
        "sms",
        "sms",
        f"sms[{n}]",
        Stamp(utc(local), local, "export", "epoch_utc", None, 1.0),
        "out" if out else "in",
        number,
        number,
        text=text,
        text_basis="source",
        id=f"r-sms-{n:02d}",
        source=BACKUP,
    )


def records() -> tuple[Record, ...]:
    """Calls, messages, one recording of a call, one screenshot of another person's phone, one note."""
    calls = [
        call(1, "2026-03-12T22:00:00", C2, seconds=31),
        call(2, "2026-03-17T09:12:05", C1, seconds=74),
        call(3, "2026-03-17T11:40:51", C2, seconds=39),
        call(4, "2026-03-17T14:05:33", C1, seconds=55),
        call(5, "2026-03-17T16:47:20", C1, seconds=21),
        call(6, "2026-03-17T19:30:08", C2, seconds=102),
        call(7, "2026-03-18T10:00:00", C1, "missed"),
        call(8, "2026-03-18T10:02:00", C1, "missed"),
        call(9, "2026-03-20T07:42:18", C2, "missed"),
        call(10, "2026-04-02T15:20:00", C1, seconds=88),
        call(11, "2026-04-03T12:00:00", "12699990001", seconds=10),
    ]
    messages = [
        sms(1, "2026-03-10T14:20:33", C1, "沈砚您好，我是众恒信用管理公司，受委托与您联系还款事宜。"),
        sms(2, "2026-03-10T18:44:51", C1, "您好，4月发工资后可以先还一部分，能不能分期？", out=True),
        sms(3, "2026-03-11T09:15:20", C1, "分期需要您在APP提交申请。"),
        sms(4, "2026-03-24T18:59:27", C1, "今天六点前不处理，公安局直接立案，明天警车到你单位把你铐走。"),
        sms(5, "2026-03-25T09:00:00", C1, "请问这是什么依据？", out=True),
        sms(6, "2026-03-25T09:05:00", C1, "你等着。"),
        sms(7, "2026-03-26T10:00:00", C1, "账户仍为逾期状态。"),
        sms(8, "2026-03-27T10:00:00", C1, "请联系我们协商。"),
        sms(9, "2026-03-28T10:00:00", C1, "最后提醒。"),
        sms(
            10, "2026-04-03T10:12:09", C2, "我带两个兄弟过去，先打断你的腿，看你还不还。你姐沈书瑶12600020002也跑不了。"
        ),
        sms(11, "2026-04-08T09:06:12", C1, "即日起请停止给我打电话，停止联系我的家人。沈砚", out=True),
        sms(12, "2026-04-10T17:26:40", C1, "废物一个，他妈的还不还钱。"),
        sms(13, "2026-04-11T08:00:00", "12691110001", "您的快递到了。"),
    ]
    tape = Record(
        "call",
        "call",
        "file",
        Stamp(utc("2026-04-02T15:20:00"), "20260402_152000", "filename", "local_assumed", "Asia/Shanghai", 1.0),
        "in",
        C1,
        C1,
        duration_s=87.5,
        media=(Media(TAPE, 181000, "audio/amr", f"{C1}_20260402152000.amr"),),
        id="r-tape-01",
        source=TAPE,
    )
    shot = Record(
        "media",
        "sms",
        "file",
        Stamp(
            utc("2026-04-19T19:40:00"), "Screenshot_20260419_194000", "filename", "local_assumed", "Asia/Shanghai", 1.0
        ),
        media=(Media(SHOT, 220000, "image/png", "Screenshot_20260419_194000.png"),),
        holder="沈书瑶",
        number=None,
        id="r-shot-01",
        source=SHOT,
    )
    note = Record(
        "note",
        "call",
        "note 1",
        Stamp(utc("2026-04-19T19:32:00"), "2026-04-19 19:32", "stated", "minute_only", "Asia/Shanghai", 60),
        "in",
        C2,
        C2,
        text="沈书瑶接到众恒的电话，对方要求她转告我还款。",
        text_basis="source",
        id="r-note-01",
    )
    return (*calls, *messages, tape, shot, note)


def readings() -> dict[str, tuple[Reading, ...]]:
    """A person's transcript of the recording, a machine's text of the screenshot."""
    spoken = ("喂，是沈砚吗。", "你这种没脸没皮的老赖我见多了。", "请你说话客气一点。")
    lines = tuple(
        Line(text, start_s=a, end_s=b, speaker=who)
        for text, a, b, who in zip(spoken, (0.0, 12.4, 19.0), (3.0, 18.2, 22.0), ("对方", "对方", "本人"), strict=True)
    )
    tape = Reading(TAPE, "transcript", "person", "", "\n".join(spoken), lines, by="person", id="t-tape")
    shown = ("众恒催收", "让沈砚还钱，不然天天打给你。")
    boxes = tuple(
        Line(text, 0.97, box) for text, box in zip(shown, ((40, 60, 300, 110), (40, 300, 900, 380)), strict=True)
    )
    shot = Reading(SHOT, "ocr", "rapidocr", "3.10", "\n".join(shown), boxes, id="t-shot")
    return {TAPE: (tape,), SHOT: (shot,)}


GBT = Basis(
    "gbt45251",
    "第5.3节（业务管理）催收时间",
    "（参照）GB/T 45251—2025第5.3节（业务管理）催收时间",
    "v1",
    "soft",
    "secondary_multi",
)
GBT_COUNT = replace(
    GBT, clause="第5.3节（业务管理）催收频次", cite="（参照）GB/T 45251—2025第5.3节（业务管理）催收频次"
)
GBT_THIRD = replace(
    GBT, clause="第5.3节（业务管理）催收对象", cite="（参照）GB/T 45251—2025第5.3节（业务管理）催收对象"
)
CC = Basis(
    "cc",
    "第一千零三十二条、第一千零三十三条（私人生活安宁）",
    "《中华人民共和国民法典》第一千零三十二条、第一千零三十三条（私人生活安宁）",
    "v1",
    "binding",
    "primary",
)
PSA = Basis(
    "psa",
    "第五十条第一款第（一）项",
    "《中华人民共和国治安管理处罚法》（2025年修订）第五十条第一款第（一）项",
    "v1",
    "binding",
    "primary",
)
WEAK = Basis(
    "cpr2022", "第四十一条", "《银行保险机构消费者权益保护管理办法》第四十一条", "v1", "binding", "secondary_single"
)


def quote(record: Record | Reading, where: str, words: str, reading: Reading | None = None) -> Quote:
    """The place of ``words`` in a record's text or in a reading."""
    text = (reading.text if reading else getattr(record, "text", "")) or ""
    start = text.index(words)
    line = next((one for one in reading.lines if words in one.text), None) if reading else None
    return Quote(
        where,
        start,
        start + len(words),
        words,
        reading.id if reading else None,
        start_s=line.start_s if line else None,
        end_s=line.end_s if line else None,
    )


def finding(ident: str, category: str, of: tuple[str, ...], basis: tuple[Basis, ...], **more: Any) -> Finding:
    """A finding that may enter a filing, about the lender of the case."""
    values: dict[str, Any] = {"filing": True, "creditor": LENDER, "effect": "indicator", "severity": 3, **more}
    effect, severity = values.pop("effect"), values.pop("severity")
    return Finding(ident, f"cn.{category}", category, effect, severity, of, basis=basis, **values)


def findings() -> tuple[Finding, ...]:
    """Eight confirmed ones, one dismissed, one undecided, one undetermined, one about another lender."""
    by_id = {record.id: record for record in records()}
    tape, shot = readings()[TAPE][0], readings()[SHOT][0]
    legal, threat, insult = by_id["r-sms-04"], by_id["r-sms-10"], by_id["r-sms-12"]
    day = ("r-call-02", "r-call-03", "r-call-04", "r-call-05", "r-call-06")
    return (
        finding(
            "f-hours-1", "prohibited_hours", ("r-call-01",), (GBT, CC), assumptions=("未见双方另行约定催收时间。",)
        ),
        finding("f-hours-2", "prohibited_hours", ("r-call-09",), (GBT, CC)),
        finding(
            "f-count",
            "call_frequency",
            day,
            (GBT_COUNT, CC),
            counted=5,
            limit=3,
            window_from="2026-03-17T00:00:00+08:00",
            window_to="2026-03-18T00:00:00+08:00",
            left_out=(LeftOut("r-call-07", "未接通的来电不计入接通次数"),),
        ),
        finding(
            "f-threat",
            "threat_violence",
            (threat.id,),
            (PSA, WEAK),
            quotes=(quote(threat, threat.id, "打断你的腿"),),
            severity=5,
        ),
        finding(
            "f-legal",
            "false_legal_threat",
            (legal.id,),
            (CC,),
            quotes=(quote(legal, legal.id, "公安局直接立案，明天警车到你单位把你铐走"),),
        ),
        finding("f-tape", "insult", ("r-call-10",), (CC,), quotes=(quote(tape, "r-call-10", "没脸没皮的老赖", tape),)),
        finding(
            "f-shot",
            "third_party_contact",
            ("r-shot-01",),
            (GBT_THIRD,),
            quotes=(quote(shot, "r-shot-01", "让沈砚还钱", shot),),
            subject="沈书瑶",
        ),
        finding("f-note", "third_party_contact", ("r-note-01",), (GBT_THIRD,), subject="沈书瑶"),
        finding("f-dismissed", "insult", (insult.id,), (CC,), quotes=(quote(insult, insult.id, "废物一个"),)),
        finding("f-open", "obscenity", (insult.id,), (CC,), quotes=(quote(insult, insult.id, "他妈的"),)),
        finding(
            "f-undetermined",
            "call_bombing",
            ("r-call-07", "r-call-08"),
            (),
            effect="undetermined",
            filing=False,
            missing=("lender_type",),
        ),
        finding("f-other", "insult", ("r-call-11",), (CC,), creditor="别的银行"),
    )


ANSWERS = {
    "complainant.name": "沈砚",
    "complainant.id_no": "990101199605120024",
    "complainant.phone": SELF,
    "complainant.address": "示例省示例市望舒路9号",
    "respondent.legal_name": LENDER,
    "respondent.type": "consumer_finance",
    "filing.region": "示例",
    "account.ref": "QW-2025-000123",
    "debt.type": "online_consumer_loan",
    "debt.loan_date": "2025-05-20",
    "debt.principal": "18600.00",
    "debt.overdue_since": "2026-02-20",
    "prior_complaint.date": "2026-05-06",
    "prior_complaint.ref": "TS-0506-118",
    "prior_complaint.reply": "回复称已转催收机构核实，没有告知核实结果。",
    "evidence.carrier": "投诉人本人使用的手机",
    "declaration": "yes",
}


def view(answers: Mapping[str, str] | None = None, **changes: Any) -> CaseView:
    """The case as it stood at row 42."""
    made = ANSWERS if answers is None else answers
    parties = {
        SELF: Party(SELF, "沈砚", "self"),
        C1: Party(C1, AGENCY, "collector", LENDER, lender_type="consumer_finance"),
        C2: Party(C2, AGENCY, "collector", LENDER, lender_type="consumer_finance"),
        SISTER: Party(SISTER, "沈书瑶", "relative", relation="relative"),
        "name:lender": Party("name:lender", LENDER, "lender", lender_type="consumer_finance"),
    }
    decided = (
        "f-hours-1",
        "f-hours-2",
        "f-count",
        "f-threat",
        "f-legal",
        "f-tape",
        "f-shot",
        "f-note",
        "f-undetermined",
        "f-other",
    )
    reviews = {ident: Review(ident, "confirmed", "看过原件") for ident in decided}
    reviews["f-dismissed"] = Review("f-dismissed", "dismissed", "语气不好")
    case = CaseView(
        case_id="test-case",
        jurisdiction="cn",
        timezone="Asia/Shanghai",
        created_at="2026-05-31T00:00:00.000Z",
        head_seq=42,
        head_hash="d" * 64,
        demo=False,
        sources=(
            Source(
                BACKUP, 48211, "sms-20260531.xml", "phone/sms-20260531.xml", None, "xml", "sms_backup_restore 1.0.0"
            ),
            Source(TAPE, 181000, f"{C1}_20260402152000.amr", "phone/rec.amr", None, "audio/amr", "recording 1.0.0"),
            Source(SHOT, 220000, "Screenshot_20260419_194000.png", "phone/shot.png", None, "image/png", "image 1.0.0"),
        ),
        records=records(),
        readings=readings(),
        parties=parties,
        facts=(
            Fact(
                "cease_notice",
                Stamp(utc("2026-04-08T09:06:12"), "", "stated", "local_assumed", "Asia/Shanghai"),
                "以短信要求停止拨打电话、停止联系家人。",
                proof=("r-sms-11",),
                id="k1",
            ),
            Fact(
                "payment",
                Stamp(utc("2026-04-30T00:00:00"), "2026-04-30", "stated", "date_only", "Asia/Shanghai", 86400),
                "向被投诉机构还款500元",
                id="k2",
            ),
        ),
        answers={key: Answer(key, value) for key, value in made.items()},
        links=(Link("r-call-10", "r-tape-01", "同一号码，开始时刻相差不到1秒"),),
        reviews=reviews,
        custody=(
            Custody(1, "2026-05-31T00:00:00.000Z", "created", {"case_id": "test-case"}),
            Custody(2, "2026-05-31T00:00:01.000Z", "opened", {"command": "import", "software": "dunlog 0.1.0"}),
            Custody(3, "2026-05-31T00:00:02.000Z", "kept", {"source": BACKUP, "noun": "source", "count": 1}),
            Custody(4, "2026-05-31T00:00:03.000Z", "read", {"source": BACKUP, "noun": "record", "count": 24}),
            Custody(5, "2026-05-31T01:00:00.000Z", "review", {"noun": "review", "count": 9}),
        ),
    )
    return replace(case, **changes)
