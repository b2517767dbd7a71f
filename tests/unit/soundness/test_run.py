from __future__ import annotations

from typing import Any


def test_a_sound_exercise_has_no_fault(sound: Any) -> None:
    result = sound.check()

    assert [(fault.rule, fault.message.en) for fault in result.faults] == []
    # Five seeds, the quarter of the limits, the stub, nine wrong answers, one of them twice.
    assert result.gradings == 17
    assert result.exit_code == 0
