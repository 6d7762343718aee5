"""Property lists that nobody vouches for."""

from __future__ import annotations

import plistlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.iphone import plists
from evidence.formats.iphone.plists import read_plist

BOMB = b"""<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
<plist version="1.0"><dict><key>IsEncrypted</key><string>&b;</string></dict></plist>"""


@pytest.mark.parametrize("form", [plistlib.FMT_BINARY, plistlib.FMT_XML])
def test_both_forms(form: plistlib.PlistFormat) -> None:
    assert read_plist(plistlib.dumps({"IsEncrypted": True}, fmt=form)) == {"IsEncrypted": True}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"bplist00",
        BOMB,
        plistlib.dumps(["no dictionary"]),
        b"<plist>" + b"<array>" * 5000,
        b"bplist00" + bytes(40),
    ],
)
def test_anything_else(data: bytes) -> None:
    assert read_plist(data) is None


def test_too_large_a_list_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plists, "LARGEST", 10)
    assert read_plist(plistlib.dumps({"a": 1})) is None


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    read_plist(data)
    read_plist(b"bplist00" + data)
    read_plist(plistlib.dumps({"a": [1, b"x"]}, fmt=plistlib.FMT_BINARY)[: -len(data) or None] + data)
