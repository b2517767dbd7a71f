"""What is said of what was read differently, so that a file runs on the machine that grades it."""

from __future__ import annotations

from typing import Final

from grader.session.advice.saying import Saying, lesson

SAYINGS: Final[dict[str, Saying]] = {
    "cuda-read-as": lesson(
        "There is no GPU here: this line was read with `{device}` in place of `cuda`.",
        "这里没有 GPU：评分时把这一行的 `cuda` 当作 `{device}`。",
    ),
    "data-set-served": lesson(
        "`{name}` is neither here nor downloaded: small drawn images of ten classes stand for it.",
        "这里没有 `{name}`，评分时也不下载：用程序绘制的十类小图像代替。",
    ),
    "weights-drawn": lesson(
        "The trained weights of `{name}` cannot be had while grading: random ones stand for them.",
        "评分时得不到 `{name}` 训练好的权重：用随机权重代替。",
    ),
}
