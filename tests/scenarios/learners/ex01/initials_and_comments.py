# -*- coding: utf-8 -*-
# 学习笔记：nn.Module 的使用
import torch
import torch.nn as nn
import torch.nn.functional as F


class lxh(nn.Module):  # 自己的模型
    def __init__(self) -> None:
        super(lxh, self).__init__()

    def forward(self, x):
        return x + 1  # 加一


model = lxh()
print("输出：", model(torch.tensor(1.0)))
