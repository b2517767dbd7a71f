"""ex02: the checks that learners can read."""

from __future__ import annotations

import torch

from grader.session import absent, assert_close, assert_equal, check

IMAGE = [[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1], [2, 1, 0, 1, 1]]
KERNEL = [[1, 2, 1], [0, 1, 0], [2, 1, 0]]
STANDARD = [[10, 12, 12], [18, 16, 16], [13, 9, 3]]
STRIDED = [[10, 12], [13, 3]]
PADDED = [
    [1, 3, 4, 10, 8],
    [5, 10, 12, 12, 6],
    [7, 18, 16, 16, 8],
    [11, 13, 9, 3, 4],
    [14, 13, 9, 7, 4],
]

# So that a mistake in one function costs its own task only, these stand in for the others: each
# knows what this one example needs, and nothing else.
HELPERS = """
def output_size(*_, **__):
    return 3

def lookup(prepared):
    def to_nchw(matrix):
        return next(batch for batch in prepared if batch.shape[-1] == matrix.shape[-1])
    return to_nchw
"""


@check(
    task="to_nchw",
    points=4,
    title={
        "en": "The 5x5 matrix of the notes becomes float32 of shape 1x1x5x5",
        "zh": "笔记里的 5x5 矩阵变成形状 1x1x5x5 的 float32",
    },
    hint={
        "en": "`matrix.to(torch.float32)` changes the dtype, `reshape` or `unsqueeze` the shape.",
        "zh": "`matrix.to(torch.float32)` 改变 dtype，`reshape` 或 `unsqueeze` 改变形状。",
    },
)
def test_to_nchw_example(student, device):
    matrix = torch.tensor(IMAGE, device=device)
    assert_close(
        student.to_nchw(matrix),
        torch.tensor([[IMAGE]], dtype=torch.float32, device=device),
        misconceptions={"dtype-kept": lambda: matrix.reshape(1, 1, 5, 5)},
        what="to_nchw(matrix)",
    )


@check(
    task="output_size",
    points=5,
    title={
        "en": "output_size for the sizes of the notes: 3, 2 and 5",
        "zh": "笔记里的三种输出大小：3、2 和 5",
    },
    hint={
        "en": "Put the numbers into the formula by hand: (5 + 2*0 - 1*(3-1) - 1) / 2 = 1, + 1 = 2.",
        "zh": "把数字代入公式手算：(5 + 2*0 - 1*(3-1) - 1) / 2 = 1，再 + 1 = 2。",
    },
)
def test_output_size_example(student):
    size = student.output_size
    assert_equal(
        size(5, 3),
        3,
        # A default stride of 2 gives 2 as well, and is another mistake.
        misconceptions={"plus-one-missing": lambda: 2 if size(5, 3, stride=1) == 2 else None},
        what="output_size(5, 3)",
    )
    assert_equal(size(5, 3, stride=2), 2, what="output_size(5, 3, stride=2)")
    assert_equal(
        size(5, 3, padding=1),
        5,
        misconceptions={"padding-counted-once": lambda: 4},
        what="output_size(5, 3, padding=1)",
    )


@check(
    task="convolve",
    points=6,
    title={
        "en": "convolve gives the numbers of the notes",
        "zh": "convolve 得到笔记里的数字",
    },
    hint={
        "en": "The first one: 1*1 + 2*2 + 0*1 + 0*0 + 1*1 + 2*0 + 1*2 + 2*1 + 1*0 = 10.",
        "zh": "第一个数：1*1 + 2*2 + 0*1 + 0*0 + 1*1 + 2*0 + 1*2 + 2*1 + 1*0 = 10。",
    },
)
def test_convolve_example(student, define, device):
    student.output_size = define(HELPERS).output_size
    image = torch.tensor(IMAGE, dtype=torch.float32, device=device)
    kernel = torch.tensor(KERNEL, dtype=torch.float32, device=device)
    expected = torch.tensor(STANDARD, dtype=torch.float32, device=device)
    flipped = torch.tensor([[9, 12, 9], [19, 18, 11], [10, 6, 4]])
    assert_close(
        student.convolve(image, kernel),
        expected,
        misconceptions={"kernel-flipped": lambda: flipped.to(expected)},
        what="convolve(image, kernel)",
    )


@check(
    task="compare",
    points=5,
    title={
        "en": "compare_convolutions gives the three results of the notes",
        "zh": "compare_convolutions 得到笔记里的三个结果",
    },
    hint={
        "en": "Change one thing at a time: `stride=2` for `strided`, `padding=1` for `padded`; "
        "image and kernel are 4-D in every call.",
        "zh": "一次只改一处：`strided` 用 `stride=2`，`padded` 用 `padding=1`；"
        "每次调用中图像和卷积核都是四维。",
    },
)
def test_compare_example(student, define, device):
    image = torch.tensor(IMAGE, dtype=torch.float32, device=device)
    kernel = torch.tensor(KERNEL, dtype=torch.float32, device=device)
    batches = [
        torch.tensor([[rows]], dtype=torch.float32, device=device) for rows in (IMAGE, KERNEL)
    ]
    student.to_nchw = define(HELPERS).lookup(batches)
    results = {"standard": STANDARD, "strided": STRIDED, "padded": PADDED}
    expected = {
        name: torch.tensor([[rows]], dtype=torch.float32, device=device)
        for name, rows in results.items()
    }
    answer = student.compare_convolutions(image, kernel)
    for name in expected if isinstance(answer, dict) else ():
        if name not in answer:
            absent(f"there is no value under the key {name!r}.", f"没有键 {name!r} 对应的值。")
    assert_close(answer, expected)
