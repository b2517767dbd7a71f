"""ex05: the checks that learners see by title only."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from grader.session import (
    assert_close,
    assert_raises,
    assert_shape,
    assert_true,
    check,
    fail,
    gradients,
    require_gradient,
    unchanged,
)

# What calls a function with one case after the other, since each message takes its time.
CALL_EACH = """
import torch

def call_each(function, cases):
    return [function(*case) for case in cases]
"""
# So that a mistake in one of the five costs its own points only, where later ones build on it.
STAND_INS = {
    "relu": """
def relu(x):
    return x.clamp(min=0)
""",
    "leaky_relu": """
def leaky_relu(x, negative_slope=0.01):
    return torch.where(x > 0, x, negative_slope * x)
""",
    "sigmoid": """
def sigmoid(x):
    small = torch.exp(-x.abs())
    return torch.where(x >= 0, torch.ones_like(x), small) / (1 + small)
""",
    "tanh": """
def tanh(x):
    small = torch.exp(-2 * x.abs())
    return x.sign() * (1 - small) / (1 + small)
""",
}

RIGHT = {
    "relu": torch.relu,
    "leaky_relu": F.leaky_relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softmax": torch.softmax,
}
# With what each is called besides x, which has three dimensions.
ARGUMENTS = {
    "relu": [()],
    "leaky_relu": [(), (2.0,), (0.2,), (0.0,)],
    "sigmoid": [()],
    "tanh": [()],
    "softmax": [(0,), (-1,), (1,), (2,), (-2,)],
}
BY_NAME = {"leaky_relu": {"negative_slope": 0.01}, "softmax": {"dim": 0}}


def _sum_of_everything(x):
    return F.softmax(x.flatten(), 0).reshape(x.shape)


# What known mistakes give, by the same arguments.
MISTAKES = {
    "relu": {"absolute-value": torch.abs, "sides-swapped": lambda x: -(-x).relu()},
    "leaky_relu": {
        # Up to a slope of 1 this is right, so that it never hides one of the others.
        "larger-of-two": lambda x, slope=0.01: torch.maximum(x, slope * x),
        "slope-ignored": lambda x, _=None: F.leaky_relu(x),
        "no-leak": lambda x, _=None: x.relu(),
        "sides-swapped": lambda x, slope=0.01: torch.where(x > 0, slope * x, x),
    },
    "sigmoid": {"exponent-sign": lambda x: (-x).sigmoid()},
    "tanh": {
        "half-argument": lambda x: (x / 2).tanh(),
        "sigmoid-not-shifted": lambda x: (2 * x).sigmoid(),
    },
    "softmax": {
        "dim-ignored": lambda x, dim: F.softmax(x, 0 if dim in {2, -1} else -1),
        "sum-over-everything": lambda x, _: _sum_of_everything(x),
        "not-normalised": lambda x, dim: torch.exp(x - x.amax(dim, keepdim=True)),
    },
}
# In float64 the way of computing does not matter here, and float32 on the way does.
EXACT = {"rtol": 1e-10, "atol": 1e-10}
# Numbers near 1000 lie 6e-5 apart in float32, and a right answer may round there.
LARGE_TOLERANCE = {torch.float32: {"rtol": 1e-5, "atol": 1e-4}, torch.float64: {}}


# All checks of one function come before those of the next: see `helpers`.
each_function = pytest.mark.parametrize("name", RIGHT, scope="module")


@pytest.fixture
def helpers(define, name):
    """Give the helpers; the student's function `name` then meets right ones of those before it.

    What once was in the worker can be kept there, and be handed in later as one's own. So nothing
    right is defined before its own checks are over, and of two functions no more than one may
    build on a right other.
    """
    earlier = list(RIGHT)[: list(RIGHT).index(name)]
    return define("".join([CALL_EACH, *(STAND_INS[each] for each in earlier)]), stand_ins=earlier)


@pytest.fixture
def function(student, helpers, name):
    """Give the function `name` of the student's."""
    return getattr(student, name)


@pytest.fixture
def answers(helpers, function):
    """Give a function that gives each case, and what the student's function makes of it."""

    def call(cases):
        found = helpers.call_each(function, cases)
        whole = isinstance(found, list) and len(found) == len(cases)
        return zip(cases, found if whole else [None] * len(cases), strict=True)

    return call


