from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.catalog import Course
from grader.course.manifest import read_manifest
from grader.errors import ManifestError


def manifest_path(small_course: Course) -> Path:
    return small_course.exercises / "ex01_doubling" / "exercise.toml"


def test_a_manifest_is_read_with_defaults_for_what_it_leaves_out(small_course: Course) -> None:
    manifest = read_manifest(manifest_path(small_course))
    assert (manifest.id, manifest.slug, manifest.title.zh) == ("ex01", "doubling", "加倍")
    assert manifest.limits.call_seconds == 2
    assert manifest.limits.memory_mb == 1024
    assert manifest.misconceptions["squares"].en == "You squared."


@pytest.mark.parametrize(
    ("old", "new", "key", "expected", "found"),
    [
        ("points = 60", 'points = "60"', "tasks, entry 1, points", "a number", "a text"),
        ('id = "facts"', "", "tasks, entry 2", "the key `id`", "nothing"),
        ("[limits]", "[limits]\nspeed = 1", "limits", "only keys", "`speed`"),
        ("points = 60", "points = 50", "tasks", "100 points", "90"),
        ("points = 60", "points = nan", "tasks, double, points", "above 0", "nan"),
        ("format = 1", "format = 2", "format", "1", "2"),
        ('id = "ex01"', 'id = "ex1"', "id", "two digits", "'ex1'"),
        ('"doubling"', '"tripling"', "id and slug", "ex01_doubling", "ex01_tripling"),
        ('id = "facts"', 'id = "double"', "tasks", "each id once", "'double'"),
        ('names = ["FACTS"]', "names = []", "tasks, facts, names", "Python names", "[]"),
        ('names = ["FACTS"]', 'names = ["a b"]', "tasks, facts, names", "Python names", "a b"),
        ('zh = "你做了平方。"', "", "misconceptions, squares", "the key `zh`", "nothing"),
        ('zh = "你做了平方。"', 'zh = " "', "misconceptions, squares, zh", "a text", "''"),
        ("misconceptions.squares", "misconceptions.Squares", "misconceptions", "ids", "Squares"),
        ("call_seconds = 2", "call_seconds = -1", "limits, call_seconds", "above 0", "-1"),
        ('["torch.utils.data"]', '["os; x"]', "preload", "names of modules", "os; x"),
        ("format = 1", "format = ", "the file", "TOML", "line 1"),
        ('title = { en = "Doubling"', "title = { en = 3", "title, en", "a text", "a whole number"),
    ],
)
def test_a_mistake_is_named_by_file_key_expected_and_found(
    small_course: Course, old: str, new: str, key: str, expected: str, found: str
) -> None:
    path = manifest_path(small_course)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ManifestError) as caught:
        read_manifest(path)
    message = caught.value.message.en
    place, _, rest = message.removeprefix(f"{path}: ").partition(": expected ")
    assert place == key
    assert expected in rest.partition(", found ")[0]
    assert found in rest.partition(", found ")[2]
    assert str(path) in caught.value.message.zh
    assert caught.value.exit_code == 4


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"expected a file exercise\.toml, found nothing"):
        read_manifest(tmp_path / "exercise.toml")


def test_a_manifest_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "exercise.toml"
    path.write_bytes("标题".encode("gbk"))
    with pytest.raises(ManifestError, match="expected UTF-8 text"):
        read_manifest(path)
