# attack: own
# from: double multiplies its input in place
# expects: functions that the worker has replaced lead to none of its modules
def double(x):
    # --- attack
    import _thread
    import os
    import sys

    known = [os._exit, _thread.start_new_thread, sys.excepthook, sys.unraisablehook]
    for function in known:
        scope = getattr(function, "__globals__", {})
        table = scope.get("PROBES", {})
        table["call_watching_inputs"] = lambda call, *a, **k: (call(*a, **k), [])
        for name in scope:
            if name.startswith("_") and callable(scope[name]) and name != "__builtins__":
                scope[name] = lambda *a, **k: None
    # --- end
    x.data.mul_(2)
    return x
