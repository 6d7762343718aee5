"""Every importer has a guide in both languages, and no guide is without an importer."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence import guides
from evidence.guides import GROUPS, LANGUAGES, all_guides, group_title, titles
from evidence.importers.base import all_importers


def test_every_importer_has_a_guide_and_every_guide_an_importer() -> None:
    assert {guide.name for guide in all_guides()} == {importer.name for importer in all_importers()}
    assert titles().keys() == {importer.name for importer in all_importers()}


def test_every_guide_says_how_to_get_the_file_in_both_languages() -> None:
    for guide in all_guides():
        for tongue in LANGUAGES:
            body = guide.body(tongue)
            assert all(body[name] for name in ("title", "files", "gives", "steps")), (guide.name, tongue)
        assert any("\u4e00" <= c <= "\u9fff" for c in guide.gives["zh"]), guide.name


def test_every_group_has_a_title() -> None:
    assert all(group_title(group) for group in GROUPS)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "group: mail",
        "{group: nowhere, title: {en: a, zh: b}, files: {en: a, zh: b}, gives: {en: a, zh: b}, "
        "steps: {en: [], zh: []}, checked: real}",
        "{group: mail, title: {en: a}, files: {en: a, zh: b}, gives: {en: a, zh: b}, steps: {en: [], zh: []}, "
        "checked: real}",
        "{group: mail, title: {en: a, zh: b}, files: {en: a, zh: b}, gives: {en: a, zh: b}, steps: {en: [x], zh: []}, "
        "checked: real}",
    ],
)
def test_a_guide_of_another_form_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.yaml"):
        guides._load(path)
