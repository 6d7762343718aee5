"""Which sound is a call: the rule of evidence.formats.media.soundkinds, and the names of voice messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.media.recording_names import parse_name
from evidence.formats.media.soundkinds import sound_kind
from evidence.formats.media.voicenames import is_dictaphone_word, parse_voice_name


def kind(name: str, folder: str = "", tags: dict[str, str] | None = None, details: bool = False) -> tuple[str, str]:
    found = sound_kind(parse_name(name), parse_voice_name(name), folder, tags or {}, details)
    return found.what, found.why


@pytest.mark.parametrize(
    ("name", "folder", "tags", "expected"),
    [
        ("通话录音@12800000001_20260427153840.mp3", "", {}, ("call", "name")),
        ("李经理_20260427153840.mp3", "", {}, ("call", "name")),
        ("李经理_20260427153840.mp3", "", {"artist": "某乐队"}, ("music", "tags")),
        ("通话录音@12800000001_20260427153840.mp3", "", {"artist": "x"}, ("call", "name")),
        ("歌.mp3", "/Music", {"ARTIST": "某乐队"}, ("music", "tags")),
        ("歌.mp3", "/Music", {"artist": " "}, ("sound", "nothing")),
        ("新录音 3.m4a", "", {}, ("sound", "nothing")),
        ("录音_20260427153840.m4a", "", {}, ("sound", "nothing")),
        ("Recording 2026-04-27 15-38-40.m4a", "", {}, ("sound", "nothing")),
        ("x.amr", "/sdcard/MIUI/sound_recorder/call_rec", {}, ("call", "folder")),
        ("x.amr", "D:\\手机\\Recordings\\Call", {}, ("call", "folder")),
        ("x.amr", "/sdcard/Record/Call/old", {}, ("call", "folder")),
        ("x.amr", "/sdcard/Recordings", {}, ("sound", "nothing")),
        ("x.amr", "/sdcard/recall", {}, ("sound", "nothing")),
        ("x.opus", "/sdcard/WhatsApp/Media/WhatsApp Voice Notes/202617", {}, ("voice", "folder")),
        ("PTT-20260427-WA0001.opus", "", {}, ("voice", "name")),
        ("AUD-20260427-WA0001.m4a", "", {}, ("sound", "name")),
        ("msg_20260427153840.amr", "", {}, ("voice", "name")),
        ("msg_0412345678901234567890.amr", "", {}, ("voice", "name")),
    ],
)
def test_the_rule(name: str, folder: str, tags: dict[str, str], expected: tuple[str, str]) -> None:
    assert kind(name, folder, tags) == expected
    assert kind(name, folder, tags, details=True) == ("call", "details")


@pytest.mark.parametrize(
    ("name", "app", "wall", "precision"),
    [
        ("PTT-20260427-WA0001.opus", "whatsapp", "2026-04-27 00:00:00", 86400.0),
        ("PTT-20260427-WA0001 (1).opus", "whatsapp", "2026-04-27 00:00:00", 86400.0),
        ("00000012-AUDIO-2026-04-27-15-38-40.opus", "whatsapp", "2026-04-27 15:38:40", 1.0),
        ("WhatsApp Ptt 2026-04-27 at 15.38.40.ogg", "whatsapp", "2026-04-27 15:38:40", 1.0),
        ("audio_3@27-04-2026_15-38-40.ogg", "telegram", "2026-04-27 15:38:40", 1.0),
        ("signal-2026-04-27-15-38-40-123.m4a", "signal", "2026-04-27 15:38:40", 1.0),
        ("msg_0412345678901234567890.amr", "wechat", "None", 1.0),
        ("12.aud", "wechat", "None", 1.0),
        ("PTT-20269927-WA0001.opus", "whatsapp", "None", 1.0),
    ],
)
def test_names_of_voice_messages(name: str, app: str, wall: str, precision: float) -> None:
    claim = parse_voice_name(name)
    assert claim is not None
    assert (claim.app, str(claim.wall), claim.precision_s) == (app, wall, precision)


@pytest.mark.parametrize(
    "word", ["录音", "新录音 3", "标准录音_1", "Recording", "new recording 12", "语音备忘录", "REC"]
)
def test_words_of_dictaphones(word: str) -> None:
    assert is_dictaphone_word(word)
    assert not is_dictaphone_word(word + "甲")


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_name_breaks_it(name: str, folder: str) -> None:
    assert kind(name, folder)[0] in ("call", "voice", "music", "sound")
