"""The printed form: documents as PDF/A-2u. The only package that knows reportlab and pikepdf."""

from complaints.pdf.pictures import Made
from complaints.pdf.render import render_pdf
from complaints.pdf.report import PdfError, PdfReport, Substitute

__all__ = ["Made", "PdfError", "PdfReport", "Substitute", "render_pdf"]
