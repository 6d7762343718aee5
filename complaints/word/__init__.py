"""Word documents (DOCX) to edit in Word, WPS or LibreOffice: real styles, tables, fields and links."""

from complaints.word.render import render_docx

__all__ = ["render_docx"]
