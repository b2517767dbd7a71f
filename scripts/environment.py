"""The Python that the other scripts run their work with. Needs nothing but Python itself.

Where the running Python has this project and all that it needs, that one is used. Otherwise a
virtual environment, `.venv` in the clone, is made once and used from then on, until
`pyproject.toml` changes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BEGUN = VENV / "begun"
"""It is ours, even if the rest of it never came."""
STAMP = VENV / "installed"
COMPILED = VENV / "compiled"
OLDEST = (3, 11)
NAME = "torchgrade"
_IMPORTED = ("torch", "torch.utils.tensorboard", "torchvision", "pytest", "rich.console")

_SETTING_UP = (
    "Setting up {}. torch is large (up to 6 GB): this takes some quiet minutes, once.",
    "正在安装到 {}。torch 很大（最多 6 GB），第一次需要几分钟，期间不会显示任何内容。",
)
_FOREIGN = (
    (
        "{} was not made by this script, and would be emptied.\n\n"
        "hint: Activate it and install what is needed, `pip install -e .[dev]`; or move it away."
    ),
    (
        "{} 不是由本脚本创建的，继续会将其清空。\n\n"
        "提示：请先激活它并运行 `pip install -e .[dev]` 安装所需的库；或者把它移走。"
    ),
)


def say(english: str, chinese: str) -> str:
    """Choose the reader's language as `grade` does, which may not be installed yet."""
    variables = ("GRADE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    asked = [after for word, after in pairwise(sys.argv) if word == "--lang"]
    wishes = [*asked, *(value for name in variables if (value := os.environ.get(name)))]
    is_chinese = bool(wishes) and wishes[0].lower().startswith(("zh", "chinese", "cn", "中文"))
    return chinese if is_chinese else english


def prepare() -> Path:
    """Return a Python that has the project, its dependencies and its tools, ready to start."""
    python = install()
    compile_imported(python)
    return python


def install() -> Path:
    """Return a Python that has the project, its dependencies and its tools."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, and this is {sys.version}")
    if _is_complete():
        return Path(sys.executable)
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not _is_stamped(STAMP):
        _make_venv(python)
        STAMP.write_text(_stamp(), encoding="utf-8")
    return python


def compile_imported(python: Path) -> None:
    """Compile what every command imports, once; the rest is when somebody needs it.

    pip would compile ten thousand files, one after the other.
    """
    if VENV in python.parents and not _is_stamped(COMPILED):
        _must(str(python), "-c", f"import {', '.join(_IMPORTED)}")
        COMPILED.write_text(_stamp(), encoding="utf-8")


def install_browser() -> None:
    """Install Chromium, which tests look at pages with, where root may do so with apt.

    Elsewhere those tests are skipped, and say what is missing.
    """
    has_browser = any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    apt = shutil.which("apt-get")
    if has_browser or apt is None or os.name == "nt" or os.geteuid() != 0:
        return
    print("Installing Chromium for the tests that look at pages.", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    packages = ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"]
    for arguments in (["update", "-qq"], packages):
        done = subprocess.run([apt, *arguments], env=quiet, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            print("It could not be installed; those tests are skipped.")
            return


def run(python: Path, *arguments: str) -> int:
    """Run Python in the clone and return its exit code."""
    return subprocess.run(
        [str(python), *arguments], cwd=ROOT, env=_environ(python), check=False
    ).returncode


def run_quietly(python: Path, *arguments: str) -> tuple[int, str]:
    """Run Python in the clone and return its exit code and all that it printed."""
    done = subprocess.run(
        [str(python), *arguments],
        cwd=ROOT,
        env=_environ(python),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout


def _environ(python: Path) -> dict[str, str]:
    """Give an environment in which scripts such as ruff are found beside this Python.

    What is compiled is kept, in spite of a variable that forbids it: to compile torch and what
    belongs to it takes ten seconds, and many processes import it.
    """
    path = f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return os.environ | {"PATH": path, "PYTHONDONTWRITEBYTECODE": ""}


def _is_stamped(stamp: Path) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _stamp()


def _stamp() -> str:
    project = (ROOT / "pyproject.toml").read_bytes()
    return f"{sys.version}\n{hashlib.sha256(project).hexdigest()}\n"


def _is_complete() -> bool:
    """Say whether the running Python has this clone installed, and all that it asks for."""
    try:
        mine = metadata.distribution(NAME)
        origin = json.loads(mine.read_text("direct_url.json") or "{}").get("url", "")
        required = [_name_of(line) for line in mine.requires or [] if _applies_here(line)]
        for name in required:
            metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return bool(origin == ROOT.as_uri())


def _name_of(requirement: str) -> str:
    match = re.match(r"[\w.-]+", requirement)
    return match[0] if match else requirement


def _applies_here(requirement: str) -> bool:
    platform = re.search(r"""sys_platform\s*==\s*['"](\w+)['"]""", requirement)
    return platform is None or platform[1] == sys.platform


def _make_venv(python: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "This Python cannot make virtual environments: its module `ensurepip` is missing.\n\n"
            "hint: On Debian and Ubuntu, `apt install python3-venv` brings it."
        )
    if VENV.exists() and not (BEGUN.exists() or STAMP.exists()):
        sys.exit(say(*_FOREIGN).format(VENV))
    print(say(*_SETTING_UP).format(VENV), flush=True)
    options = ["--system-site-packages"] if _has_torch_to_share() else []
    _must(sys.executable, "-m", "venv", "--clear", *options, str(VENV))
    BEGUN.touch()
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile")
    _must(str(python), *install, "--editable", f"{ROOT}[dev]")


def _has_torch_to_share() -> bool:
    """Say whether the environment can see a torch that is installed already."""
    # From within a virtual environment, the packages shared would be those of the Python below it.
    return sys.prefix == sys.base_prefix and importlib.util.find_spec("torch") is not None


def _must(*command: str) -> None:
    finished = subprocess.run(command, cwd=ROOT, env=_environ(Path(command[0])), check=False)
    if finished.returncode:
        sys.exit(f"`{' '.join(command)}` failed; its own message stands above.")
