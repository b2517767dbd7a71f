from __future__ import annotations

import ast
import textwrap

import pytest

from grader.worker.definitions import Slice, slice_definitions, slice_everything
from grader.worker.parsing import Statement
from grader.worker.units import Unit, build_unit


def units_of(source: str) -> list[Unit]:
    nodes = ast.parse(textwrap.dedent(source)).body
    return [build_unit(Statement(node, None), 0) for node in nodes]


def slice_of(source: str, *required: str) -> Slice:
    return slice_definitions(units_of(source), required)


def kept(source: str, *required: str) -> list[str]:
    return [ast.unparse(statement.node) for statement in slice_of(source, *required).kept]


def reasons(source: str, *required: str) -> list[tuple[int, str]]:
    return [(out.node.lineno, out.reason) for out in slice_of(source, *required).left_out]


def test_a_required_function_brings_what_its_body_uses() -> None:
    source = """
        import math
        import os
        SCALE = math.pi
        def area(r): return helper(r) * SCALE
        def helper(r): return r * r
        def unused(): return os
    """
    assert kept(source, "area") == [
        "import math",
        "SCALE = math.pi",
        "def area(r):\n    return helper(r) * SCALE",
        "def helper(r):\n    return r * r",
    ]
    assert reasons(source, "area") == [(3, "unused"), (7, "unused")]


@pytest.mark.parametrize(
    "use",
    [
        "class Net(Base): pass",
        "@Base\nclass Net: pass",
        "class Net:\n    x: Base",
        "class Net:\n    x = Base",
        "class Net:\n    def f(self, x: Base): pass",
        "class Net:\n    def f(self, x=Base): pass",
        "class Net:\n    def f(self): return Base",
        "class Net:\n    def f(self):\n        def g(): return [Base for _ in x]",
        "class Net:\n    Base = Base",
        "class Net(metaclass=Base): pass",
        "Net = [Base for _ in range(3)]",
        "Net = lambda: Base",
        "Net: Base = 1",
        "def Net():\n    class Inner(Base): pass",
        "def Net():\n    global Base\n    Base += 1",
    ],
)
def test_every_way_to_use_a_name_counts(use: str) -> None:
    assert "Base = 3" in kept(f"Base = 3\n{use}", "Net")


@pytest.mark.parametrize(
    "use",
    [
        "def Net(Base): return Base",
        "def Net():\n    Base = 1\n    return Base",
        "def Net(): return [Base for Base in range(3)]",
        "def Net(x): return x.Base",
        "def Net():\n    for Base in range(3): pass\n    return Base",
        "def Net():\n    import os as Base\n    return Base",
        "class Net:\n    Base = 1\n    x = Base",
        "def Net(x): return dict(Base=x)",
        "def Net():\n    def f(): return Base\n    Base = 1\n    return f",
    ],
)
def test_a_name_of_an_inner_scope_is_another_name(use: str) -> None:
    assert "Base = 3" not in kept(f"Base = 3\n{use}", "Net")


@pytest.mark.parametrize(
    "statement",
    [
        "X['a']['b'] = 2",
        "X['a'] += 1",
        "X.attribute = 2",
        "X += [1]",
        "del X['a']",
        "X.append(1)",
        "X.setdefault('a', {})['b'] = 1",
        "X.update(a=1)",
        "X['a'].extend([1])",
        "X['a'].custom_method()",
        "setattr(X, 'a', 1)",
        "y = X.pop('a')",
        "X['a'], other = (1, 2)",
        "X['a']: int = 3",
        "for k in [1, 2]:\n    X[k] = 1",
        "for k in [1, 2]:\n    X.append(k)",
        "for entry in X.values():\n    entry['a'] = 1",
        "with open('f') as f:\n    X['a'] = 1",
        "if 1 < 2:\n    X['a'] = 1",
        "[X.append(i) for i in range(3)]",
    ],
)
def test_what_changes_a_needed_object_is_kept(statement: str) -> None:
    assert kept(f"X = make()\n{statement}", "X")[1:] == [statement]


@pytest.mark.parametrize(
    "statement",
    [
        "print(X)",
        "train(X)",
        "net = Net(X)",
        "del X",
        "X",
        "X['a']",
        "assert X",
        "for k in X:\n    print(k)",
        "while True:\n    train(X)",
        "with open('f') as f:\n    f.write(X)",
        "y = X.copy()",
        "exit()",
        "raise SystemExit",
        "Y.append(X)",
    ],
)
def test_what_only_looks_at_a_needed_object_is_an_experiment(statement: str) -> None:
    source = f"Y = []\nX = make()\n{statement}"
    assert kept(source, "X") == ["X = make()"]
    assert (3, "experiment") in reasons(source, "X")


