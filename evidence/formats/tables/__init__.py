"""Rows and cells of spreadsheets and text tables, and what their columns mean."""
