import torch
import torchvision
from torch import nn
from torch.nn import Conv2d, MaxPool2d, Flatten, Linear, Sequential
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

train_data = torchvision.datasets.CIFAR10(root="../data", train=True, transform=torchvision.transforms.ToTensor(), download=True)
test_data = torchvision.datasets.CIFAR10(root="../data", train=False, transform=torchvision.transforms.ToTensor(), download=True)
train_dataloader = DataLoader(train_data, batch_size=64)
test_dataloader = DataLoader(test_data, batch_size=64)
train_data_size = len(train_data)
print("训练数据集的长度为：{}".format(train_data_size))


class RegularizedNet(nn.Module):
    def __init__(self):
        super(RegularizedNet, self).__init__()
        self.model_1 = Sequential(
            Conv2d(3, 32, 5, 1, 2),
            nn.BatchNorm2d(32),
            nn.ReLU(inplace=True),
            MaxPool2d(2),
            Conv2d(32, 32, 5, 1, 2),
            nn.BatchNorm2d(32),
            nn.ReLU(inplace=True),
            MaxPool2d(2),
            Conv2d(32, 64, 5, 1, 2),
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            MaxPool2d(2),
            Flatten(),
            nn.Dropout(0.5),
            Linear(64*4*4, 64),
            Linear(64, 10)
        )

    def forward(self, x):
        x = self.model_1(x)
        return x


def make_optimizer(model):
    learning_rate = 1e-3
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)
    return optimizer, scheduler


def train_one_epoch(model, loader, loss_fn, optimizer, device):
    total_train_step = 0
    total_loss = 0
    model.train()
    for data in loader:
        imgs, targets = data
        imgs = imgs.to(device)
        targets = targets.to(device)
        outputs = model(imgs)
        loss = loss_fn(outputs, targets)

        # 优化器优化模型
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

        total_train_step = total_train_step + 1
        total_loss += loss.item() * imgs.shape[0]
        if total_train_step % 100 == 0:
            print("训练次数：{}, Loss: {}".format(total_train_step, loss.item()))
    return total_loss / len(loader.dataset)


def evaluate(model, loader, device):
    if len(loader.dataset) == 0:
        raise ValueError("loader 是空的")
    mode = model.training
    model.eval()
    total_accuracy = 0
    with torch.no_grad():
        for data in loader:
            imgs, targets = data
            imgs = imgs.to(device)
            targets = targets.to(device)
            outputs = model(imgs)
            accuracy = (outputs.argmax(1) == targets).sum()
            total_accuracy = total_accuracy + accuracy
    print("整体测试集上的正确率：{}".format(total_accuracy / len(loader.dataset)))
    model.train(mode)
    return (total_accuracy / len(loader.dataset)).item()


def fit(model, train_loader, test_loader, epochs, device):
    loss_fn = nn.CrossEntropyLoss()
    loss_fn = loss_fn.to(device)
    optimizer, scheduler = make_optimizer(model)
    result = []
    for i in range(epochs):
        print("-------第 {} 轮训练开始-------".format(i+1))
        row = dict(epoch=i + 1, lr=optimizer.state_dict()["param_groups"][0]["lr"])
        row["loss"] = train_one_epoch(model, train_loader, loss_fn, optimizer, device)
        row["accuracy"] = evaluate(model, test_loader, device)
        result.append(row)
        scheduler.step()
    return result


tudui = RegularizedNet()
if torch.cuda.is_available():
    tudui = tudui.cuda()
writer = SummaryWriter("../logs_train")
fit(tudui, train_dataloader, test_dataloader, 10, torch.device("cuda"))
writer.close()
