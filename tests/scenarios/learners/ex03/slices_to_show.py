import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

dataset = torchvision.datasets.CIFAR10("data", train=False, transform=torchvision.transforms.ToTensor(), download=True)
dataloader = DataLoader(dataset, batch_size=64)


class ConvDemo(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv2d = nn.Conv2d(3, 6, 3)

    def forward(self, x):
        return self.conv2d(x)


demo = ConvDemo()
writer = SummaryWriter("logs")
for step, (imgs, targets) in enumerate(dataloader):
    maps = demo(imgs)
    writer.add_images("maps", maps[:, :3], step)
writer.close()
