# attack: P35
# from: double does not multiply
# expects: nothing that one worker wrote is there for the next
# --- attack
import os


def places():
    return [
        os.getcwd(), os.path.expanduser("~"), os.environ["TMPDIR"], "..", "../..", "/tmp",
        "/var/tmp", "/dev/shm", "/run", "@OUT@", "@HANDED_IN@",
    ]


def look():
    for place in places():
        try:
            for name in os.listdir(place):
                if name.startswith("hostile-"):
                    raise ValueError("LE" + "AK: " + open(f"{place}/{name}").read())
        except OSError:
            pass


LOOKED = look()
# --- end


def double(x):
    # --- attack
    LOOKED
    for place in places():
        try:
            with open(f"{place}/hostile-kept", "w") as file:
                file.write(repr(x.tolist()))
        except OSError:
            pass
    os.abort()
    # --- end
    return x
