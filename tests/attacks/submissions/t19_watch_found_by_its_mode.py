# attack: T19
# from: total uses sum
# expects: the mode that watches is not switched off by whoever asks torch for it
def total(x):
    # --- attack
    import torch.overrides
    import torch.utils._python_dispatch as dispatch

    for mode in (
        dispatch._get_current_dispatch_mode(),
        *torch.overrides._get_current_function_mode_stack(),
    ):
        mode._watch.active = False
        mode._watch._seen = {}
    # --- end
    return x.sum()
