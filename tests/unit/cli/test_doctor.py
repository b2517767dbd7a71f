from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.doctor import run as doctor
from grader.errors import WorkerUnavailableError
from grader.session.acts import ACTS
from grader.session.jobs import Inspected
from grader.worker.policy import LAYERS

Grade = Callable[..., Any]


def machine(
    monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...] = (), allowed: tuple[str, ...] = ()
) -> None:
    found = Inspected(
        torch="2.15.0",
        devices=("cpu (2)",),
        acts={name: "allowed" if name in allowed else "stopped: EPERM" for name in ACTS},
        layers=tuple(layer for layer in LAYERS if layer not in missing),
        missing=dict.fromkeys(missing, "this kernel has none " * 5),
    )
    monkeypatch.setattr(doctor, "inspect_worker", lambda _: found)


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("allowed", [(), ("start_process", "connect_tcp")])
def test_each_act_has_a_line_that_fits(
    grade: Grade, monkeypatch: pytest.MonkeyPatch, lang: str, allowed: tuple[str, ...]
) -> None:
    machine(monkeypatch, ("seccomp",) if allowed else (), allowed)
    ended = grade("doctor", "--lang", lang)
    assert "\x1b" not in ended.out
    for act in ACTS.values():
        assert (act.title.en if lang == "en" else act.title.zh) in ended.out
    fixed = [line for line in ended.out.splitlines() if "/" not in line and "`" not in line]
    assert max(map(columns, fixed)) <= 80
    assert "Python" in ended.out


def test_all_stopped_ends_with_0(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch)
    ended = grade("doctor")
    assert ended.code == 0
    assert "`--sandbox strict` grades here" in ended.out
    assert "NOT STOPPED" not in ended.out


def test_a_hole_ends_with_5_its_class_and_the_cure(
    grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(monkeypatch, ("seccomp", "network-namespace"), ("connect_tcp",))
    ended = grade("doctor")
    assert ended.code == 5
    assert "Not stopped: Network and sockets." in ended.out
    assert "hint: Install libseccomp" in ended.out
    assert ended.out.count("NOT STOPPED") == 1
    assert "seccomp: this kernel has none" in ended.out
    assert "limited from outside" in ended.out


def test_json_holds_everything(
    grade: Grade, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machine(monkeypatch, ("seccomp",), ("start_process",))
    printed = json.loads(grade("doctor", "--json", "-").out)
    assert printed["is_strict"] is False
    acts = {act["name"]: act for act in printed["acts"]}
    assert set(acts) == set(ACTS)
    assert acts["start_process"]["is_stopped"] is False
    assert acts["connect_tcp"]["by"] == ["network-namespace"]
    assert printed["open_classes"][0]["en"] == "Programs and processes"
    assert grade("doctor", "--json", tmp_path / "d.json").code == 5
    assert json.loads((tmp_path / "d.json").read_bytes())["missing"].keys() == {"seccomp"}


def test_a_machine_without_workers_is_told_of(
    grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_container: object) -> Inspected:
        message = "no fork"
        raise WorkerUnavailableError(message, hint="more memory")

    monkeypatch.setattr(doctor, "inspect_worker", fail)
    ended = grade("doctor")
    assert ended.code == 5
    assert "no fork" in ended.out
    assert "hint: more memory" in ended.out
