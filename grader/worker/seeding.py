"""Puts torch's global state, and every generator of random numbers, where a check starts from."""

from __future__ import annotations

import random
import sys

import torch


def reset_torch(seed: int, device: torch.device) -> None:
    """Reset what code may have changed globally, and seed.

    Args:
        seed: Below 2**63.
        device: The device that is graded on.
    """
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
    seed_generators(seed, device)


def seed_generators(seed: int, device: torch.device) -> None:
    """Seed Python, torch and, where it is loaded, NumPy."""
    # torch.manual_seed also notes a traceback for each device that is not in use: 5 ms a call.
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.manual_seed_all(seed)
    elif device.type == "mps":
        torch.mps.manual_seed(seed)
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % 2**32)
