"""The Chinese catalogue: complete, in step with the code, and Chinese as it is printed."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

ROOT = Path(__file__).parent.parent
HAN = "[\u3400-\u9fff]"
SAME_IN_BOTH: frozenset[str] = frozenset()
"""Messages that Chinese rightly leaves as they are."""


@cache
def tool() -> ModuleType:
    """docs/catalogue.py, which is no part of a package."""
    spec = importlib.util.spec_from_file_location("catalogue_tool", ROOT / "docs" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def shipped() -> Catalog:
    return tool().read(tool().TARGET)


def entries(catalogue: Catalog) -> Iterator[tuple[tuple[str, ...], str]]:
    """(the English forms, the Chinese text) of each message."""
    for message in catalogue:
        if message.id:
            forms = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            yield forms, tool().translation(catalogue, message.id)


def fields(pattern: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(pattern) if name is not None}


def test_every_message_of_the_code_has_a_translation() -> None:
    assert len(list(entries(shipped()))) > 300
    assert tool().untranslated(tool().fresh([shipped()])) == []


def test_catalogue_is_what_the_tool_would_write() -> None:
    assert not tool().is_stale(), "run python docs/catalogue.py"


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = [forms for forms, words in entries(shipped()) if any(fields(form) != fields(words) for form in forms)]
    assert wrong == []


def test_nothing_is_left_in_english() -> None:
    same = {forms[0] for forms, words in entries(shipped()) if words in forms}
    assert same == SAME_IN_BOTH
    assert [words for _forms, words in entries(shipped()) if not re.search(f"{HAN}|[，。；、：《》]", words)] == []


def test_chinese_has_full_width_punctuation() -> None:
    half = re.compile(rf"{HAN}(?:[,.;?!]|: )|[,;?!]\s*{HAN}|{HAN}\(|\({HAN}|{HAN}\)")
    assert [words for _forms, words in entries(shipped()) if half.search(words)] == []


def test_commands_and_options_are_kept() -> None:
    """What a person has to type stands in the translation as it stands in the English text."""
    commands = "check doctor findings head import interview new party read review transcript verify"
    typed = re.compile(rf"dunlog (?:{commands.replace(' ', '|')})(?: set)?\b|--[a-z]+|respondent\.type")
    for forms, words in entries(shipped()):
        assert set(typed.findall(forms[0])) <= set(typed.findall(words)), forms[0]


def test_nothing_is_promised() -> None:
    promise = re.compile("(?:保证|一定|肯定)(?:能|会)?(?:胜诉|受理|采信|成功)|百分之百")
    assert [words for _forms, words in entries(shipped()) if promise.search(words)] == []


def test_compiled_catalogue_says_the_same() -> None:
    compiled = tool().TARGET.with_suffix(".mo")
    if not compiled.is_file():
        pytest.skip("not compiled: run python -c 'import hatch_build as h; h.compile_catalogues(h.Path())'")
    with compiled.open("rb") as stream:
        binary = read_mo(stream)
    assert dict(entries(binary)) == dict(entries(shipped())), (
        "the compiled catalogue is old: run python -c 'import hatch_build as h; h.compile_catalogues(h.Path())'"
    )


def test_a_later_file_counts_before_an_earlier_one_and_plurals_are_merged() -> None:
    """What other hands translate enters, whether they wrote one form or two."""
    many = next(ident for ident in tool().messages_of_code() if not isinstance(ident, str))
    empty, single, double = (Catalog(locale="zh_CN") for _ in range(3))
    empty.add(many, ("",))
    single.add(many[0], "甲")
    double.add(many, ("乙",))
    assert tool().translation(tool().fresh([empty, single, double]), many) == "甲"
    assert tool().translation(tool().fresh([double, single]), many) == "乙"
    assert many in tool().untranslated(tool().fresh([empty]))
