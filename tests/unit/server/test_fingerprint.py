from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from grader.server import fingerprint as module
from grader.server.fingerprint import fingerprint


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pretend that grader and torch are installed in a folder of the test's."""
    libraries = tmp_path / "site-packages"
    for name in ("grader", "torch"):
        (libraries / name).mkdir(parents=True)
        (libraries / name / "__init__.py").write_text("", encoding="utf-8")
    (libraries / "torch" / "version.py").write_text("__version__ = '1'", encoding="utf-8")
    spec = ModuleSpec("torch", None, origin=str(libraries / "torch" / "__init__.py"))
    monkeypatch.setattr(module, "_PACKAGE", libraries / "grader")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: spec)
    monkeypatch.setattr(sys, "path", [str(libraries)])
    return libraries


def test_it_stays_where_nothing_changes(installed: Path) -> None:
    assert fingerprint({"LANG": "C"}) == fingerprint({"LANG": "zh_CN.UTF-8"})


@pytest.mark.parametrize("changed", ["grader/__init__.py", "torch/__init__.py", "torch/version.py"])
def test_it_changes_with_a_source(installed: Path, changed: str) -> None:
    before = fingerprint({})
    path = installed / changed
    path.write_text("changed = True", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert fingerprint({}) != before


def test_it_changes_when_a_library_is_installed(installed: Path) -> None:
    before = fingerprint({})
    (installed / "pytest-9.dist-info").mkdir()
    os.utime(installed, ns=(1, 1))
    assert fingerprint({}) != before


def test_it_changes_with_what_libraries_read_when_they_are_imported(installed: Path) -> None:
    assert fingerprint({"LD_LIBRARY_PATH": "/a"}) != fingerprint({"LD_LIBRARY_PATH": "/b"})


def test_compiled_files_do_not_matter(installed: Path) -> None:
    before = fingerprint({})
    (installed / "grader" / "__pycache__").mkdir()
    (installed / "grader" / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert fingerprint({}) == before
