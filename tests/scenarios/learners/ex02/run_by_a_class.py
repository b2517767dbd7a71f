from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass
class Qingkuang:
    ming: str
    buchang: int = 1
    tianchong: int = 0


@dataclass
class Shiyan:
    tu: Tensor
    he: Tensor
    qingkuang: list = field(default_factory=list)

    def pao(self) -> None:
        for each in self.qingkuang:
            jieguo = F.conv2d(self.tu, self.he, stride=each.buchang, padding=each.tianchong)
            print(each.ming, jieguo)


tu: Tensor = torch.tensor(
    [[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1], [2, 1, 0, 1, 1]]
).reshape(1, 1, 5, 5)
he: Tensor = torch.tensor([[1, 2, 1], [0, 1, 0], [2, 1, 0]]).reshape(1, 1, 3, 3)
Shiyan(tu, he, [Qingkuang("1"), Qingkuang("2", 2), Qingkuang("3", tianchong=5)]).pao()
