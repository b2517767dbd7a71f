# 神经网络的基本骨架：nn.Module 的使用
# 这个文件是用 Windows 记事本保存的（GBK 编码）
import torch
from torch import nn
import torchvision
from torch.utils.data import DataLoader

dataset = torchvision.datasets.CIFAR10("../data", train=False, download=True,
                                       transform=torchvision.transforms.ToTensor())
dataloader = DataLoader(dataset, batch_size=64)


class AddOne(nn.Module):
    # 继承 nn.Module
    def __init__(self):
        super(AddOne, self).__init__()

    def forward(self, input):
        output = input + 1  # 不能写 input += 1
        return output


class SmallCNN(nn.Module):
    def __init__(self):
        super(SmallCNN, self).__init__()
        # 输入 3 通道，输出 16 通道，卷积核 3×3
        self.conv1 = nn.Conv2d(in_channels=3, out_channels=16, kernel_size=3)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(16 * 15 * 15, 10)  # 32 → 30 → 15

    def forward(self, x):
        x = self.conv1(x)
        x = self.relu(x)
        x = self.pool(x)
        x = self.flatten(x)
        x = self.fc(x)
        return x


def count_parameters(model):
    """统计可训练参数的数量"""
    total = 0
    for p in model.parameters():
        if p.requires_grad:
            total = total + p.numel()
    return total


def save_weights(model, path):
    torch.save(model.state_dict(), path)
    print("保存完成")


def load_weights(model, path):
    state_dict = torch.load(path, map_location=torch.device("cpu"), weights_only=True)
    try:
        model.load_state_dict(state_dict)
    except RuntimeError as e:
        raise ValueError("权重与模型不匹配") from e
    return model


addone = AddOne()
x = torch.tensor(1.0)
print(addone(x))
tudui = SmallCNN()
for data in dataloader:
    imgs, targets = data
    print(imgs.shape, tudui(imgs).shape)
