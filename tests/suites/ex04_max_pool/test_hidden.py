"""ex04: the checks that learners see by title only."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from grader.session import (
    assert_close,
    assert_equal,
    assert_raises,
    assert_true,
    check,
    fail,
    gradients,
    is_instance,
    require_gradient,
    require_same_device,
    unchanged,
)

# So that a mistake in `pool_output_size` costs its own task only.
HELPERS = """
def pool_output_size(size, kernel_size, stride=None, padding=0, ceil_mode=False, **_):
    stride = kernel_size if stride is None else stride
    least = {"size": 1, "kernel_size": 1, "stride": 1, "padding": 0}
    for (name, limit), value in zip(least.items(), (size, kernel_size, stride, padding)):
        if value < limit:
            raise ValueError(f"{name} must be at least {limit}, got {value}")
    if 2 * padding > kernel_size:
        raise ValueError("padding must be at most half of the kernel")
    room = size + 2 * padding - kernel_size
    if room < 0:
        raise ValueError(f"kernel_size {kernel_size} does not fit")
    windows = (-(-room // stride) if ceil_mode else room // stride) + 1
    return windows - (ceil_mode and (windows - 1) * stride >= size + padding)
"""

# A message may say "kernel" for the argument `kernel_size`.
KERNEL = ("kernel_size", "kernel")
# Where kernel and input do not fit, either may be said to be at fault.
MISFIT = (*KERNEL, "size", "x")


@pytest.fixture
def max_pool(student, define):
    """Give the student's max_pool, which then meets a right pool_output_size."""
    student.pool_output_size = define(HELPERS).pool_output_size
    return student.max_pool


@pytest.fixture
def distinct(randn):
    """Make tensors of positive numbers no two of which are equal."""

    def make(*shape):
        values = randn(*shape)
        ranks = values.flatten().argsort().argsort().reshape(shape)
        return (ranks.to(values.dtype) + 1) / values.numel()

    return make


def _spread(answer, x, *, ceil_mode):
    """Give what the layer with a dilation gives, of 2 or 3: whichever the answer looks like."""
    twice, thrice = (F.max_pool2d(x, 3, dilation=by, ceil_mode=ceil_mode) for by in (2, 3))
    if not isinstance(answer, torch.Tensor) or answer.shape != twice.shape:
        return thrice
    return twice if bool((answer == twice).all()) else thrice


@check(
    task="pool_net",
    points=3,
    visibility="hidden",
    title={
        "en": "maxpool1 is an nn.MaxPool2d that pools by itself as the network does",
        "zh": "maxpool1 是 nn.MaxPool2d，单独使用时结果与网络相同",
    },
    hint={
        "en": "The attribute is called exactly `maxpool1`.",
        "zh": "属性名必须正好是 `maxpool1`。",
    },
    needs=("pool_net_example",),
)
def test_pool_net_layer(student, images):
    layer = student.MaxPoolNet().maxpool1
    assert_true(
        is_instance(layer, "torch.nn.MaxPool2d"),
        en="maxpool1 is not an nn.MaxPool2d.",
        zh="maxpool1 不是 nn.MaxPool2d。",
    )
    # A side of 9 is pooled alike in both modes; they have checks of their own.
    x = images(2, 3, 9, 9)
    answer = layer(x)
    assert_close(
        answer,
        F.max_pool2d(x, 3),
        misconceptions={
            "stride-one": lambda: F.max_pool2d(x, 3, 1),
            "dilation-for-stride": lambda: _spread(answer, x, ceil_mode=True),
        },
    )


@check(
    task="pool_net",
    points=6,
    visibility="hidden",
    title={
        "en": "MaxPoolNet keeps partial windows with ceil_mode, for images of any size",
        "zh": "使用 ceil_mode 时，MaxPoolNet 对任意大小的图像都保留不完整的窗口",
    },
    needs=("pool_net_example",),
)
def test_pool_net_ceil(student, images, device, rng):
    net = student.MaxPoolNet(ceil_mode=True).to(device)
    for count in (1, rng.randint(2, 5)):
        x = images(count, rng.randint(1, 4), 3 * rng.randint(3, 6) + 1, 3 * rng.randint(7, 9) + 2)
        answer = net(x)
        assert_close(
            answer,
            F.max_pool2d(x, 3, ceil_mode=True),
            misconceptions={
                "ceil-mode-not-used": lambda x=x: F.max_pool2d(x, 3),
                "stride-one": lambda x=x: F.max_pool2d(x, 3, 1, ceil_mode=True),
                "dilation-for-stride": lambda a=answer, x=x: _spread(a, x, ceil_mode=True),
            },
        )


@check(
    task="pool_net",
    points=5,
    visibility="hidden",
    title={
        "en": "MaxPoolNet leaves partial windows out without ceil_mode",
        "zh": "不使用 ceil_mode 时，MaxPoolNet 舍去不完整的窗口",
    },
    hint={
        "en": "Pass `ceil_mode` on to the layer, in place of a fixed value.",
        "zh": "把 `ceil_mode` 传给这一层，不要写成固定的值。",
    },
    needs=("pool_net_example",),
)
def test_pool_net_floor(student, images, device, rng):
    net = student.MaxPoolNet(False).to(device)  # noqa: FBT003 - positional is allowed too
    x = images(2, 3, 3 * rng.randint(3, 6) + 2, 3 * rng.randint(7, 9) + 1)
    answer = net(x)
    assert_close(
        answer,
        F.max_pool2d(x, 3),
        misconceptions={
            "ceil-mode-always-on": lambda: F.max_pool2d(x, 3, ceil_mode=True),
            "stride-one": lambda: F.max_pool2d(x, 3, 1),
            "dilation-for-stride": lambda: _spread(answer, x, ceil_mode=False),
        },
    )


@check(
    task="pool_net",
    points=2,
    visibility="hidden",
    title={
        "en": "MaxPoolNet keeps float64, and gradients flow through it",
        "zh": "MaxPoolNet 保持 float64，梯度能穿过它",
    },
    hint={
        "en": "`forward` passes `x` on as it comes.",
        "zh": "`forward` 把 `x` 原样传下去。",
    },
    needs=("pool_net_example", "pool_net_ceil", "pool_net_floor"),
)
def test_pool_net_inputs(student, randn):
    # Whatever the numbers: they are the other checks'.
    answer = require_gradient(student.MaxPoolNet(), randn(1, 2, 6, 6, dtype=torch.float64))
    assert_true(
        answer.dtype == torch.float64,
        en="the images are float64, the result is not.",
        zh="图像是 float64，结果却不是。",
        misconception="result-always-float32",
    )


@check(
    task="pool_output_size",
    points=4,
    visibility="hidden",
    title={
        "en": "pool_output_size takes the kernel's size for the stride if none is given",
        "zh": "没有给出步长时，pool_output_size 以核的大小为步长",
    },
    needs=("pool_output_size_example",),
)
def test_pool_output_size_default(student, rng):
    size = student.pool_output_size
    kernel, windows = rng.randint(2, 6), rng.randint(2, 9)
    side = kernel * windows
    known = {
        "stride-one": lambda: side - kernel + 1,
        "plus-one-missing": lambda: windows - 1,
    }
    assert_equal(size(side, kernel), windows, misconceptions=known)
    assert_equal(size(side, kernel, None), windows, misconceptions=known)
    assert_equal(size(kernel, kernel), 1)
    assert_equal(size(1, 1), 1)


@check(
    task="pool_output_size",
    points=4,
    visibility="hidden",
    title={
        "en": "pool_output_size rounds down where the stride does not divide evenly",
        "zh": "步长不能整除时，pool_output_size 向下取整",
    },
    needs=("pool_output_size_example",),
)
def test_pool_output_size_stride(student, rng):
    # A stride below the kernel: the next window would start inside, so that `ceil_mode` adds it.
    kernel, stride, windows = rng.randint(4, 6), 3, rng.randint(5, 9)
    room = stride * (windows - 1) + rng.randint(1, 2)
    side = room + kernel
    assert_equal(
        student.pool_output_size(side, kernel, stride),
        windows,
        misconceptions={
            "stride-is-the-kernel": lambda: room // kernel + 1,
            "ceil-mode-always-on": lambda: windows + 1,
            "plus-one-missing": lambda: windows - 1,
        },
    )


@check(
    task="pool_output_size",
    points=4,
    visibility="hidden",
    title={
        "en": "pool_output_size counts the padding on both sides",
        "zh": "pool_output_size 把两侧的 padding 都算上",
    },
    hint={
        "en": "The side with its padding is size + 2 * padding, in the formula and in the test "
        "whether the kernel fits.",
        "zh": "补零之后的边长是 size + 2 * padding，公式里和判断核是否放得下时都用它。",
    },
    needs=("pool_output_size_example",),
)
def test_pool_output_size_padding(student, rng):
    kernel, side, padding = rng.choice([5, 7]), rng.randint(10, 40), rng.randint(1, 2)
    assert_equal(
        student.pool_output_size(side, kernel, 1, padding),
        side + 2 * padding - kernel + 1,
        misconceptions={
            "padding-ignored": lambda: side - kernel + 1,
            "padding-counted-once": lambda: side + padding - kernel + 1,
            "plus-one-missing": lambda: side + 2 * padding - kernel,
        },
    )
    # With its padding a side may hold a kernel that is larger than the side.
    assert_equal(student.pool_output_size(2, 4, 1, 1), 1)


@check(
    task="pool_output_size",
    points=4,
    visibility="hidden",
    title={
        "en": "pool_output_size rounds up with ceil_mode",
        "zh": "使用 ceil_mode 时，pool_output_size 向上取整",
    },
    needs=("pool_output_size_example",),
)
def test_pool_output_size_ceil(student, rng):
    kernel, stride, windows = rng.randint(5, 7), rng.randint(3, 4), rng.randint(6, 9)
    # A window that sticks out by less than the kernel starts inside.
    side = stride * (windows - 1) + kernel - rng.randint(1, stride - 1)
    assert_equal(
        student.pool_output_size(side, kernel, stride, ceil_mode=True),
        windows,
        misconceptions={
            "ceil-mode-not-used": lambda: windows - 1,
            "stride-is-the-kernel": lambda: -(-(side - kernel) // kernel) + 1,
        },
    )


@check(
    task="pool_output_size",
    points=2,
    visibility="hidden",
    title={
        "en": "ceil_mode adds no window where none sticks out",
        "zh": "没有窗口伸出边界时，ceil_mode 不会多加窗口",
    },
    needs=("pool_output_size_ceil",),
)
def test_pool_output_size_whole(student, rng):
    kernel, stride, windows = rng.randint(4, 7), rng.randint(2, 3), rng.randint(5, 9)
    side = stride * (windows - 1) + kernel
    assert_equal(
        student.pool_output_size(side, kernel, stride, ceil_mode=True),
        windows,
        misconceptions={"ceil-always-adds-one": lambda: windows + 1},
    )


@check(
    task="pool_output_size",
    points=4,
    visibility="hidden",
    title={
        "en": "ceil_mode drops a last window that would start beyond the input",
        "zh": "使用 ceil_mode 时，起点超出输入的最后一个窗口要舍去",
    },
    hint={
        "en": "Where does the last window start? Windows move by the stride, which may be larger "
        "than the kernel.",
        "zh": "最后一个窗口从哪里开始？窗口按步长移动，而步长可以大于核。",
    },
    needs=("pool_output_size_ceil",),
)
def test_pool_output_size_drops(student, rng):
    size, windows = student.pool_output_size, rng.randint(2, 8)
    known = {"window-beyond-the-input": lambda: windows + 1}
    # The next window would start right behind the input, one further, behind the left padding.
    kernel = rng.randint(1, 3)
    stride = kernel + rng.randint(2, 4)
    for side in (stride * windows, stride * windows - 1):
        found = size(side, kernel, stride, ceil_mode=True)
        assert_equal(found, windows, misconceptions=known)
    padding = rng.randint(1, 3)
    kernel = 2 * padding
    found = size(kernel * windows - padding, kernel, None, padding, True)  # noqa: FBT003
    assert_equal(found, windows, misconceptions=known)


@check(
    task="pool_output_size",
    points=2,
    visibility="hidden",
    title={
        "en": "ceil_mode keeps a last window that starts inside the input and its left padding",
        "zh": "使用 ceil_mode 时，起点在输入及其左侧补的部分之内的最后一个窗口要保留",
    },
    hint={
        "en": "Positions count from the left padding on, so the limit is size + padding.",
        "zh": "位置从左侧补的部分开始数，所以界限是 size + padding。",
    },
    needs=("pool_output_size_ceil",),
)
def test_pool_output_size_keeps(student, rng):
    stride, padding, steps = rng.randint(2, 3), rng.randint(3, 4), rng.randint(5, 8)
    side = stride * steps
    assert_equal(
        student.pool_output_size(side, 2 * padding, stride, padding, ceil_mode=True),
        steps + 1,
        misconceptions={
            "left-padding-forgotten": lambda: steps,
            "padding-ignored": lambda: -(-(side - 2 * padding) // stride) + 1,
        },
    )


@check(
    task="pool_output_size",
    points=1,
    visibility="hidden",
    title={
        "en": "pool_output_size raises ValueError for a {name} that is too small, and names it",
        "zh": "{name} 太小时，pool_output_size 抛出 ValueError 并写出参数名",
    },
    hint={
        "en": "Check each argument before the formula. A stride of 0 is not the same as None.",
        "zh": "在用公式之前检查每个参数。步长 0 与 None 不是一回事。",
    },
    needs=("pool_output_size_example",),
)
@pytest.mark.parametrize("name", ["size", "kernel_size", "stride", "padding"])
def test_pool_output_size_too_small(student, name):
    given = {"size": 9, "kernel_size": 3, "stride": 2, "padding": 0}
    for value in (-1,) if name == "padding" else (0, -2):
        assert_raises(ValueError, student.pool_output_size, **{**given, name: value}, names=name)


@check(
    task="pool_output_size",
    points=1,
    visibility="hidden",
    title={
        "en": "pool_output_size raises ValueError for a padding above half of the kernel",
        "zh": "padding 超过核的一半时，pool_output_size 抛出 ValueError",
    },
    hint={
        "en": "With an odd kernel, half of it is not whole: 2 * padding > kernel_size says it.",
        "zh": "核为奇数时，一半不是整数：用 2 * padding > kernel_size 来判断。",
    },
    needs=("pool_output_size_example",),
)
def test_pool_output_size_half(student):
    size = student.pool_output_size
    assert_raises(ValueError, size, 9, 3, 1, 2, names="padding")
    assert_raises(ValueError, size, 9, 2, 2, 2, ceil_mode=True, names="padding")
    assert_equal(size(9, 3, 1, 1), 9)
    assert_equal(size(9, 4, 1, 2), 10)


@check(
    task="pool_output_size",
    points=1,
    visibility="hidden",
    title={
        "en": "pool_output_size raises ValueError for a kernel that does not fit, in both modes",
        "zh": "核放不下时，pool_output_size 在两种取整方式下都抛出 ValueError",
    },
    hint={
        "en": "Compare kernel_size with size + 2 * padding, whatever `ceil_mode` is.",
        "zh": "不论 `ceil_mode` 是什么，都要比较 kernel_size 与 size + 2 * padding。",
    },
    needs=("pool_output_size_example",),
)
def test_pool_output_size_does_not_fit(student):
    for mode in (False, True):
        size = student.pool_output_size
        assert_raises(ValueError, size, 3, 4, ceil_mode=mode, names=MISFIT)
        assert_raises(ValueError, size, 3, 4, 2, ceil_mode=mode, names=MISFIT)
        assert_raises(ValueError, size, 2, 5, 1, 1, ceil_mode=mode, names=MISFIT)


@check(
    task="max_pool",
    points=6,
    visibility="hidden",
    title={
        "en": "max_pool is right for batches, channels, sides and kernels of any size",
        "zh": "任意的批次、通道数、边长和核，max_pool 都正确",
    },
    hint={
        "en": "Each image and each channel is pooled by itself; height and width may differ.",
        "zh": "每张图、每个通道各自池化；高和宽可以不同。",
    },
    needs=("max_pool_example",),
)
def test_max_pool_sizes(max_pool, images, rng):
    for kernel in (1, 2, 3):
        rows, columns = rng.sample([2, 3, 4, 5], 2)
        shape = (rng.randint(1, 3), rng.randint(2, 4), rows * kernel, columns * kernel)
        x = images(*shape)
        right = F.max_pool2d(x, kernel)
        assert_close(
            max_pool(x, kernel),
            right,
            misconceptions={
                "stride-one": lambda x=x, k=kernel: F.max_pool2d(x, k, 1),
                "average-pooling": lambda x=x, k=kernel: F.avg_pool2d(x, k),
                "channels-mixed": lambda y=right: y.amax(1, keepdim=True),
                "height-width-swapped": lambda y=right: y.transpose(2, 3),
            },
        )


@check(
    task="max_pool",
    points=5,
    visibility="hidden",
    title={
        "en": "max_pool moves by the stride: windows may overlap or leave gaps",
        "zh": "max_pool 按步长移动：窗口可以重叠，也可以有间隔",
    },
    needs=("max_pool_example",),
)
def test_max_pool_stride(max_pool, images):
    # No window sticks out: `ceil_mode` has a check of its own.
    for sides, kernel, stride in (((9, 8), 3, 1), ((9, 7), 3, 2), ((8, 5), 2, 3), ((10, 6), 2, 4)):
        x = images(2, 2, *sides)
        assert_close(
            max_pool(x, kernel, stride=stride),
            F.max_pool2d(x, kernel, stride),
            misconceptions={
                "stride-is-the-kernel": lambda x=x, k=kernel: F.max_pool2d(x, k),
                "stride-one": lambda x=x, k=kernel: F.max_pool2d(x, k, 1),
            },
        )


@check(
    task="max_pool",
    points=5,
    visibility="hidden",
    title={
        "en": "max_pool keeps the partial windows at the right and bottom with ceil_mode only",
        "zh": "只有使用 ceil_mode 时，max_pool 才保留右边和下边不完整的窗口",
    },
    needs=("max_pool_example",),
)
def test_max_pool_ceil(max_pool, images):
    for height, width, kernel, stride in ((7, 8, 3, None), (8, 7, 3, 2), (11, 9, 4, 3)):
        x = images(2, 3, height, width)
        floor = F.max_pool2d(x, kernel, stride)
        ceil = F.max_pool2d(x, kernel, stride, ceil_mode=True)
        assert_close(
            max_pool(x, kernel, stride, ceil_mode=True),
            ceil,
            misconceptions={"ceil-mode-not-used": lambda y=floor: y},
        )
        assert_close(
            max_pool(x, kernel, stride),
            floor,
            misconceptions={"ceil-mode-always-on": lambda y=ceil: y},
        )


@check(
    task="max_pool",
    points=2,
    visibility="hidden",
    title={
        "en": "max_pool has no window that holds no number of the input",
        "zh": "max_pool 的结果里没有空窗口",
    },
    hint={
        "en": "Ask `pool_output_size` how many windows there are; it knows which one is dropped.",
        "zh": "用 `pool_output_size` 求窗口个数，它知道哪个窗口要舍去。",
    },
    needs=("max_pool_ceil",),
)
def test_max_pool_drops(max_pool, images):
    x = images(1, 2, 7, 8)
    right = F.max_pool2d(x, 2, 4, ceil_mode=True)
    assert_close(
        max_pool(x, 2, 4, True),  # noqa: FBT003 - positional is allowed too
        right,
        misconceptions={
            "window-beyond-the-input": lambda: F.pad(right, (0, 1, 0, 1), value=float("-inf")),
            "stride-is-the-kernel": lambda: F.max_pool2d(x, 2, ceil_mode=True),
        },
    )


@check(
    task="max_pool",
    points=4,
    visibility="hidden",
    title={
        "en": "Negative numbers survive max_pool, in partial windows too",
        "zh": "负数能够通过 max_pool，在不完整的窗口里也一样",
    },
    needs=("max_pool_example",),
)
def test_max_pool_negative(max_pool, images):
    # So far below 0 that only minus infinity is a number to pad with.
    x = -1e6 * (1 + images(2, 2, 7, 8))
    zeros_win = {False: x.new_zeros(2, 2, 2, 2), True: F.max_pool2d(F.pad(x, (0, 1, 0, 2)), 3)}
    for mode, mistaken in zeros_win.items():
        answer, right = max_pool(x, 3, ceil_mode=mode), F.max_pool2d(x, 3, ceil_mode=mode)
        assert_close(
            answer,
            right,
            misconceptions={
                "zeros-win": lambda y=mistaken: y,
                "filler-wins": lambda a=answer, y=right: _with_largest(a, y),
            },
        )


def _with_largest(answer, right):
    """Give what is right, with the largest number of the answer in place of all that is not."""
    if not isinstance(answer, torch.Tensor):
        return right
    if (answer.shape, answer.dtype) != (right.shape, right.dtype):
        return right
    return torch.where(answer == right, right, answer.max())


@check(
    task="max_pool",
    points=2,
    visibility="hidden",
    title={
        "en": "max_pool keeps float64 and the device",
        "zh": "max_pool 保持 float64 和所在的设备",
    },
    needs=("max_pool_example",),
)
def test_max_pool_float64(max_pool, randn):
    x = 1 + randn(2, 2, 6, 4, dtype=torch.float64).abs()
    right = F.max_pool2d(x, 2)
    assert_close(
        max_pool(x, 2),
        right,
        misconceptions={"result-always-float32": lambda: right.to(torch.float32)},
        # The largest number is one of the input's, to the last digit.
        rtol=1e-12,
    )
    require_same_device(max_pool, x, 2)


@check(
    task="max_pool",
    points=2,
    visibility="hidden",
    title={
        "en": "max_pool leaves its input as it was, and takes permuted ones",
        "zh": "max_pool 不修改输入，也接受维度换过序的张量",
    },
    hint={
        "en": "`view` needs contiguous memory; `reshape` does not.",
        "zh": "`view` 要求内存连续，`reshape` 不要求。",
    },
    needs=("max_pool_example",),
)
def test_max_pool_inputs(max_pool, images):
    x = images(2, 6, 9, 3).permute(0, 3, 1, 2)
    assert_close(unchanged(max_pool, x, 3), F.max_pool2d(x, 3))


@check(
    task="max_pool",
    points=2,
    visibility="hidden",
    title={
        "en": "Gradients flow through max_pool to the largest numbers",
        "zh": "梯度能穿过 max_pool 传到最大的数",
    },
    needs=("max_pool_example",),
)
def test_max_pool_gradients(max_pool, reference, distinct):
    x = distinct(2, 2, 6, 8)
    for kernel, stride in ((2, 2), (3, 1)):
        _, (grad,) = gradients(max_pool, x, kernel, stride)
        _, (right,) = gradients(reference.max_pool, x, kernel, stride)
        assert_close(grad, right, misconceptions={"cuts-the-graph": lambda: None})


@check(
    task="max_pool",
    points=2,
    visibility="hidden",
    title={
        "en": "max_pool raises ValueError where pool_output_size does",
        "zh": "在 pool_output_size 抛出 ValueError 的情形下，max_pool 也抛出",
    },
    hint={
        "en": "Call `pool_output_size` for both sides first; it checks for you.",
        "zh": "先对两条边各调用一次 `pool_output_size`，它会替你检查。",
    },
    needs=("max_pool_example",),
)
def test_max_pool_errors(max_pool, images):
    x = images(1, 2, 4, 6)
    assert_raises(ValueError, max_pool, x, 2, 0, names="stride")
    assert_raises(ValueError, max_pool, x, 0, 1, names=KERNEL)
    for mode in (False, True):
        assert_raises(ValueError, max_pool, x, 5, ceil_mode=mode, names=MISFIT)
        assert_raises(ValueError, max_pool, x.transpose(2, 3), 5, ceil_mode=mode, names=MISFIT)


FACTS = {
    "learnable_parameters": (0, {"kernel-has-weights": 9}),
    "changes_channel_count": (False, {"channels-pooled": True}),
    "output_side_of_5x5_kernel_3_floor": (1, {"modes-mixed-up": 2, "stride-one": 3}),
    "output_side_of_5x5_kernel_3_ceil": (2, {"modes-mixed-up": 1, "stride-one": 3}),
}


@check(
    task="facts",
    points=2,
    visibility="hidden",
    title={"en": "POOLING_FACTS: {name}", "zh": "POOLING_FACTS：{name}"},
    hint={
        "en": "Try it out: make the layer, and look at it and at what comes out.",
        "zh": "动手试一试：创建这个层，看看它本身，再看看它的输出。",
    },
)
@pytest.mark.parametrize("name", FACTS)
def test_facts(student, name):
    facts = student.POOLING_FACTS
    if not isinstance(facts, dict) or name not in facts:
        fail(f"POOLING_FACTS has no key {name!r}", f"POOLING_FACTS 没有键 {name!r}")
    if facts[name] is None:
        fail("not written yet: it is None", "尚未完成：还是 None", misconception="not-written-yet")
    right, mistakes = FACTS[name]
    # What is expected stays untold: the message would be the answer.
    given = facts[name]
    if type(given) is not type(right):
        wanted = type(right).__name__
        fail(f"the value must be of type {wanted}", f"值的类型应为 {wanted}")
    if given != right:
        mistake = next((key for key, value in mistakes.items() if value == given), None)
        fail(f"{given!r} is not right", f"{given!r} 不对", misconception=mistake)
