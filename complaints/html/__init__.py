"""One self-contained HTML file: no script, no request, readable offline in any browser."""

from complaints.html.render import render_html

__all__ = ["render_html"]
