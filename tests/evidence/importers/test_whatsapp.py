"""WhatsApp text exports: every form of date, who is who, what a message is, and what a file leaves open."""

from __future__ import annotations

import dataclasses
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.chats.chatclock import read_head
from evidence.formats.chats.dateorder import DateOrderOpen
from evidence.importers.base import DateOrder, FileProbe, Neighbour, ReadOptions
from evidence.importers.whatsapp import IMPORTER
from evidence.models import Problem, Record

OPTIONS = ReadOptions(ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def run(tmp_path: Path, make_probe: Callable[..., FileProbe]) -> Callable[..., tuple[list[Record], dict[str, Problem]]]:
    def read(
        text: str | bytes, name: str = "chat.txt", options: ReadOptions = OPTIONS, **changes: Any
    ) -> tuple[list[Record], dict[str, Problem]]:
        path = tmp_path / "kept"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        items = list(IMPORTER.read(make_probe(path, name=name, **changes), options, lambda *_a: pytest.fail("attach")))
        problems = {item.code: item for item in items if isinstance(item, Problem)}
        records = [item for item in items if isinstance(item, Record)]
        assert len(records) + len(problems) == len(items), "each problem is told once"
        assert len({record.locator for record in records}) == len(records)
        return records, problems

    return read


FORMS = [
    ("13/06/18, 18:05 - ", "2018-06-13T10:05"),
    ("13/6/2018 18:05 - ", "2018-06-13T10:05"),
    ("6/13/18, 6:05 PM - ", "2018-06-13T10:05"),
    ("6/13/18, 6:05\u202fPM - ", "2018-06-13T10:05"),
    ("6/13/18, 12:05 AM - ", "2018-06-12T16:05"),
    ("13/6/18, 6:05 p. m. - ", "2018-06-13T10:05"),
    ("13/6/18, 6:05\u00a0p.\u00a0m. - ", "2018-06-13T10:05"),
    ("13/6/18, 6:05 p.m. - ", "2018-06-13T10:05"),
    ("13/6/18, 00:08 a. m. - ", "2018-06-12T16:08"),
    ("13.06.18, 18:05 - ", "2018-06-13T10:05"),
    ("13. 6. 2018. 18:05 - ", "2018-06-13T10:05"),
    ("13.6.2018 klo 18.05 - ", "2018-06-13T10:05"),
    ("13.06.2018 kl. 18.05 - ", "2018-06-13T10:05"),
    ("13.06.18 \u0433., 18:05 ч. - ", "2018-06-13T10:05"),
    ("13.06.2018, 6:05 nachm. - ", "2018-06-13T10:05"),
    ("2018-06-13 18:05 - ", "2018-06-13T10:05"),
    ("2018/6/13 下午6:05 - ", "2018-06-13T10:05"),
    ("2018/6/13, 下午6:05 - ", "2018-06-13T10:05"),
    ("2018/6/13 上午6:05 - ", "2018-06-12T22:05"),
    ("2018/6/13 凌晨12:05 - ", "2018-06-12T16:05"),
    ("2018/6/13 早上6:05 - ", "2018-06-12T22:05"),
    ("2018/6/13 中午12:05 - ", "2018-06-13T04:05"),
    ("2018/6/13 中午1:05 - ", "2018-06-13T05:05"),
    ("2018/6/13 晚上9:05 - ", "2018-06-13T13:05"),
    ("13/6/2018 下午6:05 - ", "2018-06-13T10:05"),
    ("2018年6月13日 下午6:05 - ", "2018-06-13T10:05"),
    ("2018. 6. 13. 오후 6:05 - ", "2018-06-13T10:05"),
    ("2018년 6월 13일 오후 6:05 - ", "2018-06-13T10:05"),
    ("2018/06/13 18:05 - ", "2018-06-13T10:05"),
    ("2018/06/13 午後6:05 - ", "2018-06-13T10:05"),
    ("\u0661\u0663/\u0660\u0666/\u0662\u0660\u0661\u0668، \u0666:\u0660\u0665 م - ", "2018-06-13T10:05"),
    ("[13/06/18, 18:05:09] ", "2018-06-13T10:05:09"),
    ("\u200e[13/06/18, 18:05:09] ", "2018-06-13T10:05:09"),
    ("[13/06/18 18:05] ", "2018-06-13T10:05"),
    ("[6/13/18, 6:05:09\u202fPM] ", "2018-06-13T10:05:09"),
    ("[13.06.18, 18:05:09] ", "2018-06-13T10:05:09"),
    ("[2018/6/13 下午6:05:09] ", "2018-06-13T10:05:09"),
    ("[13/6/2018 下午6:05:09] ", "2018-06-13T10:05:09"),
    ("[2018. 6. 13. 오후 6:05:09] ", "2018-06-13T10:05:09"),
    ("[18. 6. 13. 오후 6:05:09] ", "2018-06-13T10:05:09"),
    ("[18-06-13 18:05:09] ", "2018-06-13T10:05:09"),
]


@pytest.mark.parametrize(("form", "utc"), FORMS)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_form_of_date(run: Any, make_probe: Any, tmp_path: Path, form: str, utc: str, codec: str) -> None:
    year_first = form.startswith("[18-06")
    options = dataclasses.replace(OPTIONS, date_order="ymd") if year_first else OPTIONS
    text = f"{form}Ann Li: hello: there\nsecond line\n{form}Bob: ok\n"
    records, problems = run(text.encode(codec), options=options)
    assert [(r.name, r.text) for r in records] == [("Ann Li", "hello: there\nsecond line"), ("Bob", "ok")]
    time = records[0].time
    assert time.utc == (utc if utc.count(":") == 2 else utc + ":00") + ".000Z"
    seconds = utc.count(":") == 2
    assert (time.precision_s, time.how) == ((1.0, "local_assumed") if seconds else (60.0, "minute_only"))
    assert time.basis == "export"
    assert time.zone == "Asia/Shanghai"
    assert time.raw in form
    assert "date_order_open" not in problems
    path = tmp_path / "probe"
    path.write_bytes(text.encode(codec))
    assert IMPORTER.claims(make_probe(path))


@pytest.mark.parametrize(
    "line",
    [
        "2016-04-29 10:30:00 text without a sign",
        "[00:01] not a date",
        "[00:01:02] not a date",
        "10:30\tA\ttext",
        "12/12 10:30 - A: x",
        "2024-01-02T10:00:00Z",
        "[2024-01-02] A: x",
        "1/2/3456789, 10:00 - A: x",
        "2024 10:00 - A: x",
    ],
)
def test_what_is_no_head(line: str) -> None:
    assert read_head(line) is None


@pytest.mark.parametrize(
    ("half", "hour", "utc_hour"),
    [("晚上", 12, None), ("buổi-x", 6, None), ("AM", 15, None), ("PM", 15, 7), ("AM", 12, 16)],
)
def test_clocks_that_contradict_themselves_are_left_open(run: Any, half: str, hour: int, utc_hour: int | None) -> None:
    clock = f"{half}{hour}:05" if half == "晚上" else f"{hour}:05 {half}"
    records, problems = (
        run(f"2018/6/13 {clock} - A: x\n") if half != "buổi-x" else run(f"13/6/2018, {hour}:05 xyz - A: x\n")
    )
    utc = records[0].time.utc
    assert (None if utc is None else int(utc[11:13])) == utc_hour
    assert ("time_unreadable" in problems) == (utc_hour is None)


def test_an_unknown_word_says_nothing_where_the_file_counts_to_24(run: Any) -> None:
    records, problems = run("13/6/2018, 6:05 xyz - A: x\n13/6/2018, 18:05 xyz - A: x\n")
    assert [r.time.utc[11:16] for r in records] == ["22:05", "10:05"]
    assert "time_unreadable" not in problems


@pytest.mark.parametrize(
    ("days", "order", "words"),
    [
        (["01/02/2024", "13/02/2024"], "dmy", "do not exist (line 2)"),
        (["01/02/2024", "02/13/2024"], "mdy", "do not exist (line 2)"),
        (["28/02/24", "01/03/24"], "dmy", "do not exist"),
        (["03/04/2024", "02/05/2024"], "dmy", "run forward"),
        (["03/04/2024", "04/03/2024"], "mdy", "run forward"),
        (["04/04/2024", "05/05/2024"], None, "the same days"),
        (["24-02-01", "24-02-13"], "ymd", "do not exist"),
    ],
)
def test_the_whole_file_settles_day_and_month(run: Any, days: list[str], order: str | None, words: str) -> None:
    records, problems = run("".join(f"{day}, 10:00 - A: x\n" for day in days))
    assert "date_order_open" not in problems
    assert words in problems["date_order_settled"].message
    assert problems["date_order_settled"].severity == "warning"
    months = {"dmy": 1, "mdy": 0, "ymd": 1, None: 0}
    parts = re.split(r"[/-]", days[0])
    assert int(records[0].time.utc[5:7]) == int(parts[months[order]])


def test_a_file_that_leaves_the_order_open_says_which_option_settles_it(run: Any) -> None:
    text = "03/04/2024, 10:00 - A: x\n04/05/2024, 10:00 - A: y\n"
    with pytest.raises(DateOrderOpen, match="--date-order"):
        run(text)
    orders: tuple[tuple[DateOrder, str], ...] = (("dmy", "04"), ("mdy", "03"))
    for order, month in orders:
        records, problems = run(text, options=dataclasses.replace(OPTIONS, date_order=order))
        assert records[0].time.utc[5:7] == month
        assert "date_order_open" not in problems
        assert "--date-order" in problems["date_order_settled"].message


def test_an_option_that_the_file_contradicts_is_told(run: Any) -> None:
    options = dataclasses.replace(OPTIONS, date_order="mdy")
    records, problems = run("13/04/2024, 10:00 - A: x\n", options=options)
    assert records[0].time.utc.startswith("2024-04-13")
    assert "contradicts" in problems["date_order_settled"].message


def test_names_of_attachments_settle_the_order(run: Any) -> None:
    records, problems = run("03/04/2024, 10:00 - A: IMG-20240304-WA0001.jpg (file attached)\n")
    assert records[0].time.utc.startswith("2024-03-04")
    assert "fits the day in the name of 1 attachment" in problems["date_order_settled"].message


def test_a_clock_that_runs_back_a_little_does_not_unsettle_the_order(run: Any) -> None:
    records, problems = run("03/04/2024, 10:00 - A: x\n03/04/2024, 09:58 - A: y\n02/05/2024, 10:00 - A: z\n")
    assert records[0].time.utc.startswith("2024-04-03")
    assert problems["order_odd"].locator == "line 2"


def test_text_that_looks_like_a_head_stays_text(run: Any) -> None:
    text = (
        "13/06/18, 18:05 - A: I copied this:\n[13/06/18, 18:05:09] B: pasted\n2018-06-13 10:00 - B: pasted\n"
        "2016-04-29 10:30:00 log\n\n13/06/18, 18:06 - A:\n13/06/18, 18:07 - A: \n"
    )
    records, problems = run(text)
    assert [r.text for r in records] == [
        "I copied this:\n[13/06/18, 18:05:09] B: pasted\n2018-06-13 10:00 - B: pasted\n2016-04-29 10:30:00 log",
        None,
        None,
    ]
    assert problems["header_doubtful"].locator == "line 2"
    assert "2 lines" in problems["header_doubtful"].message


@pytest.mark.parametrize(
    ("words", "kind", "expected"),
    [
        ("IMG-20210428-WA0001.jpg (file attached)", "image", {"missing_media": ["IMG-20210428-WA0001.jpg"]}),
        ("PTT-20210428-WA0001.opus (文件附件)", "voice", {"missing_media": ["PTT-20210428-WA0001.opus"]}),
        ("vertrag.pdf (Datei angehängt)", "file", {"missing_media": ["vertrag.pdf"]}),
        ("VID-20210428-WA0001.mp4 (archivo adjunto)", "video", {"missing_media": ["VID-20210428-WA0001.mp4"]}),
        ("\u200e<attached: 00000042-PHOTO-2020-06-07-15-13-20.jpg>", "image", {"message_type": "image"}),
        ("\u200e<附件：合同 (1).pdf>", "file", {"missing_media": ["合同 (1).pdf"]}),
        ("\u200e<已附加:00000001-STICKER-2020-06-07-15-13-20.webp>", "sticker", {}),
        ("<Media omitted>", "file", {"media_omitted": True}),
        ("<省略影音内容>", "file", {"media_omitted": True}),
        ("<已省略多媒體檔案>", "file", {"media_omitted": True}),
        ("\u200eimage omitted", "image", {"media_omitted": True}),
        ("\u200e圖片已略去", "image", {"media_omitted": True}),
        ("look \u200eimage omitted", "image", {"media_omitted": True}),
        ("This message was deleted", "text", {"state": "deleted"}),
        ("这条消息已删除", "text", {"state": "deleted"}),
        ("pay now \u200e<This message was edited>", "text", {"state": "edited"}),
        ("no image was omitted", "text", {}),
        ("This message was deleted by my son", "text", {}),
        ("is WhatsApp end-to-end encrypted?", "text", {}),
        ("a < b (file attached)", "text", {}),
    ],
)  # fmt: skip
def test_what_a_message_is(run: Any, words: str, kind: str, expected: dict[str, Any]) -> None:
    (record,), _problems = run(f"13/06/18, 18:05 - A: {words}\n")
    assert (record.kind, record.channel, record.extras["message_type"]) == ("chat", "whatsapp", kind)
    assert expected.items() <= record.extras.items()
    if not expected:
        assert not {"media_omitted", "state"} & set(record.extras)


@pytest.mark.parametrize(
    ("line", "direction", "outcome", "seconds"),
    [
        ("Missed voice call", "in", "missed", 0.0),
        ("未接语音通话", "in", "missed", 0.0),
        ("Wang: \u200eMissed video call, \u200eTap to call back", "in", "missed", 0.0),
        ("Wang: \u200eVoice call, \u200e5 min", "in", "answered", 300.0),
        ("Li: \u200eVoice call, \u200eNo answer", "out", "missed", 0.0),
        ("Wang: 语音通话, 1小时2分钟", "in", "answered", 3720.0),
    ],
)
def test_calls_told_in_the_chat(run: Any, line: str, direction: str, outcome: str, seconds: float) -> None:
    text = f"13/06/18, 18:05 - {line}\n13/06/18, 18:06 - Li: x\n13/06/18, 18:07 - Wang: y\n"
    records, _problems = run(text, name="WhatsApp Chat with Wang.txt")
    call = records[0]
    assert (call.kind, call.direction, call.outcome, call.duration_s) == ("call", direction, outcome, seconds)
    assert call.name == "Wang"


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("WhatsApp Chat with 王经理.txt", ""),
        ("WhatsApp Chat with 王经理 (2).txt", ""),
        ("与王经理的 WhatsApp 聊天.txt", ""),
        ("與王经理的WhatsApp對話.txt", ""),
        ("WhatsApp Chat mit 王经理.txt", ""),
        ("Chat de WhatsApp con 王经理.txt", ""),
        ("_chat.txt", "/home/x/WhatsApp Chat - 王经理"),
        ("_chat.txt", "C:\\x\\WhatsApp Chat - 王经理.zip"),
    ],
)
def test_the_other_side_by_the_name_of_the_file(run: Any, name: str, folder: str) -> None:
    text = "13/06/18, 18:05 - 王经理: 还钱\n13/06/18, 18:06 - 小李: 没有\n"
    records, problems = run(text, name=name, folder=folder)
    assert [(r.direction, r.name) for r in records] == [("in", "王经理"), ("out", "王经理")]
    assert "王经理" in problems["owner_settled"].message
    records, problems = run(text, name="chat.txt")
    assert [r.direction for r in records] == [None, None]
    assert "--me" in problems["direction_unknown"].message


