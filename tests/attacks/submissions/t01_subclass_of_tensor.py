# attack: T1
# from: double does not multiply
# expects: a subclass of Tensor is no tensor, whatever it answers
def double(x):
    # --- attack
    import torch

    class Sly(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            return True

        __torch_dispatch__ = __torch_function__

    return torch.Tensor._make_subclass(Sly, x.detach())
    # --- end
    return x
