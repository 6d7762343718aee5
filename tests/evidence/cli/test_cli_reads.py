"""import, read and transcript as a person uses them."""

import struct
import wave
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import ExitCode

Run = Callable[..., Any]


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("LINES", *lines)), encoding="utf-8")
    return path


@pytest.mark.usefixtures("lines")
def test_import_says_what_the_contract_says(dunlog: Run, tmp_path: Path) -> None:
    write(tmp_path / "in" / "a", "one", "two")
    ran = dunlog("import", str(tmp_path / "in"), "--no-read", "--json")
    assert ran.code == ExitCode.OK
    assert {k: ran.json[k] for k in ("files", "new", "known", "records", "problems")} == {
        "files": 1, "new": 1, "known": 0, "records": 2, "problems": [],
    }  # fmt: skip
    again = dunlog("import", str(tmp_path / "in"), "--no-read", "--json")
    assert (again.json["new"], again.json["known"], again.json["records"]) == (0, 1, 0)


@pytest.mark.usefixtures("lines")
def test_partial_success_is_3_and_hostile_names_are_harmless(dunlog: Run, tmp_path: Path) -> None:
    write(tmp_path / "in" / "\x1b[2J\u202egnp\n.exe", "one", "crash")
    (tmp_path / "in" / "x.bin").write_bytes(b"\0")
    ran = dunlog("import", str(tmp_path / "in"), "--no-read")
    assert ran.code == ExitCode.PARTIAL
    assert "[importer_failed]" in ran.out
    assert "[unknown_format] x.bin" in ran.out
    assert not {"\x1b", "\u202e"} & set(ran.out + ran.err)
    assert "[U+001B][2J[U+202E]gnp .exe" in ran.out
    ran = dunlog("import", str(tmp_path / "in"), "--no-read", "--json")
    assert [p["code"] for p in ran.json["problems"]] == ["importer_failed", "unknown_format"]


def test_import_takes_the_zone_and_the_holder(
    dunlog: Run, tmp_path: Path, lines: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    real = type(lines).read

    def read(self: object, file: object, options: Any, attach: object) -> object:
        seen.append((options.zone.key, options.holder))
        return real(self, file, options, attach)

    monkeypatch.setattr(type(lines), "read", read)
    write(tmp_path / "a", "one")
    dunlog("import", str(tmp_path / "a"), "--no-read", "--tz", "Asia/Urumqi", "--holder", "母亲")
    assert seen == [("Asia/Urumqi", "母亲")]
    assert dunlog("timeline", "--json").json[0]["holder"] == "母亲"


def bomb(path: Path) -> Path:
    """A PNG of 60,000 x 60,000 pixels in a few bytes, its header drawn by hand."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 6, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE smses [<!ENTITY a "ha ha ha ha ha "><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
<smses count="2"><sms address="12000000011" date="1770000000000" type="1" body="&e;&e;&e;"/>
<sms address="12000000011" date="1770000000000" type="1" body="x">&f;</sms></smses>
"""


def test_the_bad_folder_of_the_issue(dunlog: Run, tmp_path: Path) -> None:
    """The real importers: everything is kept, each bad file is named, the good one is read."""
    folder = tmp_path / "in"
    folder.mkdir()
    with wave.open(str(folder / "good.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    (folder / "empty.xml").touch()
    (folder / "silence.amr").touch()
    (folder / "short.xml").write_text('<?xml version="1.0"?><smses count="9"><sms address="12000000011" da')
    (folder / "not-a-picture.jpg").write_text("only words")
    (folder / "wav-called.png").write_bytes((folder / "good.wav").read_bytes() + b"\0\0")
    (folder / "laughs.xml").write_text(LAUGHS)
    bomb(folder / "bomb.png")
    ran = dunlog("import", str(folder), "--no-read", "--json")
    assert ran.code == ExitCode.PARTIAL
    said = {Path(p["path"]).name for p in ran.json["problems"] if p["severity"] == "error"}
    assert said >= {"empty.xml", "silence.amr", "short.xml", "not-a-picture.jpg", "bomb.png"}
    assert "good.wav" not in said
    assert (ran.json["files"], ran.json["new"]) == (8, 8)
    by_name = {Path(r["path"]).name: r for r in ran.json["results"]}
    assert by_name["good.wav"]["records"] == by_name["wav-called.png"]["records"] == 1
    assert all(r["sha256"] for r in ran.json["results"])
    rows = dunlog("timeline", "--json").json
    assert not any("root:" in (row["text"] or "") for row in rows)
    assert max((len(row["text"] or "") for row in rows), default=0) < 100_000
    assert dunlog("verify", "--json").json["ok"]


def test_a_transcript_is_bound_to_its_recording(dunlog: Run, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "call.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    (tmp_path / "words.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\n再不还钱就上门\n", encoding="utf-8")
    assert dunlog("import", str(tmp_path / "call.wav"), "--no-read").code == ExitCode.OK
    ran = dunlog("transcript", "call.wav", str(tmp_path / "words.srt"), "--json")
    assert (ran.code, ran.json["lines"]) == (ExitCode.OK, 1)
    (row,) = dunlog("timeline", "--text", "上门", "--json").json
    assert (row["text"], row["text_basis"]) == ("再不还钱就上门", "transcript")
    assert dunlog("doctor", "--json").code == ExitCode.OK
    again = dunlog("transcript", "call.wav", str(tmp_path / "words.srt"), "--json")
    assert again.json["id"] == ran.json["id"]
    (tmp_path / "plain.txt").write_text("no time codes")
    assert dunlog("transcript", "call.wav", str(tmp_path / "plain.txt"), "--json").code == ExitCode.USAGE
    assert dunlog("transcript", "no.wav", str(tmp_path / "words.srt"), "--json").code == ExitCode.USAGE


@pytest.mark.usefixtures("lines")
def test_read_takes_lost_parts_out_again(dunlog: Run, tmp_path: Path) -> None:
    write(tmp_path / "a", "picture")
    dunlog("import", str(tmp_path / "a"), "--no-read")
    (media,) = [p for p in (tmp_path / "c" / "derived" / "media").rglob("*") if p.is_file()]
    media.unlink()
    ran = dunlog("read", "--parts", "--engine", "nosuch", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (ExitCode.USAGE, "usage")
    assert media.exists()
