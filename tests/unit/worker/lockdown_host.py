"""Forks locked-down processes for the tests: a process of its own that has torch imported.

A request is a line of JSON on stdin, its answer one on stdout. Run with `python -I`.
"""

# Paths go by `os`, as in the worker; the answers are printed.
# ruff: noqa: T201

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import torch  # noqa: F401 - what a nursery has
from unit.worker import lockdown_acts
from unit.worker.identities import become

from grader.worker import lockdown


def serve(request: dict[str, Any], answer: int) -> None:
    """Lock down, where that is asked for, and run an act."""
    policy = lockdown.Policy(**request["policy"])
    # As a library might have left them open.
    leaks = [os.open("/", os.O_RDONLY) for _ in range(4)]
    assert leaks
    lockdown_acts.block_calls(request["blocked"])
    done = lockdown.lock_down(policy, {answer}) if request["locked"] else None
    act = getattr(lockdown_acts, request["act"])
    value = act(done, policy, **request["arguments"])
    os.write(answer, json.dumps(value).encode())


def run_child(request: dict[str, Any], answer: int) -> int:
    """Fork the worker, as a nursery does, and give its status."""
    policy = lockdown.Policy(**request["policy"])
    with lockdown.new_pid_namespace_for_children(policy):
        pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        serve(request, answer)
    except BaseException:  # noqa: BLE001 - it must never fall back into the loop
        os.write(answer, json.dumps({"raised": traceback.format_exc()}).encode())
    finally:
        os._exit(0)


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Run a request in a process of its own, which takes the identity and then forks."""
    results, answer = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(results)
        try:
            become(request["identity"], request["policy"]["scratch"])
            status = os.waitstatus_to_exitcode(run_child(request, answer))
            os.write(answer, b"\n%d" % status)
        except BaseException:  # noqa: BLE001
            os.write(answer, json.dumps({"raised": traceback.format_exc()}).encode())
        finally:
            os._exit(0)
    os.close(answer)
    with os.fdopen(results, "rb") as file:
        value, _, end = file.read().partition(b"\n")
    os.waitpid(pid, 0)
    return {"value": json.loads(value or b"null"), "status": int(end or b"0")}


def main() -> None:
    """Answer requests until stdin closes."""
    lockdown.prepare()
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


main()
