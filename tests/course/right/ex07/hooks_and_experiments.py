import torch
import torchvision
from collections import OrderedDict
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

dataset = torchvision.datasets.CIFAR10("./dataset", train=False, transform=torchvision.transforms.ToTensor(), download=True)
loader = DataLoader(dataset, batch_size=64)

class Cifar10Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.model_1 = nn.Sequential(OrderedDict([
            ('conv1', nn.Conv2d(3, 32, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))),
            ('maxpool1', nn.MaxPool2d(kernel_size=2, stride=2)),
            ('conv2', nn.Conv2d(32, 32, 5, padding='same')),
            ('maxpool2', nn.MaxPool2d(2)),
            ('conv3', nn.Conv2d(32, 64, 5, 1, 2)),
            ('maxpool3', nn.MaxPool2d(2, ceil_mode=True)),
            ('flatten', nn.Flatten(start_dim=1)),
            ('linear1', nn.Linear(in_features=64*4*4, out_features=64)),
            ('linear2', nn.Linear(64, 10)),
        ]))
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.model_1(x)

N = 64
SHAPE_TABLE = [("input", (N, 3, 32, 32))]
SHAPE_TABLE += [("conv1", (N, 32, 32, 32)), ("maxpool1", (N, 32, 16, 16))]
SHAPE_TABLE += [("conv2", (N, 32, 16, 16)), ("maxpool2", (N, 32, 8, 8))]
SHAPE_TABLE += [("conv3", (N, 64, 8, 8)), ("maxpool3", (N, 64, 4, 4))]
SHAPE_TABLE.append(("flatten", (N, 64 * 4 * 4)))
SHAPE_TABLE.extend([("linear1", (N, 64)), ("linear2", (N, 10))])

def trace_shapes(model, input_size):
    rows, handles = [], []
    def hook(module, args, output):
        rows.append((type(module).__name__, tuple(output.size())))
    for layer in dict.fromkeys(model):
        handles.append(layer.register_forward_hook(hook))
    mode = model.training
    try:
        model.eval()
        with torch.no_grad():
            model(torch.rand(*input_size))
    finally:
        model.train(mode)
        for handle in handles:
            handle.remove()
    return rows

def log_graph(model, log_dir, input_size=(64, 3, 32, 32)):
    with SummaryWriter(log_dir) as writer:
        with torch.no_grad():
            writer.add_graph(model, torch.rand(input_size), verbose=False)

net = Cifar10Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(20):
    running = 0.0
    for imgs, targets in loader:
        loss = loss_fn(net(imgs), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss
    print(epoch, running)
