"""Words what the worker says of a text that it does not hand to Python's parser.

The words are those of `grader.worker.guards` and `grader.worker.parsing`.
"""

from __future__ import annotations

import re
from typing import Final

from grader.language import Text

__all__ = ["HINT", "find_excess"]

HINT: Final = Text(
    en="Write it as several shorter statements, or as a loop; no exercise needs as much.",
    zh="请拆成几条较短的语句，或改用循环；没有哪个练习需要写这么多。",
)
_COUNTED: Final = re.compile(r"more than (?P<limit>\d+) (?P<what>.+)")
_WHAT: Final = {
    "characters": "个字符",
    "lines": "行",
    "words and signs": "个词和符号",
    "brackets within one another": "层嵌套的括号",
    "operators in a row": "个连续的运算符",
    "operators in one expression": "个运算符出现在同一个表达式中",
    "branches of one `if`": "个分支出现在同一个 `if` 中",
    "digits in one number": "位数字出现在同一个数中",
}
_WHOLE: Final = {
    "nested too deeply": "嵌套太深",
    "`finally` blocks that repeat one another too often": "`finally` 代码块相互重复的次数太多",
    "too many broken parts before this one": "在此之前有太多出错的部分",
}


def find_excess(message: str) -> Text | None:
    """Say in both languages which limit a text breaks; None for another message."""
    if message in _WHOLE:
        return Text(en=message, zh=_WHOLE[message])
    counted = _COUNTED.fullmatch(message)
    if counted is None or counted["what"] not in _WHAT:
        return None
    return Text(en=message, zh=f"超过 {counted['limit']} {_WHAT[counted['what']]}")
