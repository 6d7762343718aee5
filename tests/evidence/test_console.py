import io
import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import console

anything = st.text(st.characters(), max_size=60)


@given(anything)
def test_nothing_that_moves_hides_or_reverses_gets_through(text: str) -> None:
    shown = console.safe(text)
    assert not [c for c in shown if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]
    shown.encode("utf-8")


@given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Po", "Zs", "So"], max_codepoint=0xFFFF), max_size=60))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert console.safe(text) == text


@given(anything, st.integers(2, 80))
def test_one_line_is_one_line_of_that_width(text: str, width: int) -> None:
    line = console.one_line(text, width)
    assert len(line) <= width
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x07", "[U+001B][2J[U+0007]"),
        ("a\u202egnp.exe", "a[U+202E]gnp.exe"),
        ("\x9b31m", "[U+009B]31m"),
        ("\r还清", "[U+000D]还清"),
        ("\udcff", "[U+DCFF]"),
        ("\u2028", "[U+2028]"),
        ("\ufffe", "[U+FFFE]"),
        ("加\u200b微\ufeff信", "加微信"),
        ("❤️👍🏽", "❤️👍🏽"),
    ],
)
def test_hostile_text_is_shown_as_codes(text: str, shown: str) -> None:
    assert console.safe(text) == shown


def test_json_is_one_value_that_utf8_can_hold(capsys: pytest.CaptureFixture[str]) -> None:
    console.emit_json({"a": "赟😡\udcff\x1b"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"a": "赟😡\ufffd\x1b"}
    out.encode("utf-8")


def test_json_that_cannot_be_made_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TypeError):
        console.emit_json([1, object()])
    assert capsys.readouterr().out == ""


def test_lines_hold_one_value_each(capsys: pytest.CaptureFixture[str]) -> None:
    console.emit_nl([{"a": "x\ny"}, 2])
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [{"a": "x\ny"}, 2]


def test_no_bar_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(console.progress(iter([1, 2]), 2, "x")) == [1, 2]
    meter = console.Meter("x")
    meter("file", 3)
    meter.close()
    assert capsys.readouterr().err == ""


def test_a_bar_on_a_terminal_shows_safe_words(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    meter = console.Meter("Importing")
    for _ in range(50):
        meter("\u202ehostile\x1b[2J", 1 << 20)
    meter.close()
    assert "Importing" in terminal.getvalue()
    assert "\u202e" not in terminal.getvalue()
    assert list(console.progress([1], 1, "x")) == [1]
