"""Base64 taken out of XML before it is parsed: the same records as without, however the file is cut into blocks."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from evidence.formats.xml import xmlpayload
from evidence.formats.xml.xmlpayload import Payloads
from evidence.formats.xml.xmlrecords import Damage, Node, XmlRecords

LONG = base64.b64encode(bytes(range(256)) * 12)
PARTS = (
    b'<part ct="image/jpeg" data="%s"/>' % LONG,
    b"<part data='%s' cl=\"a\">x</part>" % LONG,
    b'<part text=\'he said data="AAAA"\' data = "%s"/>' % LONG,
    b'<part text="a > b &amp; c"\n\tdata="%s"/>' % LONG,
    b'<part data2="%s" data="null"/>' % LONG,
    b'<part data="%s!"/>' % LONG,
    b'<part data="%s"/>' % LONG[:-1],
    b'<part data="%s"/>' % LONG[:40],
    b'<part data="%s"/>' % LONG.replace(b"A", b"&#65;"),
    b"<part/><parts data='%s'/>" % LONG,
    b'<!-- <part data="%s"/> -->' % LONG,
    b'<part text="%s" data="%s"/>' % (b"x" * 70_000, LONG),
)
pieces = st.lists(st.sampled_from(PARTS), max_size=5)


def told(node: Node) -> tuple[object, ...]:
    """A node with its payload as the text it came from."""
    attributes = dict(node.attributes)
    if node.payload is not None:
        attributes["data"] = base64.b64encode(node.payload).decode()
    return node.tag, attributes, [told(child) for child in node.children]


def read(path: Path, data: bytes, payload: tuple[str, str] | None, limit: int = 10**9) -> list[object]:
    path.write_bytes(data)
    items = XmlRecords(path, ("smses",), ("mms",), limit, payload)
    return [_without_column(item) if isinstance(item, Damage) else told(item) for item in items]


def _without_column(damage: Damage) -> Damage:
    """The parser counts columns in what it was given, which is shorter without payloads."""
    return replace(damage, reason=damage.reason.split(", line ")[0])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(pieces, max_size=3), st.integers(1, 5000), st.integers(0, 60))
@example([[PARTS[0]], [], []], 1, 44)
def test_records_are_the_same_as_without(tmp_path: Path, messages: list[list[bytes]], block: int, cut: int) -> None:
    body = b"".join(b'<mms date="%d">%s</mms>' % (i, b"".join(parts)) for i, parts in enumerate(messages))
    data = b"<smses>" + body + b"</smses>"
    data = data[: max(len(data) - cut, len(b"<smses>"))] if cut > len(b"</smses>") else data
    plain = read(tmp_path / "f.xml", data, None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("evidence.formats.xml.xmlrecords.BLOCK", block)
        assert read(tmp_path / "f.xml", data, ("part", "data")) == plain


def test_a_long_value_is_decoded_before_the_parser(tmp_path: Path) -> None:
    path = tmp_path / "f.xml"
    path.write_bytes(b"<smses><mms>" + PARTS[0] + b"</mms></smses>")
    (node,) = XmlRecords(path, ("smses",), ("mms",), payload=("part", "data"))
    assert isinstance(node, Node)
    assert (node.children[0].payload, node.children[0].attributes) == (bytes(range(256)) * 12, {"ct": "image/jpeg"})


def test_a_mark_is_taken_once_and_no_other_word_is_one() -> None:
    stream = Payloads(io.BytesIO(PARTS[0]), "part", "data")
    text = stream.read() + stream.read()
    mark = text.split(b'data="')[1].split(b'"')[0].decode()
    assert (len(text) < 100, stream.removed) == (True, len(LONG))
    assert stream.take({"data": mark[:-1]}) is None
    attributes = {"data": mark}
    assert stream.take(attributes) == bytes(range(256)) * 12
    assert attributes == {}
    assert stream.take({"data": mark}) is None


def test_what_nobody_takes_does_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmlpayload, "_WAITING", 10_000)
    stream = Payloads(io.BytesIO(PARTS[0] * 50), "part", "data")
    while stream.read(1000):
        pass
    assert stream.removed <= 5 * len(LONG)


def test_a_value_longer_than_allowed_is_left_to_the_parser(tmp_path: Path) -> None:
    stream = Payloads(io.BytesIO(PARTS[0]), "part", "data", most=2000)
    assert b"".join(iter(lambda: stream.read(512), b"")) == PARTS[0]


def test_parts_count_for_the_size_of_their_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.formats.xml.xmlrecords.BLOCK", 10_000)
    data = b"<smses><mms>" + PARTS[0] * 200 + b"</mms><mms/></smses>"
    too_large, last = read(tmp_path / "f.xml", data, ("part", "data"), limit=400_000)
    assert isinstance(too_large, Damage)
    assert (too_large.what, last) == ("too_large", ("mms", {}, []))
