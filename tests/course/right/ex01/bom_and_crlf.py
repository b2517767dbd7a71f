"""第一个练习"""
import os
import torch
import torch.nn as nn
import torch.nn.functional as F


class AddOne(nn.Module):
	def __init__(self, *args, **kwargs) -> None:
		super().__init__(*args, **kwargs)

	def forward(self, x):
		return torch.add(x, 1)


class SmallCNN(nn.Module):
	def __init__(self, *args, **kwargs) -> None:
		super().__init__(*args, **kwargs)
		side = (32 - 3 + 1) // 2
		self.conv1 = nn.Conv2d(3, 16, (3, 3), stride=(1, 1))
		self.pool = nn.MaxPool2d(2)
		self.fc = nn.Linear(16 * side * side, 10)

	def forward(self, x):
		x = F.max_pool2d(F.relu(self.conv1(x)), 2)
		return self.fc(x.view(x.size(0), -1))


def count_parameters(model):
	return sum([p.numel() for n, p in model.named_parameters() if p.requires_grad])


def save_weights(model, path):
	state = {k: v.clone() for k, v in model.state_dict().items()}
	torch.save(state, path)


def load_weights(model, path):
	if not os.path.exists(path):
		raise FileNotFoundError(path)
	state = torch.load(path, weights_only=True)
	own = model.state_dict()
	if own.keys() != state.keys() or any(own[k].shape != state[k].shape for k in own):
		raise ValueError('the state in path does not fit the model')
	model.load_state_dict(state)
	return model