"""ex02: the checks that learners see by title only."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional as F

from grader.session import (
    absent,
    assert_close,
    assert_equal,
    assert_raises,
    assert_same_gradients,
    assert_true,
    check,
    gradients,
    require_same_device,
    unchanged,
)

# So that a mistake in one function costs its own task only.
HELPERS = """
import torch

def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    least = {"size": 1, "kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1}
    values = (size, kernel_size, stride, padding, dilation)
    for (name, limit), value in zip(least.items(), values):
        if value < limit:
            raise ValueError(f"{name} must be at least {limit}, got {value}")
    reach = dilation * (kernel_size - 1) + 1
    if reach > size + 2 * padding:
        raise ValueError(f"kernel_size {kernel_size} does not fit")
    return (size + 2 * padding - reach) // stride + 1

def to_nchw(matrix):
    if matrix.dim() != 2:
        raise ValueError("matrix must have 2 dimensions")
    return matrix.to(torch.float32)[None, None]

def pick(function, image, kernel, name):
    return function(image, image.new_tensor(kernel))[name]
"""
# In float64 the order of the products does not matter here, and float32 on the way does.
EXACT = {"rtol": 1e-10, "atol": 1e-10}


@pytest.fixture
def helped(student, define):
    """Give the student's module, with a right output_size and a right to_nchw in it."""
    helpers = define(HELPERS)
    student.output_size = helpers.output_size
    student.to_nchw = helpers.to_nchw
    return student


@pytest.fixture
def convolve(helped):
    return helped.convolve


@pytest.fixture
def compare(helped):
    return helped.compare_convolutions


@check(
    task="to_nchw",
    points=3,
    visibility="hidden",
    title={
        "en": "to_nchw gives float32 for every dtype",
        "zh": "对任何 dtype，to_nchw 都给出 float32",
    },
    hint={
        "en": "Integers, booleans and float64 must be converted as well.",
        "zh": "整数、布尔值和 float64 也要转换。",
    },
    needs=("to_nchw_example",),
)
def test_to_nchw_dtypes(student, integers):
    for dtype in (torch.int64, torch.uint8, torch.bool, torch.float64, torch.float32):
        matrix = integers(0, 9, (3, 3)).to(dtype)
        assert_close(
            student.to_nchw(matrix),
            matrix.to(torch.float32).reshape(1, 1, 3, 3),
            misconceptions={"dtype-kept": lambda matrix=matrix: matrix.reshape(1, 1, 3, 3)},
            what=f"to_nchw(matrix), {dtype}",
        )


@check(
    task="to_nchw",
    points=3,
    visibility="hidden",
    title={
        "en": "to_nchw keeps height and width apart, also for a transposed matrix",
        "zh": "to_nchw 不混淆高和宽，转置过的矩阵也一样",
    },
    needs=("to_nchw_example",),
)
def test_to_nchw_not_square(student, randn):
    for matrix in (randn(3, 7), randn(6, 2).t()):
        height, width = matrix.shape
        assert_close(
            student.to_nchw(matrix),
            matrix[None, None],
            misconceptions={
                "height-width-swapped": lambda m=matrix: m.reshape(1, 1, *reversed(m.shape)),
            },
            what=f"to_nchw, {height}x{width}",
        )


@check(
    task="to_nchw",
    points=2,
    visibility="hidden",
    title={
        "en": "to_nchw leaves a float32 matrix as it was, and gradients flow through it",
        "zh": "to_nchw 不修改 float32 的矩阵，梯度也能穿过它",
    },
    needs=("to_nchw_example",),
)
def test_to_nchw_inputs(student, reference, randn):
    matrix = randn(3, 4)
    assert_close(unchanged(student.to_nchw, matrix), matrix[None, None])
    assert_same_gradients(
        gradients(student.to_nchw, matrix), gradients(reference.to_nchw, matrix), ("matrix",)
    )


@check(
    task="to_nchw",
    points=3,
    visibility="hidden",
    title={
        "en": "to_nchw raises ValueError for what is not 2-D, and names `matrix`",
        "zh": "输入不是二维时 to_nchw 抛出 ValueError，并写出 `matrix`",
    },
    hint={
        "en": "`matrix.dim()` says how many dimensions there are.",
        "zh": "`matrix.dim()` 给出维数。",
    },
    needs=("to_nchw_example",),
)
def test_to_nchw_not_2d(student, randn):
    for matrix in (randn(4), randn(1, 4, 4), randn(1, 1, 4, 4)):
        assert_raises(ValueError, student.to_nchw, matrix, names="matrix")


def _formula(size, kernel_size, stride=1, padding=0, dilation=1):
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1


@check(
    task="output_size",
    points=4,
    visibility="hidden",
    title={
        "en": "output_size rounds down where the stride does not divide evenly",
        "zh": "步长不能整除时，output_size 向下取整",
    },
    needs=("output_size_example",),
)
def test_output_size_stride(student, rng):
    stride = rng.choice([3, 5])
    size = stride * rng.randint(3, 9) + 1 + stride - 1
    exact = (size - 2) / stride
    assert_equal(
        student.output_size(size, 2, stride),
        math.floor(exact) + 1,
        misconceptions={
            "rounds-up": lambda: math.ceil(exact) + 1,
            "plus-one-missing": lambda: math.floor(exact),
        },
    )


@check(
    task="output_size",
    points=4,
    visibility="hidden",
    title={
        "en": "output_size counts the padding on both sides",
        "zh": "output_size 把两侧的补零都算上",
    },
    needs=("output_size_example",),
)
def test_output_size_padding(student, rng):
    size, kernel, padding = rng.randint(10, 40), rng.randint(2, 6), rng.randint(2, 4)
    assert_equal(
        student.output_size(size, kernel, padding=padding),
        _formula(size, kernel, padding=padding),
        misconceptions={
            "padding-counted-once": lambda: size + padding - kernel + 1,
            "padding-ignored": lambda: size - kernel + 1,
            "plus-one-missing": lambda: size + 2 * padding - kernel,
        },
    )


@check(
    task="output_size",
    points=4,
    visibility="hidden",
    title={
        "en": "output_size accounts for the dilation of the kernel",
        "zh": "output_size 考虑卷积核的 dilation",
    },
    needs=("output_size_example",),
)
def test_output_size_dilation(student, rng):
    size, kernel, dilation = rng.randint(30, 60), rng.randint(3, 5), rng.randint(2, 4)
    assert_equal(
        student.output_size(size, kernel, dilation=dilation),
        _formula(size, kernel, dilation=dilation),
        misconceptions={
            "dilation-ignored": lambda: size - kernel + 1,
            "dilation-times-kernel": lambda: size - dilation * kernel + 1,
        },
    )


@check(
    task="output_size",
    points=2,
    visibility="hidden",
    title={
        "en": "output_size is right for all arguments together, and down to an output of 1",
        "zh": "所有参数一起给出时，以及输出只剩 1 时，output_size 都正确",
    },
    hint={
        "en": "Refuse nothing but what the text names: a stride may be larger than the input.",
        "zh": "只拒绝说明里写到的情形：步长可以大于输入。",
    },
    needs=("output_size_stride", "output_size_padding", "output_size_dilation"),
)
def test_output_size_together(student, rng):
    for _ in range(5):
        kernel, dilation = rng.randint(1, 5), rng.randint(1, 3)
        reach = dilation * (kernel - 1) + 1
        stride, padding = rng.randint(1, 4), rng.randint(0, 3)
        size = max(1, reach - 2 * padding) + rng.randint(0, 20)
        given = (size, kernel, stride, padding, dilation)
        assert_equal(student.output_size(*given), _formula(*given))
    assert_equal(student.output_size(kernel, kernel, kernel + 1), 1)
    assert_equal(student.output_size(1, 3, padding=1), 1)


@check(
    task="output_size",
    points=1,
    visibility="hidden",
    title={
        "en": "output_size raises ValueError for a {name} that is too small, and names it",
        "zh": "{name} 太小时，output_size 抛出 ValueError 并写出参数名",
    },
    hint={
        "en": "Check each argument before the formula; `padding` may be 0, the others not.",
        "zh": "在用公式之前检查每个参数；`padding` 可以为 0，其他不可以。",
    },
    needs=("output_size_example",),
)
@pytest.mark.parametrize("name", ["size", "kernel_size", "stride", "padding", "dilation"])
def test_output_size_too_small(student, name):
    given = {"size": 9, "kernel_size": 3, "stride": 1, "padding": 1, "dilation": 1}
    if name == "size":
        # A kernel that fits into the padding alone: nothing but the size is wrong.
        given |= {"kernel_size": 1, "padding": 2}
    for value in (-1,) if name == "padding" else (0, -2):
        assert_raises(ValueError, student.output_size, **{**given, name: value}, names=name)


@check(
    task="output_size",
    points=1,
    visibility="hidden",
    title={
        "en": "output_size raises ValueError for a kernel that does not fit",
        "zh": "卷积核放不下时，output_size 抛出 ValueError",
    },
    hint={
        "en": "Compare dilation * (kernel_size - 1) + 1 with size + 2 * padding.",
        "zh": "比较 dilation * (kernel_size - 1) + 1 与 size + 2 * padding。",
    },
    needs=("output_size_example",),
)
def test_output_size_does_not_fit(student):
    size = student.output_size
    kernel = ("kernel_size", "kernel", "size")
    assert_raises(ValueError, size, 3, 4, names=kernel)
    assert_raises(ValueError, size, 2, 5, padding=1, names=kernel)
    assert_raises(ValueError, size, 4, 3, dilation=2, names=kernel)
    assert_raises(ValueError, size, 3, 4, stride=3, names=kernel)


@check(
    task="convolve",
    points=8,
    visibility="hidden",
    title={
        "en": "convolve is right for images and kernels of any size",
        "zh": "任意大小的图像和卷积核，convolve 都正确",
    },
    hint={
        "en": "Neither the image nor the kernel has to be square.",
        "zh": "图像和卷积核都不一定是方的。",
    },
    needs=("convolve_example",),
)
def test_convolve_sizes(convolve, reference, randn, rng):
    for _ in range(3):
        rows, columns = rng.sample([2, 3, 4], 2)
        image, kernel = randn(rng.randint(5, 8), rng.randint(9, 11)), randn(rows, columns)
        assert_close(
            convolve(image, kernel),
            reference.convolve(image, kernel),
            misconceptions={
                "kernel-flipped": lambda i=image, k=kernel: reference.convolve(i, k.flip(0, 1)),
                "kernel-transposed": lambda i=image, k=kernel: reference.convolve(i, k.t()),
            },
        )
    assert_close(convolve(image, kernel[:1, :1]), image * kernel[0, 0])
    image, kernel = randn(*image.shape), randn(*kernel.shape)
    assert_close(
        convolve(image, kernel),
        reference.convolve(image, kernel),
        what={"en": "other values of the same shapes", "zh": "同样形状的另一组数值"},
    )


@check(
    task="convolve",
    points=6,
    visibility="hidden",
    title={"en": "convolve moves by the stride", "zh": "convolve 按步长移动"},
    needs=("convolve_example",),
)
def test_convolve_stride(convolve, reference, randn):
    image, kernel = randn(9, 8), randn(3, 2)
    for stride in (2, 3):
        assert_close(
            convolve(image, kernel, stride=stride),
            reference.convolve(image, kernel, stride=stride),
            misconceptions={"stride-ignored": lambda: reference.convolve(image, kernel)},
        )


@check(
    task="convolve",
    points=6,
    visibility="hidden",
    title={
        "en": "convolve pads with zeros on all four sides",
        "zh": "convolve 在四条边上补零",
    },
    hint={
        "en": "A kernel that is larger than the image may fit into the padded one.",
        "zh": "比图像大的卷积核，补零之后也可能放得下。",
    },
    needs=("convolve_example",),
)
def test_convolve_padding(convolve, reference, randn):
    image, kernel = randn(5, 6), randn(3, 4)
    for padding in (1, 2):
        one_side = F.pad(image, (0, 2 * padding, 0, 2 * padding))
        assert_close(
            convolve(image, kernel, padding=padding),
            reference.convolve(image, kernel, padding=padding),
            misconceptions={
                "padding-ignored": lambda: reference.convolve(image, kernel),
                "padding-on-one-side": lambda x=one_side: reference.convolve(x, kernel),
            },
        )
    # Lower than the kernel, which fits with its padding only.
    low = image[:2]
    assert_close(convolve(low, kernel, 2, 3), reference.convolve(low, kernel, 2, 3))


@check(
    task="convolve",
    points=4,
    visibility="hidden",
    title={
        "en": "convolve keeps float64 and the device",
        "zh": "convolve 保持 float64 和所在的设备",
    },
    needs=("convolve_example",),
)
def test_convolve_float64(convolve, reference, randn):
    image, kernel = randn(6, 5, dtype=torch.float64), randn(2, 3, dtype=torch.float64)
    expected = reference.convolve(image, kernel)
    answer = convolve(image, kernel)
    assert_close(
        answer,
        expected,
        misconceptions={"result-always-float32": lambda: expected.to(torch.float32)},
        # A result in float32 is off by more, and told by its dtype.
        **(EXACT if getattr(answer, "dtype", None) == torch.float64 else {}),
    )
    require_same_device(convolve, image, kernel)


@check(
    task="convolve",
    points=3,
    visibility="hidden",
    title={
        "en": "convolve leaves image and kernel as they were, and takes transposed ones",
        "zh": "convolve 不修改图像和卷积核，也接受转置过的张量",
    },
    hint={
        "en": "`view` and `as_strided` count on numbers that lie one after the other in memory; "
        "slices, `unfold` and `reshape` do not.",
        "zh": "`view` 和 `as_strided` 要求数值在内存中依次相邻；切片、`unfold` 和 `reshape` "
        "没有这个要求。",
    },
    needs=("convolve_example",),
)
def test_convolve_inputs(convolve, reference, randn):
    image, kernel = randn(7, 5).t(), randn(2, 3).t()
    right = reference.convolve(image, kernel, padding=1)
    assert_close(unchanged(convolve, image, kernel, padding=1), right)
    # Padding makes a copy, whose memory is in order; without it the image itself is read.
    assert_close(unchanged(convolve, image, kernel), right[1:-1, 1:-1])


@check(
    task="convolve",
    points=4,
    visibility="hidden",
    title={
        "en": "Gradients flow through convolve to image and kernel",
        "zh": "梯度能穿过 convolve 传到图像和卷积核",
    },
    needs=("convolve_example",),
)
def test_convolve_gradients(convolve, reference, randn):
    image, kernel = randn(5, 6), randn(3, 2)
    assert_same_gradients(
        gradients(convolve, image, kernel),
        gradients(reference.convolve, image, kernel),
        ("image", "kernel"),
    )


@check(
    task="convolve",
    points=3,
    visibility="hidden",
    title={
        "en": "convolve raises ValueError where output_size does",
        "zh": "在 output_size 抛出 ValueError 的情形下，convolve 也抛出",
    },
    hint={
        "en": "Call `output_size` for both sides first; it checks for you.",
        "zh": "先对两条边各调用一次 `output_size`，它会替你检查。",
    },
    needs=("convolve_example",),
)
def test_convolve_errors(convolve, randn):
    # Either of the two may be said to be at fault where they do not fit.
    image, misfit = randn(4, 6), ("kernel_size", "kernel", "size", "image")
    assert_raises(ValueError, convolve, image, randn(2, 2), stride=0, names="stride")
    assert_raises(ValueError, convolve, image, randn(2, 2), padding=-1, names="padding")
    assert_raises(ValueError, convolve, image, randn(5, 2), names=misfit)
    assert_raises(ValueError, convolve, image, randn(2, 7), names=misfit)


@check(
    task="compare",
    points=1,
    visibility="hidden",
    title={
        "en": "compare_convolutions returns a dict with exactly the three keys",
        "zh": "compare_convolutions 返回恰好含三个键的字典",
    },
    needs=("compare_example",),
)
def test_compare_keys(compare, randn):
    results = compare(randn(6, 6), randn(3, 3))
    assert_true(
        isinstance(results, dict),
        en="compare_convolutions should return a dict.",
        zh="compare_convolutions 应当返回字典 dict。",
    )
    names = ["padded", "standard", "strided"]
    for name in names:
        _require_key(results, name)
    assert_equal(sorted(map(str, results)), names)


@check(
    task="compare",
    points=2,
    visibility="hidden",
    title={
        "en": "compare_convolutions leaves its inputs as they were; gradients reach the image",
        "zh": "compare_convolutions 不修改输入，梯度能传到图像",
    },
    needs=("compare_example",),
)
def test_compare_inputs(compare, reference, define, randn):
    image, kernel = randn(5, 6), randn(3, 3)
    pick, weight = define(HELPERS).pick, kernel.tolist()
    results = unchanged(compare, image, kernel)
    for name in ("standard", "strided", "padded"):
        _require_key(results, name)
        # As a constant, so that a kernel that became an nn.Parameter is right too.
        assert_same_gradients(
            gradients(pick, compare, image, weight, name),
            gradients(lambda x, n=name: reference.compare_convolutions(x, kernel)[n], image),
            ("image",),
        )


def _require_key(results, name):
    if not isinstance(results, dict) or name not in results:
        absent(f"there is no value under the key {name!r}.", f"没有键 {name!r} 对应的值。")


@check(
    task="compare",
    points={"standard": 4, "strided": 4, "padded": 4},
    visibility="hidden",
    title={
        "en": "compare_convolutions: `{name}` is right for other images and kernels",
        "zh": "compare_convolutions：换别的图像和卷积核，`{name}` 也正确",
    },
    needs=("compare_example",),
)
@pytest.mark.parametrize("name", ["standard", "strided", "padded"])
def test_compare_values(compare, reference, randn, name):
    image, kernel = randn(7, 8), randn(3, 2)
    results = compare(image, kernel)
    _require_key(results, name)
    x, weight = image[None, None], kernel[None, None]
    left_out = "stride-ignored" if name == "strided" else "padding-ignored"
    mistakes = {
        left_out: {},
        "stride-in-padded": {"stride": 2, "padding": 1},
        "padding-is-a-size": {"padding": 5},
    }
    right = reference.compare_convolutions(image, kernel)[name]
    assert_close(
        results[name],
        right,
        misconceptions={
            mistake: lambda options=options: F.conv2d(x, weight, **options)
            for mistake, options in mistakes.items()
        },
        what=name,
    )
