"""What a worker refuses, in plain words; and what ordinary code may do without noticing it."""

from __future__ import annotations

import importlib.util
import sys
import textwrap
from pathlib import Path

import pytest
from grading import MiniCourse, all_checks, find_task

from grader.report.model import CheckReport

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are those of Linux")

HEAD = """\
import torch

def double(x):
    act()
    return 2 * x

def act():
"""


def grade(mini: MiniCourse, tmp_path: Path, body: str) -> list[CheckReport]:
    manifest = mini.root / "exercises" / "ex90_mini" / "exercise.toml"
    text = manifest.read_text(encoding="utf-8")
    assert "call_seconds = 0.5" in text
    # An import of torchvision takes a second or two, a large file as long.
    patient = text.replace("call_seconds = 0.5", "call_seconds = 20")
    patient = patient.replace("check_seconds = 2", "check_seconds = 30")
    manifest.write_text(patient, encoding="utf-8")
    file = tmp_path / "ex90_mini.py"
    file.write_text(HEAD + textwrap.indent(textwrap.dedent(body), "    "), encoding="utf-8")
    return list(find_task(mini.grade(file), "double").checks)


REFUSED = {
    "socket": ("import socket; socket.create_connection(('1.1.1.1', 80), 1)", "network-off"),
    "bare socket": ("import socket as s; s.socket()", "network-off"),
    "name": ("import socket; socket.getaddrinfo('example.com', 80)", "network-off"),
    "urllib": (
        "from urllib.request import urlopen; urlopen('http://example.com', timeout=2)",
        "network-off",
    ),
    "subprocess": ("import subprocess; subprocess.run(['ls'])", "program-off"),
    "popen": ("import os; os.popen('ls').read()", "program-off"),
    "exec": ("import os; os.execv('/bin/ls', ['ls'])", "program-off"),
    "fork": ("import os; os.fork()", "process-off"),
    "multiprocessing": (
        "import multiprocessing as m; m.get_context('fork').Process(target=print).start()",
        "process-off",
    ),
    "pool": ("import multiprocessing as m; m.get_context('fork').Pool(2)", "process-off"),
    "write outside": ("open('/home/model.pt', 'w')", "files-off"),
    "read outside": ("open('/etc/shadow').read()", "files-off"),
    "save outside": ("torch.save(torch.ones(1), '/data/model.pt')", "files-off"),
    "save too much": ("torch.save(torch.zeros(2**26 + 2**16), 'm.pt')", "file-limit"),
    # Where it is remembered that this machine has no hole.
    "believe me": (f"open({str(Path.home() / '.cache/torchgrade/self-test')!r}, 'w')", "files-off"),
    "list outside": ("import os; os.listdir('/home')", "files-off"),
    "large file": (
        "f = open('big', 'wb')\nfor _ in range(300): f.write(bytes(2**20))",
        "file-limit",
    ),
    "open files": ("kept = [open('f', 'w') for _ in range(300)]", "open-files-limit"),
    "threads": (
        """\
        import threading
        end = threading.Event()
        try:
            for _ in range(400): threading.Thread(target=end.wait).start()
        finally:
            end.set()
        """,
        "threads-limit",
    ),
    "signal": ("import os; os.kill(1 if os.getpid() > 1 else 2, 9)", None),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_said_in_plain_words(
    mini: MiniCourse, tmp_path: Path, name: str
) -> None:
    body, identifier = REFUSED[name]
    for check in grade(mini, tmp_path, body):
        assert check.outcome == "error"
        assert check.message is not None
        assert check.hint is not None or identifier is None
        if identifier is not None:
            assert check.misconception == identifier, check.message
        for said in (check.message.en, check.message.zh):
            assert "Errno" not in said or identifier is None


def test_a_download_at_the_top_of_a_file_is_named_where_its_name_is_missing(
    mini: MiniCourse, tmp_path: Path
) -> None:
    file = tmp_path / "ex90_mini.py"
    file.write_text(
        "from urllib.request import urlopen\n"
        "FACTS = {'legs_of_a_cat': urlopen('http://example.com')}\n",
        encoding="utf-8",
    )
    report = mini.grade(file)
    fact = find_task(report, "facts").checks[0]
    assert fact.message is not None
    assert "network access is off while grading" in fact.message.en
    assert "评分时不能访问网络" in fact.message.zh
    assert report.problems[0].message.en == "network access is off while grading"


MEMORY = {
    "tensor": "torch.zeros(4 * 2**30)",
    "bytes": "bytearray(4 * 2**30)",
    "list": "kept = []\nwhile True: kept.append(bytearray(2**26))",
}


@pytest.mark.parametrize("name", MEMORY)
def test_too_much_memory_is_named_and_costs_its_checks_only(
    mini: MiniCourse, tmp_path: Path, name: str
) -> None:
    checks = grade(mini, tmp_path, MEMORY[name])
    assert {check.outcome for check in checks} == {"memory"}
    assert all(check.hint for check in checks)


ORDINARY = {
    "save": "torch.save({'w': torch.ones(2)}, 'model.pt'); torch.load('model.pt')",
    "save beside": """\
        import os
        os.makedirs('../ckpt', exist_ok=True)
        torch.save(torch.ones(1), '../ckpt/m.pt')
        """,
    "temporary": "import tempfile\nwith tempfile.NamedTemporaryFile() as f: f.write(b'x')",
    "loader": """\
        from torch.utils.data import DataLoader, TensorDataset
        data = TensorDataset(torch.arange(10.0))
        assert [len(b[0]) for b in DataLoader(data, batch_size=4, num_workers=0)] == [4, 4, 2]
        """,
    "loader with workers": """\
        from torch.utils.data import DataLoader, TensorDataset
        data = TensorDataset(torch.arange(10.0))
        for kept in (False, True):
            loader = DataLoader(data, batch_size=4, num_workers=2, persistent_workers=kept,
                                timeout=5, prefetch_factor=2)
            for epoch in range(2):
                batches = [b[0] for b in loader]
                assert torch.cat(batches).tolist() == list(range(10))
            assert loader.num_workers == 2
        """,
    "events": """\
        from torch.utils.tensorboard import SummaryWriter
        with SummaryWriter('../logs') as writer: writer.add_scalar('loss', 1.0, 0)
        with SummaryWriter() as writer: writer.add_image('x', torch.zeros(3, 8, 8), 0)
        """,
    "pictures": """\
        import numpy as np
        from PIL import Image
        Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save('x.png')
        assert Image.open('x.png').size == (8, 8)
        """,
    "vision": """\
        import torchvision
        from torchvision import transforms
        from torchvision.datasets import FakeData
        image, _ = FakeData(4, (3, 8, 8), transform=transforms.ToTensor())[0]
        assert image.shape == (3, 8, 8)
        """,
    "chance and time": """\
        import random, time
        random.seed(1); random.random(); time.sleep(0.01); time.strftime('%c')
        """,
    "threads": """\
        import threading
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(8) as pool: assert sum(pool.map(abs, range(-9, 0))) == 45
        torch.set_num_threads(2); torch.ones(500, 500) @ torch.ones(500, 500)
        """,
    "late": "import torch.nn.utils.rnn, torch.optim.lr_scheduler, torch.distributions, torch.fft",
    "words and logs": """\
        import locale, logging, csv, json, gettext
        locale.setlocale(locale.LC_ALL, ''); locale.getlocale()
        logging.basicConfig(filename='train.log', level=logging.INFO, force=True)
        logging.info('epoch %d', 1); logging.shutdown()
        assert 'epoch 1' in open('train.log').read()
        """,
    "asyncio": "import asyncio; asyncio.run(asyncio.sleep(0))",
    "where am I": "import os, platform, pathlib; platform.platform(); pathlib.Path.cwd().iterdir()",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_code_notices_nothing(mini: MiniCourse, tmp_path: Path, name: str) -> None:
    for check in grade(mini, tmp_path, ORDINARY[name]):
        assert check.outcome == "passed", check.message


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="is not installed")
def test_figures_can_be_drawn(mini: MiniCourse, tmp_path: Path) -> None:
    body = """\
        import matplotlib.pyplot as plt
        from torch.utils.tensorboard import SummaryWriter
        figure, axes = plt.subplots()
        axes.imshow(torch.zeros(4, 4))
        plt.savefig('x.png')
        plt.show()
        figure.savefig('../figure.pdf')
        with SummaryWriter('../logs') as writer: writer.add_figure('x', figure)
        """
    for check in grade(mini, tmp_path, body):
        assert check.outcome == "passed", check.message


def test_a_worker_that_dies_costs_its_check_only(mini: MiniCourse, tmp_path: Path) -> None:
    file = tmp_path / "ex90_mini.py"
    text = mini.solution.read_text(encoding="utf-8")
    dying = "import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)\n    return 2 * x"
    file.write_text(text.replace("return 2 * x\n    ###", f"{dying}\n    ###"), encoding="utf-8")
    report = mini.grade(file)
    ends = {check.id: check.outcome for check in all_checks(report)}
    own = {check.id for check in find_task(report, "double").checks}
    assert {ends[name] for name in own} == {"crashed"}
    assert {end for name, end in ends.items() if name not in own} == {"passed"}
