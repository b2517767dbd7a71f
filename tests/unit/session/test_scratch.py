from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from grader.errors import WorkerUnavailableError
from grader.session.scratch import scratch_folder


def test_the_scratch_folder_is_gone_afterwards() -> None:
    with scratch_folder() as folder:
        (folder / "file").write_text("x", encoding="utf-8")

    assert not folder.exists()


def test_a_temporary_folder_that_is_not_there_is_named_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))

    with pytest.raises(WorkerUnavailableError, match="gone") as raised, scratch_folder():
        pass

    assert raised.value.hint is not None
    assert "TMPDIR" in raised.value.hint.en
