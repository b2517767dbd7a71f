"""The verbs of a student's day, on a course of one exercise; nothing is really graded."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from grader.batch.discovery.discover import discover
from grader.course.catalog import Course
from grader.course.handouts import ORIGINALS
from grader.language import Text
from grader.progress.model import ExerciseProgress, Finding, TaskScore
from grader.progress.store import note, read_progress
from grader.submission import read_submission

Grade = Callable[..., Any]

ANSWER = """\
import torch

FACTS = {"two": 2, "given": 1}


def double(x):
    return x + x
"""


@pytest.fixture
def script(grade: Grade, small_course: Course) -> Path:
    """Give the student's file, as it was handed out."""
    grade("stub", "ex01")
    return small_course.exercises / "ex01_doubling" / "ex01_doubling.py"


@pytest.fixture
def without_solutions(script: Path, small_course: Course) -> Path:
    """Make the course as students get it, and give their file."""
    original = script.parent / ORIGINALS / script.name
    original.parent.mkdir()
    original.write_bytes(script.read_bytes())
    (small_course.solutions / "ex01_doubling" / "ex01_doubling.py").unlink()
    return script


def remember(course: Course, **facts: Any) -> None:
    note(course, lambda progress: progress.exercises.update(ex01=ExerciseProgress(**facts)))


def all_marks(course: Course) -> None:
    tasks = {"double": TaskScore(60, 60), "facts": TaskScore(40, 40)}
    remember(course, best=100, last=100, max_score=100, graded_at="2026-01-02", tasks=tasks)


# grade


def test_grade_alone_begins_with_the_first_exercise(grade: Grade, script: Path) -> None:
    ended = grade()
    assert ended.code == 0
    assert "0 of 1 exercises done, 0 points" in ended.out
    assert f"Next: ex01  Doubling\n  your file: {script}\n" in ended.out
    assert ended.out.index("grade show ex01") < ended.out.index("grade ex01"), "read before it"
    assert "grade hint ex01: a hint" in ended.out
    assert "接下来：ex01  加倍" in grade("--lang", "zh").out


def test_a_grading_is_remembered_with_what_to_look_at(
    grade: Grade, graded: Any, script: Path, small_course: Course
) -> None:
    graded.passed = ("double_one", "facts[two]")
    grade("ex01")

    known = read_progress(small_course).progress.of("ex01")
    assert (known.best, known.last, known.max_score) == (60, 60, 100)
    assert known.tasks == {"double": (20, 60), "facts": (40, 40)}
    out = grade().out
    assert "– double 20/60   ✓ facts 40/40" in out
    assert "Look at this first: Double a tensor\n    double_many works\n" in out

    graded.passed = ("facts[two]",)
    grade("ex01")
    assert "· double 0/60" in grade().out, "not begun looks otherwise than begun"

    graded.passed = ()
    grade("ex01")
    known = read_progress(small_course).progress.of("ex01")
    assert (known.best, known.last) == (60, 0), "the best score stays"


