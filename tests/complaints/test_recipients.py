"""Recipient files: what ships is complete and citable, and every mistake in a file is named at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from complaints.recipients import all_recipients, get, load_folder
from complaints.rendering import template_root
from complaints.wording import load
from evidence.categories import registry
from evidence.errors import NotFound, PackInvalid

SHIPPED = Path(__file__).parents[2] / "complaints" / "recipients" / "cn"


def test_shipped_recipients_and_their_codes() -> None:
    codes = {r.id: r.code for r in all_recipients("cn").values()}
    assert codes == {"consumer_association": "CH_CCA", "lender": "CH_INST", "nfra_complaint": "CH_NFRA_C"}


@pytest.mark.parametrize("name", ["consumer_association", "lender", "nfra_complaint"])
def test_everything_a_recipient_names_exists(name: str) -> None:
    recipient, wording = get("cn", name), load("cn")
    assert (template_root() / recipient.template).is_file()
    cited = [*recipient.authorities, *(a for r in recipient.requests for a in r.authorities)]
    for authority in (*cited, *(d.authority for d in recipient.deadlines)):
        assert authority.clause in wording.norms[authority.norm].clauses or not authority.clause
    categories = {c for r in recipient.requests for c in r.categories}
    assert categories <= set(registry().categories)
    assert {c for c in registry().categories if c in categories} <= set(wording.groups["categories"])


def test_the_regulator_takes_banks_and_sends_others_away() -> None:
    nfra = get("cn", "nfra_complaint")
    assert set(nfra.lender_types) == {"bank", "consumer_finance", "auto_finance", "trust"}
    away = {t.lender_type: t.instead.zh for t in nfra.turned_away}
    assert "地方金融管理局" in away["microloan"]
    assert {"microloan", "facilitation_platform", "third_party_collector"} <= set(away)
    assert "第四十五条" in load("cn").norms["pipl"].clauses["45"].cite


def test_unknown_recipient_names_those_that_exist() -> None:
    with pytest.raises(NotFound, match="consumer_association, lender, nfra_complaint"):
        get("cn", "court")
    with pytest.raises(PackInvalid, match="no recipients"):
        all_recipients("xx")


def test_all_mistakes_of_a_file_are_named(tmp_path: Path) -> None:
    broken = yaml.safe_load((SHIPPED / "nfra_complaint.yaml").read_text("utf-8"))
    broken["kind"] = "minister"
    broken["colour"] = "red"
    del broken["fee"]["en"]
    broken["lender_types"].append("microloan")
    broken["fields"][0]["format"] = "poem"
    broken["requests"][0]["authorities"][0]["mark"] = "U"
    broken["requests"].append(dict(broken["requests"][0]))
    broken["escalates_to"] = ["ministry"]
    (tmp_path / "nfra_complaint.yaml").write_text(yaml.safe_dump(broken, allow_unicode=True), "utf-8")
    (tmp_path / "torn.yaml").write_text("{", "utf-8")
    with pytest.raises(PackInvalid) as caught:
        load_folder(tmp_path, "cn")
    text = str(caught.value)
    for part in ("minister", "unknown key “colour”", "fee: “en” is missing", "microloan is both", "poem", "torn.yaml"):
        assert part in text
    for part in ("must be verified", "names forward_and_answer twice", "no recipient “ministry”"):
        assert part in text


def test_the_file_name_is_the_id(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text((SHIPPED / "lender.yaml").read_text("utf-8"), "utf-8")
    with pytest.raises(PackInvalid, match="the id must be the name"):
        load_folder(tmp_path, "cn")
