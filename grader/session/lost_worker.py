"""Words how a worker ended: for want of time or of memory, or by a crash."""

from __future__ import annotations

from typing import Final

import msgspec

from grader.language import Text
from grader.report.examination import Where
from grader.session.failures import LossKind
from grader.session.finding import Finding
from grader.session.places import place_of
from grader.session.student import Student
from grader.worker import wire

_LESS_MEMORY: Final = Text(
    en="Does a list keep every batch, loss or graph (use `loss.item()`), or is a tensor far larger "
    "than its shape should be?",
    zh="是不是用列表保存了每一批数据、损失或计算图（应使用 `loss.item()`），"
    "或者某个张量比应有的形状大得多？",
)


def of_lost_worker(
    kind: LossKind, detail: str, places: tuple[wire.Place, ...], student: Student
) -> Finding:
    """Word the end of a worker."""
    at = place_of(_place_to_name(kind, places, student.facts.loops), student)
    if kind == "timeout":
        return _of_timeout(detail, at)
    if kind == "memory":
        return of_memory("host", at)
    return _of_crash(detail, at)


def _place_to_name(
    kind: LossKind, places: tuple[wire.Place, ...], loops: tuple[wire.LoopFact, ...]
) -> wire.Place | None:
    """Choose the line to name: for what ran out of time the loop, not where it happened to be."""
    for place in reversed(places if kind == "timeout" else ()):
        for loop in loops:
            if loop.cell == place.cell and loop.first <= place.line <= loop.last:
                return msgspec.structs.replace(place, line=loop.first)
    return places[0] if places else None


def _of_timeout(detail: str, place: Where | None) -> Finding:
    limit = f" of {detail} s" if detail else ""
    limit_zh = f" {detail} 秒" if detail else ""
    return Finding(
        "timeout",
        Text(
            en=f"your code did not finish within the limit{limit}",
            zh=f"你的代码没有在{limit_zh}时限内完成",
        ),
        Text(
            en="Does a loop never end, or does the code wait for input or for the network?",
            zh="是否有循环永远不会结束，或者代码在等待输入或网络？",
        ),
        None,
        place,
    )


def _of_crash(detail: str, place: Where | None) -> Finding:
    if detail.startswith("exit"):
        status = detail.removeprefix("exit").strip()
        message = Text(
            en=f"your code ended the whole Python process (exit status {status})",
            zh=f"你的代码结束了整个 Python 进程（退出状态 {status}）",
        )
        return Finding("crashed", message, None, None, place)
    if detail == "no worker":
        message = Text(
            en="your file could not be loaded again after it had crashed",
            zh="代码崩溃后无法再次加载你的文件",
        )
        return Finding("crashed", message, None, None, place)
    if detail == "protocol":
        message = Text(
            en="the process that ran your code answered nonsense and was ended",
            zh="运行你代码的进程给出了无效的回应，已被结束",
        )
        return Finding("crashed", message, None, None, place)
    name = f" ({detail})" if detail else ""
    return Finding(
        "crashed",
        Text(
            en=f"the process that ran your code crashed{name}",
            zh=f"运行你代码的进程崩溃了{name}",
        ),
        None,
        None,
        place,
    )


def of_memory(kind: str, place: Where | None) -> Finding:
    """Word that memory was short: that of the `device`, or of this machine."""
    if kind == "device":
        message = Text(en="the device ran out of memory", zh="设备内存（显存）不足")
    else:
        message = Text(
            en="your code asked for more memory than the exercise allows",
            zh="你的代码请求的内存超过了本练习的上限",
        )
    return Finding("memory", message, _LESS_MEMORY, None, place)