def test_a_group_of_which_one_member_wrote_makes_nobody_the_owner(run: Any) -> None:
    records, problems = run("13/06/18, 18:05 - Wang: pay\n", name="WhatsApp Chat with Loans.txt")
    assert [r.direction for r in records] == [None]
    assert "direction_unknown" in problems


def test_me_and_deleted_messages_tell_the_owner(run: Any) -> None:
    text = "13/06/18, 18:05 - Wang: a\n13/06/18, 18:06 - Li: {}\n"
    options = dataclasses.replace(OPTIONS, me=("Li",))
    records, _problems = run(text.format("b"), options=options)
    assert [(r.direction, r.name) for r in records] == [("in", "Wang"), ("out", "Wang")]
    records, problems = run(text.format("You deleted this message"))
    assert [r.direction for r in records] == ["in", "out"]
    assert "“Li”" in problems["owner_settled"].message
    _records, problems = run(text.format("b"), options=dataclasses.replace(OPTIONS, me=("Nobody",)))
    assert "me_unmatched" in problems


def test_numbers_and_marks_around_them(run: Any) -> None:
    records, _problems = run("13/06/18, 18:05 - \u202a+86 120 0000 0001\u202c: pay\n")
    assert (records[0].number, records[0].number_raw) == ("12000000001", records[0].name)


