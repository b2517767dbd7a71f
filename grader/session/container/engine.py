"""The container engine: is it there, how is a container started, why did it not start.

Imports neither torch nor pytest: the command line looks for the engine before anything starts.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec

from grader.errors import SandboxError
from grader.language import Text
from grader.version import VERSION
from grader.worker.policy import Policy

Engine = Literal["podman", "docker"]
ENGINES: Final[tuple[Engine, ...]] = ("podman", "docker")
IMAGE_VARIABLE: Final = "GRADE_IMAGE"
"""Names another image than the one of this version."""

_SCRATCH: Final = "/scratch"
_PACKAGE: Final = Path(__file__).parents[2]
_ENVIRONMENT: Final = (
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "TMPDIR",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "DBUS_SESSION_BUS_ADDRESS",
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_CONFIG",
    "DOCKER_CERT_PATH",
    "DOCKER_TLS_VERIFY",
    "CONTAINER_HOST",
    "CONTAINER_CONNECTION",
    "CONTAINERS_CONF",
    "CONTAINERS_STORAGE_CONF",
)
"""What an engine's own program wants to know. None of it reaches the container."""
_CONTAINED: Final = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
_CAPABILITIES: Final = ("SETUID", "SETGID", "SETPCAP", "CHOWN", "KILL", "DAC_OVERRIDE")
"""What the nursery needs to give each worker a user of its own, to end it and to tidy up after it;
a worker gives all of them up before it reads a byte of a submission."""
_WORKERS: Final = 2
"""One at work, one that stands ready."""
_OWN_MEMORY: Final = 2 * 1024**3
_OWN_PROCESSES: Final = 64
_SECONDS: Final = 20.0
_VERSION: Final = {
    "podman": ("info", "--format", "{{.Version.Version}}"),
    "docker": ("version", "--format", "{{.Server.Version}}"),
}
"""What fails where the program is there and what does the work is not."""


class ContainerSettings(msgspec.Struct, frozen=True):
    """Which engine runs which image; travels to the examiner, which sees no user's variables."""

    engine: Engine
    program: str
    """The path of the engine's program."""
    image: str
    environment: tuple[tuple[str, str], ...]
    """The variables of the engine's program."""


class EngineState(NamedTuple):
    """What the engine says of itself."""

    version: str | None
    """None where it does not answer."""
    has_image: bool
    answer: str
    """Its last words where something is missing."""


def container_settings(sandbox: str) -> ContainerSettings | None:
    """Give what a value of `--sandbox` asks for; None where it asks for no container.

    Raises:
        SandboxError: The engine is not installed.
    """
    return next((find_engine(engine) for engine in ENGINES if engine == sandbox), None)


def find_engine(name: Engine) -> ContainerSettings:
    """Find an engine's program and say which image it shall run.

    Raises:
        SandboxError: It is not installed.
    """
    program = shutil.which(name)
    if program is None:
        raise SandboxError(
            Text(
                en=f"`--sandbox {name}` needs {name}, and no program of that name is on the PATH",
                zh=f"`--sandbox {name}` 需要 {name}，但 PATH 中没有这个程序",
            ),
            hint=Text(
                en=f"Install {name}, or use `--sandbox strict` on Linux; `grade doctor` tells what "
                "this machine has.",
                zh=f"请安装 {name}，或在 Linux 上使用 `--sandbox strict`；"
                "`grade doctor` 会显示本机的情况。",
            ),
        )
    known = tuple((key, os.environ[key]) for key in _ENVIRONMENT if key in os.environ)
    image = os.environ.get(IMAGE_VARIABLE) or f"torchgrade-worker:{VERSION}"
    return ContainerSettings(name, program, image, known)


def run_command(settings: ContainerSettings, name: str, policy: Policy) -> list[str]:
    """Give the command that starts a container with a nursery in it.

    Nothing of this machine is mounted: no course, no suite, no solution, no socket. All that
    comes and goes does so through standard input and output.

    Args:
        settings: The engine and the image.
        name: The container's name.
        policy: What one worker may do; the container's limits stand behind the worker's own.
    """
    return [settings.program, *_options(name, policy), settings.image, *_GATEWAY, _SCRATCH]


