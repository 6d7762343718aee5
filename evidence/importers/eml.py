"""One mail as a file (``.eml``): what QQ Mail, 163, Outlook and others write as “export” or “save as” (RFC 5322)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.importers.qq_mht import IMPORTER as QQ_MHT

_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
_SAVED_PAGE = re.compile(rb"^From:\s{0,5}\"?<?Saved? by", re.I | re.M)  # a web page or chat saved as MHTML is no mail
_KNOWN = {
    b"from", b"to", b"cc", b"subject", b"date", b"received", b"message-id", b"mime-version", b"content-type", b"sender",
    b"return-path", b"delivered-to", b"reply-to", b"in-reply-to", b"references", b"x-mailer", b"dkim-signature",
    b"content-transfer-encoding", b"x-original-to", b"user-agent", b"x-priority", b"bcc",
}  # fmt: skip


def looks_like_mail(head: bytes) -> bool:
    """Whether bytes begin with the header lines of a mail. Never raises."""
    block = re.split(rb"\r?\n\r?\n", head[:65536].lstrip(b"\xef\xbb\xbf\r\n"), maxsplit=1)[0]
    if block.startswith(b"From "):  # a mailbox
        return False
    names: set[bytes] = set()
    lines = block.split(b"\n")[:400]
    strange = 0
    for line in lines:
        match = _FIELD.match(line)
        if match is not None:
            names.add(match[1].lower())
        elif not line.startswith((b" ", b"\t")):
            strange += 1
    if b"from" in names and _SAVED_PAGE.search(block) is not None:
        return False
    strong = names & {b"from", b"received", b"message-id", b"return-path", b"delivered-to", b"x-mailer"}
    known = names & _KNOWN
    return bool(strong) and len(known) >= 3 and strange * 5 <= len(lines)


class MailFile:
    """One file is one mail; mails and chats inside it follow as records of their own."""

    name = "eml"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the bytes begin with the header lines of a mail, and are no chat of QQ in the form of one."""
        return looks_like_mail(file.head) and not QQ_MHT.claims(file)

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """The mail, what is inside it, then what is told once. Reads at most the first 96 MB."""
        from evidence.formats.mail.mailread import MAX_MESSAGE, MailReader

        reader = MailReader(options, attach, file.path)
        with file.path.open("rb") as stream:
            data = stream.read(MAX_MESSAGE + 1)
        yield from reader.read(data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"), "message")
        yield from reader.summary()


IMPORTER = MailFile()
