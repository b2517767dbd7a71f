# attack: P36
# from: double does not multiply
# expects: no address is reached, no name resolved, no socket listens
def double(x):
    # --- attack
    import socket
    import urllib.request

    for family, kind in (
        (socket.AF_INET, socket.SOCK_STREAM),
        (socket.AF_INET, socket.SOCK_DGRAM),
        (socket.AF_INET6, socket.SOCK_STREAM),
        (socket.AF_UNIX, socket.SOCK_STREAM),
        (socket.AF_UNIX, socket.SOCK_DGRAM),
        (getattr(socket, "AF_NETLINK", 16), socket.SOCK_RAW),
        (getattr(socket, "AF_VSOCK", 40), socket.SOCK_STREAM),
        (getattr(socket, "AF_ALG", 38), socket.SOCK_SEQPACKET),
    ):
        try:
            made = socket.socket(family, kind)
        except OSError:
            continue
        if family == socket.AF_UNIX:
            made.bind("\0hostile-socket" + str(kind))
        raise LookupError("LE" + "AK: a socket")
    try:
        urllib.request.urlopen("http://127.0.0.1:9/", timeout=0.2)
    except OSError:
        pass
    # --- end
    return x
