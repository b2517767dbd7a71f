from __future__ import annotations

import ast
import inspect
import io
import json
import linecache
import random
import sys
import textwrap
import threading
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.worker import loading, wire

Loaded = tuple[types.ModuleType, wire.LoadReport]


@pytest.fixture(autouse=True)
def _clean_up() -> Iterator[None]:
    yield
    sys.modules.pop("submission", None)
    for name in [name for name in linecache.cache if name.startswith("<submission>")]:
        del linecache.cache[name]


def load_script(source: str, *required: str, run_all: bool = False) -> Loaded:
    return load_text(textwrap.dedent(source), *required, run_all=run_all)


def load_text(text: str, *required: str, run_all: bool = False) -> Loaded:
    cells = (wire.CellSource(None, text),)
    return loading.load(wire.Load(cells, "x.py", required, run_all, "cpu"))


def load_cells(sources: list[str], *required: str) -> Loaded:
    cells = tuple(wire.CellSource(n, source) for n, source in enumerate(sources, 1))
    return loading.load(wire.Load(cells, "x.ipynb", required, run_all=False, device="cpu"))


def reasons(report: wire.LoadReport) -> dict[int, str]:
    return {fact.line: fact.reason for fact in report.skipped}


LEARNERS_FILE = """
    import torch
    import torchvision
    from torch import nn
    from torch.nn import Conv2d
    from torch.utils.data import DataLoader
    from torch.utils.tensorboard import SummaryWriter
    from model import output
    from turtle import forward

    dataset = torchvision.datasets.CIFAR10("../data", train=False, download=True)
    dataloader = DataLoader(dataset, batch_size=64)
    '''
    class Old(nn.Module):
        pass
    '''
    class ConvNet(nn.Module):  # 卷积
        def __init__(self):
            super().__init__()
            self.conv1 = Conv2d(3, 6, 3)
        def forward(self, x):
            return self.conv1(x)

    convnet = ConvNet()
    writer = SummaryWriter("../logs")
    step = 0
    for data in dataloader:
        imgs, targets = data
        output = convnet(imgs)
        writer.add_images("input", imgs, step)
        step = step + 1
    writer.close()
    while True:
        print("训练")
"""


def test_a_learners_script_loads_without_its_experiments() -> None:
    module, report = load_script(LEARNERS_FILE, "ConvNet")
    assert module.ConvNet()(torch.zeros(2, 3, 32, 32)).shape == (2, 6, 30, 30)
    assert report.problems == ()
    assert report.runnable
    assert reasons(report)[11] == "experiment"
    assert reasons(report)[9] == "unused"
    assert not hasattr(module, "dataset")


def test_three_sections_in_one_file_and_a_shadowing_instance() -> None:
    module, report = load_script(
        """
        import torch.nn as nn
        class ben(nn.Module):
            def forward(self, x): return x + 1
        ben = ben()
        print(ben(1))
        class Other(nn.Module): pass
        Other = Other()
        """,
        "ben",
    )
    assert inspect.isclass(module.ben)
    assert reasons(report) == {5: "shadows", 6: "experiment", 7: "unused", 8: "experiment"}


def test_a_statement_that_fails_costs_its_own_names() -> None:
    module, report = load_script(
        """
        from model import *
        import missing_module
        SIZE = 1 / 0
        def f(): return SIZE
        def g(): return missing_module
        def h(): return Net
        OK = 3
        """,
        *("f", "g", "h", "OK"),
    )
    assert module.OK == 3
    assert callable(module.f)
    found = [(p.kind, p.type_name, p.line, p.names) for p in report.problems]
    assert found == [
        ("import", "ModuleNotFoundError", 2, ("Net",)),
        ("import", "ModuleNotFoundError", 3, ("missing_module",)),
        ("raised", "ZeroDivisionError", 4, ("SIZE",)),
    ]
    assert report.problems[2].text == "SIZE = 1 / 0"


@pytest.mark.parametrize(
    "end", ["raise SystemExit", "exit()", "raise KeyboardInterrupt", "raise MemoryError"]
)
def test_no_exception_ends_the_loading(end: str) -> None:
    module, report = load_text(f"if True:\n    {end}\n    X = 1\nY = 2\n", "X", "Y")
    assert module.Y == 2
    assert report.problems == () or report.problems[0].names == ("X",)


def test_a_failure_within_a_function_is_placed_there() -> None:
    _, report = load_script("def f():\n    return {}['a']\nX = f()\n", "X")
    (problem,) = report.problems
    assert (problem.line, problem.text) == (2, "return {}['a']")
    assert (problem.type_name, problem.message) == ("KeyError", "a")


