"""Loading and refusing rule packs; the golden cases that the packs carry."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import evidence.rules as rules
from evidence import i18n
from evidence.categories import registry
from evidence.errors import PackInvalid
from evidence.rules.fixtures import run
from evidence.rules.loader import FILES
from evidence.rules.model import Fixture, Rule

SHIPPED = Path(rules.__file__).parent
CASES = [
    pytest.param(country, rule, fixture, id=f"{rule.id}-{fixture.name}")
    for country in rules.countries()
    for rule in rules.load_pack(country).rules
    for fixture in rule.fixtures
]


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED / "cn", tmp_path / "cn")
    return tmp_path / "cn"


def change(folder: Path, name: str, edit: Callable[[str], str]) -> str:
    """Edit a file of a copied pack, load it, and return the error text."""
    path = folder / name
    before = path.read_text("utf-8")
    after = edit(before)
    assert after != before, "the edit changed nothing"
    path.write_text(after, "utf-8")
    with pytest.raises(PackInvalid) as caught:
        rules.load_pack_from(folder)
    return str(caught.value)


@pytest.mark.parametrize(("country", "rule", "fixture"), CASES)
def test_golden_cases(country: str, rule: Rule, fixture: Fixture) -> None:
    outcome = run(rule, fixture, rules.load_pack(country))
    assert outcome.result == fixture.expect
    if fixture.counted is not None:
        assert outcome.counted == fixture.counted


def test_every_rule_has_a_case_on_each_side() -> None:
    for country in rules.countries():
        for rule in rules.load_pack(country).rules:
            assert {f.expect == "met" for f in rule.fixtures} == {True, False}, rule.id


def test_hash_can_be_checked_with_sha256sum() -> None:
    lines = [f"{hashlib.sha256((SHIPPED / 'cn' / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(FILES)]
    assert rules.load_pack("cn").hash == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_unknown_country_names_the_known_ones() -> None:
    with pytest.raises(PackInvalid, match="cn"):
        rules.load_pack("atlantis")


def test_recommendations_never_say_violation() -> None:
    pack = rules.load_pack("cn")
    soft = {norm.id for norm in pack.norms.values() if norm.force == "soft"}
    assert soft == {"gbt45251", "cba2026"}
    assert {rule.effect for rule in pack.rules if rule.norm in soft} == {"indicator"}


def test_every_label_has_a_clause_and_names_in_both_languages() -> None:
    pack = rules.load_pack("cn")
    assert set(registry().labels) <= set(pack.conduct)
    for conduct in pack.conduct.values():
        assert conduct.entries
        assert set(conduct.explain) >= {"zh", "en"}


def test_stale_banner_only_after_the_review_date() -> None:
    pack = rules.load_pack("cn")
    assert rules.stale_banner(pack, pack.review_by) is None
    banner = rules.stale_banner(pack, date(pack.review_by.year + 1, 1, 1))
    assert banner is not None
    assert pack.review_by.isoformat() in banner


def test_all_faults_come_at_once_with_file_and_place(copy: Path) -> None:
    rule_file = copy / "rules.yaml"
    rule_file.write_text(rule_file.read_text("utf-8").replace("limit: 3", "limit: three"), "utf-8")
    text = change(copy, "norms.yaml", lambda s: s.replace("force: soft", "force: gentle"))
    assert "norms.yaml.norms[gbt45251].force: unknown word 'gentle'" in text
    assert "rules.yaml.rules[cn.frequency.connected].limit: must be a whole number" in text


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("rules.yaml", 'from: "08:00"', "from: 22:00", "must be a string in quotes, not 1320"),
        ("rules.yaml", 'to: "22:00"', 'to: "25:00"', "must be a time of day"),
        ("rules.yaml", 'to: "22:00"', 'to: "06:00"', "split a span over midnight"),
        ("rules.yaml", "op: forbid", "op: regex", "unknown word 'regex'"),
        ("rules.yaml", "op: forbid", "op: forbid\n    python: 1", "python: unknown key"),
        ("rules.yaml", "norm: psa", "norm: nothere", "'nothere' is not in norms.yaml"),
        ("rules.yaml", "effect: indicator", "effect: violation", "only recommends"),
        ("rules.yaml", "{n}次", "{n.__class__}次", "unknown placeholder {n.__class__}"),
        ("rules.yaml", "source: gbt45251_press", "source: hearsay", "needs a source"),
        ("rules.yaml", "fact: consent_time", "fact: consnt_time", "unknown word 'consnt_time'"),
        ("rules.yaml", "id: cn.hours.messages", "id: cn.hours.calls", "twice"),
        (
            "rules.yaml",
            '      en: "On {day} {creditor} had {n}',
            '      fr: "On {day} {creditor} had {n}',
            "has no text in en",
        ),
        (
            "norms.yaml",
            "status: in_force, source: gbt45251_press",
            "status: draft, source: gbt45251_press",
            "has no version in force",
        ),
        ("norms.yaml", "source: laws", "source: memory", "'memory' is not in pack.yaml"),
        ("conduct.yaml", "category: obscenity", "category: rudeness", "says nothing about obscenity"),
        ("pack.yaml", "review_by: 2027-05-20", "review_by: 2029-05-20", "within 12 months"),
        ("pack.yaml", "default: Asia/Shanghai", "default: Asia/Atlantis", "is not a time zone"),
        ("pack.yaml", "schema: 1", "schema: 99", "update it"),
        ("pack.yaml", "currency: CNY", "currency: CNY\ncurrency: USD", "twice"),
        ("pack.yaml", "currency: CNY", "currency: &a CNY\nmaintainer: *a", "aliases are not allowed"),
        (
            "pack.yaml",
            "currency: CNY",
            "currency: !!python/object/apply:os.getcwd []",
            "could not determine a constructor",
        ),
        ("pack.yaml", "currency: CNY", "currency: [CNY", "expected"),
        ("pack.yaml", "currency: CNY", 'currency: !!int ""', "pack.yaml: "),
        ("pack.yaml", "currency: CNY", "currency: !!timestamp x", "pack.yaml: "),
        ("pack.yaml", "currency: CNY", "currency: !!bool maybe", "pack.yaml: "),
        ("pack.yaml", "reviewed_on:", "reviewed_by:", "reviewed_on: is missing"),
        ("recording.yaml", "make: allowed", "make: perhaps", "unknown word 'perhaps'"),
    ],
)
def test_refused(copy: Path, name: str, old: str, new: str, expected: str) -> None:
    assert expected in change(copy, name, lambda s: s.replace(old, new, 1))


def test_a_missing_file_and_code_in_a_pack_are_refused(copy: Path) -> None:
    (copy / "recording.yaml").unlink()
    (copy / "helper.py").write_text("print('no')", "utf-8")
    with pytest.raises(PackInvalid, match=r"recording\.yaml: is missing\nhelper\.py: unknown file"):
        rules.load_pack_from(copy)


def test_an_empty_file_and_no_folder_are_refused_by_name(copy: Path, tmp_path: Path) -> None:
    (copy / "conduct.yaml").write_text("# nothing\n", "utf-8")
    with pytest.raises(PackInvalid, match=r"conduct\.yaml: is empty"):
        rules.load_pack_from(copy)
    with pytest.raises(PackInvalid, match=r"pack\.yaml: is missing"):
        rules.load_pack_from(tmp_path / "nowhere")


def test_a_rule_without_two_sided_fixtures_is_refused(copy: Path) -> None:
    text = change(copy, "rules.yaml", lambda s: s.replace("expect: not_met", "expect: met"))
    assert "needs one case just inside and one just outside" in text


def test_contradicting_rules_need_overrides(copy: Path) -> None:
    def twice(text: str) -> str:
        start = text.index("  - id: cn.frequency.connected")
        block = text[start : text.index("  - id: cn.frequency.unanswered")]
        other = block.replace("cn.frequency.connected", "cn.frequency.other").replace("limit: 3", "limit: 5")
        return text.replace("collector_duty:", other + "collector_duty:")

    assert "contradicts cn.frequency.connected" in change(copy, "rules.yaml", twice)