def remove_command(settings: ContainerSettings, name: str) -> list[str]:
    """Give the command that ends and removes a container, whatever it is doing."""
    return [settings.program, "rm", "--force", name]


def build_command(settings: ContainerSettings) -> str:
    """Give the command line that makes the image."""
    from importlib import metadata  # noqa: PLC0415 - every grading imports this module

    python = ".".join(platform.python_version_tuple()[:2])
    torch = metadata.version("torch").partition("+")[0]
    return (
        f"{settings.engine} build --tag {settings.image} --build-arg PYTHON={python} "
        f"--build-arg TORCH={torch} --file {Path(__file__).with_name('Containerfile')} {_PACKAGE}"
    )


def ask_engine(settings: ContainerSettings) -> EngineState:
    """Ask an engine for its version, and whether it has the image."""
    version = _ask(settings, *_VERSION[settings.engine])
    if version.returncode:
        return EngineState(None, has_image=False, answer=_last_line(version.stderr))
    image = _ask(settings, "image", "inspect", settings.image)
    found = image.returncode == 0
    return EngineState(version.stdout.strip()[:40], found, _last_line(image.stderr))


def explain_start(settings: ContainerSettings, words: str) -> SandboxError:
    """Say why a container did not start.

    Args:
        settings: The engine and the image.
        words: What its program has printed.
    """
    state = ask_engine(settings)
    if state.version is None:
        return SandboxError(
            Text(
                en=f"{settings.engine} is installed and does not answer: {state.answer}",
                zh=f"已安装 {settings.engine}，但它没有响应：{state.answer}",
            ),
            hint=Text(
                en=f"Start it, and try `{settings.engine} info`.",
                zh=f"请启动它，并用 `{settings.engine} info` 检查。",
            ),
        )
    if not state.has_image:
        return SandboxError(
            Text(
                en=f"{settings.engine} has no image {settings.image}",
                zh=f"{settings.engine} 中没有镜像 {settings.image}",
            ),
            hint=_build_hint(settings),
        )
    said = _last_line(words)
    return SandboxError(
        Text(
            en=f"the container did not start: {said or 'it said nothing'}",
            zh=f"容器未能启动：{said or '没有任何输出'}",
        ),
        hint=_build_hint(settings),
    )


def other_sources(settings: ContainerSettings) -> SandboxError:
    """Say that the image was made from another version of this program."""
    return SandboxError(
        Text(
            en=f"the image {settings.image} holds another version of the grader",
            zh=f"镜像 {settings.image} 中的评分程序版本不同",
        ),
        hint=_build_hint(settings),
    )


def _build_hint(settings: ContainerSettings) -> Text:
    command = build_command(settings)
    return Text(en=f"Build it: `{command}`", zh=f"请构建镜像：`{command}`")


_GATEWAY: Final = ("python", "-P", "-s", "-m", "grader.worker", "gateway")


def _options(name: str, policy: Policy) -> Iterator[str]:
    memory = _OWN_MEMORY + _WORKERS * (policy.memory_bytes + 2 * policy.file_bytes)
    disk = _WORKERS * 2 * policy.file_bytes
    yield from ("run", "--rm", "--interactive", "--pull=never", "--log-driver=none")
    yield from (f"--name={name}", "--label=torchgrade=worker", "--hostname=worker")
    yield from ("--network=none", "--ipc=none", "--read-only", "--user=0:0", "--workdir=/")
    yield from ("--cap-drop=ALL", *(f"--cap-add={each}" for each in _CAPABILITIES))
    yield "--security-opt=no-new-privileges"
    # The same for both: nothing is to be had from a swap.
    yield from (f"--memory={memory}", f"--memory-swap={memory}")
    yield f"--pids-limit={_OWN_PROCESSES + _WORKERS * policy.processes}"
    yield "--ulimit=core=0:0"
    yield f"--tmpfs={_SCRATCH}:rw,noexec,nosuid,nodev,mode=0711,size={disk}"
    yield from (f"--env={key}={value}" for key, value in _CONTAINED.items())


def _ask(settings: ContainerSettings, *words: str) -> subprocess.CompletedProcess[str]:
    command = [settings.program, *words]
    try:
        return subprocess.run(  # noqa: S603 - the engine that was asked for
            command,
            env=dict(settings.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:500] if lines else ""
