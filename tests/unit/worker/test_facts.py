"""What a file's text says of the names that it defines and uses."""

from __future__ import annotations

import pytest
from loaded import load_script, load_text

from grader.worker import wire


def test_defined_names_are_those_of_the_whole_file() -> None:
    _, report = load_script(
        """
        import torch.nn as nn, os.path
        class Net: inner = 1
        Net = Net()
        def f(x): y = 1
        if __name__ == "__main__":
            (guarded, [other]) = 1, [2]
        """,
        "f",
    )
    assert [(fact.name, fact.kind, fact.line) for fact in report.defined] == [
        ("nn", "import", 2),
        ("os", "import", 2),
        ("Net", "class", 3),
        ("Net", "assignment", 4),
        ("f", "function", 5),
        ("guarded", "assignment", 7),
        ("other", "assignment", 7),
    ]


def uses(source: str, *required: str) -> set[str]:
    _, report = load_script(source, *required)
    return {fact.name for fact in report.used}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from torch.nn.functional import conv2d as c\ndef f(x): return c(x)", "conv2d"),
        ("import torch.nn.functional as F\ndef f(x): return F.conv2d(x)", "conv2d"),
        ("import torch\ndef f(x): return torch.nn.functional.conv2d(x)", "conv2d"),
        ("from torch import nn\ndef f(x): return nn.functional.conv2d(x)", "conv2d"),
        (
            "from torch.nn import functional as F\ndef f(x): return getattr(F, 'conv2d')(x)",
            "conv2d",
        ),
        ("def f(x):\n    import torch.nn.functional as G\n    return G.conv2d(x)", "conv2d"),
        ("from torch.nn import functional as F\nalias = F.relu\ndef f(x): return alias(x)", "relu"),
        ("from torch.nn.functional import relu\nclass f:\n    g = staticmethod(relu)", "relu"),
    ],
)
def test_uses_are_resolved_through_aliases(source: str, name: str) -> None:
    assert f"torch.nn.functional.{name}" in uses(source, "f")


@pytest.mark.parametrize(
    "source",
    [
        "from torch.nn.functional import relu\ndef relu(x): return x\ndef f(x): return relu(x)",
        "from torch.nn.functional import relu\ndef f(x, relu): return relu(x)",
        "from torch.nn.functional import relu\ndef f(x):\n    relu = x\n    return relu(x)",
        "from torch.nn.functional import relu\ndef f(x): return x\nprint(relu(3))",
        "from torch.nn.functional import relu\nif __name__ == '__main__': relu(1)\ndef f(x): pass",
    ],
)
def test_own_names_and_code_that_is_not_run_are_no_uses(source: str) -> None:
    assert "torch.nn.functional.relu" not in uses(source, "f")


def test_methods_are_uses_without_an_owner() -> None:
    assert ".softmax" in uses("def f(x): return (x + 1).softmax(0)", "f")
    assert ".item" in uses("def f(x): return x.a[0].item()", "f")


def test_what_the_text_holds_is_capped() -> None:
    lines = [f"a{n} = x.b{n}" for n in range(3_000)]
    _, report = load_text("\n".join(lines), *(f"a{n}" for n in range(3_000)))
    assert len(report.used) == 2_000
    assert len(report.defined) <= 1_000
    assert len(report.problems) <= 200
    wire.encode(report)