def test_lines_of_the_program(run: Any) -> None:
    text = (
        "[13/06/18, 18:05:00] 互助群: \u200eMessages and calls are end-to-end encrypted.\n"
        "[13/06/18, 18:05:01] Wang: \u200eWang changed the subject from “A: x” to “B”\n"
        "[13/06/18, 18:05:02] Li: \u200eLi left\n[13/06/18, 18:05:03] Wang: hello\n"
    )
    records, _problems = run(text)
    assert [(r.extras["message_type"], r.direction) for r in records[:3]] == [("system", None)] * 3
    assert records[1].extras["group_subject"] == "B"
    assert {r.extras["conversation"] for r in records} == {"B"}
    assert all(r.extras["group"] for r in records)
    records, _problems = run('13/06/18, 18:05 - Wang changed the subject from "A: x" to "B"\n')
    assert (records[0].extras["message_type"], records[0].extras["event"]) == ("system", "group_subject")
    records, _problems = run("13/06/18, 18:05 - 您已屏蔽此联系人。\n")
    assert records[0].extras["event"] == "blocked"


def test_attachments_beside_the_chat(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 picture")
    asked = []

    def find(relative: str) -> Neighbour | None:
        asked.append(relative)
        return Neighbour(tmp_path / "a.jpg", "IMG-1.jpg", 14, "ab" * 32) if relative == "IMG-1.jpg" else None

    text = (
        "13/06/18, 18:05 - A: IMG-1.jpg (file attached)\nsee\n13/06/18, 18:06 - A: ../../etc/x.jpg (file attached)\n"
        "13/06/18, 18:07 - A: " + "n" * 240 + ".jpg (file attached)\n"
    )
    records, problems = run(text, find=find)
    (media,) = records[0].media
    assert (media.sha256, media.size, media.mime, media.name) == ("ab" * 32, 14, "image/jpeg", "IMG-1.jpg")
    assert (records[0].text, records[0].extras["marker"]) == ("see", "IMG-1.jpg (file attached)")
    assert records[1].extras["missing_media"] == ["../../etc/x.jpg"]
    assert not any(".." in name for name in asked)
    assert "2 attachments" in problems["media_missing"].message


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("13/06/18, 18:05 - A: x\n", True),
        ("\n\n13/06/18, 18:05 - A: x\n", True),
        ("13/06/18, 18:05 - Messages and calls are end-to-end encrypted.\n", True),
        ("13/06/18, 18:05 - no sender at all\n", False),
        ("title\n13/06/18, 18:05 - A: x\n", False),
        ("[2019-12-24, 12:23] Jane: x\n", False),
        ("2024-01-02 10:22:33 - INFO: started\n2024-01-02 10:22:34 - ERROR: x\n", False),
        ("[2024-01-02 10:22:33] production.ERROR: x\n", False),
        ("2024-01-02 10:22:33: ERROR: x\n", False),
        ("[2024-01-02 10:22:33] Ann: x <attached: a.jpg>\n", True),
        ("[00:01] A: x\n", False),
        ("", False),
        ('{"a": "13/06/18, 18:05 - A: x"}', False),
    ],
)
def test_claims(text: str, claimed: bool, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "any"
    path.write_text(text, encoding="utf-8")
    assert IMPORTER.claims(make_probe(path)) is claimed


def test_bad_bytes_are_counted_and_nothing_is_lost(run: Any) -> None:
    text = "13/06/18, 18:05 - 王经理: 今天必须还款，不还就上门，听见了没有，我们说到做到\n".encode() * 20
    records, problems = run(text + b"13/06/18, 18:06 - A: \xff x\n\0", options=OPTIONS)
    assert len(records) == 21
    assert problems
    with pytest.raises(Unreadable):
        run("nothing here\n")
    with pytest.raises(Unreadable):
        run(text, options=dataclasses.replace(OPTIONS, encoding="no-such"))


def test_one_endless_message_is_cut_and_told(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.formats.chats.headedtext.TEXT_LIMIT", 1000)
    records, problems = run("13/06/18, 18:05 - A: x\n" + "line\n" * 1000)
    assert len(records[0].text) <= 1001
    assert "text_cut" in problems


HEADS = st.sampled_from([form for form, _utc in FORMS])
LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.builds(lambda head, name, text: f"{head}{name}: {text}", HEADS, st.text(max_size=8), st.text(max_size=20)),
    ),
    max_size=15,
)