def test_another_file_and_a_fault_of_ours_are_not_remembered(
    grade: Grade, graded: Any, script: Path, small_course: Course, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "mine.py"
    elsewhere.write_text(ANSWER, encoding="utf-8")
    grade("ex01", "--file", elsewhere)
    graded.status = "grader_fault"
    grade("ex01")
    assert not read_progress(small_course).progress.exercises
    graded.status = "graded"
    grade("ex01", "--file", script)
    assert read_progress(small_course).progress.of("ex01").best == 100


def test_after_full_marks_grade_alone_congratulates(
    grade: Grade, script: Path, small_course: Course
) -> None:
    all_marks(small_course)
    assert "All exercises are done" in grade().out
    assert "✓ ex01  Doubling" in grade("list").out


def test_a_state_that_is_damaged_is_said_and_the_grading_goes_on(
    grade: Grade, graded: Any, script: Path, small_course: Course
) -> None:
    state = small_course.root / ".grade" / "state.json"
    state.parent.mkdir()
    state.write_text("{", encoding="utf-8")
    ended = grade("ex01")
    assert ended.code == 0
    assert "progress is damaged and begins anew" in ended.err
    assert read_progress(small_course).progress.of("ex01").best == 100


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_screen_is_never_too_wide_and_obeys_nothing(
    grade: Grade, script: Path, small_course: Course, language: str
) -> None:
    hostile = "\x1b[2J\x1b]0;title\x07" + "宽字符和 narrow letters " * 30
    text = Text(hostile, hostile)
    remember(
        small_course,
        best=1,
        max_score=100,
        graded_at="2026-01-02",
        file="ex01_doubling.py\x1b[31m",
        next=Finding(title=text, message=text, hint=text, file="a\x1b[1m.py", line=3),
    )
    ended = grade("--lang", language)
    assert "\x1b" not in ended.out
    lines = [line for line in ended.out.splitlines() if str(script.parent) not in line]
    assert max(map(cell_len, lines)) <= 80
    assert len(lines) <= 23


# hint


def test_hints_come_one_more_each_time_and_are_remembered(grade: Grade, script: Path) -> None:
    first, second, third, again = (grade("hint", "ex01").out for _ in range(4))
    assert "Hint 1 for double." in first
    assert "Hint 2" not in first
    assert "Hint 1 for double." in second
    assert "Hint 2 for double." in second
    assert "hint 3 of 3" in third
    assert "`grade solution ex01 --give-up` shows" in third
    assert again == third
    assert "Hint 1 for facts." in grade("hint", "ex01", "facts").out


@pytest.mark.parametrize(
    ("command", "shown"), [("hint", "ex01 double, hint 1"), ("show", "Double it.")]
)
def test_without_an_exercise_the_next_one_is_meant(
    grade: Grade, script: Path, small_course: Course, command: str, shown: str
) -> None:
    ended = grade(command)
    assert ended.code == 0
    assert shown in ended.out
    all_marks(small_course)
    ended = grade(command)
    assert ended.code == 2
    assert f"`grade {command} ex01`" in ended.err


def test_every_refusal_names_the_cure(grade: Grade, script: Path) -> None:
    assert "Did you mean `grade hint`?" in grade("hnt").err
    assert "`grade list`" in grade("ex77").err
    for words in (("reset",), ("ex01", "ex02"), ("list", "--nothing")):
        ended = grade(*words)
        assert ended.code == 2
        assert f"hint: `grade {words[0]} --help` says how it is used." in ended.err
    assert "提示：`grade reset --help` 显示用法。" in grade("reset", "--lang", "zh").err
    script.unlink()
    script.with_suffix(".ipynb").unlink()
    for command in ("ex01", "open"):
        assert "`grade reset ex01` brings them back" in grade(*command.split()).err


def test_hints_are_for_the_first_task_that_lacks_points(
    grade: Grade, script: Path, small_course: Course
) -> None:
    remember(small_course, best=60, max_score=100, tasks={"double": TaskScore(60, 60)})
    assert "facts 的提示 1。" in grade("hint", "ex01", "--lang", "zh").out
    all_marks(small_course)
    ended = grade("hint", "ex01")
    assert ended.code == 2
    assert "there is nothing to hint at" in ended.err


def test_hints_can_be_read_again_without_a_new_one(grade: Grade, script: Path) -> None:
    assert "no hint of 3 seen yet" in grade("hint", "ex01", "--again").out
    grade("hint", "ex01")
    assert "hint 1 of 3" in grade("hint", "ex01", "--again").out
    assert "hint 1 of 3" in grade("hint", "ex01", "--again").out


@pytest.mark.parametrize("name", ["double", "1", "DOUBLE"])
def test_a_task_goes_by_id_number_or_name(grade: Grade, script: Path, name: str) -> None:
    assert "ex01 double, hint 1 of 3" in grade("hint", "ex01", name).out


def test_an_unknown_task_lists_those_there_are(grade: Grade, script: Path) -> None:
    ended = grade("hint", "ex01", "conv")
    assert ended.code == 2
    assert "Its tasks are double, facts." in ended.err


# reset


def test_reset_keeps_the_old_file_under_a_dated_name(
    grade: Grade, script: Path, small_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = script.read_bytes()
    script.write_text(ANSWER, encoding="utf-8")
    monkeypatch.chdir(small_course.root)

    ended = grade("reset", "ex01")

    assert ended.code == 0
    assert script.read_bytes() == original
    (kept,) = (small_course.root / ".grade" / "kept").iterdir()
    assert str(kept.relative_to(small_course.root)) in ended.out
    assert kept.read_text(encoding="utf-8") == ANSWER
    assert "is as it was handed out already" in grade("reset", "ex01").out


def test_reset_of_a_task_leaves_the_others(grade: Grade, script: Path) -> None:
    script.write_text(ANSWER, encoding="utf-8")
    assert "double in " in grade("reset", "ex01", "double").out
    text = script.read_text(encoding="utf-8")
    assert 'FACTS = {"two": 2, "given": 1}' in text
    assert "raise NotImplementedError" in text
    assert "return x + x" not in text


def test_reset_works_in_a_course_without_solutions(grade: Grade, without_solutions: Path) -> None:
    original = without_solutions.read_bytes()
    without_solutions.write_text(ANSWER, encoding="utf-8")
    grade("reset", "ex01", "facts")
    assert "return x + x" in without_solutions.read_text(encoding="utf-8")
    grade("reset", "ex01")
    assert without_solutions.read_bytes() == original


def test_a_course_that_cannot_reset_says_how_to_get_the_file(
    grade: Grade, without_solutions: Path
) -> None:
    (without_solutions.parent / ORIGINALS / without_solutions.name).unlink()
    without_solutions.write_text(ANSWER, encoding="utf-8")
    without_solutions.with_suffix(".ipynb").unlink()
    ended = grade("reset", "ex01")
    assert ended.code == 2
    assert "Get the course's files once more" in ended.err
    assert without_solutions.read_text(encoding="utf-8") == ANSWER


def test_a_deleted_file_comes_back(grade: Grade, script: Path) -> None:
    original = script.read_bytes()
    script.unlink()
    script.with_suffix(".ipynb").unlink()
    assert grade("reset", "ex01").code == 0
    assert script.read_bytes() == original
    assert script.with_suffix(".ipynb").exists()


def test_reset_of_a_task_in_a_notebook_leaves_the_others(grade: Grade, script: Path) -> None:
    notebook = script.with_suffix(".ipynb")
    document = json.loads(notebook.read_bytes())
    before = [cell["source"] for cell in document["cells"]]
    for cell in document["cells"]:
        if cell["cell_type"] == "code" and cell["metadata"]["torchgrade"].get("task"):
            cell["source"] = ["mine = 1\n"]
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["x"]}]
    extra = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 3}
    document["cells"] += [
        extra | {"source": "def double(x):\n    return 2 * x\nkept = 1"},
        extra | {"source": "!pip install x\ndef double(x): ..."},
    ]
    notebook.write_text(json.dumps(document), encoding="utf-8")
    script.unlink()

    assert grade("reset", "ex01", "double").code == 0

    cells = json.loads(notebook.read_bytes())["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    handed_out = ["".join(source) for source in before]
    task = next(
        n
        for n, cell in enumerate(cells)
        if cell["metadata"]["torchgrade"].get("task") == "double" and cell["cell_type"] == "code"
    )
    assert sources[task] == handed_out[task]
    assert cells[task]["outputs"] == []
    assert "mine = 1\n" in sources
    assert sources[-2:] == ["kept = 1", "!pip install x\ndef double(x): ..."]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("first", "encoding"),
    [("# 一", "gbk"), ("# coding: gbk 一", "gbk"), ("# -*- coding: utf-8 -*-", "utf-8-sig")],
)
def test_a_file_in_any_encoding_can_be_read_after_a_reset(
    grade: Grade, graded: Any, script: Path, first: str, encoding: str, line_end: str
) -> None:
    text = f"{first}\n# 我的笔记\n{ANSWER}".replace("\n", line_end)
    script.write_bytes(text.encode(encoding))
    grade("reset", "ex01", "double")
    content = script.read_bytes()
    assert content.count(b"\r\n") == (content.count(b"\n") if line_end == "\r\n" else 0)
    (cell,) = read_submission(script).cells
    assert "我的笔记" in cell.text
    assert "返回 x 的两倍" in cell.text
    compile(content, str(script), "exec")


