from __future__ import annotations

import pytest
import torch

from grader.errors import DeviceUnavailableError
from grader.session.devices import select_device, tolerance, use_full_precision


def test_auto_falls_back_on_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert select_device("auto") == torch.device("cpu")


def test_auto_prefers_cuda_then_mps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert select_device("auto").type == "cuda"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert select_device("auto").type == "mps"


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_wrong_use_and_the_hint_names_the_option(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(DeviceUnavailableError, match=name) as caught:
        select_device(name)
    assert caught.value.exit_code == 2
    assert caught.value.hint is not None
    assert "--device cpu" in caught.value.hint.en


def test_half_precision_is_compared_more_loosely_than_double_and_integers_exactly() -> None:
    assert tolerance(torch.float16, "cpu").rtol > tolerance(torch.float32, "cpu").rtol
    assert tolerance(torch.float32, "cpu").rtol > tolerance(torch.float64, "cpu").rtol
    assert tolerance(torch.int64, "cpu") == (0.0, 0.0)
    assert tolerance(torch.bool, "cuda") == (0.0, 0.0)


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float32", "float64", "complex64"])
def test_the_table_is_torchs_own(name: str) -> None:
    from torch.testing._comparison import default_tolerances  # noqa: PLC0415 - half a second

    dtype = getattr(torch, name)
    assert tolerance(dtype, "cpu") == default_tolerances(dtype)


def test_a_gpu_is_never_stricter_than_the_cpu() -> None:
    assert tolerance(torch.float32, "cuda").rtol >= tolerance(torch.float32, "cpu").rtol


def test_float32_means_float32_on_a_gpu() -> None:
    use_full_precision()
    assert not torch.backends.cuda.matmul.allow_tf32
    assert not torch.backends.cudnn.allow_tf32


def test_a_container_has_the_processor_alone() -> None:
    assert select_device("auto", in_container=True).type == "cpu"
    with pytest.raises(DeviceUnavailableError, match="container"):
        select_device("cuda", in_container=True)
