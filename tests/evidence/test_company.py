"""What a file finds beside it: only what came in with it, by its relative path."""

from pathlib import Path

from evidence.company import Company

A, B = "a" * 64, "b" * 64


def company(tmp_path: Path) -> Company:
    files = [(str(tmp_path / "phone" / "chat.txt"), A, 3), (str(tmp_path / "phone" / "media" / "p.jpg"), B, 5)]
    return Company.of(tmp_path / "originals", files)


def test_siblings_are_those_of_the_folder(tmp_path: Path) -> None:
    made = company(tmp_path)
    assert made.siblings(str(tmp_path / "phone" / "chat.txt")) == {"chat.txt": A}
    assert made.siblings(str(tmp_path / "elsewhere" / "x")) == {}


def test_find_goes_down_and_up_and_never_outside(tmp_path: Path) -> None:
    made = company(tmp_path)
    down = made.finder(str(tmp_path / "phone" / "chat.txt"))("media/p.jpg")
    assert down is not None
    assert (down.name, down.size, down.sha256) == ("p.jpg", 5, B)
    assert down.path.is_relative_to(tmp_path / "originals")
    up = made.finder(str(tmp_path / "phone" / "media" / "p.jpg"))
    assert up("../chat.txt") is not None
    (tmp_path / "secret").write_text("not imported", encoding="utf-8")
    assert up("../../secret") is None
    assert up("/etc/passwd") is None
    assert up("a\0b") is None
