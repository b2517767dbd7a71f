# attack: T19
# from: total uses sum
# expects: functions that the worker replaces lead nowhere
def total(x):
    # --- attack
    import _thread
    import os

    found = [cell.cell_contents for cell in _thread.start_new_thread.__closure__ or ()]
    found += os._exit.__globals__.values()
    for value in found:
        if hasattr(value, "active"):
            value.active = False
    # --- end
    return x.sum()