def test_a_consequence_of_a_failure_is_told_once() -> None:
    _, report = load_script("X = {}['a']\nX['b'] = 1\nX.update(c=1)\n", "X")
    assert [problem.line for problem in report.problems] == [1]


def test_a_starred_import_that_nothing_was_lost_by_is_no_problem() -> None:
    source = "from os.path import *\nfrom model import *\ndef f(): return join\n"
    module, report = load_script(source, "f")
    assert callable(module.f())
    assert report.problems == ()


def test_a_misspelt_import_costs_the_others_nothing() -> None:
    source = "from os.path import (join,\n  jion, split)\nfrom model import A, B\n"
    module, report = load_text(source + "def f(): return join, jion, split, A, B\n", "f")
    assert module.join
    assert module.split
    assert [(p.line, p.names) for p in report.problems] == [(2, ("jion",)), (3, ("A", "B"))]


def test_the_main_guard_is_shut_under_run_all_too() -> None:
    source = """
        names = [__name__]
        print("loose")
        if __name__ == "__main__":
            while True: pass
    """
    module, report = load_script(source, "absent", run_all=True)
    assert module.names == ["submission"]
    assert reasons(report) == {4: "main_guard"}


def test_an_exception_that_hides_its_class_is_reported() -> None:
    source = """
        class Evil(ImportError):
            @property
            def __class__(self): raise SystemExit
            def __str__(self): raise SystemExit
        def fail(): raise Evil
        X = fail()
        Y = 1
    """
    module, report = load_script(source, "X", "Y")
    assert module.Y == 1
    (problem,) = report.problems
    assert (problem.type_name, problem.message, problem.kind) == ("Evil", "", "import")


def test_run_all_executes_experiments() -> None:
    module, _ = load_script("import os\nX = [1]\nfor i in range(3): X.append(i)\n", run_all=True)
    assert (module.X, module.i) == ([1, 0, 1, 2], 2)


def test_a_syntax_error_costs_the_function_that_it_is_in() -> None:
    module, report = load_script(
        """
        import math
        def first(x):
            return math.floor(x)

        def broken(x)
            return x

        @staticmethod
        def third(x): return x
        CONV = {
        "keep": {"padding": 2},
        }
        class Net:
            def f(self):
                return (1, 2
        def last():
            return CONV
        """,
        *("first", "broken", "third", "last", "Net"),
    )
    assert module.first(1.5) == 1
    assert module.last() == {"keep": {"padding": 2}}
    assert [(p.kind, p.line, p.names) for p in report.problems] == [
        ("syntax", 6, ("broken",)),
        ("syntax", 16, ("Net",)),
    ]
    assert report.problems[0].message == "expected ':'"
    assert report.runnable


@pytest.mark.parametrize(
    ("line", "column", "named"),
    [
        ("print（1)", 6, "（"),
        ("x = “a”", 5, "“"),
        ("f(1，2)", 4, "，"),
        ("x =\u30001", 4, "U+3000"),
    ],
)
def test_full_width_punctuation_is_named_with_its_column(
    line: str, column: int, named: str
) -> None:
    module, report = load_text(f"def f(): pass\n{line}\ndef g(): pass\n", "f", "g")
    (problem,) = report.problems
    assert (problem.line, problem.column) == (2, column)
    assert named in problem.message
    assert f"column {column}" in problem.message
    assert problem.text == line
    assert module.f
    assert module.g


@pytest.mark.parametrize("text", ["'''unclosed\ndef f(): pass\n", "x = (1,\ndef f(): pass\n"])
def test_what_is_never_closed_does_not_swallow_the_rest(text: str) -> None:
    module, report = load_text(text, "f")
    assert callable(module.f)
    assert report.problems[0].line == 1


def test_a_line_that_is_indented_for_no_reason_costs_itself() -> None:
    module, report = load_text("import math\n  X = 1\ndef f(): return math\n", "f", "X")
    assert module.f() is module.math
    assert [(p.type_name, p.line) for p in report.problems] == [("IndentationError", 2)]


def test_lines_within_messages_are_those_of_the_file() -> None:
    _, report = load_text("x = 1\n\nif x:\ny = 2\nz = (1,\n  2]\n", "x")
    assert "on line 3" in report.problems[0].message
    assert "on line 5" in report.problems[1].message


def test_prose_and_prompts_cost_themselves() -> None:
    text = "我的作业 第三 题\n" * 300 + ">>> x = 1\ndef f(): return 1\n"
    module, report = load_text(text, "f")
    assert module.f() == 1
    assert report.runnable
    assert len(report.problems) <= 200


