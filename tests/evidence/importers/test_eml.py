"""Mails as files: header fields, bodies, attachments, mails and chats inside; bad input; real files."""

from __future__ import annotations

import base64
import email
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.formats.mail.attachments import plain_name
from evidence.formats.mail.maildates import mail_stamp
from evidence.formats.mail.mailheaders import addresses, decode_bytes, decode_words, parameters
from evidence.importers.base import ReadOptions
from evidence.importers.eml import IMPORTER, looks_like_mail
from evidence.models import Media, Problem, Record

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEAD = "Date: Tue, 10 Mar 2026 09:15:00 +0800\nFrom: a@b.example\nTo: c@d.example\nSubject: s\n"


@pytest.fixture
def run(tmp_path: Path, read_all: Callable[..., list[Any]]) -> Callable[..., tuple[list[Record], dict[str, Problem]]]:
    def read(body: str | bytes, head: str | bytes = HEAD) -> tuple[list[Record], dict[str, Problem]]:
        path = tmp_path / "m.eml"
        parts = [part.encode() if isinstance(part, str) else part for part in (head, body)]
        path.write_bytes(b"".join(parts))
        items = read_all(IMPORTER, path)
        return [i for i in items if isinstance(i, Record)], {i.code: i for i in items if isinstance(i, Problem)}

    return read


def multipart(*parts: str | bytes, kind: str = "mixed") -> bytes:
    out = f"MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=BB\n\n".encode()
    for part in parts:
        out += b"--BB\n" + (part.encode() if isinstance(part, str) else part) + b"\n"
    return out + b"--BB--\n"


@pytest.mark.parametrize(
    ("raw", "utc", "how", "zone", "precision"),
    [
        ("Thu, 1 Jan 2026 10:00:00 +0800", "2026-01-01T02:00:00.000Z", "offset_in_file", "+0800", 1),
        ("1 Jan 26 10:00 +0800 (CST)", "2026-01-01T02:00:00.000Z", "offset_in_file", "+0800", 60),
        ("Thu, 1 Jan 2026 10:00:00 GMT+08:00", "2026-01-01T02:00:00.000Z", "offset_in_file", "+0800", 1),
        ("Thu, 1 Jan 2026 10:00:00 -0000", "2026-01-01T10:00:00.000Z", "offset_in_file", "+0000", 1),
        ("Thu, 1 Jan 2026 10:00:00 EST", "2026-01-01T15:00:00.000Z", "offset_in_file", "-0500", 1),
        ("Thu, 1 Jan 2026 10:00:00 CST", "2026-01-01T02:00:00.000Z", "local_assumed", "Asia/Shanghai", 1),
        ("Thu, 1 Jan 2026 10:00:00", "2026-01-01T02:00:00.000Z", "local_assumed", "Asia/Shanghai", 1),
        ("2026-01-01T10:00:00+08:00", "2026-01-01T02:00:00.000Z", "offset_in_file", "+0800", 1),
        ("2026-01-01 3:15 PM", "2026-01-01T07:15:00.000Z", "local_assumed", "Asia/Shanghai", 60),
        ("Thu Jan  1 10:00:00 2026", "2026-01-01T02:00:00.000Z", "local_assumed", "Asia/Shanghai", 1),
        ("1 Jan 2026 23:59:60 +0000", "2026-01-01T23:59:59.000Z", "offset_in_file", "+0000", 1),
    ],
)
def test_dates(raw: str, utc: str, how: str, zone: str, precision: float) -> None:
    stamp = mail_stamp(raw, SHANGHAI)
    assert (stamp.utc, stamp.how, stamp.zone, stamp.precision_s) == (utc, how, zone, precision)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "soon",
        "31 Feb 2026 10:00:00 +0800",
        "1 Jan 2026 10:00:00 +9999",
        "1 Jan 2026 10:00:00 XYZ",
        "2026年3月10日 下午3:15",
        "1 Foo 2026 10:00:00 +0800",
        "1 Jan 0000 10:00:00 +0000",
        "9" * 5000,
    ],
)
def test_dates_that_say_nothing_certain_are_none(raw: str) -> None:
    stamp = mail_stamp(raw, SHANGHAI)
    assert (stamp.utc, stamp.how) == (None, "none")


