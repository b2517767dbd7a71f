"""What click says of a command line that it cannot parse, in Chinese.

click words its errors in English, with the values already in them. Each of its messages is looked
for as a pattern, its parts are translated likewise, and what is not known stays English.
"""

from __future__ import annotations

import functools
import re
from typing import Final

__all__ = ["IN_CHINESE", "translate"]

IN_CHINESE: Final[dict[str, str]] = {
    "Error: {message}": "错误：{message}",
    "Usage:": "用法：",
    "Try '{command} {option}' for help.": "使用 '{command} {option}' 查看帮助。",
    "Did you mean {possibility}?": "是不是想写 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是想写其中之一：{possibilities}？）",
    "Invalid value: {message}": "值无效：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值无效：{message}",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing {param_type}": "缺少 {param_type}",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing command.": "缺少命令。",
    "No such option {name!r}.": "没有这个选项：{name!r}。",
    "No such command {name!r}.": "没有这个命令：{name!r}。",
    "Could not open file {filename!r}: {message}": "无法打开文件 {filename!r}：{message}",
    "unknown error": "未知错误",
    "Aborted!": "已中止！",
    "Got unexpected extra argument ({args})": "多余的参数（{args}）",
    "Got unexpected extra arguments ({args})": "多余的参数（{args}）",
    "Invalid start character for option ({option})": "选项的首字符无效（{option}）",
    "Option {name!r} does not take a value.": "选项 {name!r} 不接受值。",
    "Option {name!r} requires an argument.": "选项 {name!r} 需要一个值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name!r} 需要 {nargs} 个值。",
    "Argument {name!r} takes {nargs} values.": "参数 {name!r} 需要 {nargs} 个值。",
    "Takes {nargs} values but 1 was given.": "需要 {nargs} 个值，只给了 1 个。",
    "Takes {nargs} values but {len} were given.": "需要 {nargs} 个值，给了 {len} 个。",
    "{len_type} values are required, but {len_value} was given.": (
        "需要 {len_type} 个值，只给了 {len_value} 个。"
    ),
    "{len_type} values are required, but {len_value} were given.": (
        "需要 {len_type} 个值，给了 {len_value} 个。"
    ),
    "Value must be an iterable.": "值必须是可迭代的。",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "{value!r} is not {choice}.": "{value!r} 不是 {choice}。",
    "{value!r} is not one of {choices}.": "{value!r} 不是以下之一：{choices}。",
    "{value!r} does not match the format {format}.": "{value!r} 不符合格式 {format}。",
    "{value!r} does not match the formats {formats}.": "{value!r} 不符合格式 {formats}。",
    "{value} is not in the range {range}.": "{value} 不在范围 {range} 内。",
    "{value!r} is not a valid boolean. Recognized values: {states}": (
        "{value!r} 不是布尔值。可用的值：{states}"
    ),
    "{value!r} is not a valid {number_type}.": "{value!r} 不是有效的{number_type}。",
    "{value!r} is not a valid UUID.": "{value!r} 不是有效的 UUID。",
    "{name} {filename!r} is a file.": "{name} {filename!r} 是文件。",
    "{name} {filename!r} is a directory.": "{name} {filename!r} 是文件夹。",
    "{name} {filename!r} is not readable.": "{name} {filename!r} 不可读。",
    "{name} {filename!r} is not writable.": "{name} {filename!r} 不可写。",
    "{name} {filename!r} is not executable.": "{name} {filename!r} 不可执行。",
    "{name} {filename!r} does not exist.": "{name} {filename!r} 不存在。",
    "File": "文件",
    "Directory": "文件夹",
    "Path": "路径",
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
    "integer": "整数",
    "integer range": "整数",
    "float": "数",
    "float range": "数",
    "Options": "选项",
    "Positional arguments": "参数",
    "Commands": "命令",
    "default: {default}": "默认：{default}",
    "env var: {var}": "环境变量：{var}",
    "(dynamic)": "（动态）",
    "deprecated": "已弃用",
}
"""By click's own message; a test looks for messages of click's that are not here."""

_FIELD: Final = re.compile(r"\{(\w+)(?:!r)?\}")
_SUGGESTION: Final = re.compile(r"(.+?\.) (\(?Did you mean .+)", re.DOTALL)
_MISSING: Final = re.compile(r"(Missing \w+) ('.+')\.(?: (Choose from:.*))?", re.DOTALL)


def translate(said: str) -> str:
    """Say in Chinese what click said, line by line; what is not known is given back as it is."""
    whole = _translated(said)
    if whole is not None:
        return whole
    return "\n".join(_translated(line) or line for line in said.split("\n"))


def _translated(said: str) -> str | None:
    if match := _SUGGESTION.fullmatch(said):
        return f"{translate(match[1])}{translate(match[2])}"
    if match := _MISSING.fullmatch(said):
        choices = (match[3] or "").replace("Choose from:", "可选：")
        return f"{translate(match[1])} {match[2]}。{choices}"
    for english, pattern in _patterns():
        if match := pattern.fullmatch(said):
            values = {name: translate(value) for name, value in match.groupdict().items()}
            return _FIELD.sub("{\\1}", IN_CHINESE[english]).format(**values)
    return None


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Give a pattern for each message; those with most words of their own are tried first."""
    ordered = sorted(IN_CHINESE, key=lambda english: -len(_FIELD.sub("", english)))
    return tuple((english, _pattern(english)) for english in ordered)


def _pattern(english: str) -> re.Pattern[str]:
    parts = _FIELD.split(english)
    fields = (f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile("".join(fields), re.DOTALL)
