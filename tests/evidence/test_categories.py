"""The registry of categories."""

from __future__ import annotations

from evidence.categories import registry

LABELS = 18
CONDUCT = 29
AUXILIARY = {"illegal_debt", "assignment_no_notice", "credit_error"}


def test_eighteen_labels_and_every_conduct_id() -> None:
    found = registry()
    assert len(found.labels) == LABELS
    conduct = {c for category in found.categories.values() for c in category.cn}
    assert len(conduct - AUXILIARY) == CONDUCT
    assert conduct >= AUXILIARY
    assert conduct <= set(found.categories)


def test_each_conduct_id_maps_back() -> None:
    found = registry()
    for category in found.categories.values():
        for conduct in category.cn:
            assert category.id in found.categories_of(conduct)


def test_names_in_both_languages() -> None:
    found = registry()
    for category in found.categories.values():
        assert category.zh
        assert category.en
        assert category.zh != category.en
        assert category.group in {"G1", "G2", "G3", "G4", "G5", "G6"}
        assert set(category.levels) <= {"S1", "S2", "S3", "S4"}
    assert found.name("insult", "zh") == "辱骂贬损人格"
    assert found.name("insult", "en") == "Insult"
    assert found.name("not_there", "en") == "not_there"
    assert found.conduct_of("threat_family") == ("threat_violence",)
    assert found.conduct_of("not_there") == ()
