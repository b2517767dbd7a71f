from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from class_reports import make_report

from grader.signing.keys import read_private_key
from grader.signing.signature import sign_report

Grade = Callable[..., Any]


def test_keys_are_made_and_reports_verified(grade: Grade, tmp_path: Path) -> None:
    key, report = tmp_path / "key", tmp_path / "ex01.json"
    assert grade("verify", "--new-key", key).out == f"{key}\n{key}.pub\n"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert grade("verify", "--new-key", key).code == 2
    report.write_bytes(make_report().to_json())
    unsigned = grade("verify", report, "--key", f"{key}.pub")
    assert (unsigned.code, "refused: there is no signature" in unsigned.out) == (1, True)
    sign_report(report, read_private_key(key))
    good = grade("verify", report, "--key", f"{key}.pub")
    assert good.code == 0
    assert good.out == f"{report}: as it was signed: ex01, 100 / 100, file {'0' * 16}\n"
    assert "与签名时一致" in grade("verify", report, "--key", f"{key}.pub", "--lang", "zh").out
    other = grade("verify", report, "--key", f"{key}.pub", "--file", report)
    assert (other.code, "another submission" in other.out) == (1, True)


def test_half_a_pair_of_keys_is_never_left(grade: Grade, tmp_path: Path) -> None:
    old = tmp_path / "key.pub"
    old.write_bytes(b"old")
    ended = grade("verify", "--new-key", tmp_path / "key")
    assert ended.code == 2
    assert f"no key was written to {old}: File exists" in ended.err
    assert old.read_bytes() == b"old"
    assert not (tmp_path / "key").exists()


def test_wrong_use_is_named(grade: Grade, tmp_path: Path) -> None:
    report = tmp_path / "ex01.json"
    for words in ([], [report], ["--key", report], [report, "--key", report],
                  [report, report, "--key", report, "--file", report]):  # fmt: skip
        assert grade("verify", *words).code == 2
