"""Shows the feedback in the cell.

The page comes in a frame without any right: no script, no form, no way to the notebook or to its
origin; and its style stays inside. Where a front end shows no HTML, the text is shown instead.
"""

from __future__ import annotations

import html
from typing import Final

from grader.jupyter.height import page_height
from grader.language import Language, Text

__all__ = ["feedback_bundle"]

_MOST_PIXELS: Final = 960
"""A longer page is scrolled in its frame, or the frame drawn larger: the notebook goes on below."""
_SLACK: Final = 1.04
"""Fonts differ a little; some blank lines are better than a bar to scroll with."""
_FRAME: Final = (
    '<div style="height:{height}px;resize:vertical;overflow:hidden">'
    '<iframe sandbox="" referrerpolicy="no-referrer" title="{title}" srcdoc="{page}" '
    'style="width:100%;height:100%;border:0"></iframe></div>'
)
_TITLE: Final = Text(en="Feedback", zh="评分反馈")


def feedback_bundle(
    page: str, text: str, remarks: list[Text], language: Language
) -> dict[str, str]:
    """Give a page of feedback in the forms among which a front end chooses, by MIME type.

    Args:
        page: A whole document.
        text: The same as plain text.
        remarks: What is to be said before.
        language: In which language.
    """
    said = [remark.to(language) for remark in remarks]
    frame = _FRAME.format(
        height=min(_MOST_PIXELS, round(_SLACK * page_height(page))),
        title=html.escape(_TITLE.to(language)),
        page=html.escape(page),
    )
    paragraphs = "".join(f"<p>{html.escape(one)}</p>" for one in said)
    return {
        "text/html": paragraphs + frame,
        "text/plain": "\n".join([*said, "", text]),
    }
