"""Who stands behind a number, only as far as somebody said so."""

from __future__ import annotations

from evidence.models import Party
from evidence.parties import UNKNOWN, Directory


def directory(*parties: Party) -> Directory:
    return Directory({party.key: party for party in parties})


def test_numbers_of_one_lender_count_together_whatever_the_spelling() -> None:
    found = directory(
        Party("name:甲消费金融", "甲消费金融", "lender", lender_type="consumer_finance"),
        Party("12000000011", role="collector", lender="甲消费金融"),
        Party("12000000012", role="collector", lender="甲 消费金融 "),
        Party("95000000", "甲消费金融", "lender"),
    )
    assert {found.find(n).creditor for n in ("12000000011", "12000000012", "95000000")} == {"甲消费金融"}
    assert found.find("12000000012").lender_type == "consumer_finance"


def test_nothing_is_guessed() -> None:
    found = directory(Party("12000000011", role="collector"), Party("12000000012", relation="friend"))
    assert found.find("12000000099") == UNKNOWN
    assert found.find(None) == UNKNOWN
    assert (found.find("12000000011").role, found.find("12000000011").creditor) == ("collector", None)
    assert found.find("12000000012").role is None


def test_contradicting_collectors_leave_the_lender_type_open() -> None:
    found = directory(
        Party("12000000011", role="collector", lender="甲", lender_type="bank"),
        Party("12000000012", role="collector", lender="甲", lender_type="microloan"),
        Party("12000000013", role="collector", lender="乙", lender_type="third_party_collector"),
    )
    assert found.find("12000000011").lender_type is None
    assert found.find("12000000013").lender_type is None


def test_a_platform_is_not_the_lender() -> None:
    found = directory(
        Party("name:某平台", "某平台", "platform", lender_type="facilitation_platform"),
        Party("12000000011", role="collector", lender="某平台"),
    )
    assert (found.find("12000000011").creditor, found.find("12000000011").lender_type) == ("某平台", None)


def test_relations_by_role_or_statement() -> None:
    found = directory(Party("name:母亲", "母亲", "relative", relation="parent"), Party("12000000044", "老王", "friend"))
    assert found.relation_of("self") == "debtor"
    assert found.relation_of("母亲") == "parent"
    assert found.relation_of("老王") == "friend"
    assert found.relation_of("谁") is None
