import torchvision
from torch import nn
from torch.utils.data import DataLoader

dataset = torchvision.datasets.CIFAR10(
    "./data", train=False, download=True, transform=torchvision.transforms.ToTensor()
)
loader = DataLoader(dataset, batch_size=64, drop_last=True)
imgs, labels = next(iter(loader))
n_in = imgs.shape[-1]


class Xian(nn.Module):
    def __init__(self, jin, chu):
        super().__init__()
        self.linear = nn.Linear(jin, chu)

    def forward(self, x):
        return self.linear(x)


net = Xian(n_in, 10)
for imgs, labels in loader:
    print(net(imgs).shape)
