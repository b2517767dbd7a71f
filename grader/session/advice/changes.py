"""What is said of what was read differently, so that a file runs on the machine that grades it."""

from __future__ import annotations

from typing import Final

from grader.session.advice.saying import Saying, lesson

SAYINGS: Final[dict[str, Saying]] = {
    "cuda-read-as": lesson(
        "There is no GPU here: this line was read with `{device}` in place of `cuda`.",
        "这里没有 GPU：评分时把这一行的 `cuda` 当作 `{device}`。",
    ),
    "loop-cut-short": lesson(
        "Loops over data end after 1,000 batches together while a file is loaded: from here on "
        "they were cut short. Nothing that is graded depends on it.",
        "载入文件时，遍历数据的循环合计最多取 1,000 个批次：从这里起循环提前结束。这不影响评分。",
    ),
    "data-set-served": lesson(
        "`{name}` is not downloaded while grading: the course's own images of ten shapes stand "
        "for it, 2,960 for training and 976 for the test.",
        "评分时不下载 `{name}`：用课程自带的十种图形的图像代替，训练 2,960 张，测试 976 张。",
    ),
    "data-set-drawn": lesson(
        "`{name}` is not downloaded while grading, and the course's own images could not be read: "
        "striped ones stand for it. `grade data shapes10` puts the course's images right.",
        "评分时不下载 `{name}`，课程自带的图像也无法读取：用条纹图像代替。"
        "运行 `grade data shapes10` 可以修复课程的图像。",
    ),
    "weights-drawn": lesson(
        "The trained weights of `{name}` cannot be had while grading: random ones stand for them.",
        "评分时得不到 `{name}` 训练好的权重：用随机权重代替。",
    ),
}
