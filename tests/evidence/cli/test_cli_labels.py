"""What a person reads instead of stored codes."""

from __future__ import annotations

from typing import get_args

import pytest

from evidence import i18n
from evidence.cli.labels import word
from evidence.cli.looks import display_width
from evidence.importers import base
from evidence.models import Kind, Outcome
from evidence.parties import RELATIONS, ROLES

CODES = sorted({*get_args(Kind), *get_args(Outcome), *ROLES, *RELATIONS, "pending", "confirmed", "dismissed"})


@pytest.mark.parametrize("code", [*CODES, *(importer.name for importer in base.all_importers())])
def test_every_code_has_a_chinese_word(code: str) -> None:
    if not (i18n.LOCALE_DIR / "zh" / "LC_MESSAGES" / "dunlog.mo").is_file():
        pytest.skip("the catalogue is not compiled")
    with i18n.using("zh"):
        assert word(code) != code
        assert not word(code).isascii()


def test_nothing_and_unknown_codes_stay_as_they_are() -> None:
    assert word(None) == ""
    assert word("carrier_pigeon") == "carrier_pigeon"


def test_wide_characters_take_two_columns() -> None:
    assert [display_width(text) for text in ("", "sms", "短信", "短信a", "（")] == [0, 3, 4, 5, 2]