def test_a_task_of_a_file_that_is_no_python_is_not_guessed(grade: Grade, script: Path) -> None:
    script.write_text("import torch\n\ndef double(x) return x\n", encoding="utf-8")
    ended = grade("reset", "ex01", "double")
    assert ended.code == 2
    assert "ex01_doubling.py, line 3 is no valid Python" in ended.err
    assert "def double(x) return x" in script.read_text(encoding="utf-8")


def test_what_cannot_be_kept_is_not_overwritten(
    grade: Grade, script: Path, small_course: Course
) -> None:
    script.write_text(ANSWER, encoding="utf-8")
    (small_course.root / ".grade").write_text("no folder", encoding="utf-8")
    ended = grade("reset", "ex01")
    assert ended.code == 2
    assert "so nothing was changed" in ended.err
    assert script.read_text(encoding="utf-8") == ANSWER


# open


def test_open_passes_the_path_whole_to_the_editor(
    grade: Grade, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen; touch hacked"
    editor = tmp_path / "my editor.py"
    editor.write_text(
        f"#!{sys.executable}\nimport sys\nopen({str(seen)!r}, 'w').write('|'.join(sys.argv[1:]))\n",
        encoding="utf-8",
    )
    editor.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} '{editor}' --wait")
    ended = grade("open", "ex01")
    assert (ended.code, ended.out) == (0, f"{script}\n")
    assert seen.read_text(encoding="utf-8") == f"--wait|{script}"
    monkeypatch.setenv("VISUAL", str(editor))
    assert grade("open", "ex01").code == 0
    assert seen.read_text(encoding="utf-8") == str(script)