def test_cst_is_american_for_a_case_elsewhere() -> None:
    assert mail_stamp("1 Jan 2026 10:00:00 CST", ZoneInfo("Europe/Paris")).utc == "2026-01-01T16:00:00.000Z"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?GB2312?B?1cXPyMn6?=", "张先生"),
        ("=?gbk?Q?=E9F=BB=F9?=", decode_bytes(b"\xe9F\xbb\xf9", "gb18030")[0]),
        ("=?utf-8?B?5YKs?=\r\n =?utf-8?B?5pS2?=", "催收"),
        ("=?utf-8?Q?=E5=82?= =?utf-8?Q?=AC?=", "催"),
        ("=?x-nonsense?B?5YKs5pS2?=", "催收"),
        ("=?utf-8?B?!!!?=", ""),
        ("=?utf-8?Q?a=2Cb_c?= d", "a,b c d"),
        ("bad =?utf-8?X?abc?=", "bad =?utf-8?X?abc?="),
        ("a\x00\x1b[31mb", "a[31mb"),
    ],
)
def test_encoded_words(raw: str, text: str) -> None:
    assert decode_words(raw) == text


def test_bare_chinese_bytes_in_headers(run: Any) -> None:
    head = HEAD.encode().replace(b"From: a@b.example", "From: 催收部 <a@b.example>".encode("gbk"))
    (record,), _problems = run(b"\nx", head.replace(b"Subject: s", "Subject: 最后通知".encode("gbk")))
    assert (record.name, record.extras["subject"]) == ("催收部", "最后通知")


def test_addresses() -> None:
    found = addresses(
        ['"B, C" <b@c>, d@e', "undisclosed-recipients:;", "Group: x@y, Z <z@z>;", "=?utf-8?Q?L=2C_F?= <l@f>"]
    )
    assert [(a.name, a.address) for a in found] == [
        ("B, C", "b@c"), ("", "d@e"), ("", "x@y"), ("Z", "z@z"), ("L, F", "l@f"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("attachment; filename*=UTF-8''%E5%80%9F%E6%9D%A1.png", "借条.png"),
        ("attachment; filename*0*=gb2312''%B4%DF%CA%D5; filename*1=\".txt\"", "催收.txt"),
        ('attachment; filename="=?gbk?B?tN/K1S5wZGY=?="', decode_bytes(base64.b64decode("tN/K1S5wZGY="), "gbk")[0]),
        ("attachment; filename=a;b", "a"),
        ("attachment; filename*=x''%", "%"),
    ],
)
def test_file_names(raw: str, name: str) -> None:
    assert parameters(raw)[1]["filename"] == name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\借条.pdf", "借条.pdf"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("", "f"),
        ("..", "f"),
        ("\0\0", "f"),
        ("长" * 300 + ".pdf", "长" * 65 + ".pdf"),
    ],
)
def test_names_are_made_harmless(raw: str, shown: str) -> None:
    assert plain_name(raw, "f") == shown


def test_arrival_counts_where_the_date_is_missing(run: Any) -> None:
    head = "Received: from a by b; Wed, 11 Mar 2026 10:00:00 +0800\nReceived: from x by a; 9 Mar 2026 00:00:00 +0000\n"
    (record,), problems = run("\nx", head + HEAD.replace("Date: Tue, 10 Mar 2026 09:15:00 +0800", "Date: yesterday"))
    assert (record.time.utc, record.extras["time_from"]) == ("2026-03-11T02:00:00.000Z", "received")
    assert record.extras["date"] == "yesterday"
    assert "mail_date_missing" in problems