def test_a_body_without_indentation_is_one_problem() -> None:
    module, report = load_text("def f(x):\nreturn x\ndef g(): pass\n", "f", "g")
    assert callable(module.g)
    assert [(p.kind, p.type_name) for p in report.problems] == [("syntax", "IndentationError")]


def test_tabs_and_spaces_are_told_apart_as_python_does() -> None:
    _, report = load_text("def f(x):\n        y = 1\n\treturn y\n", "f")
    assert report.problems[0].type_name == "TabError"
    assert not report.runnable


@pytest.mark.parametrize("text", ["", "\n\n", "  \n\t", "# nothing\n", '"""doc"""'])
def test_an_empty_file_is_runnable_and_defines_nothing(text: str) -> None:
    _, report = load_text(text, "f")
    assert report == wire.LoadReport(True, (), (), (), ())  # noqa: FBT003


@pytest.mark.parametrize("text", ["for for for", "def f(:\n", "\0", "\ud800 = 1", "(" * 200])
def test_a_file_of_which_nothing_parses_is_not_runnable(text: str) -> None:
    _, report = load_text(text, "f")
    assert not report.runnable
    assert report.problems


@pytest.mark.parametrize(
    "bomb",
    [
        "(" * 100_000,
        "x = " + "[" * 150 + "]" * 150,
        "x = " + "-" * 100_000 + "1",
        "x = " + "not " * 100_000 + "1",
        "x = " + "9" * 1_000_000,
        "x = " + "+".join("1" * 50_000),
        "x = a" + ".b" * 50_000,
        "x = f" + "()" * 50_000,
        "x = " + "lambda:" * 5_000 + "1",
        "x = " + "1 if 1 else " * 5_000 + "1",
        "if 1: x = 1\n" + "elif 1: x = 1\n" * 5_000,
        "x = 1\n" * 300_000,
        "x = '''" + "a" * 3_000_000 + "'''",
        "\n".join(" " * n + "if 1:" for n in range(200)) + "\n" + " " * 201 + "x = 1",
        "x = " + "2**" * 2_000 + "2",
        "x = f'" + "{" * 1_000 + "}" * 1_000 + "'",
    ],
    ids=lambda bomb: bomb[:14].replace("\n", " ") + f" {len(bomb)}",
)
def test_text_that_would_choke_the_parser_is_a_problem(bomb: str) -> None:
    module, report = load_text(f"def before(): pass\n{bomb}\n", "before", "x")
    assert callable(module.before) or "of brackets" in str(report.problems)
    wire.encode(report)


def test_an_excess_costs_the_statement_that_it_is_in() -> None:
    module, report = load_text(
        "def f(): pass\nx = " + "[" * 150 + "]" * 150 + "\nY = 2\n", "f", "Y"
    )
    assert (callable(module.f), module.Y) == (True, 2)
    assert [(p.kind, p.line, p.names) for p in report.problems] == [("complexity", 2, ("x",))]


def test_text_that_would_be_slow_to_cut_is_not() -> None:
    started = time.process_time()
    load_text("\\'''\n" * 100_000, "f")
    load_text("x = (\n" * 20_000, "f")
    load_text("这 不 是 代码\n" * 20_000, "f")
    assert time.process_time() - started < 10


def test_a_million_statements_in_a_cell_leave_the_other_cells() -> None:
    module, report = load_cells(["def f(): pass", "(" * 9999, "def g(): pass"], "f", "g")
    assert module.f
    assert module.g
    assert [(p.kind, p.cell) for p in report.problems] == [("complexity", 2)]


def test_magics_are_dropped_where_the_cell_does_not_parse_with_them() -> None:
    module, report = load_cells(
        [
            "%matplotlib inline\nimport torch\n!pip install \\\n   torch\nX = 1",
            "%%time\nY = 2\nif Y:\n    !ls\n",
            "%%bash\nrm -rf x",
            "TEXT = '''\n%not a magic\n!neither\n'''\nfiles = !ls\nhelp?\nZ = 10 \\\n% 3",
            "a = 7\nb = (a\n% 4)\nget_ipython().system('ls')",
        ],
        *("X", "Y", "Z", "TEXT", "b"),
    )
    assert (module.X, module.Y, module.Z, module.b) == (1, 2, 1, 3)
    assert module.TEXT == "\n%not a magic\n!neither\n"
    magics = [
        (fact.cell, fact.line, fact.code) for fact in report.skipped if fact.reason == "magic"
    ]
    assert magics == [
        (1, 1, "%matplotlib inline"),
        (1, 3, "!pip install \\"),
        (2, 1, "%%time"),
        (2, 4, "!ls"),
        (3, 1, "%%bash"),
        (4, 5, "files = !ls"),
        (4, 6, "help?"),
    ]
    assert report.problems == ()


