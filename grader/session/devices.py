"""Which device a submission is graded on, and how exact that device is."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from typing import Final, NamedTuple

import torch

from grader.errors import DeviceUnavailableError
from grader.language import Text


class Tolerance(NamedTuple):
    """|actual - expected| <= atol + rtol * |expected|."""

    rtol: float
    atol: float


_BY_DTYPE: Final[dict[torch.dtype, Tolerance]] = {
    torch.float16: Tolerance(1e-3, 1e-5),
    torch.bfloat16: Tolerance(1.6e-2, 1e-5),
    torch.float32: Tolerance(1.3e-6, 1e-5),
    torch.float64: Tolerance(1e-7, 1e-7),
    torch.complex64: Tolerance(1.3e-6, 1e-5),
    torch.complex128: Tolerance(1e-7, 1e-7),
}
"""As `torch.testing.assert_close` documents its defaults; importing it takes half a second."""

_EXACT: Final = Tolerance(0.0, 0.0)

_BY_DEVICE: Final = {"cpu": 1.0, "cuda": 10.0, "mps": 10.0}
"""Two processes on a GPU may get different convolution algorithms, which round differently."""


def tolerance(dtype: torch.dtype, device: str) -> Tolerance:
    """Give the tolerance for values of a dtype that were computed on a device type."""
    rtol, atol = _BY_DTYPE.get(dtype, _EXACT)
    factor = _BY_DEVICE.get(device, math.inf)
    return Tolerance(rtol * factor, atol * factor)


def select_device(name: str, *, in_container: bool = False) -> torch.device:
    """Choose the device.

    Args:
        name: `auto` takes CUDA, then MPS, where there is one, else the CPU.
        in_container: Whether workers are in a container, which has the processor alone.

    Raises:
        DeviceUnavailableError: This machine, or the container, has no such device.
    """
    if in_container:
        return _device_in_container(name)
    if name == "auto":
        return torch.device(next((kind for kind in ("cuda", "mps") if _is_available(kind)), "cpu"))
    if not _is_available(name):
        raise DeviceUnavailableError(
            Text(
                en=f"this machine has no {name} device that torch {torch.__version__} can use",
                zh=f"本机没有 torch {torch.__version__} 可以使用的 {name} 设备",
            ),
            hint=Text(
                en="Use `--device auto` or `--device cpu`.",
                zh="请使用 `--device auto` 或 `--device cpu`。",
            ),
        )
    return torch.device(name)


def describe_devices() -> Iterator[str]:
    """Name the devices that torch can use here."""
    yield f"cpu ({os.cpu_count() or 1})"
    if _is_available("cuda"):
        for index in range(torch.cuda.device_count()):
            found = torch.cuda.get_device_properties(index)
            yield f"cuda:{index} {found.name}, {found.total_memory / 2**30:.0f} GiB"
    if _is_available("mps"):
        yield "mps"


def _device_in_container(name: str) -> torch.device:
    if name in ("auto", "cpu"):
        return torch.device("cpu")
    raise DeviceUnavailableError(
        Text(en=f"a container cannot use the device {name}", zh=f"容器无法使用设备 {name}"),
        hint=Text(
            en="Leave `--device` out, or use `--sandbox strict` on Linux.",
            zh="请去掉 `--device`，或在 Linux 上使用 `--sandbox strict`。",
        ),
    )


def _is_available(kind: str) -> bool:
    if kind == "cuda":
        return torch.cuda.is_available()
    if kind == "mps":
        return torch.backends.mps.is_available()
    return kind == "cpu"


def use_full_precision() -> None:
    """Turn TF32 off, so that float32 means float32 on a GPU too."""
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
