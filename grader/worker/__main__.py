"""Starts a nursery, a gateway to one, or one worker where forking is not safe."""

from __future__ import annotations

import sys


def main() -> None:
    """Read the role and its descriptors from the command line."""
    role, *rest = sys.argv[1:]
    if role == "gateway":
        from grader.worker import gateway  # noqa: PLC0415

        gateway.main(rest[0])
        return
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
