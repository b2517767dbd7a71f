# 一边学一边写，全部写在一个文件里
import torch
import torch.nn as nn
import torch.optim as optim
import torchvision
import torchvision.transforms as transforms
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
writer = SummaryWriter("../logs")

class AddOne(nn.Module):
    def __init__(self): super().__init__()
    def forward(self, x): return x + torch.ones_like(x)

class SmallCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, kernel_size=3, stride=1, padding=0)
        self.pool  = nn.MaxPool2d(kernel_size=2, stride=2, padding=0)
        self.fc    = nn.Linear(in_features=16*15*15, out_features=10, bias=True)
    def forward(self, input):
        input = self.pool(torch.relu(self.conv1(input)))
        output = torch.flatten(input, 1)
        output = self.fc(output)
        return output

def count_parameters(model):
    return int(sum(p.numel() for p in model.parameters() if p.requires_grad))

def save_weights(model, path):
    torch.save(dict(model.state_dict()), path)

def load_weights(model, path):
    try:
        model.load_state_dict(torch.load(path, map_location=device, weights_only=True))
    except RuntimeError:
        raise ValueError("权重文件 path 与 model 不一致")
    return model

train_data = torchvision.datasets.CIFAR10(root="../data", train=True, transform=transforms.ToTensor(), download=True)
train_loader = DataLoader(train_data, batch_size=64)
net = SmallCNN()
net = net.to(device)
loss_fn = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.01)
total_train_step = 0
for epoch in range(20):
    print("-------第 {} 轮训练开始-------".format(epoch + 1))
    for data in train_loader:
        imgs, targets = data
        outputs = net(imgs.to(device))
        loss = loss_fn(outputs, targets.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total_train_step = total_train_step + 1
        writer.add_scalar("train_loss", loss.item(), total_train_step)
save_weights(net, "../model/small_cnn.pth")
writer.close()
SmallCNN = SmallCNN