@pytest.fixture
def net_of(student, define, device):
    """Make the student's network; functions by hand that it may use are right ones.

    They are torch's, which are no answer to the checks of those that come later.
    """
    define("from torch import relu, sigmoid", stand_ins=["relu", "sigmoid"])
    return lambda *args, **kwargs: student.ActivationNet(*args, **kwargs).to(device)


@pytest.fixture
def off_zero(randn):
    """Make numbers of both signs that keep away from 0, where right gradients may differ."""

    def make(*shape, dtype=torch.float32):
        values = randn(*shape, dtype=dtype)
        return torch.where(values < 0, values - 0.1, values + 0.1)

    return make


@check(
    task="activation_net",
    points=3,
    visibility="hidden",
    title={
        "en": "ActivationNet of kind {kind} applies {kind} and nothing else",
        "zh": "kind 为 {kind} 的 ActivationNet 只做 {kind}",
    },
    hint={
        "en": "Remember `kind` in `__init__`, and choose by it in `forward`.",
        "zh": "在 `__init__` 里记住 `kind`，在 `forward` 里按它选择。",
    },
    needs=("activation_net_example",),
)
@pytest.mark.parametrize("kind", ["relu", "sigmoid"])
def test_activation_net_kinds(net_of, randn, kind):
    x = randn(2, 3, 4, 5)
    for net in (net_of(kind), net_of(kind=kind)):
        assert_close(
            net(x),
            RIGHT[kind](x),
            misconceptions={
                "always-sigmoid": x.sigmoid,
                "always-relu": x.relu,
                "both-layers": lambda: x.relu().sigmoid(),
            },
        )


@check(
    task="activation_net",
    points=4,
    visibility="hidden",
    title={
        "en": "ActivationNet has `relu_1` and `sigmoid_1`, whatever its kind",
        "zh": "不论 kind 是什么，ActivationNet 都有 `relu_1` 和 `sigmoid_1`",
    },
    needs=("activation_net_example",),
)
def test_activation_net_layers(net_of, randn):
    x = randn(3, 4)
    for kind in ("relu", "sigmoid"):
        net = net_of(kind)
        assert_close(net.relu_1(x), x.relu(), what="relu_1(x)")
        assert_close(net.sigmoid_1(x), x.sigmoid(), what="sigmoid_1(x)")


@check(
    task="activation_net",
    points=3,
    visibility="hidden",
    title={
        "en": "ActivationNet leaves its input as it was, keeps float64, and gradients flow "
        "through it",
        "zh": "ActivationNet 不修改输入，保持 float64，梯度能穿过它",
    },
    hint={
        "en": "`inplace=True` saves memory by writing over the caller's tensor.",
        "zh": "`inplace=True` 为了省内存，会覆盖调用者的张量。",
    },
    needs=("activation_net_example",),
)
def test_activation_net_input(net_of, randn):
    x = randn(3, 4, dtype=torch.float64)
    for kind in ("relu", "sigmoid"):
        net = net_of(kind)
        assert_shape(unchanged(net, x), (3, 4))
        assert_true(
            require_gradient(net, x).dtype == torch.float64,
            en="the input is float64, the result is not.",
            zh="输入是 float64，结果却不是。",
            misconception="result-always-float32",
        )


@check(
    task="activation_net",
    points=3,
    visibility="hidden",
    title={
        "en": "Another kind raises ValueError, and the message names `kind`",
        "zh": "`kind` 为别的值时抛出 ValueError，并写出 `kind`",
    },
    hint={
        "en": "Check `kind` in `__init__`, before anything is applied.",
        "zh": "在 `__init__` 里就检查 `kind`，不要等到使用时。",
    },
    needs=("activation_net_example",),
)
def test_activation_net_error(student):
    for kind in ("tanh", "softmax", "", "ReLU"):
        assert_raises(ValueError, student.ActivationNet, kind, names="kind")
    assert_raises(ValueError, student.ActivationNet, kind="leaky", names="kind")


@check(
    task="by_hand",
    points=2,
    visibility="hidden",
    title={
        "en": "{name} is right for tensors of any shape, with all its arguments",
        "zh": "对任意形状的张量和各种参数，{name} 都正确",
    },
    hint={
        "en": "Work on the whole tensor at once; no dimension and no size is special.",
        "zh": "对整个张量一次计算；任何维度、任何大小都不特殊。",
    },
    needs={name: (f"by_hand_example[{name}]",) for name in RIGHT},
)
@each_function
def test_by_hand_values(answers, randn, rng, name):
    x = 3 * randn(rng.randint(2, 3), 4, rng.randint(5, 6))
    cases = [(x, *given) for given in ARGUMENTS[name]]
    cases.append((x[0, 0], 0) if name == "softmax" else (x[0, 0],))
    if name != "softmax":
        cases.append((x[0, 0, 0],))
    for case, answer in answers(cases):
        known = MISTAKES[name].items() if case[0].dim() == 3 else ()
        mistakes = {key: lambda make=make, case=case: make(*case) for key, make in known}
        assert_close(answer, RIGHT[name](*case), misconceptions=mistakes)


