"""WeChat's own export: messages chosen in the app and sent by mail, handed over as text or HTML."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from evidence.errors import Unreadable
from evidence.formats.chats.wholetext import read_whole, text_problems
from evidence.formats.wechat.wechattext import is_wechat_share, share_records
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.sniff import sniff
from evidence.textfile import decode_head, looks_like_text

_HTML_STARTS = ("<!doctype html", "<html", "<p", "<div", "<body", "<head", "<meta", "<span", "<br")
_TITLE = "聊天记录如下"


def _is_html(text: str) -> bool:
    return text.lstrip()[:20].lower().startswith(_HTML_STARTS)


class WechatShare:
    """Reads one mail text; who is who is settled by the whole of it."""

    name = "wechat_share"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the text has the lines that WeChat writes: the opening words, days between dashes, headings."""
        if not looks_like_text(file.head) or sniff(file.head) is not None:
            return False
        text = decode_head(file.head)
        if not _is_html(text):
            return is_wechat_share(text)
        if _TITLE not in text:
            return False
        from evidence.formats.wechat.wechathtml import share_text

        return is_wechat_share(share_text(text))

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """The messages, then what is told once. Raises Unreadable without any message."""
        text, lines = read_whole(file, options)
        prefix = ""
        if _is_html(text):
            from evidence.formats.wechat.wechathtml import share_text

            text, prefix = share_text(text), "text "
        items = share_records(text, options, file.find, prefix)
        first = next(items, None)
        if first is None:
            raise Unreadable(_("The text opens like a WeChat chat and holds no message."))
        yield from chain((first,), items)
        yield from text_problems(lines)


IMPORTER = WechatShare()
