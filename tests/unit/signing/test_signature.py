from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
from class_reports import make_report

from grader.errors import UsageError
from grader.signing.keys import new_keys, read_private_key, read_public_key
from grader.signing.signature import Verdict, sign_report, signature_path, verify_report


class Signed:
    """A report with its signature, and the keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key, self.public = self.pair("key")
        self.submission = folder / "ex01.py"
        self.submission.write_bytes(b"x = 1\n")
        self.report = folder / "ex01.json"
        report = make_report()
        facts = msgspec.structs.replace(
            report.submission, sha256=hashlib.sha256(b"x = 1\n").hexdigest()
        )
        self.report.write_bytes(msgspec.structs.replace(report, submission=facts).to_json())
        sign_report(self.report, read_private_key(self.key))

    def pair(self, name: str) -> tuple[Path, Path]:
        paths = self.folder / name, self.folder / f"{name}.pub"
        for path, content in zip(paths, new_keys(), strict=True):
            path.write_bytes(content)
        return paths

    def verdict(self, submission: Path | None = None, public: Path | None = None) -> Verdict:
        return verify_report(self.report, read_public_key(public or self.public), submission)

    def refusal(self, submission: Path | None = None, public: Path | None = None) -> str:
        verdict = self.verdict(submission, public)
        assert verdict.report is None
        assert verdict.reason is not None
        return verdict.reason.en


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    return Signed(tmp_path)


def test_what_was_signed_is_trusted(signed: Signed) -> None:
    verdict = signed.verdict(signed.submission)
    assert verdict.reason is None
    assert verdict.report is not None
    assert verdict.report.score == 100


def test_every_changed_byte_is_refused(signed: Signed) -> None:
    content = signed.report.read_bytes()
    for place in range(0, len(content), 61):
        changed = bytearray(content)
        changed[place] ^= 1
        signed.report.write_bytes(changed)
        assert "changed after it was signed" in signed.refusal()
    for shortened in (content + b" ", content[:-1], b""):
        signed.report.write_bytes(shortened)
        assert "changed after it was signed" in signed.refusal()


def test_a_changed_signature_is_refused(signed: Signed) -> None:
    path = signature_path(signed.report)
    content = path.read_bytes()
    for changed in (b"", b"{}", b"[1]", content[:-9], content.replace(b'"ed25519"', b'"none"')):
        path.write_bytes(changed)
        assert "is no signature" in signed.refusal()
    start = content.index(b'"signature":"') + 13
    path.write_bytes(content[:start] + (b"A" if content[start:start + 1] != b"A" else b"B")
                     + content[start + 1:])  # fmt: skip
    assert "changed after it was signed" in signed.refusal()
    path.unlink()
    assert "there is no signature" in signed.refusal()


def test_another_key_is_refused_and_named(signed: Signed) -> None:
    _, other = signed.pair("other")
    assert "was signed with another key" in signed.refusal(public=other)


def test_another_submission_is_refused(signed: Signed) -> None:
    signed.submission.write_bytes(b"x = 2\n")
    assert "about another submission than ex01.py" in signed.refusal(signed.submission)


def test_the_signature_of_one_report_is_not_that_of_another(signed: Signed) -> None:
    other = signed.folder / "ex02.json"
    other.write_bytes(make_report("ex02").to_json())
    shutil.copy(signature_path(signed.report), signature_path(other))
    verdict = verify_report(other, read_public_key(signed.public))
    assert verdict.report is None


def test_signing_again_changes_nothing(signed: Signed) -> None:
    before = signature_path(signed.report).read_bytes()
    sign_report(signed.report, read_private_key(signed.key))
    assert signature_path(signed.report).read_bytes() == before


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")
def test_keys_of_openssh_will_do(signed: Signed) -> None:
    path = signed.folder / "ssh"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)]
    subprocess.run(command, check=True, timeout=30)
    sign_report(signed.report, read_private_key(path))
    assert signed.verdict(public=path.with_name("ssh.pub")).reason is None


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"ssh-ed25519 AAAA", b"-----BEGIN PUBLIC KEY-----\n", b"\xff"]
)
def test_what_is_no_key_is_said_before_anything_else(signed: Signed, content: bytes) -> None:
    bad = signed.folder / "bad"
    bad.write_bytes(content)
    for read in (read_private_key, read_public_key):
        with pytest.raises(UsageError, match="is no Ed25519 key"):
            read(bad)
        with pytest.raises(UsageError, match="is no Ed25519 key"):
            read(signed.folder / "missing")
    with pytest.raises(UsageError, match="is no Ed25519 key"):
        read_private_key(signed.public)
