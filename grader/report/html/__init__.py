"""A report as one self-contained page: no network, no script, readable in any browser."""

from grader.report.html.page import render_html

__all__ = ["render_html"]