def test_a_date_far_from_the_arrival_is_told(run: Any) -> None:
    (record,), problems = run("\nx", "Received: from a by b; 13 Mar 2026 10:00:00 +0800\n" + HEAD)
    assert record.time.utc == "2026-03-10T01:15:00.000Z"
    assert record.extras["received_utc"] == "2026-03-13T02:00:00.000Z"
    assert "mail_date_differs" in problems


def test_direction_by_the_holder_s_addresses(tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "m.eml"
    path.write_text(HEAD + "\nx")

    def nothing(*_args: Any) -> Media:
        raise AssertionError

    for me, direction, name in (
        ("A@b.example", "out", "c@d.example"),
        ("c@d.example", "in", "a@b.example"),
        ("z", None, "a@b.example"),
    ):
        options = ReadOptions(SHANGHAI, me=(me,))
        record = next(iter(IMPORTER.read(make_probe(path), options, nothing)))
        assert isinstance(record, Record)
        assert (record.direction, record.name, record.number) == (direction, name, None)


def test_a_stub_beside_html_is_not_the_text(run: Any) -> None:
    body = multipart(
        "Content-Type: text/plain\n\nSee HTML.",
        "Content-Type: text/html; charset=utf-8\n\n<p>今天不还，明天去你单位，通知所有联系人</p>",
        kind="alternative",
    )
    (record,), _problems = run(body)
    assert record.text == "s\n\n今天不还，明天去你单位，通知所有联系人"
    assert (record.extras["text_from"], record.extras["other_version"]) == ("html", "See HTML.")
    assert record.text[record.extras["body_offset"] :].startswith("今天")


def test_html_hides_fetches_and_runs_nothing(run: Any) -> None:
    html = (
        "Content-Type: text/html; charset=utf-8\n\n<html><head><title>t</title></head><body><script>alert(1)</script>"
        "<div hidden>a</div><span style='font-size:0'>b</span><p>Words</p><img src='//t/1'><a href='http://p'>pay</a>"
    )
    (record,), problems = run(html)
    assert record.text == "s\n\nWords\n\npay"
    assert record.extras["hidden_text"] == "a\nb"
    assert (record.extras["remote_pictures"], record.extras["scripts"]) == (1, 1)
    assert record.extras["links"] == [{"words": "pay", "address": "http://p"}]
    assert "mail_hidden_text" in problems


@pytest.mark.parametrize("charset", ["us-ascii", "iso-8859-1", "gb2312", "x-unknown", "unicode-1-1-utf-7", "punycode"])
def test_wrong_charset_labels(run: Any, charset: str) -> None:
    text = "今天下午不还款就通知你的单位镕"
    (record,), problems = run(f"Content-Type: text/plain; charset={charset}\n\n".encode() + text.encode("gbk"))
    assert record.text is not None
    if charset in ("gb2312", "x-unknown", "punycode", "unicode-1-1-utf-7"):
        assert record.text == f"s\n\n{text}"
    else:  # the rare last character stands outside the frequent ones, the rest still decides
        assert text[:-1] in record.text
        assert "mail_charset_wrong" in problems


def test_flowed_lines_are_joined(run: Any) -> None:
    (record,), _problems = run("Content-Type: text/plain; format=flowed\n\none \ntwo\n> a \n> b\n-- \nsig\n")
    assert record.text == "s\n\none two\n> a b\n-- \nsig"


def test_attachments_are_kept_named_and_flagged(run: Any) -> None:
    body = multipart(
        "Content-Type: text/plain\n\nhi",
        b'Content-Type: image/png\nContent-ID: <c1>\nContent-Disposition: inline; filename="../x.png"\n'
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(b"\x89PNG\r\n\x1a\nabc"),
        b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(b"MZ\x90"),
        b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\neJ8+\n",
        b"Content-Type: image/png; name=fake.png\n\nno picture",
        b"Content-Type: application/octet-stream; name=broken.bin\nContent-Transfer-Encoding: base64\n\n@@@@AAA",
        b"Content-Type: application/pdf; name=real.pdf\n\n%PDF-1.4",
    )
    (record,), problems = run(body)
    assert [(m.name, m.mime) for m in record.media] == [
        ("x.png", "image/png"),
        ("a.pdf", "application/pdf"),
        ("winmail.dat", "application/ms-tnef"),
        ("fake.png", "application/octet-stream"),
        ("broken.bin", "application/octet-stream"),
        ("real.pdf", "application/pdf"),
    ]
    assert record.extras["attachments"][0]["content_id"] == "c1"
    assert {"attachment_dangerous", "mail_tnef", "part_damaged", "document_attached"} <= set(problems)
    assert "a.pdf" in problems["attachment_dangerous"].message


def test_a_mail_inside_a_mail_is_a_record_of_its_own(run: Any) -> None:
    inner = (
        "Content-Type: message/rfc822\n\nDate: Mon, 9 Mar 2026 09:00:00 +0800\nFrom: x@y.example\nSubject: i\n\ninside"
    )
    (outer, nested), _problems = run(multipart("Content-Type: text/plain\n\nouter", inner))
    assert (outer.text, nested.text) == ("s\n\nouter", "i\n\ninside")
    assert (nested.locator, nested.extras["attached_to"]) == ("message part 2", "message")
    assert nested.time.utc == "2026-03-09T01:00:00.000Z"


def test_a_wechat_chat_sent_by_mail_becomes_messages(run: Any) -> None:
    text = (
        "小明 和 小红 在微信上的聊天记录如下，请查收。\n\n—————  2026-04-06  —————\n\n\n小红  16:21\n\n有点事，"
        "一会儿回\n\n小明  16:22\n\n[图片: 196bcfcc8048af78f7cbb9a758d91a48.jpg(请在附件中查看)]\n"
    )
    body = multipart(
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + text,
        b"Content-Type: image/jpeg; name=196bcfcc8048af78f7cbb9a758d91a48.jpg\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(b"\xff\xd8\xff\xe0abc"),
    )
    (mail, first, second), _problems = run(body)
    assert (mail.kind, mail.text, mail.media, mail.extras["contents"]) == ("email", "s", (), "wechat_share")
    assert (first.kind, first.channel, first.text) == ("chat", "wechat", "有点事，一会儿回")
    assert [m.mime for m in second.media] == ["image/jpeg"]
    assert len({r.locator for r in (mail, first, second)}) == 3


def test_the_mark_between_parts_is_found_when_the_header_is_wrong(run: Any) -> None:
    body = multipart("Content-Type: text/plain\n\nwords").replace(b"boundary=BB", b"boundary=other")
    (record,), problems = run(body)
    assert record.text == "s\n\nwords"
    assert "mail_mark_wrong" in problems


def test_without_any_mark_the_body_is_one_text(run: Any) -> None:
    (record,), _problems = run("Content-Type: multipart/mixed\n\njust words\n")
    assert record.text == "s\n\njust words"


def test_a_mail_that_was_cut_off(run: Any) -> None:
    (record,), problems = run(multipart("Content-Type: text/plain\n\nwords").replace(b"--BB--\n", b""))
    assert record.text == "s\n\nwords"
    assert "mail_cut_off" in problems


def test_hostile_nesting_and_numbers(run: Any) -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=B%d\n\n--B%d\n" % (i, i) for i in range(1500))
    records, problems = run(deep)
    assert len(records) == 1
    assert {"mail_nested", "mail_parts_left"} & set(problems)
    records, problems = run(multipart(*["Content-Type: text/plain; name=x\n\ny"] * 2100))
    assert len(records[0].media) < 2100
    assert "mail_parts_left" in problems


def test_two_senders_are_told(run: Any) -> None:
    (record,), problems = run("From: other@x.example\n\nx")
    assert (record.extras["from"], ["From", "other@x.example"] in record.extras["headers"]) == ("a@b.example", True)
    assert "mail_header_repeated" in problems


def test_every_field_is_kept(run: Any) -> None:
    (record,), _problems = run("X-Odd: =?utf-8?B?5YKs?=\nDKIM-Signature: v=1; d=x\nReferences: <a> <b>\n\nx")
    assert record.extras["dkim"] == "present"
    assert record.extras["references"] == ["<a>", "<b>"]
    assert ["X-Odd", "催"] in record.extras["headers"]
    assert ["DKIM-Signature", "v=1; d=x"] in record.extras["headers"]


@pytest.mark.parametrize(
    ("data", "claimed"),
    [
        (HEAD.encode(), True),
        (b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode(), True),
        (b"From: <Saved by Blink>\nSubject: x\nDate: x\nMIME-Version: 1.0\n\n", False),
        (b"From: <Save by Tencent MsgMgr>\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related\n\n", False),
        (b"HTTP/1.1 200 OK\nDate: x\nContent-Type: text/html\nServer: x\n\n", False),
        (b"title: x\ndate: y\nauthor: z\n\ntext", False),
        (b"From a@b.example Tue Mar 10 01:15:00 2026\n" + HEAD.encode(), False),
        (b"Subject: only\n\n", False),
        (b"", False),
    ],
)
def test_claims(data: bytes, claimed: bool) -> None:
    assert looks_like_mail(data) is claimed


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                b"Date: ",
                b"From: ",
                b"To: a, b;",
                b"Subject: =?gbk?B?",
                b"Content-Type: multipart/mixed; boundary=B\n",
                b"\n--B\n",
                b"\n",
                b"\n\n",
                b"--B--",
                b"Content-Type: text/html; charset=",
                b"utf-7",
                b"Content-Transfer-Encoding: base64\n\n",
                b"Content-Type: message/rfc822\n\n",
                b"filename*0*=x'y'%zz",
                b'"',
                b"(",
                b"<",
                b"=?=?=",
                b"Received: ; ",
                b"+9999",
                b"10 Mar 2026 10:00:00 ",
                b"\xb4\xdf",
                b"\0",
                b"quoted-printable",
                b"Content-Disposition: attachment;",
            ]
        )
        | st.binary(max_size=12),
        max_size=40,
    )
)
def test_no_bytes_break_it(tmp_path: Path, read_all: Any, make_probe: Any, pieces: list[bytes]) -> None:
    path = tmp_path / "m.eml"
    path.write_bytes(HEAD.encode() + b"".join(pieces))
    IMPORTER.claims(make_probe(path))
    records = [i for i in read_all(IMPORTER, path) if isinstance(i, Record)]
    assert records
    assert len({r.locator for r in records}) == len(records)
    for record in records:
        "".join([record.text or "", record.name or "", str(record.extras)]).encode("utf-8")


def test_real_mails(samples: Path, read_all: Any, make_probe: Any) -> None:
    """Against the standard library: same sender's address, same number of attachments, no words lost."""
    folder = samples / "email" / "mail-parser"
    count = 0
    for path in sorted(folder.iterdir()):
        if path.read_bytes()[:4] == b"\xd0\xcf\x11\xe0":
            continue
        assert IMPORTER.claims(make_probe(path, name="renamed.bin")), path
        record = next(i for i in read_all(IMPORTER, path) if isinstance(i, Record))
        message = email.message_from_bytes(path.read_bytes())
        wanted = sum(part.get_filename() is not None and not part.is_multipart() for part in message.walk())
        assert len(record.media) == wanted, path
        address = re.search(r"<?([^\s<>]+@[^\s<>]+)>?\s*$", str(message["from"]))
        assert address is not None
        assert record.participants[0].number == address[1]
        assert record.time.utc is not None
        count += 1
    assert count == 5
    gb = next(i for i in read_all(IMPORTER, folder / "mail_test_12") if isinstance(i, Record))
    assert (gb.name, "增值税发票" in (gb.text or "")) == ("张先生", True)