@given(lines=LINES, tail=st.binary(max_size=20))
def test_no_text_raises_anything_but_unreadable(lines: list[str], tail: bytes, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "wa.txt"
    data = "\n".join(lines).encode("utf-8", "replace") + tail
    path.write_bytes(data)
    file = FileProbe(path, "WhatsApp Chat with A.txt", len(data), "0" * 64, data[:65536])
    IMPORTER.claims(file)
    try:
        items = list(IMPORTER.read(file, OPTIONS, lambda *_a: pytest.fail("attach")))
    except Unreadable:
        return
    records = [item for item in items if isinstance(item, Record)]
    assert records
    assert len({record.locator for record in records}) == len(records)


REAL = {
    "chat-miner/test_[mmddyy]_24hrs.txt": (r"\[\d", "2019-01-30"),
    "chat-miner/test_ddmmyy_24hrs.txt": (r"\d\d/\d\d/\d\d, ", "2019-01-30"),
    "chat-miner/test_mmddyyyy_12hrs.txt": (r"\d\d/\d\d/\d{4}, ", "2019-01-30"),
    "whatstk/lorem.txt": (r"\[\d", "2020-01-14"),
    "whatstk/pokemon.txt": (r"\d\d\.\d\d\.\d{4}, ", "2016-08-06"),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files(samples: Path, run: Any, make_probe: Any, name: str) -> None:
    path = samples / "chat-whatsapp" / name
    pattern, third_day = REAL[name]
    text = path.read_text(encoding="utf-8")
    assert IMPORTER.claims(make_probe(path, name="renamed.bin"))
    records, problems = run(path.read_bytes())
    assert len(records) == len(re.findall(rf"^{pattern}", text, re.MULTILINE))
    assert all(record.time.utc for record in records)
    assert records[2].time.utc[:10] == third_day
    assert "text_outside" not in problems
    senders = set(re.findall(rf"^{pattern}[^\]\-]*?(?:\]| -) ([^:\n]+): ", text, re.MULTILINE))
    assert {r.extras["sender"] for r in records if "sender" in r.extras} >= senders - {"Pokemon Chat"}


def test_inside_a_zip_it_is_found_by_the_archive(tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "WhatsApp Chat - A.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_chat.txt", "[13/06/18, 18:05:00] A: x\n")
    assert not IMPORTER.claims(make_probe(path))


@pytest.mark.parametrize("piece", ["\u200e", " ", "<", "<a:", ":", '"', "1/", "\u00a0\u200e"])
def test_long_runs_of_one_sign_cost_no_more_than_their_length(run: Any, piece: str) -> None:
    records, _problems = run(f"13/06/18, 18:05 - A: x{piece * 200_000}y\n13/06/18, 18:05 - {piece * 200_000}\n")
    assert len(records) == 2


def test_a_phrase_that_anyone_can_type_does_not_beat_the_name_of_the_file(run: Any) -> None:
    text = "13/06/18, 18:05 - Wang: You deleted this message\n13/06/18, 18:06 - Li: b\n"
    records, _problems = run(text, name="WhatsApp Chat with Wang.txt")
    assert [r.direction for r in records] == ["in", "out"]
