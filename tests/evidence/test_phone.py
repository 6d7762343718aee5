import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.phone import is_masked, normalise


@given(st.text(max_size=40))
def test_the_normal_form_is_stable(raw: str) -> None:
    once = normalise(raw)
    assert once is None or normalise(once) in (once, normalise(normalise(once)))


@given(st.from_regex(r"12\d{9}", fullmatch=True, alphabet="0123456789"))
def test_every_spelling_of_a_mobile_number_is_one_number(number: str) -> None:
    spelt = [
        f"+86{number}", f"+86 {number[:3]}-{number[3:7]}-{number[7:]}", f"0086{number}", f"86{number}",
        f"\u202a{number}\u202c", f"12593{number}", f"17951{number}",
        "".join(chr(ord(c) + 0xFEE0) for c in number), f" {number[:3]}\u00a0{number[3:]} ",
    ]  # fmt: skip
    assert {normalise(words) for words in spelt} == {number}


@pytest.mark.parametrize("raw", [None, "", "-1", "-2", "null", "Unknown", "PRIVATE", "  "])
def test_a_withheld_number_is_none(raw: str | None) -> None:
    assert normalise(raw) is None


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("10690000000001", "10690000000001"),
        ("95000", "95000"),
        ("0551-12345678", "055112345678"),
        ("(0551) 12345678", "055112345678"),
        ("120****0001", "120****0001"),
        ("某某金融", "某某金融"),
        ("ABC Bank", "ABC Bank"),
        ("+8695000", "95000"),
        ("+85212345678", "+85212345678"),
        ("0086 663 0000007", "06630000007"),
        ("+86 755 12345678", "075512345678"),
        ("+864001234567", "4001234567"),
        ("+86 10 61234567", "1061234567"),
        ("8612", "8612"),
    ],
)
def test_known_forms(raw: str, normal: str) -> None:
    assert normalise(raw) == normal


def test_masked_numbers_identify_nobody() -> None:
    assert is_masked("120****0001")
    assert not is_masked("12000000001")
    assert not is_masked(None)
