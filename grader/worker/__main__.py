"""Starts a nursery, or one worker where forking is not safe: `python -I -m grader.worker`."""

from __future__ import annotations

import sys


def main() -> None:
    """Read the role and its descriptors from the command line."""
    role, *rest = sys.argv[1:]
    descriptors = [int(part) for part in rest[:4]]
    if role == "nursery":
        from grader.worker import nursery  # noqa: PLC0415

        nursery.main(descriptors[0])
        return
    import msgspec  # noqa: PLC0415

    from grader.worker.child import WorkerDescriptors, run_worker  # noqa: PLC0415
    from grader.worker.policy import Policy  # noqa: PLC0415

    policy = msgspec.json.decode(rest[4], type=Policy)
    run_worker(WorkerDescriptors(*descriptors), policy)


main()
