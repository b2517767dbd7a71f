"""Why a check was not passed."""

from __future__ import annotations

import msgspec

from grader.language import Text
from grader.report.examination import Compared, Outcome, Where


class Finding(msgspec.Struct, frozen=True):
    """Why a check was not passed."""

    outcome: Outcome
    message: Text
    hint: Text | None = None
    misconception: str | None = None
    where: Where | None = None
    compared: Compared | None = None
