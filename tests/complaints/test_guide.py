"""The guided mode: a person who only presses keys gets from nothing to a named number, and loses nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from complaints import guide
from complaints.callers import unnamed
from complaints.choices import labels, meant
from complaints.interview import ask
from complaints.recipients import get
from evidence.cli.common import set_case
from evidence.intake import import_paths
from evidence.log import DATABASE, Case, open_case
from evidence.models import Answer, Party, Record
from evidence.timeline import load_parties, rows

Keys = Callable[..., None]


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keys]:
    """Type these lines; an exception is raised instead of typed, and after the last line the input has ended."""

    def script(*lines: str | type[BaseException]) -> None:
        waiting = iter(lines)

        def answer(_prompt: str = "") -> str:
            line = next(waiting, EOFError)
            if isinstance(line, str):
                return line
            raise line

        monkeypatch.setattr("builtins.input", answer)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)

    set_case(None)  # other tests name one
    yield script
    set_case(None)


@pytest.fixture
def phone(tmp_path: Path) -> Path:
    folder = tmp_path / "手机 备份"
    folder.mkdir()
    rows = "".join(
        f'<sms address="12000000011" date="17700000{i}0000" type="1" body="第{i}条：今天还款了吗"/>' for i in range(4)
    )
    (folder / "sms.xml").write_text(f'<smses count="4">{rows}</smses>', encoding="utf-8")
    return folder


def test_from_nothing_to_a_named_number(
    tmp_path: Path, phone: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    case = tmp_path / "my case"
    keys(f"'{case}'", f"'{phone}'", "", "1", "1", "", "星沐消费金融有限公司", "nothing such", "q")
    guide.guide()
    said = capsys.readouterr().out
    assert "4 records" in said
    assert "12000000011 contacted you 4 times" in said
    assert "Type one of the numbers above" in said
    assert f"Your case is in {case}" in said
    with open_case(case, "test") as opened:
        party = load_parties(opened)["12000000011"]
    assert (party.role, party.lender) == ("collector", "星沐消费金融有限公司")


def test_a_folder_with_other_things_is_not_made_a_case(
    tmp_path: Path, phone: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    keys(str(phone), str(tmp_path / "new"), "", "q")
    guide.guide()
    assert "holds something else already" in capsys.readouterr().out
    assert not (phone / DATABASE).exists()
    assert (tmp_path / "new" / DATABASE).is_file()


def test_a_wrong_path_is_asked_again(case: Case, phone: Path, keys: Keys, capsys: pytest.CaptureFixture[str]) -> None:
    folder = case.folder
    case.close()
    set_case(folder)
    keys("/no/such/place", str(phone), "母亲", "q")
    guide.guide()
    assert "There is nothing at /no/such/place" in capsys.readouterr().out
    with open_case(folder, "test") as opened:
        assert {one.holder for one in rows(opened, "record", Record)} == {"母亲"}


def test_stopping_inside_a_step_goes_back_to_the_menu(
    case: Case, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = case.folder
    case.close()
    set_case(folder)
    keys("", "4", "林知夏", KeyboardInterrupt, "q")
    guide.guide()
    said = capsys.readouterr().out
    assert "Stopped here. What you said is kept." in said
    assert said.count("What next?") == 2
    with open_case(folder, "test") as opened:
        assert [one.value for one in rows(opened, "answer", Answer)] == ["林知夏"]


@pytest.mark.skipif(sys.platform == "win32", reason="other terminals quote otherwise")
def test_dragged_paths_are_understood_however_they_are_quoted(tmp_path: Path) -> None:
    spaced = tmp_path / "a b(1)"
    spaced.mkdir()
    plain = str(spaced)
    escaped = plain.replace(" ", "\\ ").replace("(", "\\(").replace(")", "\\)")
    for typed in (plain, f"'{plain}' ", f'"{plain}"', escaped, f"file://{plain.replace(' ', '%20')}", f"& '{plain}'"):
        assert guide._paths(typed) == [spaced], typed
    assert guide._paths("  ") == []
    assert guide._paths(f"'{plain}' {tmp_path}") == [spaced, tmp_path]


def test_numbers_in_findings_are_asked_first(case: Case, tmp_path: Path) -> None:
    told = [("12000000022", 1, "您的快递到了")] * 9 + [("12000000033", 1, "再不还钱就打断你的腿")] * 2
    told += [("12000000044", 1, "在吗")] * 2 + [("12000000055", 2, "你好")] * 5 + [("12000000066", 1, "在家吗")] * 5
    messages = [
        f'<sms address="{number}" date="{1770000000000 + i * 60000}" type="{kind}" body="{text}"/>'
        for i, (number, kind, text) in enumerate(told)
    ]
    (tmp_path / "sms.xml").write_text(f'<smses count="{len(told)}">{"".join(messages)}</smses>', encoding="utf-8")
    import_paths(case, [tmp_path / "sms.xml"])
    case.append("party", "party", [Party("12000000066", "妈妈", "relative", at=case.now())])
    found = unnamed(case)
    assert [one.number for one in found] == ["12000000033", "12000000022"]
    assert found[0].findings > 0
    assert "腿" in found[0].words
    assert found[1].contacts == 9


def test_choices_are_numbered_and_a_number_is_an_answer(
    case: Case, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    recipient = get("cn", "nfra_complaint")
    kinds = next(field for field in recipient.fields if field.id == "respondent.type")
    names = labels(kinds, [recipient])
    assert list(names) == list(kinds.choices)
    assert "_" not in "".join(names.values()), "a code is shown instead of a name"
    assert meant(kinds, "2", names) == kinds.choices[1]
    assert meant(kinds, "99", names) == "99"
    wanted = next(field for field in recipient.fields if field.format == "enum_list")
    assert meant(wanted, "1 3，2", labels(wanted, [recipient])) == ",".join(
        (wanted.choices[0], wanted.choices[2], wanted.choices[1])
    )
    required = [field.id for field in recipient.fields if field.requirement == "required"]
    before = ["" for _ in required[: required.index("respondent.type")]]
    keys(*before, "999", "2")
    assert [answer.value for answer in ask(case, ("nfra_complaint",))] == ["consumer_finance"]
    assert "2  consumer finance company" in capsys.readouterr().out
