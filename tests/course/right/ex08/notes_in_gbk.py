# 完整的模型训练套路（GBK 编码）
import torch
from torch import nn
from model import *


class RegularizedNet(nn.Module):
    def __init__(self):
        super(RegularizedNet, self).__init__()
        # 卷积 -> 批归一化 -> 激活 -> 池化，共三次
        self.model_1 = nn.Sequential()
        channels = [3, 32, 32, 64]
        relu = nn.ReLU()
        for i in range(3):
            self.model_1.append(nn.Conv2d(channels[i], channels[i + 1], 5, padding=2))
            self.model_1.append(nn.BatchNorm2d(channels[i + 1]))
            self.model_1.append(relu)
            self.model_1.append(nn.MaxPool2d(2))
        self.model_1.extend([nn.Flatten(), nn.Dropout(0.5), nn.Linear(1024, 64), nn.Linear(64, 10)])

    def forward(self, input):
        output = self.model_1(input)
        return output


def make_optimizer(model):
    """优化器"""
    learning_rate = 0.001
    optim = torch.optim.Adam(model.parameters(), learning_rate)
    scheduler = torch.optim.lr_scheduler.StepLR(optim, 10, gamma=0.1)
    return [optim, scheduler]


def train_one_epoch(model, loader, loss_fn, optimizer, device):
    model.train()
    running_loss = 0.0
    size = 0
    for i, (imgs, targets) in enumerate(loader):
        imgs, targets = imgs.to(device), targets.to(device)
        # 前向传播要放进 closure
        def closure():
            optimizer.zero_grad()
            loss = loss_fn(model(imgs), targets)
            loss.backward()
            return loss
        loss = optimizer.step(closure)
        running_loss += loss.item() * len(imgs)
        size += len(imgs)
    print("本轮损失：%.4f" % (running_loss / size))
    return running_loss / size


def evaluate(model, loader, device):
    if len(loader) == 0:
        raise ValueError("参数loader没有数据")
    is_train = model.training
    model.eval()
    correct = 0
    num = 0
    torch.set_grad_enabled(False)
    for imgs, targets in loader:
        imgs, targets = imgs.to(device), targets.to(device)
        _, preds = torch.max(model(imgs), dim=1)
        correct += torch.sum(preds == targets).item()
        num += targets.size(0)
    torch.set_grad_enabled(True)
    if is_train:
        model.train()
    return correct / num


def fit(model, train_loader, test_loader, epochs, device):
    history = []
    loss_fn = nn.CrossEntropyLoss()
    optimizer, scheduler = make_optimizer(model)
    epoch = 0
    while epoch < epochs:
        epoch += 1
        lr = scheduler.get_last_lr()[0]
        loss = train_one_epoch(model, train_loader, loss_fn, optimizer, device)
        acc = evaluate(model, test_loader, device)
        scheduler.step()
        history.append({"epoch": epoch, "loss": loss, "accuracy": acc, "lr": lr})
        print("第 %d 轮，准确率 %.2f%%" % (epoch, 100 * acc))
    return history
