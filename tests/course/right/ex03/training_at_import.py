import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

test_set = torchvision.datasets.CIFAR10(root=r".\dataset", train=False, download=True, transform=torchvision.transforms.ToTensor())
test_loader = DataLoader(dataset=test_set, batch_size=64, shuffle=True, drop_last=True)
writer = SummaryWriter("logs")

# 六个输出通道 = 六个卷积核，每个 3x3x3
class ConvNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels=3, out_channels=6, kernel_size=3, stride=1, padding="valid")
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv1(x)
        return x

CONV_PARAMETERS = {
    'keep_size': {'in_channels': 3, 'out_channels': 8, 'kernel_size': 5, 'padding': [2, 2]},
    'halve': {'in_channels': 3, 'out_channels': 16, 'kernel_size': 3, 'stride': [2, 2], 'padding': 1},
    'shrink': {'in_channels': 3, 'out_channels': 6, 'stride': 1, 'padding': 0, 'kernel_size': 5},
    'dilated': {'in_channels': 3, 'out_channels': 4, 'kernel_size': 3, 'dilation': 2, 'padding': 2},
    'depthwise': {'in_channels': 6, 'out_channels': 6, 'kernel_size': 3, 'padding': 1, 'groups': 6, 'bias': True},
    'pointwise_no_bias': {'in_channels': 16, 'out_channels': 32, 'kernel_size': 1, 'stride': 1, 'padding': 0, 'bias': False},
}
conv = nn.Conv2d(**CONV_PARAMETERS['keep_size'])
print(conv)

def to_rgb_batch(features):
    N, C, H, W = features.shape
    assert_ok = C % 3 == 0
    if not assert_ok:
        raise ValueError('features 的通道数 C=' + str(C) + ' 不能被3整除')
    output = torch.reshape(features, [N * C // 3, 3, H, W])
    return output

def log_batches(net, loader, log_dir, max_steps=None):
    with SummaryWriter(log_dir) as writer:
        step = 0
        for imgs, targets in loader:
            if max_steps is not None:
                if step + 1 > max_steps:
                    return step
            with torch.no_grad():
                writer.add_images('input', imgs, step)
                writer.add_images('output', to_rgb_batch(net(imgs)), step)
            step += 1
        return step

net = ConvNet()
if torch.cuda.is_available():
    net = net.cuda()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for epoch in range(10):
    for imgs, targets in test_loader:
        out = net(imgs)
        loss = out.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(loss.item())
log_batches(net, test_loader, "logs")
writer.close()
