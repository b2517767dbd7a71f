import torch
import torchvision
from PIL import Image
from torch import nn

img = Image.open("./dog.png").convert("RGB")
transform = torchvision.transforms.Compose([torchvision.transforms.Resize((32, 32)), torchvision.transforms.ToTensor()])
img = transform(img)

class Hao(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            nn.Conv2d(3, 32, 5, 1, 2), nn.MaxPool2d(2), nn.Conv2d(32, 32, 5, 1, 2), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, 1, 2), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1024, 64), nn.Linear(64, 10))

    def forward(self, x):
        return self.model(x)

hao = Hao()
hao.load_state_dict(torch.load("hao_9.pth", weights_only=True))
hao.eval()
with torch.no_grad():
    output = hao(img)
print(output.argmax(1))
