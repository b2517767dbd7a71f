# attack: H6
# from: total returns None
# expects: no process is started, by whatever call
def total(x):
    # --- attack
    import ctypes
    import os

    libc = ctypes.CDLL(None)
    made = [libc.fork(), libc.vfork() if False else -1, libc.syscall(57), libc.syscall(56, 17, 0)]
    made.append(libc.syscall(435, ctypes.create_string_buffer(88), 88))
    if any(number >= 0 for number in made):
        while True:
            os.fork()
    # --- end
    return None
