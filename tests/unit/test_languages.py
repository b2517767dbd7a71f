"""Whatever people read exists in both languages: a message that lacks one fails here.

The sources are searched, so that a message is found whether or not a test provokes it.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "grader").rglob("*.py"))
SUITES = sorted((ROOT / "tests" / "suites").glob("*/*.py"))
COMMANDS = sorted((ROOT / "grader" / "cli").rglob("*.py"))
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# In backticks, quotes and braces stand code and values, which are alike in both languages.
CODE = re.compile(r"`[^`]*`|\{[^{}]*\}|'[^']*'|\"[^\"]*\"|--[\w-]+|[\w.]*[_.(/][\w.()/]*")
# Names are alike as well, and types.
NAMES = re.compile(r"\b(?:exercism|torchgrade|None|dtype)\b")
UPPER = string.ascii_uppercase + string.digits
WORDS = re.compile(r"[A-Za-z]{3,}")
# Calls with English and Chinese in this order, or by keyword.
PAIRED = {"Text", "fail", "assert_true", "_say", "absent", "_hint"}
NEVER_SIMPLY = re.compile(r"\b(?:simply|obviously|trivial(?:ly)?)\b|显然|简单地", re.IGNORECASE)


class Message(NamedTuple):
    """A message in a source file."""

    place: str
    en: str
    zh: str


def text_of(node: ast.expr | None) -> str | None:
    """Give the text of a literal, with `{}` for a value; None for what is computed."""
    match node:
        case ast.Constant(value=str(said)):
            return said
        case ast.JoinedStr(values=parts):
            return "".join(text_of(part) or "{}" for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return f"{text_of(left) or '{}'}{text_of(right) or '{}'}"
        case _:
            return None


def messages(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in PAIRED:
                yield from of_call(node, place)
            case ast.Dict(keys=keys, values=values):
                said = {text_of(k): text_of(v) for k, v in zip(keys, values, strict=True)}
                if "en" in said or "zh" in said:
                    yield Message(place, said.get("en") or "", said.get("zh") or "")


def of_call(node: ast.Call, place: str) -> Iterator[Message]:
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    if "en" in named or "zh" in named:
        pair = [named.get("en"), named.get("zh")]
    else:
        # `assert_true` has its condition in front, `_hint` an id and a pattern.
        pair = list(node.args[-2:]) if len(node.args) >= 2 else []
    texts = [text_of(each) for each in pair]
    if len(texts) == 2 and all(text is not None for text in texts):
        yield Message(place, *map(str, texts))
    elif "en" in named and "zh" not in named:
        yield Message(place, "only English", "")


def is_name(message: Message) -> bool:
    """Tell `Jenkins` and `Classroom 50` from a sentence that was copied."""
    return message.en == message.zh and all(word[:1] in UPPER for word in message.en.split())


def is_prose(said: str) -> bool:
    return bool(WORDS.search(NAMES.sub("", CODE.sub("", said))))


FOUND = [message for path in (*SOURCES, *SUITES) for message in messages(path)]


def test_the_search_finds_what_there_is() -> None:
    assert len(FOUND) > 600
    assert [one.zh for one in messages_in('Text(en="a sentence", zh="")')] == [""]
    assert [one.zh for one in messages_in('Text(en="a sentence")')] == [""]
    assert list(messages_in('fail(f"got {x}", f"得到 {x}")')) == [Message("", "got {}", "得到 {}")]


def messages_in(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from of_call(node, "")


def test_every_message_is_there_in_both_languages() -> None:
    prose = [one for one in FOUND if is_prose(one.en) and not is_name(one)]
    lacking = [one for one in prose if not CHINESE.search(one.zh)]
    assert lacking == []
    assert [one for one in FOUND if CHINESE.search(one.zh) and not one.en.strip()] == []


def test_no_english_text_holds_chinese() -> None:
    # A text may lead who cannot read it to the other one.
    allowed = re.compile(r"\[中文说明\]|[“”’…·→×]")
    mixed = [one for one in FOUND if CHINESE.search(allowed.sub("", CODE.sub("", one.en)))]
    assert mixed == []


def test_values_stand_in_both_languages() -> None:
    """A message that tells a name or a number in one language tells it in the other."""
    odd = [one for one in FOUND if bool(count_fields(one.en)) != bool(count_fields(one.zh))]
    assert [one for one in odd if is_prose(one.en)] == []


def test_no_english_clause_ends_up_in_a_chinese_sentence() -> None:
    """What a function puts into both languages is a value, or a `Text` of its own."""
    assert list(spliced(ast.parse(SPLICED))) == [("no", "the file is empty")]
    found = {path.name: list(spliced(ast.parse(path.read_bytes()))) for path in SOURCES}
    assert {name: said for name, said in found.items() if said} == {}


SPLICED = """
def no(path: Path, why: str) -> Text:
    return Text(en=f"{path}: {why}", zh=f"{path}：{why}")

no(path, "the file is empty")
no(path, str(error))
"""


def spliced(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Find the English literals that calls pass to such functions of the same module."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    shared = {function.name: shared_parameters(function) for function in functions}
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        for place, value in enumerate(call.args):
            said = text_of(value) or ""
            if place in shared.get(name, ()) and re.search(r"[a-z]{2,} [a-z]{2,}", said):
                yield name, said


def shared_parameters(function: ast.FunctionDef) -> set[int]:
    """Give the places of the texts that a function names in English and Chinese alike."""
    names = [each.arg for each in function.args.args if each.arg != "self"]
    typed = {each.arg for each in function.args.args if is_called(each.annotation, "str")}
    words = [
        word for node in ast.walk(function) if isinstance(node, ast.Call) for word in node.keywords
    ]
    used = [
        {
            inner.id
            for word in words
            if word.arg == language
            for inner in ast.walk(word.value)
            if isinstance(inner, ast.Name)
        }
        for language in ("en", "zh")
    ]
    return {names.index(name) for name in typed & used[0] & used[1] if name in names}


def is_called(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def count_fields(said: str) -> int:
    return len(re.findall(r"\{[^{}]*\}", said))


def test_the_tone_is_kind() -> None:
    assert [
        one for one in FOUND if NEVER_SIMPLY.search(one.en) or NEVER_SIMPLY.search(one.zh)
    ] == []


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.name)
def test_a_command_says_nothing_in_one_language_only(path: Path) -> None:
    """Texts that go to click are `Text`s first; a literal would be English for everybody."""
    spoken = {"echo", "secho", "UsageError", "BadParameter", "ClickException", "confirm", "prompt"}
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        helps = [k.value for k in node.keywords if k.arg in {"help", "short_help", "epilog"}]
        said = [*node.args[:1], *helps] if node.func.attr in spoken else helps
        found += [ast.unparse(each) for each in said if is_prose(text_of(each) or "")]
    assert found == []
