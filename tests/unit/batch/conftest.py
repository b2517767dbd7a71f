"""What the tests of batches share."""

from __future__ import annotations

from pathlib import Path

import pytest
from batch_of_minis import MiniBatch
from grading import MiniCourse


@pytest.fixture
def batch(mini: MiniCourse, tmp_path: Path) -> MiniBatch:
    return MiniBatch(mini, tmp_path)
