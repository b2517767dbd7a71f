"""Submissions that try to score without being right.

Each attack stands in front of the same file, which is wrong in one task and right in the others;
with the attack it must not score more, and the next honest submission must get full marks. The
ids are those under which such tricks were reported against other graders.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from grading import MINI_COURSE, MiniCourse

from grader.session.client import ExaminerClient

SOLUTION = (MINI_COURSE / "solutions" / "ex90_mini" / "ex90_mini.py").read_text(encoding="utf-8")
WRONG = SOLUTION.replace("return 2 * x", "return attack(x)")
HONEST_SCORE = 70

ATTACKS = {
    "P1 exit with success": "def attack(x):\n    import os\n    os._exit(0)\n",
    "P2 GeneratorExit": "def attack(x):\n    raise GeneratorExit\n",
    "P2 KeyboardInterrupt": "def attack(x):\n    raise KeyboardInterrupt\n",
    "P3 hooks of pytest": (
        "def pytest_runtest_makereport(item, call):\n    call.excinfo = None\n"
        "def attack(x):\n    open('conftest.py', 'w').write('def pytest_sessionfinish(s): "
        "s.exitstatus = 0')\n    return x\n"
    ),
    "P5 options by environment": (
        "import os\nos.environ['PYTEST_ADDOPTS'] = '--collect-only'\n"
        "def attack(x):\n    return os.environ and x\n"
    ),
    "P8 comparison that says yes": (
        "import torch\ndef attack(x):\n    torch.allclose = torch.isclose = torch.equal = "
        "lambda *a, **k: True\n    torch.Tensor.__eq__ = lambda *a: True\n    return x\n"
    ),
    "P9 reference in sys.modules": (
        "import sys\ndef attack(x):\n    for name in list(sys.modules):\n"
        "        if 'reference' in name or 'solution' in name:\n"
        "            return sys.modules[name].double(x)\n    raise LookupError\n"
    ),
    "P11 equal to everything": (
        "class Evil:\n    def __eq__(self, other):\n        return True\n"
        "    def __float__(self):\n        return 2.0\n    __array__ = __float__\n"
        "def attack(x):\n    return Evil()\n"
    ),
    "P11 a lying number": (
        "class Sly(float):\n    def __eq__(self, other):\n        return True\n"
        "    __hash__ = None\ndef attack(x):\n    return Sly(1.0)\n"
    ),
    "P14 frames": (
        "import sys\ndef attack(x):\n    frame = sys._getframe()\n    while frame:\n"
        "        for value in frame.f_locals.values():\n"
        "            if hasattr(value, 'double') and value is not sys.modules[__name__]:\n"
        "                return value.double(x)\n        frame = frame.f_back\n"
        "    raise LookupError\n"
    ),
    "P15 search of the heap": (
        "import gc, torch\ndef attack(x):\n    found = [t for t in gc.get_objects() if "
        "type(t) is torch.Tensor and t.shape == x.shape and t is not x]\n"
        "    return found[0]\n"
    ),
    "P16 read the solution": (
        "import glob\ndef attack(x):\n    for path in ('{solution}', '{suite}/test_hidden.py'):\n"
        "        exec(open(path).read(), globals())\n    return double(x)\n"
    ),
    "P25 skip": "def attack(x):\n    import pytest\n    pytest.skip('no')\n",
    "P27 pickle": (
        "class Bomb:\n    def __reduce__(self):\n        return (eval, ('1/0',))\n"
        "def attack(x):\n    return Bomb()\n"
    ),
    "P32 write to every descriptor": (
        "import os\nFRAME = b'\\x00' * 12\ndef attack(x):\n    for fd in range(3, 256):\n"
        "        try:\n            os.write(fd, FRAME)\n        except OSError:\n            pass\n"
        "    return x\n"
    ),
    "P32 replace the server": (
        "import gc\ndef attack(x):\n    import grader.worker.wire as wire\n"
        "    from grader.worker.serve import Server\n"
        "    Server._answer = lambda self, request, blob: (wire.Returned(None, ()), b'')\n"
        "    return x\n"
    ),
    "T1 subclass of Tensor": (
        "import torch\nclass Sly(torch.Tensor):\n    @classmethod\n"
        "    def __torch_function__(cls, *a, **k):\n        return True\n"
        "def attack(x):\n    return x.as_subclass(Sly)\n"
    ),
    "T2 overridden methods": (
        "def attack(x):\n    y = x.clone()\n"
        "    y.detach = y.cpu = y.contiguous = lambda *a: 2 * x\n    return y\n"
    ),
    "T3 all NaN": "def attack(x):\n    return x * float('nan')\n",
    "T3 infinite": "def attack(x):\n    return x / 0\n",
    "T4 broadcast": "def attack(x):\n    return (2 * x).reshape(-1)[:1]\n",
    "T5 empty": "def attack(x):\n    return x[:0]\n",
    "T6 claims a terabyte": "def attack(x):\n    return x.reshape(-1)[:1].expand(10**12)\n",
    "T7 sparse": "def attack(x):\n    return (3 * x).to_sparse()\n",
    "T7 meta": "def attack(x):\n    return (3 * x).to('meta')\n",
    "T8 zeroed input": "def attack(x):\n    x.zero_()\n    return x\n",
    "T14 seeds": "import torch\ndef attack(x):\n    torch.manual_seed(0)\n    return x\n",
    "T18 half precision": "def attack(x):\n    return (2 * x).half().float() + 1e-3\n",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, mini_client: ExaminerClient) -> MiniCourse:
    return MiniCourse.copy_to(tmp_path_factory.mktemp("attacks") / "course", mini_client)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_scores_no_more_than_without_it(
    name: str, course: MiniCourse, tmp_path: Path
) -> None:
    attack = ATTACKS[name].replace("{solution}", str(course.solution))
    attack = attack.replace("{suite}", str(course.suite))
    file = tmp_path / "ex90_mini.py"
    file.write_text(attack + WRONG, encoding="utf-8")
    report = course.grade(file)
    assert report.status == "graded"
    assert report.score is not None
    assert math.isfinite(report.score)
    assert report.score <= HONEST_SCORE
    assert course.grade().score == 100


def test_the_wrong_file_itself_scores_what_the_attacks_are_measured_against(
    course: MiniCourse, tmp_path: Path
) -> None:
    file = tmp_path / "ex90_mini.py"
    file.write_text("def attack(x):\n    return x\n\n" + WRONG, encoding="utf-8")
    assert course.grade(file).score == HONEST_SCORE