def test_one_broken_cell_leaves_the_others() -> None:
    module, report = load_cells(["def f(): return 1", "def g(:\n", "def h(): return f()"], "f", "h")
    assert module.h() == 1
    assert [(p.cell, p.line, p.names) for p in report.problems] == [(2, 1, ("g",))]


def test_cells_of_text_with_await_at_the_top_are_experiments() -> None:
    _, report = load_cells(["await something()", "def f(): pass"], "f")
    assert report.problems == ()


def test_errors_carry_cell_and_line() -> None:
    module, _ = load_cells(["import os", "def f():\n    raise ValueError('x')"], "f")
    with pytest.raises(ValueError, match="x") as info:
        module.f()
    assert loading.error_place(info.value) == wire.Place(2, 2, "f", (4, 25))


def test_future_annotations_hold_for_every_statement() -> None:
    source = "from __future__ import annotations\ndef f(x: Undefined) -> Missing: return x\n"
    module, report = load_text(source, "f")
    assert module.f.__annotations__ == {"x": "Undefined", "return": "Missing"}
    assert report.problems == ()


def test_a_name_in_an_annotation_is_used_even_if_it_is_not_evaluated() -> None:
    source = "from __future__ import annotations\nfrom pathlib import Path\ndef f(x: Path): pass\n"
    module, report = load_text(source, "f")
    assert module.Path
    assert report.skipped == ()


def test_the_module_is_found_by_pickling_dataclasses_and_inspect() -> None:
    module, report = load_script(
        """
        import dataclasses, torch
        @dataclasses.dataclass
        class Config:
            size: "int" = 3
        class Net(torch.nn.Module): pass
        def f(): return 1
        """,
        *("Config", "Net", "f"),
    )
    assert report.problems == ()
    assert module.Config().size == 3
    torch.save(module.Net(), io.BytesIO())
    assert inspect.getsource(module.f) == "def f(): return 1\n"
    assert inspect.getsource(module.Net) == "class Net(torch.nn.Module): pass\n"
    assert module.__name__ == "submission"


def test_line_endings_and_a_mark_change_no_line_number() -> None:
    _, report = load_text("\ufeffimport os\r\n\r\nX = 1\r/0\r\nY = 1/0\r\n", "Y")
    assert [problem.line for problem in report.problems] == [4, 5]


def test_what_ended_a_former_worker_is_left_out() -> None:
    source = "def f(x):\n    while True: pass\nX = f(1)\nY = 2\ndef g(): return f(X)\n"
    cells = (wire.CellSource(None, source),)
    request = wire.Load(cells, "x.py", ("f", "X", "Y", "g"), False, "cpu", ((None, 2),))  # noqa: FBT003
    module, report = loading.load(request)
    assert (module.Y, hasattr(module, "X"), callable(module.f)) == (2, False, True)
    assert [(p.kind, p.line, p.names) for p in report.problems] == [("excluded", 3, ("X",))]


def test_a_definition_that_nothing_called_is_itself_left_out() -> None:
    source = "class A:\n    while True: pass\nY = 2\n"
    cells = (wire.CellSource(None, source),)
    request = wire.Load(cells, "x.py", ("A", "Y"), False, "cpu", ((None, 2),))  # noqa: FBT003
    module, report = loading.load(request)
    assert module.Y == 2
    assert [p.names for p in report.problems] == [("A",)]


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


def test_the_current_place_is_the_innermost_line_of_the_submission() -> None:
    module, _ = load_text("def f(g):\n    return [g() for _ in range(1)][0]\n", "f")
    place = module.f(loading.current_place)
    assert place.line == 2
    assert loading.current_place() is None


def test_a_thread_has_a_place_of_its_own() -> None:
    module, _ = load_text("def f(g):\n    return g()\n", "f")
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(module.f(loading.current_place)))
    thread.start()
    thread.join()
    assert found == [wire.Place(2, None, "f")]


