"""What the lock-down refuses, in both languages, with what to do instead."""

from __future__ import annotations

from typing import Final, NamedTuple

from grader.language import Text
from grader.worker.refusals import REFUSALS


class Refusal(NamedTuple):
    """A class of acts that are off while grading."""

    id: str
    message: Text
    hint: Text


def _refusal(identifier: str, zh: str, hint: Text) -> Refusal:
    return Refusal(identifier, Text(en=REFUSALS[identifier], zh=zh), hint)


_ALL: Final = (
    _refusal(
        "network-off",
        "评分时不能访问网络",
        Text(
            en="Move downloads and uploads under `if __name__ == '__main__':`; what is graded "
            "gets its data as arguments.",
            zh="请把下载和上传放到 `if __name__ == '__main__':` 之下；"
            "被评分的代码所需的数据由参数传入。",
        ),
    ),
    _refusal(
        "program-off",
        "评分时不能启动其他程序",
        Text(
            en="`subprocess` and the shell are not needed for any exercise: use Python's own "
            "functions, or move the line under `if __name__ == '__main__':`.",
            zh="所有练习都用不到 `subprocess` 和命令行：请使用 Python 自带的函数，"
            "或把这一行放到 `if __name__ == '__main__':` 之下。",
        ),
    ),
    _refusal(
        "process-off",
        "评分时不能启动其他进程",
        Text(
            en="Leave `multiprocessing` and `os.fork` out; a `DataLoader` needs `num_workers=0`, "
            "its default.",
            zh="请不要使用 `multiprocessing` 和 `os.fork`；`DataLoader` 请用默认的 "
            "`num_workers=0`。",
        ),
    ),
    _refusal(
        "files-off",
        "评分时不能读写工作文件夹以外的文件",
        Text(
            en="Write to a relative path such as `model.pt`, or with `tempfile`; your own files "
            "were not handed in, so nothing can be read from them.",
            zh="请写入相对路径（如 `model.pt`）或使用 `tempfile`；"
            "你自己的其他文件没有一起提交，因此读不到。",
        ),
    ),
    _refusal(
        "threads-limit",
        "启动的线程数超过了评分的上限",
        Text(
            en="Start a few threads at most, and wait for each with `join()`.",
            zh="最多启动少量线程，并用 `join()` 等待它们结束。",
        ),
    ),
    _refusal(
        "file-limit",
        "文件大小超过了评分的上限",
        Text(
            en="Does a loop write without end, or is more saved than `state_dict()`?",
            zh="是不是循环在不停地写，或者保存了 `state_dict()` 以外的东西？",
        ),
    ),
    _refusal(
        "disk-limit",
        "写入的文件数量或大小超过了工作文件夹的上限",
        Text(
            en="Write less, or remove files that are no longer needed.",
            zh="请少写一些，或删除不再需要的文件。",
        ),
    ),
    _refusal(
        "open-files-limit",
        "同时打开的文件数超过了评分的上限",
        Text(
            en="Open files with `with open(…)`, which closes them again.",
            zh="请用 `with open(…)` 打开文件，它会自动关闭文件。",
        ),
    ),
    _refusal(
        "act-off",
        "评分时操作系统不允许这样做",
        Text(
            en="The exercise needs nothing of the operating system: leave the line out.",
            zh="练习不需要操作系统的这些功能：请去掉这一行。",
        ),
    ),
)


def find_refusal(message: str) -> Refusal | None:
    """Find what a worker says was refused.

    Args:
        message: The text of an exception, from the student's process; see
            `grader.worker.refusals`.
    """
    for refusal in _ALL:
        if message.startswith(refusal.message.en):
            rest = message[len(refusal.message.en) :]
            whole = Text(en=refusal.message.en + rest, zh=refusal.message.zh + rest)
            return refusal._replace(message=whole)
    return None
