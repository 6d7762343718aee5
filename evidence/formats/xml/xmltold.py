"""What is told once about an XML file whose records were read: damage, repairs, encoding, strangers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evidence.formats.xml.xmlopen import Opened
from evidence.formats.xml.xmlrecords import Damage
from evidence.formats.xml.xmlrepair import Repairs
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.models import Problem


def damage_told(damage: Damage) -> Problem:
    """A place that could not be read."""
    locator = f"{damage.name}[{damage.ordinal}]" if damage.name else ""
    words = {
        "broken": _("{locator} cannot be read ({size} bytes at byte {offset}: {reason}). The rest goes on."),
        "too_large": _("{locator} is larger than can be read ({size} bytes at byte {offset}): payload left out."),
        "truncated": _("The file ends too early; it was cut off ({reason}). All complete records are read."),
        "damaged": _("The file is damaged outside its records: {reason}"),
    }[damage.what]
    reason = damage.reason or _("no end tag")
    message = words.format(locator=locator, offset=damage.offset, size=damage.size, reason=reason)
    return Problem(f"xml_{damage.what}", message, locator=locator)


def file_told(opened: Opened, repairs: Repairs, seen: int, strangers: Mapping[str, int]) -> Iterator[Problem]:
    """What concerns the whole file. ``seen`` is the number of records in it, read or not."""
    declared = opened.attributes.get("count")
    if declared is not None and declared.strip() != str(seen):
        message = _("The file declares {declared} as its number of records; it holds {seen}.")
        yield _warning("count_differs", message.format(declared=declared, seen=seen))
    if repairs.total:
        message = _(
            "Repaired while reading: emoji {pairs}, forbidden character references {references}, control characters "
            "{controls}, bare signs {signs}, wrong bytes {octets}. The original is unchanged."
        ).format(
            pairs=repairs.pairs,
            references=repairs.references,
            controls=repairs.controls,
            signs=repairs.signs,
            octets=repairs.octets,
        )
        yield _warning("xml_repaired", message)
    if opened.doctype:
        yield _warning("doctype_ignored", _("The file carries a document type (DTD). It was left out, unread."))
    if opened.label_wrong:
        message = _("Read as {encoding}; the file itself says {declared}.")
        yield _warning(
            "encoding_assumed", message.format(encoding=opened.encoding, declared=opened.declared or _("nothing"))
        )
    for tag, total in strangers.items():
        message = ngettext(
            "{n} element <{tag}> is not of this format and was not read.",
            "{n} elements <{tag}> are not of this format and were not read.",
            total,
        )
        yield _warning("element_unknown", message.format(n=total, tag=tag))


def _warning(code: str, message: str) -> Problem:
    return Problem(code, message, severity="warning")
