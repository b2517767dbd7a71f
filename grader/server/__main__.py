"""The server's process: `python -m grader.server FINGERPRINT IDLE_SECONDS`.

Says on its stdout what became of it, in one word: `ready`, `taken` where another server has the
place, or `failed` and the reason; then it is on its own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys


def main() -> None:
    """Leave whoever started this, and serve."""
    if os.fork():
        # The other one is nobody's child now, so that nobody has to wait for its end.
        os._exit(0)
    # No process of the server's may hold what the other side waits to see closed.
    starter = os.dup(1)
    os.dup2(0, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    fingerprint, idle_seconds = sys.argv[1], float(sys.argv[2])

    from grader.errors import GraderError  # noqa: PLC0415 - after the fork, which is waited for
    from grader.server.folder import ServerFolder  # noqa: PLC0415
    from grader.server.serve import Server  # noqa: PLC0415
    from grader.server.start import FOLDER_VARIABLES, plain_reason  # noqa: PLC0415
    from grader.server.warmth import Warmth  # noqa: PLC0415

    try:
        folder = ServerFolder.open()
        for name in FOLDER_VARIABLES:
            os.environ.pop(name, None)
        lock = folder.lock()
        if lock is None:
            _say(starter, "taken")
            return
        # It imports torch while the rest goes on.
        warmth = Warmth()
        server = Server(warmth, folder, lock, fingerprint=fingerprint, idle_seconds=idle_seconds)
    except (OSError, GraderError) as error:
        _say(starter, f"failed {plain_reason(error)}")
        return
    signal.signal(signal.SIGTERM, lambda *_: server.retire())
    _say(starter, "ready")
    server.run()


def _say(starter: int, word: str) -> None:
    # Whoever started this may be gone.
    with contextlib.suppress(OSError):
        os.write(starter, word.encode("utf-8", "replace"))
    os.close(starter)


main()
