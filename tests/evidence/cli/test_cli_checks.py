"""check without a case: one text, or many lines, of which any may be bad."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import ExitCode

Run = Callable[..., Any]
THREAT = "再不还钱就打断你的腿"
GOOD = {"id": "m1", "text": THREAT}


def lines_in(monkeypatch: pytest.MonkeyPatch, *lines: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(lines)), encoding="ascii"))


def line(**more: object) -> bytes:
    return json.dumps({**GOOD, **more}).encode()


def test_lines_from_standard_input(dunlog: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    context = [{"direction": "out", "at": "", "text": "下周还"}]
    full = line(id=2, channel="wechat", direction=None, recipient_role="borrower", context=context)
    plain = b"\xef\xbb\xbf" + json.dumps(GOOD, ensure_ascii=False).encode()
    lines_in(monkeypatch, plain, b"", full, line(id=None, channel=None, context=None))
    ran = dunlog("check", "--nl", "-", case=None)
    assert (ran.code, ran.err) == (ExitCode.OK, "")
    rows = [json.loads(one) for one in ran.out.splitlines()]
    assert [row["id"] for row in rows] == ["m1", 2, None]
    assert "threat_violence" in [hit["label"] for hit in rows[0]["labels"]]
    assert all(row["labels"] for row in rows)


BAD = [
    (b"not json", None, "not JSON"),
    (b"[" * 100_000, None, "not JSON"),
    (b"\xff\xfe{\x00", None, "not UTF-8"),
    ('{"id": "x", "text": "威胁"}'.encode("gb18030"), None, "not UTF-8"),
    (b"[1]", None, "with an id"),
    (b'{"text": "x"}', None, "with an id"),
    (b'{"id": NaN, "text": "x"}', None, "not JSON"),
    (b'{"id": 1e999, "text": "x"}', None, "not JSON"),
    (b'{"id": 7}', 7, "text is missing"),
    (line(text=3), "m1", "text is missing or not a string"),
    (line(channel=3), "m1", "channel is not a string"),
    (line(recipient_role=["x"]), "m1", "recipient_role is not a string"),
    (line(direction="up"), "m1", "direction is not in, out or null"),
    (line(direction=1), "m1", "direction is not in, out or null"),
    (line(context="x"), "m1", "context is not a list"),
    (line(context=["x"]), "m1", "context is not a list of objects"),
    (line(context=[{"direction": "in"}]), "m1", "text is missing"),
    (line(context=[{"text": "x", "at": 1}]), "m1", "at is not a string"),
]


@pytest.mark.parametrize(("bad", "ident", "words"), BAD, ids=range(len(BAD)))
def test_a_bad_line_is_named_and_the_rest_goes_on(
    bad: bytes, ident: object, words: str, dunlog: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines_in(monkeypatch, bad, line(id="after"))
    ran = dunlog("check", "--nl", "-", case=None)
    first, second = map(json.loads, ran.out.splitlines())
    assert (ran.code, first["id"], "labels" in first) == (ExitCode.PARTIAL, ident, False)
    assert words in first["error"]
    assert second["id"] == "after"
    assert "Traceback" not in ran.err


def test_lone_surrogates_and_empty_input(dunlog: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines_in(monkeypatch, b'{"id": "\\udcff", "text": "\\ud800' + THREAT.encode() + b'"}')
    ran = dunlog("check", "--nl", "-", case=None)
    assert len(ran.out.splitlines()) == 1
    assert "Traceback" not in ran.err
    (tmp_path / "empty").touch()
    ran = dunlog("check", "--nl", str(tmp_path / "empty"), case=None)
    assert (ran.code, ran.out) == (ExitCode.OK, "")
    assert "no line" in ran.err
    assert dunlog("check", "--nl", str(tmp_path), case=None).code == ExitCode.USAGE


def test_rules_as_lines(dunlog: Run) -> None:
    rules = dunlog("rules", "list", "--json", case=None).json["rules"]
    lines = dunlog("rules", "list", "--nl", case=None).out.splitlines()
    assert [json.loads(one) for one in lines] == rules