def test_a_change_through_another_name_is_kept() -> None:
    source = """
        X = {'a': {}}
        part = X['a']
        part['b'] = 1
        other = X
        other['c'] = 2
    """
    assert len(kept(source, "X")) == 5


def test_settings_of_an_imported_module_are_left_out() -> None:
    source = """
        import torch
        torch.manual_seed(0)
        torch.backends.cudnn.benchmark = True
        torch.nn.Linear.forward = None
        def f(): return torch
    """
    assert kept(source, "f") == ["import torch", "def f():\n    return torch"]


def test_calling_a_method_of_a_class_does_not_change_it() -> None:
    source = "class Net: pass\nNet.run(1)\nNet().run(1)\nNet.registry.append(1)"
    assert kept(source, "Net") == ["class Net:\n    pass", "Net.registry.append(1)"]


def test_methods_attached_to_a_class_afterwards_are_kept() -> None:
    source = """
        class Net: pass
        def forward(self, x): return x
        Net.forward = forward
        setattr(Net, 'extra', 1)
    """
    assert len(kept(source, "Net")) == 4


def test_all_bindings_of_a_name_are_kept_in_order() -> None:
    source = """
        def f(): return 1
        def f(): return 2
        f = decorate(f)
        def decorate(g): return g
    """
    assert len(kept(source, "f")) == 4


@pytest.mark.parametrize(
    "rebinding",
    [
        "Net = Net()",
        "Net = Net(3).to('cpu')",
        "Net: object = Net()",
        "Net = Net().eval()",
    ],
)
def test_a_required_class_is_not_lost_behind_its_instance(rebinding: str) -> None:
    source = f"class Net: pass\n{rebinding}\nprint(Net)"
    assert kept(source, "Net") == ["class Net:\n    pass"]
    assert (2, "shadows") in reasons(source, "Net")


def test_a_required_function_is_not_lost_behind_its_result() -> None:
    source = "def relu(x): return x\nrelu = relu(3)"
    assert reasons(source, "relu") == [(2, "shadows")]


@pytest.mark.parametrize("wrap", ["Net = register(Net)", "Net = compile_(Net)(1)", "Net = Other()"])
def test_other_rebindings_count(wrap: str) -> None:
    assert wrap in kept(f"class Net: pass\n{wrap}", "Net")


def test_a_helper_may_be_shadowed_by_its_instance() -> None:
    source = "class block: pass\nblock = block()\ndef f(): return block"
    assert "block = block()" in kept(source, "f")


@pytest.mark.parametrize(
    "test",
    [
        "__name__ == '__main__'",
        "'__main__' == __name__",
        "__name__ == '__main__' and True",
        "not __name__ != '__main__'",
        "not (__name__ != '__main__' or debug)",
    ],
)
def test_a_main_guard_is_never_entered(test: str) -> None:
    source = f"if {test}:\n    X = 1\nelse:\n    X = 2"
    assert kept(source, "X") == ["X = 2"]
    assert reasons(source, "X") == [(1, "main_guard")]


@pytest.mark.parametrize(
    "test",
    ["__name__ != '__main__'", "not __name__ == '__main__'", "not (__name__ == '__main__' and x)"],
)
def test_an_inverted_guard_is_entered(test: str) -> None:
    assert kept(f"if {test}:\n    X = 1\nelse:\n    X = 2", "X") == ["X = 1"]


def test_a_name_from_under_the_guard_stays_undefined() -> None:
    source = "def f(): return W\nif __name__ == '__main__':\n    W = 1"
    assert kept(source, "f") == ["def f():\n    return W"]


@pytest.mark.parametrize(
    "around",
    [
        "try:\n    class Net: pass\n    net = Net()\n    net.train()\nexcept E as e: print(e)",
        "try:\n    train()\nexcept E: print()\nelse:\n    class Net: pass",
        "try:\n    train()\nfinally:\n    class Net: pass",
        "with writer() as w:\n    class Net: pass\n    w.add()",
        "for epoch in range(9):\n    class Net: pass\n    step()",
        "while True:\n    try:\n        class Net: pass\n    except E: pass\n    train()",
        "for a in b:\n    for c in d:\n        class Net: pass",
        "if __name__ != '__main__':\n    class Net: pass\n    train()",
        "try:\n    with writer():\n        class Net: pass\n    train()\nexcept E: pass",
    ],
)
def test_a_class_is_had_without_the_experiment_round_it(around: str) -> None:
    assert kept(around, "Net") == ["class Net:\n    pass"]
    assert slice_of(around, "Net").left_out


