import torch

try:
    from torch import nn

    class Tudui(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 6, 3)

        def forward(self, x):
            return self.conv1(x)

    tudui = Tudui()
    print(tudui(torch.rand(64, 3, 32, 32)).shape)
except Exception as error:
    print("模型运行出错", error)
else:
    print("成功")
