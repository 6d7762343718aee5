"""The XML inside WeChat messages, read without entities and network: what of it is evidence (formats.md 3.3).

Only words that stand in the XML come out, never composed ones. The XML itself stays in the record as found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element

XML_LIMIT = 4 << 20  # characters of one message
_DECLARATIONS = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PROLOGUE = re.compile(r"\s*<\?xml[^>]*\?>\s*")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PAY_STATES = {
    "1": "sent",
    "3": "received",
    "4": "returned",
    "5": "received",
    "7": "sent",
}


@dataclass(frozen=True, slots=True)
class Payload:
    """What the XML of one message says.

    ``text`` is what a reader of the chat sees of it; ``subtype`` the SubType of an app message; ``facts`` are the
    further fields by name (amount, remark, quote, …); ``duration_s`` of a voice message or video.
    """

    text: str | None = None
    subtype: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    duration_s: float | None = None


def looks_like_xml(content: str) -> bool:
    """Whether a message's content is XML and not words."""
    start = content.lstrip()[:20].lower()
    return start.startswith(("<?xml", "<msg", "<voip", "<sysmsg", "<appmsg", "<voice", "<location", "<!doctype"))


def plain_words(content: str) -> str:
    """The words of a system message that carries link tags. Its text is cut, never rendered."""
    return _TAGS.sub("", _CDATA.sub("", content)).strip()


def read_payload(content: str) -> Payload | None:
    """What the XML says, or None when it cannot be read (damaged, too large, or with a document type)."""
    root = _parse(content)
    if root is None:
        return None
    for tag, reader in _READERS:
        found = root if root.tag == tag else root.find(f".//{tag}")
        if found is not None:
            return reader(found)
    return Payload()


def _parse(content: str) -> _Element | None:
    from lxml import etree

    if len(content) > XML_LIMIT or _DECLARATIONS.search(content):
        return None
    text = _CONTROLS.sub("", _PROLOGUE.sub("", content, count=1))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _words(element: _Element, *names: str) -> list[str]:
    """The texts of direct children, without empty ones and repetitions."""
    texts = ((element.findtext(name) or "").strip() for name in names)
    return list(dict.fromkeys(text for text in texts if text))


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _app(app: _Element) -> Payload:
    facts: dict[str, Any] = {}
    for key, path in (
        ("url", "url"),
        ("app_name", "appname"),
        ("source_name", "sourcedisplayname"),
        ("file_size", "appattach/totallen"),
        ("file_type", "appattach/fileext"),
    ):
        value = (app.findtext(path) or "").strip()
        if value and value != "0":
            facts[key] = value
    memo: list[str] = []
    pay = app.find("wcpayinfo")
    if pay is not None:
        memo = _payment(pay, facts)
    quoted = app.find("refermsg")
    if quoted is not None:
        facts["quote"] = _quote(quoted)
    kind = (app.findtext("type") or "").strip()
    words = _words(app, "title") if quoted is not None else _words(app, "title", "des")
    text = "\n".join(dict.fromkeys([*words, *memo])) or None
    return Payload(text, int(kind) if kind.isdecimal() and len(kind) < 10 else None, facts)


def _payment(pay: _Element, facts: dict[str, Any]) -> list[str]:
    """Amount, remark and state of a transfer or red packet; returns the words that the payer wrote."""
    for key, names in (
        ("amount", ("feedesc",)),
        ("remark", ("pay_memo",)),
        ("pay_subtype", ("paysubtype",)),
        ("receiver", ("receiver_username",)),
        ("payer", ("payer_username",)),
        ("transfer_id", ("transferid", "transcationid")),
        ("begin_transfer_time", ("begintransfertime",)),
    ):
        found = _words(pay, *names)
        if found:
            facts[key] = found[0]
    state = _PAY_STATES.get(str(facts.get("pay_subtype")))
    if state is not None:
        facts["transfer_state"] = state
    wishes = _words(pay, "receivertitle", "sendertitle")
    return [str(facts["remark"])] if "remark" in facts else wishes[:1]


def _quote(quoted: _Element) -> dict[str, str]:
    """The message that was answered: another person's words, so never part of the text."""
    out = {}
    for key, name in (
        ("name", "displayname"),
        ("account", "fromusr"),
        ("member", "chatusr"),
        ("message_id", "svrid"),
        ("type", "type"),
        ("time", "createtime"),
        ("text", "content"),
    ):
        value = quoted.findtext(name)
        if value:
            out[key] = value
    return out


def _voice(voice: _Element) -> Payload:
    length = _number(voice.get("voicelength"))
    words = (voice.get("voicetext") or "").strip()
    return Payload(words or None, None, {}, None if length is None else length / 1000)


def _video(video: _Element) -> Payload:
    facts = {key: value for key in ("length", "md5") if (value := video.get(key))}
    return Payload(None, None, facts, _number(video.get("playlength")))


def _voip(call: _Element) -> Payload:
    room = {"0": "video", "1": "voice"}.get((call.findtext("room_type") or "").strip())
    return Payload((call.findtext("msg") or "").strip() or None, None, {} if room is None else {"call_type": room})


def _location(place: _Element) -> Payload:
    facts = {key: value for key in ("x", "y", "label", "poiname") if (value := place.get(key))}
    return Payload("\n".join(facts[key] for key in ("poiname", "label") if key in facts) or None, None, facts)


def _revoke(message: _Element) -> Payload:
    words = plain_words(message.findtext("replacemsg") or message.findtext("content") or "")
    identity = (message.findtext("newmsgid") or message.findtext("msgid") or "").strip()
    return Payload(words or None, None, {"recalled_message_id": identity} if identity else {})


def _image(image: _Element) -> Payload:
    return Payload(None, None, {key: value for key in ("md5", "length") if (value := image.get(key))})


def _sticker(sticker: _Element) -> Payload:
    return Payload(None, None, {key: value for key in ("md5", "cdnurl") if (value := sticker.get(key))})


def _template(message: _Element) -> Payload:
    words = plain_words(message.findtext(".//template") or message.findtext(".//plain") or "")
    return Payload(words or None)


def _message(message: _Element) -> Payload:
    """``<msg>`` with attributes only: a name card."""
    names = ("nickname", "username", "alias", "province", "city", "sign")
    facts = {key: value for key in names if (value := message.get(key))}
    return Payload(facts.get("nickname"), None, {f"card_{key}": value for key, value in facts.items()})


_READERS = (
    ("appmsg", _app),
    ("voicemsg", _voice),
    ("videomsg", _video),
    ("VoIPBubbleMsg", _voip),
    ("location", _location),
    ("revokemsg", _revoke),
    ("img", _image),
    ("emoji", _sticker),
    ("sysmsgtemplate", _template),
    ("msg", _message),
)
