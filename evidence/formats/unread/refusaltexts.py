"""What a person is told about files that are kept and not read: what it is, and what can be read instead."""

from __future__ import annotations

from collections.abc import Sequence

from evidence.i18n import gettext as _


def nothing_known() -> str:
    """A file of which nothing is known."""
    return _(
        "No importer knows this format. The file is kept. If it shows something that matters, open it on the phone, "
        "take screenshots and import those."
    )


def empty() -> str:
    """No byte."""
    return _("The file is empty (0 bytes): the copy did not work. Copy it from the phone again.")


def zeros() -> str:
    """Only zero bytes."""
    return _("The file holds only zeros: the copy did not work. Copy it from the phone again.")


def sms_ie_encrypted() -> str:
    """SMS Import / Export with a password."""
    return _(
        "A backup by SMS Import / Export that is locked with a password. Export again in that app with encryption "
        "switched off, and import the new file."
    )


def android_backup() -> str:
    """adb backup without password."""
    return _(
        "An Android backup of apps. It is kept, but not read. For messages and calls use the app SMS Backup & Restore "
        "and import its XML file; for chats take screenshots or use the app's own export."
    )


def android_backup_locked() -> str:
    """adb backup with password."""
    return _(
        "An Android backup of apps, locked with a password. Protection is not broken here. For messages and calls use "
        "the app SMS Backup & Restore and import its XML file; for chats take screenshots or use the app's own export."
    )


def locked_archive(name: str) -> str:
    """A RAR or 7z file with a password."""
    return _(
        "A {name} archive that is locked with a password. Unpack it with its password and import the folder."
    ).format(name=name)


def other_archive(name: str) -> str:
    """An archive that is not opened here."""
    return _(
        "A {name} archive; it is not opened here. Unpack it first (7-Zip and most phones can) and import the folder."
    ).format(name=name)


def shortcut() -> str:
    """A Windows link."""
    return _("A Windows shortcut: it only points to a file. Import the file that it points to.")


def program() -> str:
    """Anything that could run."""
    return _("A program or app. It is kept with its hash and never opened or run.")


def locked_office() -> str:
    """Office with a password to open."""
    return _(
        "An Office document that is locked with a password. Open it with its password, save it without one, and "
        "import that file too."
    )


def old_office(text: bool, table: bool, slides: bool) -> str:
    """A document of another program than Word 2007 and later."""
    if table:
        return _("A table in a format that is not read. Open it, save it as XLSX or CSV, and import that file too.")
    if slides:
        return _("A presentation. Open it, save it as PDF, and import that file too.")
    if text:
        return _("A document in a format that is not read. Open it, save it as DOCX or PDF, and import that file too.")
    return _("An older Office file. Open it, save it as PDF, DOCX or XLSX, and import that file too.")


def book() -> str:
    """EPUB."""
    return _("An electronic book (EPUB). It is kept, but not read.")


def wechat_picture() -> str:
    """A picture as WeChat for Windows stores it."""
    return _(
        "A picture that WeChat has scrambled on disk. It is not changed here. Open the chat in WeChat, save the "
        "picture from there or take a screenshot, and import that."
    )


def wechat_database() -> str:
    """EnMicroMsg.db, MSG0.db and so on."""
    return _(
        "By its name and content a WeChat database, which WeChat encrypts. Protection is not broken here. In WeChat "
        "select the messages and send them by e-mail, or take screenshots, and import those."
    )


def whatsapp_backup() -> str:
    """msgstore.db.crypt15 and so on."""
    return _(
        "By its name an encrypted WhatsApp backup. Protection is not broken here. In WhatsApp open the chat, choose "
        "More, Export chat, and import the file that it makes."
    )


def signal_backup() -> str:
    """signal-….backup."""
    return _(
        "An encrypted Signal backup. Protection is not broken here. Take screenshots of the chat in Signal and import "
        "those."
    )


def iphone_backup_locked() -> str:
    """An iTunes or Finder backup with password."""
    return _(
        "Part of an encrypted iPhone backup. Protection is not broken here. Make a backup on the computer with "
        "encryption switched off, and import that folder."
    )


def phone_suite() -> str:
    """HiSuite, Xiaomi, OPPO, vivo."""
    return _(
        "A backup by a phone maker's own program, which only that program can read. Use the app SMS Backup & Restore "
        "on the phone for messages and calls, and screenshots for chats. Putting this backup back may replace what is "
        "on a phone now: only do that on a spare one."
    )


def damaged_database() -> str:
    """SQLite that cannot be opened."""
    return _("A database that is damaged or incomplete. Copy it from the phone again, with the files beside it.")


def unknown_database(tables: Sequence[str]) -> str:
    """SQLite with tables that no importer knows."""
    if not tables:
        return _("A database without any table; there is nothing in it to read.")
    return _(
        "A database of an app that is not known here; its tables: {tables}. If the app can export, import what it "
        "exports; else take screenshots."
    ).format(tables=", ".join(tables))


def database_side_file() -> str:
    """-wal, -shm, -journal."""
    return _("A part of the database that lies beside it. Import both together; alone it cannot be read.")


def app_database(name: str) -> str:
    """LevelDB, Realm."""
    return _(
        "A part of an app's own database ({name}); it is not read. If the app can export, import what it exports; else "
        "take screenshots."
    ).format(name=name)


def locked_database() -> str:
    """SQLCipher of whatever app."""
    return _(
        "By its content an encrypted database of an app. Protection is not broken here. If the app can export, import "
        "what it exports; else take screenshots."
    )


def other_sound(name: str) -> str:
    """A sound format that is not read."""
    return _("A sound file in a format that is not read ({name}). Convert a copy to MP3 and import it too.").format(
        name=name
    )


def other_film(name: str) -> str:
    """A video format that is not read."""
    return _("A video in a format that is not read ({name}). Convert a copy to MP4 and import it too.").format(
        name=name
    )


def other_picture(name: str) -> str:
    """A picture format that is not read."""
    return _("A picture in a format that is not read ({name}). Save a copy as PNG or JPEG and import it too.").format(
        name=name
    )


def cut_film() -> str:
    """A video container that nobody can open."""
    return _("A video or sound file that was cut off or damaged; nothing in it can be played. Copy it again.")


def cut_sound() -> str:
    """A sound container that nobody can open."""
    return _("A sound file that was cut off or damaged; nothing in it can be played. Copy it again.")


def settings_file() -> str:
    """A binary property list."""
    return _("A settings file of an iPhone or Mac. It is kept, but not read.")


def web_page() -> str:
    """HTML that is no export known here."""
    return _(
        "A web page that is no chat export or bill known here, or one that was cut off. Print it to PDF from the "
        "browser, or take screenshots, and import those."
    )


def unknown_xml() -> str:
    """XML."""
    return _(
        "An XML file of a program that is not known here. If it is a backup of messages, make one with the app SMS "
        "Backup & Restore instead."
    )


def unknown_json() -> str:
    """JSON."""
    return _("A data file (JSON) of a program that is not known here. If it can export text or CSV, import that.")


def unknown_text() -> str:
    """Text."""
    return _(
        "A text whose form is not known here. If it is a table, name its columns with --map; a conversation can be "
        "imported as screenshots; what you wrote yourself belongs into: dunlog note add"
    )


def looks_encrypted() -> str:
    """Noise."""
    return _(
        "The content looks encrypted or packed, and nothing says by what. Export from the app "
        "that made it, or take screenshots, and import those."
    )
