from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from grader.language import Language, Text
from grader.soundness.faults import Fault, MutantFact, Result
from grader.soundness.show import as_json, print_result, print_summary

ROOT = Path("/course")
FIRST = Fault(
    "stray-file",
    Text(en="this file belongs nowhere", zh="这个文件不属于任何部分"),
    Text(en="Remove it.", zh="请删除它。"),
    ROOT / "solutions" / "notes.txt",
    7,
)
SECOND = Fault("limits", Text(en="too slow " * 30, zh="太慢" * 60), Text(en="Wait.", zh="等待。"))
SURVIVOR = MutantFact(ROOT / "solutions" / "a.py", 3, "f", "return x + 1", "return x + 2")
RESULT = Result("ex01_a", (FIRST, SECOND), 40, 12.3, mutants=50, survivors=(SURVIVOR,))
SOUND = Result("ex02_b", (), 30, 9.0)


def shown(language: Language = "en") -> str:
    file = io.StringIO()
    for result in (RESULT, SOUND):
        print_result(result, ROOT, language, file, is_first=result is RESULT)
    print_summary((), (RESULT, SOUND), ROOT, language, file)
    return file.getvalue()


def test_each_fault_has_its_place_its_rule_and_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = shown().splitlines()

    assert lines[0].startswith("✗ ex01_a: 2 faults (40 submissions graded in 12 s)")
    start = lines.index("  The first fault:")
    assert [line.strip() for line in lines[start + 1 : start + 4]] == [
        "solutions/notes.txt:7 [stray-file]",
        "this file belongs nowhere",
        "cure: Remove it.",
    ]
    assert "      cure: Wait." in lines
    assert any(line.startswith("✓ ex02_b: sound") for line in lines)
    assert "not sound: 2 faults; mend the first one first" in lines


def test_survivors_are_shown_with_the_line_before_and_after() -> None:
    lines = [line.strip() for line in shown().splitlines()]

    assert "mutants: 50, equivalent: 0, survivors: 1 (2.0%)" in lines
    at = lines.index("solutions/a.py:3 f")
    assert lines[at + 1 : at + 3] == ["- return x + 1", "+ return x + 2"]


def test_everything_fits_into_80_columns_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for language in ("en", "zh"):
        for line in shown(language).splitlines():
            assert "\x1b" not in line
            assert sum(2 if ord(letter) > 0x2E80 else 1 for letter in line) <= 80


def test_json_names_files_from_the_course_s_folder() -> None:
    document = json.loads(as_json(ROOT, (), (RESULT, SOUND)))

    assert document["sound"] is False
    bad, good = document["exercises"]
    assert bad["sound"] is False
    assert bad["survival"] == 0.02
    assert bad["result"]["faults"][0]["file"] == "solutions/notes.txt"
    assert bad["result"]["survivors"][0]["becomes"] == "return x + 2"
    assert good["sound"] is True
    assert good["survival"] is None


def test_a_fault_of_ours_has_its_own_exit_code() -> None:
    ours = Fault("grading", Text(en="broken", zh="坏了"), Text(en="-", zh="-"), ours=True)

    assert SOUND.exit_code == 0
    assert RESULT.exit_code == 4
    assert Result("ex01_a", (FIRST, ours), 0, 0.0).exit_code == 5


def test_authors_can_look_up_every_rule() -> None:
    source = Path(__file__).parents[3] / "grader" / "soundness"
    code = "".join(path.read_text(encoding="utf-8") for path in source.glob("*.py"))
    rules = set(re.findall(r'Fault\(\s*"([a-z-]+)"', code))
    rules |= set(re.findall(r'fault_of_error\(\s*error,\s*"([a-z-]+)"', code))
    text = (source.parents[1] / "docs" / "authors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `.*?\|", text, re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}

    assert len(rules) > 15
    assert rules <= documented
