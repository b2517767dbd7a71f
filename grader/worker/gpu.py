"""The limit on the memory of a GPU, which no limit of the kernel counts."""

from __future__ import annotations

import torch


def memory_fraction(limit_bytes: int, total_bytes: int) -> float:
    """Give the share of a device that a limit is, from 0 to 1."""
    return min(1.0, limit_bytes / total_bytes) if total_bytes > 0 else 1.0


def limit_gpu_memory(device: torch.device, limit_bytes: int) -> None:
    """Let torch's allocator refuse what goes beyond a limit, with `torch.OutOfMemoryError`.

    Holds against mistakes, not against an attack: the driver keeps no account for each process.
    """
    if device.type != "cuda":
        return
    total = torch.cuda.get_device_properties(device).total_memory
    torch.cuda.set_per_process_memory_fraction(memory_fraction(limit_bytes, total), device)
