"""ex03: what is better seen than read."""

from __future__ import annotations

from grader.session import compare_maps, parameters, photo, picture


@picture(
    task="conv_net",
    title={
        "en": "What your six kernels make of a picture",
        "zh": "你的六个卷积核把一张图变成了什么",
    },
    note={
        "en": "Each row is an output channel: yours, that of the reference with your own weights, "
        "and their difference, which is grey where there is none.",
        "zh": "每一行是一个输出通道：你的结果、参考答案用你的权重得到的结果，以及两者之差；"
        "没有差别的地方是灰色。",
    },
)
def feature_maps(student, reference, photos, device):
    image = photos(1, first=3)
    net, expected = student.ConvNet().to(device), reference.ConvNet().to(device)
    own = parameters(net.conv1)
    if own["weight"].shape == expected.conv1.weight.shape:
        expected.conv1.load_state_dict(own, strict=False)
    return compare_maps(
        net(image)[0],
        expected(image)[0],
        above=[photo(image[0], {"en": "the picture", "zh": "原图"})],
    )
