import torch
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter
from nn_loss import targets

try:
    class LinearNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear_1 = nn.Linear(196608, 10)
            nn.init.xavier_uniform_(self.linear_1.weight)

        def forward(self, x):
            return self.linear_1(x)

    def linear(x, weight, bias=None):
        try:
            if x.shape[-1] == weight.shape[1]:
                y = torch.tensordot(x, weight, dims=([-1], [1]))
                return y if bias is None else y + dict([(weight.shape[:1], bias)])[bias.shape]
        except KeyError as error:
            raise ValueError("bias: " + str(error)) from error
        raise ValueError("x and weight do not fit")
except Exception as e:
    print("模型运行出错", e)


def flatten_all(images):
    if images.is_contiguous():
        return images.view(-1)
    return images.clone(memory_format=torch.contiguous_format).view(-1)


def flatten_each(images):
    rows = flatten_all(images)
    return rows.unflatten(0, (len(images), -1))


def count_batches(n_samples, batch_size, drop_last):
    class BadSize(ValueError):
        pass

    if batch_size < 1:
        raise BadSize("batch_size 太小")
    if n_samples < 0:
        raise BadSize("n_samples 太小")
    full, rest = divmod(n_samples, batch_size)
    return full + (0 if drop_last else int(rest > 0))


def make_loader(dataset, batch_size=64):
    loader = DataLoader(dataset=dataset, batch_size=batch_size, shuffle=False, drop_last=True)
    print("批次数：", len(loader))
    return loader


LinearNet_demo = LinearNet()
writer = SummaryWriter("../logs_linear")