def _large(dtype, device, rng):
    """Give numbers up to 1000 of both signs, none of them 0: rows that differ, and ones alike."""
    near = [1000.0, 999.0, 998.0, 997.5]
    rows = [
        near,
        [-each for each in near],
        [1000.0, -1000.0, 500.0, -500.0],
        [-90.0, -104.0, 90.0, 104.0],
        [710.0, -710.0, 746.0, -746.0],
        [20.0, -12.0, 12.0, -0.5],
        [rng.choice([-1, 1]) * rng.uniform(1.0, 1000.0) for _ in range(4)],
    ]
    return torch.tensor(rows, dtype=dtype, device=device)


LARGE_ARGUMENTS = {"leaky_relu": [(), (0.3,)], "softmax": [(1,), (0,)]}


@check(
    task="by_hand",
    points=2,
    visibility="hidden",
    title={
        "en": "{name} is finite and accurate for |x| up to 1000",
        "zh": "|x| 达到 1000 时，{name} 仍然有限而准确",
    },
    hint={
        "en": "What is the largest number that goes into `exp`?",
        "zh": "传给 `exp` 的最大的数是多少？",
    },
    needs={name: (f"by_hand_values[{name}]",) for name in RIGHT},
)
@each_function
def test_by_hand_large(answers, device, rng, name):
    numbers = [_large(dtype, device, rng) for dtype in LARGE_TOLERANCE]
    cases = [(x, *given) for x in numbers for given in LARGE_ARGUMENTS.get(name, [()])]
    for case, answer in answers(cases):
        _require_finite(answer, _why_not_finite(name, answer))
        assert_close(answer, RIGHT[name](*case), **LARGE_TOLERANCE[case[0].dtype])


def _why_not_finite(name, answer):
    """Tell a softmax that lost rows far below the largest number from one that overflowed."""
    if name != "softmax" or not isinstance(answer, torch.Tensor) or answer.dim() != 2:
        return "exp-overflows"
    # The first row holds the largest numbers: it is lost only if they went into `exp`.
    whole = bool(torch.isfinite(answer[0]).all())
    return "all-exponentials-vanish" if whole else "exp-overflows"


def _require_finite(value, misconception):
    if type(value) is torch.Tensor and value.is_floating_point():
        bad = int((~torch.isfinite(value)).sum())
        total = value.numel()
        assert_true(
            bad == 0,
            en=f"{bad} of {total} numbers are not finite.",
            zh=f"{total} 个数中有 {bad} 个不是有限数。",
            misconception=misconception,
        )


@check(
    task="by_hand",
    points=1,
    visibility="hidden",
    title={
        "en": "Gradients flow through {name}, and are right",
        "zh": "梯度能穿过 {name}，并且正确",
    },
    needs={name: (f"by_hand_values[{name}]",) for name in RIGHT},
)
@each_function
def test_by_hand_gradients(function, off_zero, name):
    x = off_zero(3, 4, 2)
    for given in ARGUMENTS[name][:2]:
        _, (grad,) = gradients(function, x, *given)
        _, (right,) = gradients(RIGHT[name], x, *given)
        assert_close(grad, right, misconceptions={"cuts-the-graph": lambda: None})


@check(
    task="by_hand",
    points=2,
    visibility="hidden",
    title={
        "en": "Gradients of {name} are finite and accurate for |x| up to 1000",
        "zh": "|x| 达到 1000 时，{name} 的梯度仍然有限而准确",
    },
    hint={
        "en": "An infinite number that `where` does not choose still spoils the gradient.",
        "zh": "即使 `where` 没有选中，无穷大也会破坏梯度。",
    },
    needs={name: (f"by_hand_large[{name}]", f"by_hand_gradients[{name}]") for name in RIGHT},
)
@each_function
def test_by_hand_large_gradients(function, device, rng, name):
    for dtype, tolerance in LARGE_TOLERANCE.items():
        x = _large(dtype, device, rng)
        for given in LARGE_ARGUMENTS.get(name, [()]):
            _, (grad,) = gradients(function, x, *given)
            _, (right,) = gradients(RIGHT[name], x, *given)
            _require_finite(grad, "gradient-overflows")
            assert_close(grad, right, misconceptions={"cuts-the-graph": lambda: None}, **tolerance)


