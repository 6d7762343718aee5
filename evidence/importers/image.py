"""Screenshots and photos. The picture's words are read later; here: what it is, when, and of which app."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from evidence.formats.media.picture import Exif, Picture, inspect
from evidence.formats.media.screens import ScreenClaim, parse_screen_name
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, ReadOptions
from evidence.models import Media, Problem, Reading, Record, Stamp
from evidence.sniff import sniff
from evidence.times import local_stamp, offset_stamp, to_utc_text

_KINDS = {"image/png", "image/jpeg", "image/heic", "image/webp", "image/gif", "image/bmp"}


class ImageFile:
    """One picture is one record of kind media, with the file itself as its media."""

    name = "image"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the bytes begin like a picture."""
        return sniff(file.head) in _KINDS

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Record | Reading | Problem]:
        """The record, and what is wrong with the picture. Raises Unreadable when its size cannot be told."""
        picture = inspect(file.path, sniff(file.head) or "")
        claim = parse_screen_name(file.name)
        yield Record(
            kind="media",
            channel=_channel(claim, picture.exif),
            locator="file",
            time=_time(file, options.zone, claim, picture.exif),
            media=(Media(file.sha256, file.size, picture.mime, file.name),),
            holder=options.holder,
            extras=_extras(picture, claim),
        )
        if picture.refused:
            message = _("{w} x {h} pixels are too many to unpack. The file is kept; its text is not read.")
            yield Problem("image_too_large", message.format(w=picture.width, h=picture.height), locator="file")
        if picture.damaged is not None:
            message = _("The picture is damaged: {reason}. It is kept as it is.")
            yield Problem("image_damaged", message.format(reason=picture.damaged), locator="file")


def _channel(claim: ScreenClaim | None, exif: Exif) -> str:
    if claim is not None and claim.channel is not None:
        return claim.channel
    if "Model" in exif.tags or "Make" in exif.tags:
        return "photo"
    return "unknown"


def _time(file: FileProbe, zone: ZoneInfo, claim: ScreenClaim | None, exif: Exif) -> Stamp:
    """By the name, else by EXIF, else by the file system. All three are claims; the others stay in extras."""
    if claim is not None and claim.wall is not None:
        return local_stamp(claim.wall, zone, claim.raw, "filename", claim.precision_s)
    if claim is not None and claim.instant is not None and claim.means == "taken":
        return _epoch(claim)
    if exif.wall is not None and exif.taken is not None:
        offset = _with_offset(exif)
        if offset is not None:
            return offset_stamp(offset, f"{exif.taken} {exif.offset}", "metadata")
        return local_stamp(exif.wall, zone, exif.taken, "metadata")
    if claim is not None and claim.instant is not None:
        return _epoch(claim)
    if file.mtime is not None:
        return Stamp(file.mtime, file.mtime, "file", "file_mtime")
    return Stamp(basis="file")


def _epoch(claim: ScreenClaim) -> Stamp:
    assert claim.instant is not None
    return Stamp(to_utc_text(claim.instant), claim.raw, "filename", "epoch_utc", None, claim.precision_s)


def _with_offset(exif: Exif) -> datetime | None:
    if exif.wall is None or exif.offset is None:
        return None
    try:
        return datetime.fromisoformat(exif.wall.isoformat() + exif.offset.strip())
    except ValueError:
        return None


def _extras(picture: Picture, claim: ScreenClaim | None) -> dict[str, Any]:
    extras: dict[str, Any] = {"width": picture.width, "height": picture.height, "has_gps": picture.exif.has_gps}
    if picture.exif.tags:
        extras["exif"] = dict(picture.exif.tags)
    if picture.frames > 1:
        extras["frames"] = picture.frames
    if claim is not None:
        extras["name_pattern"] = claim.maker
        fields = {
            "app_package": claim.package,
            "app_label": claim.label,
            "app_package_md5": claim.md5 if claim.package is None else None,
            "name_time": claim.raw or None,
            "name_time_means": claim.means if claim.raw else None,
        }
        extras.update({key: value for key, value in fields.items() if value is not None})
    if picture.refused:
        extras["state"] = "too_large"
    elif picture.damaged is not None:
        extras["state"] = "damaged"
    return extras


IMPORTER = ImageFile()
