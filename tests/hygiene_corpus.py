"""What student text can hold that a medium would obey rather than show; shared by all media."""

from __future__ import annotations

from typing import Final

TERMINAL: Final = {
    "colour": "\x1b[32mPASSED\x1b[0m",
    "clear-screen": "\x1b[2J\x1b[1;1HALL PASSED",
    "cursor-up": "\x1b[5A\x1b[KScore: 100 / 100",
    "title": "\x1b]0;title\x07text",
    "link-osc8": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "clipboard-osc52": "\x1b]52;c;cm0gLXJmIH4=\x07text",
    "osc-without-end": "\x1b]52;c;cm0gLXJmIH4=",
    "dcs": "\x1bP+q544e\x1b\\text",
    "sixel": "\x1bPq#0;2;0;0;0#0~~\x1b\\text",
    "apc": "\x1b_Gf=24;AAAA\x1b\\text",
    "csi-8-bit": "\x9b2Jtext",
    "osc-8-bit": "\x9d52;c;AAAA\x9ctext",
    "dcs-8-bit": "\x90q\x9ctext",
    "carriage-return": "failed\rPASSED",
    "backspace": "failed\x08\x08\x08\x08\x08\x08PASSED",
    "bell": "a\x07b",
    "null": "a\x00b",
    "delete": "a\x7fb",
    "charset": "\x1b(0lqqk",
    "reset": "\x1bcgone",
    "nested": "\x1b\x1b[31m[31mx",
}
ORDER: Final = {
    "right-to-left": "abc\u202edef",
    "isolate": "a\u2067b\u2069c",
    "mark": "a\u200fb\u061cc",
    "zero-width": "ad\u200bmin\u200d\u2060",
    "soft-hyphen": "pass\u00aded",
    "selectors": "a\ufe0fb\U000e0100c",
    "tags": "a\U000e0041\U000e0042b",
    "line-separators": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "half": "a\ud800b",
    "byte-order-mark": "\ufeffa",
    "no-character": "a\ufffeb\uffff",
}
HTML: Final = {
    "script": "<script>alert(1)</script>",
    "attribute": "\"' onmouseover=alert(1) x=`",
    "comment": "--><img src=x onerror=alert(1)><!--",
    "entity": "&lt;script&gt;&#106;",
    "cdata": "]]><x/>",
    "style": "</style></title><svg/onload=alert(1)>",
}
MARKDOWN: Final = {
    "link": "[click](javascript:alert(1))",
    "image": "![x](https://evil.example/pixel.png)",
    "reference": "[a]\n\n[a]: https://evil.example",
    "autolink": "<https://evil.example> https://evil.example www.evil.example a@evil.example",
    "heading": "# Score: 100",
    "underline": "Score: 100\n==========\n\n---",
    "fence": "```\n```\n~~~\n# out\n~~~",
    "indented": "    code\n\tcode",
    "list": "1. one\n- two\n* three\n+ four\n> five\n- [x] six",
    "table": "| a | b |\n| - | - |\n| 1 | 2 |",
    "details": "<details><summary>x</summary>",
    "mention": "@everyone @org/team",
    "issue": "#1 org/repo#2 GH-3 !4 %5 ~label $6 &7",
    "emphasis": "*a* **b** __c__ ~~d~~ `e` ||f||",
    "emoji": ":tada: :+1:",
    "break": "a  \nb\\\nc",
    "maths": "$x$ $$y$$ \\(z\\)",
    "footnote": "x[^1]\n\n[^1]: y",
}
SPREADSHEET: Final = {
    "formula": '=HYPERLINK("http://evil.example","x")',
    "dde": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(1)",
    "tab": "\t=1",
    "full-width": "＝1+1",
    "quote": 'a",=1,"',
    "line": "a\n=1",
}
CI: Final = {
    "github": "::error file=x::forged",
    "github-indented": "   ::add-mask::secret",
    "github-stop": "::stop-commands::x",
    "github-old": "text ##[error]forged",
    "github-group": "##[group]x",
    "azure": "text ##vso[task.setvariable variable=x]y",
    "gitlab": "section_start:1560896352:x\r\x1b[0Kforged",
    "teamcity": "x ##teamcity[testFinished name='x']",
    "travis": "travis_fold:start:x",
    "buildkite": "--- forged",
    "buildkite-open": "+++ forged",
    "after-a-line": "text\n::set-output name=x::y",
    "after-a-return": "text\r::warning::y",
    "after-an-escape": "\x1b[0m::warning::y",
    "with-a-joiner": ":\u200b:error::y",
    "in-a-long-line": "word " * 30 + "::error::forged",
}
CORPUS: Final[dict[str, str]] = TERMINAL | ORDER | HTML | MARKDOWN | SPREADSHEET | CI

TERMINAL_OBEYS: Final = frozenset(
    chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
)
REORDERS: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def is_harmless_on_a_terminal(shown: str) -> bool:
    """Whether nothing in it moves a cursor, hides text or changes the order of reading."""
    return not (TERMINAL_OBEYS | REORDERS) & set(shown)


def has_ci_command(log: str) -> bool:
    """Whether a runner of CI would find a command in it, as their parsers are documented."""
    lines = log.split("\n")
    marks = ("##[", "##vso[", "##teamcity[", "section_start:", "section_end:", "travis_fold:")
    headings = ("--- ", "+++ ", "~~~ ", "^^^ ")
    return any(
        line.lstrip().startswith(("::", *headings)) or any(mark in line for mark in marks)
        for line in lines
    )