def test_an_import_with_a_fallback_is_kept_whole() -> None:
    source = """
        try:
            import fast as engine
        except ImportError:
            engine = None
        def f(): return engine
    """
    assert kept(source, "f")[0].startswith("try:")


def test_a_condition_is_kept_for_what_it_decides() -> None:
    source = """
        import torch
        if torch.cuda.is_available():
            device = 'cuda'
            print(device)
        else:
            device = 'cpu'
        def f(): return device
    """
    assert kept(source, "f")[1] == (
        "if torch.cuda.is_available():\n    device = 'cuda'\nelse:\n    device = 'cpu'"
    )
    assert (5, "experiment") in reasons(source, "f")


def test_a_with_is_kept_for_what_it_binds() -> None:
    source = "import json\nwith open('f') as file:\n    X = json.load(file)\n    print(X)"
    assert kept(source, "X") == ["import json", "with open('f') as file:\n    X = json.load(file)"]


def test_a_loop_is_no_definition_of_a_name_that_only_a_body_uses() -> None:
    source = """
        for epoch in range(10**9):
            output = compute(epoch)
        class Net:
            def forward(self, x): return output
    """
    assert kept(source, "Net") == ["class Net:\n\n    def forward(self, x):\n        return output"]


def test_a_loop_that_fills_a_required_name_runs() -> None:
    source = "for size in (1, 2):\n    LAST = size"
    assert kept(source, "LAST") == [source]


def test_a_training_loop_never_runs() -> None:
    source = """
        losses = []
        for batch in loader:
            loss.backward()
            losses.append(loss)
        def f(): return losses
    """
    assert kept(source, "f") == ["losses = []", "def f():\n    return losses"]


def test_of_an_import_only_the_needed_names_are_imported() -> None:
    source = (
        "import torch, matplotlib.pyplot as plt\nfrom m import a, b as c\ndef f(): return torch, c"
    )
    assert kept(source, "f")[:2] == ["import torch", "from m import b as c"]


def test_a_starred_import_is_tried_for_a_name_that_is_not_in_the_file() -> None:
    assert kept("from model import *\ndef f(): return g\ndef g(): pass", "f")[0][0] == "d"
    assert kept("from torch import *\ndef f(): return sum(1)", "f")[0] == "from torch import *"
    assert kept("from model import *\ndef f(): return Net()", "f")[0] == "from model import *"
    (star, _) = slice_of("from model import *\ndef f(): return Net()", "f").kept
    assert star.names == ("Net",)


def test_names_looked_up_by_text_are_kept() -> None:
    source = "def helper(): pass\ndef f(): return globals()['helper']()"
    assert len(kept(source, "f")) == 2


def test_without_required_names_all_definitions_are_kept() -> None:
    assert kept("def f(): pass\nclass A: pass\nprint()") == [
        "def f():\n    pass",
        "class A:\n    pass",
    ]


@pytest.mark.parametrize("quiet", ["'''doc'''", "__all__ = ['f']", "pass", "...", "3", "''''''"])
def test_what_does_nothing_is_not_listed(quiet: str) -> None:
    assert reasons(f"{quiet}\ndef f(): pass", "f") == []


def test_a_walrus_and_tuples_bind() -> None:
    assert kept("print(X := 3)", "X") == ["print((X := 3))"]
    assert kept("[X, *rest], y = z", "rest") == ["[X, *rest], y = z"]
    assert kept("if (X := 3): pass", "X") == ["if (X := 3):\n    pass"]
    assert kept("match v:\n    case [X]: pass", "X") == ["match v:\n    case [X]:\n        pass"]
    assert kept("[(X := i) for i in range(3)]", "X") == ["[(X := i) for i in range(3)]"]


def test_everything_is_everything() -> None:
    source = "print(1)\nif __name__ == '__main__':\n    X = 1"
    chosen = slice_everything(units_of(source))
    assert len(chosen.kept) == 2
    assert [out.reason for out in chosen.left_out] == ["main_guard"]
