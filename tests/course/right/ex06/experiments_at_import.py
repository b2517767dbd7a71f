import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

IN_FEATURES = 64 * 3 * 32 * 32
test_set = torchvision.datasets.CIFAR10(root=r".\dataset", train=False, download=True, transform=torchvision.transforms.ToTensor())
writer = SummaryWriter("logs")

class LinearNet(nn.Module):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.linear_1 = nn.Linear(in_features=IN_FEATURES, out_features=10, bias=True)
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.flatten(x)
        print(x.shape)
        return self.linear_1(x)

def flatten_all(images):
    return images.contiguous().view(-1)

def flatten_each(images):
    flatten = nn.Flatten()
    return flatten(images)

def linear(x, weight, bias=None):
    if weight.dim() != 2:
        raise ValueError('weight: 应为二维')
    if x.dim() < 1 or x.size(-1) != weight.size(1):
        raise ValueError('x: 最后一维应为 ' + str(weight.size(1)))
    out = torch.einsum('...i,oi->...o', x, weight)
    if bias is None:
        return out
    if bias.dim() != 1 or bias.size(0) != weight.size(0):
        raise ValueError('bias: 长度应为 ' + str(weight.size(0)))
    return out + bias

def count_batches(n_samples, batch_size, drop_last):
    for name, value, least in [('n_samples', n_samples, 0), ('batch_size', batch_size, 1)]:
        if value < least:
            raise ValueError(f'{name} 至少为 {least}')
    count = 0
    left = n_samples
    while left >= batch_size:
        left -= batch_size
        count += 1
    if left > 0 and not drop_last:
        count += 1
    return count

def make_loader(dataset, batch_size=64):
    full = count_batches(len(dataset), batch_size, True) * batch_size
    return DataLoader(torch.utils.data.Subset(dataset, range(full)), batch_size)

loader = make_loader(test_set)
net = LinearNet()
if torch.cuda.is_available():
    net = net.cuda()
step = 0
for epoch in range(20):
    for imgs, targets in loader:
        out = net(flatten_all(imgs))
        writer.add_scalar("first", out[0].item(), step)
        step += 1
writer.close()
print(net)
