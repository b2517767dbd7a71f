# attack: P20
# from: double does not multiply
# expects: no process is left to rewrite anything
def double(x):
    # --- attack
    import os
    import subprocess
    import sys

    for start in (
        os.fork,
        lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", "input()"], {}),
        lambda: subprocess.Popen(["sleep", "300"], start_new_session=True),
        lambda: os.system("nohup sleep 300 &"),
    ):
        try:
            if start() == 0:
                os.setsid()
                import time

                time.sleep(300)
        except OSError:
            pass
    # --- end
    return x
