"""Hands in for a class as a class does: right, half done, wrong, untouched and broken files.

The same exercise and size give the same files. How large each part is stands in `SHARES`; every
kind has at least one student.
"""

from __future__ import annotations

import ast
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from grader.course.models import Exercise
from grader.course.stub import make_stub, without_marks

ROOT = Path(__file__).resolve().parents[1]
SHARES = {
    "full": 0.46,
    "half done": 0.20,
    "wrong": 0.20,
    "untouched": 0.06,
    "syntax error": 0.03,
    "no text": 0.01,
    "empty": 0.01,
    "endless": 0.01,
    "imports": 0.02,
}
"""Kinds of submission. Of the right ones some are notebooks, in GBK, or train at the top level."""


def kinds_of(students: int, draw: random.Random) -> list[str]:
    """Give every student a kind."""
    kinds = [kind for kind, share in SHARES.items() for _ in range(max(1, int(share * students)))]
    kinds += ["full"] * (students - len(kinds))
    draw.shuffle(kinds)
    return kinds[:students]


def hand_in(folder: Path, exercise: Exercise, students: int) -> dict[str, str]:
    """Write a submission for every student, and give its kind by the student's id."""
    draw = random.Random(exercise.id)  # noqa: S311 - a class, no secret
    kinds = {f"student{n:04}": kind for n, kind in enumerate(kinds_of(students, draw))}
    for student, kind in kinds.items():
        home = folder / student
        home.mkdir(parents=True, exist_ok=True)
        _write(kind, home, exercise, draw)
    return kinds


def _write(kind: str, home: Path, exercise: Exercise, draw: random.Random) -> None:
    source = exercise.solution.read_text(encoding="utf-8")
    right, stub = without_marks(source), make_stub(source, exercise.solution)
    if kind in {"full", "wrong"}:
        _copy(kind, home, exercise, draw)
        return
    if kind == "imports":
        home.joinpath(f"work_{exercise.id}.py").write_text(right, encoding="utf-8")
    makers: dict[str, Callable[[], bytes]] = {
        "half done": lambda: _half_done(stub, right, draw).encode(),
        "untouched": stub.encode,
        "syntax error": lambda: _without_a_colon(right, draw).encode(),
        "no text": lambda: b"\x7fELF\x00\x01" + bytes(2000),
        "empty": lambda: b"",
        "endless": lambda: _endless(right, draw).encode(),
        "imports": f"from work_{exercise.id} import *\n".encode,
    }
    home.joinpath(f"{exercise.name}.py").write_bytes(makers[kind]())


def _copy(kind: str, home: Path, exercise: Exercise, draw: random.Random) -> None:
    """Hand in one of the course's right answers, or of its known mistakes."""
    if kind == "full":
        files = sorted((ROOT / "tests" / "course" / "right" / exercise.id).glob("*.*"))
    else:
        files = sorted((exercise.solution.parent / "wrong").glob("*.py"))
    chosen = draw.choice(files)
    shutil.copyfile(chosen, home / f"{exercise.name}{chosen.suffix}")


def _half_done(stub: str, right: str, draw: random.Random) -> str:
    """Put some of the solution's functions and classes into the stub."""
    done, lines = _definitions(right), stub.splitlines()
    lines_of_right = right.splitlines()
    names = sorted(done)
    chosen = set(draw.sample(names, k=max(1, len(names) // 2)))
    for name, node in sorted(_definitions(stub).items(), key=lambda pair: -pair[1].lineno):
        if name in chosen & set(done):
            whole = lines_of_right[done[name].lineno - 1 : done[name].end_lineno]
            lines[node.lineno - 1 : node.end_lineno] = whole
    return "\n".join(lines) + "\n"


def _without_a_colon(right: str, draw: random.Random) -> str:
    """Forget the colon behind the head of one function or class."""
    lines = right.splitlines()
    heads = [n for n, line in enumerate(lines) if line.startswith(("def ", "class "))]
    place = draw.choice([n for n in heads if lines[n].endswith(":")] or heads)
    lines[place] = lines[place].removesuffix(":")
    return "\n".join(lines) + "\n"


def _endless(right: str, draw: random.Random) -> str:
    """Let one function or method loop for ever."""
    tree = ast.parse(right)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    node = draw.choice(functions)
    node.body = [ast.parse("while True:\n    pass").body[0]]
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _definitions(text: str) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    body = ast.parse(text).body
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
