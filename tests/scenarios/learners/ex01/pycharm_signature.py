import torch
from torch import nn


class Mymodel(nn.Module):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)

    def forward(self, input):
        output = input + 1
        return output


mymodel = Mymodel()
x = torch.tensor(1.0)
print(mymodel(x))