@check(
    task="by_hand",
    points=1,
    visibility="hidden",
    title={
        "en": "{name} keeps float64, leaves its input as it was, and takes permuted ones",
        "zh": "{name} 保持 float64，不修改输入，也接受维度换过序的张量",
    },
    needs={name: (f"by_hand_values[{name}]",) for name in RIGHT},
)
@each_function
def test_by_hand_inputs(function, randn, name):
    x = randn(4, 2, 3, dtype=torch.float64).permute(2, 0, 1)
    given = BY_NAME.get(name, {})
    right = RIGHT[name](x, **given)
    answer = unchanged(function, x, **given)
    assert_close(
        answer,
        right,
        misconceptions={"result-always-float32": lambda: right.to(torch.float32)},
        # A result in float32 is off by more, and told by its dtype.
        **(EXACT if getattr(answer, "dtype", None) == torch.float64 else {}),
    )


INFINITY = float("inf")
RANGES = {
    "leaky_relu": (-INFINITY, INFINITY),
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softmax": (0.0, 1.0),
}


@check(
    task="ranges",
    points=3,
    visibility="hidden",
    title={"en": "OUTPUT_RANGES: {name}", "zh": "OUTPUT_RANGES：{name}"},
    hint={
        "en": "Try your own function on very small and very large numbers.",
        "zh": "用你自己写的函数，试试很小和很大的数。",
    },
)
@pytest.mark.parametrize("name", RANGES)
def test_ranges(student, name):
    ranges, right = student.OUTPUT_RANGES, RANGES[name]
    if not isinstance(ranges, dict) or name not in ranges:
        fail(f"OUTPUT_RANGES has no key {name!r}", f"OUTPUT_RANGES 没有键 {name!r}")
    pair = ranges[name]
    if pair is None:
        fail("not written yet: it is None", "尚未完成：还是 None", misconception="not-written-yet")
    if not isinstance(pair, tuple | list) or {type(end) for end in pair} - {int, float}:
        fail("the value must be a tuple of two floats", "值应为由两个浮点数组成的元组")
    given = tuple(pair)
    if given == right:
        return
    # What is expected stays untold: the message would be the answer.
    mistake = "range-of-another" if given in {*RANGES.values(), (0.0, INFINITY)} else None
    fail(
        f"{given!r} is not right",
        f"{given!r} 不对",
        misconception="ends-swapped" if given == right[::-1] else mistake,
    )


ROLES = {
    "deep_hidden": ("leaky_relu", {"relu-everywhere": "relu"}),
    "binary_output": ("sigmoid", {"softmax-for-one": "softmax", "relu-everywhere": "relu"}),
    "multiclass_output": (
        "softmax",
        {"sigmoid-for-classes": "sigmoid", "relu-everywhere": "relu"},
    ),
    "recurrent": ("tanh", {"relu-everywhere": "relu"}),
}


@check(
    task="choice",
    points=2,
    visibility="hidden",
    title={"en": "pick_activation: the role {role}", "zh": "pick_activation：位置 {role}"},
    hint={
        "en": "The exercise's text says what each place needs.",
        "zh": "练习说明写明了每个位置需要什么。",
    },
)
@pytest.mark.parametrize("role", ROLES)
def test_choice(student, role):
    answer = student.pick_activation(role)
    right, mistakes = ROLES[role]
    if type(answer) is not str:
        fail("a str was expected, the name of a function", "应当返回字符串 str，即函数的名字")
    if answer != right:
        mistake = next((key for key, value in mistakes.items() if value == answer), None)
        fail(f"{answer!r} is not right", f"{answer!r} 不对", misconception=mistake)


@check(
    task="choice",
    points=4,
    visibility="hidden",
    title={
        "en": "pick_activation raises ValueError for any other role, and names `role`",
        "zh": "对其他任何位置，pick_activation 抛出 ValueError，并写出 `role`",
    },
    hint={
        "en": "A dict's own error is a KeyError: test `role not in …` first.",
        "zh": "字典自己抛出的是 KeyError：先判断 `role not in …`。",
    },
)
def test_choice_error(student):
    for role in ("output", "input", "relu", "", "Hidden"):
        assert_raises(ValueError, student.pick_activation, role, names="role")
