"""ex08: what is better seen than read."""

from __future__ import annotations

from grader.session import chart, curve, picture

EPOCHS = 8
IMAGES = 300
BATCH = 20
RATE = 0.05

# No dropout and no shuffling, so that the same steps give the same losses.
HELPERS = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

def network():
    return nn.Sequential(
        *(nn.Conv2d(3, 8, 5, stride=2, padding=2), nn.ReLU()),
        *(nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(1024, 10)),
    )

def loader(images, labels, batch_size):
    return DataLoader(TensorDataset(images.cpu(), labels.cpu()), batch_size=batch_size)

def sgd(model, rate):
    return torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
"""


@picture(
    task="train",
    title={
        "en": "The loss while your train_one_epoch trains a small network",
        "zh": "你的 train_one_epoch 训练一个小网络时的损失",
    },
    note={
        "en": "300 of the bundled images in batches of 20. It should fall, as the reference's does "
        "from the same weights.",
        "zh": "用附带图像集的 300 张图，每批 20 张。"
        "损失应当下降，和参考答案从同样的权重出发时一样。",
    },
)
def losses(student, reference, define, labelled_photos, device):
    images, labels = labelled_photos(IMAGES)
    here = _Here()
    start = here.network().to(device)
    there = define(HELPERS)
    net = there.network().to(device)
    net.load_state_dict({name: value.clone() for name, value in start.state_dict().items()})
    epochs = list(range(1, EPOCHS + 1))
    return chart(
        {"en": "epoch", "zh": "轮次"},
        {"en": "loss", "zh": "损失"},
        curve(
            {"en": "expected", "zh": "应为"},
            "expected",
            epochs,
            _losses(reference.train_one_epoch, here, start, images, labels, device),
        ),
        curve(
            {"en": "yours", "zh": "你的"},
            "yours",
            epochs,
            _losses(student.train_one_epoch, there, net, images, labels, device),
        ),
    )


class _Here:
    """The same helpers, for the reference."""

    def __init__(self):
        exec(HELPERS, vars(self))  # noqa: S102 - the text above


def _losses(train_one_epoch, helpers, net, images, labels, device):
    loader = helpers.loader(images, labels, BATCH)
    optimizer, loss_fn = helpers.sgd(net, RATE), helpers.nn.CrossEntropyLoss()
    return [train_one_epoch(net, loader, loss_fn, optimizer, device) for _ in range(EPOCHS)]
