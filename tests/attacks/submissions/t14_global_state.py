# attack: T14
# from: double does not multiply
# expects: global settings of torch's hold in the worker only
def double(x):
    # --- attack
    import torch

    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    torch.set_grad_enabled(False)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(64)
    torch.default_generator.set_state(torch.Generator(device="cpu").get_state())
    # --- end
    return x