def test_names_of_classes_cannot_be_played_with() -> None:
    module, _ = load_script(
        """
        class Meta(type):
            def __getattribute__(cls, name): raise SystemExit
        class Evil(metaclass=Meta): pass
        class Odd:
            __module__ = 3
            __qualname__ = "x" * 1000
        class Long: pass
        Long.__name__ = "L" * 10_000
        class Half: pass
        Half.__module__ = "\\ud800"
        """,
        *("Evil", "Odd", "Long", "Half"),
    )
    assert loading.type_name(module.Evil) == "Evil"
    assert loading.type_name(module.Odd) == "Odd"
    assert len(loading.type_name(module.Long)) == 100
    loading.type_name(module.Half).encode()
    assert loading.type_name(int) == "int"
    assert loading.type_name(json.JSONDecodeError) == "json.decoder.JSONDecodeError"


class _RaisingError(Exception):
    def __str__(self) -> str:
        raise SystemExit


class _NumberError(Exception):
    __str__ = lambda self: 3  # type: ignore[assignment, return-value]  # noqa: E731


class _Text(str):
    __slots__ = ()

    def __getitem__(self, key: object) -> str:
        raise SystemExit

    def encode(self, *args: object) -> bytes:
        raise SystemExit


class _OddTextError(Exception):
    def __str__(self) -> str:
        return _Text("odd")


class _HidingError(Exception):
    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise SystemExit

    @property
    def __traceback__(self) -> object:  # type: ignore[override]
        raise SystemExit


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("size must be positive"), "size must be positive"),
        (KeyError("padding"), "padding"),
        (KeyError("a", "b"), "('a', 'b')"),
        (NotImplementedError("TODO write it | 请完成"), "TODO write it | 请完成"),
        (_RaisingError(), ""),
        (_NumberError(), ""),
        (_OddTextError(), "odd"),
        (ValueError("\ud800"), "?"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_text_of_an_error_is_had_safely(error: BaseException, text: str) -> None:
    found = loading.safe_text(error)
    assert found == text
    assert type(found) is str


def test_a_long_message_is_cut() -> None:
    assert len(loading.safe_text(ValueError("x" * 10**6))) == 4_000


def test_an_error_that_hides_its_traceback_is_placed() -> None:
    module, _ = load_text("def f(e):\n    raise e\n", "f")
    with pytest.raises(_HidingError) as info:
        module.f(_HidingError())
    assert loading.error_place(info.value) == wire.Place(2, None, "f", (4, 11))
    assert loading.error_place(ValueError()) is None


def test_a_syntax_error_in_code_that_the_student_compiles_is_placed() -> None:
    with pytest.raises(SyntaxError) as info:
        compile("x = (", "<submission>[cell 3]", "exec")
    assert loading.error_place(info.value) == wire.Place(1, 3, "<module>")


def _mutate(text: str, generator: random.Random) -> str:
    pieces = ["(", ")", "'''", '"', "\n", "    ", "\t", "，", "\0", "def f(:\n", "\\", "%", "!ls\n"]
    pieces += [
        "if __name__ == '__main__':\n",
        "global x\n",
        "return\n",
        "\ud800",
        "#",
        "{",
        "@",
        ":=",
    ]
    for _ in range(generator.randint(1, 6)):
        at = generator.randrange(len(text) + 1)
        end = at + generator.choice([0, 0, 1, 5, 40])
        text = text[:at] + generator.choice(pieces) + text[end:]
    return text


_SAFE = textwrap.dedent(LEARNERS_FILE).replace("while True", "if False")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9))
def test_a_mutated_script_always_gives_a_report(seed: int) -> None:
    text = _mutate(_SAFE, random.Random(seed))  # noqa: S311 - no secret
    _, report = load_text(text, "ConvNet", "step_size")
    wire.encode(report)
    _, report = load_cells([text, "X = 1", text], "ConvNet")
    wire.encode(report)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_a_report(text: str) -> None:
    _, report = load_text(text)
    wire.encode(report)


def _salvaged(source: str) -> Callable[[str], bool]:
    module, _ = load_text(source, "first", "last")
    return lambda name: hasattr(module, name)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abc =()[]{}:,'\"\\\n\t#.+，", max_size=40))
def test_whatever_stands_between_two_functions_costs_neither(junk: str) -> None:
    indented = "".join(f"    {line}\n" for line in junk.split("\n"))
    source = f"def first(): pass\ndef middle():\n{indented}\ndef last(): pass\n"
    has = _salvaged(source)
    assert has("first")
    assert has("last") or "'''" in junk or '"""' in junk or _parses(source)


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def test_a_module_level_setting_of_the_folder_of_the_file_does_no_harm(tmp_path: Path) -> None:
    source = "import os\nHERE = os.path.dirname(os.path.abspath(__file__))\n"
    module, report = load_text(source, "HERE")
    assert report.problems == ()
    assert module.HERE
