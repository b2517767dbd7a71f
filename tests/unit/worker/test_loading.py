"""Which statements of a file are run, and what is said of the others."""

from __future__ import annotations

import inspect
import io
from pathlib import Path

import pytest
import torch
from loaded import LEARNERS_FILE, load_cells, load_script, load_text

from grader.worker import loading, wire
from grader.worker.places import error_place


def reasons(report: wire.LoadReport) -> dict[int, str]:
    return {fact.line: fact.reason for fact in report.skipped}


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
    assert error_place(info.value) == wire.Place(2, 2, "f", (4, 25))


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


def test_a_module_level_setting_of_the_folder_of_the_file_does_no_harm(tmp_path: Path) -> None:
    source = "import os\nHERE = os.path.dirname(os.path.abspath(__file__))\n"
    module, report = load_text(source, "HERE")
    assert report.problems == ()
    assert module.HERE