@pytest.mark.parametrize("editor", ["/no/such/editor", f"{sys.executable} -c exit(3)"])
def test_an_editor_that_fails_is_named_with_the_cure(
    grade: Grade, script: Path, monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    ended = grade("open", "ex01")
    assert ended.code == 2
    assert "Let the variable VISUAL name your editor" in ended.err


# solution


def test_the_solution_waits_for_full_marks(
    grade: Grade, script: Path, small_course: Course
) -> None:
    refused = grade("solution", "ex01")
    assert (refused.code, refused.out) == (2, "")
    assert "--give-up" in refused.err
    all_marks(small_course)
    ended = grade("solution", "ex01")
    assert ended.code == 0
    assert "return 2 * x" in ended.out
    assert "###" not in ended.out


def test_giving_up_is_possible_and_remembered(
    grade: Grade, script: Path, small_course: Course
) -> None:
    assert "return 2 * x" in grade("solution", "ex01", "--give-up").out
    assert read_progress(small_course).progress.of("ex01").gave_up


def test_a_solution_that_is_no_utf_8_is_told(
    grade: Grade, script: Path, small_course: Course
) -> None:
    solution = small_course.solutions / "ex01_doubling" / "ex01_doubling.py"
    solution.write_bytes("# 加倍".encode("gbk"))
    ended = grade("solution", "ex01", "--give-up")
    assert ended.code == 4
    assert f"the solution {solution} cannot be read: 'utf-8' codec" in ended.err


def test_a_course_without_solutions_says_so(grade: Grade, without_solutions: Path) -> None:
    ended = grade("solution", "ex01", "--give-up")
    assert ended.code == 2
    assert "comes without the solution" in ended.err


# submit


def test_what_is_packed_is_found_by_those_who_grade_a_class(
    grade: Grade, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.write_text(ANSWER, encoding="utf-8")
    inbox = tmp_path / "inbox" / "ada"
    inbox.mkdir(parents=True)
    monkeypatch.chdir(inbox)

    ended = grade("submit", "ex01")

    digest = hashlib.sha256(script.read_bytes()).hexdigest()
    assert ended.code == 0
    assert digest in ended.out
    assert all(cell_len(line) <= 80 for line in ended.out.splitlines())
    packed = inbox / "ex01_doubling.zip"
    with zipfile.ZipFile(packed) as archive:
        assert archive.namelist() == ["ex01_doubling.py", "submission.json"]
        description = json.loads(archive.read("submission.json"))
    assert description["sha256"] == digest
    assert description["exercise"] == "ex01"
    found = discover([inbox.parent], ["ex01_doubling"], workspace=tmp_path / "work")
    (one,) = found.found
    assert (one.student, one.exercise) == ("ada", "ex01")
    assert one.path.read_text(encoding="utf-8") == ANSWER
    assert not found.problems
    assert not found.warnings


def test_what_an_answer_imports_is_handed_in_with_it(
    grade: Grade, script: Path, repository: Path, tmp_path: Path
) -> None:
    folder = script.parent
    (folder / "parts").mkdir()
    (folder / "parts" / "layers.py").write_bytes("# 层\nX = 1\n".encode("gbk"))
    (folder / "unused.py").write_text("X = 2\n", encoding="utf-8")
    script.write_text(f"from parts.layers import X\n{ANSWER}", encoding="utf-8")

    grade("submit", "ex01", "--out", tmp_path / "out.zip")
    ended = grade("submit", "ex01", "--git")

    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == ["ex01_doubling.py", "parts/layers.py", "submission.json"]
        assert archive.read("parts/layers.py") == "# 层\nX = 1\n".encode("gbk")
    assert ended.code == 0
    tagged = git(repository, "ls-tree", "-r", "--name-only", "submit/ex01/1")
    assert "parts/layers.py" in tagged
    assert "unused.py" not in tagged


def test_the_same_file_gives_the_same_archive(grade: Grade, script: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one.zip", tmp_path / "other.zip"
    grade("submit", "ex01", "--out", one)
    grade("submit", "ex01", "--out", other)
    assert one.read_bytes() == other.read_bytes()


def test_another_file_is_packed_under_the_exercises_name(
    grade: Grade, script: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "作业 1.ipynb"
    mine.write_bytes(script.with_suffix(".ipynb").read_bytes())
    grade("submit", "ex01", "--file", mine, "--out", tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist()[0] == "ex01_doubling.ipynb"


def test_submit_says_what_may_have_been_overlooked(
    grade: Grade, graded: Any, script: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.zip"
    assert "is still as it was handed out" in grade("submit", "ex01", "--out", out).err
    script.write_text(ANSWER, encoding="utf-8")
    assert "has not been graded as it is now" in grade("submit", "ex01", "--out", out).err


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words],  # noqa: S607 - whichever git there is
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(small_course: Course, script: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = small_course.root
    for variable in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{variable}_NAME", "Ada")
        monkeypatch.setenv(f"{variable}_EMAIL", "ada@example.org")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Begin")
    return root


def test_a_tag_is_what_an_instructor_fetches(grade: Grade, script: Path, repository: Path) -> None:
    script.write_text(ANSWER, encoding="utf-8")
    (repository / "other.txt").write_text("staged", encoding="utf-8")
    git(repository, "add", "other.txt")

    ended = grade("submit", "ex01", "--git")

    assert ended.code == 0
    assert "git push origin HEAD submit/ex01/1" in ended.out
    assert (
        git(repository, "show", f"submit/ex01/1:{script.relative_to(repository).as_posix()}")
        == ANSWER.strip()
    )
    message = git(repository, "tag", "-l", "--format=%(contents)", "submit/ex01/1")
    assert json.loads(message)["sha256"] == hashlib.sha256(script.read_bytes()).hexdigest()
    assert git(repository, "status", "--porcelain", "other.txt") == "A  other.txt"
    assert "submit/ex01/2" in grade("submit", "ex01", "--git").out, "nothing new to commit"


def test_submit_by_git_needs_a_repository(
    grade: Grade, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    ended = grade("submit", "ex01", "--git")
    assert ended.code == 2
    assert "git rev-parse failed" in ended.err
    assert "without `--git`" in ended.err


# completion


@pytest.mark.parametrize(
    ("shell", "words", "wanted"),
    [
        ("bash", "grade e", "plain,ex01"),
        ("bash", "grade hi", "plain,hint"),
        ("bash", "grade reset e", "plain,ex01"),
        ("bash", "grade hint ex01 f", "plain,facts"),
        ("zsh", "grade hint 1 d", "plain\ndouble\nDouble a tensor"),
        ("fish", "grade submit ex01 --gi", "plain,--git"),
        ("bash", "grade hint ex77 d", ""),
    ],
)
def test_the_shell_completes_commands_exercises_and_tasks(
    grade: Grade, script: Path, monkeypatch: pytest.MonkeyPatch, shell: str, words: str, wanted: str
) -> None:
    begun = words.split()
    monkeypatch.setenv("_GRADE_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", words if shell != "fish" else " ".join(begun))
    monkeypatch.setenv("COMP_CWORD", begun[-1] if shell == "fish" else str(len(begun) - 1))
    assert wanted in grade().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_for_the_shell(grade: Grade, script: Path, shell: str) -> None:
    ended = grade("completion", shell)
    assert ended.code == 0
    assert f"_GRADE_COMPLETE={shell}_complete" in ended.out


# show


def test_a_text_is_rendered_with_formulas_and_pictures_in_letters(
    grade: Grade, script: Path, small_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    (script.parent / "README.md").write_text(
        "# Doubling\n\n$$\\left\\lfloor \\frac{size - 1}{2} \\right\\rfloor$$ and $e^{-x}$.\n\n"
        "![A picture of it](pictures/it.svg)\n\n```python\nprice = '$5 $6'\n```\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(small_course.root)
    out = grade("show", "ex01").out
    assert "⌊ (size - 1) / 2 ⌋" in out
    assert "e^(-x)" in out
    assert "Picture exercises/ex01_doubling/pictures/it.svg: A picture of it" in out
    assert "price = '$5 $6'" in out
    assert "#" not in out
    assert "**" not in out


def test_a_text_in_chinese_has_no_blanks_at_line_ends_and_no_cut_cells(
    grade: Grade, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    (script.parent / "README.zh.md").write_text(
        "- 写入文件，\n  所以它；\n  `torch` 能读。\n- 另一项：\n\n"
        "| 项 | 已给出 |\n| --- | --- |\n"
        "| conv | 三个通道变成四个通道卷积核三步长一补零两圈不用偏置 |\n",
        encoding="utf-8",
    )
    out = grade("--lang", "zh", "show", "ex01").out
    assert "写入文件，所以它；torch 能读。" in out
    assert "另一项：" in out
    assert "…" not in out
    assert "不用偏置" in out.replace("\n", "").replace(" ", "")
    assert all(cell_len(line) <= 40 for line in out.splitlines())
